INSERT INTO hook (org_id, id, survey_id, url, key_id, sealed, off, made_at, made_by) VALUES ($1, $2, $3, $4, $5, $6, 0, $7, $8)
