-- Fills the bench's company with %(n)s opportunities and what they left behind:
-- customers, messages with their tracking values (about three stage moves each),
-- followers, next activities, tags and the counts of the predictive scoring.
-- Every draw depends on the row's number alone, so two fills differ by their day only.

SET LOCAL session_replication_role = replica;  -- the rows are right by construction
SET LOCAL maintenance_work_mem = '256MB';

CREATE FUNCTION pg_temp.draw(i bigint, salt bigint) RETURNS float8
LANGUAGE sql IMMUTABLE PARALLEL SAFE
AS $$ SELECT (hashint8extended(i, salt) & 1048575) / 1048576.0 $$;

-- Secondary indexes are dropped and made again at the end: trigrams row by row would
-- take most of the time.
CREATE TEMP TABLE fill_index AS
SELECT c.oid::regclass::text AS name, pg_get_indexdef(c.oid) AS definition
  FROM pg_index x
  JOIN pg_class c ON c.oid = x.indexrelid
 WHERE x.indrelid IN ('crm_lead'::regclass, 'mail_message'::regclass,
                      'mail_tracking_value'::regclass, 'mail_followers'::regclass,
                      'mail_activity'::regclass, 'res_partner'::regclass)
   AND NOT EXISTS (SELECT FROM pg_constraint k WHERE k.conindid = c.oid);
DO $$ DECLARE item record; BEGIN
    FOR item IN SELECT * FROM fill_index LOOP
        EXECUTE 'DROP INDEX ' || item.name;
    END LOOP;
END $$;

CREATE TEMP TABLE fill_stage AS
SELECT row_number() OVER (ORDER BY is_won NULLS FIRST, sequence, id)::int - 1 AS depth,
       id, name->>'en_US' AS name, COALESCE(is_won, FALSE) AS is_won
  FROM crm_stage;

CREATE TEMP TABLE fill_member AS
SELECT row_number() OVER (ORDER BY m.id)::int - 1 AS slot, m.user_id,
       m.crm_team_id AS team_id, t.company_id, u.partner_id
  FROM crm_team_member m
  JOIN crm_team t ON t.id = m.crm_team_id
  JOIN res_users u ON u.id = m.user_id
 WHERE m.active AND t.active;

CREATE TEMP TABLE fill_reason AS
SELECT row_number() OVER (ORDER BY id)::int - 1 AS slot, id, name->>'en_US' AS name
  FROM crm_lost_reason;

-- Customers: one for every eight opportunities ---------------------------------------
CREATE TEMP TABLE fill_partner AS
SELECT base.id + g AS id, g AS slot, 'Customer ' || g AS name
  FROM (SELECT max(id) AS id FROM res_partner) base,
       generate_series(1, GREATEST(%(n)s / 8, 1)) g;
INSERT INTO res_partner (id, name, complete_name, email, email_normalized, is_company,
                         type, active, lang, commercial_partner_id,
                         commercial_company_name, create_uid, create_date)
SELECT id, name, name, 'info@customer-' || slot || '.example',
       'info@customer-' || slot || '.example', TRUE, 'contact', TRUE, 'en_US', id, name,
       1, now()
  FROM fill_partner;

CREATE TEMP TABLE fill_country AS
SELECT row_number() OVER (ORDER BY code)::int - 1 AS slot, id
  FROM res_country
 WHERE code IN ('AT', 'BE', 'CH', 'DE', 'ES', 'FR', 'GB', 'IT', 'NL', 'PL', 'SE', 'US');

