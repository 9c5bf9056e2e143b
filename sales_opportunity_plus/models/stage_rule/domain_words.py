"""A condition on opportunities in words, for the sentence of a rule."""

import ast

from odoo.fields import Domain

#: More conditions than this are counted, not told.
TOLD = 3


def domain_words(env, text):
    """The conditions of a domain's text in the words of its fields.

    A text that is no domain is given back as it is: the form complains elsewhere.
    """
    try:
        domain = Domain(ast.literal_eval(text))
        conditions = list(domain.iter_conditions())
    except (ValueError, SyntaxError, TypeError):
        return text
    told = [_condition_words(env, one) for one in conditions[:TOLD]]
    if len(conditions) > TOLD:
        told.append(env._("%s more conditions", len(conditions) - TOLD))
    either = text.count("'|'") + text.count('"|"') >= len(conditions) - 1
    return (env._(" or ") if either and len(told) > 1 else env._(" and ")).join(told)


def _condition_words(env, condition):
    field, label = _field(env, condition.field_expr)
    operator, value = condition.operator, condition.value
    values = list(value) if isinstance(value, (list, tuple, set)) else [value]
    if field is not None and all(one is False for one in values):
        if operator in ("!=", "not in"):
            return env._("“%s” is set", label)
        return env._("“%s” is not set", label)
    words = ", ".join(_value_words(env, field, one) for one in values)
    return f"“{label}” {_operator_words(env, operator)} {words}"


def _operator_words(env, operator):
    return {
        "=": env._("is"),
        "in": env._("is"),
        "!=": env._("is not"),
        "not in": env._("is not"),
        ">=": "≥",
        "<=": "≤",
        "ilike": env._("contains"),
        "not ilike": env._("does not contain"),
    }.get(operator, operator)


def _field(env, path):
    """The last field of a path, and the labels along it."""
    model, labels, field = env["crm.lead"], [], None
    for name in path.split("."):
        field = model is not None and model._fields.get(name) or None
        labels.append(field._description_string(env) if field is not None else name)
        model = env.get(field.comodel_name) if field is not None else None
    return field, " ‣ ".join(labels)


def _value_words(env, field, value):
    if field is None or value is True:
        return str(value)
    if field.type == "selection":
        return str(dict(field._description_selection(env)).get(value, value))
    if field.relational and isinstance(value, int):
        record = env(su=False)[field.comodel_name].browse(value).exists()
        # Whoever may not read it is told its number, not its name.
        return record.display_name if record.has_access("read") else str(value)
    if isinstance(value, (int, float)) and not isinstance(value, bool):
        return f"{value:,.10g}" if isinstance(value, float) else f"{value:,}"
    return str(value)
