from datetime import timedelta

from odoo import api, models

from ...engine.calibration import NEEDED
from ...engine.projection import LATELY, mean_amount, share_between, wins_of_new
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
        counts as the stage clock says. Empty as long as too few are closed to learn a
        clock from.
        """
        version = self.env["crm.forecast.calibration"]._standing()
        if version.closed_count < NEEDED or not companies:
            return {}
        clock = version._learned().clock
        today, _began = self.env["crm.pipeline.day"]._here(self.env.company)
        rows = self._projected_past(period, companies, measure, domain, today)
        found = {(row["team_id"], row["user_id"]): row for row in rows}
        for row in self._projected_open(
            period, companies, measure, domain, today, clock
        ):
            scope = row["team_id"], row["user_id"]
            found.setdefault(scope, {}).update(row)
        whole = sum(row.get("won_in_year", 0) for row in rows)
        usual = mean_amount(whole, sum(row.get("won_count", 0) for row in rows))
        wins = wins_of_new(clock, period, today)
        digits = self._digits(measure)
        return {
            scope: _figures(row, period, usual, wins, digits)
            for scope, row in found.items()
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

    def _projected_open(self, period, companies, measure, domain, today, clock):
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
        )
        return self.env.execute_query_dict(statement)

    def _projected_deals(self, period, companies, measure, domain):
        query, alias = self._deals_query(domain)
        places = rollup_sql.places_table(self._places(period, companies, measure))
        rollup_sql.join_places(query, alias, places, first_company(self.env).id)
        return query, alias, rollup_sql.amount_of(query, alias, measure)


def _figures(row, period, usual, wins, digits):
    """Of a team and salesperson; ``wins`` of one new opportunity a day."""
    per_day = row.get("came_lately", 0) / LATELY
    amount = mean_amount(row.get("won_in_year", 0), row.get("won_count", 0), usual)
    closed, from_open = float(row.get("closed", 0)), float(row.get("from_open", 0))
    from_new = wins * per_day * amount
    run_rate = float(row.get("won_lately", 0)) / LATELY * period.days
    figures = {
        "closed": closed,
        "from_open": from_open,
        "from_new": from_new,
        "projection": closed + from_open + from_new,
        "naive_last": float(row.get("naive_last", 0)),
        "naive_run_rate": run_rate,
    }
    return {key: round(value, digits) for key, value in figures.items()}
