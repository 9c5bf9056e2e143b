from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.tools import SQL

#: Won deals of so many days are looked at, if there are enough of them.
_DAYS, _DEALS = 730, 10

_CYCLES = """
    SELECT team.id, count(*), percentile_cont(0.5) WITHIN GROUP (
               ORDER BY EXTRACT(epoch FROM lead.date_closed - lead.create_date) / 86400)
      FROM crm_lead lead
      LEFT JOIN crm_team team ON team.id = lead.team_id
     WHERE lead.won_status = 'won' AND lead.date_closed >= %(since)s
       AND lead.date_closed >= lead.create_date
       AND COALESCE(lead.company_id, 0) = ANY(%(company_ids)s)
     GROUP BY GROUPING SETS ((), (team.id))
    HAVING count(*) >= %(deals)s
     ORDER BY GROUPING(team.id) DESC, count(*) DESC
     LIMIT 6
"""


class CrmAttributionModel(models.Model):
    """A half-life that fits how long deals take: half of the median time to win."""

    _name = "crm.attribution.model"
    _inherit = ["crm.attribution.model"]

    suggested_half_life = fields.Float(
        "Suggested Half-Life",
        compute="_compute_suggested_half_life",
        digits=(8, 1),
        help="Half of the median time from creation to won, of the last two years.",
    )
    half_life_hint = fields.Text(compute="_compute_suggested_half_life")

    @api.depends("company_id")
    @api.depends_context("allowed_company_ids", "lang")
    def _compute_suggested_half_life(self):
        for model in self:
            cycles = model._median_cycles() if model.shape == "decay" else []
            half = round(cycles[0][2] / 2, 1) if cycles else 0.0
            model.suggested_half_life = max(half, 1.0) if cycles else 0.0
            model.half_life_hint = model._half_life_hint(cycles)

    def _median_cycles(self):
        """Rows (team id, deals, median days): all teams first, then the largest."""
        since = fields.Datetime.subtract(self.env.cr.now(), days=_DAYS)
        companies = self.company_id or self.env.companies
        self.env["crm.lead"].flush_model()
        query = SQL(_CYCLES, since=since, company_ids=[0, *companies.ids], deals=_DEALS)
        return self.env.execute_query(query)

    def _half_life_hint(self, cycles):
        if not cycles:
            return self.env._(
                "A half-life is suggested as soon as %s deals were won in two years.",
                _DEALS,
            )
        teams = self.env["crm.team"].sudo()
        return "\n".join(
            [
                self.env._(
                    "Half of the deals are won within %(days)s days: %(half)s days are "
                    "suggested.",
                    days=f"{cycles[0][2]:.0f}",
                    half=f"{self.suggested_half_life:g}",
                ),
                *(
                    self.env._(
                        "%(team)s: %(days)s days",
                        team=teams.browse(team_id or ()).name or self.env._("No team"),
                        days=f"{days:.0f}",
                    )
                    for team_id, _deals, days in cycles[1:]
                ),
            ]
        )

    def action_use_suggested_half_life(self):
        """Take the half-life that is suggested."""
        self.check_access("write")
        for model in self:
            if not model.suggested_half_life:
                raise UserError(model.half_life_hint)
            model.half_life = model.suggested_half_life
