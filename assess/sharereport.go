package assess

import (
	"context"
	"errors"
	"math"
	"slices"

	"goalpost"
	"goalpost/ingest"
	"goalpost/survey"
)

// ShareReport is what a table says about one question or several.
type ShareReport struct {
	ShareResult
	Further    []ShareResult       `json:"further"` // the other questions
	Level      float64             `json:"level"`
	SampleKind goalpost.SampleKind `json:"sample_kind"`
	Published  bool                `json:"published"`
	Design     ShareHow            `json:"design"`
	Weights    ShareWeights        `json:"weights"`
	Response   *ShareResponse      `json:"response"` // nil: how many were asked is not known
	Meaning    []goalpost.Note     `json:"-"`        // what the intervals may be called
	Warnings   []goalpost.Note     `json:"-"`
}

// Questions are all results.
func (r ShareReport) Questions() []ShareResult {
	return append([]ShareResult{r.ShareResult}, r.Further...)
}

// ShareResponse is how many of those who were asked took part.
type ShareResponse struct {
	Invited int     `json:"invited"`
	Rate    float64 `json:"rate"`
	Moves   float64 `json:"moves"` // points that a share moves by if the others differ by ten
}

// ShareResult is one question.
type ShareResult struct {
	Question string `json:"question"`
	Kind     string `json:"kind"` // "single", "multiple", "scale", "nps" or "number"
	ShareDomain
	By      string        `json:"by"`
	Waves   bool          `json:"waves"`
	Groups  []ShareDomain `json:"groups"`
	Changes []ShareChange `json:"changes"`
	Cross   *ShareCross   `json:"cross"`
}

// ShareDomain is what some respondents answered.
type ShareDomain struct {
	Key      string        `json:"key"` // the value of the group; empty: all
	Asked    int           `json:"asked"`
	Base     int           `json:"base"`     // who answered
	Answered float64       `json:"answered"` // weighted part of those asked
	NEff     *float64      `json:"n_eff"`
	Deff     *float64      `json:"deff"`
	DF       *float64      `json:"df"`
	Method   string        `json:"method"` // of the intervals; "auto" where they differ
	Options  []ShareOption `json:"options"`
	Score    *ShareNumber  `json:"nps"`  // in points
	Top2     *ShareNumber  `json:"top2"` // of a scale
	Bottom2  *ShareNumber  `json:"bottom2"`
	Net      *ShareNumber  `json:"net"`
	Mean     *ShareNumber  `json:"mean"`
	Median   *ShareNumber  `json:"median"`
	SD       *float64      `json:"sd"`
	Hidden   bool          `json:"hidden"` // too few to be published
}

// ShareOption is the share of one option. A number is nil where it is not known, or hidden.
type ShareOption struct {
	Key          string   `json:"key"`
	Share        *float64 `json:"share"`
	Lo           *float64 `json:"lo"`
	Hi           *float64 `json:"hi"`
	SE           *float64 `json:"se"`
	N            *int     `json:"n"`    // who gave it
	Base         *int     `json:"base"` // who answered
	Unweighted   *float64 `json:"unweighted"`
	NEff         *float64 `json:"n_eff"`
	Deff         *float64 `json:"deff"`
	Method       string   `json:"method"`
	Mentions     *float64 `json:"mentions"` // of a multiple question: part of all mentions
	BoundLo      *float64 `json:"bound_lo"` // whatever those would have said who did not answer
	BoundHi      *float64 `json:"bound_hi"`
	Letters      string   `json:"letters"` // of columns with a lower share; capital: at the level
	TooUncertain bool     `json:"too_uncertain"`
	Hidden       bool     `json:"hidden"`
}

// ShareNumber is an estimate that is no share of an option.
type ShareNumber struct {
	Value float64  `json:"value"`
	Lo    float64  `json:"lo"`
	Hi    float64  `json:"hi"`
	SE    *float64 `json:"se"`
	N     int      `json:"n"`
}

