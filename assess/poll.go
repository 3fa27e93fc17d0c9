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
//
// One person can send many votes, complete a step alone and read the few others in it
// from the difference. So a step ends only where its votes came by five connections, and
// for hiding a small number all votes by one connection are one person.
const (
	pollStep   = 5
	pollLeast  = 10
	pollHidden = 3
)

// PollResults are the shares of a poll.
type PollResults struct {
	Poll    goalpost.Poll
	N       int         // votes counted: for the public the last full step
	Total   int         // votes that came
	Options []PollShare // in the order of the poll
	// Soon is true while there are too few votes to be shown.
	Soon bool
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

// PollStep is the most of total votes that public results may count: 0 while there are
// too few.
func PollStep(total int) int {
	if total < pollLeast {
		return 0
	}
	return total / pollStep * pollStep
}

// publicVotes are the votes up to the last full step.
func publicVotes(votes []goalpost.Vote) []goalpost.Vote {
	shown, here := 0, map[string]bool{}
	for i, v := range votes {
		here[connection(v)] = true
		if n := i + 1; n >= pollLeast && n%pollStep == 0 && len(here) >= pollStep {
			shown = n
			clear(here)
		}
	}
	return votes[:shown]
}

// connection tells votes by different people apart, as far as that is known.
func connection(v goalpost.Vote) string {
	if network := v.Network(); network != "" {
		return network
	}
	return v.ID
}

// PublicPoll is what anyone may see of a poll: steps of five votes, small numbers
// hidden. Flagged votes count: a flag refuses nothing.
func PublicPoll(p goalpost.Poll, votes []goalpost.Vote) PollResults {
	counted := publicVotes(votes)
	r := PollResults{Poll: p, Total: len(votes), N: len(counted)}
	if r.N == 0 {
		r.Soon = true
		return r
	}
	r.count(counted, true)
	return r
}

// count makes the shares. Each is a share of the people who voted.
func (r *PollResults) count(votes []goalpost.Vote, hide bool) {
	add := func(o goalpost.Item, gave func(goalpost.Vote) bool) {
		s := PollShare{Option: o}
		people, others := map[string]bool{}, map[string]bool{}
		for _, v := range votes {
			if gave(v) {
				s.Count++
				people[connection(v)] = true
			} else {
				others[connection(v)] = true
			}
		}
		switch {
		case hide && len(people) < pollHidden:
			s.Few, s.Count = true, 0
		case hide && len(others) < pollHidden:
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
