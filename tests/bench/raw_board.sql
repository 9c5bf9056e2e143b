-- This month's roll-up by hand: the same sums and cumulants, with the probability that
-- counts and the rates of today. Everybody's opportunities are in the company's zone.
WITH place AS (
    SELECT company.id, (COALESCE(own.rate, 1)::float8 / COALESCE(theirs.rate, 1))::numeric
               AS factor
      FROM res_company company
      JOIN res_company main ON main.id = %(company_id)s
      LEFT JOIN LATERAL (SELECT rate FROM res_currency_rate
                          WHERE currency_id = company.currency_id AND name <= %(today)s
                          ORDER BY name DESC LIMIT 1) theirs ON TRUE
      LEFT JOIN LATERAL (SELECT rate FROM res_currency_rate
                          WHERE currency_id = main.currency_id AND name <= %(today)s
                          ORDER BY name DESC LIMIT 1) own ON TRUE
), deal AS (
    SELECT lead.id, lead.team_id, lead.user_id, lead.won_status = 'won' AS is_won,
           lead.expected_revenue * place.factor AS exact,
           COALESCE(lead.forecast_category_override, stage.forecast_category,
                    'pipeline') AS category,
           lead.date_deadline <= %(last)s AS is_due,
           lead.date_deadline < %(today)s AS is_overdue,
           lead.date_deadline IS NULL AS is_undated,
           CASE WHEN lead.date_deadline <= %(last)s THEN COALESCE(
                    CASE WHEN lead.forecast_manual_user_id IS NOT NULL
                          AND COALESCE(lead.forecast_manual_until >= %(today)s, TRUE)
                         THEN COALESCE(lead.forecast_manual_probability, 0) END,
                    NULLIF(lead.forecast_history_probability, 0),
                    NULLIF(stage.forecast_probability, 0), lead.probability) END
               AS percent
      FROM crm_lead lead
      LEFT JOIN crm_stage stage ON stage.id = lead.stage_id
      LEFT JOIN crm_team team ON team.id = lead.team_id
      JOIN place ON place.id = COALESCE(lead.company_id, team.company_id)
     WHERE lead.type = 'opportunity'
       AND (lead.won_status = 'pending' AND lead.active
            OR lead.won_status = 'won' AND lead.date_closed >= %(first)s
               AND lead.date_closed < %(last)s::date + 1)
), sized AS (
    SELECT *, NOT is_won AND is_due AS counts,
           NOT is_won AND is_due AND category <> 'omitted' AS is_weighted,
           ROUND(exact, 2) AS amount, ROUND(percent * 1e4) / 1e6 AS p,
           CASE WHEN is_due THEN exact::float8 END AS size
      FROM deal OFFSET 0
)
SELECT COALESCE(team_id, 0) AS team_id, COALESCE(user_id, 0) AS user_id,
       SUM(amount) FILTER (WHERE is_won) AS closed,
       COUNT(*) FILTER (WHERE is_won) AS closed_count,
       SUM(amount) FILTER (WHERE counts AND category = 'omitted') AS omitted,
       SUM(amount) FILTER (WHERE counts AND category = 'pipeline') AS pipeline,
       SUM(amount) FILTER (WHERE counts AND category = 'best_case') AS best_case,
       SUM(amount) FILTER (WHERE counts AND category = 'most_likely') AS most_likely,
       SUM(amount) FILTER (WHERE counts AND category = 'commit') AS commit,
       COUNT(*) FILTER (WHERE counts) AS open_count,
       SUM(amount) FILTER (WHERE counts AND is_overdue) AS overdue,
       COUNT(*) FILTER (WHERE counts AND is_overdue) AS overdue_count,
       SUM(ROUND(exact * percent::numeric * 0.01, 2)) FILTER (WHERE is_weighted)
           AS weighted,
       SUM(p * size) FILTER (WHERE is_weighted) AS k1,
       SUM(p * (1 - p) * size * size) FILTER (WHERE is_weighted) AS k2,
       SUM(p * (1 - p) * (1 - 2 * p) * size * size * size)
           FILTER (WHERE is_weighted) AS k3,
       SUM(p * (1 - p) * (1 - 6 * p * (1 - p)) * size * size * size * size)
           FILTER (WHERE is_weighted) AS k4,
       MAX(ARRAY[p * (1 - p) * size * size, id]) FILTER (WHERE is_weighted) AS top,
       SUM(amount) FILTER (WHERE NOT is_won) AS open_total,
       COUNT(*) FILTER (WHERE NOT is_won AND is_undated) AS undated_count
  FROM sized
 GROUP BY 1, 2
 ORDER BY 1, 2
