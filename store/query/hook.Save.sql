UPDATE outbox SET tries = $6, next_at = $7, state = $8, problem = $9
WHERE org_id = $1 AND survey_id = $2 AND rid = $3 AND hook_id = $4 AND kind = $5
