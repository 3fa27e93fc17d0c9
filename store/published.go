package store

import (
	"context"
	"time"

	"goalpost"
)

// PublishedResults are the figures of a survey that anybody may see.
type PublishedResults struct {
	Change int64 // the newest of the answers that they count
	N      int   // answers
	Step   int   // counts how often they moved
	At     time.Time
	Body   []byte // JSON
}

// PublishedResults returns what anybody may see of a survey; NotFound where that is nothing
// yet.
func (db *DB) PublishedResults(ctx context.Context, org goalpost.OrgID, id goalpost.SurveyID) (p PublishedResults, err error) {
	var at int64
	var body string
	err = db.row(ctx, "SELECT change, n, step, made_at, body FROM published WHERE org_id = $1 AND survey_id = $2", "survey", []any{org, id}, &p.Change, &p.N, &p.Step, &at, &body)
	p.At, p.Body = micros(at), []byte(body)
	return p, err
}

// NewComplete counts the complete answers that came after a change, but for those that came
// from the same connection and browser as others.
func (db *DB) NewComplete(ctx context.Context, org goalpost.OrgID, id goalpost.SurveyID, change int64) (n int, err error) {
	err = db.row(ctx, "published.New", "survey", []any{org, id, change}, &n)
	return n, err
}

// KeepPublished replaces what anybody may see of a survey, unless somebody else did so
// meanwhile.
func (db *DB) KeepPublished(ctx context.Context, org goalpost.OrgID, id goalpost.SurveyID, p PublishedResults) error {
	return db.do(ctx, func(t *tx) error {
		var there int64
		if err := t.mustFind("survey", "SELECT id FROM survey WHERE org_id = $1 AND id = $2", []any{org, id}, &there); err != nil {
			return err
		}
		_, err := t.exec("published.Keep", org, id, p.Change, p.N, p.At.UnixMicro(), string(p.Body))
		return err
	})
}
