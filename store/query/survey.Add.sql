INSERT INTO survey (org_id, id, slug, state, form_version, setting_version, revision, secret, created_at, created_by)
VALUES ($1, $2, $3, $4, 1, 1, 1, $5, $6, $7)
