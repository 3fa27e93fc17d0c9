-- Versions of studies, oldest first; $2 one study, empty for all.
SELECT study_id, version, made_at, made_by, why, body, counted
FROM study_version
WHERE org_id = $1 AND (CAST($2 AS TEXT) = '' OR study_id = CAST($2 AS TEXT))
ORDER BY study_id, version
