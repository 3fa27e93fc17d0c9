CREATE TABLE poll (
  org_id BIGINT NOT NULL, id BIGINT NOT NULL, slug TEXT NOT NULL, body TEXT NOT NULL, PRIMARY KEY (org_id, id));
CREATE UNIQUE INDEX poll_slug ON poll (slug);
CREATE TABLE vote (
  org_id BIGINT NOT NULL, poll_id BIGINT NOT NULL, seq BIGINT NOT NULL, id TEXT NOT NULL, at BIGINT NOT NULL, choices TEXT NOT NULL, other TEXT NOT NULL,
  role TEXT NOT NULL, size TEXT NOT NULL, country TEXT NOT NULL, origin TEXT NOT NULL, flags TEXT NOT NULL, PRIMARY KEY (org_id, poll_id, seq));
CREATE UNIQUE INDEX vote_id ON vote (org_id, poll_id, id);
CREATE INDEX vote_origin ON vote (org_id, poll_id, origin);
