INSERT INTO post_said (org_id, post_id, import_id, text, permalink, kind, published_at, published_on, day_only)
VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)
ON CONFLICT (org_id, post_id, import_id) DO UPDATE SET text = EXCLUDED.text, permalink = EXCLUDED.permalink, kind = EXCLUDED.kind,
  published_at = EXCLUDED.published_at, published_on = EXCLUDED.published_on, day_only = EXCLUDED.day_only
