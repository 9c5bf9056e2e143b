from odoo import fields, models


class CrmStageApproval(models.Model):
    """A request to move an opportunity that a rule wants approved."""

    _name = "crm.stage.approval"
    _description = "Stage Approval"
    _order = "id desc"

    lead_id = fields.Many2one(
        "crm.lead", "Opportunity", required=True, readonly=True, ondelete="cascade"
    )
    rule_id = fields.Many2one(
        "crm.stage.rule", required=True, readonly=True, ondelete="restrict"
    )
    version_id = fields.Many2one("crm.stage.rule.version", readonly=True)
    state = fields.Selection(
        [
            ("open", "Waiting"),
            ("approved", "Approved"),
            ("refused", "Refused"),
            ("expired", "Expired"),
            ("void", "Void"),
            ("cancelled", "Withdrawn"),
            ("used", "Moved"),
        ],
        required=True,
        default="open",
        readonly=True,
    )
    requester_id = fields.Many2one("res.users", required=True, readonly=True)
    to_stage_id = fields.Many2one("crm.stage", readonly=True)
    replay = fields.Json(readonly=True, help="The move as it was tried.")
    amount = fields.Float(
        readonly=True, digits=(16, 2), help="Expected revenue when it was asked for."
    )
    note = fields.Text(readonly=True)
    expires_at = fields.Datetime(readonly=True)
    decided_by_id = fields.Many2one("res.users", readonly=True)
    decided_at = fields.Datetime(readonly=True)
    decision_note = fields.Text("Reason", readonly=True)

    _one_open = models.UniqueIndex(
        "(lead_id, rule_id) WHERE state = 'open'",
        "One request at a time for the same opportunity and rule.",
    )
