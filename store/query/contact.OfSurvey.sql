SELECT org_id, survey_id, id, rid, results, prize, setting_version, day, key_id, sealed
FROM survey_contact WHERE org_id = $1 AND survey_id = $2 ORDER BY id
