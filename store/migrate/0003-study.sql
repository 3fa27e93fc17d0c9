-- Studies that were entered, imported or corrected, as JSON, with all their versions.
CREATE TABLE study_version (
  org_id BIGINT NOT NULL, study_id TEXT NOT NULL, version INTEGER NOT NULL, made_at BIGINT NOT NULL, made_by TEXT NOT NULL,
  why TEXT NOT NULL, body TEXT NOT NULL, PRIMARY KEY (org_id, study_id, version));
