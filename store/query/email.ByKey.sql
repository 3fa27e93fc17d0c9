SELECT key_id, COUNT(*) FROM (
  SELECT key_id FROM comment_email WHERE org_id = $1
  UNION ALL SELECT key_id FROM survey_contact WHERE org_id = $1
  UNION ALL SELECT key_id FROM invitation WHERE org_id = $1 AND key_id <> '') AS sealed
GROUP BY key_id
