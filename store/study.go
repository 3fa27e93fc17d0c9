package store

import (
	"context"
	"database/sql"
	"encoding/json"
	"fmt"
	"slices"

	"goalpost"
)

// responsesAtOnce is how many respondents one row of study_response holds.
const responsesAtOnce = 500

// AddStudyVersion keeps a version of a study. It fails with Conflict when somebody
// else was faster: v.Version must be larger than the newest. responses, which may be
// nil, replace those of single waves, by the wave's id, in the same transaction.
func (db *DB) AddStudyVersion(ctx context.Context, org goalpost.OrgID, v goalpost.StudyVersion, responses map[string][]goalpost.Response) error {
	written := map[string][]string{}
	for wave, list := range responses { // before the writer's turn, which everybody else waits for
		chunks, err := chunksOf(list)
		if err != nil {
			return err
		}
		written[wave] = chunks
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
		if err := t.studyVersion(org, v); err != nil {
			return err
		}
		for wave, chunks := range written {
			if err := t.responses(org, v.Study.ID, wave, chunks); err != nil {
				return err
			}
		}
		return nil
	})
}

func (t *tx) studyVersion(org goalpost.OrgID, v goalpost.StudyVersion) error {
	body, err := json.Marshal(v.Study)
	if err != nil {
		return fmt.Errorf("store: study: %w", err)
	}
	counted := []byte{}
	if v.Counted != nil {
		if counted, err = json.Marshal(v.Counted); err != nil {
			return fmt.Errorf("store: study: %w", err)
		}
	}
	_, err = t.exec("INSERT INTO study_version (org_id, study_id, version, made_at, made_by, why, body, counted) VALUES ($1, $2, $3, $4, $5, $6, $7, $8)",
		org, v.Study.ID, v.Version, v.At.UnixMicro(), v.By, v.Why, string(body), string(counted))
	return err
}

// chunksOf writes respondents as the rows that hold them.
func chunksOf(list []goalpost.Response) ([]string, error) {
	var chunks []string
	for part := range slices.Chunk(list, responsesAtOnce) {
		body, err := json.Marshal(part)
		if err != nil {
			return nil, fmt.Errorf("store: responses: %w", err)
		}
		chunks = append(chunks, string(body))
	}
	return chunks, nil
}

func (t *tx) responses(org goalpost.OrgID, study, wave string, chunks []string) error {
	if _, err := t.exec("DELETE FROM study_response WHERE org_id = $1 AND study_id = $2 AND wave_id = $3", org, study, wave); err != nil {
		return err
	}
	for i, body := range chunks {
		if _, err := t.exec("INSERT INTO study_response (org_id, study_id, wave_id, chunk, body) VALUES ($1, $2, $3, $4, $5)", org, study, wave, i, body); err != nil {
			return err
		}
	}
	return nil
}

// StudyResponses returns the answers of single respondents of a study, by wave.
func (db *DB) StudyResponses(ctx context.Context, org goalpost.OrgID, study string) (map[string][]goalpost.Response, error) {
	out := map[string][]goalpost.Response{}
	err := db.rows(ctx, "SELECT wave_id, body FROM study_response WHERE org_id = $1 AND study_id = $2 ORDER BY wave_id, chunk", func(r *sql.Rows) error {
		var wave, body string
		if err := r.Scan(&wave, &body); err != nil {
			return err
		}
		var part []goalpost.Response
		if err := json.Unmarshal([]byte(body), &part); err != nil {
			return fmt.Errorf("responses of %s: %w", study, err)
		}
		out[wave] = append(out[wave], part...)
		return nil
	}, org, study)
	return out, err
}

// StudyVersions returns the kept versions of one study, or of all for an empty id, by
// id and version.
func (db *DB) StudyVersions(ctx context.Context, org goalpost.OrgID, id string) ([]goalpost.StudyVersion, error) {
	var list []goalpost.StudyVersion
	err := db.rows(ctx, "study.Versions", func(r *sql.Rows) error {
		var v goalpost.StudyVersion
		var at int64
		var body, counted string
		if err := r.Scan(&v.Study.ID, &v.Version, &at, &v.By, &v.Why, &body, &counted); err != nil {
			return err
		}
		v.At = micros(at)
		if err := json.Unmarshal([]byte(body), &v.Study); err != nil {
			return fmt.Errorf("study %s: %w", v.Study.ID, err)
		}
		if counted != "" {
			if err := json.Unmarshal([]byte(counted), &v.Counted); err != nil {
				return fmt.Errorf("study %s, counted: %w", v.Study.ID, err)
			}
		}
		list = append(list, v)
		return nil
	}, org, id)
	return list, err
}
