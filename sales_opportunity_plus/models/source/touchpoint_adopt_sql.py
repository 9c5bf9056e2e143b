"""The SQL that gives touches of contacts to an opportunity of the contact.

A touch goes to the oldest opportunity of its contact, else of the same company, that
was not closed before the touch: the one that was open then, or the next one to come.
Never to one of another company of the database; never twice, and never when the touch
was another opportunity's, which was deleted.
"""

from odoo.tools import SQL

from .touchpoint_sql import LEAD_COMPANY

_ADOPT = """
    WITH loose AS MATERIALIZED (
        SELECT touch.id, touch.partner_id, touch.happened_at, touch.company_id
          FROM crm_touchpoint touch
         WHERE touch.lead_id IS NULL AND touch.merged_lead_id IS NULL
           AND touch.partner_id IS NOT NULL
           AND touch.reverses_id IS NULL AND touch.reversed_by_id IS NULL
           AND %(condition)s
    ),
    chosen AS (
        SELECT loose.id, deal.lead_id, deal.company_id
          FROM loose
          JOIN res_partner contact ON contact.id = loose.partner_id
         CROSS JOIN LATERAL (
               SELECT found.lead_id, found.company_id
                 FROM (SELECT lead.id AS lead_id, lead.create_date,
                              lead.partner_id = contact.id AS is_own,
                              %(company)s AS company_id
                         FROM res_partner relative
                         JOIN crm_lead lead ON lead.partner_id = relative.id
                        WHERE relative.commercial_partner_id
                              = contact.commercial_partner_id
                          AND (lead.date_closed IS NULL
                               OR lead.date_closed >= loose.happened_at
                               OR (lead.active AND lead.won_status = 'pending'))
                      ) found
                WHERE loose.company_id IS NULL OR found.company_id IS NULL
                   OR found.company_id = loose.company_id
                ORDER BY found.is_own DESC, found.create_date, found.lead_id
                LIMIT 1) deal
    ),
    adopted AS (
        UPDATE crm_touchpoint touch
           SET lead_id = chosen.lead_id, matched_by = 'adopted',
               company_id = COALESCE(touch.company_id, chosen.company_id)
          FROM chosen
         WHERE touch.id = chosen.id
     RETURNING touch.lead_id
    ),
    stale AS (
        INSERT INTO crm_attribution_stale (lead_id) SELECT DISTINCT lead_id FROM adopted
    )
    SELECT COUNT(*) FROM adopted
"""
_OF_LEADS = """
    touch.partner_id IN (
        SELECT relative.id
          FROM (SELECT DISTINCT contact.commercial_partner_id
                  FROM %s item
                  JOIN res_partner contact ON contact.id = item.partner_id) family
          JOIN res_partner relative
            ON relative.commercial_partner_id = family.commercial_partner_id)
"""


def of_touches(rows):
    """Find the opportunities of these touches; says how many were found."""
    return _adopt(SQL("touch.id IN (SELECT item.id FROM %s item)", rows))


def of_leads(rows):
    """Find the touches of the contacts of these opportunities."""
    return _adopt(SQL(_OF_LEADS, rows))


def _adopt(condition):
    return SQL(_ADOPT, condition=condition, company=LEAD_COMPANY)
