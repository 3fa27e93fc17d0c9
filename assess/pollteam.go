package assess

import (
	"cmp"
	"slices"

	"goalpost"
)

// TeamResults are a poll as its team sees it: every vote, and beside them those without
// a flag.
type TeamResults struct {
	All, Unflagged PollResults
	Public         int         // votes that the public results count
	Stuck          bool        // a step is full, but too few connections are in it
	Flags          []FlagCount // kinds of flags that were given
	Others         []string    // texts of one's own; nobody reads them before a person did
	Groups         []PollGroup // who answered, in the order of the form
}

// FlagCount is how many votes carry a flag; a vote may carry several.
type FlagCount struct {
	Flag   string
	Number int
}

// PollGroup is how many said who they are.
type PollGroup struct {
	Kind   string // role, size, country
	Code   string
	Number int
}

// TeamPoll counts the votes of a poll for its team.
func TeamPoll(p goalpost.Poll, votes []goalpost.Vote) TeamResults {
	var t TeamResults
	unflagged := make([]goalpost.Vote, 0, len(votes))
	flags, groups := map[string]int{}, map[PollGroup]int{}
	for _, v := range votes {
		for _, f := range v.Flags {
			flags[f]++
		}
		if len(v.Flags) == 0 {
			unflagged = append(unflagged, v)
		}
		if v.Other != "" {
			t.Others = append(t.Others, v.Other)
		}
		groups[PollGroup{Kind: "role", Code: v.Role}]++
		groups[PollGroup{Kind: "size", Code: v.Size}]++
		groups[PollGroup{Kind: "country", Code: v.Country}]++
	}
	t.All = PollResults{Poll: p, Total: len(votes), N: len(votes)}
	t.All.count(votes, false)
	t.Unflagged = PollResults{Poll: p, Total: len(votes), N: len(unflagged)}
	t.Unflagged.count(unflagged, false)
	t.Public = len(publicVotes(votes))
	t.Stuck = t.Public < PollStep(len(votes))
	for _, f := range goalpost.VoteFlags() {
		if n := flags[f]; n > 0 {
			t.Flags = append(t.Flags, FlagCount{f, n})
		}
	}
	t.Groups = orderGroups(groups)
	return t
}

// orderGroups lists roles and sizes as the form does, countries by their number.
func orderGroups(groups map[PollGroup]int) []PollGroup {
	kinds := []string{"role", "size", "country"}
	inForm := map[string][]string{"role": goalpost.PollRoles(), "size": goalpost.PollSizes()}
	var list []PollGroup
	for g, n := range groups {
		if g.Code != "" {
			g.Number = n
			list = append(list, g)
		}
	}
	slices.SortFunc(list, func(a, b PollGroup) int {
		order := inForm[a.Kind]
		return cmp.Or(slices.Index(kinds, a.Kind)-slices.Index(kinds, b.Kind), slices.Index(order, a.Code)-slices.Index(order, b.Code), b.Number-a.Number, cmp.Compare(a.Code, b.Code))
	})
	return list
}
