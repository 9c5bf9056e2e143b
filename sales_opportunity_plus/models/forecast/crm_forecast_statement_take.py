from collections import defaultdict
from datetime import timedelta

from odoo import api, models

from ...engine.board import CATEGORIES
from ...engine.period import Period
from . import forecast_statement_sql

#: Periods that are forecast: the current one of each kind and the next.
KINDS = ("month", "quarter")
#: Days before, whose won amount per day is the run rate.
RUN_DAYS = 90


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
        return sum(
            self._take(company, day)
            for company, day in today.items()
            if company.id not in seen
        )

    @api.model
    def _take(self, company, day):
        """Write down what is forecast of a company now; what is there stays."""
        rows = []
        for kind in KINDS:
            current = company._forecast_period(kind, day)
            for period in (current, current.following()):
                for scope, methods in self._methods(company, period, day).items():
                    rows += [
                        (*scope, kind, period.start, period.end, method, amount)
                        for method, amount in methods.items()
                    ]
        if not rows:
            return 0
        currency_id = company.currency_id.id
        self.env.cr.execute(
            forecast_statement_sql.take(company.id, day, currency_id, rows)
        )
        count = self.env.cr.rowcount
        self.invalidate_model(flush=False)
        return count

    @api.model
    def _methods(self, company, period, day):
        """``{(team, user): {method: amount}}``, with those of teams and company."""
        found = defaultdict(lambda: defaultdict(float))
        run = Period(day - timedelta(days=RUN_DAYS), day - timedelta(days=1), "month")
        for line in self._lines(company, period):
            certain = closed = float(line["closed"])
            said = {"weighted": closed + float(line["weighted"])}
            for category in CATEGORIES:
                certain += float(line[category])
                said[category] = certain
            for method in ("weighted", "commit", "best_case"):
                _add(found, line, method, said[method])
        for line in self._lines(company, period.year_before()):
            _add(found, line, "naive_last", float(line["closed"]))
        share = period.days / RUN_DAYS
        for line in self._lines(company, run):
            _add(found, line, "naive_run_rate", float(line["closed"]) * share)
        # Nothing forecast is a forecast, too: of 0.
        for methods in found.values():
            for method in forecast_statement_sql.METHODS:
                methods[method] = round(methods[method], 2)
        return found

    @api.model
    def _lines(self, company, period):
        rollup = self.env["crm.forecast.rollup"].sudo().with_company(company)
        return rollup._rollup(period, company)


def _add(found, line, method, amount):
    """Add to the person, his team and the company, each of them once."""
    team_id, user_id = line["team_id"], line["user_id"]
    for scope in {(team_id, user_id), (team_id, 0), (0, 0)}:
        found[scope][method] += amount
