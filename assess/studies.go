package assess

import (
	"context"
	"encoding/json"
	"fmt"
	"maps"
	"slices"
	"strings"
	"time"

	"goalpost"
	"goalpost/store"
)

// StudyHistory is a study with its versions, the newest last.
type StudyHistory struct {
	Versions []goalpost.StudyVersion
	Shipped  bool // its first version ships with the program
}

// Current is the newest version.
func (h StudyHistory) Current() goalpost.StudyVersion { return h.Versions[len(h.Versions)-1] }

// Version returns a version by its number; 0 means the newest.
func (h StudyHistory) Version(n int) (goalpost.StudyVersion, bool) {
	if n == 0 {
		return h.Current(), true
	}
	for _, v := range h.Versions {
		if v.Version == n {
			return v, true
		}
	}
	return goalpost.StudyVersion{}, false
}

// Studies returns the studies that ship with the program and those of an organisation,
// by title. db may be nil: only what ships.
func Studies(ctx context.Context, db *store.DB, org goalpost.OrgID) ([]StudyHistory, error) {
	shipped, err := PublishedStudies()
	if err != nil {
		return nil, err
	}
	var own []goalpost.StudyVersion
	if db != nil {
		if own, err = db.StudyVersions(ctx, org, ""); err != nil {
			return nil, fmt.Errorf("assess studies: %w", err)
		}
	}
	list := histories(shipped, own)
	slices.SortStableFunc(list, func(a, b StudyHistory) int {
		return strings.Compare(strings.ToLower(a.Current().Study.Title.In("en")), strings.ToLower(b.Current().Study.Title.In("en")))
	})
	return list, nil
}

// histories puts the versions of an organisation to the studies that ship.
func histories(shipped []goalpost.Study, own []goalpost.StudyVersion) []StudyHistory {
	var list []StudyHistory
	at := map[string]int{}
	for _, s := range shipped {
		at[s.ID] = len(list)
		list = append(list, StudyHistory{Shipped: true, Versions: []goalpost.StudyVersion{{Study: s, Version: 1}}})
	}
	for _, v := range own {
		i, ok := at[v.Study.ID]
		if !ok {
			i = len(list)
			at[v.Study.ID] = i
			list = append(list, StudyHistory{})
		}
		if v.Version == 1 && list[i].Shipped { // as it was when it was published
			v.At, v.By, v.Why = time.Time{}, "", ""
			list[i].Versions[0] = v
			continue
		}
		list[i].Versions = append(list[i].Versions, v)
	}
	return list
}

// Study returns a study by its id or another id that leads to it.
func Study(ctx context.Context, db *store.DB, org goalpost.OrgID, id string) (StudyHistory, error) {
	list, err := Studies(ctx, db, org)
	if err != nil {
		return StudyHistory{}, err
	}
	for _, h := range list {
		if h.Current().Study.ID == id {
			return h, nil
		}
	}
	for _, h := range list {
		if slices.Contains(h.Current().Study.Aliases, id) {
			return h, nil
		}
	}
	return StudyHistory{}, goalpost.Errorf(goalpost.NotFound, "error.study.none", goalpost.TextArg(id))
}

// ViewStudyVersion is ViewStudy with what the answers of single respondents came to when
// the version was made. db may be nil.
func ViewStudyVersion(ctx context.Context, db *store.DB, org goalpost.OrgID, h StudyHistory, v goalpost.StudyVersion) (StudyView, error) {
	switch {
	case v.Counted != nil:
		return ViewCounted(v.Study, v.Counted), nil
	case db == nil || len(v.Study.Asked) == 0:
		return ViewStudy(v.Study, nil), nil
	case v.Version != h.Current().Version:
		view := ViewStudy(v.Study, nil)
		view.Lost = true
		return view, nil
	}
	responses, err := db.StudyResponses(ctx, org, v.Study.ID)
	if err != nil {
		return StudyView{}, fmt.Errorf("assess study %s: %w", v.Study.ID, err)
	}
	return ViewStudy(v.Study, responses), nil
}

// ImportStudy keeps a study of an organisation. The same study again changes nothing;
// one that differs is a new version, a correction, and says why.
func ImportStudy(ctx context.Context, db *store.DB, org goalpost.OrgID, s goalpost.Study, by, why string, now time.Time) (v goalpost.StudyVersion, added bool, err error) {
	if err := s.Check(); err != nil {
		return v, false, err
	}
	list, err := Studies(ctx, db, org)
	if err != nil {
		return v, false, err
	}
	v = goalpost.StudyVersion{Study: s, Version: 1, At: now.UTC(), By: by, Why: strings.TrimSpace(why)}
	for _, h := range list {
		current := h.Current()
		if current.Study.ID != s.ID {
			continue
		}
		same, err := sameStudy(current.Study, s)
		if err != nil {
			return v, false, err
		}
		if same {
			return current, false, nil
		}
		if v.Why == "" {
			return v, false, &goalpost.Error{Kind: goalpost.Ask, Key: "error.study.why", Flag: "--why", Field: "why", Args: []goalpost.Arg{goalpost.TextArg(s.ID), goalpost.PlainArg(current.Version)}}
		}
		v.Version = current.Version + 1
	}
	v, err = addVersion(ctx, db, org, v, nil)
	return v, err == nil, err
}

// addVersion keeps a version together with what the answers of single respondents come
// to; responses replace those of single waves.
func addVersion(ctx context.Context, db *store.DB, org goalpost.OrgID, v goalpost.StudyVersion, responses map[string][]goalpost.Response) (goalpost.StudyVersion, error) {
	if err := v.Check(); err != nil {
		return v, err
	}
	if len(v.Study.Asked) > 0 {
		all, err := db.StudyResponses(ctx, org, v.Study.ID)
		if err != nil {
			return v, fmt.Errorf("assess study %s: %w", v.Study.ID, err)
		}
		maps.Copy(all, responses)
		v.Counted = countedOf(ViewStudy(v.Study, all))
	}
	if err := db.AddStudyVersion(ctx, org, v, responses); err != nil {
		return v, fmt.Errorf("assess study %s: %w", v.Study.ID, err)
	}
	return v, nil
}

func sameStudy(a, b goalpost.Study) (bool, error) {
	x, err := json.Marshal(a)
	if err != nil {
		return false, fmt.Errorf("assess: study %s: %w", a.ID, err)
	}
	y, err := json.Marshal(b)
	if err != nil {
		return false, fmt.Errorf("assess: study %s: %w", b.ID, err)
	}
	return string(x) == string(y), nil
}
