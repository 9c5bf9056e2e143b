"""The SQL that rebuilds the stage history from Odoo's tracking values.

One statement for all opportunities: the tracking values are read once and sorted
once, and PostgreSQL spills to disk what does not fit its ``work_mem``, so that
memory stays flat. Each step below is one common table expression of it.
"""

from odoo.tools import SQL

from ..rows_sql import rows_table

#: ``seq`` of the event that stands for the opportunity as it is today.
_TODAY = SQL("2147483647")
_NOW = SQL("(now() AT TIME ZONE 'UTC')")

# The creation, each tracked change and today, of every opportunity without a
# history. An archived opportunity was lost (-1) when the same message tracked its
# outcome as well, else it was put aside (0).
_EVENT = """
    SELECT crm_lead.id AS lead_id, create_date AS at, 0 AS seq,
           NULL::int AS field_id, NULL::int AS old_id, NULL::int AS new_id,
           NULL::float8 AS old_float, NULL::float8 AS new_float, create_uid AS uid
      FROM crm_lead
     WHERE %(unknown)s
     UNION ALL
    SELECT message.res_id, COALESCE(value.create_date, message.date), value.id,
           value.field_id, COALESCE(value.old_value_integer, 0),
           CASE WHEN value.field_id = %(active)s AND value.new_value_integer = 0
                     AND (message.subtype_id = %(lost)s OR EXISTS (
                         SELECT FROM mail_tracking_value outcome
                          WHERE outcome.mail_message_id = message.id
                            AND outcome.field_id = %(won_status)s))
                THEN -1 ELSE COALESCE(value.new_value_integer, 0) END,
           value.old_value_float, value.new_value_float, value.create_uid
      FROM mail_tracking_value value
      JOIN mail_message message ON message.id = value.mail_message_id
      JOIN crm_lead ON crm_lead.id = message.res_id
     WHERE message.model = 'crm.lead' AND value.field_id = ANY(%(field_ids)s)
       AND %(unknown)s
     UNION ALL
    SELECT crm_lead.id, 'infinity', %(today)s, NULL, NULL, NULL, NULL, NULL, write_uid
      FROM crm_lead
     WHERE %(unknown)s
"""

_PLACED = """
    SELECT *, ROW_NUMBER() OVER (
               PARTITION BY lead_id ORDER BY seq > 0, at, seq) AS place
      FROM event
"""

# What was known of each field after each event; NULL where it was never tracked.
_KNOWN = """
    SELECT placed.lead_id, placed.at, placed.place, placed.seq, placed.uid,
           LEAD(placed.at) OVER past AS next_at,
           %(stage)s AS stage_id, %(active)s AS active,
           %(user)s AS user_id, %(amount)s AS amount
      FROM placed
    WINDOW past AS (PARTITION BY placed.lead_id ORDER BY placed.place),
           whole AS (PARTITION BY placed.lead_id ORDER BY placed.place
                     ROWS BETWEEN UNBOUNDED PRECEDING AND UNBOUNDED FOLLOWING)
"""

# Where each opportunity stood after each event. Changes of one transaction are one
# event: its last line counts.
_STATE = """
    SELECT known.lead_id, known.place, known.uid, lead.type, lead.team_id,
           lead.company_id, lead.probability, today.is,
           CASE WHEN NOT today.is THEN known.at
                WHEN lead.won_status IN ('won', 'lost') OR lead.active IS NOT TRUE
                THEN COALESCE(lead.date_closed, lead.date_last_stage_update,
                              lead.write_date)
                ELSE COALESCE(lead.date_last_stage_update, lead.write_date)
           END AS at,
           CASE WHEN today.is OR known.stage_id IS NULL THEN lead.stage_id
                ELSE NULLIF(known.stage_id, 0) END AS stage_id,
           COALESCE(known.active, 1) AS active,
           NULLIF(COALESCE(known.user_id, lead.user_id), 0) AS user_id,
           COALESCE(known.amount, lead.expected_revenue, 0) AS amount,
           CASE WHEN lead.won_status IN ('won', 'lost') THEN lead.won_status
                WHEN lead.active THEN 'open' ELSE 'archived' END AS status_today
      FROM known
      JOIN crm_lead lead ON lead.id = known.lead_id
     CROSS JOIN LATERAL (SELECT known.seq = %(today)s AS is) today
     WHERE known.place = 1 OR known.next_at IS DISTINCT FROM known.at
"""

_JUDGED = """
    SELECT state.*,
           CASE WHEN state.is THEN state.status_today
                WHEN stage.is_won THEN 'won'
                WHEN state.active = 1 THEN 'open'
                WHEN state.active = 0 THEN 'archived'
                ELSE 'lost' END AS status
      FROM state
      LEFT JOIN crm_stage stage ON stage.id = state.stage_id
"""

# The events that changed stage or status. Times only move on, never past today.
_STAY = """
    SELECT *
      FROM (SELECT judged.*,
                   LAG(stage_id) OVER by_lead AS from_stage_id,
                   LAG(status) OVER by_lead AS from_status,
                   LAG(place) OVER by_lead AS from_place,
                   LEAST(%(now)s, MAX(at) OVER by_lead) AS entered_at
              FROM judged
            WINDOW by_lead AS (PARTITION BY lead_id ORDER BY place)) moved
     WHERE from_place IS NULL
        OR (stage_id, status) IS DISTINCT FROM (from_stage_id, from_status)
"""

