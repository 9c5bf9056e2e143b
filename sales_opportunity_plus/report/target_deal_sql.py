"""Opportunities as targets count them: by the company's day, in one currency."""

from odoo.tools import SQL

from ..models.first_company import first_company
from .currency_sql import rates_table
from .report_sql import readable_leads

#: What an opportunity is worth by measure: columns of ``target_deals``.
MEASURES = ("revenue", "mrr", "count", "new_business")

# A line per opportunity. ``day`` is the day of winning or losing; of open ones the
# expected closing, or today where that has passed. Who is no contact has bought nothing
# before; a customer's first won opportunities are all new business.
_DEALS = """
    SELECT company.id AS company_id, lead.team_id, lead.user_id,
           CASE WHEN lead.won_status = 'pending' THEN 'open' ELSE lead.won_status END
               AS status,
           CASE WHEN lead.won_status = 'pending'
                THEN GREATEST(lead.date_deadline,
                              (%(now)s AT TIME ZONE 'UTC' AT TIME ZONE
                               COALESCE(place.tz, 'UTC'))::date)
                ELSE COALESCE((lead.date_closed AT TIME ZONE 'UTC' AT TIME ZONE
                               COALESCE(place.tz, 'UTC'))::date, lead.date_deadline)
           END AS day,
           lead.create_date, lead.date_closed,
           CASE WHEN lead.won_status = 'pending' THEN %(weight)s ELSE 1 END AS weight,
           lead.won_status = 'pending' AND %(omitted)s AS is_omitted,
           COALESCE(lead.expected_revenue, 0) * rate.factor AS revenue,
           COALESCE(lead.recurring_revenue_monthly, 0) * rate.factor AS mrr,
           1::numeric AS count,
           CASE WHEN customer.since IS NULL OR lead.won_status = 'won'
                     AND customer.since >= COALESCE(lead.date_closed, lead.create_date)
                THEN COALESCE(lead.expected_revenue, 0) * rate.factor ELSE 0
           END AS new_business
      FROM crm_lead lead
      LEFT JOIN crm_stage stage ON stage.id = lead.stage_id
      LEFT JOIN crm_team team ON team.id = lead.team_id
      LEFT JOIN res_users owner ON owner.id = lead.user_id
      LEFT JOIN res_company company ON company.id = COALESCE(
           lead.company_id, team.company_id, owner.company_id, %(first_company_id)s)
      LEFT JOIN res_partner place ON place.id = company.partner_id
      LEFT JOIN %(rates)s ON rate.currency_id = company.currency_id
      LEFT JOIN res_partner person ON person.id = lead.partner_id
      LEFT JOIN (
           SELECT buyer.commercial_partner_id,
                  MIN(COALESCE(won.date_closed, won.create_date)) AS since
             FROM crm_lead won
             JOIN res_partner buyer ON buyer.id = won.partner_id
            WHERE won.won_status = 'won' AND won.type = 'opportunity'
            GROUP BY buyer.commercial_partner_id
           ) customer
        ON customer.commercial_partner_id = person.commercial_partner_id
     WHERE lead.type = 'opportunity' AND %(where)s AND %(readable)s
"""


def target_deals(env, where):
    """The query; amounts in the currency of the current company.

    :param where: a condition on ``lead`` that keeps it from reading all of them
    """
    leads = env["crm.lead"]
    omitted = SQL("%s = 'omitted'", leads._forecast_category_sql("lead", "stage"))
    probability = leads._forecast_probability_sql("lead", "stage")
    return SQL(
        _DEALS,
        now=env.cr.now(),
        weight=SQL(
            "CASE WHEN %s THEN 0 ELSE %s::numeric / 100 END", omitted, probability
        ),
        omitted=omitted,
        first_company_id=first_company(env).id,
        rates=rates_table(env["crm.forecast.rate"]._factors()),
        where=where,
        readable=readable_leads(env, SQL("lead.id")),
    )


def won_between(first, last):
    """A condition: ``lead`` was won on a day from one to another, in some time zone."""
    return SQL(
        """lead.won_status = 'won' AND COALESCE(
               lead.date_closed BETWEEN %s::date - 1 AND %s::date + 2,
               lead.date_deadline BETWEEN %s AND %s)""",
        first,
        last,
        first,
        last,
    )
