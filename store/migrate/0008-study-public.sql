-- What the answers of single respondents came to, kept with each version; empty: none.
ALTER TABLE study_version ADD COLUMN counted TEXT NOT NULL DEFAULT '';
-- Public addresses of studies. A withdrawn one keeps its address.
CREATE TABLE study_public (
  org_id BIGINT NOT NULL, study_id TEXT NOT NULL, slug TEXT NOT NULL, from_version INTEGER NOT NULL, published INTEGER NOT NULL, made_at BIGINT NOT NULL, made_by TEXT NOT NULL,
  PRIMARY KEY (org_id, study_id));
CREATE UNIQUE INDEX study_public_slug ON study_public (slug);
