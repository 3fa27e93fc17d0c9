SELECT at FROM answer_event WHERE org_id = $1 AND survey_id = $2 AND kind <> 'erased' ORDER BY id DESC LIMIT 1
