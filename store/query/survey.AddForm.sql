INSERT INTO survey_form (org_id, survey_id, version, made_at, made_by, answered, body) VALUES ($1, $2, $3, $4, $5, 0, $6)
