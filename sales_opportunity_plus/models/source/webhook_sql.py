"""The SQL that writes events down for webhooks: statements only, no ORM.

One statement for all opportunities that moved and all webhooks that listen. The
payload is put together by PostgreSQL from what is in the tables at that moment: it
needs no query for names, and stays as it is whatever happens to them later.
"""

import json
from collections.abc import Iterable
from typing import NamedTuple

from odoo.tools import SQL

#: Changes when receivers have to read a payload in another way.
VERSION = 1
#: Fields of the opportunity that are read from its table.
LEAD_FIELDS = (
    "name",
    "company_id",
    "partner_id",
    "contact_name",
    "partner_name",
    "email_from",
    "phone",
    "campaign_id",
    "medium_id",
    "source_id",
)


class Happening(NamedTuple):
    """An event of one opportunity. What is ``None`` is taken from its table."""

    event: str
    lead_id: int
    move: str | None
    stage_id: int | None
    old_stage_id: int | None
    user_id: int | None
    team_id: int | None
    company_id: int | None
    currency_id: int | None = None
    amount: float | None = None
    probability: float | None = None
    #: The stage that a rule kept it from, and what the rules said.
    to_stage_id: int | None = None
    rules: list | None = None


_TYPES = {
    "place": "int",
    "event": "varchar",
    "lead_id": "int",
    "move": "varchar",
    "stage_id": "int",
    "old_stage_id": "int",
    "user_id": "int",
    "team_id": "int",
    "company_id": "int",
    "currency_id": "int",
    "amount": "numeric",
    "probability": "float8",
    "to_stage_id": "int",
    "rules": "jsonb",
}


def _given(happenings: Iterable[Happening]) -> SQL:
    rows = [
        {
            "place": place,
            **one._asdict(),
            # As text: JSON has no number for what a column may hold (NaN).
            "amount": _text(one.amount),
            "probability": _text(one.probability),
        }
        for place, one in enumerate(happenings, 1)
    ]
    columns = SQL(", ").join(
        SQL("%s %s", SQL.identifier(name), SQL(kind)) for name, kind in _TYPES.items()
    )
    return SQL(
        "SELECT * FROM jsonb_to_recordset(%s::jsonb) AS happening(%s)",
        json.dumps(rows),
        columns,
    )


def _text(number):
    return None if number is None else str(number)


def _named(table, record_id, name="named.name"):
    """SQL: id and name of a record.

    A look-up of its own for each: to plan a dozen joins would take PostgreSQL longer
    than everything else together.
    """
    return SQL(
        "(SELECT jsonb_build_object('id', named.id, 'name', %s)"
        " FROM %s named WHERE named.id = %s)",
        SQL(name),
        SQL.identifier(table),
        SQL(record_id),
    )


def _translated(table, record_id):
    """The same for a translated name: in English, which it always has."""
    return _named(table, record_id, "named.name ->> 'en_US'")


_USER = """
    (SELECT jsonb_build_object('id', person.id, 'name', partner.name)
       FROM res_users person JOIN res_partner partner ON partner.id = person.partner_id
      WHERE person.id = %s)
"""
_CURRENCY = """
    (SELECT currency.name FROM res_currency currency
      WHERE currency.id = COALESCE(given.currency_id, (
            SELECT company.currency_id FROM res_company company
             WHERE company.id = place.company_id)))
"""
_PARTS = {
    "amount": SQL(
        "jsonb_build_object('amount', COALESCE(given.amount, lead.expected_revenue),"
        " 'currency', %s, 'probability', COALESCE(given.probability,"
        " lead.probability))",
        SQL(_CURRENCY),
    ),
    "people": SQL(
        "jsonb_build_object('salesperson', %s, 'team', %s)",
        SQL(_USER, SQL("given.user_id")),
        _translated("crm_team", "given.team_id"),
    ),
    # A customer that is no contact yet has a name only.
    "contact": SQL(
        "jsonb_build_object('contact', COALESCE(%s, CASE WHEN"
        " COALESCE(lead.partner_name, lead.contact_name) IS NOT NULL THEN"
        " jsonb_build_object('id', NULL, 'name',"
        " COALESCE(lead.partner_name, lead.contact_name)) END))",
        _named("res_partner", "lead.partner_id"),
    ),
    "source": SQL(
        "jsonb_build_object('campaign', %s, 'medium', %s, 'source', %s)",
        _named("utm_campaign", "lead.campaign_id"),
        _named("utm_medium", "lead.medium_id"),
        _named("utm_source", "lead.source_id"),
    ),
    "personal": SQL(
        "jsonb_build_object('contact_person', lead.contact_name,"
        " 'email', lead.email_from, 'phone', lead.phone)"
    ),
}

