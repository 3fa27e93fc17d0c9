INSERT INTO survey_setting (org_id, survey_id, version, made_at, made_by, body) VALUES ($1, $2, $3, $4, $5, $6)
