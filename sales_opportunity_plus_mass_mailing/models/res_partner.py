from odoo import models


class ResPartner(models.Model):
    """Contacts are found by e-mail address for every recipient of a mailing."""

    _name = "res.partner"
    _inherit = ["res.partner"]

    _source_email = models.Index(
        "(email_normalized) WHERE email_normalized IS NOT NULL"
    )
