from odoo import api, fields, models
from odoo.exceptions import ValidationError

from ..selections import LEAD_TYPES, RULE_MOVES, SEVERITIES


class CrmStageRule(models.Model):
    """What must hold before an opportunity moves.

    What an empty field means: any company, any team, any stage, anybody. The
    registry keeps the active rules as engine objects, see ``crm_stage_rule_set``.
    """

    _name = "crm.stage.rule"
    _description = "Stage Rule"
    _order = "sequence, id"

    name = fields.Char(required=True, translate=True)
    sequence = fields.Integer(default=10)
    active = fields.Boolean(default=True)
    mode = fields.Selection(
        [("guard", "Guard the move"), ("move", "Move by itself")],
        required=True,
        default="guard",
        help="A guard says what must hold before somebody moves an opportunity. "
        "The other kind moves it as soon as everything holds.",
    )
    severity = fields.Selection(
        SEVERITIES,
        required=True,
        default="block",
        help="Block: the opportunity stays until everything holds. Warn: the user "
        "may go on and says why. Only log: nobody notices, the reports show it.",
    )
    guidance = fields.Text(
        translate=True, help="What the salesperson reads when the rule holds him back."
    )

    # Scope
    company_ids = fields.Many2many("res.company", string="Companies")
    team_ids = fields.Many2many("crm.team", string="Sales Teams")
    lead_type = fields.Selection(
        LEAD_TYPES, string="Type", default="opportunity", help="Empty: both."
    )
    domain = fields.Char("Opportunities", default="[]", help="Empty: all of them.")
    date_from = fields.Date("Active From")
    date_to = fields.Date("Active Until")

    # Move
    move = fields.Selection(RULE_MOVES, required=True, default="stage")
    from_stage_ids = fields.Many2many(
        "crm.stage", "crm_stage_rule_from_stage_rel", string="From Stages"
    )
    to_stage_ids = fields.Many2many(
        "crm.stage", "crm_stage_rule_to_stage_rel", string="To Stages"
    )

    # Requirements
    requirement_ids = fields.One2many(
        "crm.stage.rule.requirement", "rule_id", copy=True
    )

    # Who
    who_owner = fields.Boolean("Salesperson of the Opportunity")
    who_leader = fields.Boolean("Team Leader")
    who_group_ids = fields.Many2many(
        "res.groups", "crm_stage_rule_who_group_rel", string="Groups Who May"
    )
    who_user_ids = fields.Many2many(
        "res.users", "crm_stage_rule_who_user_rel", string="Users Who May"
    )
    bypass_group_ids = fields.Many2many(
        "res.groups",
        "crm_stage_rule_bypass_group_rel",
        string="Groups Who May Bypass",
        help="They may move all the same, always with a reason that is kept.",
    )

    # Approval
    approval = fields.Boolean("Needs Approval")
    approval_domain = fields.Char(
        "Needs Approval Where",
        default="[]",
        help="Only these opportunities need approval, for instance those above an "
        "amount. Empty: all of them.",
    )
    approver_leader = fields.Boolean("Team Leader Approves")
    approver_group_ids = fields.Many2many(
        "res.groups", "crm_stage_rule_approver_group_rel", string="Approving Groups"
    )
    approver_user_ids = fields.Many2many(
        "res.users", "crm_stage_rule_approver_user_rel", string="Approvers"
    )
    approval_days = fields.Integer(
        "Approval Expires After",
        help="Days that a request or an approval stands. 0: it does not expire.",
    )

    sentence = fields.Text(compute="_compute_sentence")
    version_id = fields.Many2one(
        "crm.stage.rule.version", "Version", readonly=True, copy=False
    )
    is_broken = fields.Boolean(
        compute="_compute_is_broken",
        help="A requirement asks for a field that is gone; it counts as met.",
    )

    _check_days = models.Constraint(
        "CHECK (approval_days >= 0)",
        "An approval cannot expire before it is asked for.",
    )

    @api.constrains("date_from", "date_to")
    def _check_dates(self):
        for rule in self:
            if rule.date_from and rule.date_to and rule.date_to < rule.date_from:
                raise ValidationError(
                    self.env._(
                        "The rule “%(rule)s” ends on %(end)s, before it begins on "
                        "%(start)s. Choose a later end.",
                        rule=rule.name,
                        end=rule.date_to,
                        start=rule.date_from,
                    )
                )

    @api.constrains("move", "from_stage_ids", "to_stage_ids")
    def _check_stages(self):
        """Refuse what could never happen: a rule that guards nothing misleads."""
        moves = dict(self._fields["move"]._description_selection(self.env))
        for rule in self:
            wrong = None
            if rule.move == "created" and rule.from_stage_ids:
                wrong = self.env._("a new opportunity comes from no stage")
            elif rule.move in ("lost", "archived") and rule.to_stage_ids:
                wrong = self.env._("the opportunity enters no stage then")
            elif rule.move == "won" and any(
                not stage.is_won for stage in rule.to_stage_ids
            ):
                wrong = self.env._("it can only be won in a won stage")
            if wrong:
                raise ValidationError(
                    self.env._(
                        "The rule “%(rule)s” would never apply: it is about "
                        "“%(move)s”, and %(wrong)s. Take the stages away or choose "
                        "another move.",
                        rule=rule.name,
                        move=moves[rule.move],
                        wrong=wrong,
                    )
                )

    @api.constrains(
        "approval", "approver_leader", "approver_group_ids", "approver_user_ids"
    )
    def _check_approvers(self):
        for rule in self:
            named = (
                rule.approver_leader
                or rule.approver_group_ids
                or rule.approver_user_ids
            )
            if rule.approval and not named:
                raise ValidationError(
                    self.env._(
                        "The rule “%s” needs approval, but nobody could give it. Name "
                        "the team leader, a group or users as approvers.",
                        rule.name,
                    )
                )

    @api.depends("requirement_ids.is_broken", "requirement_ids.active")
    def _compute_is_broken(self):
        for rule in self:
            rule.is_broken = any(one.is_broken for one in rule.requirement_ids)