// Share estimates the shares of a table. Errors name file, line and column.
func Share(ctx context.Context, source ingest.Source, t ShareTable) (ShareReport, error) {
	f, err := readShareFrame(ctx, source, t)
	if err != nil {
		return ShareReport{}, err
	}
	questions, err := f.questions()
	if err != nil {
		return ShareReport{}, err
	}
	var cross grouping
	if t.Cross != "" {
		if t.Mean {
			return ShareReport{}, f.fault("cross-mean", "--cross")
		}
		if cross, err = f.group(t.Cross, "--cross"); err != nil {
			return ShareReport{}, err
		}
	}
	out := ShareReport{Further: []ShareResult{}, Level: t.Level, SampleKind: t.SampleKind, Published: t.Publish, Design: f.how, Weights: f.weight}
	for k, q := range questions {
		if err := ctx.Err(); err != nil {
			return ShareReport{}, err
		}
		r, err := f.result(q, cross)
		if err != nil {
			return ShareReport{}, err
		}
		if k == 0 {
			out.ShareResult = r
		} else {
			out.Further = append(out.Further, r)
		}
	}
	f.say(&out)
	out.Warnings = f.notes
	if t.Publish {
		out.publish()
	}
	return out, nil
}

// result estimates one question.
func (f *shareFrame) result(q shareQuestion, cross grouping) (ShareResult, error) {
	out := ShareResult{Question: q.name, Kind: string(q.kind), By: f.by.name, Waves: f.waves, Groups: []ShareDomain{}, Changes: []ShareChange{}}
	var err error
	if out.ShareDomain, err = f.domain(q, f.in); err != nil {
		return out, err
	}
	if out.Base == 0 {
		return out, f.fault("nobody", "", goalpost.TextArg(q.name))
	}
	for k, name := range f.by.names {
		d, err := f.domain(q, both(f.in, f.by.is(k)))
		if err != nil {
			return out, err
		}
		d.Key = name
		out.Groups = append(out.Groups, d)
	}
	if f.waves {
		if out.Changes, err = f.changes(q); err != nil {
			return out, err
		}
	}
	if cross.code != nil {
		out.Cross, err = f.cross(q, cross)
	}
	return out, err
}

// What is called too uncertain to be read: few effective respondents, few units, or a range
// wider than 30 points (reference: survey, part b17).
const (
	fewEffective = 30
	fewDegrees   = 8
	widestRange  = 0.3
	// lowAnswered is below which part of answers what the others might have said is a warning.
	lowAnswered = 0.7
)

// domain estimates a question for some respondents.
func (f *shareFrame) domain(q shareQuestion, in []bool) (ShareDomain, error) {
	out := ShareDomain{Options: []ShareOption{}}
	answered, w := q.answered(), f.design.Weights()
	asked, given := 0.0, 0.0
	for row := range f.n {
		if w[row] == 0 || in != nil && !in[row] {
			continue
		}
		out.Asked++
		asked += w[row]
		if answered[row] {
			out.Base++
			given += w[row]
		}
	}
	if out.Base == 0 {
		for _, item := range q.items {
			out.Options = append(out.Options, ShareOption{Key: item.key})
		}
		return out, nil
	}
	out.Answered = given / asked
	var spread, variance, simple float64
	for _, item := range q.items {
		o, s, err := f.option(item, in)
		if err != nil {
			return out, err
		}
		out.Options = append(out.Options, o)
		if o.Share == nil {
			continue
		}
		out.DF = known(s.DF)
		if s.SE > 0 && !math.IsInf(s.EffectiveN, 0) {
			spread, variance = spread+s.Value*(1-s.Value), variance+s.Value*(1-s.Value)/s.EffectiveN
			if s.DesignEffect > 0 {
				simple += s.SE * s.SE / s.DesignEffect
			}
		}
		switch out.Method {
		case "", o.Method:
			out.Method = o.Method
		default:
			out.Method = "auto"
		}
	}
	if m := f.t.method(); m != survey.Automatic {
		out.Method = string(m) // where all or none agree it is beta, as the option says
	}
	if variance > 0 {
		out.NEff = known(spread / variance)
		if f.t.Publish {
			out.NEff = known(min(spread/variance, float64(out.Base)))
		}
	}
	if simple > 0 {
		squares := 0.0
		for _, o := range out.Options {
			if o.SE != nil {
				squares += *o.SE * *o.SE
			}
		}
		out.Deff = known(squares / simple)
	}
	if q.kind == kindMultiple {
		f.mentions(q, in, &out)
	}
	if err := f.numbersOf(q, in, &out); err != nil {
		return out, err
	}
	if out.NEff == nil && q.kind != kindNumber {
		out.NEff = known(f.kish(answered, in))
	}
	return out, nil
}

