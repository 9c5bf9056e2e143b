from odoo import api, fields, models

from .rule_trial_sql import rule_population


class CrmStageRuleTrialLine(models.TransientModel):
    """What a rule would have done to the opportunities or moves of one stage."""

    _name = "crm.stage.rule.trial.line"
    _description = "Result of a Trial of Stage Rules"
    _order = "rule_id, held desc, id"

    trial_id = fields.Many2one(
        "crm.stage.rule.trial", required=True, ondelete="cascade", index=True
    )
    rule_id = fields.Many2one("crm.stage.rule", required=True, ondelete="cascade")
    stage_id = fields.Many2one("crm.stage", ondelete="cascade")
    asked = fields.Integer(help="Opportunities or moves that the rule is about.")
    held = fields.Integer("Held Back")
    approvals = fields.Integer(
        "Only Approval", help="Nothing is missing but somebody's approval."
    )
    sellers = fields.Integer("Salespersons", help="Whose opportunities are held back.")
    sentence = fields.Char("Result", compute="_compute_sentence")

    @api.depends("asked", "held", "stage_id", "rule_id", "trial_id.way")
    def _compute_sentence(self):
        for line in self:
            line.sentence = line._get_sentence()

    def _get_sentence(self):
        values = {
            "held": self.held,
            "asked": self.asked,
            "stage": self.stage_id.name or self.env._("no stage"),
        }
        if self.trial_id.way == "moves":
            if self.rule_id.sudo().move in ("lost", "archived"):
                return self.env._(
                    "%(held)s of %(asked)s opportunities given up in %(stage)s would "
                    "have been held back.",
                    **values,
                )
            return self.env._(
                "%(held)s of %(asked)s moves to %(stage)s would have been held back.",
                **values,
            )
        rule = self.rule_id.sudo()
        entry = rule.with_context(active_test=False)._rule_entry()
        if rule_population(self.env, entry.rule)[0]:
            return self.env._(
                "%(held)s of %(asked)s opportunities in %(stage)s would not be allowed "
                "there.",
                **values,
            )
        return self.env._(
            "%(held)s of %(asked)s opportunities in %(stage)s could not make this move "
            "today.",
            **values,
        )

    def action_open_cases(self):
        """List what the rule would hold back in this stage."""
        self.ensure_one()
        self.check_access("read")
        return self.trial_id._open_cases(
            [
                ("trial_id", "=", self.trial_id.id),
                ("rule_id", "=", self.rule_id.id),
                ("stage_id", "=", self.stage_id.id),
            ]
        )
