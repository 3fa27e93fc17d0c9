UPDATE survey SET slug = $3, state = $4, form_version = $5, setting_version = $6, revision = $7, closed_at = $8 WHERE org_id = $1 AND id = $2
