INSERT INTO invitation (org_id, survey_id, id, body, key_id, sealed, made_at, used_day, rid)
VALUES ($1, $2, $3, $4, $5, $6, $7, 0, '')
