package assess

import (
	"cmp"
	"math/bits"
	"slices"
	"strings"

	"goalpost"
	"goalpost/survey"
)

// Kinds of filter.
const (
	FilterChannel  = "channel"
	FilterLanguage = "language"
	FilterDevice   = "device"
	FilterAnswer   = "answer" // an option of a question with one answer
	FilterClean    = "clean"  // answers without a flag
)

// ShareFilter takes a part of the respondents; the zero value takes all.
type ShareFilter struct {
	Kind, Question, Value string
}

// Empty reports whether all are taken.
func (f ShareFilter) Empty() bool { return f.Kind == "" }

// String is the filter as it stands in an address: "channel:ig", "answer:why:offers".
func (f ShareFilter) String() string {
	switch f.Kind {
	case "", FilterClean:
		return f.Kind
	case FilterAnswer:
		return f.Kind + ":" + f.Question + ":" + f.Value
	}
	return f.Kind + ":" + f.Value
}

// ParseShareFilter reads a filter as String writes it.
func ParseShareFilter(text string) ShareFilter {
	kind, value, _ := strings.Cut(text, ":")
	f := ShareFilter{Kind: kind, Value: value}
	if kind == FilterAnswer {
		f.Question, f.Value, _ = strings.Cut(value, ":")
	}
	return f
}

// FilterChoice is a filter that could be chosen.
type FilterChoice struct {
	Filter   ShareFilter
	Question goalpost.SurveyQuestion // of FilterAnswer
	Option   goalpost.Item
	N        int
	Allowed  bool // else it would show fewer people than may be told apart
}

// filterSet is a filter with the respondents that it takes.
type filterSet struct {
	FilterChoice
	taken []uint64 // a bit for each respondent
}

// mostFiltered is how many options of a question are offered as filters.
const mostFiltered = 20

// filterSets are all filters with what they take, and which of them may be used: a filter
// takes at least TeamBase people, and differs from everybody, from every other filter and,
// where the parts of one kind add up, from their sum by none or at least as many. Otherwise
// two pages side by side would say what single people answered.
func (s *SurveySample) filterSets(a *AskedSurvey) []filterSet {
	var sets []filterSet
	add := func(c FilterChoice, takes func(i int) bool) {
		x := filterSet{FilterChoice: c, taken: make([]uint64, (s.N()+63)/64)}
		for i := range s.N() {
			if takes(i) {
				x.taken[i/64] |= 1 << (i % 64)
				x.N++
			}
		}
		sets = append(sets, x)
	}
	for kind, of := range map[string]func(goalpost.Answer) string{
		FilterChannel:  func(x goalpost.Answer) string { return x.Channel },
		FilterLanguage: func(x goalpost.Answer) string { return x.Language },
		FilterDevice:   func(x goalpost.Answer) string { return string(x.Device) },
	} {
		seen := map[string]bool{}
		for _, x := range s.Answers {
			if v := of(x); !seen[v] {
				seen[v] = true
				add(FilterChoice{Filter: ShareFilter{Kind: kind, Value: v}}, func(i int) bool { return of(s.Answers[i]) == v })
			}
		}
	}
	for _, q := range a.Survey.Form.Questions {
		if q.Type != goalpost.SingleChoice || len(q.Options) > mostFiltered {
			continue
		}
		groups := s.Groups(q)
		for k, o := range q.Options {
			add(FilterChoice{Filter: ShareFilter{FilterAnswer, q.Code, o.Code}, Question: q, Option: o}, func(i int) bool { return groups[i] == k })
		}
	}
	add(FilterChoice{Filter: ShareFilter{Kind: FilterClean}}, func(i int) bool { return len(s.Answers[i].Flags) == 0 })
	places := []string{FilterChannel, FilterLanguage, FilterDevice, FilterAnswer, FilterClean}
	order := map[string]int{}
	for i, q := range a.Survey.Form.Questions {
		order[q.Code] = i
	}
	slices.SortStableFunc(sets, func(x, y filterSet) int {
		return cmp.Or(slices.Index(places, x.Filter.Kind)-slices.Index(places, y.Filter.Kind), order[x.Filter.Question]-order[y.Filter.Question], y.N-x.N, cmp.Compare(x.Filter.Value, y.Filter.Value))
	})
	allow(sets, s.N())
	return sets
}

