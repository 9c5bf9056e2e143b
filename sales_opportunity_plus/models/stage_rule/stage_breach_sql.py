"""The SQL that writes exceeded time limits: statements only, no ORM.

Every statement handles any number of opportunities at once.
"""

from odoo.tools import SQL

from ..rows_sql import rows_table
from .stage_clock_sql import breaks, messages

FOUND_COLUMNS = {
    "lead_id": "int",
    "step_id": "int",
    "start": "timestamp",
    "quiet": "boolean",
}


def given(found):
    """``FOUND_COLUMNS`` of tuples that were worked out in Python."""
    return SQL("SELECT * FROM %s", rows_table(found, FOUND_COLUMNS, "given"))


def record(found, limit, now):
    """Write a row for each that reached a step.

    :param found: SQL of rows with ``FOUND_COLUMNS``
    """
    return SQL(
        """
        INSERT INTO crm_stage_breach (
            lead_id, limit_id, step_id, stage_id, team_id, company_id, user_id, clock,
            percent, action, clock_start, noticed_at, result)
        SELECT l.id, %(limit_id)s, step.id, %(stage_id)s, l.team_id, l.company_id,
               l.user_id, %(clock)s, step.percent, step.action, found.start, %(now)s,
               CASE WHEN found.quiet THEN 'quiet' ELSE 'waiting' END
          FROM (%(found)s) found
          JOIN crm_lead l ON l.id = found.lead_id
          JOIN crm_stage_limit_step step ON step.id = found.step_id
         ORDER BY step.percent, step.id, l.id
            ON CONFLICT DO NOTHING
        """,
        limit_id=limit.id,
        stage_id=limit.stage_id,
        clock=limit.clock,
        now=now,
        found=found,
    )


# Nearly all stand where they stood: for those one look at the open stay is enough.
_RESOLVE = """
    UPDATE crm_stage_breach breach
       SET resolved_at = GREATEST(ended.at, breach.clock_start)
      FROM (
          SELECT b.id, LEAST(%(resets)s,
                 CASE WHEN NOT stands.still THEN (
                     SELECT min(stay.entered_at) FROM crm_stage_history stay
                      WHERE stay.lead_id = b.lead_id AND stay.merged_lead_id IS NULL
                        AND COALESCE(stay.left_at, 'infinity') > b.clock_start
                        AND %(left)s) END,
                 CASE WHEN h.id IS NULL THEN %(now)s END) AS at
            FROM crm_stage_breach b
            LEFT JOIN crm_stage_history h
              ON h.lead_id = b.lead_id AND h.left_at IS NULL
           CROSS JOIN LATERAL (
               SELECT (h.stage_id = b.stage_id AND h.status = 'open'
                   AND h.lead_type = 'opportunity'
                   AND h.entered_at <= b.clock_start) IS TRUE AS still
           ) stands
           WHERE b.resolved_at IS NULL AND (b.clock <> 'stage' OR NOT stands.still)
      ) ended
     WHERE ended.id = breach.id AND ended.at IS NOT NULL
"""


def resolve(pausing, now):
    """Close what is over: the opportunity left, or its clock started anew."""
    resets = SQL(", ").join(
        SQL(
            "CASE WHEN b.clock = %s THEN (SELECT min(m.date) %s) END",
            clock,
            messages(clock, SQL("b.lead_id"), SQL("b.clock_start")),
        )
        for clock in ("activity", "reply")
    )
    left = breaks(SQL("stay"), SQL("b.stage_id"), pausing)
    return SQL(_RESOLVE, resets=resets, left=left, now=now)


def skip_resolved():
    """What was resolved before its turn came needs nobody any more."""
    return SQL(
        "UPDATE crm_stage_breach SET result = 'skipped' "
        "WHERE result = 'waiting' AND resolved_at IS NOT NULL"
    )


_RESULT_COLUMNS = {
    "id": "int",
    "result": "varchar",
    "error": "text",
    "reached_at": "timestamp",
}


def settle(results):
    """Note what became of rows: tuples of ``_RESULT_COLUMNS``."""
    return SQL(
        """
        UPDATE crm_stage_breach breach
           SET result = became.result, error = became.error,
               reached_at = became.reached_at
          FROM %s
         WHERE became.id = breach.id
        """,
        rows_table(results, _RESULT_COLUMNS, "became"),
    )


def adopt(lead_ids, into_id, now):
    """Hand the rows of merged opportunities to the one that survives."""
    return SQL(
        """
        UPDATE crm_stage_breach
           SET lead_id = %(into_id)s,
               merged_lead_id = COALESCE(merged_lead_id, lead_id),
               resolved_at = COALESCE(resolved_at, GREATEST(clock_start, %(now)s))
         WHERE lead_id = ANY(%(lead_ids)s)
        """,
        into_id=into_id,
        now=now,
        lead_ids=list(lead_ids),
    )
