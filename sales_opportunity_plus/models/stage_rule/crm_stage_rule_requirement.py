from odoo import api, fields, models
from odoo.exceptions import ValidationError

from ..lead_domain import parse_lead_domain

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
        compute="_compute_field_name",
        store=True,
        readonly=False,
        help="Kept when the field itself goes with the addon that brought it.",
    )
    is_broken = fields.Boolean(
        compute="_compute_is_broken",
        help="The field is gone with the addon that brought it: the requirement counts "
        "as met until another field is chosen.",
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

    _check_duration = models.Constraint(
        "CHECK (duration >= 0)", "A minimum time in the stage cannot be negative."
    )

    @api.depends("field_id")
    def _compute_field_name(self):
        """Keep the last name: an uninstalled addon takes the field away in SQL."""
        for requirement in self:
            if requirement.field_id:
                requirement.field_name = requirement.field_id.sudo().name

    @api.depends("kind", "field_id", "field_name", "property_name")
    def _compute_is_broken(self):
        fields_of_lead = self.env["crm.lead"]._fields
        for requirement in self:
            requirement.is_broken = (
                requirement.kind == "field"
                and not requirement.property_name
                and requirement.field_name not in fields_of_lead
            )

    @api.constrains("kind", "field_id", "field_name", "property_name")
    def _check_field(self):
        lead = self.env["crm.lead"]
        for requirement in self.filtered(lambda one: one.kind == "field"):
            if requirement.property_name:
                continue
            name = requirement.field_name or ""
            field = lead._fields.get(name)
            if not name or (field is not None and not field.store):
                raise ValidationError(
                    self.env._(
                        "The rule “%(rule)s” asks for a field that is not stored on "
                        "the opportunity: %(field)s. Choose another one.",
                        rule=requirement.rule_id.name,
                        field=name or "–",
                    )
                )

    @api.constrains("kind", "domain")
    def _check_condition(self):
        for requirement in self.filtered(lambda one: one.kind == "condition"):
            if parse_lead_domain(requirement, "domain") is None:
                raise ValidationError(
                    self.env._(
                        "The rule “%s” asks for a condition without saying which. Add "
                        "a condition, or take the line away.",
                        requirement.rule_id.name,
                    )
                )

    @api.constrains("kind", "item_ids")
    def _check_items(self):
        for requirement in self.filtered(lambda one: one.kind == "checklist"):
            if not requirement.item_ids:
                raise ValidationError(
                    self.env._(
                        "The checklist of the rule “%s” is empty. Add a line to tick.",
                        requirement.rule_id.name,
                    )
                )
