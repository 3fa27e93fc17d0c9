package assess

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"time"

	"goalpost"
	"goalpost/store"
)

// PublicStudy is a version of a study as the public sees it: without the versions before
// the first public one, and without the names of people.
type PublicStudy struct {
	Org         goalpost.OrgID
	Publication goalpost.StudyPublication
	History     StudyHistory
	Version     goalpost.StudyVersion
	View        StudyView
}

// FindPublicStudy finds the study of a public address; version 0 is the newest.
func FindPublicStudy(ctx context.Context, db *store.DB, slug string, version int) (PublicStudy, error) {
	var p PublicStudy
	var err error
	if p.Org, p.Publication, err = db.StudyBySlug(ctx, slug); err != nil {
		return p, err
	}
	own, err := db.StudyVersions(ctx, p.Org, p.Publication.Study)
	if err != nil {
		return p, fmt.Errorf("assess public study: %w", err)
	}
	shipped, err := PublishedStudies()
	if err != nil {
		return p, err
	}
	list := histories(slices.DeleteFunc(shipped, func(s goalpost.Study) bool { return s.ID != p.Publication.Study }), own)
	if len(list) == 0 {
		return p, goalpost.Errorf(goalpost.NotFound, "error.study.none", goalpost.TextArg(slug))
	}
	p.History = list[0].publicOf(p.Publication)
	v, ok := p.History.Version(version)
	if !ok {
		return p, goalpost.Errorf(goalpost.NotFound, "error.study.none", goalpost.TextArg(slug))
	}
	p.Version = v
	p.View, err = ViewPublicVersion(ctx, db, p.Org, p.History, v)
	return p, err
}

// publicOf leaves out the versions that the public does not see, and who made the others.
// The reason of a version that follows one of these speaks of what nobody saw.
func (h StudyHistory) publicOf(p goalpost.StudyPublication) StudyHistory {
	h.Versions = slices.DeleteFunc(slices.Clone(h.Versions), func(v goalpost.StudyVersion) bool { return !p.Shows(v.Version) })
	for i := range h.Versions {
		h.Versions[i].By = ""
		if !p.Shows(h.Versions[i].Version - 1) {
			h.Versions[i].Why = ""
		}
	}
	return h
}

// Before returns the version before another one.
func (h StudyHistory) Before(version int) (goalpost.StudyVersion, bool) {
	for i, v := range h.Versions {
		if v.Version == version && i > 0 {
			return h.Versions[i-1], true
		}
	}
	return goalpost.StudyVersion{}, false
}

// PublishStudy gives a study a public address. What the public sees begins with the
// newest version of now; later corrections follow by themselves.
func PublishStudy(ctx context.Context, db *store.DB, org goalpost.OrgID, h StudyHistory, slug, by string, now time.Time) error {
	current := h.Current()
	p := goalpost.StudyPublication{Study: current.Study.ID, Slug: slug, From: current.Version, At: now.UTC(), By: by}
	if err := p.Check(); err != nil {
		return err
	}
	var first *goalpost.StudyVersion
	if h.Shipped && current.Version == 1 {
		current.At = now.UTC()
		first = &current
	}
	err := db.PublishStudy(ctx, org, p, first)
	if _, ok := errors.AsType[*goalpost.Error](err); err == nil || ok {
		return err
	}
	return fmt.Errorf("assess publish study %s: %w", p.Study, err)
}
