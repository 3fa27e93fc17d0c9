package assess

import (
	"cmp"
	"math"
	"slices"
	"strconv"

	"goalpost"
	"goalpost/infer"
)

// largestBase is how far GRIM looks: percentages with one decimal fit every base of
// 1,000 and more.
const largestBase = 2000

// FlagGRIM marks a printed share that its base cannot give.
const FlagGRIM = "grim"

// NoteBases is the key of the note with the bases that would fit. It follows the hint
// that the base does not, and is for those who ask.
const NoteBases = "study.hint.grim-bases"

// examine looks at the figures of one reference together: can they come from their
// base, do they add up, and is the first ahead of the second?
func (q *QuestionView) examine(ref goalpost.Reference) {
	var here []*goalpost.Result
	for i := range q.Results {
		if q.Results[i].Reference == ref.ID {
			here = append(here, &q.Results[i])
		}
	}
	if len(here) == 0 {
		return
	}
	question := q.version(here[0].Version)
	q.checkBases(ref, question, here)
	q.checkSum(ref, question, here)
	q.rank(ref, question, here)
}

func (q *QuestionView) version(n int) goalpost.Question {
	for _, v := range q.Versions {
		if v.Version == n {
			return v
		}
	}
	return q.Current()
}

// checkBases is GRIM: hints only, because weighted percentages need no whole count.
func (q *QuestionView) checkBases(ref goalpost.Reference, question goalpost.Question, here []*goalpost.Result) {
	var printed []infer.Rounded
	var odd []*goalpost.Result
	base := 0
	for _, r := range here {
		if r.Printed == (infer.Rounded{}) || r.Base == nil {
			continue
		}
		printed = append(printed, r.Printed)
		base = max(base, *r.Base)
		if *r.Base <= largestBase && !slices.Contains(infer.GRIM(*r.Base, r.Printed), *r.Base) {
			odd = append(odd, r)
		}
	}
	if base == 0 || base > largestBase {
		return
	}
	fits := infer.GRIM(base, printed...)
	if question.Type == goalpost.SingleChoice && question.Complete && len(here) == len(question.Options) && len(printed) == len(here) {
		fits = infer.GRIMWhole(base, printed...)
	}
	if len(fits) > 0 && fits[len(fits)-1] == base {
		return
	}
	for _, r := range odd {
		r.Flags = append(r.Flags, FlagGRIM)
	}
	var shares []string
	for _, p := range printed {
		shares = append(shares, strconv.FormatFloat(p.Percent, 'f', p.Decimals, 64))
	}
	args := []goalpost.Arg{goalpost.ReferenceArg(ref.ID), goalpost.PercentsArg(shares), goalpost.PlainArg(base)}
	if len(fits) == 0 {
		q.Hints = append(q.Hints, goalpost.NewNote("study.hint.grim-none", args...))
		return
	}
	q.Hints = append(q.Hints, goalpost.NewNote("study.hint.grim", args...), goalpost.NewNote(NoteBases, goalpost.TextArg(lastOf(fits))))
}

// lastOf writes a list of bases, of a long one its end.
func lastOf(bases []int) string {
	const most = 12
	text := ""
	if len(bases) > most {
		bases, text = bases[len(bases)-most:], "… "
	}
	for i, n := range bases {
		if i > 0 {
			text += ", "
		}
		text += strconv.Itoa(n)
	}
	return text
}

// checkSum adds the shares of a question that allows one answer.
func (q *QuestionView) checkSum(ref goalpost.Reference, question goalpost.Question, here []*goalpost.Result) {
	if question.Type != goalpost.SingleChoice {
		return
	}
	sum, slack := 0.0, 1e-9
	for _, r := range here {
		if r.Printed == (infer.Rounded{}) {
			return
		}
		sum += r.Printed.Percent
		slack += math.Pow10(-r.Printed.Decimals) / 2
	}
	whole := question.Complete && len(here) == len(question.Options)
	if sum > 100+slack || (whole && sum < 100-slack) {
		q.Hints = append(q.Hints, goalpost.NewNote("study.hint.sum", goalpost.ReferenceArg(ref.ID), goalpost.RateArg(sum/100)))
	}
}

// rank compares the two most named options of a reference.
func (q *QuestionView) rank(ref goalpost.Reference, question goalpost.Question, here []*goalpost.Result) {
	fraction := func(r *goalpost.Result) float64 { f, _ := r.Fraction(); return f }
	list := slices.DeleteFunc(slices.Clone(here), func(r *goalpost.Result) bool { _, ok := r.Fraction(); return !ok })
	slices.SortStableFunc(list, func(a, b *goalpost.Result) int { return cmp.Compare(fraction(b), fraction(a)) })
	if len(list) < 2 {
		return
	}
	if r, ok := compareWithin(question, list[0], list[1]); ok {
		r.Reference = ref.ID
		q.Ranks = append(q.Ranks, r)
	}
}

