package assess

import (
	"errors"
	"math"
	"slices"

	"goalpost"
	"goalpost/infer"
	"goalpost/survey"
)

// fewest is how many respondents a share of an own wave needs to be shown with an
// interval at all.
const fewest = 2

// resultsOf makes the shares of a question from the answers of single respondents. The
// base are those who answered it.
func resultsOf(s goalpost.Study, a goalpost.Asked, responses map[string][]goalpost.Response) []goalpost.Result {
	ref, _ := s.Reference(a.Reference)
	q, _ := s.Question(a.Question, a.Version)
	var results []goalpost.Result
	for _, o := range q.Options {
		hit, weight, _ := answered(responses[ref.Wave], q.Code, o.Code, "")
		r := goalpost.Result{Wave: ref.Wave, Reference: ref.ID, Version: q.Version, Option: o.Code, BaseKind: goalpost.BaseStated, Quality: goalpost.QualitySeen, Flags: []string{}}
		if n := len(hit); n >= fewest {
			share, err := survey.Share(hit, weight, goalpost.StudyLevel)
			if err != nil {
				continue // all weights are zero: as if nobody had answered
			}
			r.SetShare(share.Estimate)
			r.Base, r.EffectiveN = &n, &share.EffectiveN
			if math.Abs(share.EffectiveN-float64(n)) < 1e-9 {
				r.EffectiveN = nil // not weighted
			}
			results = append(results, r)
		}
	}
	return results
}

// answered returns, for those who answered a question, whether they chose an option, and
// their weights; with a profile question also the option of it that they chose, and then
// only those who answered both.
func answered(list []goalpost.Response, question, option, profile string) (hit []bool, weight []float64, group []string) {
	for _, r := range list {
		chosen, ok := r.Choices[question]
		if !ok {
			continue
		}
		if profile != "" {
			of := r.Choices[profile]
			if len(of) != 1 {
				continue
			}
			group = append(group, of[0])
		}
		hit = append(hit, slices.Contains(chosen, option))
		weight = append(weight, r.Weight)
	}
	return hit, weight, group
}

// holdMix adds to each change between two own waves what it would be if both had the same
// mix of respondents. The mix is taken by the profile question that shifted most.
func (q *QuestionView) holdMix(v StudyView, responses map[string][]goalpost.Response) {
	if q.Current().Profile {
		return
	}
	for i := range q.Changes {
		c := &q.Changes[i]
		from, _ := v.Study.Reference(c.From)
		to, _ := v.Study.Reference(c.To)
		if !c.Comparable || c.Points == nil || from.Wave == to.Wave || len(responses[from.Wave]) == 0 || len(responses[to.Wave]) == 0 {
			continue
		}
		profile, ok := v.profileOf(from.ID, to.ID)
		if !ok {
			continue
		}
		same, err := sameMix(responses[from.Wave], responses[to.Wave], q.Code, c.Option, profile.Code)
		switch {
		case errors.Is(err, survey.ErrEmptyStratum):
			setMix(c, profile, nil)
		case err == nil:
			same.Mix = *c.Points - same.Points
			setMix(c, profile, &same)
		}
	}
}

// setMix adds a change with the mix held fixed, or the doubt that it could not be held.
func setMix(c *goalpost.Change, profile QuestionView, same *goalpost.SameMix) {
	if same == nil {
		c.Cautions = append(c.Cautions, goalpost.NewNote(noMix, goalpost.TextsArg(profile.Current().Wording)))
		return
	}
	same.Wording = profile.Current().Wording
	c.SameMix = same
	c.Cautions = slices.DeleteFunc(c.Cautions, func(n goalpost.Note) bool { return n.Key == "study.doubt.mix" })
}

// noMix is the doubt that a mix could not be held fixed.
const noMix = "study.doubt.no-mix"

// profileOf is the question on who answered that shifted most between two references.
func (v StudyView) profileOf(from, to string) (QuestionView, bool) {
	var best QuestionView
	most, found := -1.0, false
	for _, q := range v.Questions {
		if !q.Current().Profile || q.Current().Type != goalpost.SingleChoice {
			continue
		}
		distance, common := 0.0, false
		for _, o := range q.Current().Options {
			a, hasA := q.Result(from, o.Code)
			b, hasB := q.Result(to, o.Code)
			if hasA && hasB && a.Share != nil && b.Share != nil {
				distance, common = distance+math.Abs(*b.Share-*a.Share)/2, true
			}
		}
		if common && distance > most {
			best, most, found = q, distance, true
		}
	}
	return best, found
}

