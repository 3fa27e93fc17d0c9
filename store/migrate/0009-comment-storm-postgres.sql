-- With very many comments that wait, another one and the page of readers cost as little as
-- with a few: the rate of an origin and what is public are found without reading the rest.
DROP INDEX comment_origin;
CREATE INDEX comment_origin ON comment (org_id, origin, at);
CREATE INDEX comment_public ON comment (org_id, poll_id, id) WHERE text <> '';
