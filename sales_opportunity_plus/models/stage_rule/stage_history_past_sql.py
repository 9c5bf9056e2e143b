"""The SQL that writes a past that was lived elsewhere: an import."""

from odoo.tools import SQL

from ..rows_sql import rows_table

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


def _table(rows, columns, alias):
    """As ``rows_table``, of dicts that may lack keys."""
    found = [tuple(row.get(name) for name in columns) for row in rows]
    return rows_table(found, columns, alias)


def insert_stays(stays):
    """Insert imported stays (dicts with the keys of ``STAY_COLUMNS``)."""
    names = SQL(", ").join(map(SQL.identifier, STAY_COLUMNS))
    return SQL(
        "INSERT INTO crm_stage_history (%s, origin) SELECT stay.*, 'imported' FROM %s",
        names,
        _table(stays, STAY_COLUMNS, "stay"),
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
               day_open = ABS(FLOOR(EXTRACT(epoch FROM past.date_open
                   - date_trunc('second', past.create_date)) / 86400)),
               day_close = ABS(FLOOR(EXTRACT(epoch FROM past.date_closed
                   - past.create_date) / 86400))
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
        _table(rows, _BACKDATE_COLUMNS, "p"),
    )