_NAMED = """
    SELECT stay.*,
           CASE WHEN from_place IS NULL THEN 'created'
                WHEN from_status <> status
                THEN CASE status WHEN 'open' THEN 'reopened' ELSE status END
                ELSE COALESCE(kind.move, 'forward') END AS move
      FROM stay
      LEFT JOIN %(kinds)s
        ON kind.before = COALESCE(stay.from_stage_id, 0)
       AND kind.after = COALESCE(stay.stage_id, 0)
       AND kind.team_id = CASE WHEN stay.team_id = ANY(%(own_team_ids)s)
                               THEN stay.team_id ELSE 0 END
"""

_INSERT = """
    INSERT INTO crm_stage_history (
        lead_id, lead_type, stage_id, from_stage_id, to_stage_id, status, move,
        exit_move, entered_at, left_at, user_id, team_id, company_id, currency_id,
        amount, probability, moved_by_id, origin)
    SELECT named.lead_id, named.type, named.stage_id, named.from_stage_id,
           LEAD(named.stage_id) OVER next, named.status, named.move,
           LEAD(named.move) OVER next,
           COALESCE(named.entered_at, %(now)s),
           LEAD(COALESCE(named.entered_at, %(now)s)) OVER next,
           named.user_id, named.team_id, named.company_id,
           COALESCE(company.currency_id, team_company.currency_id,
                    user_company.currency_id, %(currency_id)s),
           named.amount,
           CASE WHEN LEAD(named.place) OVER next IS NULL THEN named.probability END,
           named.uid, 'reconstructed'
      FROM named
      LEFT JOIN res_company company ON company.id = named.company_id
      LEFT JOIN crm_team team ON team.id = named.team_id
      LEFT JOIN res_company team_company ON team_company.id = team.company_id
      LEFT JOIN res_users owner ON owner.id = named.user_id
      LEFT JOIN res_company user_company ON user_company.id = owner.company_id
    WINDOW next AS (PARTITION BY named.lead_id ORDER BY named.place)
"""


def backfill(tracked, lost_subtype_id, kinds, own_team_ids, currency_id):
    """Rebuild the stays of every opportunity that has no history yet.

    :param tracked: dict of tracked field name → id in ``ir_model_fields``
    :param lost_subtype_id: id of the message subtype of a lost opportunity
    :param kinds: rows ``(team_id or 0, from stage or 0, to stage or 0, kind of
        move)``; team 0 stands for every team without stages of its own
    :param own_team_ids: teams that have stages of their own
    :param currency_id: for opportunities that no company can be found for
    """
    steps = {
        "event": SQL(
            _EVENT,
            unknown=SQL(
                "NOT EXISTS (SELECT FROM crm_stage_history h"
                " WHERE h.lead_id = crm_lead.id)"
            ),
            active=tracked["active"],
            won_status=tracked["won_status"],
            lost=lost_subtype_id,
            field_ids=[tracked[name] for name in _FIELDS],
            today=_TODAY,
        ),
        "placed": SQL(_PLACED),
        "known": SQL(
            _KNOWN, **{key: _known(tracked[f], f) for f, key in _FIELDS.items()}
        ),
        "state": SQL(_STATE, today=_TODAY),
        "judged": SQL(_JUDGED),
        "stay": SQL(_STAY, now=_NOW),
        "named": SQL(
            _NAMED, kinds=_kinds_of_move(kinds), own_team_ids=list(own_team_ids)
        ),
    }
    return SQL(
        "WITH %s %s",
        SQL(", ").join(
            SQL("%s AS (%s)", SQL.identifier(name), step)
            for name, step in steps.items()
        ),
        SQL(_INSERT, now=_NOW, currency_id=currency_id),
    )


_FIELDS = {
    "stage_id": "stage",
    "active": "active",
    "user_id": "user",
    "expected_revenue": "amount",
}


def _known(field_id, name):
    """The value of a tracked field at an event: the last new one, else the first old.

    A running maximum of ``ARRAY[place, value]`` finds the last value without
    another sort.
    """
    is_float = name == "expected_revenue"
    return SQL(
        """COALESCE(
            (MAX(ARRAY[placed.place, placed.%(new)s]::%(type)s[])
             FILTER (WHERE placed.field_id = %(field_id)s) OVER past)[2],
            (MIN(ARRAY[placed.place, placed.%(old)s]::%(type)s[])
             FILTER (WHERE placed.field_id = %(field_id)s) OVER whole)[2])""",
        new=SQL("new_float" if is_float else "new_id"),
        old=SQL("old_float" if is_float else "old_id"),
        type=SQL("float8" if is_float else "bigint"),
        field_id=field_id,
    )


def _kinds_of_move(rows):
    columns = {"team_id": "int", "before": "int", "after": "int", "move": "varchar"}
    return rows_table(rows, columns, "kind")
