-- The least that a first day of the pipeline history has to do: the same columns of the
-- open opportunities, into a table without index.
INSERT INTO bench_pipeline (
    lead_id, lead_type, stage_id, team_id, user_id, company_id, status,
    forecast_category, amount, recurring_amount, currency_id, rate, probability,
    date_deadline, date_closed, valid_from, is_reconstructed)
SELECT lead.id, lead.type, lead.stage_id, lead.team_id, lead.user_id, lead.company_id,
       'open', COALESCE(lead.forecast_category_override, stage.forecast_category,
                        'pipeline'),
       lead.expected_revenue, lead.recurring_revenue_monthly, company.currency_id, 1,
       lead.probability, lead.date_deadline, NULL, CURRENT_DATE, FALSE
  FROM crm_lead lead
  LEFT JOIN crm_stage stage ON stage.id = lead.stage_id
  LEFT JOIN res_company company ON company.id = lead.company_id
 WHERE lead.active AND lead.won_status = 'pending';
