package store

import (
	"context"
	"database/sql"
	"time"

	"goalpost"
)

// AnswerTag is one word that a person of the team gave to an open answer.
type AnswerTag struct {
	Answer   string // id of the answer
	Question string
	Tag      string
	At       time.Time
	By       string
}

// AnswerTags returns all tags of a survey's open answers, by answer, question and tag.
func (db *DB) AnswerTags(ctx context.Context, org goalpost.OrgID, id goalpost.SurveyID) ([]AnswerTag, error) {
	var list []AnswerTag
	err := db.rows(ctx, "SELECT rid, question, tag, made_at, made_by FROM answer_tag WHERE org_id = $1 AND survey_id = $2 ORDER BY rid, question, tag", func(r *sql.Rows) error {
		var t AnswerTag
		var at int64
		err := r.Scan(&t.Answer, &t.Question, &t.Tag, &at, &t.By)
		t.At = micros(at)
		list = append(list, t)
		return err
	}, org, id)
	return list, err
}

// TagAnswer gives an open answer these tags and no others. Tags that it has keep who gave
// them, and when. It fails with NotFound when there is no such answer, or no more.
func (db *DB) TagAnswer(ctx context.Context, org goalpost.OrgID, id goalpost.SurveyID, rid, question string, tags []string, by string, at time.Time) error {
	return db.do(ctx, func(t *tx) error {
		var there string
		if err := t.mustFind("answer", "SELECT rid FROM answer WHERE org_id = $1 AND survey_id = $2 AND rid = $3 AND state <> 'erased'", []any{org, id, rid}, &there); err != nil {
			return err
		}
		return t.overwriting(func() error { return t.tagAnswer(org, id, rid, question, tags, by, at) })
	})
}

func (t *tx) tagAnswer(org goalpost.OrgID, id goalpost.SurveyID, rid, question string, tags []string, by string, at time.Time) error {
	gone := map[string]bool{}
	err := t.rows("SELECT tag FROM answer_tag WHERE org_id = $1 AND survey_id = $2 AND rid = $3 AND question = $4", func(r *sql.Rows) error {
		var tag string
		err := r.Scan(&tag)
		gone[tag] = true
		return err
	}, org, id, rid, question)
	if err != nil {
		return err
	}
	for _, tag := range tags {
		delete(gone, tag)
		if _, err := t.exec("answer.Tag", org, id, rid, question, tag, at.UnixMicro(), by); err != nil {
			return err
		}
	}
	for tag := range gone {
		if _, err := t.exec("DELETE FROM answer_tag WHERE org_id = $1 AND survey_id = $2 AND rid = $3 AND question = $4 AND tag = $5", org, id, rid, question, tag); err != nil {
			return err
		}
	}
	return nil
}

// AnswerTagState is another one after every change of the tags of a survey.
func (db *DB) AnswerTagState(ctx context.Context, org goalpost.OrgID, id goalpost.SurveyID) (n int, last time.Time, err error) {
	var at int64
	err = db.row(ctx, "SELECT COUNT(*), COALESCE(MAX(made_at), 0) FROM answer_tag WHERE org_id = $1 AND survey_id = $2", "survey", []any{org, id}, &n, &at)
	return n, micros(at), err
}
