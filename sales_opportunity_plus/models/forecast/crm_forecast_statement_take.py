from datetime import timedelta

from odoo import api, models

from ..first_company import first_company
from . import forecast_statement_sql
from .crm_forecast_statement_learn import MEASURES
from .statement_reading import StatementReading

#: Periods that are forecast, the current one and the next: these, and those of which
#: somebody said anything within so many days.
KINDS = ("month", "quarter")
SAID_DAYS = 366
#: Days after the end of a period in which somebody may turn out to have won in it.
WON_LATE = 35


class CrmForecastStatement(models.Model):
    """Writing down, once a week for each company, what is forecast."""

    _name = "crm.forecast.statement"
    _inherit = ["crm.forecast.statement"]

    @api.model
    def _take_week(self, companies):
        """Write down companies that have nothing of this week; how many rows.

        A week without its Monday is made up for by the first night after it.
        """
        here = self.env["crm.pipeline.day"]._here
        today = {company: here(company)[0] for company in companies.sudo()}
        mondays = {
            company.id: day - timedelta(days=day.weekday())
            for company, day in today.items()
        }
        seen = self.env.execute_query(forecast_statement_sql.seen(mondays))
        seen = {company_id for (company_id,) in seen}
        due = {company: day for company, day in today.items() if company.id not in seen}
        if not due:
            return 0
        # What has come by now teaches what is said now.
        self._write_nothing_forecast(due, WON_LATE)
        self._keep_actuals(due)
        return sum(self._take(company, day) for company, day in due.items())

    @api.model
    def _take(self, company, day):
        """Write down what is forecast of a company now; what is there stays."""
        rows = []
        for kind in self._kinds(company, day):
            current = company._forecast_period(kind, day)
            for period in (current, current.following()):
                for measure in MEASURES:
                    rows += self._statements(company, period, day, measure)
        self.env.cr.execute(forecast_statement_sql.take(rows))
        count = self.env.cr.rowcount
        self.invalidate_model(flush=False)
        return count

    @api.model
    def _kinds(self, company, day):
        """Who plans by weeks or years wants to know how good forecasts of these are."""
        said = {
            kind
            for name in ("target", "call", "adjustment")
            for (kind,) in self.env[f"crm.forecast.{name}"]
            .sudo()
            ._read_group(
                [
                    ("company_id", "=", company.id),
                    ("period_start", ">=", day - timedelta(days=SAID_DAYS)),
                ],
                ["period_kind"],
            )
        }
        return [*KINDS, *sorted(said.difference(KINDS))]

    @api.model
    def _statements(self, company, period, day, measure):
        found = StatementReading(self.env, company, period, day, measure).methods()
        every = [said for methods in found.values() for said in methods.values()]
        if measure != "revenue" and not any(said.amount for said in every):
            # Not every company has recurring revenue.
            return []
        return [
            (
                *(day, company.id, *scope, period.kind, period.start, period.end),
                *(measure, method, company.currency_id.id, *_rounded(said)),
            )
            for scope, methods in found.items()
            for method, said in methods.items()
        ]

    @api.model
    def _write_nothing_forecast(self, days, back):
        """Of who won something without having been forecast: ``{company: day}``."""
        since = min(days.values()) - timedelta(days=back)
        ids = [company.id for company in days]
        self.env.cr.execute(
            forecast_statement_sql.nothing_forecast(
                ids, since, first_company(self.env).id
            )
        )
        self.invalidate_model(flush=False)


def _rounded(said):
    *amounts, variance = said
    return (*(one if one is None else round(one, 2) for one in amounts), variance)
