from odoo import models


class UtmCampaign(models.Model):
    """A new name is the name in the ledger too."""

    _name = "utm.campaign"
    _inherit = ["utm.campaign"]

    def write(self, vals):
        result = super().write(vals)
        if vals.keys() & {"name", "title"}:
            self.env["crm.touch.channel"]._keep_names("campaign", self)
        return result
