"""What other apps record becomes touches: a harvest says which rows, and how.

A harvest goes through the rows of a table in the order of their *key*: a moment
(column or expression) that is never earlier than the beginning of the transaction
that wrote the row, such as ``create_date``, or ``write_date`` for rows that change.
"""

from collections.abc import Callable
from typing import NamedTuple

from odoo.tools import SQL

from .touchpoint_sql import select

#: Rows that one transaction reads; rows of the same moment are never torn apart.
BATCH = 20_000


class Harvest(NamedTuple):
    """Rows of a table that are touches.

    ``columns`` gives the columns of ``Touch``, each an ``SQL`` that speaks of the row
    as ``item`` and of what ``joins`` joins. Every touch needs an external key that is
    made of the row's id: rows are read more than once.
    """

    #: Names the harvest for good; what was read is remembered under it.
    code: str
    #: For people, translated.
    name: str
    table: str
    columns: dict[str, SQL] | None = None
    #: Joins, and perhaps a WHERE, behind ``FROM table AS item``.
    joins: SQL = SQL("")
    #: A condition on the table alone, best that of an index on ``key``.
    where: SQL = SQL("TRUE")
    key: SQL = SQL("write_date")
    #: Instead of columns: from ``SQL`` of a batch of rows, a statement that does
    #: something with them and says of how many touches.
    take: Callable[[SQL], SQL] | None = None


# Whoever began before this moment is done: nothing that is written later has an
# earlier key. A few minutes more are for keys that come from the clock of a server
# of Odoo. Reading a database (a dump) for more than a day holds nothing up.
_HORIZON = """
    SELECT (GREATEST(
               LEAST(now(), MIN(xact_start)) - interval '5 minutes',
               now() - interval '1 day') AT TIME ZONE 'UTC')
      FROM pg_stat_activity
     WHERE datname = current_database() AND pid <> pg_backend_pid()
"""


def horizon():
    """The moment up to which everything is written and committed."""
    return SQL(_HORIZON)


_UNTIL = """
    SELECT COUNT(*), CASE WHEN COUNT(*) = %(batch)s THEN MAX(key) END
      FROM (SELECT %(key)s AS key
              FROM %(table)s
             WHERE %(where)s AND %(window)s
             ORDER BY 1
             LIMIT %(batch)s) part
"""


def until(harvest, after, top, batch):
    """How many rows a batch has, and where it ends; NULL when it is the last."""
    return SQL(
        _UNTIL,
        key=harvest.key,
        table=SQL.identifier(harvest.table),
        where=harvest.where,
        window=_window(harvest.key, after, top),
        batch=batch,
    )


def items(harvest, after, top):
    """The rows whose key is after one moment and not after another."""
    return SQL(
        "(SELECT * FROM %s WHERE %s AND %s)",
        SQL.identifier(harvest.table),
        harvest.where,
        _window(harvest.key, after, top),
    )


def touches(harvest, rows):
    """The touches of rows, see ``items``."""
    return select(harvest.columns, SQL("FROM %s item %s", rows, harvest.joins))


def _window(key, after, top):
    return SQL(
        "%(key)s > %(after)s AND %(key)s <= %(top)s", key=key, after=after, top=top
    )
