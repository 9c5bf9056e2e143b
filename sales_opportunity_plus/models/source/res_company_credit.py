from odoo import models


class ResCompany(models.Model):
    """The currency of a company is the one that its deals are shared out in."""

    _name = "res.company"
    _inherit = ["res.company"]

    def write(self, vals):
        result = super().write(vals)
        if "currency_id" in vals:
            self.env["crm.attribution.model"]._source_compute_again()
        return result
