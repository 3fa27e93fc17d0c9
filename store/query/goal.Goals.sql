-- Goals with all their versions, oldest first; $2 one goal, 0 for all.
SELECT g.id, g.code, v.body
FROM goal g
JOIN goal_version v ON v.org_id = g.org_id AND v.goal_id = g.id
WHERE g.org_id = $1 AND (CAST($2 AS BIGINT) = 0 OR g.id = CAST($2 AS BIGINT))
ORDER BY g.id, v.version
