package demo

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"time"

	"goalpost"
	"goalpost/assess"
	"goalpost/store"
)

// importer is who brought the files in.
const importer = analyst

// lookBack is how often, in days, the team looked at its goals in the past: each
// look left verdicts behind.
const lookBack = 21

// Load makes the company in an empty store, imports its files from dir through the
// real importers, asks its readers and its customers, and sets and moves its goals as the team did. language is that of
// the organisation, "en" or "de". progress, which may be nil, is told of every file.
func Load(ctx context.Context, db *store.DB, dir string, c Company, language string, progress func(done, all int)) (goalpost.Organisation, error) {
	if progress == nil {
		progress = func(int, int) {}
	}
	org, err := db.CreateOrganisation(ctx, goalpost.Organisation{Name: c.Name, Language: language, TimeZone: c.TimeZone, Currency: c.Currency,
		Simulated: true, Adopted: true})
	if err != nil {
		return org, fmt.Errorf("demo: %w", err)
	}
	now := c.Today.Start(org.Zone()).Add(20 * time.Minute) // after the exports
	for i, f := range c.Files {
		progress(i, len(c.Files))
		if err := importFile(ctx, db, org, filepath.Join(dir, f.Name), f, now); err != nil {
			return org, fmt.Errorf("demo: %s: %w", f.Name, err)
		}
	}
	progress(len(c.Files), len(c.Files))
	if err := c.askReaders(ctx, db, org, now); err != nil {
		return org, err
	}
	if err := c.askCustomers(ctx, db, org, now); err != nil {
		return org, err
	}
	if err := c.setGoals(ctx, db, org, now); err != nil {
		return org, err
	}
	return org, c.analyse(ctx, db, org, now)
}

func importFile(ctx context.Context, db *store.DB, org goalpost.Organisation, path string, f File, now time.Time) (err error) {
	file, err := os.Open(path)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, file.Close()) }()
	info, err := file.Stat()
	if err != nil {
		return err
	}
	report, err := assess.Import(ctx, db, org, assess.Input{Name: f.Name, R: file, Size: info.Size(), Answers: f.Answers, By: importer, Now: now}, nil)
	if err != nil {
		return err
	}
	if report.Reported > 0 || report.Kept == 0 {
		return fmt.Errorf("%d rows kept and %d reported; the simulated files have no broken rows", report.Kept, report.Reported)
	}
	return nil
}

// event is something that the team did: about its goals, or to say where it stands.
type event struct {
	on goalpost.Day
	do func(now time.Time) error
}

// setGoals sets and moves the goals on the days on which the team did, keeps the
// verdicts that it would have read since, and answers the study about itself.
func (c Company) setGoals(ctx context.Context, db *store.DB, org goalpost.Organisation, now time.Time) error {
	ids := make([]goalpost.GoalID, len(c.goals))
	var events []event
	first := c.Today
	for i, p := range c.goals {
		first = min(first, p.at)
		events = append(events, event{p.at, func(now time.Time) error {
			p.input.Now = now
			g, err := assess.AddGoal(ctx, db, org, p.input)
			ids[i] = g.ID
			return err
		}})
		for _, move := range p.changes {
			events = append(events, event{move.at, func(now time.Time) error {
				move.input.Now = now
				_, err := assess.ChangeGoal(ctx, db, org, ids[i], move.input)
				return err
			}})
		}
	}
	for _, a := range c.own {
		events = append(events, event{a.at, func(now time.Time) error {
			a.input.Now = now
			_, err := assess.AnswerStudy(ctx, db, org, a.input)
			return err
		}})
	}
	for d := c.Today; d > first; d -= lookBack {
		events = append(events, event{d, func(now time.Time) error { return assess.RefreshVerdicts(ctx, db, org, now) }})
	}
	slices.SortStableFunc(events, func(a, b event) int { return cmp.Compare(a.on, b.on) })
	for _, e := range events {
		at := e.on.Start(org.Zone()).Add(7 * time.Hour)
		if at.After(now) {
			at = now
		}
		if err := e.do(at); err != nil {
			return fmt.Errorf("demo: goals of %s: %w", e.on, err)
		}
	}
	return nil
}
