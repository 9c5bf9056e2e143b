from odoo import fields, models


class CrmConnectorSecret(models.TransientModel):
    """A dialog that shows a secret once; it comes from the action and is not stored."""

    _name = "crm.connector.secret"
    _description = "Secret of a Connector"

    connector_id = fields.Many2one("crm.connector", readonly=True)
    secret = fields.Char(store=False, readonly=True)
