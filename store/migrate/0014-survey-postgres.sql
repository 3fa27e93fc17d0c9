-- Surveys; forms and settings are kept in versions.
CREATE TABLE survey (
  org_id BIGINT NOT NULL, id BIGINT NOT NULL, slug TEXT NOT NULL, state TEXT NOT NULL, form_version INTEGER NOT NULL, setting_version INTEGER NOT NULL,
  revision BIGINT NOT NULL, secret TEXT NOT NULL, created_at BIGINT NOT NULL, created_by TEXT NOT NULL,
  closed_at BIGINT NOT NULL DEFAULT 0, PRIMARY KEY (org_id, id));
CREATE UNIQUE INDEX survey_slug ON survey (slug);
CREATE TABLE survey_form (
  org_id BIGINT NOT NULL, survey_id BIGINT NOT NULL, version INTEGER NOT NULL, made_at BIGINT NOT NULL, made_by TEXT NOT NULL, answered INTEGER NOT NULL, body TEXT NOT NULL,
  PRIMARY KEY (org_id, survey_id, version));
CREATE TABLE survey_setting (
  org_id BIGINT NOT NULL, survey_id BIGINT NOT NULL, version INTEGER NOT NULL, made_at BIGINT NOT NULL, made_by TEXT NOT NULL, body TEXT NOT NULL,
  PRIMARY KEY (org_id, survey_id, version));
-- The form that a team works on while respondents see another; gone once it is published.
CREATE TABLE survey_working (
  org_id BIGINT NOT NULL, survey_id BIGINT NOT NULL, made_at BIGINT NOT NULL, made_by TEXT NOT NULL, body TEXT NOT NULL, PRIMARY KEY (org_id, survey_id));
-- Answers as they count; change is the id of the newest event of the answer.
CREATE TABLE answer (
  org_id BIGINT NOT NULL, survey_id BIGINT NOT NULL, rid TEXT NOT NULL, seq BIGINT NOT NULL, change BIGINT NOT NULL, rev BIGINT NOT NULL, version INTEGER NOT NULL,
  state TEXT NOT NULL, channel TEXT NOT NULL, campaign TEXT NOT NULL, language TEXT NOT NULL, device TEXT NOT NULL, begun_at BIGINT NOT NULL,
  changed_at BIGINT NOT NULL, seconds INTEGER NOT NULL, flags TEXT NOT NULL, network TEXT NOT NULL, secret TEXT NOT NULL, sha256 TEXT NOT NULL,
  body TEXT NOT NULL, PRIMARY KEY (org_id, survey_id, rid));
CREATE UNIQUE INDEX answer_change ON answer (org_id, survey_id, change);
-- What was sent, as it was sent: nothing overwrites it but the erasure of its respondent.
CREATE TABLE answer_event (
  org_id BIGINT NOT NULL, survey_id BIGINT NOT NULL, id BIGINT NOT NULL, rid TEXT NOT NULL, at BIGINT NOT NULL, kind TEXT NOT NULL, rev BIGINT NOT NULL,
  sha256 TEXT NOT NULL, body TEXT NOT NULL, PRIMARY KEY (org_id, survey_id, id));
CREATE INDEX answer_event_rid ON answer_event (org_id, survey_id, rid);
CREATE INDEX answer_network ON answer (org_id, survey_id, network) WHERE network <> '';
-- Complete answers, by option; with empty question and option all of them.
CREATE TABLE survey_count (
  org_id BIGINT NOT NULL, survey_id BIGINT NOT NULL, question TEXT NOT NULL, option TEXT NOT NULL, n BIGINT NOT NULL,
  PRIMARY KEY (org_id, survey_id, question, option));
CREATE TABLE answer_tag (
  org_id BIGINT NOT NULL, survey_id BIGINT NOT NULL, rid TEXT NOT NULL, question TEXT NOT NULL, tag TEXT NOT NULL, made_at BIGINT NOT NULL, made_by TEXT NOT NULL,
  PRIMARY KEY (org_id, survey_id, rid, question, tag));
-- Systems that are told of complete answers.
CREATE TABLE hook (
  org_id BIGINT NOT NULL, id BIGINT NOT NULL, survey_id BIGINT NOT NULL, url TEXT NOT NULL, key_id TEXT NOT NULL, sealed BYTEA NOT NULL, off INTEGER NOT NULL,
  made_at BIGINT NOT NULL, made_by TEXT NOT NULL, PRIMARY KEY (org_id, id));
CREATE TABLE outbox (
  org_id BIGINT NOT NULL, survey_id BIGINT NOT NULL, rid TEXT NOT NULL, hook_id BIGINT NOT NULL, kind TEXT NOT NULL, tries INTEGER NOT NULL, next_at BIGINT NOT NULL,
  state TEXT NOT NULL, problem TEXT NOT NULL, PRIMARY KEY (org_id, survey_id, rid, hook_id, kind));
CREATE INDEX outbox_hook ON outbox (org_id, hook_id, state, next_at);
-- People who were invited: only the columns that were chosen, under random ids, in whose
-- order they lie. In anonymous surveys rid stays empty.
CREATE TABLE invitation (
  org_id BIGINT NOT NULL, survey_id BIGINT NOT NULL, id TEXT NOT NULL, body TEXT NOT NULL, key_id TEXT NOT NULL, sealed BYTEA NOT NULL,
  made_at BIGINT NOT NULL, used_day BIGINT NOT NULL, rid TEXT NOT NULL, PRIMARY KEY (org_id, survey_id, id));
-- Of the tokens in their links only hashes. A reminder is a further token: each of them
-- spends the invitation, once.
CREATE TABLE invitation_token (
  org_id BIGINT NOT NULL, survey_id BIGINT NOT NULL, token TEXT NOT NULL, invitation_id TEXT NOT NULL, made_at BIGINT NOT NULL,
  PRIMARY KEY (org_id, survey_id, token));
CREATE INDEX invitation_token_of ON invitation_token (org_id, survey_id, invitation_id);
-- E-mail addresses of respondents under random ids, in whose order they lie, so that no
-- order tells whose answer is whose. In anonymous surveys rid stays empty.
CREATE TABLE survey_contact (
  org_id BIGINT NOT NULL, survey_id BIGINT NOT NULL, id TEXT NOT NULL, rid TEXT NOT NULL, results INTEGER NOT NULL, prize INTEGER NOT NULL,
  setting_version INTEGER NOT NULL, day BIGINT NOT NULL, key_id TEXT NOT NULL, sealed BYTEA NOT NULL, PRIMARY KEY (org_id, survey_id, id));
-- What is left of a survey when its single answers were erased after the time that they are kept.
CREATE TABLE survey_figure (org_id BIGINT NOT NULL, survey_id BIGINT NOT NULL, made_at BIGINT NOT NULL, body TEXT NOT NULL, PRIMARY KEY (org_id, survey_id));
