SELECT rid, seq, change, rev, version, state, channel, campaign, language, device, begun_at, changed_at, seconds, flags, body, secret, sha256
FROM answer WHERE org_id = $1 AND survey_id = $2 AND rid = $3
