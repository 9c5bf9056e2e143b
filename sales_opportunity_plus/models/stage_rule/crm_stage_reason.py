from odoo import fields, models


class CrmStageReason(models.Model):
    """Why an opportunity goes back or is given up: a code that reports count."""

    _name = "crm.stage.reason"
    _description = "Reason for a Move"
    _order = "sequence, id"

    name = fields.Char(required=True, translate=True)
    sequence = fields.Integer(default=10)
    active = fields.Boolean(default=True)
