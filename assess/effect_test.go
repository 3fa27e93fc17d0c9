package assess

import (
	"context"
	"errors"
	"math"
	"testing"

	"goalpost"
	"goalpost/effect"
	"goalpost/infer"
)

// simulated is a daily series around 200 with a weekly pattern and noise of 5, and a
// control that it follows; the activity of the last days adds by on each.
func simulated(days, last int, by float64, stream uint64) EffectInput {
	rng := infer.Rand(7, stream)
	in := EffectInput{Outcome: goalpost.TextArg("orders"), Calendar: DailyCalendar(goalpost.NewDay(2026, 1, 5)), Pre: RowSpan{From: 0, Until: days - last}, Post: RowSpan{From: days - last, Until: days}}
	control := EffectControl{Name: "visits"}
	x := 0.0
	for t := range days {
		x = .9*x + 4*rng.NormFloat64()
		y := 200 + x + 6*math.Sin(float64(t)*2*math.Pi/7) + 5*rng.NormFloat64()
		if t >= days-last {
			y += by
		}
		in.Y, control.Values = append(in.Y, y), append(control.Values, 500+3*x)
	}
	in.Controls = []EffectControl{control}
	return in
}

// Recovery: an effect that is there is found and its interval holds it, none is not found,
// and one that is too small to see is not claimed.
func TestEffectOfKnownSize(t *testing.T) {
	for _, c := range []struct {
		name string
		by   float64
		want goalpost.EffectDecision
	}{{"clear", 15, goalpost.Increase}, {"less", -15, goalpost.Decrease}, {"none", 0, goalpost.EffectCannotTell}, {"too small", .5, goalpost.EffectCannotTell}} {
		t.Run(c.name, func(t *testing.T) {
			r, err := Effect(t.Context(), simulated(140, 28, c.by, 3))
			if err != nil {
				t.Fatal(err)
			}
			if r.Decision != c.want || r.Average.Lo > c.by || r.Average.Hi < c.by {
				t.Errorf("\ngot:  %s, %v\nwant: %s, around %v", r.Decision, r.Average, c.want, c.by)
			}
			if r.Placebo.Windows < 5 || len(r.Placebo.List) != r.Placebo.Windows {
				t.Errorf("placebo: %+v", r.Placebo)
			}
			if last := r.Placebo.List[len(r.Placebo.List)-1]; last.Until != r.Pre.Until {
				t.Errorf("the last fake activity ends at %s, not where the real one's history ends", last.Until)
			}
			if r.HalfWidth <= 0 || len(r.Settle) < 1 || (r.Decision == goalpost.EffectCannotTell) != (len(r.Settle) > 1) {
				t.Errorf("settle: half %v, %v", r.HalfWidth, r.Settle)
			}
		})
	}
}

