-- Counts the same run in other files than import $2.
SELECT COUNT(*)
FROM activity
WHERE org_id = $1 AND import_id <> $2 AND name = $3 AND start_day = $4 AND end_day = $5 AND network = $6 AND region = $7 AND product = $8