// kish is the effective number of those who answered by the weights alone.
func (f *shareFrame) kish(answered, in []bool) float64 {
	sum, squares := 0.0, 0.0
	for row, w := range f.design.Weights() {
		if answered[row] && (in == nil || in[row]) {
			sum, squares = sum+w, squares+w*w
		}
	}
	return sum * sum / squares
}

func known(v float64) *float64 {
	if math.IsNaN(v) || math.IsInf(v, 0) {
		return nil
	}
	return &v
}

// option estimates one option.
func (f *shareFrame) option(item shareItem, in []bool) (ShareOption, survey.ShareEstimate, error) {
	o := ShareOption{Key: item.key}
	count, base := 0, 0
	asked, given := 0.0, 0.0
	for row, w := range f.design.Weights() {
		if w == 0 || in != nil && !in[row] {
			continue
		}
		asked += w
		if math.IsNaN(item.y[row]) {
			continue
		}
		base++
		given += w
		if item.y[row] == 1 {
			count++
		}
	}
	if base == 0 {
		return o, survey.ShareEstimate{}, nil
	}
	s, err := f.design.Share(item.y, in, survey.ShareOptions{Level: f.t.Level, Method: f.t.method(), Cap: f.t.Publish})
	if err != nil {
		return o, s, f.cannot(err)
	}
	unweighted := float64(count) / float64(base)
	lo, hi := survey.Unanswered(s.Value, min(1, given/asked))
	hi = max(lo, hi) // all answered: the difference is one of rounding
	o.Share, o.Lo, o.Hi, o.SE = &s.Value, &s.Lo, &s.Hi, known(s.SE)
	o.N, o.Base, o.Unweighted, o.BoundLo, o.BoundHi = &count, &base, &unweighted, &lo, &hi
	o.NEff, o.Deff, o.Method = known(s.EffectiveN), known(s.DesignEffect), string(s.Method)
	sure := math.IsInf(s.EffectiveN, 1)
	o.TooUncertain = !sure && (s.EffectiveN < fewEffective || s.DF < fewDegrees || s.Hi-s.Lo > widestRange)
	return o, s, nil
}

// cannot turns a fault that shows only in an estimate into a sentence.
func (f *shareFrame) cannot(err error) error {
	switch e, ok := errors.AsType[*survey.DesignError](err); {
	case ok && e.Problem == survey.LonelyUnit:
		return f.fault("lonely-all", "--lonely")
	case errors.Is(err, survey.ErrNobody):
		return f.fault("nobody-replicate", "")
	}
	return err
}

// mentions adds the part of all mentions that each option has.
func (f *shareFrame) mentions(q shareQuestion, in []bool, out *ShareDomain) {
	columns := make([][]float64, len(q.items))
	for k, item := range q.items {
		columns[k] = item.y
	}
	all := survey.Mentions(columns)
	for k, item := range q.items {
		e, err := f.design.Estimate(survey.Ratio(item.y, all, in))
		if err == nil { // without a single mention there is no part of them
			out.Options[k].Mentions = known(e.Value[0])
		}
	}
}

