INSERT INTO analysis_result (org_id, analysis_id, id, plan_version, plan_sha256, data_sha256, method, seed, decision, computed_at, body)
VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11)
