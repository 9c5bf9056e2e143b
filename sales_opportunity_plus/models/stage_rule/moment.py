"""What the SQL of a requirement is asked about."""

from dataclasses import dataclass
from typing import Any

from odoo.tools import SQL


@dataclass(frozen=True, slots=True)
class Moment:
    """Opportunities at a moment of their lives, in a query.

    The same expressions judge one opportunity that moves now, every open one in a
    dry run, and the past stays of a replay.

    ``lead`` is the alias of ``crm_lead`` in ``query``, to which an expression may
    add joins; ``at`` is when the move happens and ``entered_at`` when the stay that
    it ends began (both naive timestamps, UTC; ``NULL`` where there was none).
    """

    env: Any
    query: Any
    lead: str
    at: SQL
    entered_at: SQL

    @property
    def lead_id(self):
        return SQL.identifier(self.lead, "id")

    def within(self, column, since_stage):
        """A condition: ``column`` lies before the move, and after the entry."""
        if not since_stage:
            return SQL("%s <= %s", column, self.at)
        return SQL(
            "%(column)s <= %(at)s"
            " AND %(column)s >= COALESCE(%(entered_at)s, '-infinity'::timestamp)",
            column=column,
            at=self.at,
            entered_at=self.entered_at,
        )
