from odoo import api, fields, models
from odoo.exceptions import UserError, ValidationError
from odoo.tools import SQL

from ..selections import LIMIT_ACTIONS


class CrmStageLimitStep(models.Model):
    """A rung of the escalation ladder: at this share of the limit, this happens."""

    _name = "crm.stage.limit.step"
    _description = "Stage Time Limit Escalation"
    _order = "limit_id, percent, id"

    limit_id = fields.Many2one(
        "crm.stage.limit", required=True, ondelete="cascade", index=True
    )
    active = fields.Boolean(default=True)
    percent = fields.Integer(
        "At (%)",
        required=True,
        default=100,
        aggregator=None,
        help="Share of the time limit that is used up: 80 warns before, 100 is the "
        "limit itself, 150 is half as long again.",
    )
    action = fields.Selection(
        LIMIT_ACTIONS,
        "What Happens",
        required=True,
        default="activity_owner",
        help="An activity for the salesperson goes to the team leader where an "
        "opportunity has no salesperson.",
    )
    activity_type_id = fields.Many2one(
        "mail.activity.type",
        domain="[('res_model', 'in', (False, 'crm.lead'))]",
        ondelete="set null",
        help="Empty: a to-do.",
    )
    note = fields.Text(
        translate=True, help="What the activity says beside the time limit."
    )
    template_id = fields.Many2one(
        "mail.template",
        "Email Template",
        domain="[('model', '=', 'crm.lead')]",
        ondelete="restrict",
    )
    server_action_id = fields.Many2one(
        "ir.actions.server",
        "Server Action",
        domain="[('model_name', '=', 'crm.lead')]",
        ondelete="restrict",
        help="It runs with the rights of the system, on the opportunity.",
    )
    sentence = fields.Char(compute="_compute_sentence")

    @api.depends("percent", "action", "template_id", "server_action_id")
    @api.depends_context("lang")
    def _compute_sentence(self):
        actions = dict(self._fields["action"]._description_selection(self.env))
        for step in self:
            what = {
                "mail": step.template_id.sudo().display_name,
                "server_action": step.server_action_id.sudo().display_name,
            }.get(step.action) or actions.get(step.action, "")
            step.sentence = self.env._(
                "%(percent)s %%: %(what)s", percent=step.percent, what=what
            )

    @api.depends("sentence")
    @api.depends_context("lang")
    def _compute_display_name(self):
        for step in self:
            step.display_name = step.sentence

    @api.model_create_multi
    def create(self, vals_list):
        steps = super().create(vals_list)
        self.env.registry.clear_cache()
        return steps

    def write(self, vals):
        result = super().write(vals)
        self.env.registry.clear_cache()
        return result

    def unlink(self):
        result = super().unlink()
        self.env.registry.clear_cache()
        return result

    @api.ondelete(at_uninstall=False)
    def _unlink_except_exceeded(self):
        for step in self:
            query = SQL(
                "SELECT 1 FROM crm_stage_breach WHERE step_id = %s LIMIT 1", step.id
            )
            if self.env.execute_query(query):
                raise UserError(
                    self.env._(
                        "The step “%(step)s” of the time limit “%(limit)s” cannot be "
                        "deleted: opportunities reached it and the report of time "
                        "limits would lose it. Archive it instead.",
                        step=step.display_name,
                        limit=step.limit_id.display_name,
                    )
                )

    @api.constrains("percent")
    def _check_percent(self):
        for step in self:
            if step.percent <= 0:
                raise ValidationError(
                    self.env._(
                        "The time limit “%(limit)s” has a step at %(percent)s %%. "
                        "Enter a percentage above zero: 100 is the limit itself.",
                        limit=step.limit_id.display_name,
                        percent=step.percent,
                    )
                )

    @api.constrains("action", "template_id", "server_action_id", "activity_type_id")
    def _check_action(self):
        """Each action has what it needs, made for opportunities."""
        for step in self.sudo():
            model = {
                "mail": step.template_id.model,
                "server_action": step.server_action_id.model_name,
            }.get(step.action, "crm.lead")
            if step.action.startswith("activity"):
                model = step.activity_type_id.res_model or model
            if model != "crm.lead":
                raise ValidationError(
                    self.env._(
                        "The step at %(percent)s %% of the time limit “%(limit)s” has "
                        "nothing to do: choose an email template, a server action or "
                        "an activity type that is made for opportunities.",
                        percent=step.percent,
                        limit=step.limit_id.display_name,
                    )
                )
