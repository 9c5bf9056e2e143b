"""The SQL that writes the past: reconstructed from tracking, or imported."""

from odoo.tools import SQL

#: Name and type of the columns that an import fills, in order.
STAY_COLUMNS = {
    "lead_id": "int",
    "lead_type": "varchar",
    "stage_id": "int",
    "from_stage_id": "int",
    "to_stage_id": "int",
    "status": "varchar",
    "move": "varchar",
    "exit_move": "varchar",
    "entered_at": "timestamp",
    "left_at": "timestamp",
    "user_id": "int",
    "team_id": "int",
    "company_id": "int",
    "currency_id": "int",
    "amount": "numeric",
    "probability": "float8",
    "moved_by_id": "int",
}


def unnest(rows, columns, alias):
    """A table expression of ``rows`` (dicts), typed by ``columns``."""
    return SQL(
        "unnest(%s) AS %s(%s)",
        SQL(", ").join(
            SQL("%s::%s[]", [row.get(name) for row in rows], SQL(type_))
            for name, type_ in columns.items()
        ),
        SQL.identifier(alias),
        SQL(", ").join(map(SQL.identifier, columns)),
    )


def insert_stays(stays):
    """Insert imported stays (dicts with the keys of ``STAY_COLUMNS``)."""
    names = SQL(", ").join(map(SQL.identifier, STAY_COLUMNS))
    return SQL(
        "INSERT INTO crm_stage_history (%s, origin) SELECT stay.*, 'imported' FROM %s",
        names,
        unnest(stays, STAY_COLUMNS, "stay"),
    )


_BACKDATE_COLUMNS = {
    "lead_id": "int",
    "create_date": "timestamp",
    "date_open": "timestamp",
    "date_closed": "timestamp",
    "date_last_stage_update": "timestamp",
    "date_conversion": "timestamp",
}


def backdate(rows):
    """Give opportunities the dates of their past; a missing date stays as it is.

    The days that Odoo derives from them follow in the same statement.
    """
    return SQL(
        """
        UPDATE crm_lead lead
           SET create_date = past.create_date,
               date_open = past.date_open,
               date_closed = past.date_closed,
               date_last_stage_update = past.date_last_stage_update,
               date_conversion = past.date_conversion,
               day_open = ABS(EXTRACT(epoch FROM past.date_open - past.create_date))
                   ::int / 86400,
               day_close = ABS(EXTRACT(epoch FROM past.date_closed - past.create_date))
                   ::int / 86400
          FROM (
               SELECT l.id,
                      COALESCE(p.create_date, l.create_date) AS create_date,
                      COALESCE(p.date_open, l.date_open) AS date_open,
                      COALESCE(p.date_closed, l.date_closed) AS date_closed,
                      COALESCE(p.date_last_stage_update, l.date_last_stage_update)
                          AS date_last_stage_update,
                      COALESCE(p.date_conversion, l.date_conversion) AS date_conversion
                 FROM crm_lead l
                 JOIN %s ON p.lead_id = l.id
          ) past
         WHERE past.id = lead.id
        """,
        unnest(rows, _BACKDATE_COLUMNS, "p"),
    )


def kinds_of_move(rows):
    """A table expression of ``(team_id, before, after, move)``; team 0 is any."""
    columns = {"team_id": "int", "before": "int", "after": "int", "move": "varchar"}
    return unnest(
        [dict(zip(columns, row, strict=True)) for row in rows], columns, "kind"
    )


