"""The SQL of what was forecast: written down each week, and rebuilt of the past."""

from odoo.tools import SQL

from .cumulant_sql import cumulants
from .pipeline_history_sql import company_of

_SCOPE = (
    *("day", "company_id", "team_id", "user_id", "period_kind", "period_start"),
    *("period_end", "measure", "method", "currency_id", "is_reconstructed"),
)
_FIGURES = ("amount", "closed", "p10", "p50", "p90", "variance")
_COLUMNS = SQL(", ").join(map(SQL.identifier, (*_SCOPE, *_FIGURES)))

_TAKE = """
    INSERT INTO crm_forecast_statement (%(columns)s)
    SELECT line.day, line.company_id, line.team_id, line.user_id, line.period_kind,
           line.period_start, line.period_end, line.measure, line.method,
           line.currency_id, %(is_reconstructed)s, line.amount, line.closed, line.p10,
           line.p50, line.p90, line.variance
      FROM unnest(%(days)s::date[], %(company_ids)s::int[], %(team_ids)s::int[],
                  %(user_ids)s::int[], %(kinds)s::varchar[], %(starts)s::date[],
                  %(ends)s::date[], %(measures)s::varchar[], %(methods)s::varchar[],
                  %(currency_ids)s::int[], %(amounts)s::numeric[],
                  %(closed)s::numeric[], %(p10)s::numeric[], %(p50)s::numeric[],
                  %(p90)s::numeric[], %(variances)s::float8[])
           AS line(day, company_id, team_id, user_id, period_kind, period_start,
                   period_end, measure, method, currency_id, amount, closed, p10, p50,
                   p90, variance)
        ON CONFLICT DO NOTHING
"""

_ASKED = """
    unnest(%(company_ids)s::int[], %(days)s::date[], %(starts)s::date[],
           %(ends)s::date[], %(last_starts)s::date[], %(last_ends)s::date[])
        WITH ORDINALITY AS asked(company_id, day, period_start, period_end,
                                 last_start, last_end, number)
"""

# Each day reads the rows that were valid on it, once for all that is asked, and sums
# them by what makes them count in one. What was won is of the day of closing; what was
# open and overdue counts in the period that the day is in. Whoever is named by none of
# them and wins nonetheless is ``nothing_forecast``.
_PAST = """
    WITH asked AS MATERIALIZED (SELECT * FROM %(asked)s),
    won AS MATERIALIZED (
        SELECT %(company)s AS company_id, held.team_id, held.user_id, held.date_closed,
               SUM(held.amount) AS amount
          FROM crm_pipeline_history held
         WHERE held.valid_to IS NULL AND held.status = 'won'
           AND held.lead_type = 'opportunity'
         GROUP BY 1, 2, 3, 4
    ),
    stood AS MATERIALIZED (
        SELECT %(company)s AS company_id, looked.day, held.team_id, held.user_id,
               valued.bucket, valued.expected, SUM(held.amount) AS amount,
               BOOL_AND(held.is_reconstructed OR held.status = 'won') AS is_odoo,
               %(cumulants)s
          FROM (SELECT day, MIN(period_start) AS first_day, MAX(period_end) AS last_day
                  FROM asked
                 GROUP BY 1) looked
          JOIN crm_pipeline_history held
            ON held.lead_type = 'opportunity' AND held.valid_from <= looked.day
           AND (held.valid_to IS NULL OR held.valid_to > looked.day)
           AND (held.status = 'open' AND held.date_deadline <= looked.last_day
                OR held.status = 'won'
                AND held.date_closed BETWEEN looked.first_day AND looked.last_day)
         CROSS JOIN LATERAL (
               SELECT CASE held.status WHEN 'won' THEN 'closed'
                           ELSE held.forecast_category END AS bucket,
                      CASE held.status WHEN 'won' THEN held.date_closed
                           ELSE held.date_deadline END AS expected,
                      CASE WHEN held.status = 'open'
                            AND held.forecast_category <> 'omitted'
                           THEN held.amount::float8 ELSE 0 END AS size,
                      ROUND(LEAST(GREATEST(held.probability, 0), 100) * 1e4) / 1e6
                          AS chance) valued
         GROUP BY 1, 2, 3, 4, 5, 6
    ),
    part AS (
        SELECT asked.number, stood.team_id, stood.user_id, stood.bucket, stood.amount,
               stood.is_odoo, stood.k1, stood.k2, stood.k3, stood.k4
          FROM asked
          JOIN stood ON stood.company_id = asked.company_id AND stood.day = asked.day
           AND stood.expected BETWEEN
               CASE WHEN asked.day >= asked.period_start AND stood.bucket <> 'closed'
                    THEN '-infinity'::date ELSE asked.period_start END
               AND asked.period_end
         UNION ALL
        SELECT asked.number, won.team_id, won.user_id, 'last', won.amount, TRUE,
               0, 0, 0, 0
          FROM asked
          JOIN won ON won.company_id = asked.company_id
           AND won.date_closed BETWEEN asked.last_start AND asked.last_end
         UNION ALL
        SELECT asked.number, won.team_id, won.user_id, 'lately', won.amount, TRUE,
               0, 0, 0, 0
          FROM asked
          JOIN won ON won.company_id = asked.company_id
           AND won.date_closed >= asked.day - %(lately)s AND won.date_closed < asked.day
         UNION ALL
        SELECT asked.number, 0, 0, 'closed', 0, TRUE, 0, 0, 0, 0 FROM asked
    )
    SELECT part.number::int, scope.team_id, scope.user_id, %(sums)s,
           SUM(part.k1) AS k1, SUM(part.k2) AS k2, SUM(part.k3) AS k3,
           SUM(part.k4) AS k4, BOOL_AND(part.is_odoo) AS is_odoo
      FROM part
     CROSS JOIN LATERAL (
           SELECT COALESCE(part.team_id, 0) AS team_id,
                  COALESCE(part.user_id, 0) AS user_id
            UNION SELECT COALESCE(part.team_id, 0), 0
            UNION SELECT 0, 0) scope
     GROUP BY 1, 2, 3
"""
#: What is summed of the past, apart from each other.
_BUCKETS = (
    *("closed", "commit", "most_likely", "best_case", "pipeline", "last", "lately"),
)

