from odoo import api, fields, models
from odoo.exceptions import UserError

from ..selections import STATUSES

#: As long as it is in one of these, a request or an approval counts.
STANDING = ("open", "approved")


class CrmStageApproval(models.Model):
    """A request to move an opportunity that a rule wants approved.

    Nobody writes it by hand: the actions and hooks change it through ``_set``, so
    that who asked for what, and who decided, stays true. It keeps what it says
    about the opportunity: an approver need not see the opportunity itself, and it
    outlives it.
    """

    _name = "crm.stage.approval"
    _description = "Stage Approval"
    _inherit = ["mail.thread", "mail.activity.mixin"]
    _order = "id desc"
    _rec_name = "lead_name"
    # Who sees a request may talk about it.
    _mail_post_access = "read"

    lead_id = fields.Many2one(
        "crm.lead", "Opportunity", readonly=True, ondelete="set null", index=True
    )
    lead_name = fields.Char("Name of the Opportunity", readonly=True)
    company_id = fields.Many2one("res.company", readonly=True)
    currency_id = fields.Many2one("res.currency", readonly=True)
    rule_id = fields.Many2one(
        "crm.stage.rule", required=True, readonly=True, ondelete="restrict", index=True
    )
    version_id = fields.Many2one("crm.stage.rule.version", readonly=True)
    sentence = fields.Text(
        "What the Rule Says",
        compute="_compute_sentence",
        compute_sudo=True,
        help="The rule as it stood when approval was asked for.",
    )
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
        tracking=True,
        help="Approved: the move has not happened yet because something else is "
        "missing. Void: the amount rose above the one that was asked for.",
    )
    requester_id = fields.Many2one("res.users", required=True, readonly=True)
    from_stage_id = fields.Many2one("crm.stage", readonly=True)
    to_stage_id = fields.Many2one("crm.stage", readonly=True)
    to_status = fields.Selection(STATUSES, "Outcome", readonly=True, default="open")
    replay = fields.Json(readonly=True, help="The move as it was tried.")
    amount = fields.Float(
        readonly=True, digits=(16, 4), help="Expected revenue when it was asked for."
    )
    note = fields.Text(readonly=True, help="What the requester says about it.")
    expires_at = fields.Datetime("Expires", readonly=True)
    decided_by_id = fields.Many2one("res.users", readonly=True)
    decided_at = fields.Datetime("Decided On", readonly=True)
    decision_note = fields.Text("Reason", readonly=True)
    approver_ids = fields.Many2many(
        "res.users",
        "crm_stage_approval_approver_rel",
        string="May Decide",
        readonly=True,
        help="The approvers whom the rule names and those who stand in for them.",
    )
    asked_ids = fields.Many2many(
        "res.users",
        "crm_stage_approval_asked_rel",
        string="Asked",
        readonly=True,
        help="Who has an activity for it: approvers who are away are left out.",
    )
    warning = fields.Text(
        readonly=True, help="Why somebody else is asked than the rule says."
    )
    may_decide = fields.Boolean("I May Decide", compute="_compute_may")
    may_withdraw = fields.Boolean("I May Withdraw", compute="_compute_may")
    may_open = fields.Boolean(compute="_compute_may_open")

    _one_open = models.UniqueIndex(
        "(lead_id, rule_id) WHERE state = 'open'",
        "One request at a time for the same opportunity and rule.",
    )
    _expiring = models.Index("(expires_at) WHERE state IN ('open', 'approved')")

    @api.depends("version_id", "rule_id")
    @api.depends_context("lang")
    def _compute_sentence(self):
        for approval in self:
            approval.sentence = (
                approval.version_id.sentence or approval.rule_id.sentence
            )

    @api.depends("state", "approver_ids", "requester_id")
    @api.depends_context("uid")
    def _compute_may(self):
        for approval in self:
            waits = approval.state == "open"
            approval.may_decide = waits and self.env.user in approval.approver_ids
            approval.may_withdraw = waits and self.env.user == approval.requester_id

    @api.depends("lead_id")
    @api.depends_context("uid")
    def _compute_may_open(self):
        ids = self.sudo().lead_id.ids
        readable = set(self.env["crm.lead"].browse(ids)._filtered_access("read").ids)
        for approval in self:
            approval.may_open = approval.sudo().lead_id.id in readable

    @api.depends("lead_name", "to_stage_id", "to_status")
    def _compute_display_name(self):
        for approval in self:
            approval.display_name = self.env._(
                "%(lead)s to %(target)s",
                lead=approval.lead_name,
                target=approval._target_text(),
            )

    def _target_text(self):
        """Where the move leads, in a word."""
        if self.to_status in ("lost", "archived"):
            labels = dict(self._fields["to_status"]._description_selection(self.env))
            return labels[self.to_status]
        return self.sudo().to_stage_id.name or "–"

    def action_open_lead(self):
        """Open the opportunity; its own record rules apply there."""
        self.ensure_one()
        self.check_access("read")
        return self.sudo().lead_id._get_records_action(name=self.lead_name)

    def action_open_delegations(self):
        """Open what the user said about who decides while he is away."""
        self.env["crm.stage.approval.delegation"].check_access("read")
        return self.env["ir.actions.act_window"]._for_xml_id(
            "sales_opportunity_plus.crm_stage_approval_delegation_action"
        )

    # ------------------------------------------------------------
    # Nobody writes it by hand
    # ------------------------------------------------------------

    @api.model_create_multi
    def create(self, vals_list):
        self._refuse_change()
        return super().create(vals_list)

    def write(self, vals):
        self._refuse_change()
        return super().write(vals)

    def unlink(self):
        self._refuse_change()
        return super().unlink()

    def _refuse_change(self):
        """Keep requests true: nobody writes them, not even the superuser."""
        raise UserError(
            self.env._(
                "Approvals cannot be created, changed or deleted by hand. Ask for one "
                "on the opportunity; approve, refuse or withdraw it with the buttons."
            )
        )

    @api.model
    def _open(self, vals_list):
        """Make requests. Private, as all that changes one: no client reaches it."""
        requests = self.sudo().with_context(
            mail_create_nolog=True, mail_activity_automation_skip=False
        )
        return super(CrmStageApproval, requests).create(vals_list)

    def _set(self, vals):
        return super(CrmStageApproval, self.sudo()).write(vals)
