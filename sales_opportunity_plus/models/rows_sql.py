"""Rows that were worked out in Python, as a table of a statement."""

from odoo.tools import SQL


def rows_table(rows, columns, alias):
    """A table expression ``alias`` of ``rows`` (tuples): one array a column.

    :param columns: ``{name: type}`` in the order of the tuples
    """
    values = list(zip(*rows, strict=True)) or [()] * len(columns)
    return SQL(
        "unnest(%s) AS %s(%s)",
        SQL(", ").join(
            SQL("%s::%s[]", list(column), SQL(type_))
            for column, type_ in zip(values, columns.values(), strict=True)
        ),
        SQL.identifier(alias),
        SQL(", ").join(map(SQL.identifier, columns)),
    )
