"""The SQL that writes the decision log: statements only, no ORM."""

import json
from typing import NamedTuple

from odoo.tools import SQL


class Row(NamedTuple):
    """What one rule said about the move of one opportunity."""

    lead_id: int
    rule_id: int
    version_id: int | None
    severity: str
    result: str
    move: str | None
    from_stage_id: int | None
    to_stage_id: int | None
    missing: str | None
    reason_id: int | None
    note: str | None
    user_id: int | None
    decided_for_id: int
    team_id: int | None
    company_id: int | None
    path: str


_TYPES = {"severity": "varchar", "result": "varchar", "move": "varchar"}
_TYPES.update(missing="jsonb", note="text", path="varchar")
_COLUMNS = SQL(", ").join(map(SQL.identifier, Row._fields))


def missing(failures):
    """What failed, as the log keeps it: ids of requirements, ``who``, ``approval``."""
    if not failures:
        return None
    return json.dumps([one.requirement_id or one.kind for one in failures])


def insert(rows, at):
    """Write decisions of the moment ``at`` (naive datetime, UTC)."""
    return SQL(
        "INSERT INTO crm_stage_decision (decided_at, %s) SELECT %s, row.* FROM unnest(%s)"
        " AS row(%s)",
        _COLUMNS,
        at,
        SQL(", ").join(
            SQL("%s::%s[]", list(values), SQL(_TYPES.get(name, "int")))
            for name, values in zip(Row._fields, zip(*rows, strict=True), strict=True)
        ),
        _COLUMNS,
    )
