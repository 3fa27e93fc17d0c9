CREATE TABLE comment (
  org_id BIGINT NOT NULL, id BIGINT NOT NULL, poll_id BIGINT NOT NULL, form_id TEXT NOT NULL, link TEXT NOT NULL, at BIGINT NOT NULL, state TEXT NOT NULL,
  version BIGINT NOT NULL, changed_at BIGINT NOT NULL, name TEXT NOT NULL, text TEXT NOT NULL, waiting_name TEXT NOT NULL, waiting_text TEXT NOT NULL,
  same TEXT NOT NULL, origin TEXT NOT NULL, flags TEXT NOT NULL, reason TEXT NOT NULL, decided_by TEXT NOT NULL, decided_at BIGINT NOT NULL,
  reply TEXT NOT NULL, reply_by TEXT NOT NULL, reply_at BIGINT NOT NULL, PRIMARY KEY (org_id, id));
CREATE UNIQUE INDEX comment_form ON comment (org_id, poll_id, form_id);
CREATE INDEX comment_link ON comment (org_id, link);
CREATE INDEX comment_state ON comment (org_id, poll_id, state, id);
CREATE INDEX comment_origin ON comment (org_id, origin);
CREATE INDEX comment_same ON comment (org_id, same);
CREATE TABLE comment_email (
  org_id BIGINT NOT NULL, comment_id BIGINT NOT NULL, key_id TEXT NOT NULL, sealed BYTEA NOT NULL, PRIMARY KEY (org_id, comment_id));
