UPDATE answer SET network = ''
WHERE org_id = $1 AND survey_id = $2
  AND rid IN (SELECT rid FROM answer WHERE org_id = $1 AND survey_id = $2 AND network <> '' AND begun_at < $3 LIMIT $4)
