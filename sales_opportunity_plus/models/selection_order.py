"""Group by a selection in the order of its values, not of the alphabet."""

from odoo.tools import SQL


def orderby_in_selection_order(orderby, model, order, groupby_terms, query, names):
    """Call ``orderby`` (core's ``_read_group_orderby``) with places for values.

    Core may add columns to the terms of other fields while it orders by them:
    those are kept, the selections themselves are grouped by their value.

    :param names: the selection fields of ``model`` to put in their order
    """
    values = {name: groupby_terms[name] for name in names if name in groupby_terms}
    places = groupby_terms | {
        name: SQL(
            "array_position(%s::varchar[], (%s)::varchar)",
            [value for value, _label in model._fields[name].selection],
            term,
        )
        for name, term in values.items()
    }
    result = orderby(order, places, query)
    groupby_terms.update(places | values)
    return result
