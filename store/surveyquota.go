package store

import (
	"context"
	"database/sql"
	"encoding/json"
	"fmt"

	"goalpost"
)

// GroupCounts returns how many complete answers took a place in each group that a quota of a
// survey is about; groups without any are left out.
func (db *DB) GroupCounts(ctx context.Context, org goalpost.OrgID, id goalpost.SurveyID) (map[goalpost.Quota]int, error) {
	counts := map[goalpost.Quota]int{}
	err := db.rows(ctx, "SELECT question, option, n FROM survey_count WHERE org_id = $1 AND survey_id = $2 AND question <> ''", func(r *sql.Rows) error {
		var (
			q goalpost.Quota
			n int
		)
		if err := r.Scan(&q.Question, &q.Option, &n); err != nil {
			return err
		}
		counts[q] = n
		return nil
	}, org, id)
	return counts, err
}

// countGroups counts anew who has a place in the groups of quotas: answers that came before
// there was a quota belong to its group as well.
func (t *tx) countGroups(org goalpost.OrgID, id goalpost.SurveyID, quotas []goalpost.Quota) error {
	if _, err := t.exec("DELETE FROM survey_count WHERE org_id = $1 AND survey_id = $2 AND question <> ''", org, id); err != nil || len(quotas) == 0 {
		return err
	}
	versions, err := t.forms(org, id)
	if err != nil {
		return err
	}
	forms := map[int]goalpost.Form{}
	for _, v := range versions {
		forms[v.Version] = v.Form
	}
	counts := map[goalpost.Quota]int{}
	err = t.rows("SELECT version, body FROM answer WHERE org_id = $1 AND survey_id = $2 AND state = 'complete'", func(r *sql.Rows) error {
		var (
			version int
			body    string
			replies map[string]goalpost.QuestionReply
		)
		if err := r.Scan(&version, &body); err != nil {
			return err
		}
		if err := json.Unmarshal([]byte(body), &replies); err != nil {
			return fmt.Errorf("store: answer: %w", err)
		}
		for _, q := range forms[version].QuotasOf(quotas, replies) {
			counts[q.Group()]++
		}
		return nil
	}, org, id)
	if err != nil {
		return err
	}
	for q, n := range counts {
		if _, err := t.exec("answer.Count", org, id, q.Question, q.Option, n); err != nil {
			return err
		}
	}
	return nil
}
