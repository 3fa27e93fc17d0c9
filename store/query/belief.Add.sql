INSERT INTO belief (org_id, survey_id, user_id, made_at, made_by, late, sha256, body) VALUES ($1, $2, $3, $4, $5, $6, $7, $8)
