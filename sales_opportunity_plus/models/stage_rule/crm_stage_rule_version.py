from odoo import fields, models


class CrmStageRuleVersion(models.Model):
    """A rule as it stood when it decided."""

    _name = "crm.stage.rule.version"
    _description = "Stage Rule Version"
    _order = "rule_id, number desc"
    _rec_name = "number"

    rule_id = fields.Many2one(
        "crm.stage.rule", required=True, readonly=True, ondelete="restrict", index=True
    )
    number = fields.Integer(required=True, readonly=True, aggregator=None)
    sentence = fields.Text(readonly=True)
    definition = fields.Json(readonly=True)

    _once = models.UniqueIndex("(rule_id, number)", "A version has one number.")
