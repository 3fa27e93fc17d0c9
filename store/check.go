package store

import (
	"context"
	"database/sql"
	"fmt"
	"reflect"

	"goalpost"
)

// Check looks for damage: the file's own integrity, and every post's newest counts
// against its snapshots. It returns one line for each finding; none is good.
func (db *DB) Check(ctx context.Context) ([]string, error) {
	var findings []string
	err := db.rows(ctx, "PRAGMA integrity_check", func(r *sql.Rows) error {
		var line string
		err := r.Scan(&line)
		if line != "ok" {
			findings = append(findings, line)
		}
		return err
	})
	if err != nil {
		return nil, err
	}
	orgs, err := db.Organisations(ctx)
	if err != nil {
		return nil, err
	}
	for _, o := range orgs {
		lines, err := db.checkLatest(ctx, o.ID)
		if err != nil {
			return nil, err
		}
		findings = append(findings, lines...)
	}
	return findings, nil
}

// checkLatest folds the snapshots of each post and compares.
func (db *DB) checkLatest(ctx context.Context, org goalpost.OrgID) ([]string, error) {
	posts, _, err := db.Posts(ctx, org, PostQuery{})
	if err != nil {
		return nil, err
	}
	var findings []string
	for _, p := range posts {
		list, err := db.PostSnapshots(ctx, org, p.ID)
		if err != nil {
			return nil, err
		}
		newest := goalpost.Counts{}
		for _, s := range list {
			for m, v := range s.Counts {
				newest[m] = v
			}
		}
		if !reflect.DeepEqual(newest, p.Counts) {
			findings = append(findings, fmt.Sprintf("organisation %d, post %d: newest counts %v, snapshots say %v", org, p.ID, p.Counts, newest))
		}
	}
	return findings, nil
}
