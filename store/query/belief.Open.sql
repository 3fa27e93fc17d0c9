-- Nobody reads what others believe before the first answer is there.
SELECT late, sha256, body FROM belief b
WHERE b.org_id = $1 AND b.survey_id = $2
  AND EXISTS (SELECT 1 FROM answer_event e WHERE e.org_id = b.org_id AND e.survey_id = b.survey_id)
ORDER BY b.made_at, b.user_id
