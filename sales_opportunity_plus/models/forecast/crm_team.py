from odoo import api, fields, models
from odoo.fields import Domain
from odoo.tools import ormcache

from ...engine.probability import complete_order


class CrmTeam(models.Model):
    """The order in which a team lets probabilities count."""

    _name = "crm.team"
    _inherit = ["crm.team"]

    forecast_probability_ids = fields.One2many(
        "crm.team.probability",
        "team_id",
        "Probabilities That Count",
        help="The first one that an opportunity has is its forecast probability. "
        "Without a line: by hand, history, stage, Odoo.",
    )

    @api.model
    @ormcache()
    def _forecast_orders(self):
        """Order of the sources → ids of the teams that have it; others go by default.

        :return: tuple of (tuple of sources, tuple of team ids)
        """
        lines = self.env["crm.team.probability"].sudo().search(Domain.TRUE)
        teams = {}
        for team, own in lines.grouped("team_id").items():
            order = complete_order(own.mapped("source"))
            teams.setdefault(order, []).append(team.id)
        return tuple((order, tuple(ids)) for order, ids in sorted(teams.items()))

    @api.model
    def _forecast_order_of(self, team_id):
        for order, team_ids in self._forecast_orders():
            if team_id in team_ids:
                return order
        return complete_order(())
