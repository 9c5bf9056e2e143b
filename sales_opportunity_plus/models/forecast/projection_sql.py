"""The SQL of a projection: what open opportunities will bring, and the past."""

from odoo.tools import SQL

from ..rows_sql import rows_table
from .cumulant_sql import HUGE, cumulants

# Open opportunities: the probability that counts × the share of wins that come in the
# period, by stage and days in it. Where the clock knows nothing, all may come.
_OPEN = """
    SELECT team_id, user_id, COALESCE(SUM(amount * chance), 0) AS from_open
           %(cumulants)s
      FROM (%(deals)s) deal
     GROUP BY team_id, user_id
"""
_OPEN_DEALS = """
    SELECT COALESCE(%(lead)s.team_id, 0) AS team_id,
           COALESCE(%(lead)s.user_id, 0) AS user_id, %(amount)s AS amount,
           LEAST(GREATEST((%(probability)s)::numeric * 0.01
                          * COALESCE(clock.factor, 1), 0), 1) AS chance
      FROM %(tables)s
      LEFT JOIN %(clock)s ON clock.place = %(lead)s.stage_id::bigint * %(span)s
           + LEAST(GREATEST(%(today)s::date - COALESCE(
               stay.entered_at, %(lead)s.date_last_stage_update, %(lead)s.create_date
             )::date, 0), %(span)s - 1)
     WHERE %(readable)s AND place.company_id IS NOT NULL
       AND %(lead)s.won_status = 'pending' AND %(lead)s.active
       AND (%(category)s) <> 'omitted'
"""

# What was won in the windows, and how many opportunities came lately.
_PAST = """
    SELECT COALESCE(%(lead)s.team_id, 0) AS team_id,
           COALESCE(%(lead)s.user_id, 0) AS user_id,
           COALESCE(SUM(%(amount)s) FILTER (WHERE %(is_won)s AND COALESCE(
               %(lead)s.date_closed >= place.closed_from
               AND %(lead)s.date_closed < place.closed_until,
               %(lead)s.date_deadline BETWEEN %(start)s AND %(end)s, FALSE)), 0)
               AS closed,
           COALESCE(SUM(%(amount)s) FILTER (WHERE %(is_won)s
               AND %(lead)s.date_closed >= %(last_from)s
               AND %(lead)s.date_closed < %(last_until)s), 0) AS naive_last,
           COALESCE(SUM(%(amount)s) FILTER (WHERE %(is_won)s
               AND %(lead)s.date_closed >= %(lately)s
               AND %(lead)s.date_closed < %(today)s), 0) AS won_lately,
           COALESCE(SUM(%(amount)s) FILTER (WHERE %(is_won)s
               AND %(lead)s.date_closed >= %(year)s), 0) AS won_in_year,
           COALESCE(SUM(%(amount)s::float8 * %(amount)s::float8) FILTER (
               WHERE %(is_won)s AND %(lead)s.date_closed >= %(year)s), 0)
               AS won_squares,
           COUNT(%(amount)s) FILTER (WHERE %(is_won)s
               AND %(lead)s.date_closed >= %(year)s)::int AS won_count,
           COUNT(*) FILTER (WHERE %(lead)s.create_date >= %(lately)s
               AND %(lead)s.create_date < %(today)s)::int AS came_lately
      FROM %(tables)s
     WHERE %(readable)s AND place.company_id IS NOT NULL
       AND (%(lead)s.create_date >= %(lately)s OR %(is_won)s AND COALESCE(
            %(lead)s.date_closed >= LEAST(%(year)s, %(last_from)s, place.closed_from),
            TRUE))
     GROUP BY 1, 2
"""


def from_open(
    query,
    lead,
    amount,
    category,
    probability,
    factors,
    today,
    oldest,
    has_cumulants,
):
    """What open opportunities bring, by team and salesperson.

    :param factors: ``{(stage_id, age): share of the wins that come in the period}``
    :param oldest: days in a stage from which on nothing changes
    :param has_cumulants: sum up ``k1`` to ``k4`` of the single opportunities, too
    """
    query.add_join(
        "LEFT JOIN",
        "stay",
        "crm_stage_history",
        SQL("stay.lead_id = %s AND stay.left_at IS NULL", SQL.identifier(lead, "id")),
    )
    span = oldest + 1
    deals = SQL(
        _OPEN_DEALS,
        lead=SQL.identifier(lead),
        amount=amount,
        category=category,
        probability=probability,
        tables=query.from_clause,
        readable=query.where_clause or SQL("TRUE"),
        today=today,
        span=span,
        clock=_clock(factors, span),
    )
    if not has_cumulants:
        return SQL(_OPEN, deals=deals, cumulants=SQL())
    size = SQL("LEAST(GREATEST(amount, -%s), %s)::float8", HUGE, HUGE)
    summed = SQL(", %s", cumulants(SQL("chance::float8"), size))
    # ``OFFSET``: what an opportunity may bring is worked out once, not for each sum.
    return SQL(_OPEN, deals=SQL("%s OFFSET '0'", deals), cumulants=summed)


def _clock(factors, span):
    """By one key: by two, PostgreSQL would go through all days of each stage."""
    rows = [(stage * span + age, factor) for (stage, age), factor in factors.items()]
    return rows_table(rows, {"place": "bigint", "factor": "numeric"}, "clock")


def past(query, lead, amount, period, moments):
    """What was won and what came, by team and salesperson.

    :param moments: ``last_from``, ``last_until``, ``lately``, ``today``, ``year``, UTC
    """
    return SQL(
        _PAST,
        lead=SQL.identifier(lead),
        amount=amount,
        is_won=SQL("%s.won_status = 'won'", SQL.identifier(lead)),
        start=period.start,
        end=period.end,
        tables=query.from_clause,
        readable=query.where_clause or SQL("TRUE"),
        **moments,
    )
