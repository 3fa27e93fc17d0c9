package assess

import (
	"errors"
	"math"
	"strings"

	"goalpost"
	"goalpost/survey"
)

// ShareChange is what changed from one wave to the next. Points and its limits are in
// percentage points, or in the unit of the question where Unit says so.
type ShareChange struct {
	From   string   `json:"from"`
	To     string   `json:"to"`
	Option string   `json:"option"`
	Unit   string   `json:"unit"` // "points" or "value"
	Points *float64 `json:"points"`
	Lo     *float64 `json:"lo"`
	Hi     *float64 `json:"hi"`
	SE     *float64 `json:"se"`
	T      *float64 `json:"t"`
	DF     *float64 `json:"df"`
	P      *float64 `json:"p"`
	PHolm  *float64 `json:"p_holm"`
	Hidden bool     `json:"hidden"`
}

// tracked is a number whose changes are reported, with what makes points of it.
type tracked struct {
	key  string
	y    []float64
	unit string
	by   float64
	twin bool // the other of two options: its test is that of the first
}

// tracked are the numbers of a question that are followed over waves.
func (q shareQuestion) tracked() []tracked {
	const points, value = "points", "value"
	switch q.kind {
	case kindNPS:
		return []tracked{{key: "nps", y: survey.Scored(q.y), unit: points, by: 1}}
	case kindNumber:
		return []tracked{{key: "mean", y: q.y, unit: value, by: 1}}
	case kindScale:
		levels := float64(len(q.items))
		return []tracked{{key: "top2", y: between(q.y, levels-1, levels), unit: points, by: 100}, {key: "bottom2", y: between(q.y, 1, 2), unit: points, by: 100}}
	case kindSingle, kindMultiple:
	}
	var out []tracked
	for k, item := range q.items {
		out = append(out, tracked{key: item.key, y: item.y, unit: points, by: 100, twin: q.kind == kindSingle && len(q.items) == 2 && k == 0})
	}
	return out
}

// between is 1 for answers between two levels, NaN without an answer.
func between(y []float64, lo, hi float64) []float64 {
	out := make([]float64, len(y))
	for i, v := range y {
		switch {
		case math.IsNaN(v):
			out[i] = v
		case v >= lo && v <= hi:
			out[i] = 1
		}
	}
	return out
}

// changes compares each wave with the one before it, in one joint covariance.
func (f *shareFrame) changes(q shareQuestion) ([]ShareChange, error) {
	list := q.tracked()
	out := []ShareChange{}
	var p []float64
	var of []int // the change that each p-value is of
	for _, t := range list {
		var stats []survey.Statistic
		var waves []string
		for k, name := range f.by.names {
			in := both(f.in, f.by.is(k))
			if _, err := f.design.Estimate(survey.Mean(t.y, in)); errors.Is(err, survey.ErrNobody) {
				continue
			}
			stats, waves = append(stats, survey.Mean(t.y, in)), append(waves, name)
		}
		if len(stats) < 2 {
			continue
		}
		e, err := f.design.Estimate(stats...)
		if err != nil {
			return nil, f.cannot(err)
		}
		for k := 1; k < len(stats); k++ {
			c := e.Change(k-1, k, f.t.Level)
			change := ShareChange{From: waves[k-1], To: waves[k], Option: t.key, Unit: t.unit, Points: known(c.Value * t.by), Lo: known(c.Lo * t.by), Hi: known(c.Hi * t.by),
				SE: known(c.SE * t.by), T: known(c.T), DF: known(c.DF), P: known(c.P)}
			if !t.twin {
				p, of = append(p, c.P), append(of, len(out))
			}
			out = append(out, change)
		}
	}
	for k, v := range survey.Holm(p) {
		out[of[k]].PHolm = known(v)
	}
	if len(list) == 2 && list[0].twin {
		half := len(out) / 2
		for k := range half {
			out[k].PHolm = out[half+k].PHolm
		}
	}
	return out, nil
}

// ShareCross is a question by groups, with tests whether groups answer alike.
type ShareCross struct {
	Column string        `json:"column"`
	Groups []ShareDomain `json:"groups"`
	Tests  []ShareTest   `json:"tests"`
}

