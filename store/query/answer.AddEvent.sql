INSERT INTO answer_event (org_id, survey_id, id, rid, at, kind, rev, sha256, body) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)
