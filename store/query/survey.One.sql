SELECT s.id, s.slug, s.state, s.form_version, s.setting_version, s.revision, s.created_at, s.created_by, s.closed_at,
  f.answered, f.body, t.body
FROM survey s
JOIN survey_form f ON f.org_id = s.org_id AND f.survey_id = s.id AND f.version = s.form_version
JOIN survey_setting t ON t.org_id = s.org_id AND t.survey_id = s.id AND t.version = s.setting_version
WHERE s.org_id = $1 AND s.id = $2
