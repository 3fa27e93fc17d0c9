INSERT INTO survey_count (org_id, survey_id, question, option, n) VALUES ($1, $2, $3, $4, $5)
ON CONFLICT (org_id, survey_id, question, option) DO UPDATE SET n = survey_count.n + excluded.n