// ShareTest is Rao and Scott's test that a question and the groups have nothing to do with
// each other.
type ShareTest struct {
	Option    string   `json:"option"` // empty: all options together
	Method    string   `json:"method"`
	Statistic *float64 `json:"statistic"`
	NDF       *float64 `json:"ndf"`
	DDF       *float64 `json:"ddf"`
	P         *float64 `json:"p"`
	PHolm     *float64 `json:"p_holm"`
}

// raoScott is the name of the test.
const raoScott = "rao-scott"

func (f *shareFrame) cross(q shareQuestion, g grouping) (*ShareCross, error) {
	out := &ShareCross{Column: g.name, Groups: []ShareDomain{}, Tests: []ShareTest{}}
	for k, name := range g.names {
		d, err := f.domain(q, both(f.in, g.is(k)))
		if err != nil {
			return nil, err
		}
		d.Key = name
		out.Groups = append(out.Groups, d)
	}
	var p []float64
	test := func(option string, code []int) error {
		t := ShareTest{Option: option, Method: raoScott}
		table, err := f.design.Crosstab(code, g.code, f.in)
		value := math.NaN()
		switch {
		case errors.Is(err, survey.ErrTable), errors.Is(err, survey.ErrNobody):
		case err != nil:
			return f.cannot(err)
		default:
			s := table.RaoScott()
			t.Statistic, t.NDF, t.DDF, t.P, value = known(s.Statistic), known(s.DF1), known(s.DF2), known(s.P), s.P
		}
		p = append(p, value)
		out.Tests = append(out.Tests, t)
		return nil
	}
	if q.kind == kindMultiple {
		for _, item := range q.items {
			if err := test(item.key, codeOf(item.y)); err != nil {
				return nil, err
			}
		}
	} else if err := test("", q.code); err != nil {
		return nil, err
	}
	for k, v := range survey.Holm(p) {
		out.Tests[k].PHolm = known(v)
	}
	return out, f.letters(q, g, out)
}

func codeOf(y []float64) []int {
	code := make([]int, len(y))
	for i, v := range y {
		code[i] = -1
		if !math.IsNaN(v) {
			code[i] = int(v)
		}
	}
	return code
}

// mostLetters is how many columns can be told apart by letters.
const mostLetters = 26

// letters marks, for each option, the columns whose share is lower: a capital letter where
// the difference holds at the level, a small one where it holds at twice its error, after
// Holm's adjustment over all pairs of the row.
func (f *shareFrame) letters(q shareQuestion, g grouping, out *ShareCross) error {
	if len(g.names) > mostLetters {
		return nil
	}
	alpha := 1 - f.t.Level
	for k, item := range q.items {
		var stats []survey.Statistic
		var columns []int
		for c := range g.names {
			if o := out.Groups[c].Options[k]; o.Share != nil && o.NEff != nil && *o.NEff >= fewEffective {
				stats, columns = append(stats, survey.Mean(item.y, both(f.in, g.is(c)))), append(columns, c)
			}
		}
		if len(stats) < 2 {
			continue
		}
		e, err := f.design.Estimate(stats...)
		if err != nil {
			return f.cannot(err)
		}
		var p []float64
		var higher, lower []int
		for a := range stats {
			for b := range a {
				c := e.Change(a, b, f.t.Level)
				p = append(p, c.P)
				if c.Value > 0 {
					higher, lower = append(higher, columns[b]), append(lower, columns[a])
				} else {
					higher, lower = append(higher, columns[a]), append(lower, columns[b])
				}
			}
		}
		for i, v := range survey.Holm(p) {
			letter := string(rune('A' + lower[i]))
			switch o := &out.Groups[higher[i]].Options[k]; {
			case v < alpha:
				o.Letters += letter
			case v < 2*alpha:
				o.Letters += strings.ToLower(letter)
			}
		}
	}
	return nil
}

// ChangeHolds says whether a change is more than chance at a level, among all that were
// looked at.
func (c ShareChange) ChangeHolds(level float64) bool {
	return c.PHolm != nil && *c.PHolm < 1-level
}

// Letter is the letter of a group in a table.
func Letter(k int) goalpost.Arg {
	if k >= mostLetters {
		return goalpost.TextArg("")
	}
	return goalpost.TextArg(string(rune('A' + k)))
}
