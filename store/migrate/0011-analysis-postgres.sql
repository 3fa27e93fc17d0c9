-- An activity keeps its id when the import that brought it is undone and comes again.
-- Imported ones are told apart by name and place; each entered one has its own.
CREATE TABLE activity_identity (
  org_id BIGINT NOT NULL, id BIGINT NOT NULL, entered INTEGER NOT NULL, name TEXT NOT NULL, network TEXT NOT NULL, region TEXT NOT NULL,
  product TEXT NOT NULL, PRIMARY KEY (org_id, id));
CREATE UNIQUE INDEX activity_identity_imported ON activity_identity (org_id, name, network, region, product) WHERE entered = 0;
INSERT INTO activity_identity (org_id, id, entered, name, network, region, product)
  SELECT org_id, MIN(id), 0, name, network, region, product FROM activity GROUP BY org_id, name, network, region, product;
CREATE TABLE activity_version (
  org_id BIGINT NOT NULL, activity_id BIGINT NOT NULL, version INTEGER NOT NULL, made_at BIGINT NOT NULL, body TEXT NOT NULL,
  PRIMARY KEY (org_id, activity_id, version));
CREATE TABLE analysis (
  org_id BIGINT NOT NULL, id BIGINT NOT NULL, activity_id BIGINT NOT NULL, series TEXT NOT NULL, PRIMARY KEY (org_id, id));
CREATE TABLE analysis_plan (
  org_id BIGINT NOT NULL, analysis_id BIGINT NOT NULL, version INTEGER NOT NULL, made_at BIGINT NOT NULL, sha256 TEXT NOT NULL,
  body TEXT NOT NULL, PRIMARY KEY (org_id, analysis_id, version));
CREATE TABLE analysis_result (
  org_id BIGINT NOT NULL, analysis_id BIGINT NOT NULL, id BIGINT NOT NULL, plan_version INTEGER NOT NULL, plan_sha256 TEXT NOT NULL,
  data_sha256 TEXT NOT NULL, method TEXT NOT NULL, seed TEXT NOT NULL, decision TEXT NOT NULL, computed_at BIGINT NOT NULL,
  body TEXT NOT NULL, PRIMARY KEY (org_id, analysis_id, id));
