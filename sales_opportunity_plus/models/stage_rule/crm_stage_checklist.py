from odoo import fields, models


class CrmStageChecklistItem(models.Model):
    """A line of a checklist that is ticked on the opportunity."""

    _name = "crm.stage.checklist.item"
    _description = "Stage Checklist Item"
    _order = "sequence, id"

    requirement_id = fields.Many2one(
        "crm.stage.rule.requirement", required=True, ondelete="cascade", index=True
    )
    name = fields.Char(required=True, translate=True)
    sequence = fields.Integer(default=10)
    active = fields.Boolean(default=True)


class CrmStageChecklistTick(models.Model):
    """Who ticked a line of a checklist on an opportunity, and when."""

    _name = "crm.stage.checklist.tick"
    _description = "Stage Checklist Tick"
    _log_access = False
    _order = "ticked_at desc, id desc"

    lead_id = fields.Many2one(
        "crm.lead", required=True, ondelete="cascade", readonly=True
    )
    item_id = fields.Many2one(
        "crm.stage.checklist.item", required=True, ondelete="cascade", readonly=True
    )
    user_id = fields.Many2one("res.users", readonly=True)
    ticked_at = fields.Datetime(required=True, readonly=True)

    _once = models.UniqueIndex(
        "(lead_id, item_id)", "A line of a checklist is ticked once."
    )
