-- The same join, of the opportunities that a manager of two companies may read: by hand.
WITH readable AS (
    SELECT id FROM crm_lead
     WHERE company_id IS NULL OR company_id IN (SELECT id FROM res_company)
)
SELECT sum(before.amount), sum(after.amount), sum(after.amount - before.amount),
       count(*) FILTER (WHERE before.lead_id IS NULL),
       count(*) FILTER (WHERE after.lead_id IS NULL)
  FROM (SELECT * FROM crm_pipeline_history
         WHERE valid_from <= CURRENT_DATE - 1
           AND (valid_to IS NULL OR valid_to > CURRENT_DATE - 1)
           AND status = 'open') before
  FULL JOIN (SELECT * FROM crm_pipeline_history
              WHERE valid_from <= CURRENT_DATE
                AND (valid_to IS NULL OR valid_to > CURRENT_DATE)
                AND status = 'open') after ON after.lead_id = before.lead_id
 WHERE COALESCE(before.lead_id, after.lead_id) IN (SELECT id FROM readable);
