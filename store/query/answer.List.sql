SELECT rid, seq, change, rev, version, state, channel, campaign, language, device, begun_at, changed_at, seconds, flags, body
FROM answer
WHERE org_id = $1 AND survey_id = $2 AND (state = $3 OR ($3 = '' AND state <> 'erased')) AND ($4 = '' OR ' ' || flags || ' ' LIKE $4)
  AND ($5 = '' OR channel = $5 OR ($5 = '-' AND channel = '')) AND ($6 = 0 OR version = $6) AND ($7 = 0 OR change < $7)
ORDER BY change DESC LIMIT $8
