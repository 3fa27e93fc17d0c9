-- Every observation of a metric's series, so that the last row of each series and
-- day is the newest; only finished imports count.
SELECT s.id, s.account_id, s.network, s.region, s.product, s.grain, s.currency, v.day, v.quantity, v.amount_minor, v.observed_at, v.import_id
FROM series s
JOIN series_value v ON v.org_id = s.org_id AND v.series_id = s.id
WHERE s.org_id = $1 AND s.metric = $2 AND v.day >= $3 AND v.day < $4 AND v.observed_at < $5
  AND v.import_id IN (SELECT id FROM import WHERE org_id = $1 AND state = 'done')
ORDER BY s.id, v.day, v.observed_at, v.import_id
