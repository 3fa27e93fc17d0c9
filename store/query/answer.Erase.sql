-- Nothing of a person stays but that somebody was there: the id, so that the same page sent
-- again does not bring the answer back.
UPDATE answer SET change = $4, rev = 0, state = 'erased', channel = '', campaign = '', language = '', device = '', begun_at = 0, changed_at = 0, seconds = 0,
  flags = '', network = '', secret = '', sha256 = '', body = '{}'
WHERE org_id = $1 AND survey_id = $2 AND rid = $3
