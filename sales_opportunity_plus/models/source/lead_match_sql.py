"""The SQL that finds the opportunity of a person: statements only, no ORM."""

from odoo.tools import SQL

# An opportunity without company belongs to that of its team or salesperson; one that
# has neither belongs to everybody.
_OPEN = """
    lead.active AND lead.won_status = 'pending'
    AND COALESCE(lead.company_id, team.company_id, seller.company_id, %(company_id)s)
        = %(company_id)s
"""
_COMPANY_OF_LEAD = """
    LEFT JOIN crm_team team ON team.id = lead.team_id
    LEFT JOIN res_users seller ON seller.id = lead.user_id
"""


def by_external_key(origin, keys, lead_prefix, company_id):
    """(key, lead id, contact id) of what a connector named before; open or not.

    A key names the lead that came under it, else the one of a touch that came with it
    as the key of its lead, else the one of the touch that came under it.
    """
    return SQL(
        """
        SELECT DISTINCT ON (wanted.key) wanted.key, lead.id, lead.partner_id
          FROM unnest(%(keys)s) AS wanted(key)
    CROSS JOIN LATERAL (
                SELECT id, lead_id,
                       CASE external_key WHEN wanted.key THEN 3 ELSE 1 END AS place
                  FROM crm_touchpoint
                 WHERE origin = %(origin)s
                   AND external_key IN (wanted.key, %(lead_prefix)s || wanted.key)
                 UNION ALL
                SELECT id, lead_id, 2
                  FROM crm_touchpoint
                 WHERE origin = %(origin)s AND lead_external_key = wanted.key
                   AND reversed_by_id IS NULL
               ) touch
          JOIN crm_lead lead ON lead.id = touch.lead_id
               %(company_of_lead)s
         WHERE COALESCE(
                   lead.company_id, team.company_id, seller.company_id, %(company_id)s
               ) = %(company_id)s
         ORDER BY wanted.key, touch.place, touch.id DESC
        """,
        company_of_lead=SQL(_COMPANY_OF_LEAD),
        origin=origin,
        keys=keys,
        lead_prefix=lead_prefix,
        company_id=company_id,
    )


def by_own(column, values, company_id):
    """(value, lead id, contact id): the most recent open one with an email or phone."""
    return SQL(
        """
        SELECT DISTINCT ON (%(column)s) %(column)s, lead.id, lead.partner_id
          FROM crm_lead lead
               %(company_of_lead)s
         WHERE %(column)s = ANY(%(values)s) AND %(open)s
         ORDER BY %(column)s, lead.create_date DESC, lead.id DESC
        """,
        column=SQL.identifier("lead", column),
        company_of_lead=SQL(_COMPANY_OF_LEAD),
        values=values,
        open=SQL(_OPEN, company_id=company_id),
    )


def by_contact(column, values, company_id):
    """(value, lead id or none, contact id) of contacts with an email or phone.

    The contact's own open opportunity comes before that of its company; a contact
    that has one comes before a contact that has none.
    """
    return SQL(
        """
        SELECT DISTINCT ON (%(column)s) %(column)s, lead.id, partner.id
          FROM res_partner partner
          LEFT JOIN (
                crm_lead lead
                %(company_of_lead)s
               )
            ON lead.partner_id IN (partner.id, partner.commercial_partner_id)
           AND %(open)s
         WHERE %(column)s = ANY(%(values)s) AND partner.active
           AND COALESCE(partner.company_id, %(company_id)s) = %(company_id)s
         ORDER BY %(column)s, lead.id IS NULL, lead.partner_id = partner.id DESC,
                  lead.create_date DESC, lead.id DESC, partner.id
        """,
        column=SQL.identifier("partner", column),
        company_of_lead=SQL(_COMPANY_OF_LEAD),
        open=SQL(_OPEN, company_id=company_id),
        values=values,
        company_id=company_id,
    )
