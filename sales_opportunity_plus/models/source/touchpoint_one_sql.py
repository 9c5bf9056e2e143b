"""The SQL that writes one touch whose campaign, medium and source came before.

Saving an opportunity records one touch: for that, PostgreSQL plans and runs this in a
third of the time that the statement for many takes.
"""

from odoo.tools import SQL

_PLAIN = (
    "happened_at",
    "landing_page",
    "referrer",
    "click_id",
    "cost",
    "origin",
    "external_key",
    "lead_external_key",
    "consent",
    "matched_by",
    "note",
    "reverses_id",
)
_IDS = ("lead_id", "partner_id", "currency_id", "company_id")
_COLUMNS = (*_IDS, *_PLAIN)


# One text for all: putting it together would take as long as PostgreSQL needs for it.
_RECORD_ONE = f"""
    WITH touch AS (
        INSERT INTO crm_touchpoint (
            kind_id, channel_id, recorded_at, recorded_by_id, {", ".join(_COLUMNS)}
        )
        SELECT kind.id, channel.id, %s, %s, {", ".join(["%s"] * len(_COLUMNS))}
          FROM crm_touch_kind kind, crm_touch_channel channel
         WHERE kind.code = %s AND channel.campaign_id = %s
           AND channel.medium_id = %s AND channel.source_id = %s
            ON CONFLICT (origin, external_key) WHERE external_key IS NOT NULL
               DO NOTHING
     RETURNING id, lead_id, origin, external_key
    ),
    stale AS (
        INSERT INTO crm_attribution_stale (lead_id)
        SELECT lead_id FROM touch WHERE lead_id IS NOT NULL
    )
    SELECT id, lead_id, origin, external_key FROM touch
"""


def record_one(touch, at, user_id):
    """Write a ``Touch``; return its row, or none when it is known or is not simple.

    None comes back too where the combination of campaign, medium and source is new:
    ``touchpoint_sql.record`` knows what to do then.
    """
    channel = (touch.campaign_id, touch.medium_id, touch.source_id)
    return SQL(
        _RECORD_ONE,
        at,
        user_id,
        *(getattr(touch, name) or None for name in _COLUMNS),
        touch.kind,
        *(part or 0 for part in channel),
    )
