SELECT survey_id, id, key_id, sealed, made_at, used_day, rid, body FROM invitation
WHERE org_id = $1 AND ($2 = 0 OR survey_id = $2) AND key_id <> '' ORDER BY survey_id, id
