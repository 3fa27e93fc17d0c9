-- What members of the team believed that respondents would answer, one sheet each. Nothing
-- changes or removes a row: no statement of the program does, and the hash tells when one was.
CREATE TABLE belief (
  org_id BIGINT NOT NULL, survey_id BIGINT NOT NULL, user_id BIGINT NOT NULL, made_at BIGINT NOT NULL, made_by TEXT NOT NULL, late INTEGER NOT NULL,
  sha256 TEXT NOT NULL, body TEXT NOT NULL, PRIMARY KEY (org_id, survey_id, user_id));
