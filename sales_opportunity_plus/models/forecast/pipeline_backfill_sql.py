"""The SQL that rebuilds the pipeline history from stage history and tracking values.

One statement for all opportunities: what happened is read once and sorted once, and
PostgreSQL spills to disk what does not fit its ``work_mem``.
"""

from odoo.tools import SQL

from .pipeline_history_sql import company_of

#: Stands for "empty", because NULL means that nothing was tracked.
_EMPTY = SQL("-1e9")

_DEAL = """
    SELECT lead.id, place.company_id AS place_id, place.currency_id, place.tz,
           place.day AS today
      FROM crm_lead lead
      JOIN place ON place.company_id = %(company)s
     WHERE NOT EXISTS (SELECT FROM crm_pipeline_history known
                        WHERE known.lead_id = lead.id)
"""

# The stays in stages, and each tracked change; values of all kinds as numbers.
_EVENT = """
    SELECT stay.lead_id, stay.entered_at AS at, 0 AS seq, stay.id,
           stay.id AS stay_id, NULL::int AS field_id,
           NULL::float8 AS old, NULL::float8 AS new
      FROM crm_stage_history stay
     WHERE stay.merged_lead_id IS NULL
     UNION ALL
    SELECT message.res_id, COALESCE(value.create_date, message.date), 1, value.id,
           NULL, value.field_id, old.value, new.value
      FROM mail_tracking_value value
      JOIN mail_message message ON message.id = value.mail_message_id
     CROSS JOIN LATERAL (SELECT CASE
           WHEN value.field_id = %(deadline)s THEN COALESCE(
               EXTRACT(epoch FROM value.old_value_datetime) / 86400, %(empty)s)
           WHEN value.field_id = %(user)s THEN COALESCE(value.old_value_integer, 0)
           ELSE value.old_value_float END::float8 AS value) old
     CROSS JOIN LATERAL (SELECT CASE
           WHEN value.field_id = %(deadline)s THEN COALESCE(
               EXTRACT(epoch FROM value.new_value_datetime) / 86400, %(empty)s)
           WHEN value.field_id = %(user)s THEN COALESCE(value.new_value_integer, 0)
           ELSE value.new_value_float END::float8 AS value) new
     WHERE message.model = 'crm.lead' AND value.field_id = ANY(%(field_ids)s)
"""

_PLACED = """
    SELECT event.*, deal.place_id, deal.currency_id,
           LEAST((event.at AT TIME ZONE 'UTC' AT TIME ZONE deal.tz)::date, deal.today)
               AS day,
           ROW_NUMBER() OVER (
               PARTITION BY event.lead_id ORDER BY event.at, event.seq, event.id)
               AS place
      FROM event
      JOIN deal ON deal.id = event.lead_id
"""

_KNOWN = """
    SELECT lead_id, place_id, currency_id, day, place,
           LEAD(day) OVER past AS next_day,
           (MAX(ARRAY[place, stay_id]) FILTER (WHERE stay_id IS NOT NULL) OVER past)[2]
               AS stay_id,
           %(amount)s AS amount, %(user)s AS user_id, %(deadline)s AS deadline,
           %(probability)s AS probability
      FROM placed
    WINDOW past AS (PARTITION BY lead_id ORDER BY place),
           whole AS (PARTITION BY lead_id ORDER BY place
                     ROWS BETWEEN UNBOUNDED PRECEDING AND UNBOUNDED FOLLOWING)
"""

# The rate of each company's currency on each day that it is needed for, found as
# Odoo's own conversion finds it.
_RATE = """
    SELECT needed.place_id, needed.day, COALESCE(
           (SELECT rate FROM res_currency_rate one
             WHERE one.currency_id = needed.currency_id AND one.name <= needed.day
               AND (one.company_id IS NULL OR one.company_id =
                    split_part(company.parent_path, '/', 1)::int)
             ORDER BY one.company_id, one.name DESC LIMIT 1),
           (SELECT rate FROM res_currency_rate one
             WHERE one.currency_id = needed.currency_id
               AND (one.company_id IS NULL OR one.company_id =
                    split_part(company.parent_path, '/', 1)::int)
             ORDER BY one.company_id, one.name LIMIT 1), 1) AS rate
      FROM (SELECT DISTINCT place_id, currency_id, day FROM known) needed
      JOIN res_company company ON company.id = needed.place_id
"""

