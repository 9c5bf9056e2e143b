"""What alerts look for, in the pipeline history: what changed, and how it stands."""

from odoo.tools import SQL

from ...report.currency_sql import rates_table

# Rows of opportunities that changed in the days after one day up to another, with the
# row before. Both amounts are in the currency of the company that asks; without a
# rate they are none, and nothing is found.
_CHANGES = """
    SELECT changed.lead_id, changed.valid_from, lead.team_id, lead.user_id,
           changed.amount * rate.factor AS amount,
           before.date_deadline AS date_before, changed.date_deadline AS date_after
      FROM crm_pipeline_history changed
      JOIN crm_lead lead ON lead.id = changed.lead_id
      LEFT JOIN %(rates)s ON rate.currency_id = changed.currency_id
      LEFT JOIN crm_pipeline_history before
        ON before.lead_id = changed.lead_id AND before.valid_to = changed.valid_from
      LEFT JOIN %(rates_before)s ON rate_before.currency_id = before.currency_id
     WHERE changed.valid_from > %(after)s AND changed.valid_from <= %(day)s
       AND changed.lead_type = 'opportunity' AND changed.status = 'open'
       AND %(company)s = %(company_id)s AND %(teams)s AND %(which)s
     ORDER BY changed.valid_from, changed.lead_id
"""

# A first row is no change, unless the opportunity was created then.
_ENTERS_COMMIT = """
    changed.forecast_category = 'commit' AND changed.amount * rate.factor >= %(least)s
    AND CASE WHEN before.id IS NULL
             THEN lead.create_date >= changed.valid_from - INTERVAL '1 day'
             ELSE (before.status = 'open' AND before.forecast_category = 'commit'
                   AND before.amount * rate_before.factor >= %(least)s) IS NOT TRUE END
"""
_LEAVES_ITS_DAY = """
    before.status = 'open' AND before.forecast_category = 'commit'
    AND before.date_deadline IS NOT NULL
    AND COALESCE(changed.date_deadline > before.date_deadline, TRUE)
    AND COALESCE(before.amount * rate_before.factor, 0) >= %(least)s
"""

# By sales team: all that is open, and what was won in the period.
_STANDING = """
    SELECT COALESCE(standing.team_id, 0),
           COALESCE(SUM(standing.amount * rate.factor)
               FILTER (WHERE standing.status = 'open'
                         AND standing.date_deadline <= %(end)s), 0),
           COALESCE(SUM(standing.amount * rate.factor)
               FILTER (WHERE standing.status = 'won'
                         AND standing.date_closed BETWEEN %(start)s AND %(end)s), 0)
      FROM crm_pipeline_history standing
      JOIN %(rates)s ON rate.currency_id = standing.currency_id
     WHERE standing.valid_to IS NULL AND standing.lead_type = 'opportunity'
       AND standing.status IN ('open', 'won')
       AND standing.forecast_category <> 'omitted' AND %(company)s = %(company_id)s
     GROUP BY 1
"""

# The opportunities that are more of their scope than a share; overdue ones count.
_CONCENTRATED = """
    SELECT scope_id, lead_id, amount, part / total
      FROM (SELECT found.*, SUM(part) OVER (PARTITION BY scope_id) AS total
              FROM (SELECT %(scope)s AS scope_id, standing.lead_id,
                           standing.amount * rate.factor AS amount,
                           (%(part)s)::numeric AS part
                      FROM crm_pipeline_history standing
                      JOIN %(rates)s ON rate.currency_id = standing.currency_id
                     WHERE standing.valid_to IS NULL
                       AND standing.lead_type = 'opportunity'
                       AND standing.status = 'open'
                       AND standing.forecast_category <> 'omitted'
                       AND standing.date_deadline <= %(end)s
                       AND %(company)s = %(company_id)s AND %(teams)s) found
             WHERE part > 0) shared
      JOIN crm_lead lead ON lead.id = shared.lead_id
     WHERE part > %(share)s * total
     ORDER BY 1, 4 DESC, 2
"""
_PART = {
    "weighted": "standing.amount * rate.factor * standing.probability / 100",
    "variance": """
        (standing.amount * rate.factor) ^ 2
        * standing.probability / 100 * (1 - standing.probability / 100)
    """,
}


def of_teams(alias, team_ids):
    if not team_ids:
        return SQL("TRUE")
    return SQL("%s.team_id = ANY(%s)", SQL.identifier(alias), list(team_ids))


def enters_commit(least, **window):
    return _changes(SQL(_ENTERS_COMMIT, least=least), **window)


def leaves_its_day(least, **window):
    return _changes(SQL(_LEAVES_ITS_DAY, least=least), **window)


def _changes(which, factors, team_ids, **window):
    return SQL(
        _CHANGES,
        which=which,
        rates=rates_table(factors),
        rates_before=rates_table(factors, "rate_before"),
        teams=of_teams("changed", team_ids),
        **window,
    )


def standing(factors, **scope):
    return SQL(_STANDING, rates=rates_table(factors), **scope)


def concentrated(factors, team_ids, share_of, **scope):
    """:param share_of: ``weighted`` or ``variance``"""
    return SQL(
        _CONCENTRATED,
        rates=rates_table(factors),
        part=SQL(_PART[share_of]),
        scope=SQL("standing.team_id") if team_ids else SQL("0"),
        teams=of_teams("standing", team_ids),
        **scope,
    )
