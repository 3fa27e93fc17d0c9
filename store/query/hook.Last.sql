SELECT hook_id, survey_id, rid, kind, tries, next_at, state, problem FROM outbox
WHERE org_id = $1 AND hook_id = $2 AND tries > 0 ORDER BY next_at DESC, rid LIMIT $3