# Of who won something in a period and is in none of its statements, nothing was
# forecast: that was a forecast, too. A call is one only where somebody called.
_NOTHING = """
    INSERT INTO crm_forecast_statement (%(columns)s)
    SELECT said.day, said.company_id, scope.team_id, scope.user_id, said.period_kind,
           said.period_start, said.period_end, said.measure, said.method,
           said.currency_id, said.is_reconstructed, 0, 0, NULL, NULL, NULL, NULL
      FROM crm_forecast_statement said
      JOIN (SELECT DISTINCT %(company)s AS company_id, held.date_closed,
                   COALESCE(held.team_id, 0) AS team_id,
                   COALESCE(held.user_id, 0) AS user_id
              FROM crm_pipeline_history held
             WHERE held.valid_to IS NULL AND held.status = 'won'
               AND held.lead_type = 'opportunity' AND held.date_closed >= %(since)s) won
        ON won.company_id = said.company_id
       AND won.date_closed BETWEEN said.period_start AND said.period_end
     CROSS JOIN LATERAL (
           SELECT won.team_id, won.user_id
            UNION SELECT won.team_id, 0) scope
     WHERE said.team_id = 0 AND said.user_id = 0 AND said.method <> 'call'
       AND said.period_end >= %(since)s AND said.company_id = ANY(%(company_ids)s)
     GROUP BY said.id, scope.team_id, scope.user_id
        ON CONFLICT DO NOTHING
"""


def take(rows, is_reconstructed=False):
    """Write down statements.

    :param rows: ``(day, company_id, team_id, user_id, kind, start, end, measure,
        method, currency_id, amount, closed, p10, p50, p90, variance)``
    """
    columns = (
        *("days", "company_ids", "team_ids", "user_ids", "kinds", "starts", "ends"),
        *("measures", "methods", "currency_ids", "amounts", "closed"),
        *("p10", "p50", "p90", "variances"),
    )
    return SQL(
        _TAKE,
        columns=_COLUMNS,
        is_reconstructed=is_reconstructed,
        **dict(zip(columns, map(list, zip(*rows, strict=True)), strict=True)),
    )


def past(asked, lately, first_company_id):
    """What would have been forecast, by scope.

    :param asked: ``(company_id, day, start, end, start and end a year before)``; a
        result names it by its ``number``, from 1
    :param lately: days before, whose won amount per day is the run rate
    """
    columns = ("company_ids", "days", "starts", "ends", "last_starts", "last_ends")
    return SQL(
        _PAST,
        asked=SQL(
            _ASKED,
            **dict(zip(columns, map(list, zip(*asked, strict=True)), strict=True)),
        ),
        company=company_of("held", first_company_id),
        lately=lately,
        sums=SQL(", ").join(
            SQL(
                "COALESCE(SUM(part.amount) FILTER (WHERE part.bucket = %s), 0) AS %s",
                bucket,
                SQL.identifier(bucket),
            )
            for bucket in _BUCKETS
        ),
        cumulants=cumulants(SQL("valued.chance"), SQL("valued.size")),
    )


def nothing_forecast(company_ids, since, first_company_id):
    """Write down who won something in a period and was not forecast in it.

    :param since: periods that ended before are left as they are
    """
    return SQL(
        _NOTHING,
        columns=_COLUMNS,
        company=company_of("held", first_company_id),
        company_ids=company_ids,
        since=since,
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
