-- A comment that may be there already: the same page sent twice is one comment.
INSERT INTO comment (org_id, id, poll_id, form_id, link, at, state, version, changed_at, name, text, waiting_name, waiting_text, same, origin, flags, reason, decided_by, decided_at, reply, reply_by, reply_at)
VALUES ($1, $2, $3, $4, $5, $6, 'held', 1, $6, '', '', $7, $8, $9, $10, $11, '', '', 0, '', '', 0)
