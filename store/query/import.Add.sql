-- A new row of the ledger.
INSERT INTO import (org_id, id, state, file, dialect, sha256, answers, map, observed_at, started_at, finished_at, undone_at, undone_by, made_by, report)
VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, 0, 0, '', $11, '')
