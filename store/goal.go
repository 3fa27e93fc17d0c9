package store

import (
	"context"
	"database/sql"
	"encoding/json"
	"fmt"
	"time"

	"goalpost"
)

// CreateGoal makes a goal with its first version.
func (db *DB) CreateGoal(ctx context.Context, org goalpost.OrgID, code string, v goalpost.GoalVersion) (goalpost.Goal, error) {
	g := goalpost.Goal{Code: code, Versions: []goalpost.GoalVersion{v}}
	err := db.do(ctx, func(t *tx) error {
		var there int64
		if found, err := t.row("SELECT org_id FROM organisation WHERE org_id = $1", []any{org}, &there); err != nil || !found {
			if err == nil {
				err = notFound("organisation")
			}
			return err
		}
		id, err := t.next("SELECT COALESCE(MAX(id), 0) + 1 FROM goal WHERE org_id = $1", org)
		if err != nil {
			return err
		}
		g.ID = goalpost.GoalID(id)
		if _, err := t.exec("INSERT INTO goal (org_id, id, code) VALUES ($1, $2, $3)", org, id, code); err != nil {
			return err
		}
		return t.goalVersion(org, g.ID, v)
	})
	return g, err
}

func (t *tx) goalVersion(org goalpost.OrgID, id goalpost.GoalID, v goalpost.GoalVersion) error {
	body, err := json.Marshal(v)
	if err != nil {
		return fmt.Errorf("store: goal version: %w", err)
	}
	_, err = t.exec("INSERT INTO goal_version (org_id, goal_id, version, made_at, body) VALUES ($1, $2, $3, $4, $5)", org, id, v.Version, v.At.UnixMicro(), string(body))
	return err
}

// AddGoalVersion adds a version to a goal. It fails with Conflict when somebody else
// was faster: v.Version must be one more than the newest.
func (db *DB) AddGoalVersion(ctx context.Context, org goalpost.OrgID, id goalpost.GoalID, v goalpost.GoalVersion) (goalpost.Goal, error) {
	err := db.do(ctx, func(t *tx) error {
		newest, err := t.next("SELECT COALESCE(MAX(version), 0) FROM goal_version WHERE org_id = $1 AND goal_id = $2", org, id)
		switch {
		case err != nil:
			return err
		case newest == 0:
			return notFound("goal")
		case int64(v.Version) != newest+1:
			return goalpost.Errorf(goalpost.Conflict, "error.conflict")
		}
		return t.goalVersion(org, id, v)
	})
	if err != nil {
		return goalpost.Goal{}, err
	}
	return db.Goal(ctx, org, id)
}

// Goals returns the goals of an organisation with all their versions, oldest first.
func (db *DB) Goals(ctx context.Context, org goalpost.OrgID) ([]goalpost.Goal, error) {
	return db.goals(ctx, org, 0)
}

// Goal returns one goal.
func (db *DB) Goal(ctx context.Context, org goalpost.OrgID, id goalpost.GoalID) (goalpost.Goal, error) {
	if id <= 0 {
		return goalpost.Goal{}, notFound("goal")
	}
	list, err := db.goals(ctx, org, id)
	if err != nil {
		return goalpost.Goal{}, err
	}
	if len(list) == 0 {
		return goalpost.Goal{}, notFound("goal")
	}
	return list[0], nil
}

func (db *DB) goals(ctx context.Context, org goalpost.OrgID, id goalpost.GoalID) ([]goalpost.Goal, error) {
	var list []goalpost.Goal
	err := db.rows(ctx, "goal.Goals", func(r *sql.Rows) error {
		var g goalpost.Goal
		var body string
		if err := r.Scan(&g.ID, &g.Code, &body); err != nil {
			return err
		}
		var v goalpost.GoalVersion
		if err := json.Unmarshal([]byte(body), &v); err != nil {
			return err
		}
		if n := len(list); n > 0 && list[n-1].ID == g.ID {
			list[n-1].Versions = append(list[n-1].Versions, v)
			return nil
		}
		g.Versions = []goalpost.GoalVersion{v}
		list = append(list, g)
		return nil
	}, org, id)
	return list, err
}

// SaveVerdict keeps a verdict; earlier ones stay.
func (db *DB) SaveVerdict(ctx context.Context, org goalpost.OrgID, v goalpost.Verdict, computedAt time.Time) error {
	body, err := json.Marshal(v)
	if err != nil {
		return fmt.Errorf("store: verdict: %w", err)
	}
	return db.do(ctx, func(t *tx) error {
		var there int64
		if found, err := t.row("SELECT id FROM goal WHERE org_id = $1 AND id = $2", []any{org, v.Goal}, &there); err != nil || !found {
			if err == nil {
				err = notFound("goal")
			}
			return err
		}
		id, err := t.next("SELECT COALESCE(MAX(id), 0) + 1 FROM verdict WHERE org_id = $1 AND goal_id = $2", org, v.Goal)
		if err != nil {
			return err
		}
		_, err = t.exec("INSERT INTO verdict (org_id, goal_id, id, computed_at, as_of, decision, body) VALUES ($1, $2, $3, $4, $5, $6, $7)",
			org, v.Goal, id, computedAt.UnixMicro(), v.AsOf, string(v.Decision), string(body))
		return err
	})
}

// LatestVerdicts returns the newest verdict of each goal.
func (db *DB) LatestVerdicts(ctx context.Context, org goalpost.OrgID) (map[goalpost.GoalID]goalpost.Verdict, error) {
	out := map[goalpost.GoalID]goalpost.Verdict{}
	err := db.rows(ctx, "verdict.LatestVerdicts", func(r *sql.Rows) error {
		var id goalpost.GoalID
		v, err := scanVerdict(r, &id)
		out[id] = v
		return err
	}, org)
	return out, err
}

// VerdictHistory returns every verdict of a goal, newest first.
func (db *DB) VerdictHistory(ctx context.Context, org goalpost.OrgID, goal goalpost.GoalID) ([]goalpost.Verdict, error) {
	var list []goalpost.Verdict
	err := db.rows(ctx, "SELECT goal_id, body FROM verdict WHERE org_id = $1 AND goal_id = $2 ORDER BY id DESC", func(r *sql.Rows) error {
		var id goalpost.GoalID
		v, err := scanVerdict(r, &id)
		list = append(list, v)
		return err
	}, org, goal)
	return list, err
}

func scanVerdict(r *sql.Rows, id *goalpost.GoalID) (v goalpost.Verdict, err error) {
	var body string
	if err := r.Scan(id, &body); err != nil {
		return v, err
	}
	return v, json.Unmarshal([]byte(body), &v)
}
