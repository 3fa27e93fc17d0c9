-- Spends an invitation by one of its tokens, unless that was done before.
UPDATE invitation SET used_day = $4, rid = $5
WHERE org_id = $1 AND survey_id = $2 AND used_day = 0
  AND id = (SELECT invitation_id FROM invitation_token WHERE org_id = $1 AND survey_id = $2 AND token = $3)