// sameMix post-stratifies both waves to the mean of their mixes.
func sameMix(from, to []goalpost.Response, question, option, profile string) (goalpost.SameMix, error) {
	type wave struct {
		hit    []bool
		weight []float64
		group  []string
	}
	var waves []wave
	sizes := map[string]float64{}
	for _, list := range [][]goalpost.Response{from, to} {
		var w wave
		w.hit, w.weight, w.group = answered(list, question, option, profile)
		sum := 0.0
		for _, x := range w.weight {
			sum += x
		}
		if sum == 0 {
			return goalpost.SameMix{}, survey.ErrNobody
		}
		for i, g := range w.group {
			sizes[g] += w.weight[i] / sum / 2
		}
		waves = append(waves, w)
	}
	var names []string
	for g := range sizes {
		names = append(names, g)
	}
	slices.Sort(names)
	target := make([]float64, len(names))
	for i, g := range names {
		target[i] = sizes[g]
	}
	var shares []infer.Estimate
	for _, w := range waves {
		stratum := make([]int, len(w.group))
		for i, g := range w.group {
			stratum[i], _ = slices.BinarySearch(names, g)
		}
		e, err := survey.PostStratified(w.hit, w.weight, stratum, target, goalpost.StudyLevel)
		if err != nil {
			return goalpost.SameMix{}, err
		}
		shares = append(shares, e.Estimate)
	}
	d := infer.Difference(shares[0], shares[1])
	return goalpost.SameMix{Question: profile, Points: 100 * d.Value, Lo: 100 * d.Lo, Hi: 100 * d.Hi}, nil
}

// Unserved is how many of those who pursue a goal use none of the metrics that measure it.
type Unserved struct {
	Reference string          `json:"reference"`
	Goal      string          `json:"goal"` // option of the question about goals; empty: any goal
	Share     *infer.Estimate `json:"share"`
	// Reason says why there is no share: only totals are known.
	Reason goalpost.Note `json:"-"`
}

// onlyTotals says why a mismatch cannot be seen.
const onlyTotals = "study.pair.totals"

// unserved looks at the goals and metrics of each respondent. From published totals it
// cannot be computed: they fit everything between no mismatch and a complete one.
func unserved(v StudyView, p goalpost.Pair, responses map[string][]goalpost.Response) []Unserved {
	q, _ := v.Question(p.Goals)
	var out []Unserved
	for _, ref := range v.Study.References {
		list := responses[ref.Wave]
		asked := slices.ContainsFunc(v.Study.Asked, func(a goalpost.Asked) bool { return a.Question == p.Goals && a.Reference == ref.ID })
		if !asked || len(list) == 0 {
			if slices.ContainsFunc(q.Results, func(r goalpost.Result) bool { return r.Reference == ref.ID }) {
				out = append(out, Unserved{Reference: ref.ID, Reason: goalpost.NewNote(onlyTotals)})
			}
			continue
		}
		any := goalsWithout(list, p, "")
		if any.Share != nil {
			any.Reference = ref.ID
			out = append(out, any)
		}
		for _, o := range q.Current().Options {
			if u := goalsWithout(list, p, o.Code); u.Share != nil {
				u.Reference = ref.ID
				out = append(out, u)
			}
		}
	}
	return out
}

// goalsWithout is, among the respondents who have a goal (any goal if it is empty), the
// share of those who measure it by none of its metrics (who have a goal that they do not
// measure).
func goalsWithout(list []goalpost.Response, p goalpost.Pair, goal string) Unserved {
	var hit []bool
	var weight []float64
	for _, r := range list {
		goals, answeredGoals := r.Choices[p.Goals]
		metrics, answeredMetrics := r.Choices[p.Metrics]
		if !answeredGoals || !answeredMetrics || len(goals) == 0 || (goal != "" && !slices.Contains(goals, goal)) {
			continue
		}
		without := false
		for _, g := range goals {
			if goal != "" && g != goal {
				continue
			}
			served := slices.ContainsFunc(p.MetricsOf(g), func(m string) bool { return slices.Contains(metrics, m) })
			without = without || !served
		}
		hit, weight = append(hit, without), append(weight, r.Weight)
	}
	u := Unserved{Goal: goal}
	if len(hit) < fewest {
		return u
	}
	share, err := survey.Share(hit, weight, goalpost.StudyLevel)
	if err != nil {
		return u // all weights are zero
	}
	u.Share = &share.Estimate
	return u
}

// UnservedNote says an Unserved in a sentence.
func (q QuestionView) UnservedNote(u Unserved) goalpost.Note {
	when := goalpost.ReferenceArg(u.Reference)
	if u.Share == nil {
		return goalpost.NewNote(u.Reason.Key, append([]goalpost.Arg{when}, u.Reason.Args...)...)
	}
	args := []goalpost.Arg{when, goalpost.RateArg(u.Share.Value), goalpost.RateArg(u.Share.Lo), goalpost.RateArg(u.Share.Hi), goalpost.NumberArg(float64(u.Share.N))}
	if u.Goal == "" {
		return goalpost.NewNote("study.unserved.any", args...)
	}
	return goalpost.NewNote("study.unserved.goal", append(args, goalpost.OptionArg(q.Option(u.Goal)))...)
}