// allow says which filters may be used.
func allow(sets []filterSet, all int) {
	everybody := filterSet{FilterChoice: FilterChoice{N: all}, taken: make([]uint64, (all+63)/64)}
	for i := range all {
		everybody.taken[i/64] |= 1 << (i % 64)
	}
	shown := []*filterSet{&everybody}
	for i := range sets {
		x := &sets[i]
		x.Allowed = x.N >= survey.TeamBase && !slices.ContainsFunc(shown, func(y *filterSet) bool { return near(x.taken, y.taken) })
		if x.Allowed {
			shown = append(shown, x)
		}
	}
	for i := range sets { // the others of one kind must not follow from the parts that are shown
		part := func(x filterSet) bool {
			return x.Filter.Kind == sets[i].Filter.Kind && x.Filter.Question == sets[i].Filter.Question
		}
		if i > 0 && part(sets[i-1]) {
			continue
		}
		end := i
		for end < len(sets) && part(sets[end]) {
			end++
		}
		hideRest(sets[i:end], all)
	}
}

// hideRest takes filters of one kind back, the smallest first, until those that none of them
// takes are none or enough.
func hideRest(parts []filterSet, all int) {
	for {
		rest, smallest := all, -1
		for i, x := range parts {
			if x.Allowed {
				rest -= x.N
				if smallest < 0 || x.N < parts[smallest].N {
					smallest = i
				}
			}
		}
		if rest <= 0 || rest >= survey.TeamBase || smallest < 0 {
			return
		}
		parts[smallest].Allowed = false
	}
}

// near reports whether two groups differ, by fewer than TeamBase people.
func near(a, b []uint64) bool {
	differ := 0
	for i := range a {
		if differ += bits.OnesCount64(a[i] ^ b[i]); differ >= survey.TeamBase {
			return false
		}
	}
	return differ > 0
}

func (x filterSet) members(n int) []bool {
	out := make([]bool, n)
	for i := range out {
		out[i] = x.taken[i/64]&(1<<(i%64)) != 0
	}
	return out
}

func choices(sets []filterSet) []FilterChoice {
	var list []FilterChoice
	for _, x := range sets {
		list = append(list, x.FilterChoice)
	}
	return list
}

// hide takes out of filtered shares what would tell how one or two people answered: also in
// the difference from the shares of all, which anybody of the team can see.
func (w shareWork) hide(x *QuestionShares, r answersTo) {
	all := shareWork{s: w.s, d: w.s.Design, plain: true}
	whole := QuestionShares{Question: x.Question}
	count := func(list []OptionShare, total []OptionShare, together bool) {
		base := 0
		for _, counts := range r.counts {
			if counts {
				base++
			}
		}
		at := map[string]int{}
		for _, o := range total {
			at[o.Key] = o.Count
		}
		hideCells(list, at, x.Base, base, together)
	}
	if all.fill(&whole, r) != nil {
		return
	}
	count(x.Options, whole.Options, x.Question.Type != goalpost.MultipleChoice)
	count(x.Parts, whole.Parts, false)
	hidden := func(o OptionShare) bool { return o.Hidden }
	if slices.ContainsFunc(x.Options, hidden) {
		x.Tied, x.Net, x.NPS = nil, nil, nil
		for i := range x.Parts { // with all other grades they give the hidden one away
			x.Parts[i].Hidden = true
		}
	}
}

// hideCells hides the cells of a filter. together says that everybody gave one of the answers.
func hideCells(list []OptionShare, all map[string]int, base, total int, together bool) {
	if together {
		table := [][]int{nil, nil}
		for _, o := range list {
			table[0], table[1] = append(table[0], o.Count), append(table[1], all[o.Key]-o.Count)
		}
		if len(list) == 0 {
			return
		}
		for j, hidden := range survey.Suppress(table)[0] {
			list[j].Hidden = hidden
		}
		return
	}
	for j, o := range list {
		rest := all[o.Key] - o.Count
		list[j].Hidden = survey.Suppress([][]int{{o.Count, base - o.Count}, {rest, total - base - rest}})[0][0]
	}
}

// fill makes the shares of a question, whatever may be said of them.
func (w shareWork) fill(x *QuestionShares, r answersTo) error {
	switch x.Question.Type {
	case goalpost.SingleChoice, goalpost.MultipleChoice, goalpost.ConsentQuestion:
		return w.choices(x, r)
	case goalpost.RankingQuestion:
		return w.ranking(x, r)
	case goalpost.ScaleQuestion:
		return w.scale(x, r)
	case goalpost.NPSQuestion:
		return w.nps(x, r)
	case goalpost.NumberQuestion:
		return w.numbers(x, r)
	default:
		return nil // texts have tags
	}
}
