UPDATE post SET text = $3, permalink = $4, kind = $5, published_at = $6, published_on = $7, day_only = $8, observed_at = $9
WHERE org_id = $1 AND id = $2
