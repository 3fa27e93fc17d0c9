INSERT INTO published (org_id, survey_id, change, n, step, made_at, body)
SELECT org_id, id, $3, $4, 1, $5, $6 FROM survey WHERE org_id = $1 AND id = $2
ON CONFLICT (org_id, survey_id) DO UPDATE SET change = excluded.change, n = excluded.n, step = published.step + 1, made_at = excluded.made_at, body = excluded.body
WHERE published.change < excluded.change
