SELECT COUNT(*) FROM answer
WHERE org_id = $1 AND survey_id = $2 AND change > $3 AND state = 'complete' AND flags NOT LIKE '%repeated%'
