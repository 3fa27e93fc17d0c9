INSERT INTO outbox (org_id, survey_id, rid, hook_id, kind, tries, next_at, state, problem)
SELECT h.org_id, $2, $3, h.id, $4, 0, $5, 'waiting', '' FROM hook h WHERE h.org_id = $1 AND h.survey_id = $2 AND h.off = 0
ON CONFLICT (org_id, survey_id, rid, hook_id, kind) DO NOTHING
