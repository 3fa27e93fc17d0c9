CREATE TABLE organisation (
  org_id BIGINT NOT NULL PRIMARY KEY, name TEXT NOT NULL, language TEXT NOT NULL, time_zone TEXT NOT NULL,
  currency TEXT NOT NULL, simulated INTEGER NOT NULL, adopted INTEGER NOT NULL);
CREATE TABLE "user" (
  user_id BIGINT NOT NULL PRIMARY KEY, name TEXT NOT NULL, name_key TEXT NOT NULL UNIQUE, password_hash TEXT NOT NULL,
  language TEXT NOT NULL, created_at BIGINT NOT NULL);
CREATE TABLE membership (
  org_id BIGINT NOT NULL, user_id BIGINT NOT NULL, role TEXT NOT NULL, PRIMARY KEY (org_id, user_id));
CREATE TABLE session (token TEXT NOT NULL PRIMARY KEY, data BLOB NOT NULL, expires_at BIGINT NOT NULL);
CREATE TABLE account (
  org_id BIGINT NOT NULL, id BIGINT NOT NULL, network TEXT NOT NULL, name TEXT NOT NULL, name_key TEXT NOT NULL,
  external_id TEXT NOT NULL, PRIMARY KEY (org_id, id));
CREATE UNIQUE INDEX account_name ON account (org_id, network, name_key);

CREATE TABLE import (
  org_id BIGINT NOT NULL, id BIGINT NOT NULL, state TEXT NOT NULL, file TEXT NOT NULL, dialect TEXT NOT NULL,
  sha256 TEXT NOT NULL, answers TEXT NOT NULL, map TEXT NOT NULL, observed_at BIGINT NOT NULL, started_at BIGINT NOT NULL,
  finished_at BIGINT NOT NULL, undone_at BIGINT NOT NULL, undone_by TEXT NOT NULL, made_by TEXT NOT NULL, report TEXT NOT NULL,
  PRIMARY KEY (org_id, id));
CREATE INDEX import_hash ON import (org_id, sha256);
CREATE TABLE import_coverage (
  org_id BIGINT NOT NULL, import_id BIGINT NOT NULL, account_id BIGINT NOT NULL, start_day INTEGER NOT NULL, end_day INTEGER NOT NULL,
  PRIMARY KEY (org_id, import_id, account_id, start_day));
CREATE TABLE raw_file (
  org_id BIGINT NOT NULL, sha256 TEXT NOT NULL, size BIGINT NOT NULL, chunks INTEGER NOT NULL, PRIMARY KEY (org_id, sha256));
CREATE TABLE raw_chunk (
  org_id BIGINT NOT NULL, sha256 TEXT NOT NULL, n INTEGER NOT NULL, bytes BLOB NOT NULL, PRIMARY KEY (org_id, sha256, n));
CREATE TABLE column_map (
  org_id BIGINT NOT NULL, fingerprint TEXT NOT NULL, map TEXT NOT NULL, import_id BIGINT NOT NULL, PRIMARY KEY (org_id, fingerprint));

CREATE TABLE post (
  org_id BIGINT NOT NULL, id BIGINT NOT NULL, account_id BIGINT NOT NULL, external_id TEXT NOT NULL, text TEXT NOT NULL,
  permalink TEXT NOT NULL, kind TEXT NOT NULL, published_at BIGINT, published_on INTEGER NOT NULL, day_only INTEGER NOT NULL,
  observed_at BIGINT NOT NULL, PRIMARY KEY (org_id, id)) WITHOUT ROWID;
CREATE UNIQUE INDEX post_external ON post (org_id, account_id, external_id);
CREATE TABLE snapshot (
  org_id BIGINT NOT NULL, post_id BIGINT NOT NULL, observed_at BIGINT NOT NULL, import_id BIGINT NOT NULL,
  impressions BIGINT, views BIGINT, reach BIGINT, likes BIGINT, comments BIGINT, shares BIGINT, saves BIGINT, clicks BIGINT,
  link_clicks BIGINT, engagements BIGINT, follows BIGINT, profile_visits BIGINT, share_menu BIGINT, media_views BIGINT, duration_s BIGINT,
  engagements_derived INTEGER NOT NULL, PRIMARY KEY (org_id, post_id, observed_at, import_id)) WITHOUT ROWID;
CREATE TABLE post_latest (
  org_id BIGINT NOT NULL, account_id BIGINT NOT NULL, published_on INTEGER NOT NULL, post_id BIGINT NOT NULL, network TEXT NOT NULL,
  published_at BIGINT, observed_at BIGINT NOT NULL,
  impressions BIGINT, views BIGINT, reach BIGINT, likes BIGINT, comments BIGINT, shares BIGINT, saves BIGINT, clicks BIGINT,
  link_clicks BIGINT, engagements BIGINT, follows BIGINT, profile_visits BIGINT, share_menu BIGINT, media_views BIGINT, duration_s BIGINT,
  engagements_derived INTEGER NOT NULL, PRIMARY KEY (org_id, account_id, published_on, post_id)) WITHOUT ROWID;

CREATE TABLE series (
  org_id BIGINT NOT NULL, id BIGINT NOT NULL, account_id BIGINT NOT NULL, network TEXT NOT NULL, metric TEXT NOT NULL,
  region TEXT NOT NULL, product TEXT NOT NULL, grain TEXT NOT NULL, currency TEXT NOT NULL, PRIMARY KEY (org_id, id));
CREATE UNIQUE INDEX series_key ON series (org_id, metric, account_id, network, region, product, grain, currency);
CREATE TABLE series_value (
  org_id BIGINT NOT NULL, series_id BIGINT NOT NULL, day INTEGER NOT NULL, observed_at BIGINT NOT NULL, import_id BIGINT NOT NULL,
  quantity DOUBLE PRECISION, amount_minor BIGINT, PRIMARY KEY (org_id, series_id, day, observed_at, import_id)) WITHOUT ROWID;
CREATE TABLE activity (
  org_id BIGINT NOT NULL, id BIGINT NOT NULL, import_id BIGINT NOT NULL, name TEXT NOT NULL, start_day INTEGER NOT NULL,
  end_day INTEGER NOT NULL, network TEXT NOT NULL, region TEXT NOT NULL, product TEXT NOT NULL, media TEXT NOT NULL,
  design TEXT NOT NULL, amount_minor BIGINT, currency TEXT NOT NULL, PRIMARY KEY (org_id, id));

CREATE TABLE goal (org_id BIGINT NOT NULL, id BIGINT NOT NULL, code TEXT NOT NULL, PRIMARY KEY (org_id, id));
CREATE TABLE goal_version (
  org_id BIGINT NOT NULL, goal_id BIGINT NOT NULL, version INTEGER NOT NULL, made_at BIGINT NOT NULL, body TEXT NOT NULL,
  PRIMARY KEY (org_id, goal_id, version));
CREATE TABLE verdict (
  org_id BIGINT NOT NULL, goal_id BIGINT NOT NULL, id BIGINT NOT NULL, computed_at BIGINT NOT NULL, as_of INTEGER NOT NULL,
  decision TEXT NOT NULL, body TEXT NOT NULL, PRIMARY KEY (org_id, goal_id, id));
