from odoo import models


class UtmMedium(models.Model):
    """A new name is the name in the ledger too."""

    _name = "utm.medium"
    _inherit = ["utm.medium"]

    def write(self, vals):
        result = super().write(vals)
        if vals.keys() & {"name"}:
            self.env["crm.touch.channel"]._keep_names("medium", self)
        return result
