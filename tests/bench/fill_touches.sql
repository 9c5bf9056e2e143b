-- Five touches for each of the first 200,000 opportunities, over the kinds that count and
-- 60 combinations of campaign, medium and source; three in four before the closing.
INSERT INTO crm_touch_channel (campaign_id, medium_id, source_id, campaign_name,
                               medium_name, source_name, is_direct)
SELECT c, m, s, NULLIF('Campaign ' || c, 'Campaign 0'), 'Medium ' || m,
       NULLIF('Source ' || s, 'Source 0'), c = 0 AND s = 0 AND m = 1
  FROM generate_series(0, 3) c, generate_series(1, 5) m, generate_series(0, 2) s
    ON CONFLICT DO NOTHING;

INSERT INTO crm_touchpoint (lead_id, partner_id, kind_id, channel_id, happened_at,
                            origin, company_id, recorded_at)
SELECT lead.id, lead.partner_id, kind.ids[1 + abs(d.a) %% cardinality(kind.ids)],
       channel.ids[1 + abs(d.b) %% cardinality(channel.ids)],
       lead.create_date + interval '1 day' * ((abs(d.a + d.b) %% 9000) / 50.0 - 30),
       'bench', lead.company_id, now() AT TIME ZONE 'UTC'
  FROM crm_lead lead
 CROSS JOIN generate_series(1, 5) n
 CROSS JOIN LATERAL (SELECT hashint4(lead.id * 5 + n) / 2 AS a,
                            hashint4(lead.id * 7 + n + 1000) / 2 AS b) d
 CROSS JOIN (SELECT array_agg(id ORDER BY id) AS ids FROM crm_touch_kind WHERE counts)
            kind
 CROSS JOIN (SELECT array_agg(id ORDER BY id) AS ids FROM crm_touch_channel) channel
 WHERE lead.id <= 200000;
