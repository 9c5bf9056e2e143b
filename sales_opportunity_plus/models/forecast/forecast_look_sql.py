"""The SQL of a look: some of the open opportunities with all their probabilities."""

from odoo.tools import SQL

from . import probability_sql
from .pipeline_history_sql import company_of

# The sample is the same each time, whatever order the table has: a multiplicative hash
# of the id, which no two ids share. So an opportunity is followed for as long as it
# is open, and new ones come in as old ones close.
_TAKE = """
    WITH place AS (
        SELECT * FROM unnest(%(company_ids)s::int[], %(days)s::date[])
               AS place(company_id, day)
    ),
    drawn AS MATERIALIZED (
        SELECT id, company_id, day
          FROM (SELECT lead.id, place.company_id, place.day,
                       ROW_NUMBER() OVER (
                           PARTITION BY place.company_id
                           ORDER BY lead.id::bigint * 2654435761 %% 4294967296
                       ) AS number
                  FROM crm_lead lead
                  JOIN place ON place.company_id = %(company)s
                 WHERE lead.type = 'opportunity' AND lead.active
                   AND lead.won_status = 'pending') ranked
         WHERE number <= %(most)s
    )
    INSERT INTO crm_forecast_look (
        day, company_id, lead_id, team_id, user_id, stage_id, odoo_probability,
        stage_probability, history_probability, manual_probability, probability,
        source)
    SELECT place.day, place.company_id, lead.id, lead.team_id, lead.user_id,
           lead.stage_id, %(odoo)s, %(stage)s, %(history)s, %(manual)s, %(counts)s,
           %(source)s
      FROM drawn place
      JOIN crm_lead lead ON lead.id = place.id
      LEFT JOIN crm_stage stage ON stage.id = lead.stage_id
        ON CONFLICT DO NOTHING
"""


def take(days, most, first_company_id, orders, default):
    """Write down a look at each company.

    :param days: ``{company id: day}``
    :param most: opportunities per company
    :param orders, default: as ``probability_sql.counts`` takes them
    """
    by_order = ("lead", "stage", orders, default, SQL("place.day"))
    return SQL(
        _TAKE,
        company_ids=list(days),
        days=list(days.values()),
        most=most,
        company=company_of("lead", first_company_id),
        counts=probability_sql.counts(*by_order),
        source=probability_sql.source(*by_order),
        **probability_sql.values("lead", "stage", SQL("place.day")),
    )


def seen(mondays):
    """Ids of the companies that were looked at since their Monday."""
    return SQL(
        """SELECT company_id FROM unnest(%s::int[], %s::date[]) AS week(company_id, day)
            WHERE EXISTS (SELECT FROM crm_forecast_look look
                           WHERE look.company_id = week.company_id
                             AND look.day >= week.day)""",
        list(mondays),
        list(mondays.values()),
    )
