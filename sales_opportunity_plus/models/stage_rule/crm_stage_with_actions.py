from odoo import fields, models


class CrmStage(models.Model):
    _name = "crm.stage"
    _inherit = ["crm.stage"]

    stage_action_ids = fields.One2many(
        "crm.stage.action",
        "stage_id",
        "Actions",
        help="What happens by itself when an opportunity enters or leaves the stage.",
    )