-- What becomes of each opportunity ---------------------------------------------------
CREATE TEMP TABLE fill_plan AS
WITH born AS (
    SELECT i, date_trunc('second', now() AT TIME ZONE 'UTC')
              - interval '1 second' * floor(540 * 86400 * pg_temp.draw(i, 1)) AS born
      FROM generate_series(1, %(n)s) i
), aged AS (
    SELECT *, EXTRACT(epoch FROM now() AT TIME ZONE 'UTC' - born) / 86400 AS age
      FROM born
), ended AS (
    SELECT *, CASE
        WHEN pg_temp.draw(i, 2) < CASE WHEN age < 60 THEN 0.8 WHEN age < 180 THEN 0.4
                                       ELSE 0.2 END THEN 'open'
        WHEN pg_temp.draw(i, 3) < 0.36 THEN 'won'
        WHEN pg_temp.draw(i, 3) < 0.95 THEN 'lost'
        ELSE 'archived' END AS outcome
      FROM aged
)
SELECT i, born, outcome,
       CASE outcome WHEN 'open' THEN age
            ELSE LEAST(age * pg_temp.draw(i, 19), 20 + 160 * pg_temp.draw(i, 4))
       END AS days,
       CASE outcome WHEN 'won' THEN 4
            ELSE floor(5 * power(pg_temp.draw(i, 5), 0.8))::int END AS depth,
       round((300 * exp(4 * pg_temp.draw(i, 6)))::numeric, 2) AS amount,
       floor(pg_temp.draw(i, 7) * (SELECT count(*) FROM fill_member))::int AS member,
       floor(pg_temp.draw(i, 8) * (SELECT count(*) FROM fill_reason))::int AS reason,
       floor(pg_temp.draw(i, 9) * (SELECT count(*) FROM fill_partner))::int + 1
           AS partner
  FROM ended;

-- Moves between stages: every step forward, one in ten skipped, one in sixteen back ---
CREATE TEMP TABLE fill_move AS
WITH step AS (
    SELECT i, k, k AS depth FROM fill_plan, generate_series(1, depth) k
     WHERE k = depth OR pg_temp.draw(i, 100 + k) >= 0.1
     UNION ALL
    SELECT i, depth + 1, 5 FROM fill_plan WHERE outcome = 'won'
     UNION ALL
    SELECT i, depth + 1, depth - 1 FROM fill_plan
     WHERE outcome <> 'won' AND depth > 0 AND pg_temp.draw(i, 10) < 0.06
)
SELECT s.i, s.k, s.depth AS to_depth,
       lag(s.depth, 1, 0) OVER (PARTITION BY s.i ORDER BY s.k) AS from_depth,
       date_trunc('second', p.born + interval '1 day' * p.days
           * (s.k - 0.8 * pg_temp.draw(s.i, 200 + s.k)) / (p.depth + 2)) AS moved
  FROM step s JOIN fill_plan p USING (i);

-- Messages, numbered in the order of time as Odoo would have ---------------------------
CREATE TEMP TABLE fill_event AS
SELECT base.id + row_number() OVER (ORDER BY happened, i, k) AS id, event.*
  FROM (SELECT COALESCE(max(id), 0) AS id FROM mail_message) base, (
    SELECT i, 0 AS k, 'create' AS kind, born AS happened, 0 AS from_depth, 0 AS to_depth
      FROM fill_plan
     UNION ALL
    SELECT i, k, CASE to_depth WHEN 5 THEN 'won' ELSE 'stage' END, moved, from_depth,
           to_depth
      FROM fill_move
     UNION ALL
    SELECT i, 99, outcome, date_trunc('second', born + interval '1 day' * days), 0, 0
      FROM fill_plan WHERE outcome IN ('lost', 'archived')
  ) event;

INSERT INTO mail_message (id, model, res_id, message_type, subtype_id, author_id, date,
                          create_date, write_date, create_uid, write_uid, body,
                          email_from, message_id, is_internal)
SELECT e.id, 'crm.lead', e.i, 'notification', subtype.res_id, m.partner_id, e.happened,
       e.happened, e.happened, m.user_id, m.user_id, '', 'sales@example.com',
       '<' || e.id || '@bench.example>', subtype.name = 'mt_note'
  FROM fill_event e
  JOIN fill_plan p USING (i)
  JOIN fill_member m ON m.slot = p.member
  JOIN ir_model_data subtype ON subtype.model = 'mail.message.subtype'
   AND subtype.module || '.' || subtype.name = CASE e.kind
       WHEN 'archived' THEN 'mail.mt_note' ELSE 'crm.mt_lead_' || e.kind END;

