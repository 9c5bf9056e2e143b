from odoo import api, fields, models

from ..selections import PROBABILITY_SOURCES


class CrmTeamProbability(models.Model):
    """One place in the order in which probabilities count for a team."""

    _name = "crm.team.probability"
    _description = "Probability That Counts for a Team"
    _order = "team_id, sequence, id"
    _rec_name = "source"

    team_id = fields.Many2one(
        "crm.team", "Sales Team", required=True, ondelete="cascade", index=True
    )
    company_id = fields.Many2one(related="team_id.company_id")
    sequence = fields.Integer(default=10)
    source = fields.Selection(
        PROBABILITY_SOURCES,
        "Probability",
        required=True,
        help="Entered by hand: what somebody said, with a reason, until a day. "
        "History: learnt from your closed opportunities. Stage: fixed for the stage. "
        "Odoo: Odoo's own score, or what was typed over it; it ends every order.",
    )

    _once = models.UniqueIndex(
        "(team_id, source)", "A probability has one place in the order of a team."
    )

    @api.model_create_multi
    def create(self, vals_list):
        lines = super().create(vals_list)
        self.env.registry.clear_cache()
        return lines

    def write(self, vals):
        result = super().write(vals)
        self.env.registry.clear_cache()
        return result

    def unlink(self):
        result = super().unlink()
        self.env.registry.clear_cache()
        return result
