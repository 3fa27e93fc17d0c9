SELECT id, at, kind, rev, sha256, SUBSTR(body, 1, $5) FROM answer_event
WHERE org_id = $1 AND survey_id = $2 AND rid = $3 ORDER BY id DESC LIMIT $4
