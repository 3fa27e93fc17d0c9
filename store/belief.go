package store

import (
	"context"
	"database/sql"
	"fmt"
	"time"

	"goalpost"
)

// AddBeliefs keeps what a member of the team believes, for good: there is no method that
// changes or removes it. revision is that of the survey whose form was read. The sheet comes
// back with its hash, and marked late where an answer had come in before. It fails with
// Conflict when the member has said it before, and when the survey was changed since.
func (db *DB) AddBeliefs(ctx context.Context, org goalpost.OrgID, revision int64, in goalpost.BeliefSheet) (out goalpost.BeliefSheet, err error) {
	err = db.do(ctx, func(t *tx) error {
		s, err := t.survey(org, in.Survey)
		if err != nil {
			return err
		}
		var there int64
		given, err := t.row("SELECT user_id FROM belief WHERE org_id = $1 AND survey_id = $2 AND user_id = $3", []any{org, in.Survey, in.User}, &there)
		switch {
		case err != nil:
			return err
		case given:
			return goalpost.Errorf(goalpost.Conflict, "error.belief.locked")
		case s.Revision != revision:
			return goalpost.Errorf(goalpost.Conflict, "error.belief.changed")
		}
		late, err := t.row("SELECT id FROM answer_event WHERE org_id = $1 AND survey_id = $2 LIMIT 1", []any{org, in.Survey}, &there)
		if err != nil {
			return err
		}
		in.Late = late
		sealed, body, err := in.Seal()
		if err != nil {
			return err
		}
		out = sealed
		_, err = t.exec("belief.Add", org, in.Survey, in.User, in.MadeAt.UnixMicro(), in.By, bit(late), sealed.SHA256, string(body))
		return err
	})
	return out, err
}

// Beliefs returns what all members believe, the first first: nothing before the first answer
// of the survey is there.
func (db *DB) Beliefs(ctx context.Context, org goalpost.OrgID, id goalpost.SurveyID) ([]goalpost.BeliefSheet, error) {
	var list []goalpost.BeliefSheet
	err := db.rows(ctx, "belief.Open", func(r *sql.Rows) error {
		s, err := scanBeliefs(r)
		list = append(list, s)
		return err
	}, org, id)
	return list, err
}

func scanBeliefs(r interface{ Scan(...any) error }) (goalpost.BeliefSheet, error) {
	var late int
	var hash, body string
	if err := r.Scan(&late, &hash, &body); err != nil {
		return goalpost.BeliefSheet{}, err
	}
	s, err := goalpost.UnsealBelief([]byte(body), hash)
	if err != nil {
		return s, fmt.Errorf("store: %w", err)
	}
	s.Broken = s.Broken || s.Late != (late != 0)
	return s, nil
}

// BeliefsOf returns what one member believes; NotFound where they have not said it.
func (db *DB) BeliefsOf(ctx context.Context, org goalpost.OrgID, id goalpost.SurveyID, user goalpost.UserID) (goalpost.BeliefSheet, error) {
	var late int
	var hash, body string
	if err := db.row(ctx, "SELECT late, sha256, body FROM belief WHERE org_id = $1 AND survey_id = $2 AND user_id = $3", "belief", []any{org, id, user}, &late, &hash, &body); err != nil {
		return goalpost.BeliefSheet{}, err
	}
	s, err := goalpost.UnsealBelief([]byte(body), hash)
	s.Broken = s.Broken || s.Late != (late != 0)
	return s, err
}

// BeliefGivers returns who said what they believe, the first first, without what it is.
func (db *DB) BeliefGivers(ctx context.Context, org goalpost.OrgID, id goalpost.SurveyID) ([]goalpost.BeliefGiver, error) {
	var list []goalpost.BeliefGiver
	err := db.rows(ctx, "SELECT user_id, made_by, made_at, late FROM belief WHERE org_id = $1 AND survey_id = $2 ORDER BY made_at, user_id", func(r *sql.Rows) error {
		var g goalpost.BeliefGiver
		var at int64
		var late int
		err := r.Scan(&g.User, &g.Name, &at, &late)
		g.MadeAt, g.Late = micros(at), late != 0
		list = append(list, g)
		return err
	}, org, id)
	return list, err
}

// HasAnswers reports whether anything was ever answered to a survey: begun or complete,
// counted or not, erased since or not.
func (db *DB) HasAnswers(ctx context.Context, org goalpost.OrgID, id goalpost.SurveyID) (bool, error) {
	var event int64
	err := db.row(ctx, "SELECT id FROM answer_event WHERE org_id = $1 AND survey_id = $2 LIMIT 1", "answer", []any{org, id}, &event)
	if goalpost.IsKind(err, goalpost.NotFound) {
		return false, nil
	}
	return err == nil, err
}

// LastAnswered returns when something was last sent to a survey; zero for never. In anonymous
// surveys it is the beginning of the day.
func (db *DB) LastAnswered(ctx context.Context, org goalpost.OrgID, id goalpost.SurveyID) (time.Time, error) {
	var at int64
	err := db.row(ctx, "answer.LastAt", "answer", []any{org, id}, &at)
	if goalpost.IsKind(err, goalpost.NotFound) {
		return time.Time{}, nil
	}
	return micros(at), err
}
