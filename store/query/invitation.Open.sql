-- Invitations that were not used, by id, from one on; with $5 = 1 only those without a link.
SELECT i.id, i.body, i.key_id, i.sealed, i.made_at FROM invitation i
WHERE i.org_id = $1 AND i.survey_id = $2 AND i.id > $3 AND i.used_day = 0 AND i.key_id <> ''
  AND ($5 = 0 OR NOT EXISTS (SELECT 1 FROM invitation_token t WHERE t.org_id = $1 AND t.survey_id = $2 AND t.invitation_id = i.id))
ORDER BY i.id LIMIT $4
