UPDATE answer SET change = $4, rev = $5, version = $6, state = $7, language = $8, changed_at = $9, seconds = $10, flags = $11, sha256 = $12, body = $13
WHERE org_id = $1 AND survey_id = $2 AND rid = $3
