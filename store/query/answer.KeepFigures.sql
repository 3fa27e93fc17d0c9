INSERT INTO survey_figure (org_id, survey_id, made_at, body) VALUES ($1, $2, $3, $4)
ON CONFLICT (org_id, survey_id) DO NOTHING
