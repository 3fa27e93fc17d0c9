-- Tokens for programs. Of the token itself only its SHA-256 is kept.
CREATE TABLE token (
  org_id BIGINT NOT NULL, id BIGINT NOT NULL, name TEXT NOT NULL, name_key TEXT NOT NULL, role TEXT NOT NULL, sha256 TEXT NOT NULL,
  made_at BIGINT NOT NULL, made_by TEXT NOT NULL, used_day BIGINT NOT NULL, PRIMARY KEY (org_id, id));
CREATE UNIQUE INDEX token_name ON token (org_id, name_key);
CREATE UNIQUE INDEX token_sha256 ON token (org_id, sha256);
-- The key that a program sent with a new activity: the same one again adds nothing.
CREATE TABLE activity_key (
  org_id BIGINT NOT NULL, request_key TEXT NOT NULL, sha256 TEXT NOT NULL, activity_id BIGINT NOT NULL, PRIMARY KEY (org_id, request_key));
