-- What a newer export says of a post; an empty field never overwrites.
UPDATE post SET
  text = CASE WHEN CAST($3 AS TEXT) <> '' THEN CAST($3 AS TEXT) ELSE text END,
  permalink = CASE WHEN CAST($4 AS TEXT) <> '' THEN CAST($4 AS TEXT) ELSE permalink END,
  kind = CASE WHEN CAST($5 AS TEXT) <> '' THEN CAST($5 AS TEXT) ELSE kind END,
  published_at = $6, published_on = $7, day_only = $8, observed_at = $9
WHERE org_id = $1 AND id = $2
