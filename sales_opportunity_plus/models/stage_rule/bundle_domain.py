"""Conditions in a bundle: records in them go by name, never by number."""

import ast
import json

from odoo.fields import Domain

from ...engine.bundle import Problem

#: What Python and Odoo raise on a text that is no condition.
_NONSENSE = (
    AttributeError,
    IndexError,
    KeyError,
    MemoryError,
    RecursionError,
    SyntaxError,
    TypeError,
    ValueError,
)


def to_json(text, names):
    """A condition as it is written in a bundle.

    A text that is no condition stays the text that it is.
    """
    try:
        domain = ast.literal_eval((text or "").strip() or "[]")
    except _NONSENSE:
        return text
    leaves = [_leaf(item, names, _name_of) for item in domain]
    return json.loads(json.dumps(leaves, default=str))


def to_text(value, names):
    """The text of a condition, its names being records again."""
    if isinstance(value, list):
        return repr([_leaf(item, names, _id_of) for item in value])
    return value or "[]"


def problems(value, names, where, attribute):
    """What is wrong with a condition, and names in it that mean nothing here."""
    env = names.env
    missing = []
    if isinstance(value, str):
        try:
            value = ast.literal_eval(value.strip() or "[]")
        except _NONSENSE:
            # Python's own words would name objects in its memory.
            text = env._("it is not made of plain values")
            return [Problem("domain", where, attribute, value, text)], missing
    try:
        leaves = [_leaf(item, names, _collect(missing)) for item in value]
        Domain(leaves).validate(env["crm.lead"])
    except _NONSENSE as error:
        return [Problem("domain", where, attribute, repr(value), str(error))], missing
    return [], missing


def _leaf(item, names, convert):
    """A leaf with the values of relations converted; anything else as it is."""
    if not isinstance(item, (list, tuple)) or len(item) != 3:
        return item
    path, operator, value = item
    model = _comodel(names.env, path)
    if not model:
        return (path, operator, value)
    if operator in ("any", "not any") and isinstance(value, (list, tuple)):
        return (path, operator, list(value))
    if isinstance(value, (list, tuple)):
        return (path, operator, [convert(model, part, names) for part in value])
    return (path, operator, convert(model, value, names))


def _comodel(env, path):
    """The model that a path of fields from the opportunity ends in, if any."""
    model = env["crm.lead"]
    names = path.split(".") if isinstance(path, str) else []
    for number, name in enumerate(names):
        field = model._fields.get(name)
        if field is None:
            return None
        if name == "id" and number:
            return model._name
        if not field.relational:
            return None
        model = env[field.comodel_name]
    return model._name if names else None


def _name_of(model, value, names):
    if type(value) is not int:
        return value
    record = names.env[model].sudo().browse(value).exists()
    return {"ref": names.of(record)} if record else value


def _id_of(model, value, names):
    if isinstance(value, dict):
        return names.find(model, value["ref"]).id
    return value


def _collect(missing):
    def convert(model, value, names):
        if not isinstance(value, dict):
            return value
        if set(value) != {"ref"} or not isinstance(value["ref"], str):
            raise ValueError(f"{value} is no reference")
        found = names.find(model, value["ref"])
        if not found:
            missing.append((model, value["ref"]))
        return found.id or 0

    return convert
