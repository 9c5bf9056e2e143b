-- The least that any history of stages has to do: one row per stay, from the tracking
-- values, into a bare table. What the install takes is printed as a ratio to this.
CREATE TABLE bench_history (
    lead_id int, stage_id int, entered_at timestamp, left_at timestamp
);
INSERT INTO bench_history
WITH move AS (
    SELECT m.res_id AS lead_id, v.old_value_integer AS from_id,
           v.new_value_integer AS to_id, m.date AS moved,
           row_number() OVER (PARTITION BY m.res_id ORDER BY v.id) AS turn
      FROM mail_tracking_value v
      JOIN mail_message m ON m.id = v.mail_message_id
      JOIN ir_model_fields f ON f.id = v.field_id
     WHERE f.model = 'crm.lead' AND f.name = 'stage_id' AND m.model = 'crm.lead'
), stay AS (
    SELECT lead_id, to_id AS stage_id, moved AS entered_at FROM move
     UNION ALL
    SELECT l.id, COALESCE(m.from_id, l.stage_id), l.create_date
      FROM crm_lead l LEFT JOIN move m ON m.lead_id = l.id AND m.turn = 1
)
SELECT lead_id, stage_id, entered_at,
       lead(entered_at) OVER (PARTITION BY lead_id ORDER BY entered_at)
  FROM stay;