def backfill(tracked, kinds, own_team_ids):
    """Rebuild the stays of every opportunity from Odoo's tracking values.

    One pass over the tracking values, sorted once: PostgreSQL spills to disk
    what does not fit its ``work_mem``, so that memory stays flat.

    *event* has the creation, each tracked change and the present of every
    opportunity, in order. *state* is the value of each field after each event:
    the last new value, else the first old one, else the present one (a running
    maximum of ``ARRAY[place, value]`` finds the last without a second sort).
    *stay* keeps the events that changed stage or status.

    Opportunities that have a history already are left alone.

    :param tracked: dict of tracked field name → id in ``ir_model_fields``
    :param kinds: rows ``(team_id or 0, from stage, to stage, kind of move)``
    :param own_team_ids: teams that have stages of their own
    """
    return SQL(
        """
        WITH event AS (
            SELECT crm_lead.id AS lead_id, create_date AS at, 0 AS seq, NULL::int AS field_id,
                   NULL::int AS old_id, NULL::int AS new_id,
                   NULL::float8 AS old_float, NULL::float8 AS new_float,
                   create_uid AS uid
              FROM crm_lead
             WHERE %(unknown)s
             UNION ALL
            SELECT message.res_id, COALESCE(value.create_date, message.date), value.id,
                   value.field_id,
                   COALESCE(value.old_value_integer, 0),
                   COALESCE(value.new_value_integer, 0),
                   value.old_value_float, value.new_value_float, value.create_uid
              FROM mail_tracking_value value
              JOIN mail_message message ON message.id = value.mail_message_id
              JOIN crm_lead ON crm_lead.id = message.res_id
             WHERE message.model = 'crm.lead' AND value.field_id = ANY(%(field_ids)s)
               AND %(unknown)s
             UNION ALL
            SELECT id, 'infinity', %(last)s, NULL, NULL, NULL, NULL, NULL, write_uid
              FROM crm_lead
             WHERE %(unknown)s
        ),
        placed AS (
            SELECT *, ROW_NUMBER() OVER (
                       PARTITION BY lead_id ORDER BY seq > 0, at, seq) AS place
              FROM event
        ),
        known AS (
            SELECT placed.lead_id, placed.at, placed.place, placed.seq, placed.uid,
                   %(stage)s AS stage_id, %(active)s AS active,
                   %(user)s AS user_id, %(amount)s AS amount
              FROM placed
            WINDOW past AS (PARTITION BY placed.lead_id ORDER BY placed.place),
                   whole AS (PARTITION BY placed.lead_id ORDER BY placed.place
                             ROWS BETWEEN UNBOUNDED PRECEDING AND UNBOUNDED FOLLOWING)
        ),
        state AS (
            SELECT known.lead_id, known.place, known.seq, known.uid, lead.type,
                   lead.team_id, lead.company_id, lead.probability,
                   CASE WHEN known.seq = %(last)s
                        THEN COALESCE(lead.date_last_stage_update, lead.write_date)
                        ELSE known.at END AS at,
                   lead.create_date,
                   CASE WHEN known.seq = %(last)s THEN lead.stage_id
                        ELSE COALESCE(NULLIF(known.stage_id, 0),
                             CASE WHEN known.stage_id IS NULL
                                  THEN lead.stage_id END) END AS stage_id,
                   CASE WHEN known.seq = %(last)s THEN lead.active
                        ELSE COALESCE(known.active <> 0, lead.active, TRUE)
                   END AS active,
                   NULLIF(COALESCE(known.user_id, lead.user_id), 0) AS user_id,
                   COALESCE(known.amount, lead.expected_revenue, 0) AS amount,
                   lead.won_status
              FROM known
              JOIN crm_lead lead ON lead.id = known.lead_id
        ),
        judged AS (
            SELECT state.*,
                   CASE WHEN state.seq = %(last)s AND state.won_status IN ('won', 'lost')
                             THEN state.won_status
                        WHEN state.seq <> %(last)s AND stage.is_won THEN 'won'
                        WHEN state.active THEN 'open'
                        WHEN state.won_status = 'pending' THEN 'archived'
                        ELSE 'lost' END AS status
              FROM state
              LEFT JOIN crm_stage stage ON stage.id = state.stage_id
        ),
        stay AS (
            SELECT *
              FROM (SELECT judged.*,
                           LAG(stage_id) OVER by_lead AS from_stage_id,
                           LAG(status) OVER by_lead AS from_status,
                           LAG(place) OVER by_lead AS from_place,
                           -- Times only move on, and never past this moment.
                           LEAST(%(now)s, MAX(COALESCE(at, create_date)) OVER by_lead)
                               AS entered_at
                      FROM judged
                    WINDOW by_lead AS (PARTITION BY lead_id ORDER BY place)) moved
             WHERE from_place IS NULL
                OR (stage_id, status) IS DISTINCT FROM (from_stage_id, from_status)
        ),
        named AS (
            SELECT stay.*,
                   CASE WHEN from_place IS NULL THEN 'created'
                        WHEN from_status <> status
                             THEN CASE status WHEN 'open' THEN 'reopened'
                                              ELSE status END
                        ELSE COALESCE(kind.move, 'forward') END AS move
              FROM stay
              LEFT JOIN %(kinds)s
                ON kind.before = COALESCE(stay.from_stage_id, 0)
               AND kind.after = COALESCE(stay.stage_id, 0)
               AND kind.team_id = CASE WHEN stay.team_id = ANY(%(own_team_ids)s)
                                       THEN stay.team_id ELSE 0 END
        )
        INSERT INTO crm_stage_history (
            lead_id, lead_type, stage_id, from_stage_id, to_stage_id, status, move,
            exit_move, entered_at, left_at, user_id, team_id, company_id, currency_id,
            amount, probability, moved_by_id, origin)
        SELECT named.lead_id, named.type, named.stage_id, named.from_stage_id,
               LEAD(named.stage_id) OVER next, named.status, named.move,
               LEAD(named.move) OVER next,
               COALESCE(named.entered_at, %(now)s), LEAD(named.entered_at) OVER next,
               named.user_id, named.team_id, named.company_id,
               COALESCE(company.currency_id, team_company.currency_id,
                        user_company.currency_id, %(currency_id)s),
               named.amount,
               CASE WHEN LEAD(named.place) OVER next IS NULL
                    THEN named.probability END,
               named.uid, 'reconstructed'
          FROM named
          LEFT JOIN res_company company ON company.id = named.company_id
          LEFT JOIN crm_team team ON team.id = named.team_id
          LEFT JOIN res_company team_company ON team_company.id = team.company_id
          LEFT JOIN res_users owner ON owner.id = named.user_id
          LEFT JOIN res_company user_company ON user_company.id = owner.company_id
        WINDOW next AS (PARTITION BY named.lead_id ORDER BY named.place)
        """,
        field_ids=list(tracked.values()),
        last=2**31 - 1,
        unknown=SQL(
            "NOT EXISTS (SELECT FROM crm_stage_history h"
            " WHERE h.lead_id = crm_lead.id)"
        ),
        stage=_known_id(tracked["stage_id"]),
        active=_known_id(tracked["active"]),
        user=_known_id(tracked["user_id"]),
        amount=_known_float(tracked["expected_revenue"]),
        kinds=kinds,
        own_team_ids=list(own_team_ids),
        now=SQL("(now() AT TIME ZONE 'UTC')"),
        currency_id=SQL("(SELECT currency_id FROM res_company ORDER BY id LIMIT 1)"),
    )


def _known_id(field_id):
    return _known(field_id, SQL("old_id"), SQL("new_id"), SQL("bigint"))


def _known_float(field_id):
    return _known(field_id, SQL("old_float"), SQL("new_float"), SQL("float8"))


def _known(field_id, old, new, type_):
    """The value of a tracked field at an event, ``NULL`` where never tracked."""
    return SQL(
        """COALESCE(
            (MAX(ARRAY[placed.place, placed.%(new)s]::%(type)s[])
             FILTER (WHERE placed.field_id = %(field_id)s) OVER past)[2],
            (MIN(ARRAY[placed.place, placed.%(old)s]::%(type)s[])
             FILTER (WHERE placed.field_id = %(field_id)s) OVER whole)[2])""",
        new=new,
        old=old,
        type=type_,
        field_id=field_id,
    )
