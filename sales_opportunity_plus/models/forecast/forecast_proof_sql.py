"""The SQL of what came of whole companies, and of what that teaches."""

from odoo.tools import SQL

from .pipeline_history_sql import company_of

# Of periods that have ended; lately ended ones again, as wins are entered late.
_CAME = """
    WITH asked AS (
        SELECT DISTINCT said.company_id, said.period_start, said.period_end
          FROM unnest(%(company_ids)s::int[], %(days)s::date[])
               AS place(company_id, today)
          JOIN crm_forecast_statement said ON said.company_id = place.company_id
           AND said.team_id = 0 AND said.user_id = 0
           AND said.period_end < place.today
           AND (said.actual IS NULL OR said.period_end >= place.today - %(late)s)
    ),
    came AS (
        SELECT asked.company_id, asked.period_start, asked.period_end,
               COALESCE(SUM(held.amount), 0) AS revenue,
               COALESCE(SUM(held.recurring_amount), 0) AS mrr,
               COALESCE(SUM(held.number), 0) AS number
          FROM asked
          LEFT JOIN (
               SELECT %(company)s AS company_id, held.date_closed, COUNT(*) AS number,
                      SUM(held.amount) AS amount,
                      SUM(held.recurring_amount) AS recurring_amount
                 FROM crm_pipeline_history held
                WHERE held.valid_to IS NULL AND held.status = 'won'
                  AND held.lead_type = 'opportunity'
                  AND held.date_closed >= (SELECT MIN(period_start) FROM asked)
                GROUP BY 1, 2
               ) held
            ON held.company_id = asked.company_id
           AND held.date_closed BETWEEN asked.period_start AND asked.period_end
         GROUP BY 1, 2, 3
    )
    UPDATE crm_forecast_statement said
       SET actual = CASE said.measure WHEN 'revenue' THEN came.revenue
                    WHEN 'mrr' THEN came.mrr ELSE came.number END
      FROM came
     WHERE said.company_id = came.company_id AND said.team_id = 0 AND said.user_id = 0
       AND said.period_start = came.period_start AND said.period_end = came.period_end
       AND said.measure = ANY(%(measures)s)
"""

# Of each period that has ended, the first statement made in it.
_FIRST = """
    SELECT DISTINCT ON (company_id, COALESCE(is_reconstructed, FALSE), period_start)
           company_id, COALESCE(is_reconstructed, FALSE) AS is_reconstructed,
           period_start, amount, actual, currency_id
      FROM crm_forecast_statement
     WHERE company_id = ANY(%(company_ids)s) AND team_id = 0 AND user_id = 0
       AND period_kind = %(kind)s AND measure = 'revenue' AND method = 'weighted'
       AND day >= period_start AND period_end < %(today)s AND actual IS NOT NULL
     ORDER BY company_id, COALESCE(is_reconstructed, FALSE), period_start, day
"""

# Of each period that has ended, the statement made about as long before its end.
_NEAREST = """
    SELECT DISTINCT ON (is_reconstructed, period_start) *
      FROM (%(said)s) said
     WHERE ABS(period_end - day - %(ahead)s) <= %(most_apart)s
     ORDER BY is_reconstructed, period_start, ABS(period_end - day - %(ahead)s), day
"""
_SAID = """
    SELECT day, period_start, period_end, COALESCE(is_reconstructed, FALSE)
               AS is_reconstructed,
           MAX(COALESCE(closed, 0)) AS closed, MAX(actual) AS actual,
           MAX(variance) FILTER (WHERE method = %(method)s) AS variance,
           MAX(amount) FILTER (WHERE method = %(method)s) AS amount,
           MAX(amount) FILTER (WHERE method = 'uncorrected') AS uncorrected,
           MAX(amount) FILTER (WHERE method = 'naive_run_rate') AS run_rate
      FROM crm_forecast_statement
     WHERE company_id = %(company_id)s AND team_id = 0 AND user_id = 0
       AND period_kind = %(kind)s AND measure = %(measure)s
       AND method IN (%(method)s, 'uncorrected', 'naive_run_rate')
       AND period_end < %(day)s AND period_end >= %(day)s - %(oldest)s
       AND actual IS NOT NULL
     GROUP BY day, period_start, period_end, is_reconstructed
    HAVING MAX(variance) FILTER (WHERE method = %(method)s) IS NOT NULL
"""

# What the last statement of a period made of the projection of each company.
_CORRECTED = """
    SELECT said.currency_id, said.shown - said.closed AS shown,
           COALESCE(said.uncorrected, said.shown) - said.closed AS uncorrected,
           (SELECT COUNT(DISTINCT past.period_start)::int
              FROM crm_forecast_statement past
             WHERE past.company_id = said.company_id AND past.team_id = 0
               AND past.user_id = 0 AND past.period_kind = %(kind)s
               AND past.measure = %(measure)s AND past.method = 'projection'
               AND past.period_end < said.day AND past.actual IS NOT NULL) AS periods
      FROM (
        SELECT DISTINCT ON (company_id) company_id, day, currency_id,
               MAX(closed) AS closed,
               MAX(amount) FILTER (WHERE method = 'projection') AS shown,
               MAX(amount) FILTER (WHERE method = 'uncorrected') AS uncorrected
          FROM crm_forecast_statement
         WHERE company_id = ANY(%(company_ids)s) AND team_id = 0 AND user_id = 0
           AND period_kind = %(kind)s AND period_start = %(start)s
           AND period_end = %(end)s AND measure = %(measure)s
           AND method IN ('projection', 'uncorrected')
           AND day > %(since)s
         GROUP BY company_id, day, currency_id
         ORDER BY company_id, day DESC
      ) said
"""


def came(days, measures, late, first_company_id):
    """Keep what came with the statements of whole companies.

    :param days: ``{company id: its day}``
    :param late: for so many days after a period it is looked at again
    """
    return SQL(
        _CAME,
        company=company_of("held", first_company_id),
        company_ids=list(days),
        days=list(days.values()),
        measures=list(measures),
        late=late,
    )


def first_said(company_ids, kind, today):
    """The first weighted statements of whole companies, of periods that have ended."""
    return SQL(_FIRST, company_ids=company_ids, kind=kind, today=today)


def nearest(company_id, kind, measure, method, day, ahead, oldest):
    """Matured statements of a company, one for each period.

    :param ahead: days from the statement to the end of the period that are asked for
    :param oldest: days after which a period teaches nothing any more
    """
    said = SQL(
        _SAID,
        company_id=company_id,
        kind=kind,
        measure=measure,
        method=method,
        day=day,
        oldest=oldest,
    )
    return SQL(_NEAREST, said=said, ahead=ahead, most_apart=7 + max(ahead, 0) // 2)


def corrected(company_ids, period, measure, since):
    return SQL(
        _CORRECTED,
        company_ids=company_ids,
        kind=period.kind,
        start=period.start,
        end=period.end,
        measure=measure,
        since=since,
    )
