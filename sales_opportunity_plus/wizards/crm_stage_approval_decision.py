from odoo import api, fields, models


class CrmStageApprovalDecision(models.TransientModel):
    """The question before a decision: are you sure, and what do you want to say?"""

    _name = "crm.stage.approval.decision"
    _description = "Decide on Stage Approvals"

    approval_ids = fields.Many2many(
        "crm.stage.approval",
        string="Requests",
        readonly=True,
        default=lambda self: self.env.context.get("active_ids"),
    )
    decision = fields.Selection(
        [("approve", "Approve"), ("refuse", "Refuse")],
        required=True,
        readonly=True,
        default="approve",
    )
    note = fields.Text(help="The requester reads it. A refusal needs one.")
    question = fields.Text(compute="_compute_question")

    @api.depends("approval_ids")
    def _compute_question(self):
        for wizard in self:
            # The user chooses what is in it: no word about requests he cannot see.
            requests = wizard.approval_ids._origin._filtered_access("read").sudo()
            wizard.question = "\n".join(one._ask_text() for one in requests)

    def action_confirm(self):
        self.ensure_one()
        self.approval_ids.check_access("read")
        if self.decision == "approve":
            return self.approval_ids.action_approve(self.note)
        self.approval_ids.action_refuse(self.note)
        return {"type": "ir.actions.act_window_close"}
