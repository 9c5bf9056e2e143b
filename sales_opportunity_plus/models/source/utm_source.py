from odoo import models


class UtmSource(models.Model):
    """A new name is the name in the ledger too."""

    _name = "utm.source"
    _inherit = ["utm.source"]

    def write(self, vals):
        result = super().write(vals)
        if vals.keys() & {"name"}:
            self.env["crm.touch.channel"]._keep_names("source", self)
        return result