// compareWithin compares two options of one reference, whose figures are from the same
// people. Where several answers were allowed nobody knows how many gave both; the
// variance is then the largest that the two shares allow.
func compareWithin(question goalpost.Question, first, second *goalpost.Result) (r Rank, ok bool) {
	a, hasA := first.Fraction()
	b, hasB := second.Fraction()
	if !hasA || !hasB || first.Base == nil || second.Base == nil {
		return r, false
	}
	n := float64(min(*first.Base, *second.Base))
	both := 0.0
	if question.Type == goalpost.MultipleChoice {
		both = max(0, a+b-1)
	}
	d := infer.DifferenceWithin(a-both, b-both, n, goalpost.StudyLevel)
	r = Rank{Reference: first.Reference, First: first.Option, Second: second.Option, Points: 100 * d.Value, Lo: 100 * d.Lo, Hi: 100 * d.Hi, Settled: d.Lo > 0}
	if first.Approximate || second.Approximate {
		r.Cautions = append(r.Cautions, goalpost.NewNote("study.doubt.about"))
	}
	if first.BaseKind != goalpost.BaseStated {
		r.Cautions = append(r.Cautions, goalpost.NewNote("study.doubt.base", goalpost.NumberArg(n)))
	}
	return r, true
}

// shift is how the mix of respondents moved between two waves.
type shift struct {
	question string
	label    goalpost.Text
	from, to float64
}

// mixOf finds, for each pair of waves, the attribute of respondents that moved most.
func mixOf(v StudyView) map[[2]string]shift {
	out := map[[2]string]shift{}
	for _, q := range v.Questions {
		if !q.Current().Profile {
			continue
		}
		for _, a := range q.Results {
			for _, b := range q.Results {
				was, hasWas := a.Fraction()
				is, hasIs := b.Fraction()
				if a.Option != b.Option || a.Wave == b.Wave || !hasWas || !hasIs {
					continue
				}
				key := [2]string{a.Wave, b.Wave}
				best, ok := out[key]
				if !ok || math.Abs(is-was) > math.Abs(best.to-best.from) {
					out[key] = shift{question: q.Code, label: q.Option(a.Option).Label, from: was, to: is}
				}
			}
		}
	}
	return out
}

// notableShift is from which shift of the mix on it is said, as a fraction.
const notableShift = 0.05

// compare makes the changes of every option between all references in order.
func (q *QuestionView) compare(s goalpost.Study, mix map[[2]string]shift) {
	var options []string
	for _, v := range q.Versions {
		for _, o := range v.Options {
			if !slices.Contains(options, o.Code) {
				options = append(options, o.Code)
			}
		}
	}
	at := map[[2]string]goalpost.Result{}
	for _, r := range q.Results {
		if _, twice := at[[2]string{r.Reference, r.Option}]; !twice {
			at[[2]string{r.Reference, r.Option}] = r
		}
	}
	for _, option := range options {
		for i, from := range s.References {
			a, ok := at[[2]string{from.ID, option}]
			if !ok {
				continue
			}
			for _, to := range s.References[i+1:] {
				if b, ok := at[[2]string{to.ID, option}]; ok {
					q.Changes = append(q.Changes, q.change(s, from, to, a, b, mix))
				}
			}
		}
	}
}

// change is b − a. There is no number where the two do not stand on one scale or one
// of them is a bound; there is no interval where a base is not known or the same
// people answered both.
func (q *QuestionView) change(s goalpost.Study, from, to goalpost.Reference, a, b goalpost.Result, mix map[[2]string]shift) goalpost.Change {
	qa, qb := q.version(a.Version), q.version(b.Version)
	c := goalpost.Change{From: from.ID, To: to.ID, Option: a.Option, Reasons: s.Breaks(from, to, qa, qb)}
	if c.Reasons == nil {
		c.Reasons = []goalpost.Note{}
	}
	number := qa.Type == qb.Type
	none := func(is bool, key string) {
		if is {
			c.Reasons, number = append(c.Reasons, goalpost.NewNote("study.no-change."+key)), false
		}
	}
	none(a.PublishedMax != nil || b.PublishedMax != nil, "below")
	none(a.Approximate || b.Approximate, "about")
	none(a.Mean != nil || b.Mean != nil, "mean")
	c.Comparable = len(c.Reasons) == 0
	if !number {
		return c
	}
	c.Cautions = s.Doubts(from, to, qa, qb)
	c.Measure(from, to, a, b)
	if m, ok := mix[[2]string{from.Wave, to.Wave}]; ok && m.question != q.Code && math.Abs(m.to-m.from) >= notableShift {
		c.Cautions = append(c.Cautions, goalpost.NewNote("study.doubt.mix", goalpost.TextsArg(m.label), goalpost.RateArg(m.from), goalpost.RateArg(m.to)))
	}
	if qa.Subset || qb.Subset {
		c.Cautions = append(c.Cautions, goalpost.NewNote("study.doubt.subset"))
	}
	return c
}
