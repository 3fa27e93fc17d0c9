-- As answer.Erase, for all of a survey: the numbers of the changes move above the highest.
UPDATE answer SET change = $3 + change, rev = 0, state = 'erased', channel = '', campaign = '', language = '', device = '', begun_at = 0, changed_at = 0,
  seconds = 0, flags = '', network = '', secret = '', sha256 = '', body = '{}'
WHERE org_id = $1 AND survey_id = $2 AND state <> 'erased'
