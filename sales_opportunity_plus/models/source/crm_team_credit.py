from odoo import models


class CrmTeam(models.Model):
    """The company of a team decides the currency of deals that have none."""

    _name = "crm.team"
    _inherit = ["crm.team"]

    def write(self, vals):
        result = super().write(vals)
        if "company_id" in vals:
            self.env["crm.attribution.model"]._source_compute_again()
        return result
