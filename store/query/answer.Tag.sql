INSERT INTO answer_tag (org_id, survey_id, rid, question, tag, made_at, made_by) VALUES ($1, $2, $3, $4, $5, $6, $7)
ON CONFLICT (org_id, survey_id, rid, question, tag) DO NOTHING
