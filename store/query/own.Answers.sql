-- What an organisation itself answered, in the order in which it did; $2 one study,
-- empty for all.
SELECT study_id, body
FROM own_answer
WHERE org_id = $1 AND (CAST($2 AS TEXT) = '' OR study_id = CAST($2 AS TEXT))
ORDER BY study_id, seq
