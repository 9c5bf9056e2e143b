from odoo import fields, models


class CrmConnector(models.Model):
    """How long the items are kept that a connector sent and that were rejected."""

    _name = "crm.connector"
    _inherit = ["crm.connector"]

    keep_new_days = fields.Integer(
        "Keep Rejected Items",
        required=True,
        default=180,
        help="Days after which a rejected item that nobody replayed or dismissed is "
        "deleted, counted from when it was received or tried again last. Items hold "
        "personal data. 0 keeps them for ever.",
    )
    keep_settled_days = fields.Integer(
        "Keep Settled Items",
        required=True,
        default=30,
        help="Days after which a rejected item that was replayed or dismissed is "
        "deleted. 0 keeps them for ever.",
    )

    _kept_days_are_days = models.Constraint(
        "CHECK (keep_new_days BETWEEN 0 AND 36500"
        " AND keep_settled_days BETWEEN 0 AND 36500)",
        "Keep rejected items for 0 to 36,500 days; 0 is for ever.",
    )
