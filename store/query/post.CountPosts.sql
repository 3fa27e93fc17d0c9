-- How many posts there are in all. $2 search text as a LIKE pattern ('' for
-- all), $3 network ('' for all), $4 and $5 the days, $6 account (0 for all).
SELECT COUNT(*)
FROM post_latest l
WHERE l.org_id = $1
    AND ((l.published_on >= $4 AND l.published_on < $5) OR (l.published_on < -1000000 AND $4 < -1000000))
    AND (CAST($3 AS TEXT) = '' OR l.network = CAST($3 AS TEXT)) AND (CAST($6 AS BIGINT) = 0 OR l.account_id = CAST($6 AS BIGINT))
    AND (CAST($2 AS TEXT) = '' OR EXISTS (SELECT 1 FROM post s WHERE s.org_id = l.org_id AND s.id = l.post_id AND LOWER(s.text) LIKE LOWER(CAST($2 AS TEXT)) ESCAPE '!'))
