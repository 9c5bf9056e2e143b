"""What came of targets, in one statement: opportunities are looked at once.

Days are put in slots between the first and last days of all targets, so that a target
is a range of slots: however many opportunities and targets there are, what they are
joined by is a few sums for each place and slot.
"""

from odoo.tools import SQL

from ..models.rows_sql import rows_table
from .currency_sql import rates_table
from .target_deal_sql import MEASURES, target_deals, won_between

# The targets that the user may read, with today at their company. ``scope``: persons
# may have targets for a team and for all their teams, which tell the same twice.
_TARGET = """
    SELECT target.*, COALESCE(partial.amount, target.amount) AS effective_amount,
           place.today, target.period_end < place.today AS is_over,
           CASE target.level WHEN 'company' THEN 0 WHEN 'team' THEN 1
                ELSE CASE WHEN target.team_id IS NULL THEN 2 ELSE 3 END END AS scope,
           CASE WHEN target.measure = 'count' THEN 1 ELSE entered.factor END AS factor,
           target.measure <> 'count' AND (entered.factor IS NULL OR own.factor IS NULL)
               AS is_rate_missing
      FROM crm_forecast_target target
      JOIN res_company company ON company.id = target.company_id
      LEFT JOIN res_partner partner ON partner.id = company.partner_id
      LEFT JOIN %(partial)s ON partial.id = target.id
     CROSS JOIN LATERAL (
           SELECT (%(now)s AT TIME ZONE 'UTC' AT TIME ZONE
                   COALESCE(partner.tz, 'UTC'))::date AS today) place
      LEFT JOIN (SELECT * FROM %(rates)s) entered
        ON entered.currency_id = target.currency_id
      LEFT JOIN (SELECT * FROM %(rates)s) own
        ON own.currency_id = company.currency_id
     WHERE target.active AND target.id IN %(readable)s
"""
_BOUND = """
    SELECT ARRAY(SELECT period_start FROM target
                  UNION SELECT period_end + 1 FROM target ORDER BY 1) AS days
"""
_SLOT = """
    SELECT company_id, team_id, user_id, status,
           WIDTH_BUCKET(day, bound.days) AS slot, %(sums)s
      FROM deal
     CROSS JOIN bound
     WHERE status = 'won' OR status = 'open' AND NOT is_omitted
     GROUP BY 1, 2, 3, 4, 5
"""
# Whose an opportunity is: the person's in the team, in all teams, the team's and the
# company's. Where it has no team or nobody, there is no such scope.
_SCOPES = SQL(
    """GROUPING SETS ((), (team_id), (user_id), (team_id, user_id))
       HAVING (GROUPING(team_id) = 1 OR team_id IS NOT NULL)
          AND (GROUPING(user_id) = 1 OR user_id IS NOT NULL)"""
)
_CAME = """
    SELECT company_id, COALESCE(team_id, 0) AS team_id, COALESCE(user_id, 0) AS user_id,
           slot, measure,
           SUM(amount) FILTER (WHERE status = 'won') AS won,
           SUM(amount) FILTER (WHERE status = 'open') AS open,
           SUM(weighted) FILTER (WHERE status = 'open') AS weighted
      FROM slot one
     CROSS JOIN LATERAL (VALUES %(parts)s) part(measure, amount, weighted)
     GROUP BY company_id, slot, measure, %(scopes)s
"""
# What closed in the last year, to learn a win rate and a sales cycle from.
_LEARNT = """
    SELECT company_id, COALESCE(team_id, 0) AS team_id, COALESCE(user_id, 0) AS user_id,
           COUNT(*)::int AS closed,
           100.0 * COUNT(*) FILTER (WHERE status = 'won') / COUNT(*) AS rate,
           CEIL(GREATEST(PERCENTILE_CONT(0.5) WITHIN GROUP (
               ORDER BY EXTRACT(epoch FROM date_closed - create_date) / 86400
           ) FILTER (WHERE status = 'won'), 0))::int AS cycle
      FROM deal
     WHERE status IN ('won', 'lost') AND date_closed >= %(since)s
     GROUP BY company_id, %(scopes)s
"""
_SUMMED = """
    SELECT target.id, SUM(came.won) AS won, SUM(came.open) AS open,
           SUM(came.weighted) AS weighted
      FROM target
     CROSS JOIN bound
      JOIN came ON came.company_id = target.company_id
       AND came.team_id = COALESCE(target.team_id, 0)
       AND came.user_id = COALESCE(target.user_id, 0)
       AND came.measure = target.measure
       AND came.slot BETWEEN WIDTH_BUCKET(target.period_start, bound.days)
                         AND WIDTH_BUCKET(target.period_end, bound.days)
     GROUP BY target.id
"""
# Its own rate and cycle where enough closed, else those of the company.
_FIGURES = """
    SELECT target.*, figure.*, learnt.*,
           ROUND(target.effective_amount * target.factor, figure.digits) AS goal
      FROM target
      LEFT JOIN summed ON summed.id = target.id
      LEFT JOIN learnt own ON own.company_id = target.company_id
       AND own.team_id = COALESCE(target.team_id, 0)
       AND own.user_id = COALESCE(target.user_id, 0)
      LEFT JOIN learnt whole ON whole.company_id = target.company_id
       AND whole.team_id = 0 AND whole.user_id = 0
     CROSS JOIN LATERAL (
           SELECT part.digits,
                  ROUND(COALESCE(summed.won, 0), part.digits) AS attained,
                  ROUND(COALESCE(summed.open, 0), part.digits) AS open,
                  ROUND(COALESCE(summed.weighted, 0), part.digits) AS weighted
             FROM (SELECT CASE WHEN target.measure = 'count' THEN 2
                               ELSE %(digits)s END AS digits) part
            WHERE NOT target.is_rate_missing
            UNION ALL
           SELECT %(digits)s, NULL, NULL, NULL WHERE target.is_rate_missing) figure
     CROSS JOIN LATERAL (
           SELECT choice.rate_of, choice.closed, choice.rate, choice.cycle
             FROM (VALUES
                   (1, 'own', own.closed, own.rate, own.cycle),
                   (2, 'company', whole.closed, whole.rate, whole.cycle),
                   (3, 'none', COALESCE(whole.closed, 0), NULL, NULL)
                  ) choice(place, rate_of, closed, rate, cycle)
            WHERE choice.closed >= %(enough)s OR choice.rate_of = 'none'
            ORDER BY choice.place LIMIT 1) learnt
"""
_LINES = """
    SELECT line.id, line.id AS target_id, line.company_id, line.team_id, line.user_id,
           line.level, line.scope, line.period_kind, line.period_start,
           line.period_end, line.measure, line.is_over, line.is_rate_missing,
           %(is_partial)s AS is_partial,
           CASE WHEN line.measure <> 'count' THEN %(currency_id)s END AS currency_id,
           line.goal AS target_amount, line.attained,
           100.0 * line.attained / NULLIF(line.goal, 0) AS attainment,
           line.gap, line.open AS open_amount, line.weighted AS weighted_amount,
           CASE WHEN line.gap > 0 AND NOT line.is_over
                THEN line.open / line.gap END AS coverage,
           line.rate_of, line.closed AS closed_count, line.rate AS win_rate,
           line.cycle AS cycle_days, line.needed AS pipeline_needed, line.needed_by,
           COALESCE(line.needed > line.open AND line.needed_by < line.today, FALSE)
               AS is_late
      FROM (
        SELECT figure.*, lack.gap, lack.needed,
               CASE WHEN lack.needed > 0 THEN figure.period_end - figure.cycle END
                   AS needed_by
          FROM figure
         CROSS JOIN LATERAL (
               SELECT one.gap,
                      CASE WHEN one.gap <= 0 THEN 0
                           WHEN NOT figure.is_over
                           THEN CEIL(one.gap * 100 / NULLIF(figure.rate, 0)) END
                          AS needed
                 FROM (SELECT figure.goal - figure.attained AS gap) one) lack
      ) line
"""


