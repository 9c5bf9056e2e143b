from odoo import fields, models

KINDS = [
    ("field", "A field is set"),
    ("condition", "A condition holds"),
    ("checklist", "Checklist"),
    ("activity_done", "An activity was done"),
    ("activity_planned", "A next activity is planned"),
    ("activity_no_overdue", "No activity is overdue"),
    ("meeting", "A meeting was held"),
    ("reply", "The customer replied"),
    ("document", "A document is attached"),
    ("min_time", "Minimum time in the stage"),
    ("reason", "A reason is given"),
]


class CrmStageRuleRequirement(models.Model):
    """One thing that a rule asks for.

    Each kind is a method ``_requirement_sql_<kind>(moment)``: a kind added by another
    addon extends the selection and brings its method.
    """

    _name = "crm.stage.rule.requirement"
    _description = "Stage Rule Requirement"
    _order = "sequence, id"

    rule_id = fields.Many2one(
        "crm.stage.rule", required=True, ondelete="cascade", index=True
    )
    sequence = fields.Integer(default=10)
    active = fields.Boolean(default=True)
    kind = fields.Selection(KINDS, required=True, default="field")
    message = fields.Char(
        translate=True,
        help="What the salesperson reads when it is missing. Empty: a text that "
        "follows from the requirement.",
    )
    field_id = fields.Many2one(
        "ir.model.fields",
        "Field",
        ondelete="set null",
        domain="[('model', '=', 'crm.lead'), ('store', '=', True)]",
    )
    field_name = fields.Char(
        "Technical Name",
        help="Kept when the field itself goes with the addon that brought it.",
    )
    property_name = fields.Char(
        "Property", help="Name of a property of the sales team, instead of a field."
    )
    domain = fields.Char("Condition", default="[]")
    item_ids = fields.One2many(
        "crm.stage.checklist.item", "requirement_id", "Checklist", copy=True
    )
    activity_type_id = fields.Many2one("mail.activity.type", "Activity Type")
    since_stage = fields.Boolean(
        "Since Entering the Stage",
        default=True,
        help="What happened before the opportunity came into its stage does not count.",
    )
    document_pattern = fields.Char(
        "Document Name Contains", help="Capital letters do not matter."
    )
    document_type = fields.Selection(
        [
            ("pdf", "PDF"),
            ("image", "Picture"),
            ("word", "Text document"),
            ("sheet", "Spreadsheet"),
        ]
    )
    duration = fields.Float(default=1.0)
    duration_unit = fields.Selection(
        [("hours", "Hours"), ("days", "Days")], default="days"
    )
    reason_ids = fields.Many2many(
        "crm.stage.reason", string="Reasons", help="Empty: any reason."
    )
