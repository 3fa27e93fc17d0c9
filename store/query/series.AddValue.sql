-- One value of a series; rows of one import with the same day are added.
INSERT INTO series_value (org_id, series_id, day, observed_at, import_id, quantity, amount_minor)
VALUES ($1, $2, $3, $4, $5, $6, $7)
ON CONFLICT (org_id, series_id, day, observed_at, import_id) DO UPDATE
SET quantity = series_value.quantity + excluded.quantity, amount_minor = series_value.amount_minor + excluded.amount_minor