// Limits: every doubt that is known of takes the third dot and stands among the checks; a
// refusal takes the answer.
func TestEffectDoubts(t *testing.T) {
	for _, c := range []struct {
		name, check string
		change      func(*EffectInput)
		decision    goalpost.EffectDecision
		dots        int
	}{
		{"none", "", func(*EffectInput) {}, goalpost.Increase, 3},
		{"another activity", checkOther, func(in *EffectInput) {
			in.Others = []EffectOther{{"Sale", RowSpan{From: in.Post.Until - 1, Until: in.Post.Until + 3}}}
		}, goalpost.Increase, 2},
		{"another activity before", "", func(in *EffectInput) { in.Others = []EffectOther{{"Sale", RowSpan{From: 3, Until: in.Post.From}}} }, goalpost.Increase, 3},
		{"control that may have moved", checkMovable, func(in *EffectInput) { in.Controls[0].Movable = true }, goalpost.Increase, 2},
		{"definition", checkChanged, func(in *EffectInput) { in.Changed = []int{60} }, goalpost.Increase, 2},
		{"missing days", checkMissing, func(in *EffectInput) {
			in.Missing = make([]bool, len(in.Y))
			for t := 0; t < in.Pre.Until; t += 5 {
				in.Missing[t] = true
			}
		}, goalpost.Increase, 2},
		{"closed on Sundays is no gap", "", func(in *EffectInput) {
			in.Missing = make([]bool, len(in.Y))
			for t := 6; t < len(in.Y); t += 7 {
				in.Missing[t] = true
			}
		}, goalpost.Increase, 3},
		{"wanders by itself", checkDrift, func(in *EffectInput) {
			rng, level := infer.Rand(9, 1), 0.0
			for t := range in.Y {
				level += 2 * rng.NormFloat64()
				in.Y[t] += level
			}
			for t := in.Post.From; t < in.Post.Until; t++ {
				in.Y[t] += 80
			}
		}, goalpost.Increase, 2},
		{"an outlying week before", checkOutlying, func(in *EffectInput) {
			for t := 50; t < 57; t++ {
				in.Y[t] += 150
			}
		}, goalpost.Increase, 2},
		{"one week carries it", checkBurst, func(in *EffectInput) {
			for t := in.Post.From; t < in.Post.Until; t++ {
				in.Y[t] -= 20
			}
			for t := in.Post.From + 10; t < in.Post.From+17; t++ {
				in.Y[t] += 100
			}
		}, goalpost.Increase, 2},
		{"chains that do not agree", checkSampler, func(in *EffectInput) {
			in.Method, in.Sampler, in.Seed = goalpost.MethodCausalImpact, SamplerOptions{Iterations: 12, Chains: 4}, 1
		}, goalpost.Increase, 2},
		{"too short", effect.CheckTooShort, func(in *EffectInput) { in.Pre.From = in.Pre.Until - 20 }, goalpost.EffectCannotTell, 1},
		{"a jump before", effect.CheckUnpredictableBefore, func(in *EffectInput) {
			for t := in.Pre.Until - 28; t < len(in.Y); t++ {
				in.Y[t] += 25
			}
		}, goalpost.EffectCannotTell, 1},
		{"the control goes its own way", effect.CheckRelationChanged, func(in *EffectInput) {
			for t := in.Post.From; t < in.Post.Until; t++ {
				in.Y[t] -= 1.5 * (in.Controls[0].Values[t] - 500) / 3
			}
		}, goalpost.EffectCannotTell, 1},
		{"the control where it never was", effect.CheckOutsideExperience, func(in *EffectInput) {
			for t := in.Post.From; t < in.Post.Until; t++ {
				in.Controls[0].Values[t] += 300
				in.Y[t] += 100
			}
		}, goalpost.EffectCannotTell, 1},
	} {
		t.Run(c.name, func(t *testing.T) {
			in := simulated(140, 28, 25, 3)
			c.change(&in)
			r, err := Effect(t.Context(), in)
			if err != nil {
				t.Fatal(err)
			}
			doubt, ok := r.Doubt()
			if r.Decision != c.decision || r.Dots != c.dots || ok != (c.check != "") || doubt.Name != c.check {
				t.Errorf("\ngot:  %s, %d dots, doubt %q\nwant: %s, %d dots, doubt %q", r.Decision, r.Dots, doubt.Name, c.decision, c.dots, c.check)
			}
			if refused := doubt.Refuses; refused && (r.ProbabilityPositive != nil || r.Money != nil) {
				t.Error("a refused answer has a probability")
			}
		})
	}
}

// Reference: how much longer it takes is checked against an activity that really is as
// long: the interval is then about as wide as was foretold.
func TestLongerIsAsWideAsForetold(t *testing.T) {
	long := simulated(196, 56, 0, 9)
	short := long
	short.Post.Until = short.Post.From + 28
	width := func(in EffectInput) float64 {
		s, err := in.series()
		if err != nil {
			t.Fatal(err)
		}
		r, err := effect.BMA(s)
		if err != nil {
			t.Fatal(err)
		}
		return r.Average.Hi - r.Average.Lo
	}
	s, err := short.series()
	if err != nil {
		t.Fatal(err)
	}
	e := effectRun{ctx: t.Context(), in: short, s: s}
	half, err := e.halfWidth(e.lengthened(28))
	if err != nil {
		t.Fatal(err)
	}
	// The rows after only enter through the controls and the log scale: 15 % is what they move.
	if got, want := 2*half, width(long); math.Abs(got/want-1) > .15 {
		t.Errorf("\ngot:  %v\nwant: %v", got, want)
	}
	if now := width(short); now < 2*half {
		t.Errorf("a longer activity is seen less sharply: %v after %v", 2*half, now)
	}
}