def lines(env, readable, partial, rates, enough, since, is_partial):
    """A line per target; amounts in the currency of the current company.

    :param readable: a subselect of the ids of the targets to show
    :param partial: ``(id, amount)`` of those that count for some of their days only
    :param rates: factors by currency id
    :param enough: so many closed opportunities say something of the next ones
    :param since: a moment; what closed from then on is learnt from
    :param is_partial: a condition on ``line``: the user does not read all of it
    """
    first, last = (
        SQL("(SELECT %s FROM target)", SQL(edge))
        for edge in ("MIN(period_start)", "MAX(period_end)")
    )
    where = SQL(
        """(%s OR lead.won_status IN ('won', 'lost') AND lead.date_closed >= %s
            OR lead.won_status = 'pending' AND lead.active
               AND lead.date_deadline <= %s)""",
        won_between(first, last),
        since,
        last,
    )
    target = env.company.currency_id
    steps = {
        "target": SQL(
            _TARGET,
            now=env.cr.now(),
            rates=rates_table(rates),
            readable=readable,
            partial=rows_table(partial, {"id": "int", "amount": "numeric"}, "partial"),
        ),
        "deal": target_deals(env, where),
        "bound": SQL(_BOUND),
        "slot": SQL(_SLOT, sums=SQL(", ").join(map(_sums, MEASURES))),
        "came": SQL(_CAME, parts=SQL(", ").join(map(_part, MEASURES)), scopes=_SCOPES),
        "learnt": SQL(_LEARNT, scopes=_SCOPES, since=since),
        "summed": SQL(_SUMMED),
        "figure": SQL(_FIGURES, enough=enough, digits=target.decimal_places),
    }
    return SQL(
        "WITH %s %s",
        SQL(", ").join(
            SQL("%s AS (%s)", SQL.identifier(name), step)
            for name, step in steps.items()
        ),
        SQL(_LINES, is_partial=is_partial, currency_id=target.id),
    )


def _sums(measure):
    column = SQL.identifier(measure)
    weighted = SQL.identifier(f"weighted_{measure}")
    return SQL(
        "SUM(%s) AS %s, SUM(%s * weight) AS %s", column, column, column, weighted
    )


def _part(measure):
    return SQL(
        "(%s, %s, %s)",
        measure,
        SQL.identifier("one", measure),
        SQL.identifier("one", f"weighted_{measure}"),
    )
