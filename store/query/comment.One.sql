SELECT c.id, c.poll_id, c.at, c.version, c.state, c.name, c.text, c.waiting_name, c.waiting_text, c.changed_at, CASE WHEN e.comment_id IS NULL THEN 0 ELSE 1 END,
  c.flags, c.reason, c.decided_by, c.decided_at, c.reply, c.reply_by, c.reply_at
FROM comment c LEFT JOIN comment_email e ON e.org_id = c.org_id AND e.comment_id = c.id
WHERE c.org_id = $1 AND c.id = $2
