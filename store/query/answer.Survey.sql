SELECT s.revision, f.answered FROM survey s
JOIN survey_form f ON f.org_id = s.org_id AND f.survey_id = s.id AND f.version = $3
WHERE s.org_id = $1 AND s.id = $2
