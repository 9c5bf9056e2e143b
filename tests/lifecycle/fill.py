"""Writes lives into a database in SQL, as a year of work in plain Odoo leaves it."""

import io

import touches
from lives import lives

from testing import databases
from testing.odoo_process import shell

# Through Odoo, because people and companies need more than a row.
SETTING = """
company = env["res.company"].create({"name": "Second Company"})
group = env.ref("sales_team.group_sale_salesman").id
for login in ("fill_ann", "fill_bob"):
    env["res.users"].create({"name": login, "login": login, "group_ids": [(4, group)]})
env["crm.team"].create({"name": "Second Team", "company_id": company.id})
env.cr.commit()
"""
LEAD_COLUMNS = (
    *("id", "name", "type", "stage_id", "user_id", "team_id", "company_id", "active"),
    *("expected_revenue", "probability", "automated_probability", "won_status"),
    *("create_date", "write_date", "create_uid", "write_uid", "priority"),
    *("date_last_stage_update", "date_open", "color"),
)
MESSAGE_COLUMNS = ("id", "model", "res_id", "message_type", "date", "create_date")
VALUE_COLUMNS = (
    *("id", "field_id", "mail_message_id", "create_date", "create_uid"),
    *("old_value_integer", "new_value_integer", "old_value_float", "new_value_float"),
    *("old_value_char", "new_value_char"),
)
OUTCOME = {"open": "pending", "archived": "pending"}


def _copy(cursor, table, columns, rows):
    buffer = io.StringIO()
    for row in rows:
        cells = ("\\N" if value is None else str(value) for value in row)
        buffer.write("\t".join(cells) + "\n")
    buffer.seek(0)
    cursor.copy_from(buffer, table, columns=columns)
    cursor.execute(f"SELECT setval('{table}_id_seq', (SELECT max(id) FROM {table}))")


def _ids(cursor, sql):
    cursor.execute(sql)
    return tuple(number for (number,) in cursor.fetchall())


def _lead_row(life, places):
    team, company = places[life.id % len(places)]
    won, lost = life.status == "won", life.status == "lost"
    probability = 100 if won else 0 if lost else 40
    last = life.trackings[-1].at if life.trackings else life.created_at
    return (
        *(life.id, f"Deal {life.id}", "opportunity", life.stage, life.user),
        *(team, company, life.active, life.amount, probability, probability),
        *(OUTCOME.get(life.status, life.status), life.created_at, last),
        *(life.people[0], life.people[0], "1", life.moved_at or life.created_at),
        *(life.created_at, 0),
    )


def _tracking_rows(told, fields):
    """Messages and tracking values; changes at one moment share a message."""
    messages, values = [], []
    for life in told:
        for tracking in life.trackings:
            if not messages or messages[-1][2:6:2] != (life.id, tracking.at):
                messages.append(
                    (len(messages) + 100_000, "crm.lead", life.id, "notification")
                    + (tracking.at, tracking.at)
                )
            values.append(_value_row(len(values), messages[-1][0], tracking, fields))
    return messages, values


def _value_row(number, message, tracking, fields):
    head = (number + 100_000, fields[tracking.name], message, tracking.at, tracking.by)
    if tracking.name == "expected_revenue":
        return (*head, None, None, tracking.old, tracking.new, None, None)
    if tracking.name == "won_status":
        return (*head, None, None, None, None, "Pending", "Lost")
    return (*head, int(tracking.old), int(tracking.new), None, None, None, None)


def _strangers(messages, values, count):
    """Tracking of leads that were deleted, and of one stay on another model."""
    for number in range(count):
        message = 900_000 + number
        last = values[number]
        owner = ("crm.lead", 5_000_000 + number) if number % 2 else ("res.partner", 1)
        messages.append((message, *owner, "notification", last[3], last[3]))
        values.append((900_000 + number, last[1], message, *last[3:]))


def fill(database, count):
    """Fill a plain crm database; give the lives that are in it, by lead id."""
    shell(database, SETTING)
    with databases.connect(database) as connection, connection.cursor() as cursor:
        people = _ids(cursor, "SELECT id FROM res_users WHERE login LIKE 'fill_%'")
        (company,) = _ids(
            cursor, "SELECT id FROM res_company WHERE name = 'Second Company'"
        )
        (team,) = _ids(cursor, f"SELECT id FROM crm_team WHERE company_id = {company}")
        told = list(lives(count, people))
        cursor.execute("SELECT name, id FROM ir_model_fields WHERE model = 'crm.lead'")
        messages, values = _tracking_rows(told, dict(cursor.fetchall()))
        _strangers(messages, values, min(200, len(values)))
        places = [(1, None), (1, 1), (team, company), (None, 1), (None, None)]
        leads = [_lead_row(life, places) for life in told]
        _copy(cursor, "crm_lead", LEAD_COLUMNS, leads)
        _copy(cursor, "mail_message", MESSAGE_COLUMNS, messages)
        _copy(cursor, "mail_tracking_value", VALUE_COLUMNS, values)
        touches.fill(cursor, [life.id for life in told])
        cursor.execute("ANALYZE")
    return {life.id: life for life in told}
