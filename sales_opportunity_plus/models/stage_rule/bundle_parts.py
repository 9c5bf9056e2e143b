"""What a bundle carries: a model is a declaration here, not code."""

from typing import NamedTuple

from odoo.models import MAGIC_COLUMNS

from ...engine.bundle import Attribute, Section

#: How the values of a field are written in a bundle.
_TYPES = {
    "char": "text",
    "text": "text",
    "integer": "number",
    "float": "number",
    "boolean": "boolean",
    "date": "date",
    "selection": "choice",
    "many2one": "one",
    "many2many": "many",
}


class Part(NamedTuple):
    """The records of a model that make up a process.

    ``fields`` names what is carried; without it, it is everything that a person
    enters, less ``left_out``, as far as the user may write it. ``domains`` are text
    fields with a condition on opportunities. ``parent`` is the field that leads from
    a child to its record.
    ``by_name`` says that a record whose key is unknown may be found by its name.
    """

    name: str
    model: str
    fields: tuple[str, ...] | None = None
    left_out: tuple[str, ...] = ()
    domains: tuple[str, ...] = ()
    children: tuple["Part", ...] = ()
    parent: str | None = None
    by_name: bool = False

    def carried(self, env):
        """The fields that are carried, in the order of their declaration."""
        model = env[self.model]
        skipped = {*self.left_out, self.parent, "process_key"}
        return [
            field
            for name, field in model._fields.items()
            if (name in self.fields if self.fields else name not in skipped)
            and _is_entered(field)
            and model._has_field_access(field, "write")
        ]

    def section(self, env):
        """This part as the engine knows it."""
        return Section(
            self.name,
            tuple(self._attribute(env, field) for field in self.carried(env)),
            tuple(child.section(env) for child in self.children),
        )

    def _attribute(self, env, field):
        if field.name in self.domains:
            return Attribute(field.name, "domain")
        if field.translate:
            return Attribute(field.name, "translated")
        choices = field.get_values(env) if field.type == "selection" else ()
        return Attribute(field.name, _TYPES[field.type], frozenset(choices))


def _is_entered(field):
    return (
        field.store
        and field.name not in MAGIC_COLUMNS
        and field.type in _TYPES
        and not field.readonly
    )


PARTS = (
    Part(
        "stages",
        "crm.stage",
        fields=(
            "name",
            "sequence",
            "active",
            "is_won",
            "fold",
            "color",
            "requirements",
            "rotting_threshold_days",
            "forecast_category",
            "team_ids",
            "pauses_limits",
        ),
        by_name=True,
    ),
    Part("reasons", "crm.stage.reason", by_name=True),
    Part(
        "rules",
        "crm.stage.rule",
        domains=("domain", "approval_domain"),
        children=(
            Part(
                "requirements",
                "crm.stage.rule.requirement",
                parent="rule_id",
                domains=("domain",),
                children=(
                    Part("items", "crm.stage.checklist.item", parent="requirement_id"),
                ),
            ),
        ),
    ),
    Part(
        "limits",
        "crm.stage.limit",
        children=(Part("steps", "crm.stage.limit.step", parent="limit_id"),),
    ),
    Part("actions", "crm.stage.action", domains=("domain",)),
)


def child_field(env, part, child):
    """The one2many of ``part`` that holds the records of ``child``."""
    for field in env[part.model]._fields.values():
        if field.type == "one2many" and field.comodel_name == child.model:
            if field.inverse_name == child.parent:
                return field.name
    raise KeyError(child.model)