// Limits: what cannot be analysed is an error that a person can act on.
func TestEffectRefuses(t *testing.T) {
	for _, c := range []struct {
		name, want string
		change     func(*EffectInput)
	}{
		{"no rows before", "error.effect.period-empty", func(in *EffectInput) { in.Pre = RowSpan{} }},
		{"outside", "error.effect.period-empty", func(in *EffectInput) { in.Post.Until = 1000 }},
		{"overlap", "error.effect.periods-overlap", func(in *EffectInput) { in.Pre.Until = in.Post.From + 1 }},
		{"six days", "error.effect.too-short", func(in *EffectInput) { in.Pre.From = in.Pre.Until - 6 }},
		{"constant", "error.effect.constant", func(in *EffectInput) {
			for t := range in.Pre.Until {
				in.Y[t] = 3
			}
		}},
		{"nothing known during", "error.effect.no-rows", func(in *EffectInput) {
			in.Missing = make([]bool, len(in.Y))
			for t := in.Post.From; t < in.Post.Until; t++ {
				in.Missing[t] = true
			}
		}},
		{"method", "error.effect.method", func(in *EffectInput) { in.Method = "magic" }},
		{"level", "error.effect.level", func(in *EffectInput) { in.Level = 1 }},
		{"hundreds of controls", "error.effect.many-controls", func(in *EffectInput) {
			for len(in.Controls) <= mostControls {
				in.Controls = append(in.Controls, in.Controls[0])
			}
		}},
		{"too many rows", "error.effect.many-rows", func(in *EffectInput) {
			in.Y, in.Controls = make([]float64, mostRows+1), nil
			in.Post.Until = len(in.Y)
		}},
		{"too many draws", "error.effect.many-draws", func(in *EffectInput) {
			in.Method, in.Sampler.Iterations, in.Sampler.Chains = goalpost.MethodCausalImpact, 200_000, 3
		}},
		{"level of the default", "error.effect.level-bma", func(in *EffectInput) { in.Level = .8 }},
	} {
		t.Run(c.name, func(t *testing.T) {
			in := simulated(100, 20, 0, 1)
			c.change(&in)
			_, err := Effect(t.Context(), in)
			e, ok := errors.AsType[*goalpost.Error](err)
			if !ok || e.Key != c.want {
				t.Errorf("\ngot:  %v\nwant: %s", err, c.want)
			}
		})
	}
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if _, err := Effect(ctx, simulated(100, 20, 0, 1)); !errors.Is(err, context.Canceled) {
		t.Errorf("cancelled: %v", err)
	}
}

// Invariance: the unit of the series changes neither decision nor the shares.
func TestEffectUnit(t *testing.T) {
	a := simulated(100, 20, 15, 2)
	b := a
	b.Y = append([]float64(nil), a.Y...)
	for t := range b.Y {
		b.Y[t] *= 1000
	}
	x, errX := Effect(t.Context(), a)
	y, errY := Effect(t.Context(), b)
	if err := errors.Join(errX, errY); err != nil {
		t.Fatal(err)
	}
	if x.Decision != y.Decision || math.Abs(y.Average.Lo/x.Average.Lo-1000) > 1e-3 || math.Abs(x.Relative.Hi-y.Relative.Hi) > 1e-9 {
		t.Errorf("\ngot:  %v %v\nwant: a thousand times %v", y.Decision, y.Average, x.Average)
	}
}

// Money: the effect at the margin, less the cost, with its interval.
func TestEffectMoney(t *testing.T) {
	in := simulated(140, 28, 15, 3)
	in.Worth = &EffectWorth{Margin: 10, Cost: 1000, Currency: "EUR"}
	r, err := Effect(t.Context(), in)
	if err != nil {
		t.Fatal(err)
	}
	if m := r.Money; m == nil || m.Gain.Value != 10*r.Cumulative.Value-1000 || m.Gain.Lo != 10*r.Cumulative.Lo-1000 || *m.Worth < .97 || m.Sentence.Key != "effect.money.yes" {
		t.Errorf("got: %+v", m)
	}
}

// Recovery: an activity that ran several times is one analysis of all days, with and
// without it.
func TestEffectSwitched(t *testing.T) {
	in := simulated(140, 70, 0, 5)
	in.Active = make([]bool, len(in.Y))
	for d := in.Post.From; d < in.Post.Until; d++ {
		if in.Active[d] = (d*d/11)%3 == 0; in.Active[d] {
			in.Y[d] += 12
		}
	}
	r, err := Effect(t.Context(), in)
	if err != nil {
		t.Fatal(err)
	}
	if r.Method != goalpost.MethodSwitched || r.Decision != goalpost.Increase || r.Average.Lo > 12 || r.Average.Hi < 12 || r.Placebo.Windows < 50 {
		t.Errorf("\ngot:  %s, %s, %v, %+v\nwant: switched, increase, around 12", r.Method, r.Decision, r.Average, r.Placebo)
	}
	in.Method = goalpost.MethodBMA
	if r, err = Effect(t.Context(), in); err != nil || r.Method != goalpost.MethodBMA {
		t.Errorf("asked for bma\ngot:  %s, %v", r.Method, err)
	}
}
