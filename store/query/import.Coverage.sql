-- The periods in which the finished imports hold every post of an account.
SELECT c.account_id, c.start_day, c.end_day, i.observed_at, c.import_id
FROM import_coverage c
JOIN import i ON i.org_id = c.org_id AND i.id = c.import_id
WHERE c.org_id = $1 AND i.state = 'done'
ORDER BY c.account_id, c.start_day, c.import_id
