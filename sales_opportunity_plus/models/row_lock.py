"""Lock records, and wait for whoever holds them."""

from odoo.tools import SQL


def lock_rows(records, touch=False):
    """Lock these records until the transaction ends.

    It waits where ``lock_for_update`` fails, so that of two people the second comes
    after the first. What the first one changed makes PostgreSQL refuse the lock;
    Odoo then repeats the call with what is true by then.

    :param touch: let whoever waits for these rows look again, also where nothing
        but other tables is changed
    """
    if not records.ids:
        return
    records.env.flush_all()
    table, cr = SQL.identifier(records._table), records.env.cr
    lock = "SELECT 1 FROM %s WHERE id = ANY(%s) ORDER BY id FOR NO KEY UPDATE"
    cr.execute(SQL(lock, table, records.ids))
    if touch:
        update = "UPDATE %s SET write_date = write_date WHERE id = ANY(%s)"
        cr.execute(SQL(update, table, records.ids))