// numbersOf adds what is estimated of answers as numbers.
func (f *shareFrame) numbersOf(q shareQuestion, in []bool, out *ShareDomain) error {
	number := func(e survey.Estimates, k int) *ShareNumber {
		i := e.Interval(k, f.t.Level)
		return &ShareNumber{Value: i.Value, Lo: i.Lo, Hi: i.Hi, SE: known(e.SE(k)), N: out.Base}
	}
	switch q.kind {
	case kindNPS:
		nps, err := f.design.NPS(q.y, in)
		if err != nil {
			return f.cannot(err)
		}
		out.Score = number(nps.Score, 0)
		out.Score.Lo, out.Score.Hi = max(-100, out.Score.Lo), min(100, out.Score.Hi)
		if f.simple() && out.Base < fewEffective {
			out.Score.Lo, out.Score.Hi = survey.SmallNPS(*out.Options[0].N, *out.Options[2].N, out.Base, f.t.Level)
		}
	case kindScale:
		l, err := f.design.Likert(q.y, in, f.t.Scale)
		if err != nil {
			return f.cannot(err)
		}
		out.Top2, out.Bottom2, out.Net, out.Mean, out.SD = number(l.Parts, l.Top), number(l.Parts, l.Bottom), number(l.Parts, l.Net), number(l.Mean, 0), known(l.SD)
		for _, n := range []*ShareNumber{out.Top2, out.Bottom2} {
			n.Lo, n.Hi = max(0, n.Lo), min(1, n.Hi)
		}
	case kindNumber:
		e, err := f.design.Estimate(survey.Mean(q.y, in))
		if err != nil {
			return f.cannot(err)
		}
		median, err := f.design.Quantile(q.y, in, 0.5, f.t.Level, survey.Lowest)
		if err != nil {
			return f.cannot(err)
		}
		out.Mean, out.Method = number(e, 0), "t"
		out.Median = &ShareNumber{Value: median.Value, Lo: median.Lo, Hi: median.Hi, N: out.Base}
		out.SD, out.DF, out.Deff = known(math.Sqrt(f.design.Variance(q.y, in))), known(e.DF), known(e.DesignEffect(0))
		if out.Deff != nil && *out.Deff > 0 {
			out.NEff = known(float64(out.Base) / *out.Deff)
		}
	case kindSingle, kindMultiple:
	}
	return nil
}

// simple says that respondents were drawn at random with equal chances.
func (f *shareFrame) simple() bool {
	return f.how.Variance == "taylor" && f.weight.Max == f.weight.Min && f.how.StrataUsed == 1 && f.how.Units == f.n && f.t.Design.Margins == nil
}

// say decides what the intervals may be called, and warns.
func (f *shareFrame) say(out *ShareReport) {
	kind := out.SampleKind
	if kind == "" {
		kind = goalpost.SampleUnknown
		out.SampleKind = kind
	}
	out.Meaning = append(out.Meaning, goalpost.NewNote("share.kind."+string(kind)))
	if f.t.Invited > 0 && kind != goalpost.SampleCensus {
		rate := min(1, float64(f.n)/float64(f.t.Invited))
		out.Response = &ShareResponse{Invited: f.t.Invited, Rate: rate, Moves: 10 * (1 - rate)}
		out.Meaning = append(out.Meaning, goalpost.NewNote("share.response", goalpost.RateArg(rate), goalpost.NumberArg(float64(f.t.Invited)), goalpost.NumberArg(math.Round(100*(1-rate))/10)))
	} else if kind == goalpost.SampleList {
		out.Meaning = append(out.Meaning, goalpost.NewNote("share.response.unknown"))
	}
	for _, q := range out.Questions() {
		if q.Answered < lowAnswered {
			f.note("share.note.answered", goalpost.TextArg(q.Question), goalpost.RateArg(q.Answered))
		}
		domains := append([]ShareDomain{q.ShareDomain}, q.Groups...)
		if slices.ContainsFunc(domains, func(d ShareDomain) bool {
			return slices.ContainsFunc(d.Options, func(o ShareOption) bool { return o.TooUncertain })
		}) {
			f.note("share.note.uncertain", goalpost.TextArg(q.Question))
		}
	}
	if f.how.Seed != nil && f.how.Replicates < fewReplicates {
		f.note("share.note.few-replicates", goalpost.NumberArg(float64(f.how.Replicates)))
	}
}

// fewReplicates is below which number of draws the standard error itself is off by more than
// some percent: 1/√(2R) is 0.071 at 100.
const fewReplicates = 100
