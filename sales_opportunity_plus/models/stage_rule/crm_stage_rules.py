from odoo import fields, models


class CrmStage(models.Model):
    """The rules that name a stage, on its form."""

    _name = "crm.stage"
    _inherit = ["crm.stage"]

    stage_rule_ids = fields.Many2many(
        "crm.stage.rule",
        compute="_compute_stage_rule_ids",
        string="Stage Rules",
        context={"active_test": False},
        help="The rules that name this stage, those that are not active yet too. "
        "Rules about any stage are not listed.",
    )

    def _compute_stage_rule_ids(self):
        rules = self.env["crm.stage.rule"].with_context(active_test=False)
        found = rules.search(
            ["|", ("to_stage_ids", "in", self.ids), ("from_stage_ids", "in", self.ids)]
        )
        for stage in self:
            stage.stage_rule_ids = found.filtered(
                lambda rule, stage=stage: stage._origin
                in rule.to_stage_ids | rule.from_stage_ids
            )

    def action_stage_rule_new(self):
        """A new rule about coming into this stage."""
        self.ensure_one()
        self.env["crm.stage.rule"].check_access("create")
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("New rule for %s", self.display_name),
            "res_model": "crm.stage.rule",
            "views": [(False, "form")],
            "context": {"default_to_stage_ids": self.ids},
        }