# An opportunity whose creation was refused is in no table.
_FACTS = """
    SELECT given.place, given.event, given.move, lead.id AS lead_id,
           lead.name AS lead_name, given.rules, place.company_id,
           jsonb_build_object('id', lead.id, 'name', lead.name,
                              'stage', %(stage)s, 'old_stage', %(old_stage)s) AS basics,
           %(to_stage)s AS to_stage, %(parts)s
      FROM given
      LEFT JOIN crm_lead lead ON lead.id = given.lead_id
     CROSS JOIN LATERAL (SELECT COALESCE(
           lead.company_id, given.company_id,
           (SELECT team.company_id FROM crm_team team WHERE team.id = given.team_id),
           (SELECT person.company_id FROM res_users person
             WHERE person.id = given.user_id),
           %(first_company_id)s) AS company_id) place
"""

# The order of the rows is that of the events: what is sent first has the lower id.
_RECORD = """
    WITH given AS MATERIALIZED (%(given)s),
    fact AS MATERIALIZED (%(facts)s),
    told AS (%(told)s)
    INSERT INTO crm_webhook_delivery (
        webhook_id, event, event_id, lead_id, lead_name, company_id, happened_at,
        next_try_at, state, attempts, payload
    )
    SELECT webhook_id, event, event_id, lead_id, lead_name, company_id, %(at)s, %(at)s,
           'waiting', 0,
           jsonb_build_object(
               'version', %(version)s, 'event', event, 'event_id', event_id,
               'occurred_at', %(occurred_at)s, 'move', move, 'moved_by', %(mover)s,
               'opportunity', opportunity
           ) || CASE WHEN rules IS NULL THEN '{}'::jsonb
                ELSE jsonb_build_object('to_stage', to_stage, 'rules', rules) END
      FROM (SELECT *, gen_random_uuid()::varchar AS event_id FROM told
             ORDER BY place, webhook_id) AS event
"""


def record(happenings, listeners, at, user_id, first_company_id):
    """Write events down for webhooks.

    :param listeners: list of (``Listener``, SQL of the ids that its domain lets
        through or ``None``)
    :param at: naive datetime, UTC
    """
    wanted = {part for listener, _ids in listeners for part in listener.parts}
    facts = SQL(
        _FACTS,
        first_company_id=first_company_id,
        stage=_translated("crm_stage", "given.stage_id"),
        old_stage=_translated("crm_stage", "given.old_stage_id"),
        to_stage=_translated("crm_stage", "given.to_stage_id"),
        parts=SQL(", ").join(
            SQL(
                "%s AS %s",
                part if name in wanted else SQL("NULL"),
                SQL.identifier(name),
            )
            for name, part in _PARTS.items()
        ),
    )
    return SQL(
        _RECORD,
        given=_given(happenings),
        facts=facts,
        told=SQL(" UNION ALL ").join(_told(*listener) for listener in listeners),
        at=at,
        occurred_at=at.isoformat(timespec="milliseconds") + "Z",
        version=VERSION,
        mover=SQL(_USER, user_id),
    )


def _told(listener, lead_ids):
    parts = [SQL("fact.basics")]
    parts += [SQL.identifier("fact", part) for part in listener.parts]
    if listener.columns:
        pairs = SQL(", ").join(
            SQL("%s::text, %s", name, SQL.identifier("more", name))
            for name in listener.columns
        )
        parts.append(
            SQL(
                "jsonb_build_object('extra', (SELECT jsonb_build_object(%s)"
                " FROM crm_lead more WHERE more.id = fact.lead_id))",
                pairs,
            )
        )
    return SQL(
        """SELECT fact.place, %(webhook_id)s AS webhook_id, fact.event, fact.move,
                  fact.lead_id, fact.lead_name, fact.company_id, fact.to_stage,
                  fact.rules, %(opportunity)s AS opportunity
             FROM fact
            WHERE fact.company_id = %(company_id)s AND fact.event = ANY(%(events)s)
              AND %(condition)s""",
        webhook_id=listener.webhook_id,
        opportunity=SQL(" || ").join(parts),
        company_id=listener.company_id,
        events=sorted(listener.events),
        condition=SQL("TRUE")
        if lead_ids is None
        else SQL("fact.lead_id IN %s", lead_ids),
    )
