"""Conditions on opportunities that people enter as text."""

import ast

from odoo.exceptions import ValidationError
from odoo.fields import Domain


def parse_lead_domain(record, name):
    """The domain on opportunities in a text field; ``None`` where it is empty.

    :raises ValidationError: when the text is no domain on opportunities
    """
    text = (record[name] or "").strip()
    if not text or text == "[]":
        return None
    try:
        domain = Domain(ast.literal_eval(text))
        leads = record.env["crm.lead"]
        domain.validate(leads)
        # What does not depend on who asks, or when, is worked out once.
        domain = domain.optimize(leads)
    except (ValueError, SyntaxError, TypeError, KeyError, AttributeError) as error:
        raise ValidationError(
            record.env._(
                "“%(record)s”: %(field)s is not a condition on opportunities: "
                "%(text)s (%(error)s). Choose fields of the opportunity and plain "
                "values.",
                record=record.display_name,
                field=record._fields[name]._description_string(record.env),
                text=text,
                error=error,
            )
        ) from error
    return None if domain.is_true() else domain
