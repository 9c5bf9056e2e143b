-- The least that the eight rule-based models have to do: place the touches of each deal
-- in time, weigh them, share the cents out by largest remainder, and insert the rows,
-- into a table with the same columns and indexes. Binary fractions, two decimals, one
-- set of kinds, no look-back window, no company, no version. What the addon takes is
-- printed as a ratio to this.
CREATE TABLE bench_credit (LIKE crm_attribution_credit INCLUDING ALL);
INSERT INTO bench_credit (model_id, version, lead_id, touchpoint_id, fraction, amount,
                          currency_id)
WITH model (model_id, shape, w_first, w_lead, w_opportunity, w_last, w_middle) AS (
    VALUES
    (1, 'first', 0.0::float8, 0.0::float8, 0.0::float8, 0.0::float8, 0.0::float8),
    (2, 'last', 0, 0, 0, 0, 0), (3, 'last_non_direct', 0, 0, 0, 0, 0),
    (4, 'linear', 0, 0, 0, 0, 0), (5, 'decay', 0, 0, 0, 0, 0),
    (6, 'position', 40, 0, 0, 40, 20), (7, 'position', 30, 30, 30, 0, 10),
    (8, 'position', 22.5, 22.5, 22.5, 22.5, 10)
), touch AS (
    SELECT touch.lead_id, touch.id, touch.happened_at, lead.expected_revenue AS value,
           lead.create_date, COALESCE(lead.date_conversion, lead.create_date) AS became,
           channel.is_direct,
           row_number() OVER (PARTITION BY touch.lead_id
                              ORDER BY touch.happened_at, touch.id) AS place,
           count(*) OVER (PARTITION BY touch.lead_id) AS touches
      FROM crm_touchpoint touch
      JOIN crm_lead lead ON lead.id = touch.lead_id
      JOIN crm_touch_kind kind ON kind.id = touch.kind_id AND kind.counts
      JOIN crm_touch_channel channel ON channel.id = touch.channel_id
     WHERE touch.reverses_id IS NULL AND touch.reversed_by_id IS NULL
       AND (lead.won_status = 'pending' OR touch.happened_at <= lead.date_closed)
), placed AS (
    SELECT *, GREATEST(1, count(*) FILTER (WHERE happened_at <= create_date) OVER deal)
               AS at_lead,
           GREATEST(1, count(*) FILTER (WHERE happened_at <= became) OVER deal)
               AS at_opportunity,
           COALESCE(max(place) FILTER (WHERE NOT is_direct) OVER deal, touches)
               AS at_sent,
           max(happened_at) OVER deal AS last_at
      FROM touch
    WINDOW deal AS (PARTITION BY lead_id)
), earned AS (
    SELECT *, CASE WHEN place = 1 THEN w_first ELSE 0 END
              + CASE WHEN place = at_lead THEN w_lead ELSE 0 END
              + CASE WHEN place = at_opportunity THEN w_opportunity ELSE 0 END
              + CASE WHEN place = touches THEN w_last ELSE 0 END AS milestone
      FROM placed CROSS JOIN model
     WHERE CASE shape WHEN 'first' THEN place = 1
                      WHEN 'last' THEN place = touches
                      WHEN 'last_non_direct' THEN place = at_sent
                      ELSE TRUE END
), weighed AS (
    SELECT *, CASE shape
              WHEN 'decay' THEN power(2::float8,
                  -EXTRACT(epoch FROM last_at - happened_at)::float8 / 604800)
              WHEN 'position' THEN
                  CASE WHEN milestone > 0 THEN milestone ELSE w_middle
                  / (count(*) FILTER (WHERE milestone = 0) OVER deal)::float8 END
              ELSE 1 END AS weight
      FROM earned
    WINDOW deal AS (PARTITION BY lead_id, model_id)
), shared AS (
    SELECT *, weight / sum(weight) OVER (PARTITION BY lead_id, model_id) AS share
      FROM weighed
), cut AS (
    SELECT *, floor(share * value::float8 * 100) AS cents,
           share * value::float8 * 100 - floor(share * value::float8 * 100) AS rest
      FROM shared
), ranked AS (
    SELECT *, row_number() OVER (PARTITION BY lead_id, model_id
                                 ORDER BY rest DESC, place) AS turn,
           round(value * 100)::int - sum(cents) OVER (PARTITION BY lead_id, model_id)
               AS spare
      FROM cut
)
SELECT model_id, 1, lead_id, id, round(share::numeric, 9),
       ((cents + (turn <= spare)::int) / 100)::numeric, 1
  FROM ranked
 WHERE share > 0;
