package store

import (
	"context"
	"crypto/sha256"
	"database/sql"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"strconv"
	"time"

	"goalpost"
)

// CreateAnalysis keeps an analysis with the plan that was confirmed for it. Where the same
// plan is in force already, its analysis is returned instead: a button that was pressed
// twice is not a second look.
func (db *DB) CreateAnalysis(ctx context.Context, org goalpost.OrgID, p goalpost.AnalysisPlan) (goalpost.Analysis, error) {
	a := goalpost.Analysis{Activity: p.Activity, Series: p.Series, Plans: []goalpost.AnalysisPlan{p}}
	series, err := json.Marshal(p.Series)
	if err != nil {
		return a, fmt.Errorf("store: analysis: %w", err)
	}
	err = db.do(ctx, func(t *tx) error {
		var there int64
		if err := t.mustFind("activity", "SELECT id FROM activity_identity WHERE org_id = $1 AND id = $2", []any{org, p.Activity}, &there); err != nil {
			return err
		}
		list, err := plansOf(t.rows, org, 0)
		if err != nil {
			return err
		}
		for _, b := range list {
			if b.Plan().SameQuestion(p) {
				a = b
				return nil
			}
		}
		id, err := t.next("SELECT COALESCE(MAX(id), 0) + 1 FROM analysis WHERE org_id = $1", org)
		if err != nil {
			return err
		}
		a.ID = goalpost.AnalysisID(id)
		if _, err := t.exec("INSERT INTO analysis (org_id, id, activity_id, series) VALUES ($1, $2, $3, $4)", org, id, p.Activity, string(series)); err != nil {
			return err
		}
		return t.analysisPlan(org, a.ID, p)
	})
	return a, err
}

// AddAnalysisPlan changes the plan of an analysis; the earlier plans stay. It fails with
// Conflict when somebody else was faster, or when the plan asks about another activity or
// series: that is another analysis.
func (db *DB) AddAnalysisPlan(ctx context.Context, org goalpost.OrgID, id goalpost.AnalysisID, p goalpost.AnalysisPlan) (goalpost.Analysis, error) {
	a, err := db.Analysis(ctx, org, id)
	if err != nil {
		return a, err
	}
	if a.Activity != p.Activity || !a.Series.Same(p.Series) {
		return a, goalpost.Errorf(goalpost.Conflict, "error.conflict")
	}
	err = db.do(ctx, func(t *tx) error {
		newest, err := t.next("SELECT COALESCE(MAX(version), 0) FROM analysis_plan WHERE org_id = $1 AND analysis_id = $2", org, id)
		if err != nil {
			return err
		}
		if int64(p.Version) != newest+1 {
			return goalpost.Errorf(goalpost.Conflict, "error.conflict")
		}
		return t.analysisPlan(org, id, p)
	})
	if err != nil {
		return goalpost.Analysis{}, err
	}
	return db.Analysis(ctx, org, id)
}

func (t *tx) analysisPlan(org goalpost.OrgID, id goalpost.AnalysisID, p goalpost.AnalysisPlan) error {
	p.At = p.At.UTC().Truncate(time.Microsecond) // as it is hashed
	body, err := json.Marshal(p)
	if err != nil {
		return fmt.Errorf("store: analysis plan: %w", err)
	}
	_, err = t.exec("INSERT INTO analysis_plan (org_id, analysis_id, version, made_at, sha256, body) VALUES ($1, $2, $3, $4, $5, $6)", org, id, p.Version, p.At.UnixMicro(), p.Hash(), string(body))
	return err
}

// Analyses returns the analyses of an organisation with all their plans, oldest first.
func (db *DB) Analyses(ctx context.Context, org goalpost.OrgID) ([]goalpost.Analysis, error) {
	return db.analyses(ctx, org, 0)
}

// Analysis returns one analysis.
func (db *DB) Analysis(ctx context.Context, org goalpost.OrgID, id goalpost.AnalysisID) (goalpost.Analysis, error) {
	if id <= 0 {
		return goalpost.Analysis{}, notFound("analysis")
	}
	list, err := db.analyses(ctx, org, id)
	if err != nil {
		return goalpost.Analysis{}, err
	}
	if len(list) == 0 {
		return goalpost.Analysis{}, notFound("analysis")
	}
	return list[0], nil
}

