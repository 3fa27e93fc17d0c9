SELECT i.id, i.made_at, i.used_day FROM invitation_token t
JOIN invitation i ON i.org_id = t.org_id AND i.survey_id = t.survey_id AND i.id = t.invitation_id
WHERE t.org_id = $1 AND t.survey_id = $2 AND t.token = $3
