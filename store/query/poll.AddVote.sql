-- A vote that may be there already: the same page sent twice is one vote.
INSERT INTO vote (org_id, poll_id, seq, id, at, choices, other, role, size, country, origin, flags)
VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12)
ON CONFLICT (org_id, poll_id, id) DO NOTHING
