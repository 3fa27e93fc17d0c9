SELECT version, made_at, made_by, body FROM survey_form WHERE org_id = $1 AND survey_id = $2 ORDER BY version
