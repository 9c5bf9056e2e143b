from datetime import timedelta

from odoo import api, models
from odoo.fields import Domain

from ..first_company import first_company
from . import forecast_alert_sql
from .pipeline_history_sql import company_of
from .target_of import target_of, targets_of

#: Days that are looked back at most, when the job has not run for long.
DAYS = 31


class CrmForecastAlert(models.Model):
    """The job: after the history of a day, look at what it says, once per alert.

    What is told, and how far an alert has looked, is committed together: killed, the
    next run tells the rest, and nothing twice.
    """

    _name = "crm.forecast.alert"
    _inherit = ["crm.forecast.alert"]

    @api.model
    def _cron_evaluate(self):
        cron = self.env["ir.cron"]
        days = self._complete_days()
        due = (
            self.sudo()
            .search(Domain.TRUE)
            .filtered(
                lambda alert: (
                    alert.company_id in days
                    and alert.evaluated_to < days[alert.company_id]
                )
            )
        )
        cron._commit_progress(remaining=len(due))
        for alert in due:
            alert._evaluate(days[alert.company_id])
            if not cron._commit_progress(1):
                return

    @api.model
    def _complete_days(self):
        """The last day that the history has entirely, by company."""
        groups = (
            self.env["crm.pipeline.day"]
            .sudo()
            ._read_group([("is_done", "=", True)], ["company_id"], ["day:max"])
        )
        return dict(groups)

    def _evaluate(self, day):
        """Tell what is new up to a day of the history."""
        self.ensure_one()
        alert = self.sudo().with_company(self.company_id)
        alert = alert.with_context(allowed_company_ids=alert.company_id.ids)
        find = {
            "big_commit": alert._find_big_commit,
            "slip": alert._find_slips,
            "coverage": alert._find_coverage,
            "concentration": alert._find_concentration,
        }[alert.kind]
        found = find(day)
        crossings = self.env["crm.forecast.alert.crossing"]
        if alert.kind in ("coverage", "concentration"):
            found = crossings._begin_and_end(alert, found, day)
        crossings._tell(alert, found)
        alert.evaluated_to = day

    def _scope(self, alias):
        """What the statements ask of a row by its alias."""
        first = first_company(self.env).id
        return {
            "company": company_of(alias, first),
            "company_id": self.company_id.id,
            "factors": self.env["crm.forecast.rate"]._factors(),
        }

    def _window(self, day):
        after = max(self.evaluated_to, day - timedelta(days=DAYS))
        return {
            "after": after,
            "day": day,
            "team_ids": self.team_ids.ids,
            **self._scope("changed"),
        }

    def _changes(self, query):
        return [
            {
                "subject": f"lead:{lead_id}",
                "lead_id": lead_id,
                "team_id": team_id,
                "user_id": user_id,
                "day": day,
                "amount": amount,
                "date_before": before,
                "date_after": after,
            }
            for lead_id, day, team_id, user_id, amount, before, after in (
                self.env.execute_query(query)
            )
        ]

    def _find_big_commit(self, day):
        query = forecast_alert_sql.enters_commit(self.amount, **self._window(day))
        return self._changes(query)

    def _find_slips(self, day):
        query = forecast_alert_sql.leaves_its_day(self.amount, **self._window(day))
        return [found for found in self._changes(query) if self._slips(found)]

    def _slips(self, found):
        """Whether the closing left the period that it was in, or moved by days."""
        before, after = found["date_before"], found["date_after"]
        if not after:
            return True
        period = self.company_id._forecast_period(self.period_kind, before)
        return after > period.end or bool(
            self.days and (after - before).days >= self.days
        )

    def _period(self, day):
        """The period that runs at the company on the day after a day that ended."""
        return self.company_id._forecast_period(
            self.period_kind, day + timedelta(days=1)
        )

    def _find_coverage(self, day):
        """By team, or the company: open amount ÷ what is missing to the target."""
        period = self._period(day)
        targets = self._targets(period)
        if not targets:
            return []
        query = forecast_alert_sql.standing(
            start=period.start, end=period.end, **self._scope("standing")
        )
        rows = self.env.execute_query(query)
        figures = {team_id: (amount, closed) for team_id, amount, closed in rows}
        figures["company"] = tuple(map(sum, zip(*figures.values(), strict=True))) or (
            0,
            0,
        )
        found = []
        for team in self.team_ids or [self.env["crm.team"]]:
            target = target_of(targets, team.id or 0)
            is_open, closed = figures.get(team.id or "company", (0, 0))
            missing = target - float(closed)
            if missing <= 0 or float(is_open) >= self.coverage * missing:
                continue
            found.append(
                {
                    "subject": f"team:{team.id or 0}:{period.start}",
                    "team_id": team.id,
                    "day": day,
                    "amount": missing,
                    "value": float(is_open) / missing,
                    "period_start": period.start,
                    "period_end": period.end,
                }
            )
        return found

    def _targets(self, period):
        return targets_of(self.sudo().env, period, self.company_id)

    def _find_concentration(self, day):
        period = self._period(day)
        query = forecast_alert_sql.concentrated(
            team_ids=self.team_ids.ids,
            share_of=self.share_of,
            share=self.share / 100,
            end=period.end,
            **self._scope("standing"),
        )
        leads = self.env["crm.lead"]
        return [
            {
                "subject": f"lead:{lead_id}:{team_id}:{period.start}",
                "lead_id": lead_id,
                "team_id": team_id or leads.browse(lead_id).team_id.id,
                "user_id": leads.browse(lead_id).user_id.id,
                "day": day,
                "amount": amount,
                "value": 100 * float(share),
                "period_start": period.start,
                "period_end": period.end,
            }
            for team_id, lead_id, amount, share in self.env.execute_query(query)
        ]
