from odoo import api, fields, models
from odoo.exceptions import UserError, ValidationError
from odoo.fields import Domain
from odoo.tools import ormcache

from ...engine.stage_action import StageAction
from ..lead_domain import parse_lead_domain

TRIGGERS = [
    ("enter", "Entering the stage"),
    ("leave", "Leaving the stage"),
    ("won", "Won"),
    ("lost", "Lost"),
]
ACTION_KINDS = [
    ("plan", "Start an activity plan"),
    ("template", "Send an email"),
    ("server", "Run a server action"),
]
#: The field that each kind needs.
_TARGETS = {
    "plan": "plan_id",
    "template": "template_id",
    "server": "server_action_id",
}


class CrmStageAction(models.Model):
    """What happens by itself when an opportunity enters or leaves a stage.

    The registry keeps the active actions as engine objects: a database without any
    pays nothing for them. How they run is in ``crm_stage_action_runner``.
    """

    _name = "crm.stage.action"
    _description = "Stage Action"
    _order = "sequence, id"

    name = fields.Char(required=True, translate=True)
    sequence = fields.Integer(
        default=10, help="Actions of the same move run in this order."
    )
    active = fields.Boolean(default=True)
    trigger = fields.Selection(
        TRIGGERS,
        "When",
        required=True,
        default="enter",
        help="Entering counts for opportunities that are created in the stage, too. "
        "An opportunity that is lost does not leave its stage.",
    )
    stage_id = fields.Many2one(
        "crm.stage",
        ondelete="restrict",
        index=True,
        help="For won and lost you may leave it empty: whatever the stage.",
    )
    kind = fields.Selection(ACTION_KINDS, "Action", required=True, default="plan")
    plan_id = fields.Many2one(
        "mail.activity.plan",
        "Activity Plan",
        ondelete="restrict",
        domain="[('res_model', '=', 'crm.lead')]",
        help="Activities without a person of their own go to the salesperson.",
    )
    template_id = fields.Many2one(
        "mail.template",
        "Email Template",
        ondelete="restrict",
        domain="[('model', '=', 'crm.lead')]",
    )
    # Like Odoo's automation rules: who decides what code runs in the name of others
    # is an administrator.
    server_action_id = fields.Many2one(
        "ir.actions.server",
        "Server Action",
        ondelete="restrict",
        domain="[('model_name', '=', 'crm.lead')]",
        groups="base.group_system",
        help="It runs with the rights of the user who moves the opportunity.",
    )
    target_name = fields.Char("Does", compute="_compute_target_name", compute_sudo=True)
    team_ids = fields.Many2many(
        "crm.team",
        string="Sales Teams",
        ondelete="restrict",
        help="Only opportunities of these teams. Empty: of any team.",
    )
    company_ids = fields.Many2many(
        "res.company",
        string="Companies",
        ondelete="restrict",
        help="Only opportunities of these companies. Empty: of any company.",
    )
    domain = fields.Char(
        "Opportunities",
        default="[]",
        help="Only opportunities that match. Empty: all of them.",
    )
    repeat = fields.Boolean(
        help="Run again when the same opportunity comes a second time. Otherwise it "
        "runs once for each opportunity; a run that failed does not count.",
    )
    run_count = fields.Integer("Runs", compute="_compute_run_count")

    @api.depends("kind", "plan_id", "template_id", "server_action_id")
    def _compute_target_name(self):
        for action in self:
            action.target_name = action[_TARGETS[action.kind]].display_name

    def _compute_run_count(self):
        runs = self.env["crm.stage.action.run"]._read_group(
            [("action_id", "in", self.ids)], ["action_id"], ["__count"]
        )
        counts = {action.id: count for action, count in runs}
        for action in self:
            action.run_count = counts.get(action.id, 0)

    # ------------------------------------------------------------
    # The registry's copy
    # ------------------------------------------------------------

    @api.model
    @ormcache()
    def _action_set(self):
        """Every active action of every company, as engine objects, in order."""
        actions = (
            self.sudo().with_context(active_test=True, lang=None).search(Domain.TRUE)
        )
        return tuple(
            StageAction(
                id=action.id,
                trigger=action.trigger,
                sequence=action.sequence,
                stage_id=action.stage_id.id or None,
                # A team that was archived since still has opportunities.
                team_ids=frozenset(action.with_context(active_test=False).team_ids.ids),
                company_ids=frozenset(
                    action.with_context(active_test=False).company_ids.ids
                ),
                has_domain=parse_lead_domain(action, "domain") is not None,
                repeat=action.repeat,
            )
            for action in actions
        )

    @api.model_create_multi
    def create(self, vals_list):
        actions = super().create(vals_list)
        self.env.registry.clear_cache()
        return actions

    def write(self, vals):
        result = super().write(vals)
        self.env.registry.clear_cache()
        return result

    def unlink(self):
        result = super().unlink()
        self.env.registry.clear_cache()
        return result

    # ------------------------------------------------------------
    # What must be right
    # ------------------------------------------------------------

    @api.constrains("trigger", "stage_id")
    def _check_stage(self):
        for action in self:
            if action.trigger in ("enter", "leave") and not action.stage_id:
                raise ValidationError(
                    self.env._(
                        "The action “%(action)s” has no stage. Choose the stage that "
                        "is entered or left.",
                        action=action.name,
                    )
                )

    @api.constrains("kind", *_TARGETS.values())
    def _check_target(self):
        for action in self.sudo():
            target = action[_TARGETS[action.kind]]
            label = action._fields[_TARGETS[action.kind]]._description_string(self.env)
            if not target:
                raise ValidationError(
                    self.env._(
                        "The action “%(action)s” does nothing yet: choose its "
                        "%(field)s.",
                        action=action.name,
                        field=label,
                    )
                )
            names = {"plan": "res_model", "template": "model", "server": "model_name"}
            if target[names[action.kind]] != "crm.lead":
                raise ValidationError(
                    self.env._(
                        "The action “%(action)s” cannot use “%(target)s”: it is not "
                        "made for opportunities. Choose another %(field)s.",
                        action=action.name,
                        target=target.display_name,
                        field=label,
                    )
                )

    @api.constrains("domain")
    def _check_domain(self):
        for action in self:
            parse_lead_domain(action, "domain")

    @api.ondelete(at_uninstall=False)
    def _unlink_except_run(self):
        """Keep the actions that the log names."""
        for action in self:
            if action.sudo().run_count:
                raise UserError(
                    self.env._(
                        "The action “%(action)s” cannot be deleted: it has run "
                        "%(count)s times and the log names it. Archive it instead.",
                        action=action.name,
                        count=action.sudo().run_count,
                    )
                )

    def action_open_runs(self):
        """Open what this action did."""
        self.ensure_one()
        self.check_access("read")
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "sales_opportunity_plus.crm_stage_action_run_action"
        )
        action["domain"] = [("action_id", "=", self.id)]
        action["display_name"] = self.env._("Runs of %s", self.display_name)
        return action
