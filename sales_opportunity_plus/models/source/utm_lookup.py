"""Campaigns, mediums and sources by name, exactly.

Odoo's own look-up takes ``%`` and ``_`` in a name for wildcards: ``spring_sale``
finds ``springXsale``. Here a name is the same when it is the same but for case and
blanks around it.
"""

from psycopg2.errors import UniqueViolation

from odoo.exceptions import ConcurrencyError
from odoo.tools import SQL

from ...engine.plain_text import clean

MODELS = {
    "campaign_id": "utm.campaign",
    "medium_id": "utm.medium",
    "source_id": "utm.source",
}


def utm_ids(env, field, names, create=True):
    """Id of each name, creating what does not exist.

    :param field: ``campaign_id``, ``medium_id`` or ``source_id``
    :param names: names as they were given
    :param create: whether a name that does not exist is created
    :return: dict name → id; names that are empty when cleaned are left out
    """
    cleaned = {name: clean(name) for name in names if name}
    wanted = {short for short in cleaned.values() if short}
    if not wanted:
        return {}
    records = env[MODELS[field]].sudo().with_context(active_test=False)
    found = _found(records, wanted)
    if create:
        made = {}
        for short in sorted(wanted - found.keys()):
            key = short.lower()
            if key not in made:
                made[key] = _create(records, short).id
            found[short] = made[key]
    return {name: found[short] for name, short in cleaned.items() if short in found}


def _found(records, names):
    """Id of each name that exists; PostgreSQL alone decides what case does."""
    records.flush_model(["name"])
    return dict(
        records.env.execute_query(
            SQL(
                "SELECT given.name, MIN(known.id) FROM unnest(%s) AS given(name) "
                "JOIN %s known ON lower(known.name) = lower(given.name) GROUP BY 1",
                sorted(names),
                SQL.identifier(records._table),
            )
        )
    )


def _create(records, name):
    values = {"name": name}
    if "is_auto_campaign" in records._fields:
        values["is_auto_campaign"] = True
    try:
        with records.env.cr.savepoint():
            return records.create(values)
    except UniqueViolation as error:
        # Somebody created it meanwhile, and this transaction cannot see it: Odoo
        # tries a request again that fails like this.
        raise ConcurrencyError(str(error)) from error
