from odoo import api, fields, models


class CrmStageRuleVersion(models.Model):
    """A rule as it stood when it decided."""

    _name = "crm.stage.rule.version"
    _description = "Stage Rule Version"
    _order = "rule_id, number desc"

    rule_id = fields.Many2one(
        "crm.stage.rule", required=True, readonly=True, ondelete="restrict", index=True
    )
    number = fields.Integer(required=True, readonly=True, aggregator=None)
    sentence = fields.Text(readonly=True)
    definition = fields.Json(readonly=True)

    _once = models.UniqueIndex("(rule_id, number)", "A version has one number.")

    @api.depends("number")
    def _compute_display_name(self):
        for version in self:
            version.display_name = str(version.number)


class CrmStageRule(models.Model):
    _name = "crm.stage.rule"
    _inherit = ["crm.stage.rule"]

    def action_open_versions(self):
        """Open what the rule said before, newest first."""
        self.ensure_one()
        self.check_access("read")
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Versions of %s", self.name),
            "res_model": "crm.stage.rule.version",
            "view_mode": "list",
            "domain": [("rule_id", "=", self.id)],
        }