# The last state of each day.
_INSERT = """
    INSERT INTO crm_pipeline_history (
        lead_id, lead_type, stage_id, team_id, user_id, company_id, status,
        forecast_category, amount, recurring_amount, currency_id, rate, probability,
        date_deadline, date_closed, valid_from, valid_to, is_reconstructed)
    SELECT known.lead_id, stay.lead_type, stay.stage_id, stay.team_id,
           NULLIF(COALESCE(known.user_id::int, stay.user_id), 0), lead.company_id,
           stay.status,
           CASE stay.status WHEN 'won' THEN 'closed'
                WHEN 'open' THEN COALESCE(
                    CASE WHEN lead.active AND lead.won_status = 'pending'
                         THEN lead.forecast_category_override END,
                    stage.forecast_category, 'pipeline')
                ELSE 'omitted' END,
           COALESCE(known.amount::numeric, lead.expected_revenue, 0),
           COALESCE(lead.recurring_revenue_monthly, 0), known.currency_id, rate.rate,
           CASE stay.status WHEN 'won' THEN 100 WHEN 'lost' THEN 0
                ELSE COALESCE(known.probability, stay.probability,
                    CASE WHEN lead.active AND lead.won_status = 'pending'
                         THEN lead.probability END) END,
           CASE WHEN known.deadline IS NULL THEN lead.date_deadline
                WHEN known.deadline > %(empty)s
                THEN 'epoch'::date + known.deadline::int END,
           CASE WHEN stay.status IN ('won', 'lost') THEN
               (stay.entered_at AT TIME ZONE 'UTC' AT TIME ZONE deal.tz)::date END,
           known.day, known.next_day, TRUE
      FROM known
      JOIN deal ON deal.id = known.lead_id
      JOIN crm_lead lead ON lead.id = known.lead_id
      JOIN crm_stage_history stay ON stay.id = known.stay_id
      JOIN rate ON rate.place_id = known.place_id AND rate.day = known.day
      LEFT JOIN crm_stage stage ON stage.id = stay.stage_id
     WHERE known.next_day IS DISTINCT FROM known.day
"""


def backfill(places, tracked, first_company_id):
    """Rebuild the rows of every opportunity that has none.

    :param places: see ``pipeline_history_sql.places_table``
    :param tracked: dict of field name → id in ``ir_model_fields``
    """
    steps = {
        "deal": SQL(_DEAL, company=company_of("lead", first_company_id)),
        "event": SQL(
            _EVENT,
            deadline=tracked["date_deadline"],
            user=tracked["user_id"],
            field_ids=list(tracked.values()),
            empty=_EMPTY,
        ),
        "placed": SQL(_PLACED),
        "known": SQL(
            _KNOWN,
            amount=_known(tracked["expected_revenue"]),
            user=_known(tracked["user_id"]),
            deadline=_known(tracked["date_deadline"]),
            probability=_known(tracked["probability"]),
        ),
        "rate": SQL(_RATE),
    }
    return SQL(
        "WITH place AS (SELECT * FROM %s), %s %s",
        places,
        SQL(", ").join(
            SQL("%s AS (%s)", SQL.identifier(name), step)
            for name, step in steps.items()
        ),
        SQL(_INSERT, empty=_EMPTY),
    )


def _known(field_id):
    """The value of a tracked field at an event: the last new one, else the first old.

    A running maximum of ``ARRAY[place, value]`` finds it without another sort.
    """
    return SQL(
        """COALESCE(
            (MAX(ARRAY[place, new]::float8[])
             FILTER (WHERE field_id = %(field_id)s) OVER past)[2],
            (MIN(ARRAY[place, old]::float8[])
             FILTER (WHERE field_id = %(field_id)s) OVER whole)[2])""",
        field_id=field_id,
    )
