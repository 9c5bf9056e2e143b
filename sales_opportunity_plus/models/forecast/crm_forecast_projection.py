from datetime import timedelta

from odoo import api, models

from ...engine.calibration import NEEDED
from ...engine.projection import (
    LATELY,
    cumulants_of_new,
    mean_amount,
    share_between,
    spread_of_amounts,
    wins_of_new,
)
from ...engine.stage_clock import OLDEST
from ..first_company import first_company
from . import projection_sql, rollup_sql
from .crm_forecast_rollup import _midnight


class CrmForecastRollup(models.AbstractModel):
    """What a period will bring by the clock, beside what a naive look would say."""

    _name = "crm.forecast.rollup"
    _inherit = ["crm.forecast.rollup"]

    @api.model
    def _is_projected(self):
        """Whether enough is closed to learn a clock from."""
        version = self.env["crm.forecast.calibration"]._standing()
        return version.closed_count >= NEEDED

    @api.model
    def _projection(self, period, companies, measure="revenue", domain=None):
        """Closed so far, what open opportunities bring in time, and new ones.

        ``{(team_id, user_id): {"closed", "from_open", "from_new", "projection",
        "naive_last" (the same window a year before), "naive_run_rate" (as much a day as
        in the last quarter)}}``. Whatever its expected closing, an open opportunity
        counts as the stage clock says, corrected by what past projections missed by.
        Empty as long as too few are closed to learn a clock from.
        """
        found = self._uncorrected(period, companies, measure, domain)
        if found:
            statements = self.env["crm.forecast.statement"]
            correction = statements._correction(period, companies, measure)
            if correction:
                digits = self._digits(measure)
                for figures in found.values():
                    _correct(figures, correction.factor, digits)
        return found

    @api.model
    def _uncorrected(
        self, period, companies, measure="revenue", domain=None, has_cumulants=False
    ):
        """What ``_projection`` returns, as the clock and the run-rate say it.

        :param has_cumulants: with ``cumulants``, four of what is still to come
        """
        version = self.env["crm.forecast.calibration"]._standing()
        if version.closed_count < NEEDED or not companies:
            return {}
        clock = version._learned().clock
        today, _began = self.env["crm.pipeline.day"]._here(self.env.company)
        asked = (period, companies, measure, domain, today)
        rows = self._projected_past(*asked)
        found = {(row["team_id"], row["user_id"]): row for row in rows}
        for row in self._projected_open(*asked, clock, has_cumulants):
            scope = row["team_id"], row["user_id"]
            found.setdefault(scope, {}).update(row)
        of_new = _OfNew(rows, wins_of_new(clock, period, today))
        digits = self._digits(measure)
        return {
            scope: _figures(row, period, of_new, digits) for scope, row in found.items()
        }

    @api.model
    def _naive(self, period, companies, measure="revenue"):
        """``naive_last`` and ``naive_run_rate`` of ``_projection``, always there."""
        today, _began = self.env["crm.pipeline.day"]._here(self.env.company)
        rows = self._projected_past(period, companies, measure, None, today)
        digits = self._digits(measure)
        return {
            (row["team_id"], row["user_id"]): _naive_figures(row, period, digits)
            for row in rows
        }

    def _projected_past(self, period, companies, measure, domain, today):
        query, alias, amount = self._projected_deals(period, companies, measure, domain)
        last, own = period.year_before(), self.env.company.sudo()
        moments = {
            "last_from": _midnight(last.start, own),
            "last_until": _midnight(last.end + timedelta(days=1), own),
            "lately": _midnight(today - timedelta(days=LATELY), own),
            "today": _midnight(today, own),
            "year": _midnight(today - timedelta(days=365), own),
        }
        statement = projection_sql.past(query, alias, amount, period, moments)
        return self.env.execute_query_dict(statement)

    def _projected_open(
        self, period, companies, measure, domain, today, clock, has_cumulants
    ):
        query, alias, amount = self._projected_deals(period, companies, measure, domain)
        stage = query.left_join(alias, "stage_id", "crm_stage", "id", "stage_id")
        leads = self.env["crm.lead"]
        shares = {
            (int(name), age): share_between(clock, name, age, today, period)
            for name in clock.hazards.stages
            if name.isdigit()
            for age in range(OLDEST + 1)
        }
        statement = projection_sql.from_open(
            query,
            alias,
            amount,
            leads._forecast_category_sql(alias, stage),
            leads._forecast_probability_sql(alias, stage),
            shares,
            today,
            OLDEST,
            has_cumulants,
        )
        return self.env.execute_query_dict(statement)

    def _projected_deals(self, period, companies, measure, domain):
        query, alias = self._deals_query(domain)
        places = rollup_sql.places_table(self._places(period, companies, measure))
        rollup_sql.join_places(query, alias, places, first_company(self.env).id)
        return query, alias, rollup_sql.amount_of(query, alias, measure)


class _OfNew:
    """What new opportunities bring, from those won within a year."""

    def __init__(self, rows, wins):
        won, squares, count = (
            sum(row.get(name, 0) for row in rows)
            for name in ("won_in_year", "won_squares", "won_count")
        )
        #: Of one new opportunity a day.
        self.wins = wins
        self.usual = mean_amount(won, count)
        self.spread = spread_of_amounts(won, squares, count)

    def cumulants(self, row):
        wins = self.wins * row.get("came_lately", 0) / LATELY
        won, count = row.get("won_in_year", 0), row.get("won_count", 0)
        return cumulants_of_new(wins, mean_amount(won, count, self.usual), self.spread)


def _figures(row, period, of_new, digits):
    """Of a team and salesperson."""
    closed, from_open = float(row.get("closed", 0)), float(row.get("from_open", 0))
    new = of_new.cumulants(row)
    figures = {
        "closed": closed,
        "from_open": from_open,
        "from_new": new[0],
        "projection": closed + from_open + new[0],
    }
    return {
        **{key: round(value, digits) for key, value in figures.items()},
        **_naive_figures(row, period, digits),
        "cumulants": tuple(
            float(row.get(f"k{order}", 0)) + one for order, one in enumerate(new, 1)
        ),
    }


def _naive_figures(row, period, digits):
    run_rate = float(row.get("won_lately", 0)) / LATELY * period.days
    return {
        "naive_last": round(float(row.get("naive_last", 0)), digits),
        "naive_run_rate": round(run_rate, digits),
    }


def _correct(figures, factor, digits):
    """What is still to come, times a factor."""
    for name in ("from_open", "from_new"):
        figures[name] = round(figures[name] * factor, digits)
    coming = figures["from_open"] + figures["from_new"]
    figures["projection"] = round(figures["closed"] + coming, digits)
