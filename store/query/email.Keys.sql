SELECT key_id, SUM(n) FROM (
  SELECT key_id, COUNT(*) AS n FROM comment_email WHERE org_id = $1 GROUP BY key_id
  UNION ALL SELECT key_id, COUNT(*) FROM invitation WHERE org_id = $1 AND key_id <> '' GROUP BY key_id) AS each
GROUP BY key_id
