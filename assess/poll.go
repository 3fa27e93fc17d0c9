package assess

import (
	"context"
	"fmt"
	"slices"

	"goalpost"
	"goalpost/infer"
	"goalpost/store"
)

// Rules of what a public result may show (reference: survey, part b17): from ten answers
// on, in steps of five, and no answer that fewer than three people gave or left out.
const (
	pollStep   = 5
	pollLeast  = 10
	pollHidden = 3
)

// PollResults are the shares of a poll.
type PollResults struct {
	Poll  goalpost.Poll
	N     int // votes counted: for the public the last full step
	Total int // votes that came
	// Flagged is how many of Total carry a flag; for the team.
	Flagged int
	Options []PollShare // in the order of the poll
	Others  []string    // texts of one's own, for the team; nobody reads them before a person did
	// Soon is true while there are too few votes to be shown.
	Soon bool
	// Groups are who answered, for the team.
	Groups []PollGroup
}

// PollShare is one answer.
type PollShare struct {
	Option goalpost.Item
	// Share has an interval as if the voters were a random sample, which they are not;
	// nil where the number is hidden.
	Share *infer.Estimate
	Few   bool // hidden: fewer than three people gave it
	Most  bool // hidden: fewer than three people did not give it
	Count int  // for the team
}

// PollGroup is how many said who they are.
type PollGroup struct {
	Kind   string // role, size, country
	Code   string
	Number int
}

// PollStep is how many of total votes the public results count: 0 while there are too
// few.
func PollStep(total int) int {
	if total < pollLeast {
		return 0
	}
	return total / pollStep * pollStep
}

// PublicPoll is what anyone may see of a poll: steps of five votes, small numbers
// hidden. Flagged votes count: a flag refuses nothing.
func PublicPoll(p goalpost.Poll, votes []goalpost.Vote) PollResults {
	r := PollResults{Poll: p, Total: len(votes), N: PollStep(len(votes))}
	if r.N == 0 {
		r.Soon = true
		return r
	}
	r.count(votes[:r.N], true)
	return r
}

// TeamPoll is what the team sees: every vote, or only those without a flag.
func TeamPoll(p goalpost.Poll, votes []goalpost.Vote, unflagged bool) PollResults {
	r := PollResults{Poll: p, Total: len(votes)}
	kept := make([]goalpost.Vote, 0, len(votes))
	groups := map[PollGroup]int{}
	for _, v := range votes {
		if len(v.Flags) > 0 {
			r.Flagged++
			if unflagged {
				continue
			}
		}
		kept = append(kept, v)
		if v.Other != "" {
			r.Others = append(r.Others, v.Other)
		}
		for kind, code := range map[string]string{"role": v.Role, "size": v.Size, "country": v.Country} {
			if code != "" {
				groups[PollGroup{Kind: kind, Code: code}]++
			}
		}
	}
	r.N = len(kept)
	r.count(kept, false)
	for g, n := range groups {
		g.Number = n
		r.Groups = append(r.Groups, g)
	}
	slices.SortFunc(r.Groups, func(a, b PollGroup) int {
		if a.Kind != b.Kind {
			return slices.Index([]string{"role", "size", "country"}, a.Kind) - slices.Index([]string{"role", "size", "country"}, b.Kind)
		}
		if a.Number != b.Number {
			return b.Number - a.Number
		}
		if a.Code < b.Code {
			return -1
		}
		return 1
	})
	return r
}

// count makes the shares. Each is a share of the people who voted.
func (r *PollResults) count(votes []goalpost.Vote, hide bool) {
	add := func(o goalpost.Item, gave func(goalpost.Vote) bool) {
		s := PollShare{Option: o}
		for _, v := range votes {
			if gave(v) {
				s.Count++
			}
		}
		switch {
		case hide && s.Count < pollHidden:
			s.Few, s.Count = true, 0
		case hide && r.N-s.Count < pollHidden:
			s.Most, s.Count = true, 0
		case r.N > 0:
			e := infer.Share(float64(s.Count), float64(r.N), goalpost.StudyLevel)
			s.Share = &e
		}
		r.Options = append(r.Options, s)
	}
	for _, o := range r.Poll.Options {
		add(o, func(v goalpost.Vote) bool { return slices.Contains(v.Choices, o.Code) })
	}
	if r.Poll.Other {
		add(goalpost.Item{Code: "other"}, func(v goalpost.Vote) bool { return v.Other != "" })
	}
}

// PollVotes reads the votes of a poll.
func PollVotes(ctx context.Context, db *store.DB, org goalpost.OrgID, p goalpost.Poll) ([]goalpost.Vote, error) {
	votes, err := db.Votes(ctx, org, p.ID)
	if err != nil {
		return nil, fmt.Errorf("assess poll %d: %w", p.ID, err)
	}
	return votes, nil
}

// BesidePoll are the published figures that a poll may be set beside, though never
// compared with: the newest reference of the study's question.
func BesidePoll(ctx context.Context, db *store.DB, org goalpost.OrgID, p goalpost.Poll) (q QuestionView, reference string, ok bool, err error) {
	if p.Study == "" {
		return q, "", false, nil
	}
	h, err := Study(ctx, db, org, p.Study)
	if err != nil {
		return q, "", false, err
	}
	v := h.Current()
	view, err := ViewPublicVersion(ctx, db, org, h, v)
	if err != nil {
		return q, "", false, err
	}
	if q, ok = view.Question(p.StudyCode); !ok || len(q.Results) == 0 {
		return q, "", false, nil
	}
	for _, ref := range v.Study.References {
		if slices.ContainsFunc(q.Results, func(r goalpost.Result) bool { return r.Reference == ref.ID }) {
			reference = ref.ID
		}
	}
	return q, reference, true, nil
}
