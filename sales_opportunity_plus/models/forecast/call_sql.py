"""The SQL of forecast calls: the opportunities behind one, and the last ones."""

from datetime import timedelta

from odoo.tools import SQL

# What counts in the period, as in the roll-up; the expected closing, or when it closed.
_DEALS = """
    SELECT %(lead)s.id AS lead_id, %(lead)s.team_id, %(lead)s.user_id,
           %(lead)s.stage_id, ROUND(%(amount)s, %(digits)s) AS amount,
           CASE WHEN won.is_so THEN 'closed' ELSE %(category)s END
               AS forecast_category,
           CASE WHEN won.is_so THEN 100 ELSE %(probability)s END AS probability,
           CASE WHEN won.is_so AND %(lead)s.date_closed IS NOT NULL
                THEN (%(lead)s.date_closed
                      + (%(start)s::timestamp - place.closed_from))::date
                ELSE %(lead)s.date_deadline END AS date
      FROM %(tables)s
     CROSS JOIN LATERAL (SELECT %(lead)s.won_status = 'won' AS is_so) won
     WHERE %(readable)s AND place.company_id IS NOT NULL
       AND CASE WHEN won.is_so THEN
                COALESCE(%(lead)s.date_closed >= place.closed_from
                         AND %(lead)s.date_closed < place.closed_until,
                         %(lead)s.date_deadline BETWEEN %(start)s AND %(end)s)
                ELSE %(lead)s.won_status = 'pending' AND %(lead)s.active
                     AND %(lead)s.date_deadline BETWEEN place.due_from AND %(end)s END
"""

# Each figure counts what is closed and what is surer than itself.
_FIGURES = """
    SELECT COUNT(*)::int AS deals,
           COUNT(*) FILTER (WHERE amount IS NULL)::int AS rate_missing,
           COALESCE(SUM(amount) FILTER (WHERE forecast_category = 'closed'), 0)
               AS closed,
           COALESCE(SUM(amount) FILTER (
               WHERE forecast_category IN ('closed', 'commit')), 0) AS commit,
           COALESCE(SUM(amount) FILTER (
               WHERE forecast_category NOT IN ('omitted', 'pipeline')), 0) AS best_case,
           COALESCE(SUM(ROUND(amount * probability::numeric / 100, %(digits)s)) FILTER (
               WHERE forecast_category <> 'omitted'), 0) AS weighted
      FROM (%(deals)s) deal
"""

_KEEP = """
    INSERT INTO crm_forecast_call_deal (
        call_id, lead_id, team_id, user_id, stage_id, amount, forecast_category,
        probability, date)
    SELECT %(call_id)s, lead_id, team_id, user_id, stage_id, amount,
           forecast_category, probability, date
      FROM (%(deals)s) deal
"""

# ``turn`` 1 is the last day with a call, 2 the one before; of a day its last one.
_LAST = """
    SELECT team_id, user_id, MAX(id) AS call_id, MAX(day) AS day,
           SUM(amount * factor) AS amount, SUM(commit * factor) AS commit,
           SUM(best_case * factor) AS best_case
      FROM (
        SELECT call.*, ROW_NUMBER() OVER (
                   PARTITION BY company_id, team_id, user_id ORDER BY day DESC) AS turn
          FROM (
            SELECT DISTINCT ON (call.company_id, call.team_id, call.user_id, call.day)
                   call.id, call.company_id, COALESCE(call.team_id, 0) AS team_id,
                   COALESCE(call.user_id, 0) AS user_id, call.day, call.amount,
                   call.commit, call.best_case,
                   CASE WHEN call.currency_id IS NULL THEN 1 ELSE rate.factor END
                       AS factor
              FROM crm_forecast_call call
              LEFT JOIN %(rates)s ON rate.currency_id = call.currency_id
             WHERE call.id IN %(readable)s
             ORDER BY call.company_id, call.team_id, call.user_id, call.day,
                      call.id DESC
          ) call
      ) call
     WHERE turn = %(turn)s
     GROUP BY team_id, user_id
"""


def deals(query, lead, period, amount, category, probability, digits):
    """Opportunities that count in a period: those of a query with its tables joined."""
    # No zone is farther away than this: fewer opportunities are looked at closely.
    alias = SQL.identifier(lead)
    query.add_where(
        SQL(
            "(%(lead)s.won_status <> 'won' OR %(lead)s.date_closed IS NULL"
            " OR %(lead)s.date_closed BETWEEN %(first)s AND %(last)s)",
            lead=alias,
            first=period.start - timedelta(days=1),
            last=period.end + timedelta(days=2),
        )
    )
    return SQL(
        _DEALS,
        lead=alias,
        amount=amount,
        category=category,
        probability=probability,
        digits=digits,
        tables=query.from_clause,
        readable=query.where_clause or SQL("TRUE"),
        start=period.start,
        end=period.end,
    )


def figures(those, digits):
    return SQL(_FIGURES, deals=those, digits=digits)


def keep(call_id, those):
    return SQL(_KEEP, call_id=call_id, deals=those)


def last(readable, rates, turn):
    return SQL(_LAST, readable=readable, rates=rates, turn=turn)
