"""One call at a time creates somebody: locks that end with the transaction."""

import zlib

from odoo import SUPERUSER_ID, api
from odoo.exceptions import ConcurrencyError
from odoo.tools import SQL

#: Our locks among the advisory locks of the database.
_CLASS = 0x50F1AD
#: Locks that a call holds at most, whatever its batch: PostgreSQL has room for a few
#: thousand in all. People who share one wait for each other, and nothing else.
BUCKETS = 128


def lock_people(env, sought, origin, company):
    """Wait until nobody else creates these people; see what was created meanwhile.

    What this transaction sees was fixed before it waited. Where another one created
    one of these people since, this one is tried again by Odoo and finds them.

    :param sought: list of ``Sought`` that were not found
    """
    people = {value for one in sought for value in (one.email, one.phone) if value}
    if not people:
        return
    # In one order for all, so that no two calls wait for each other.
    keys = sorted({zlib.crc32(value.encode()) % BUCKETS for value in people})
    env.cr.execute(
        SQL(
            "SELECT pg_advisory_xact_lock(%s, key) FROM unnest(%s::int[]) AS key",
            _CLASS,
            [company.id * BUCKETS + key for key in keys],
        )
    )
    with env.registry.cursor() as cr:
        leads = api.Environment(cr, SUPERUSER_ID, {})["crm.lead"]
        now = leads._source_match(sought, origin, company.with_env(leads.env))
    before = env["crm.lead"]._source_match(sought, origin, company)
    for was, is_now in zip(before, now, strict=True):
        if (is_now.lead_id and not was.lead_id) or (
            is_now.partner_id and not was.partner_id
        ):
            raise ConcurrencyError("another call created the same person")
