-- A post that may be there already.
INSERT INTO post (org_id, id, account_id, external_id, text, permalink, kind, published_at, published_on, day_only, observed_at)
VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11)
ON CONFLICT (org_id, account_id, external_id) DO NOTHING
