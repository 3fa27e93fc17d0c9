package store

import (
	"context"
	"database/sql"
	"encoding/json"
	"fmt"

	"goalpost"
)

// AddOwnAnswers keeps what an organisation itself answers to questions of a study, all
// of them or none. known is how many answers to this study were known to whoever
// answers: when there are more by now, somebody else was faster and it fails with
// Conflict.
func (db *DB) AddOwnAnswers(ctx context.Context, org goalpost.OrgID, study string, known int, list []goalpost.OwnAnswer) error {
	return db.do(ctx, func(t *tx) error {
		var there int64
		if found, err := t.row("SELECT org_id FROM organisation WHERE org_id = $1", []any{org}, &there); err != nil || !found {
			if err == nil {
				err = notFound("organisation")
			}
			return err
		}
		seq, err := t.next("SELECT COALESCE(MAX(seq), 0) FROM own_answer WHERE org_id = $1 AND study_id = $2", org, study)
		switch {
		case err != nil:
			return err
		case seq != int64(known):
			return goalpost.Errorf(goalpost.Conflict, "error.own.conflict")
		}
		for _, a := range list {
			seq++
			body, err := json.Marshal(a)
			if err != nil {
				return fmt.Errorf("store: own answer: %w", err)
			}
			if _, err := t.exec("INSERT INTO own_answer (org_id, study_id, seq, body) VALUES ($1, $2, $3, $4)", org, study, seq, string(body)); err != nil {
				return err
			}
		}
		return nil
	})
}

// OwnAnswers returns what an organisation itself answered to one study, or to all for an
// empty id, by study, oldest first.
func (db *DB) OwnAnswers(ctx context.Context, org goalpost.OrgID, study string) (map[string][]goalpost.OwnAnswer, error) {
	out := map[string][]goalpost.OwnAnswer{}
	err := db.rows(ctx, "own.Answers", func(r *sql.Rows) error {
		var id, body string
		if err := r.Scan(&id, &body); err != nil {
			return err
		}
		var a goalpost.OwnAnswer
		if err := json.Unmarshal([]byte(body), &a); err != nil {
			return fmt.Errorf("own answer to %s: %w", id, err)
		}
		out[id] = append(out[id], a)
		return nil
	}, org, study)
	return out, err
}
