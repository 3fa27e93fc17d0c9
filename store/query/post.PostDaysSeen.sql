-- As post.PostDays, but from the counts that were known before $6: for each metric
-- the newest snapshot that has it.
SELECT account_id, network, published_on, COUNT(*), COUNT(num), COUNT(CASE WHEN den IS NOT NULL THEN num END),
  CAST(COALESCE(SUM(num), 0) AS BIGINT), CAST(COALESCE(SUM(CASE WHEN den IS NOT NULL THEN num END), 0) AS BIGINT),
  CAST(COALESCE(SUM(CASE WHEN num IS NOT NULL THEN den END), 0) AS BIGINT),
  COALESCE(SUM(CASE WHEN den > 0 THEN CAST(num AS DOUBLE PRECISION) / den END), 0),
  COALESCE(MAX(num), 0), MIN(observed_at), MAX(observed_at)
FROM (
  SELECT q.account_id, a.network, q.published_on, n.observed_at, n.num, d.den
  FROM post q
  JOIN account a ON a.org_id = q.org_id AND a.id = q.account_id
  JOIN (SELECT org_id, post_id, observed_at, num,
      ROW_NUMBER() OVER (PARTITION BY org_id, post_id ORDER BY CASE WHEN num IS NULL THEN 1 ELSE 0 END, observed_at DESC, import_id DESC) AS place
    FROM (SELECT org_id, post_id, observed_at, import_id, CASE CAST($4 AS INTEGER) WHEN -1 THEN 1 WHEN 0 THEN impressions WHEN 1 THEN views WHEN 2 THEN reach WHEN 3 THEN likes WHEN 4 THEN comments WHEN 5 THEN shares WHEN 6 THEN saves WHEN 7 THEN clicks WHEN 8 THEN link_clicks WHEN 9 THEN engagements WHEN 10 THEN follows WHEN 11 THEN profile_visits WHEN 12 THEN share_menu WHEN 13 THEN media_views WHEN 14 THEN duration_s END AS num
      FROM snapshot WHERE org_id = $1 AND observed_at < $6) x) n ON n.org_id = q.org_id AND n.post_id = q.id AND n.place = 1
  JOIN (SELECT org_id, post_id, den,
      ROW_NUMBER() OVER (PARTITION BY org_id, post_id ORDER BY CASE WHEN den IS NULL THEN 1 ELSE 0 END, observed_at DESC, import_id DESC) AS place
    FROM (SELECT org_id, post_id, observed_at, import_id, CASE CAST($5 AS INTEGER) WHEN -1 THEN 1 WHEN 0 THEN impressions WHEN 1 THEN views WHEN 2 THEN reach WHEN 3 THEN likes WHEN 4 THEN comments WHEN 5 THEN shares WHEN 6 THEN saves WHEN 7 THEN clicks WHEN 8 THEN link_clicks WHEN 9 THEN engagements WHEN 10 THEN follows WHEN 11 THEN profile_visits WHEN 12 THEN share_menu WHEN 13 THEN media_views WHEN 14 THEN duration_s END AS den
      FROM snapshot WHERE org_id = $1 AND observed_at < $6) y) d ON d.org_id = q.org_id AND d.post_id = q.id AND d.place = 1
  WHERE q.org_id = $1 AND q.published_on >= $2 AND q.published_on < $3
) p
GROUP BY account_id, network, published_on
ORDER BY account_id, network, published_on
