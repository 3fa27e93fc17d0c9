INSERT INTO answer_event (org_id, survey_id, id, rid, at, kind, rev, sha256, body)
SELECT org_id, survey_id, $3 + change, rid, $4, 'erased', 0, '', '' FROM answer WHERE org_id = $1 AND survey_id = $2 AND state <> 'erased'