func (db *DB) analyses(ctx context.Context, org goalpost.OrgID, id goalpost.AnalysisID) ([]goalpost.Analysis, error) {
	return plansOf(func(query string, scan func(*sql.Rows) error, args ...any) error {
		return db.rows(ctx, query, scan, args...)
	}, org, id)
}

// plansOf reads analyses with their plans through a connection of either kind.
func plansOf(rows func(query string, scan func(*sql.Rows) error, args ...any) error, org goalpost.OrgID, id goalpost.AnalysisID) ([]goalpost.Analysis, error) {
	var list []goalpost.Analysis
	err := rows("analysis.Plans", func(r *sql.Rows) error {
		var a goalpost.Analysis
		var series, hash, body string
		var version int
		if err := r.Scan(&a.ID, &a.Activity, &series, &version, &hash, &body); err != nil {
			return err
		}
		p, err := readPlan(hash, body)
		if err != nil {
			return &goalpost.Error{Kind: goalpost.Conflict, Key: "error.analysis.plan-damaged", Args: []goalpost.Arg{goalpost.PlainArg(version), goalpost.PlainArg(int(a.ID))}, Err: err}
		}
		if n := len(list); n > 0 && list[n-1].ID == a.ID {
			list[n-1].Plans = append(list[n-1].Plans, p)
			return nil
		}
		if err := json.Unmarshal([]byte(series), &a.Series); err != nil {
			return fmt.Errorf("series of analysis %d: %w", a.ID, err)
		}
		a.Plans = []goalpost.AnalysisPlan{p}
		list = append(list, a)
		return nil
	}, org, id)
	return list, err
}

// readPlan reads a plan that is as it was confirmed. A later version of the program may
// hash more of a plan than is in it: what counts is the text that was kept.
func readPlan(hash, body string) (p goalpost.AnalysisPlan, err error) {
	if err := json.Unmarshal([]byte(body), &p); err != nil {
		return p, err
	}
	if sum := sha256.Sum256([]byte(body)); hex.EncodeToString(sum[:]) != hash && p.Hash() != hash {
		return p, fmt.Errorf("the SHA-256 of the plan is not %s", hash)
	}
	return p, nil
}

// SaveAnalysisResult keeps a result; earlier ones stay. It returns the result with its
// id. The newest is returned instead when it was computed from the same plan and data, so
// that two that compute at the same time leave one.
func (db *DB) SaveAnalysisResult(ctx context.Context, org goalpost.OrgID, id goalpost.AnalysisID, x goalpost.AnalysisResult) (goalpost.AnalysisResult, error) {
	err := db.do(ctx, func(t *tx) error {
		var there int64
		if err := t.mustFind("analysis", "SELECT id FROM analysis WHERE org_id = $1 AND id = $2", []any{org, id}, &there); err != nil {
			return err
		}
		var newest []goalpost.AnalysisResult
		if err := t.rows("analysis.Results", func(r *sql.Rows) error {
			y, err := scanResult(r)
			newest = append(newest, y)
			return err
		}, org, id); err != nil {
			return err
		}
		if len(newest) > 0 && newest[0].Plan == x.Plan && newest[0].DataHash == x.DataHash {
			x = newest[0]
			return nil
		}
		x.ID = len(newest) + 1
		_, err := t.exec("analysis.AddResult", org, id, x.ID, x.Plan, x.PlanHash, x.DataHash, x.Method, strconv.FormatUint(x.Seed, 10), string(x.Decision), x.ComputedAt.UnixMicro(), string(x.Report))
		return err
	})
	return x, err
}

// AnalysisResults returns every result of an analysis, newest first.
func (db *DB) AnalysisResults(ctx context.Context, org goalpost.OrgID, id goalpost.AnalysisID) ([]goalpost.AnalysisResult, error) {
	var list []goalpost.AnalysisResult
	err := db.rows(ctx, "analysis.Results", func(r *sql.Rows) error {
		x, err := scanResult(r)
		list = append(list, x)
		return err
	}, org, id)
	return list, err
}

func scanResult(r *sql.Rows) (x goalpost.AnalysisResult, err error) {
	var seed, body string
	var at int64
	if err := r.Scan(&x.ID, &x.Plan, &x.PlanHash, &x.DataHash, &x.Method, &seed, &x.Decision, &at, &body); err != nil {
		return x, err
	}
	x.ComputedAt, x.Report = micros(at), json.RawMessage(body)
	x.Seed, err = strconv.ParseUint(seed, 10, 64)
	return x, err
}