INSERT INTO mail_tracking_value (field_id, mail_message_id, old_value_integer,
                                 new_value_integer, old_value_char, new_value_char,
                                 create_uid, write_uid, create_date, write_date)
SELECT f.id, t.message, t.old_id, t.new_id, t.old_name, t.new_name, 1, 1, t.at, t.at
  FROM (
    SELECT e.id AS message, 'stage_id' AS field, a.id AS old_id, b.id AS new_id,
           a.name AS old_name, b.name AS new_name, e.happened AS at
      FROM fill_event e
      JOIN fill_stage a ON a.depth = e.from_depth
      JOIN fill_stage b ON b.depth = e.to_depth
     WHERE e.kind IN ('stage', 'won')
     UNION ALL
    SELECT id, 'active', 1, 0, NULL, NULL, happened
      FROM fill_event WHERE kind IN ('lost', 'archived')
     UNION ALL
    SELECT id, 'won_status', NULL, NULL, 'Pending',
           CASE kind WHEN 'won' THEN 'Won' ELSE 'Lost' END, happened
      FROM fill_event WHERE kind IN ('won', 'lost')
     UNION ALL
    SELECT e.id, 'lost_reason_id', 0, r.id, '', r.name, e.happened
      FROM fill_event e
      JOIN fill_plan p USING (i)
      JOIN fill_reason r ON r.slot = p.reason
     WHERE e.kind = 'lost'
  ) t
  JOIN ir_model_fields f ON f.model = 'crm.lead' AND f.name = t.field
 ORDER BY t.message;

-- The opportunities as those moves left them ------------------------------------------
INSERT INTO crm_lead (id, name, type, active, priority, stage_id, user_id, team_id,
                      company_id, partner_id, partner_name, contact_name, email_from,
                      email_normalized, email_state, phone, phone_state, country_id,
                      expected_revenue, prorated_revenue,
                      recurring_revenue, probability, automated_probability, won_status,
                      lost_reason_id, date_deadline, date_open, date_closed,
                      date_last_stage_update, day_open, day_close, color, create_uid,
                      write_uid, create_date, write_date)
SELECT p.i, 'Opportunity ' || p.i, 'opportunity', p.outcome IN ('open', 'won'),
       floor(4 * power(pg_temp.draw(p.i, 11), 3))::int::text, s.id, m.user_id,
       m.team_id, CASE WHEN pg_temp.draw(p.i, 12) < 0.97 THEN m.company_id END,
       CASE WHEN pg_temp.draw(p.i, 13) < 0.7 THEN c.id END, c.name,
       'Contact ' || p.i, 'contact' || p.i || '@customer-' || p.partner || '.example',
       'contact' || p.i || '@customer-' || p.partner || '.example', 'correct',
       '+32 470 ' || p.i, CASE WHEN pg_temp.draw(p.i, 20) < 0.6 THEN 'correct'
                               WHEN pg_temp.draw(p.i, 20) < 0.8 THEN 'incorrect' END,
       country.id, p.amount, round(p.amount * chance.percent / 100, 2), 0, chance.percent,
       chance.percent,
       CASE p.outcome WHEN 'won' THEN 'won' WHEN 'lost' THEN 'lost' ELSE 'pending' END,
       CASE p.outcome WHEN 'lost' THEN r.id END,
       (p.born + interval '1 day' * (p.days + CASE p.outcome WHEN 'open'
           THEN 150 * pg_temp.draw(p.i, 14) - 20 ELSE 0 END))::date,
       p.born, closed.at, COALESCE(last.moved, p.born), 0,
       abs(EXTRACT(epoch FROM closed.at - p.born)) / 86400, 0, m.user_id, m.user_id,
       p.born, COALESCE(closed.at, last.moved, p.born)
  FROM fill_plan p
  JOIN fill_member m ON m.slot = p.member
  JOIN fill_partner c ON c.slot = p.partner
  JOIN fill_reason r ON r.slot = p.reason
  LEFT JOIN fill_country country ON country.slot = floor(15 * pg_temp.draw(p.i, 21))
  LEFT JOIN (SELECT DISTINCT ON (i) i, to_depth, moved FROM fill_move
              ORDER BY i, k DESC) last ON last.i = p.i
  JOIN fill_stage s ON s.depth = COALESCE(last.to_depth, 0)
 CROSS JOIN LATERAL (SELECT CASE p.outcome WHEN 'won' THEN 100 WHEN 'lost' THEN 0
       ELSE round((10 + 18 * s.depth + 9 * pg_temp.draw(p.i, 15))::numeric, 2)
       END AS percent) chance
 CROSS JOIN LATERAL (SELECT CASE WHEN p.outcome = 'won' THEN last.moved
       WHEN p.outcome <> 'open' THEN
           date_trunc('second', p.born + interval '1 day' * p.days) END AS at) closed
 ORDER BY p.i;

