"""The SQL of the decision log: statements only, no ORM."""

import json
from typing import NamedTuple

from odoo.tools import SQL

from .stage_history_sql import array_literal

#: From the mildest to the gravest: what a move as a whole came to.
_GRAVITY = ("passed", "logged", "warned", "unconfirmed", "bypassed", "blocked")


class Row(NamedTuple):
    """What the rules said about the move of one opportunity."""

    lead_id: int
    result: str
    rules: str
    move: str | None
    from_stage_id: int | None
    to_stage_id: int | None
    reason_id: int | None
    note: str | None
    user_id: int | None
    moved_by_id: int
    team_id: int | None
    company_id: int | None
    path: str


#: Columns that are not integers; those of plain words travel as cheaply as numbers.
_WORDS = {"result", "move", "path"}
_COLUMNS = SQL(", ").join(map(SQL.identifier, Row._fields))


def summary(decisions):
    """The result of a move as a whole, and what each rule said, as JSON."""
    rules = [
        {
            "rule": one.rule.id,
            "version": one.rule.version_id,
            "severity": one.rule.severity,
            "result": one.result,
        }
        | ({"missing": _missing(one.failures)} if one.failures else {})
        for one in decisions
    ]
    gravest = max((one.result for one in decisions), key=_GRAVITY.index)
    return gravest, json.dumps(rules)


def _missing(failures):
    return [one.requirement_id or one.kind for one in failures]


def insert(rows, at):
    """Write decisions of the moment ``at`` (naive datetime, UTC)."""
    if len(rows) == 1:
        return SQL(
            "INSERT INTO crm_stage_decision (%s, decided_at) VALUES %s",
            _COLUMNS,
            (*rows[0], at),
        )
    # What the rules said is alike in a batch: PostgreSQL reads each text once.
    said = {rules: place for place, rules in enumerate({row.rules for row in rows}, 1)}
    numbered = [row._replace(rules=said[row.rules]) for row in rows]
    return SQL(
        """INSERT INTO crm_stage_decision (decided_at, %(columns)s)
           SELECT %(at)s, %(values)s FROM unnest(%(arrays)s) AS entry(%(columns)s)
             JOIN unnest(%(said)s::jsonb[]) WITH ORDINALITY AS said(rules, place)
               ON said.place = entry.rules""",
        columns=_COLUMNS,
        at=at,
        values=SQL(", ").join(
            SQL.identifier("said" if name == "rules" else "entry", name)
            for name in Row._fields
        ),
        arrays=SQL(", ").join(
            _array(name, values)
            for name, values in zip(
                Row._fields, zip(*numbered, strict=True), strict=True
            )
        ),
        said=list(said),
    )


def _array(name, values):
    if name == "note":
        return SQL("%s::text[]", list(values))
    kind = SQL("varchar" if name in _WORDS else "int")
    return SQL("%s::%s[]", array_literal(values), kind)


def per_rule():
    """A table expression: the log with a row per move and rule, for reports.

    Its columns are those of the log, and ``rule_id``, ``version_id``, ``severity``,
    ``result`` and ``missing`` of the rule; ``id`` is unique and stable.
    """
    return SQL(
        """(SELECT log.id::bigint * 1000 + said.place AS id, log.id AS decision_id,
                   log.decided_at, log.lead_id, log.move, log.from_stage_id,
                   log.to_stage_id, log.reason_id, log.note, log.user_id,
                   log.moved_by_id, log.team_id, log.company_id, log.path,
                   log.result AS move_result,
                   (said.rule ->> 'rule')::int AS rule_id,
                   (said.rule ->> 'version')::int AS version_id,
                   said.rule ->> 'severity' AS severity,
                   said.rule ->> 'result' AS result,
                   said.rule -> 'missing' AS missing
              FROM crm_stage_decision log
             CROSS JOIN LATERAL jsonb_array_elements(log.rules)
                   WITH ORDINALITY AS said(rule, place))"""
    )


def names(key, record_id, since=None):
    """Whether the log names a rule (``"rule"``) or a version (``"version"``).

    :param since: naive datetime, UTC: it cannot be named before; spares looking
        through years of decisions
    """
    return SQL(
        """SELECT 1 FROM crm_stage_decision
            WHERE decided_at >= COALESCE(%(since)s, '-infinity'::timestamp)
              AND rules @> %(named)s::jsonb LIMIT 1""",
        since=since,
        named=json.dumps([{key: record_id}]),
    )
