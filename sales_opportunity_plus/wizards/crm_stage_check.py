from odoo import api, fields, models

CHECK_STATES = [
    ("ready", "Ready"),
    ("warn", "Ready, asks for a reason"),
    ("missing", "Something missing"),
    ("waiting", "Waiting for approval"),
    ("none", "No next stage"),
]


class CrmStageCheck(models.TransientModel):
    """What stands between some opportunities and their next stages."""

    _name = "crm.stage.check"
    _description = "Check of Stage Rules"

    line_ids = fields.One2many("crm.stage.check.line", "check_id", "Opportunities")
    moved_count = fields.Integer(readonly=True)
    ready_count = fields.Integer(compute="_compute_counts")
    held_count = fields.Integer(compute="_compute_counts")
    approval_count = fields.Integer(compute="_compute_counts")

    @api.depends("line_ids.state", "line_ids.needs_approval")
    def _compute_counts(self):
        for check in self:
            states = check.line_ids.mapped("state")
            check.ready_count = states.count("ready")
            check.held_count = sum(
                state in ("warn", "missing", "waiting") for state in states
            )
            check.approval_count = sum(check.line_ids.mapped("needs_approval"))

    @api.model
    def _open(self, leads, moved=0):
        """The action that shows where these opportunities stand, held ones first."""
        order = ["missing", "waiting", "warn", "none", "ready"]
        lines = leads._stage_rule_check()
        lines.sort(key=lambda line: order.index(line["state"]))
        check = self.create(
            {
                "moved_count": moved,
                "line_ids": [fields.Command.create(line) for line in lines],
            }
        )
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Check of Stage Rules"),
            "res_model": self._name,
            "res_id": check.id,
            "view_mode": "form",
            "target": "new",
        }

    def action_move(self):
        """Move those that may; show what holds the others back."""
        self.ensure_one()
        self.line_ids.lead_id.check_access("write")
        return self.line_ids.lead_id.action_stage_rule_next()

    def action_request_approval(self):
        """Ask for the approvals that are missing."""
        self.ensure_one()
        leads = self.line_ids.filtered("needs_approval").lead_id
        leads.check_access("write")
        return leads.action_stage_rule_ask_approval()


class CrmStageCheckLine(models.TransientModel):
    """Where one opportunity stands."""

    _name = "crm.stage.check.line"
    _description = "Line of a Check of Stage Rules"
    _order = "id"

    check_id = fields.Many2one("crm.stage.check", required=True, ondelete="cascade")
    lead_id = fields.Many2one(
        "crm.lead", "Opportunity", required=True, readonly=True, ondelete="cascade"
    )
    stage_id = fields.Many2one("crm.stage", readonly=True)
    next_stage_id = fields.Many2one("crm.stage", readonly=True)
    state = fields.Selection(CHECK_STATES, "Outcome", readonly=True)
    needs_approval = fields.Boolean(readonly=True)
    missing = fields.Text("What Is Missing", readonly=True)

    def action_open_lead(self):
        """Open the opportunity of the line."""
        self.ensure_one()
        self.lead_id.check_access("read")
        return self.lead_id.get_formview_action()
