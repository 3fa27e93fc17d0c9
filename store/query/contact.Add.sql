INSERT INTO survey_contact (org_id, survey_id, id, rid, results, prize, setting_version, day, key_id, sealed) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)
ON CONFLICT (org_id, survey_id, id) DO NOTHING
