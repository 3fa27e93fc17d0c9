-- What is known of the population of a survey; every version stays.
CREATE TABLE population (
  org_id BIGINT NOT NULL, survey_id BIGINT NOT NULL, version INTEGER NOT NULL, made_at BIGINT NOT NULL, made_by TEXT NOT NULL, body TEXT NOT NULL,
  PRIMARY KEY (org_id, survey_id, version));
-- Weights that a figure cites, by what they were made of. They never change.
CREATE TABLE weight_set (
  org_id BIGINT NOT NULL, survey_id BIGINT NOT NULL, id TEXT NOT NULL, made_at BIGINT NOT NULL, body TEXT NOT NULL,
  PRIMARY KEY (org_id, survey_id, id));
