-- Analyses with all their plans, oldest first; $2 one analysis, 0 for all.
SELECT a.id, a.activity_id, a.series, p.version, p.sha256, p.body
FROM analysis a
JOIN analysis_plan p ON p.org_id = a.org_id AND p.analysis_id = a.id
WHERE a.org_id = $1 AND (CAST($2 AS BIGINT) = 0 OR a.id = CAST($2 AS BIGINT))
ORDER BY a.id, p.version
