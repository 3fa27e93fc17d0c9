SELECT s.revision,
  (SELECT COALESCE(MAX(e.id), 0) FROM answer_event e WHERE e.org_id = s.org_id AND e.survey_id = s.id),
  (SELECT COUNT(*) FROM hook h WHERE h.org_id = s.org_id AND h.survey_id = s.id AND h.off = 0)
FROM survey s WHERE s.org_id = $1 AND s.id = $2
