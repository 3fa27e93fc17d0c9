SELECT org_id, survey_id, id, rid, results, prize, setting_version, day, key_id, sealed
FROM survey_contact WHERE org_id = $1 ORDER BY survey_id, id
