package store

import (
	"context"
	"database/sql"
	"time"

	"goalpost"
)

// AnswerFilter says which answers a list shows; empty fields filter nothing.
type AnswerFilter struct {
	State   goalpost.AnswerState
	Flag    string
	Channel string // code; PlainLink for the link without one
	Version int    // of the form
}

// PlainLink stands in a filter for answers that came by the survey's own link.
const PlainLink = "-"

// ListedAnswers returns up to limit answers that were there before a change, the last
// changed first; from 0 the newest. Erased ones are listed only when they are asked for.
func (db *DB) ListedAnswers(ctx context.Context, org goalpost.OrgID, id goalpost.SurveyID, f AnswerFilter, before int64, limit int) ([]goalpost.Answer, error) {
	flag := ""
	if f.Flag != "" {
		flag = "% " + f.Flag + " %"
	}
	return db.answers(ctx, "answer.List", org, id, string(f.State), flag, f.Channel, f.Version, before, limit)
}

// AnswerEvent is one entry of the log of what a respondent sent.
type AnswerEvent struct {
	ID   int64
	At   time.Time // in anonymous surveys the beginning of the day
	Kind string    // saved, saved_late, done, late_edit, erased
	Rev  int64
	Hash string // SHA-256 of what was answered
	Raw  string // as it was sent
}

// AnswerEvents returns the log of one answer, oldest first.
func (db *DB) AnswerEvents(ctx context.Context, org goalpost.OrgID, id goalpost.SurveyID, rid string) ([]AnswerEvent, error) {
	return db.answerEvents(ctx, "SELECT id, at, kind, rev, sha256, body FROM answer_event WHERE org_id = $1 AND survey_id = $2 AND rid = $3 ORDER BY id", org, id, rid)
}

// LastAnswerEvents returns the newest entries of the log of one answer, up to a limit,
// newest first, with the beginning of what was sent: a stranger decides how much all of it
// is.
func (db *DB) LastAnswerEvents(ctx context.Context, org goalpost.OrgID, id goalpost.SurveyID, rid string, limit, letters int) ([]AnswerEvent, error) {
	return db.answerEvents(ctx, "answer.LastEvents", org, id, rid, limit, letters)
}

func (db *DB) answerEvents(ctx context.Context, query string, args ...any) ([]AnswerEvent, error) {
	var list []AnswerEvent
	err := db.rows(ctx, query, func(r *sql.Rows) error {
		var e AnswerEvent
		var at int64
		err := r.Scan(&e.ID, &at, &e.Kind, &e.Rev, &e.Hash, &e.Raw)
		e.At = micros(at)
		list = append(list, e)
		return err
	}, args...)
	return list, err
}

// ForgetNetworks removes what stands for the connection from up to limit answers that were
// begun before a moment, and returns from how many.
func (db *DB) ForgetNetworks(ctx context.Context, org goalpost.OrgID, id goalpost.SurveyID, before time.Time, limit int) (n int64, err error) {
	err = db.do(ctx, func(t *tx) (err error) {
		n, err = t.exec("answer.ForgetNetworks", org, id, before.UnixMicro(), limit)
		return err
	})
	return n, err
}

// SurveyFigures returns the figures that were kept when the single answers of a survey were
// erased, as JSON, and when; NotFound where they were not.
func (db *DB) SurveyFigures(ctx context.Context, org goalpost.OrgID, id goalpost.SurveyID) (body []byte, at time.Time, err error) {
	var micro int64
	var text string
	err = db.row(ctx, "SELECT made_at, body FROM survey_figure WHERE org_id = $1 AND survey_id = $2", "survey", []any{org, id}, &micro, &text)
	return []byte(text), micros(micro), err
}

// EraseAnswers removes all single answers of a survey, with their log, tags, messages,
// e-mail addresses and what invitations say about people. Figures stay: those that come
// along, unless some were kept before, and the numbers that limits and quotas count. clean
// reports whether the log of the database is emptied as well.
func (db *DB) EraseAnswers(ctx context.Context, org goalpost.OrgID, id goalpost.SurveyID, figures []byte, at time.Time) (n int64, clean bool, err error) {
	err = db.do(ctx, func(t *tx) error {
		var there int64
		if err := t.mustFind("survey", "SELECT id FROM survey WHERE org_id = $1 AND id = $2", []any{org, id}, &there); err != nil {
			return err
		}
		return t.overwriting(func() (err error) {
			if n, err = t.eraseAnswers(org, id, figures, at); err != nil {
				return err
			}
			return t.scrub(answerTables)
		})
	})
	if err != nil {
		return 0, false, err
	}
	return n, db.emptyLog(ctx), nil
}

func (t *tx) eraseAnswers(org goalpost.OrgID, id goalpost.SurveyID, figures []byte, at time.Time) (int64, error) {
	if len(figures) > 0 {
		if _, err := t.exec("answer.KeepFigures", org, id, at.UnixMicro(), string(figures)); err != nil {
			return 0, err
		}
	}
	var last int64 // every erasure gets a number above all that readers have seen
	if _, err := t.row("SELECT COALESCE(MAX(id), 0) FROM answer_event WHERE org_id = $1 AND survey_id = $2", []any{org, id}, &last); err != nil {
		return 0, err
	}
	if _, err := t.exec("answer.EventsErased", org, id, last, at.UnixMicro()); err != nil {
		return 0, err
	}
	for _, statement := range []string{
		"DELETE FROM answer_event WHERE org_id = $1 AND survey_id = $2 AND kind <> 'erased'",
		"DELETE FROM answer_tag WHERE org_id = $1 AND survey_id = $2",
		"DELETE FROM outbox WHERE org_id = $1 AND survey_id = $2",
		"DELETE FROM survey_contact WHERE org_id = $1 AND survey_id = $2",
	} {
		if _, err := t.exec(statement, org, id); err != nil {
			return 0, err
		}
	}
	if _, err := t.exec("UPDATE invitation SET body = '{}', key_id = '', sealed = $3, rid = '' WHERE org_id = $1 AND survey_id = $2", org, id, []byte{}); err != nil {
		return 0, err
	}
	return t.exec("answer.EraseAll", org, id, last)
}
