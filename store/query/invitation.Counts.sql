SELECT COUNT(*), COALESCE(SUM(CASE WHEN i.used_day <> 0 THEN 1 ELSE 0 END), 0),
  COALESCE(SUM(CASE WHEN i.used_day = 0 AND i.key_id <> '' AND NOT EXISTS (SELECT 1 FROM invitation_token t WHERE t.org_id = $1 AND t.survey_id = $2 AND t.invitation_id = i.id) THEN 1 ELSE 0 END), 0),
  COALESCE(SUM(CASE WHEN i.key_id = '' THEN 1 ELSE 0 END), 0),
  COALESCE((SELECT MAX(made_at) FROM invitation_token WHERE org_id = $1 AND survey_id = $2), 0),
  COALESCE((SELECT COUNT(*) FROM answer WHERE org_id = $1 AND survey_id = $2 AND state <> 'erased'), 0)
FROM invitation i WHERE i.org_id = $1 AND i.survey_id = $2
