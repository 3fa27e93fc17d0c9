-- What single imports say of a post where they disagree: import_id 0 is what those
-- without a row of their own say. A post on which all agree has no rows here.
CREATE TABLE post_said (
  org_id BIGINT NOT NULL, post_id BIGINT NOT NULL, import_id BIGINT NOT NULL, text TEXT NOT NULL, permalink TEXT NOT NULL,
  kind TEXT NOT NULL, published_at BIGINT, published_on INTEGER NOT NULL, day_only INTEGER NOT NULL,
  PRIMARY KEY (org_id, post_id, import_id));
