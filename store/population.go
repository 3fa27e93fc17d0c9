package store

import (
	"context"
	"database/sql"
	"encoding/json"
	"fmt"

	"goalpost"
)

// AddPopulation keeps a version of what is known of a survey's population; earlier ones
// stay. It fails with Conflict when somebody else was faster.
func (db *DB) AddPopulation(ctx context.Context, org goalpost.OrgID, id goalpost.SurveyID, p goalpost.Population) error {
	body, err := json.Marshal(p)
	if err != nil {
		return fmt.Errorf("store: population: %w", err)
	}
	return db.do(ctx, func(t *tx) error {
		var there int64
		if err := t.mustFind("survey", "SELECT id FROM survey WHERE org_id = $1 AND id = $2", []any{org, id}, &there); err != nil {
			return err
		}
		newest, err := t.next("SELECT COALESCE(MAX(version), 0) FROM population WHERE org_id = $1 AND survey_id = $2", org, id)
		if err != nil {
			return err
		}
		if int64(p.Version) != newest+1 {
			return goalpost.Errorf(goalpost.Conflict, "error.conflict")
		}
		_, err = t.exec("INSERT INTO population (org_id, survey_id, version, made_at, made_by, body) VALUES ($1, $2, $3, $4, $5, $6)", org, id, p.Version, p.MadeAt.UnixMicro(), p.MadeBy, string(body))
		return err
	})
}

// Populations returns every version of a survey's population, newest first.
func (db *DB) Populations(ctx context.Context, org goalpost.OrgID, id goalpost.SurveyID) ([]goalpost.Population, error) {
	var list []goalpost.Population
	err := db.rows(ctx, "SELECT body FROM population WHERE org_id = $1 AND survey_id = $2 ORDER BY version DESC", func(r *sql.Rows) error {
		var (
			p    goalpost.Population
			body string
		)
		if err := r.Scan(&body); err != nil {
			return err
		}
		if err := json.Unmarshal([]byte(body), &p); err != nil {
			return fmt.Errorf("store: population of survey %d: %w", id, err)
		}
		list = append(list, p)
		return nil
	}, org, id)
	return list, err
}

// KeepWeightSet keeps weights that a figure cites. Those that are kept already stay as
// they are.
func (db *DB) KeepWeightSet(ctx context.Context, org goalpost.OrgID, id goalpost.SurveyID, w goalpost.WeightSet) error {
	body, err := json.Marshal(w)
	if err != nil {
		return fmt.Errorf("store: weights: %w", err)
	}
	return db.do(ctx, func(t *tx) error {
		var there int64
		if err := t.mustFind("survey", "SELECT id FROM survey WHERE org_id = $1 AND id = $2", []any{org, id}, &there); err != nil {
			return err
		}
		_, err := t.exec("INSERT INTO weight_set (org_id, survey_id, id, made_at, body) VALUES ($1, $2, $3, $4, $5) ON CONFLICT (org_id, survey_id, id) DO NOTHING", org, id, w.ID, w.MadeAt.UnixMicro(), string(body))
		return err
	})
}

// WeightSets returns the weights of a survey that figures cite, newest first.
func (db *DB) WeightSets(ctx context.Context, org goalpost.OrgID, id goalpost.SurveyID) ([]goalpost.WeightSet, error) {
	var list []goalpost.WeightSet
	err := db.rows(ctx, "SELECT body FROM weight_set WHERE org_id = $1 AND survey_id = $2 ORDER BY made_at DESC, id", func(r *sql.Rows) error {
		var body string
		if err := r.Scan(&body); err != nil {
			return err
		}
		w, err := readWeightSet(body)
		list = append(list, w)
		return err
	}, org, id)
	return list, err
}

// WeightSet returns weights that a figure cites.
func (db *DB) WeightSet(ctx context.Context, org goalpost.OrgID, id goalpost.SurveyID, set string) (goalpost.WeightSet, error) {
	var body string
	if err := db.row(ctx, "SELECT body FROM weight_set WHERE org_id = $1 AND survey_id = $2 AND id = $3", "weights", []any{org, id, set}, &body); err != nil {
		return goalpost.WeightSet{}, err
	}
	return readWeightSet(body)
}

func readWeightSet(body string) (w goalpost.WeightSet, err error) {
	if err := json.Unmarshal([]byte(body), &w); err != nil {
		return w, fmt.Errorf("store: weights: %w", err)
	}
	return w, nil
}
