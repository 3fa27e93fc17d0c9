CREATE TABLE own_answer (
  org_id BIGINT NOT NULL, study_id TEXT NOT NULL, seq BIGINT NOT NULL, body TEXT NOT NULL, PRIMARY KEY (org_id, study_id, seq));
