-- The newest verdict of each goal.
SELECT v.goal_id, v.body
FROM verdict v
JOIN (SELECT org_id, goal_id, MAX(id) AS id FROM verdict WHERE org_id = $1 GROUP BY org_id, goal_id) n
  ON n.org_id = v.org_id AND n.goal_id = v.goal_id AND n.id = v.id
WHERE v.org_id = $1
ORDER BY v.goal_id
