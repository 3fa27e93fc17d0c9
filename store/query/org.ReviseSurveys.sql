UPDATE survey SET revision = revision + 1
WHERE org_id = $1 AND NOT EXISTS (SELECT 1 FROM organisation o WHERE o.org_id = $1 AND o.name = $2 AND o.time_zone = $3)
