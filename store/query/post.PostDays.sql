-- The posts of each account and day with one metric (and the denominator of a
-- rate), from each post's newest counts. $4 and $5 choose the metric by its place
-- in goalpost.PostMetrics; -1 counts posts, -2 is none.
SELECT account_id, MAX(network), published_on, COUNT(*), COUNT(num), COUNT(CASE WHEN den IS NOT NULL THEN num END),
  CAST(COALESCE(SUM(num), 0) AS BIGINT), CAST(COALESCE(SUM(CASE WHEN den IS NOT NULL THEN num END), 0) AS BIGINT),
  CAST(COALESCE(SUM(CASE WHEN num IS NOT NULL THEN den END), 0) AS BIGINT),
  COALESCE(SUM(CASE WHEN den > 0 THEN CAST(num AS DOUBLE PRECISION) / den END), 0),
  COALESCE(MAX(num), 0), MIN(observed_at), MAX(observed_at)
FROM (
  SELECT l.account_id, l.network, l.published_on, l.observed_at,
    CASE CAST($4 AS INTEGER) WHEN -1 THEN 1 WHEN 0 THEN impressions WHEN 1 THEN views WHEN 2 THEN reach WHEN 3 THEN likes WHEN 4 THEN comments WHEN 5 THEN shares WHEN 6 THEN saves WHEN 7 THEN clicks WHEN 8 THEN link_clicks WHEN 9 THEN engagements WHEN 10 THEN follows WHEN 11 THEN profile_visits WHEN 12 THEN share_menu WHEN 13 THEN media_views WHEN 14 THEN duration_s END AS num,
    CASE CAST($5 AS INTEGER) WHEN -1 THEN 1 WHEN 0 THEN impressions WHEN 1 THEN views WHEN 2 THEN reach WHEN 3 THEN likes WHEN 4 THEN comments WHEN 5 THEN shares WHEN 6 THEN saves WHEN 7 THEN clicks WHEN 8 THEN link_clicks WHEN 9 THEN engagements WHEN 10 THEN follows WHEN 11 THEN profile_visits WHEN 12 THEN share_menu WHEN 13 THEN media_views WHEN 14 THEN duration_s END AS den
  FROM account a
  JOIN post_latest l ON l.org_id = a.org_id AND l.account_id = a.id AND l.published_on >= $2 AND l.published_on < $3
  WHERE a.org_id = $1
) p
GROUP BY account_id, published_on
ORDER BY account_id, published_on
