-- Each series with the days that it covers and when it was last seen.
SELECT s.id, s.account_id, s.network, s.metric, s.region, s.product, s.grain, s.currency,
  MIN(v.day), MAX(v.day), COUNT(DISTINCT v.day), MAX(v.observed_at)
FROM series s
JOIN series_value v ON v.org_id = s.org_id AND v.series_id = s.id
WHERE s.org_id = $1
GROUP BY s.id, s.account_id, s.network, s.metric, s.region, s.product, s.grain, s.currency
ORDER BY s.metric, s.id
