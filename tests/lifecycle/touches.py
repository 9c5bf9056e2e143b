"""What plain Odoo kept of touches, and the touches that are to be found in it."""

from datetime import timedelta

#: One opportunity in so many has it.
SOURCED, CONVERTED, ANSWERED, MET = 3, 4, 5, 7

STATEMENTS = (
    "INSERT INTO utm_source (name) VALUES ('Filled Gazette')",
    f"""
    UPDATE crm_lead SET source_id = (SELECT max(id) FROM utm_source)
     WHERE id %% {SOURCED} = 0 AND id = ANY(%(ids)s)""",
    f"""
    UPDATE crm_lead SET date_conversion = create_date + interval '1 day'
     WHERE id %% {CONVERTED} = 0 AND id = ANY(%(ids)s)""",
    f"""
    INSERT INTO mail_message (id, model, res_id, message_type, date, create_date)
    SELECT 2000000 + id, 'crm.lead', id, 'email', create_date + interval '2 days',
           create_date
      FROM crm_lead WHERE id %% {ANSWERED} = 0 AND id = ANY(%(ids)s)""",
    f"""
    INSERT INTO calendar_event (id, name, start, stop, opportunity_id, active,
                                privacy, show_as, create_date, write_date)
    SELECT 2000000 + id, 'Meeting', create_date + interval '3 days',
           create_date + interval '3 days 1 hour', id, TRUE,
           'public', 'busy', create_date, create_date
      FROM crm_lead WHERE id %% {MET} = 0 AND id = ANY(%(ids)s)""",
)
TOUCHES = """
    SELECT touch.lead_id, kind.code, touch.happened_at, channel.source_name,
           touch.external_key, touch.origin
      FROM crm_touchpoint touch
      JOIN crm_touch_kind kind ON kind.id = touch.kind_id
      JOIN crm_touch_channel channel ON channel.id = touch.channel_id
     ORDER BY touch.lead_id, touch.happened_at, touch.id"""


def fill(cursor, lead_ids):
    for statement in STATEMENTS:
        cursor.execute(statement, {"ids": list(lead_ids)})


def expected(life):
    """The touches of one life, in order."""
    day = timedelta(days=1)
    source = None if life.id % SOURCED else "Filled Gazette"
    number = 2_000_000 + life.id
    found = (
        (SOURCED, "created", 0, source, f"crm.lead:{life.id}:created"),
        (CONVERTED, "conversion", 1, source, f"crm.lead:{life.id}:conversion"),
        (ANSWERED, "reply", 2, None, f"mail.message:{number}"),
        (MET, "meeting", 3, None, f"calendar.event:{number}"),
    )
    return [
        (life.id, kind, life.created_at + days * day, name, key, "odoo")
        for one_in, kind, days, name, key in found
        if life.id % one_in == 0
    ]
