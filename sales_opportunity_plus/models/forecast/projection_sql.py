"""The SQL of a projection: what open opportunities will bring, and the past."""

from odoo.tools import SQL

# Open opportunities: the probability that counts × the share of wins that come in the
# period, by stage and days in it. Where the clock knows nothing, all may come.
_OPEN = """
    SELECT COALESCE(%(lead)s.team_id, 0) AS team_id,
           COALESCE(%(lead)s.user_id, 0) AS user_id,
           COALESCE(SUM(%(amount)s * (%(probability)s)::numeric * 0.01
                        * COALESCE(clock.factor, 1)), 0) AS from_open
      FROM %(tables)s
      LEFT JOIN %(clock)s ON clock.place = %(lead)s.stage_id::bigint * %(span)s
           + LEAST(GREATEST(%(today)s::date - COALESCE(
               stay.entered_at, %(lead)s.date_last_stage_update, %(lead)s.create_date
             )::date, 0), %(span)s - 1)
     WHERE %(readable)s AND place.company_id IS NOT NULL
       AND %(lead)s.won_status = 'pending' AND %(lead)s.active
       AND (%(category)s) <> 'omitted'
     GROUP BY 1, 2
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


def from_open(query, lead, amount, category, probability, factors, today, oldest):
    """What open opportunities bring, by team and salesperson.

    :param factors: ``{(stage_id, age): share of the wins that come in the period}``
    :param oldest: days in a stage from which on nothing changes
    """
    query.add_join(
        "LEFT JOIN",
        "stay",
        "crm_stage_history",
        SQL("stay.lead_id = %s AND stay.left_at IS NULL", SQL.identifier(lead, "id")),
    )
    # One key: by two, PostgreSQL would go through all days of each stage.
    span = oldest + 1
    places = [stage_id * span + age for stage_id, age in factors]
    return SQL(
        _OPEN,
        lead=SQL.identifier(lead),
        amount=amount,
        category=category,
        probability=probability,
        tables=query.from_clause,
        readable=query.where_clause or SQL("TRUE"),
        today=today,
        span=span,
        clock=SQL(
            "unnest(%s::bigint[], %s::numeric[]) AS clock(place, factor)",
            places,
            list(factors.values()),
        ),
    )


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
