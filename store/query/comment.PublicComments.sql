-- What readers see of a poll's comments, newest first.
SELECT c.id, c.poll_id, c.at, c.version, c.state, c.name, c.text, '', '', c.at, 0, '', '', '', 0, c.reply, c.reply_by, c.reply_at
FROM comment c WHERE c.org_id = $1 AND c.poll_id = $2 AND c.text <> '' ORDER BY c.id DESC LIMIT $3 OFFSET $4
