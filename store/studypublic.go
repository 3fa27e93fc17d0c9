package store

import (
	"context"
	"database/sql"
	"fmt"
	"strings"

	"goalpost"
)

// PublishStudy gives a study its public address, or opens a withdrawn one again; the
// address and the first public version stay what they were. It fails with Conflict when
// another study of the installation has the address. first, which may be nil, is kept as
// the study's first version unless there is one: what ships with the program may change
// with the program, what was published may not.
func (db *DB) PublishStudy(ctx context.Context, org goalpost.OrgID, p goalpost.StudyPublication, first *goalpost.StudyVersion) error {
	return db.do(ctx, func(t *tx) error {
		var there int64
		if found, err := t.row("SELECT org_id FROM organisation WHERE org_id = $1", []any{org}, &there); err != nil || !found {
			if err == nil {
				err = notFound("organisation")
			}
			return err
		}
		again, err := t.reopenStudy(org, p)
		if err != nil || again {
			return err
		}
		taken, err := t.row("SELECT org_id FROM study_public WHERE slug = $1", []any{p.Slug}, &there)
		if err != nil {
			return err
		}
		if taken {
			return &goalpost.Error{Kind: goalpost.Conflict, Key: "error.study.slug-taken", Field: "slug", Args: []goalpost.Arg{goalpost.TextArg(p.Slug)}}
		}
		if first != nil {
			kept, err := t.next("SELECT COALESCE(MAX(version), 0) FROM study_version WHERE org_id = $1 AND study_id = $2 AND version = 1", org, p.Study)
			if err != nil {
				return err
			}
			if kept == 0 {
				if err := t.studyVersion(org, *first); err != nil {
					return err
				}
			}
		}
		_, err = t.exec("INSERT INTO study_public (org_id, study_id, slug, from_version, published, made_at, made_by) VALUES ($1, $2, $3, $4, 1, $5, $6)",
			org, p.Study, p.Slug, p.From, p.At.UnixMicro(), p.By)
		return err
	})
}

// reopenStudy opens an address that the study has already. What was written meanwhile,
// before the version of now, stays unseen.
func (t *tx) reopenStudy(org goalpost.OrgID, p goalpost.StudyPublication) (had bool, err error) {
	var unseen string
	var on, last int
	if had, err = t.row("SELECT unseen, published, withdrawn_at FROM study_public WHERE org_id = $1 AND study_id = $2", []any{org, p.Study}, &unseen, &on, &last); err != nil || !had || on == 1 {
		return had, err
	}
	if last > 0 && last+1 < p.From {
		unseen = strings.TrimSpace(fmt.Sprintf("%s %d-%d", unseen, last+1, p.From-1))
	}
	_, err = t.exec("UPDATE study_public SET published = 1, unseen = $3 WHERE org_id = $1 AND study_id = $2", org, p.Study, unseen)
	return had, err
}

// parseRanges reads "3-5 8-9".
func parseRanges(text string) (list [][2]int, err error) {
	for _, f := range strings.Fields(text) {
		var r [2]int
		if _, err := fmt.Sscanf(f, "%d-%d", &r[0], &r[1]); err != nil {
			return nil, fmt.Errorf("store: range %q: %w", f, err)
		}
		list = append(list, r)
	}
	return list, nil
}

// WithdrawStudy closes the public address of a study.
func (db *DB) WithdrawStudy(ctx context.Context, org goalpost.OrgID, study string) error {
	return db.do(ctx, func(t *tx) error {
		newest, err := t.next("SELECT COALESCE(MAX(version), 1) FROM study_version WHERE org_id = $1 AND study_id = $2", org, study)
		if err != nil {
			return err
		}
		n, err := t.exec("UPDATE study_public SET withdrawn_at = CASE WHEN published = 1 THEN $3 ELSE withdrawn_at END, published = 0 WHERE org_id = $1 AND study_id = $2", org, study, newest)
		if err == nil && n == 0 {
			err = notFound("study")
		}
		return err
	})
}

// StudyPublications returns the public addresses of an organisation's studies, also
// withdrawn ones, by the study's id.
func (db *DB) StudyPublications(ctx context.Context, org goalpost.OrgID) (map[string]goalpost.StudyPublication, error) {
	out := map[string]goalpost.StudyPublication{}
	err := db.rows(ctx, "SELECT study_id, slug, from_version, published, made_at, made_by, unseen FROM study_public WHERE org_id = $1 ORDER BY study_id", func(r *sql.Rows) error {
		var p goalpost.StudyPublication
		var at, on int64
		var unseen string
		if err := r.Scan(&p.Study, &p.Slug, &p.From, &on, &at, &p.By, &unseen); err != nil {
			return err
		}
		p.At, p.On = micros(at), on == 1
		var err error
		p.Unseen, err = parseRanges(unseen)
		out[p.Study] = p
		return err
	}, org)
	return out, err
}

// StudyBySlug finds the published study of a public address, and whose it is.
func (db *DB) StudyBySlug(ctx context.Context, slug string) (goalpost.OrgID, goalpost.StudyPublication, error) {
	var org goalpost.OrgID
	p := goalpost.StudyPublication{Slug: slug, On: true}
	var unseen string
	err := db.row(ctx, "SELECT org_id, study_id, from_version, unseen FROM study_public WHERE slug = $1 AND published = 1", "study", []any{slug}, &org, &p.Study, &p.From, &unseen)
	if err == nil {
		p.Unseen, err = parseRanges(unseen)
	}
	return org, p, err
}
