INSERT INTO answer (org_id, survey_id, rid, seq, change, rev, version, state, channel, campaign, language, device, begun_at, changed_at, seconds, flags, network, secret, sha256, body)
VALUES ($1, $2, $3, $4, $4, $5, $6, $7, $8, $9, $10, $11, $12, $12, $13, $14, $15, $16, $17, $18)
ON CONFLICT (org_id, survey_id, rid) DO NOTHING
