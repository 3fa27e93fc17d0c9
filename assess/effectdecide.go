package assess

import (
	"math"

	"goalpost"
	"goalpost/infer"
)

const (
	probablyFrom = 0.90              // probability of the sign from which on the word is "probably"
	surelyFrom   = 0.975             // what the 95 % interval stands for
	driftLimit   = 0.5               // weight of wandering noise from which on it is what hides an effect
	leastChance  = 0.001             // probabilities are shown within this and its complement
	normal95     = 1.959963984540054 // of a standard normal, ±this holds 95 %
)

// decide applies the rule of decisions to what was estimated and checked.
func (e *effectRun) decide(r *EffectReport) {
	f := effectFinding{average: e.result.Average, narrow: e.result.Narrow, positive: e.result.Positive, smallest: e.in.SmallestEffect}
	if e.method == goalpost.MethodCausalImpact && e.calibrated != nil {
		f.calibrated, f.calibratedNarrow = &e.calibrated.Average, &e.calibrated.Narrow
	}
	if e.calibrated != nil {
		f.drift = e.calibrated.Drift
	}
	v := f.judge(r.Checks)
	r.Decision, r.Probably, r.Dots = v.decision, v.probably, v.dots
	r.Reason = goalpost.NewNote("effect.reason." + v.reason)
	if !v.refused {
		p := min(max(e.result.Positive, leastChance), 1-leastChance)
		r.ProbabilityPositive = &p
		r.Money = e.money()
	}
}

// effectFinding is what the rule of decisions looks at.
type effectFinding struct {
	average, narrow infer.Estimate // at 0.95 and 0.90
	// calibrated and calibratedNarrow are those of the default method where another one was
	// asked for, whose intervals nobody calibrated; nil: average and narrow are.
	calibrated, calibratedNarrow *infer.Estimate
	positive                     float64
	drift                        float64
	smallest                     *float64
}

// effectJudgement is what the rule says.
type effectJudgement struct {
	decision goalpost.EffectDecision
	probably bool
	refused  bool
	dots     int
	reason   string // what stands behind effect.reason.
}

// judge is the rule. Only a check that refuses overturns the numbers; any other that
// failed takes the third dot, so that their number alone cannot silence an answer.
func (f effectFinding) judge(checks []EffectCheck) effectJudgement {
	most := 3
	for _, c := range checks {
		if c.Passed {
			continue
		}
		if c.Refuses {
			return effectJudgement{decision: goalpost.EffectCannotTell, refused: true, dots: 1, reason: c.Name}
		}
		most = 2
	}
	sign := f.sign()
	agrees := f.calibrated == nil || sideOf(*f.calibrated) == sign
	switch {
	case sign > 0 && agrees:
		return effectJudgement{decision: goalpost.Increase, dots: most, reason: "increase"}
	case sign < 0 && agrees:
		return effectJudgement{decision: goalpost.Decrease, dots: most, reason: "decrease"}
	case sign != 0:
		return effectJudgement{decision: goalpost.EffectCannotTell, probably: true, dots: 2, reason: "not-calibrated"}
	case f.negligible():
		return effectJudgement{decision: goalpost.Negligible, dots: most, reason: "negligible"}
	}
	v := effectJudgement{decision: goalpost.EffectCannotTell, dots: 1, reason: "noise"}
	if f.drift > driftLimit {
		v.reason = "drift"
	}
	if f.positive >= probablyFrom || f.positive <= 1-probablyFrom {
		v.probably, v.dots = true, 2
	}
	return v
}

func (f effectFinding) sign() int { return sideOf(f.average) }

// sideOf is on which side of 0 an interval lies, 0 where it holds 0.
func sideOf(e infer.Estimate) int {
	switch {
	case e.Lo > 0:
		return 1
	case e.Hi < 0:
		return -1
	}
	return 0
}

func (f effectFinding) negligible() bool {
	if f.smallest == nil {
		return false
	}
	d := math.Abs(*f.smallest)
	within := func(e infer.Estimate) bool { return e.Lo > -d && e.Hi < d }
	return within(f.narrow) && (f.calibratedNarrow == nil || within(*f.calibratedNarrow))
}

// money says whether the activity was worth its cost; nil where nobody said the margin.
func (e *effectRun) money() *EffectMoney {
	w := e.in.Worth
	if w == nil {
		return nil
	}
	c := e.result.Cumulative
	m := &EffectMoney{Currency: w.Currency, Cost: w.Cost, Margin: w.Margin,
		Gain: Range{Value: w.Margin*c.Value - w.Cost, Lo: w.Margin*c.Lo - w.Cost, Hi: w.Margin*c.Hi - w.Cost}}
	p := chanceAbove(m.Gain)
	m.Worth = &p
	word := "open"
	switch {
	case p >= surelyFrom:
		word = "yes"
	case p >= probablyFrom:
		word = "probably"
	case p <= 1-surelyFrom:
		word = "no"
	case p <= 1-probablyFrom:
		word = "probably-not"
	}
	step := stepOf(m.Gain)
	money := func(v float64) goalpost.Arg { return goalpost.MoneyArg(roundTo(v, step), w.Currency) }
	m.Sentence = goalpost.NewNote("effect.money."+word, money(m.Gain.Value), money(m.Gain.Lo), money(m.Gain.Hi), goalpost.MoneyArg(w.Cost, w.Currency))
	return m
}

// chanceAbove is the probability that a quantity is above 0, from its 95 % interval: each
// side of the value is taken for half of a normal distribution of its own width. Within
// the interval's ends that is exact at the ends and in the middle.
func chanceAbove(r Range) float64 {
	width := r.Value - r.Lo
	if r.Value < 0 {
		width = r.Hi - r.Value
	}
	if !(width > 0) {
		return 0.5
	}
	p := 0.5 * math.Erfc(-r.Value/width*normal95/math.Sqrt2)
	return min(max(p, leastChance), 1-leastChance)
}
