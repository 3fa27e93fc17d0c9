-- The newest of each state, so that an index finds them: one state after the other in the
-- order of time.
SELECT hook_id, survey_id, rid, kind, tries, next_at, state, problem FROM (
  SELECT * FROM (SELECT * FROM outbox WHERE org_id = $1 AND hook_id = $2 AND state = 'sent' ORDER BY next_at DESC, rid LIMIT $3) AS sent
  UNION ALL SELECT * FROM (SELECT * FROM outbox WHERE org_id = $1 AND hook_id = $2 AND state = 'failed' ORDER BY next_at DESC, rid LIMIT $3) AS failed
  UNION ALL SELECT * FROM (SELECT * FROM outbox WHERE org_id = $1 AND hook_id = $2 AND state = 'waiting' AND tries > 0 ORDER BY next_at DESC, rid LIMIT $3) AS waiting
) AS tried
ORDER BY next_at DESC, rid LIMIT $3
