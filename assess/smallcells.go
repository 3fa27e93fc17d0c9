package assess

import (
	"context"
	"math"
	"slices"

	"goalpost"
	"goalpost/store"
)

// What the public may see of single respondents: shares of ten people or more, and no
// answer that fewer than three of them gave or did not give (reference: survey, part b17).
const (
	publicBase = 10
	publicCell = 3
)

// ViewPublicVersion is ViewStudyVersion for everybody: cells of an own wave from which one
// could tell what single people answered are left out, and StudyView.Few says so.
func ViewPublicVersion(ctx context.Context, db *store.DB, org goalpost.OrgID, h StudyHistory, v goalpost.StudyVersion) (StudyView, error) {
	view, err := ViewStudyVersion(ctx, db, org, h, v)
	if err != nil {
		return view, err
	}
	all := countedOf(view)
	if all == nil {
		return view, nil
	}
	shown, few := withoutSmallCells(v.Study, all)
	if !few {
		return view, nil
	}
	lost := view.Lost
	view = ViewCounted(v.Study, shown)
	view.Lost, view.Few = lost, true
	return view, nil
}

// withoutSmallCells leaves out what is too small to be public; few reports whether there
// was any. c is not changed.
func withoutSmallCells(s goalpost.Study, c *goalpost.Counted) (shown *goalpost.Counted, few bool) {
	type cell struct{ question, reference, option string }
	hidden := map[cell]bool{}
	for _, a := range s.Asked {
		var of []goalpost.CountedResult
		for _, r := range c.Results {
			if r.Question == a.Question && r.Reference == a.Reference {
				of = append(of, r)
			}
		}
		q, _ := s.Question(a.Question, a.Version)
		for _, r := range smallOf(of, q.Type == goalpost.SingleChoice) {
			hidden[cell{r.Question, r.Reference, r.Option}] = true
		}
	}
	shown = &goalpost.Counted{Results: []goalpost.CountedResult{}}
	for _, r := range c.Results {
		if !hidden[cell{r.Question, r.Reference, r.Option}] {
			shown.Results = append(shown.Results, r)
		}
	}
	for _, m := range c.Mix {
		if !hidden[cell{m.Question, m.From, m.Option}] && !hidden[cell{m.Question, m.To, m.Option}] {
			shown.Mix = append(shown.Mix, m)
		}
	}
	for _, u := range c.Unserved {
		if u.Share == nil || !isSmall(u.Share.Value, u.Share.N) {
			shown.Unserved = append(shown.Unserved, u)
		}
	}
	return shown, len(hidden) > 0 || len(shown.Unserved) < len(c.Unserved)
}

// isSmall reports whether a share tells too much about single people.
func isSmall(share float64, base int) bool {
	count := int(math.Round(share * float64(base)))
	return base < publicBase || count < publicCell || base-count < publicCell
}

// smallOf returns the cells of one question and time that are too small. Where the shares
// add up to everybody, one hidden cell alone could be computed from the others: then the
// smallest of these is hidden with it.
func smallOf(results []goalpost.CountedResult, addUp bool) []goalpost.CountedResult {
	var small, rest []goalpost.CountedResult
	for _, r := range results {
		switch {
		case r.Share == nil || r.Base == nil:
		case isSmall(*r.Share, *r.Base):
			small = append(small, r)
		default:
			rest = append(rest, r)
		}
	}
	if addUp && len(small) == 1 && len(rest) > 0 {
		small = append(small, slices.MinFunc(rest, func(a, b goalpost.CountedResult) int {
			switch {
			case *a.Share < *b.Share:
				return -1
			case *a.Share > *b.Share:
				return 1
			}
			return 0
		}))
	}
	return small
}
