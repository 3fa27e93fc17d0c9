package store

import (
	"context"
	"database/sql"
	"encoding/json"
	"fmt"

	"goalpost"
)

// AddStudyVersion keeps a version of a study. It fails with Conflict when somebody
// else was faster: v.Version must be larger than the newest.
func (db *DB) AddStudyVersion(ctx context.Context, org goalpost.OrgID, v goalpost.StudyVersion) error {
	body, err := json.Marshal(v.Study)
	if err != nil {
		return fmt.Errorf("store: study: %w", err)
	}
	return db.do(ctx, func(t *tx) error {
		var there int64
		if found, err := t.row("SELECT org_id FROM organisation WHERE org_id = $1", []any{org}, &there); err != nil || !found {
			if err == nil {
				err = notFound("organisation")
			}
			return err
		}
		newest, err := t.next("SELECT COALESCE(MAX(version), 0) FROM study_version WHERE org_id = $1 AND study_id = $2", org, v.Study.ID)
		switch {
		case err != nil:
			return err
		case int64(v.Version) <= newest:
			return goalpost.Errorf(goalpost.Conflict, "error.conflict")
		}
		_, err = t.exec("INSERT INTO study_version (org_id, study_id, version, made_at, made_by, why, body) VALUES ($1, $2, $3, $4, $5, $6, $7)",
			org, v.Study.ID, v.Version, v.At.UnixMicro(), v.By, v.Why, string(body))
		return err
	})
}

// StudyVersions returns the kept versions of one study, or of all for an empty id, by
// id and version.
func (db *DB) StudyVersions(ctx context.Context, org goalpost.OrgID, id string) ([]goalpost.StudyVersion, error) {
	var list []goalpost.StudyVersion
	err := db.rows(ctx, "study.Versions", func(r *sql.Rows) error {
		var v goalpost.StudyVersion
		var at int64
		var body string
		if err := r.Scan(&v.Study.ID, &v.Version, &at, &v.By, &v.Why, &body); err != nil {
			return err
		}
		v.At = micros(at)
		if err := json.Unmarshal([]byte(body), &v.Study); err != nil {
			return fmt.Errorf("study %s: %w", v.Study.ID, err)
		}
		list = append(list, v)
		return nil
	}, org, id)
	return list, err
}
