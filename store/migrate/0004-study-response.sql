-- Answers of single respondents of own waves, only the mapped columns, 500 people a row.
CREATE TABLE study_response (
  org_id BIGINT NOT NULL, study_id TEXT NOT NULL, wave_id TEXT NOT NULL, chunk INTEGER NOT NULL, body TEXT NOT NULL,
  PRIMARY KEY (org_id, study_id, wave_id, chunk));
