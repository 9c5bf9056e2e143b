from odoo import api, models
from odoo.exceptions import UserError

from ...report.currency_sql import rates_table
from ..first_company import first_company
from . import call_sql, rollup_sql


class CrmForecastCall(models.Model):
    """The figures of a call, the opportunities behind them, and the last calls."""

    _name = "crm.forecast.call"
    _inherit = ["crm.forecast.call"]

    def _figures(self):
        """Figures of a place and period as they stand, and the SQL of its deals.

        They are what the user may read, in the currency of the company.
        """
        company = self.company_id._origin
        rollup = self.env["crm.forecast.rollup"].with_company(company)
        digits = rollup._digits(self.measure)
        deals = self._deals_sql(rollup, company, digits)
        [figures] = self.env.execute_query_dict(call_sql.figures(deals, digits))
        return figures | self._projection(rollup, company), deals

    def _deals_sql(self, rollup, company, digits):
        period = self._period()
        query, alias = rollup._deals_query(self._place_domain())
        places = rollup_sql.places_table(rollup._places(period, company, self.measure))
        rollup_sql.join_places(query, alias, places, first_company(self.env).id)
        leads = self.env["crm.lead"]
        stage = query.left_join(alias, "stage_id", "crm_stage", "id", "stage_id")
        return call_sql.deals(
            query,
            alias,
            period,
            rollup_sql.amount_of(query, alias, self.measure),
            leads._forecast_category_sql(alias, stage),
            leads._forecast_probability_sql(alias, stage),
            digits,
        )

    def _place_domain(self):
        team, user = self.team_id._origin, self.user_id._origin
        if user:
            return [("team_id", "=", team.id), ("user_id", "=", user.id)]
        return [("team_id", "=", team.id)] if team else []

    def _projection(self, rollup, company):
        found = rollup._projection(self._period(), company, self.measure)
        team_id, user_id = self.team_id._origin.id or 0, self.user_id._origin.id or 0
        own = [
            one["projection"]
            for place, one in found.items()
            if place == (team_id, user_id) or not user_id and team_id in (0, place[0])
        ]
        return {"projection": sum(own), "is_projected": bool(own)}

    def _keep_deals(self, deals):
        self.env.cr.execute(call_sql.keep(self.id, deals))
        self.env["crm.forecast.call.deal"].invalidate_model(flush=False)

    def _same_place(self):
        names = ("company_id", "team_id", "user_id", "period_kind", "measure")
        named = ((name, self[name]) for name in (*names, "period_start"))
        return [
            (name, "=", one._origin.id if hasattr(one, "_origin") else one)
            for name, one in named
        ]

    def _calls_before(self, day):
        """The call of the same day that this one supersedes, and the one before."""
        calls = self.env[self._name].sudo()
        domain = self._same_place()
        same = calls.search(
            [*domain, ("day", "=", day), ("superseded_by_ids", "=", False)], limit=1
        )
        before = calls.search([*domain, ("day", "<", day)], limit=1)
        return {"supersedes_id": same.id, "previous_id": before.id}

    def _submitted(self):
        """Override to go on from a call that has just been submitted."""
        self.env["crm.forecast.call.due"]._done(self.user_id)

    # ------------------------------------------------------------
    # The last ones
    # ------------------------------------------------------------

    @api.model
    def _last(self, period, companies, measure):
        """The last call of each place, in the currency of the current company.

        :return: ``{(team_id, user_id): {"amount", "commit", "best_case", "day",
            "call_id"}}``; (team, 0) is the whole team. Commit and best case are
            cumulative: closed is in them.
        """
        return self._calls(period, companies, measure, 1)

    @api.model
    def _before_last(self, period, companies, measure):
        """The call before the last one: of an earlier day; as ``_last``."""
        return self._calls(period, companies, measure, 2)

    @api.model
    def _calls(self, period, companies, measure, turn):
        readable = self._search(self._period_domain(period, companies, measure))
        rates = rates_table(self.env["crm.forecast.rate"]._factors())
        self.flush_model()
        rows = self.env.execute_query_dict(
            call_sql.last(readable.subselect(), rates, turn)
        )
        currency = self.env.company.currency_id
        for row in rows:
            for name in ("amount", "commit", "best_case"):
                row[name] = currency.round(row[name]) if row[name] is not None else None
        return {(row.pop("team_id"), row.pop("user_id")): row for row in rows}

    def action_open_changes(self):
        """What is not as it was in the call before, by opportunity."""
        self.ensure_one()
        self.check_access("read")
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "sales_opportunity_plus.crm_forecast_call_change_action"
        )
        return {
            **action,
            "name": self.display_name,
            "domain": [("call_id", "=", self.id)],
            "context": {"search_default_changed": bool(self.previous_id)},
        }

    def action_open_waterfall(self):
        """What happened between two calls, or since one until today."""
        self.check_access("read")
        calls = self.sorted(lambda call: (call.day, call.id))
        if len(calls) > 2:
            raise UserError(
                self.env._(
                    "%(count)s forecast calls are selected: select two to see what "
                    "happened between them, or one to see what happened since.",
                    count=len(calls),
                )
            )
        return self.env["crm.pipeline.waterfall"]._show_between(*calls)

    def action_open_waterfall_before(self):
        """What happened between the call before and this one."""
        self.ensure_one()
        self.check_access("read")
        return (self.previous_id | self).action_open_waterfall()
