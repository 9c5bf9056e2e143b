"""The SQL that writes touches: statements only, no ORM."""

import json
from datetime import datetime
from typing import NamedTuple

from odoo.tools import SQL


class Touch(NamedTuple):
    """One touch to be recorded. Ids are those of Odoo, ``None`` or 0 is nothing."""

    #: Code of a ``crm.touch.kind``.
    kind: str
    #: Naive, UTC.
    happened_at: datetime
    lead_id: int | None = None
    partner_id: int | None = None
    campaign_id: int | None = None
    medium_id: int | None = None
    source_id: int | None = None
    landing_page: str | None = None
    referrer: str | None = None
    click_id: str | None = None
    #: In ``currency_id``, zero or more.
    cost: float | None = None
    currency_id: int | None = None
    #: The system that reports it; ``external_key`` is unique in it.
    origin: str = "odoo"
    external_key: str | None = None
    #: What the origin calls the opportunity.
    lead_external_key: str | None = None
    company_id: int | None = None
    consent: str | None = None
    matched_by: str | None = None
    note: str | None = None
    reverses_id: int | None = None


_TYPES = {
    "kind": "varchar",
    "happened_at": "timestamp",
    "lead_id": "int",
    "partner_id": "int",
    "campaign_id": "int",
    "medium_id": "int",
    "source_id": "int",
    "landing_page": "varchar",
    "referrer": "varchar",
    "click_id": "varchar",
    "cost": "numeric",
    "currency_id": "int",
    "origin": "varchar",
    "external_key": "varchar",
    "lead_external_key": "varchar",
    "company_id": "int",
    "consent": "varchar",
    "matched_by": "varchar",
    "note": "varchar",
    "reverses_id": "int",
}
#: Mediums that say that nobody sent the visitor.
DIRECT_NAMES = ("direct", "(direct)", "none", "(none)")


def given(touches):
    """The rows of these ``Touch`` tuples, for ``record``.

    One JSON text: PostgreSQL reads it faster than a value per column and row, and it
    takes any character that a text column takes.
    """
    rows = [
        {
            name: value.isoformat() if isinstance(value, datetime) else value
            for name, value in touch._asdict().items()
            if value is not None and value is not False
        }
        for touch in touches
    ]
    columns = SQL(", ").join(
        SQL("%s %s", SQL.identifier(name), SQL(_TYPES[name])) for name in Touch._fields
    )
    return SQL(
        "SELECT %s FROM jsonb_to_recordset(%s::jsonb) AS touch(%s)",
        SQL(", ").join(map(SQL.identifier, Touch._fields)),
        json.dumps(rows),
        columns,
    )


def select(columns, source):
    """Touches of rows in the database, for ``record``.

    :param columns: dict of a name of ``Touch`` → ``SQL``; what is left out is NULL,
        but for the origin, which is Odoo
    :param source: ``SQL`` that begins with ``FROM``
    """
    if unknown := columns.keys() - set(Touch._fields):
        raise ValueError(f"A touch has no {', '.join(sorted(unknown))}")
    columns = {"origin": SQL("'odoo'"), **columns}
    listed = [
        SQL("(%s)::%s AS %s", columns.get(name, SQL("NULL")), SQL(kind), SQL(name))
        for name, kind in _TYPES.items()
    ]
    return SQL("SELECT %s %s", SQL(", ").join(listed), source)


#: The company of an opportunity ``lead``, as ``_source_company`` finds it.
LEAD_COMPANY = SQL(
    """COALESCE(
        lead.company_id,
        (SELECT company_id FROM crm_team WHERE id = lead.team_id),
        (SELECT company_id FROM res_users WHERE id = lead.user_id))"""
)


# Touches of the same moment keep the order in which they are given. A new combination
# of campaign, medium and source gets its row on the way. Marking the opportunity stale
# is an insert without a key: two sellers never wait for each other there.
_RECORD = """
    WITH given AS MATERIALIZED (
        SELECT *, row_number() OVER () AS place FROM (%(given)s) touch
    ),
    combination AS (
        SELECT DISTINCT COALESCE(campaign_id, 0) AS campaign_id,
               COALESCE(medium_id, 0) AS medium_id,
               COALESCE(source_id, 0) AS source_id
          FROM given
    ),
    standing AS (
        SELECT channel.id, combination.*
          FROM combination
          LEFT JOIN crm_touch_channel channel
            ON channel.campaign_id = combination.campaign_id
           AND channel.medium_id = combination.medium_id
           AND channel.source_id = combination.source_id
    ),
    added AS (
        INSERT INTO crm_touch_channel (
            campaign_id, medium_id, source_id,
            campaign_name, medium_name, source_name, is_direct
        )
        SELECT standing.campaign_id, standing.medium_id, standing.source_id,
               campaign.name, medium.name, source.name,
               standing.campaign_id = 0 AND standing.source_id = 0
               AND (standing.medium_id = 0 OR lower(medium.name) = ANY(%(direct)s))
          FROM standing
          LEFT JOIN utm_campaign campaign ON campaign.id = standing.campaign_id
          LEFT JOIN utm_medium medium ON medium.id = standing.medium_id
          LEFT JOIN utm_source source ON source.id = standing.source_id
         WHERE standing.id IS NULL
            ON CONFLICT (campaign_id, medium_id, source_id) DO NOTHING
     RETURNING id, campaign_id, medium_id, source_id
    ),
    channel AS (
        SELECT id, campaign_id, medium_id, source_id FROM added
         UNION ALL
        SELECT id, campaign_id, medium_id, source_id FROM standing
         WHERE id IS NOT NULL
    ),
    touch AS (
        INSERT INTO crm_touchpoint (
            lead_id, partner_id, kind_id, channel_id, happened_at, landing_page,
            referrer, click_id, cost, currency_id, origin, external_key,
            lead_external_key, company_id, consent, matched_by, note, reverses_id,
            recorded_at, recorded_by_id
        )
        SELECT NULLIF(given.lead_id, 0), NULLIF(given.partner_id, 0), kind.id,
               channel.id, given.happened_at, given.landing_page, given.referrer,
               given.click_id, given.cost, NULLIF(given.currency_id, 0),
               given.origin, given.external_key, given.lead_external_key,
               NULLIF(given.company_id, 0), given.consent, given.matched_by,
               given.note, given.reverses_id,
               %(at)s, %(user_id)s
          FROM given
          JOIN crm_touch_kind kind ON kind.code = given.kind
          JOIN channel
            ON channel.campaign_id = COALESCE(given.campaign_id, 0)
           AND channel.medium_id = COALESCE(given.medium_id, 0)
           AND channel.source_id = COALESCE(given.source_id, 0)
         ORDER BY given.place
            ON CONFLICT (origin, external_key) WHERE external_key IS NOT NULL
               DO NOTHING
     RETURNING id, lead_id, origin, external_key
    ),
    stale AS (
        INSERT INTO crm_attribution_stale (lead_id)
        SELECT DISTINCT lead_id FROM touch WHERE lead_id IS NOT NULL
    )
    SELECT %(answer)s FROM touch
"""


def record(given, at, user_id, answer=None):
    """Write the touches that ``given`` selects; return the rows that are new.

    A touch whose kind does not exist, or whose external key is known, is left out.

    :param answer: ``SQL`` of what is asked of the new rows
    """
    return SQL(
        _RECORD,
        given=given,
        direct=list(DIRECT_NAMES),
        at=at,
        user_id=user_id,
        answer=answer or SQL("id, lead_id, origin, external_key"),
    )
