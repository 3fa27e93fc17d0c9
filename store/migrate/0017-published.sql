-- What anybody may see of a survey: the figures of the last step of five answers, with the
-- newest change of the answers that they count.
CREATE TABLE published (
  org_id BIGINT NOT NULL, survey_id BIGINT NOT NULL, change BIGINT NOT NULL, n INTEGER NOT NULL, step INTEGER NOT NULL, made_at BIGINT NOT NULL, body TEXT NOT NULL,
  PRIMARY KEY (org_id, survey_id));
