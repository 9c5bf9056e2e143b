from odoo import api, fields, models
from odoo.exceptions import ValidationError

from ...engine import field_mapping, field_path
from ...engine.inbound import LEAD_FIELDS
from . import connector_terms


class CrmConnectorMapping(models.Model):
    """Where one field of an item is found in what another system sends."""

    _name = "crm.connector.mapping"
    _description = "Connector Mapping"
    _order = "sequence, id"
    _rec_name = "target"

    connector_id = fields.Many2one(
        "crm.connector", required=True, ondelete="cascade", index=True
    )
    sequence = fields.Integer(default=10)
    target = fields.Selection(
        "_targets",
        "Field",
        required=True,
        help="The field of our API. A field may have several lines: the first one "
        "that finds something counts.",
    )
    kind = fields.Selection(
        connector_terms.MAPPING_KINDS, "Taken From", required=True, default="path"
    )
    value = fields.Char(
        required=True,
        help="A path such as contact.emails[0].value or answers[type=email].email; a "
        "text with paths in braces such as {first_name} {last_name}; or a fixed value.",
    )
    convert = fields.Selection(
        connector_terms.CONVERSIONS, "Read As", required=True, default="as_is"
    )
    translation = fields.Char(
        help="What values become, e.g. opened=email_open; click=email_click; *=other."
    )
    required = fields.Boolean(help="Reject items without it.")

    @api.model
    def _targets(self):
        return [(name, name) for name in sorted(LEAD_FIELDS)]

    @api.constrains("kind", "value", "translation")
    def _check_value(self):
        for line in self:
            try:
                line._line()
                for path in line._paths():
                    field_path.steps(path)
            except ValueError as error:
                raise ValidationError(
                    self.env._(
                        "“%(value)s” cannot be read for the field %(field)s. Write a "
                        "path like contact.emails[0].value or "
                        "answers[type=email].email, and translations like "
                        "opened=email_open; click=email_click.",
                        value=line.value
                        if isinstance(error, field_path.PathError)
                        else line.translation,
                        field=line.target,
                    )
                ) from error

    def _paths(self):
        if self.kind == "constant":
            return []
        if self.kind == "text":
            return field_mapping.places(self.value)
        return [self.value]

    def _line(self):
        self.ensure_one()
        return field_mapping.Line(
            target=self.target,
            kind=self.kind,
            source=self.value,
            convert=self.convert,
            translation=self._translations(),
            required=self.required,
        )

    def _translations(self):
        pairs = [pair for pair in (self.translation or "").split(";") if pair.strip()]
        return {
            before.strip(): after.strip()
            for before, after in (pair.split("=", 1) for pair in pairs)
        }
