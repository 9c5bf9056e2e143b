"""The looks whose opportunities have closed, counted by source and probability."""

from odoo.tools import SQL

# ``counts`` is what the forecast counted, whatever its source was.
_SAID = """
    SELECT look.lead_id, said.source, said.percent,
           (lead.won_status = 'won')::int AS won
      FROM crm_forecast_look look
      JOIN crm_lead lead ON lead.id = look.lead_id
     CROSS JOIN LATERAL (VALUES
           ('counts', look.probability), ('manual', look.manual_probability),
           ('history', look.history_probability), ('stage', look.stage_probability),
           ('odoo', look.odoo_probability)) said(source, percent)
     WHERE lead.won_status IN ('won', 'lost') AND said.percent IS NOT NULL
       AND look.company_id = ANY(%(company_ids)s)
       AND (%(since)s::date IS NULL OR look.day >= %(since)s)
       AND (%(team_id)s::int IS NULL OR look.team_id = %(team_id)s)
       AND %(readable)s
"""

_COUNTS = """
    WITH said AS MATERIALIZED (%(said)s)
    SELECT source, 'said', ROUND(percent::numeric, 2)::float8 AS percent,
           COUNT(*), SUM(won)
      FROM said
     GROUP BY source, ROUND(percent::numeric, 2)
     UNION ALL
    SELECT source, 'deals', NULL, COUNT(DISTINCT lead_id),
           COUNT(DISTINCT lead_id) FILTER (WHERE won = 1)
      FROM said
     GROUP BY source
     UNION ALL
    SELECT source, 'bin', LEAST(FLOOR(ROUND(percent::numeric, 2) / 10), 9),
           COUNT(DISTINCT lead_id), NULL
      FROM said
     GROUP BY source, LEAST(FLOOR(ROUND(percent::numeric, 2) / 10), 9)
"""


def counts(company_ids, since, team_id, readable):
    """Rows (source, kind, percent or bin, how many, how many won).

    :param readable: a condition on ``look``
    """
    return SQL(
        _COUNTS,
        said=SQL(
            _SAID,
            company_ids=list(company_ids),
            since=since,
            team_id=team_id,
            readable=readable,
        ),
    )
