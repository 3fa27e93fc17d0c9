SELECT hook_id, survey_id, rid, kind, tries, next_at, state, problem FROM outbox
WHERE org_id = $1 AND hook_id = $2 AND state = 'waiting' AND next_at > $3 ORDER BY next_at, rid LIMIT $4
