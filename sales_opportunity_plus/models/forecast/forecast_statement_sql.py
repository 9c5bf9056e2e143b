"""The SQL of what was forecast: written down each week, and rebuilt of the past."""

from odoo.tools import SQL

from .pipeline_history_sql import company_of

#: What the nightly job writes down.
METHODS = ("weighted", "commit", "best_case", "naive_last", "naive_run_rate")

_COLUMNS = SQL(
    """day, company_id, team_id, user_id, period_kind, period_start, period_end,
       measure, method, amount, currency_id, is_reconstructed"""
)

_TAKE = """
    INSERT INTO crm_forecast_statement (%(columns)s)
    SELECT %(day)s, %(company_id)s, line.team_id, line.user_id, line.period_kind,
           line.period_start, line.period_end, 'revenue', line.method, line.amount,
           %(currency_id)s, FALSE
      FROM unnest(%(team_ids)s::int[], %(user_ids)s::int[], %(kinds)s::varchar[],
                  %(starts)s::date[], %(ends)s::date[], %(methods)s::varchar[],
                  %(amounts)s::numeric[])
           AS line(team_id, user_id, period_kind, period_start, period_end, method,
                   amount)
        ON CONFLICT DO NOTHING
"""

# Each day reads the rows that were valid on it, once for all its periods. What was won
# is of the day of closing; what was open and overdue counts in the period that the day
# is in.
_BACKFILL = """
    WITH asked AS MATERIALIZED (
        SELECT *
          FROM unnest(%(company_ids)s::int[], %(currency_ids)s::int[], %(days)s::date[],
                      %(kinds)s::varchar[], %(starts)s::date[], %(ends)s::date[])
               AS asked(company_id, currency_id, day, kind, period_start, period_end)
    ), held AS MATERIALIZED (
        SELECT looked.company_id, looked.day, COALESCE(held.team_id, 0) AS team_id,
               COALESCE(held.user_id, 0) AS user_id, held.status = 'won' AS is_won,
               CASE held.status WHEN 'won' THEN held.date_closed
                    ELSE held.date_deadline END AS expected,
               SUM(CASE WHEN held.status = 'won' THEN held.amount
                        WHEN held.forecast_category = 'omitted' THEN 0
                        ELSE held.amount * held.probability::numeric / 100
                   END) AS weighted,
               SUM(CASE WHEN held.status = 'won' OR held.forecast_category = 'commit'
                        THEN held.amount ELSE 0 END) AS committed,
               SUM(CASE WHEN held.status = 'won' OR held.forecast_category
                        IN ('commit', 'most_likely', 'best_case')
                        THEN held.amount ELSE 0 END) AS best
          FROM (SELECT company_id, day, MIN(period_start) AS first_day,
                       MAX(period_end) AS last_day
                  FROM asked
                 GROUP BY 1, 2) looked
          JOIN crm_pipeline_history held
            ON held.lead_type = 'opportunity' AND %(company)s = looked.company_id
           AND held.valid_from <= looked.day
           AND (held.valid_to IS NULL OR held.valid_to > looked.day)
           AND (held.status = 'open' AND held.date_deadline <= looked.last_day
                OR held.status = 'won'
                AND held.date_closed BETWEEN looked.first_day AND looked.last_day)
         GROUP BY 1, 2, 3, 4, 5, 6
    )
    INSERT INTO crm_forecast_statement (%(columns)s)
    SELECT asked.day, asked.company_id, scope.team_id, scope.user_id, asked.kind,
           asked.period_start, asked.period_end, 'revenue', said.method,
           ROUND(SUM(said.amount), 2), asked.currency_id, TRUE
      FROM asked
      JOIN held ON held.company_id = asked.company_id AND held.day = asked.day
       AND held.expected BETWEEN
           CASE WHEN asked.day >= asked.period_start AND NOT held.is_won
                THEN '-infinity'::date ELSE asked.period_start END AND asked.period_end
     CROSS JOIN LATERAL unnest(
           ARRAY['weighted', 'commit', 'best_case'],
           ARRAY[held.weighted, held.committed, held.best]) said(method, amount)
     CROSS JOIN LATERAL (
           SELECT held.team_id, held.user_id
            UNION SELECT held.team_id, 0
            UNION SELECT 0, 0) scope
     GROUP BY asked.day, asked.company_id, asked.currency_id, asked.kind,
              asked.period_start, asked.period_end, scope.team_id, scope.user_id,
              said.method
        ON CONFLICT DO NOTHING
"""


def take(company_id, day, currency_id, rows):
    """Write down a company.

    :param rows: ``(team_id, user_id, kind, start, end, method, amount)``
    """
    columns = ("team_ids", "user_ids", "kinds", "starts", "ends", "methods", "amounts")
    return SQL(
        _TAKE,
        columns=_COLUMNS,
        day=day,
        company_id=company_id,
        currency_id=currency_id,
        **{name: [row[n] for row in rows] for n, name in enumerate(columns)},
    )


def backfill(rows, first_company_id):
    """Rebuild what would have been forecast.

    :param rows: ``(company_id, currency_id, day, kind, start, end)``
    """
    columns = ("company_ids", "currency_ids", "days", "kinds", "starts", "ends")
    return SQL(
        _BACKFILL,
        columns=_COLUMNS,
        company=company_of("held", first_company_id),
        **{name: [row[n] for row in rows] for n, name in enumerate(columns)},
    )


def seen(mondays):
    """Ids of the companies that have a statement since their Monday."""
    return SQL(
        """SELECT company_id FROM unnest(%s::int[], %s::date[]) AS week(company_id, day)
            WHERE EXISTS (SELECT FROM crm_forecast_statement said
                           WHERE said.company_id = week.company_id
                             AND said.day >= week.day
                             AND NOT COALESCE(said.is_reconstructed, FALSE))""",
        list(mondays),
        list(mondays.values()),
    )
