from odoo import models


class ResPartner(models.Model):
    """Contacts are looked up by email and phone for every batch that comes in."""

    _name = "res.partner"
    _inherit = ["res.partner"]

    _source_by_email = models.Index(
        "(email_normalized) WHERE email_normalized IS NOT NULL"
    )
    _source_by_phone = models.Index(
        "(phone_sanitized) WHERE phone_sanitized IS NOT NULL"
    )
