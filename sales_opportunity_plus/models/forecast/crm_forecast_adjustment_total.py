from decimal import Decimal

from odoo import api, models

from ...engine.adjustment import Said, roll_up
from ...engine.forecast_category import CATEGORIES
from ...report.currency_sql import rates_table
from .adjustment_sql import totals


class CrmForecastAdjustment(models.Model):
    """What was said, summed up; and the figures that it was said of."""

    _name = "crm.forecast.adjustment"
    _inherit = ["crm.forecast.adjustment"]

    @api.model
    def _totals(self, period, companies, measure):
        """What counts by place and category, as far as the user may read it.

        A figure is ``(override, or what it was) + sum``. (team, 0) is the whole team,
        (0, 0) the company. Of several companies, what replaces the figure of some of
        them only is left to ``_rolled_up`` of each company: ``is_partial``.

        :param period: ``engine.period.Period``
        :return: ``{(team_id, user_id): {category: {"sum", "override", …}}}``
        """
        asked = self._period_domain(period, companies, measure)
        readable = self._search([*asked, ("active", "=", True)])
        rates = self.env["crm.forecast.rate"]._factors()
        self.flush_model()
        rows = self.env.execute_query_dict(
            totals(
                readable.subselect(),
                rates_table(rates),
                self.env.company.currency_id.decimal_places,
            )
        )
        found = {}
        for row in rows:
            place = row["team_id"], row["user_id"]
            partial = place == (0, 0) and 0 < row["overrides"] < len(companies)
            found.setdefault(place, {})[row["forecast_category"]] = {
                "sum": row["added"],
                "override": None if partial else row["override"],
                "rate_missing": row["rate_missing"],
                "is_partial": partial,
            }
        return found

    @api.model
    def _rolled_up(self, rows, period, company, measure="revenue"):
        """Figures of one company with what was said of them.

        :param rows: of ``crm.forecast.rollup._rollup``
        :return: ``{category: engine.adjustment.RolledUp}``
        """
        digits = self.env.company.currency_id.decimal_places
        said = self._totals(period, company, measure)
        return {
            category: roll_up(
                {
                    (row["team_id"], row["user_id"]): _exact(row[category], digits)
                    for row in rows
                },
                {
                    place: Said(
                        _exact(of[category]["sum"], digits),
                        None
                        if of[category]["override"] is None
                        else _exact(of[category]["override"], digits),
                    )
                    for place, of in said.items()
                    if category in of
                },
            )
            for category in CATEGORIES[1:-1]
        }

    def _figures(self, company, period, measure):
        """The rows of the roll-up, in the company's currency, as the user may see."""
        rollup = self.env["crm.forecast.rollup"].with_company(company)
        return rollup._rollup(period, company, measure)

    def _of_place(self, rows):
        """The rows that the adjusted figure is the sum of."""
        team_id, user_id = self.team_id._origin.id or 0, self.user_id._origin.id or 0
        if user_id:
            return [
                r for r in rows if (r["team_id"], r["user_id"]) == (team_id, user_id)
            ]
        return [row for row in rows if team_id in (0, row["team_id"])]

    def _base_values(self):
        """The figure that is being adjusted, as it stands now."""
        company = self.company_id._origin
        rows = self.env[self._name]._figures(company, self._period(), self.measure)
        rows = self._of_place(rows)
        surer = CATEGORIES[CATEGORIES.index(self.forecast_category) :]
        return {
            "base_amount": sum(row[self.forecast_category] for row in rows),
            "base_forecast": sum(row[name] for row in rows for name in surer),
            "is_base_known": True,
        }


def _exact(amount, digits):
    return round(Decimal(str(amount or 0)), digits)
