"""Costs per month: what was entered, spread over its days, and the touches' own.

The share of a month is what the days up to its end cost less what the days before it
cost, each rounded to the currency. So the months add up to the amount exactly, none is
negative, and any span of days is right to half a unit of the currency.
"""

from odoo.tools import SQL

from ..models.source.touchpoint_sql import LEAD_COMPANY

# Rounded cost of the days from the first one up to and including ``day``.
_UP_TO = """
    ROUND(cost.amount * (%(day)s - cost.date_from + 1)
          / (cost.date_to - cost.date_from + 1),
          COALESCE(currency.decimal_places, 2))
"""
# A cost runs for at most 122 months: the number of the month has 7 bits of the id.
_ENTERED = """
    SELECT (cost.id::bigint * 128 + month.number) AS id, cost.id AS cost_id,
           GREATEST(month.first_day, cost.date_from) AS date,
           %(up_to_last)s - %(up_to_first)s AS amount, cost.currency_id,
           cost.company_id, cost.channel_id, NULL::int AS kind_id
      FROM crm_campaign_cost cost
      LEFT JOIN res_currency currency ON currency.id = cost.currency_id
     CROSS JOIN LATERAL (
            SELECT day::date AS first_day, number::int,
                   (day + interval '1 month')::date - 1 AS last_day
              FROM generate_series(
                     date_trunc('month', cost.date_from::timestamp),
                     cost.date_to::timestamp, interval '1 month')
                   WITH ORDINALITY AS series(day, number)
           ) month
     WHERE cost.active
"""
# The first touch of a month names the row: a touch is in one row only. The opportunity
# may have changed its company since: its cost goes where its value goes.
_OF_TOUCHES = """
    SELECT MIN(touch.id)::bigint AS id, NULL::int AS cost_id,
           MIN(touch.day) AS date, SUM(touch.cost) AS amount, touch.currency_id,
           touch.company_id, touch.channel_id, touch.kind_id
      FROM (
        SELECT touch.id, touch.cost, company.id AS company_id, touch.channel_id,
               touch.kind_id,
               COALESCE(touch.currency_id, company.currency_id) AS currency_id,
               (touch.happened_at AT TIME ZONE 'UTC'
                AT TIME ZONE COALESCE(place.tz, 'UTC'))::date AS day
          FROM crm_touchpoint touch
          LEFT JOIN crm_lead lead ON lead.id = touch.lead_id
          LEFT JOIN res_company company ON company.id = COALESCE(
               %(lead_company)s, touch.company_id, %(first_company_id)s)
          LEFT JOIN res_partner place ON place.id = company.partner_id
         WHERE touch.cost > 0
           AND touch.reverses_id IS NULL AND touch.reversed_by_id IS NULL
           ) touch
     GROUP BY date_trunc('month', touch.day), touch.currency_id, touch.company_id,
              touch.channel_id, touch.kind_id
"""


def entered():
    """A row per cost that was entered and month of its days."""
    return SQL(
        _ENTERED,
        up_to_last=SQL(_UP_TO, day=SQL("LEAST(month.last_day, cost.date_to)")),
        up_to_first=SQL(
            _UP_TO, day=SQL("GREATEST(month.first_day, cost.date_from) - 1")
        ),
    )


def of_touches(first_company_id):
    """A row per month, channel and kind of the touches that cost something."""
    return SQL(
        _OF_TOUCHES, lead_company=LEAD_COMPANY, first_company_id=first_company_id
    )


def currencies(env):
    """Every currency that a cost is in."""
    env["crm.campaign.cost"].flush_model(["currency_id"])
    rows = env.execute_query(
        SQL(
            "SELECT currency_id FROM crm_campaign_cost UNION "
            "SELECT currency_id FROM crm_touchpoint "
            "WHERE cost > 0 AND currency_id IS NOT NULL"
        )
    )
    return env["res.currency"].sudo().browse([id_ for (id_,) in rows]).exists()
