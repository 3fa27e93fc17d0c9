-- All values of one series from other imports, oldest observation first.
SELECT day, quantity, amount_minor, observed_at
FROM series_value WHERE org_id = $1 AND series_id = $2 AND import_id <> $3
ORDER BY day, observed_at, import_id
