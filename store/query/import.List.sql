-- The ledger, newest first; $2 one import, 0 for all.
SELECT id, state, file, dialect, sha256, answers, map, started_at, finished_at, undone_at, undone_by, made_by, report
FROM import WHERE org_id = $1 AND (CAST($2 AS BIGINT) = 0 OR id = CAST($2 AS BIGINT))
ORDER BY id DESC
