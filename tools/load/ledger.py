"""Remembers in the database what was loaded, so that a second load changes nothing.

The entry of a record is written in the transaction that loads it: a load that was
killed carries on after its last whole batch. What people have changed in Odoo since
stays as they left it, unless the source has changed too.
"""

from typing import NamedTuple

TABLE = """
    CREATE TABLE IF NOT EXISTS real_data_ledger (
        external_id varchar PRIMARY KEY,
        fingerprint varchar NOT NULL
    )
"""
# A record that was deleted in Odoo has lost its external id: it is loaded again.
KNOWN = """
    SELECT data.module || '.' || data.name, ledger.fingerprint
      FROM unnest(%s::varchar[], %s::varchar[]) AS wanted (module, name)
      JOIN ir_model_data data USING (module, name)
      LEFT JOIN real_data_ledger ledger
        ON ledger.external_id = data.module || '.' || data.name
"""
REMEMBER = """
    INSERT INTO real_data_ledger
    SELECT * FROM unnest(%s::varchar[], %s::varchar[])
        ON CONFLICT (external_id) DO UPDATE SET fingerprint = EXCLUDED.fingerprint
"""


class Known(NamedTuple):
    """The records of a table, by what there is to do with them."""

    unchanged: list
    changed: list
    new: list


def prepare(cr):
    cr.execute(TABLE)


def sort(cr, table):
    """Tell the records that are as they were loaded from the others."""
    modules, names = zip(*(r.key.split(".", 1) for r in table.records), strict=True)
    cr.execute(KNOWN, [list(modules), list(names)])
    fingerprints = dict(cr.fetchall())
    known = Known([], [], [])
    for record in table.records:
        if record.key not in fingerprints:
            known.new.append(record)
        elif fingerprints[record.key] == table.fingerprint(record):
            known.unchanged.append(record)
        else:
            known.changed.append(record)
    return known


def remember(cr, fingerprints):
    """`fingerprints` by external id."""
    cr.execute(REMEMBER, [list(fingerprints), list(fingerprints.values())])


def forget(cr, key):
    cr.execute("DELETE FROM real_data_ledger WHERE external_id = %s", [key])


def remembers(cr, key):
    cr.execute("SELECT 1 FROM real_data_ledger WHERE external_id = %s", [key])
    return bool(cr.fetchone())