INSERT INTO crm_tag_rel (lead_id, tag_id)
SELECT p.i, t.id FROM fill_plan p
  JOIN (SELECT id, row_number() OVER (ORDER BY id) - 1 AS slot FROM crm_tag) t
    ON t.slot = floor(20 * pg_temp.draw(p.i, 16));

INSERT INTO mail_followers (res_model, res_id, partner_id)
SELECT 'crm.lead', p.i, m.partner_id
  FROM fill_plan p JOIN fill_member m ON m.slot = p.member ORDER BY p.i;
INSERT INTO mail_followers_mail_message_subtype_rel
       (mail_followers_id, mail_message_subtype_id)
SELECT f.id, d.res_id
  FROM mail_followers f
  JOIN ir_model_data d ON d.module = 'mail' AND d.name = 'mt_comment'
 WHERE f.res_model = 'crm.lead';

INSERT INTO mail_activity (res_model, res_model_id, res_id, res_name, activity_type_id,
                           user_id, summary, date_deadline, active, automated,
                           create_uid, create_date)
SELECT 'crm.lead', model.id, p.i, 'Opportunity ' || p.i, kind.res_id, m.user_id,
       'Call back', current_date + floor(30 * pg_temp.draw(p.i, 17))::int - 10, TRUE,
       FALSE, m.user_id, now()
  FROM fill_plan p
  JOIN fill_member m ON m.slot = p.member
  JOIN ir_model model ON model.model = 'crm.lead'
  JOIN ir_model_data kind ON kind.module = 'mail'
   AND kind.name = 'mail_activity_data_call'
 WHERE p.outcome = 'open' AND pg_temp.draw(p.i, 18) < 0.4;

INSERT INTO crm_lead_scoring_frequency (variable, value, won_count, lost_count, team_id)
SELECT 'stage_id', s.id::text, count(*) FILTER (WHERE p.outcome = 'won') + 0.1,
       count(*) FILTER (WHERE p.outcome = 'lost') + 0.1, m.team_id
  FROM fill_plan p
  JOIN fill_member m ON m.slot = p.member
  JOIN fill_stage s ON p.outcome = 'won' OR s.depth <= p.depth
 WHERE p.outcome IN ('won', 'lost')
 GROUP BY s.id, m.team_id;

DO $$ DECLARE item record; BEGIN
    FOR item IN SELECT * FROM fill_index LOOP
        EXECUTE item.definition;
    END LOOP;
END $$;
SELECT setval('crm_lead_id_seq', %(n)s);
SELECT setval('mail_message_id_seq', max(id)) FROM mail_message;
SELECT setval('res_partner_id_seq', max(id)) FROM res_partner;
