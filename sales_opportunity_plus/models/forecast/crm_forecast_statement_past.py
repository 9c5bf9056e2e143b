from collections import defaultdict
from datetime import timedelta

from odoo import api, models
from odoo.fields import Domain
from odoo.tools import split_every

from ...engine.board import figures_of
from ...engine.projection import LATELY
from ..first_company import first_company
from . import forecast_statement_sql
from .crm_forecast_statement_take import KINDS, _rounded
from .statement_reading import Said, ranged

#: Rows that are written at once.
BATCH = 10_000


class CrmForecastStatement(models.Model):
    """The past: reconstructed from the pipeline history."""

    _name = "crm.forecast.statement"
    _inherit = ["crm.forecast.statement"]

    @api.model
    def _backfill(self, weeks=26):
        """Rebuild the Mondays of the weeks before; what is there stays.

        Amounts of the history are in the currency of the company already. Its
        probability is Odoo's, where it was reconstructed itself: fixed ones of stages
        and learnt ones of that time are not known. Each Monday learns from what came
        of those before, as it would have: so do the ranges.
        """
        companies = self.env["res.company"].sudo().search(Domain.TRUE)
        here = self.env["crm.pipeline.day"]._here
        today = {company: here(company)[0] for company in companies}
        asked = [
            (company, period, monday)
            for company, day in today.items()
            for monday in _mondays(day, weeks)
            for kind in KINDS
            for period in _periods(company, kind, monday)
        ]
        if not asked:
            return
        self.env.flush_all()
        rows = self.env.execute_query_dict(
            forecast_statement_sql.past(
                [_windows(*one) for one in asked], LATELY, first_company(self.env).id
            )
        )
        of_day = defaultdict(list)
        for row in rows:
            of_day[asked[row["number"] - 1][2]].append(row)
        ends = {period.end for _company, period, _day in asked}
        for day in sorted(of_day):
            if ended := {end for end in ends if end < day}:
                ends -= ended
                self._keep_actuals(dict.fromkeys(today, day))
            for batch in split_every(BATCH, self._rebuilt(asked, of_day[day]), list):
                self.env.cr.execute(forecast_statement_sql.take(batch, True))
        self._write_nothing_forecast(today, 7 * weeks + 7)
        self._keep_actuals(today)
        self.invalidate_model(flush=False)

    @api.model
    def _rebuilt(self, asked, rows):
        """The rows to write, of those of ``forecast_statement_sql.past``."""
        # Where nobody won anything a year before, there is nothing to compare with.
        whole = {
            row["number"]: row for row in rows if not (row["team_id"] or row["user_id"])
        }
        errors = {
            number: self._error(
                *(company, period.kind, "weighted", "revenue", period.end, day)
            )
            for number in whole
            for company, period, day in [asked[number - 1]]
        }
        for row in rows:
            company, period, day = asked[row["number"] - 1]
            of_company, error = whole[row["number"]], errors[row["number"]]
            methods = self._past_methods(row, of_company, period, error)
            for method, said in methods.items():
                yield (
                    *(day, company.id, row["team_id"], row["user_id"], period.kind),
                    *(period.start, period.end, "revenue", method),
                    *(company.currency_id.id, *_rounded(said)),
                )

    @api.model
    def _past_methods(self, row, of_company, period, error):
        figures = figures_of(row)
        closed = figures.number("closed")
        weighted = closed + float(figures.cumulants.mean)
        said = {
            "weighted": ranged(figures, weighted, error),
            "naive_run_rate": Said(float(row["lately"]) / LATELY * period.days, closed),
        }
        for category in ("commit", "best_case"):
            said[category] = Said(figures.cumulative(category), closed)
        if of_company["is_odoo"]:
            said["odoo"] = said["weighted"]
        if of_company["last"]:
            said["naive_last"] = Said(float(row["last"]), closed)
        return said


def _mondays(day, weeks):
    monday = day - timedelta(days=day.weekday())
    return [monday - timedelta(weeks=week) for week in range(weeks, 0, -1)]


def _periods(company, kind, day):
    current = company._forecast_period(kind, day)
    return current, current.following()


def _windows(company, period, day):
    last = period.year_before()
    return company.id, day, period.start, period.end, last.start, last.end
