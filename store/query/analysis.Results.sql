-- Every result of an analysis, newest first.
SELECT id, plan_version, plan_sha256, data_sha256, method, seed, decision, computed_at, body
FROM analysis_result
WHERE org_id = $1 AND analysis_id = $2
ORDER BY id DESC
