-- A page of posts that a search finds: as post.Posts, counted while the texts are
-- read, which would cost more a second time. $2 search text as a LIKE pattern ('' for
-- all), $3 network ('' for all), $4 and $5 the days, $8 account (0 for all), $6 what
-- to sort by (-1 the date, a metric's place, 100 and up a rate), $7 1 or -1 for the
-- direction, $9 limit, $10 offset. The page is cut before the texts are joined.
WITH page AS (
  SELECT l.org_id, l.account_id, l.published_on, l.post_id, COUNT(*) OVER () AS total, CASE CAST($6 AS INTEGER) WHEN -1 THEN CAST(l.published_at AS DOUBLE PRECISION) WHEN 0 THEN CAST(l.impressions AS DOUBLE PRECISION) WHEN 1 THEN CAST(l.views AS DOUBLE PRECISION) WHEN 2 THEN CAST(l.reach AS DOUBLE PRECISION) WHEN 3 THEN CAST(l.likes AS DOUBLE PRECISION) WHEN 4 THEN CAST(l.comments AS DOUBLE PRECISION) WHEN 5 THEN CAST(l.shares AS DOUBLE PRECISION) WHEN 6 THEN CAST(l.saves AS DOUBLE PRECISION) WHEN 7 THEN CAST(l.clicks AS DOUBLE PRECISION) WHEN 8 THEN CAST(l.link_clicks AS DOUBLE PRECISION) WHEN 9 THEN CAST(l.engagements AS DOUBLE PRECISION) WHEN 10 THEN CAST(l.follows AS DOUBLE PRECISION) WHEN 11 THEN CAST(l.profile_visits AS DOUBLE PRECISION) WHEN 12 THEN CAST(l.share_menu AS DOUBLE PRECISION) WHEN 13 THEN CAST(l.media_views AS DOUBLE PRECISION) WHEN 14 THEN CAST(l.duration_s AS DOUBLE PRECISION) WHEN 100 THEN CAST(l.engagements AS DOUBLE PRECISION) / NULLIF(l.reach, 0) WHEN 101 THEN CAST(l.engagements AS DOUBLE PRECISION) / NULLIF(l.impressions, 0) WHEN 102 THEN CAST(l.engagements AS DOUBLE PRECISION) / NULLIF(l.views, 0) WHEN 103 THEN CAST(l.saves AS DOUBLE PRECISION) / NULLIF(l.reach, 0) WHEN 104 THEN CAST(l.clicks AS DOUBLE PRECISION) / NULLIF(l.impressions, 0) WHEN 105 THEN CAST(l.link_clicks AS DOUBLE PRECISION) / NULLIF(l.impressions, 0) END * CAST($7 AS DOUBLE PRECISION) AS sort_key
  FROM post_latest l
  WHERE l.org_id = $1
    AND ((l.published_on >= $4 AND l.published_on < $5) OR (l.published_on < -1000000 AND $4 < -1000000))
    AND (CAST($3 AS TEXT) = '' OR l.network = CAST($3 AS TEXT)) AND (CAST($8 AS BIGINT) = 0 OR l.account_id = CAST($8 AS BIGINT))
    AND (CAST($2 AS TEXT) = '' OR EXISTS (SELECT 1 FROM post s WHERE s.org_id = l.org_id AND s.id = l.post_id AND LOWER(s.text) LIKE LOWER(CAST($2 AS TEXT)) ESCAPE '!'))
  ORDER BY sort_key NULLS LAST, l.post_id
  LIMIT $9 OFFSET $10)
SELECT p.total, q.id, q.account_id, q.external_id, q.text, q.permalink, q.kind, q.published_at, q.published_on, q.day_only,
  a.network, a.name, l.observed_at, l.impressions, l.views, l.reach, l.likes, l.comments, l.shares, l.saves, l.clicks, l.link_clicks, l.engagements, l.follows, l.profile_visits, l.share_menu, l.media_views, l.duration_s, l.engagements_derived
FROM page p
JOIN post_latest l ON l.org_id = p.org_id AND l.account_id = p.account_id AND l.published_on = p.published_on AND l.post_id = p.post_id
JOIN post q ON q.org_id = p.org_id AND q.id = p.post_id
JOIN account a ON a.org_id = q.org_id AND a.id = q.account_id
ORDER BY p.sort_key NULLS LAST, p.post_id
