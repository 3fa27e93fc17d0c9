package assess

import (
	"math"
	"reflect"
	"testing"

	"goalpost"
	"goalpost/effect"
	"goalpost/infer"
)

// Limits: a test by switching is advised where it would be clearly sharper than what was
// done, for long enough, and not to whom switched already.
func TestSwitchingIsAdvised(t *testing.T) {
	const pre, rows = 60, 28
	e := effectRun{in: EffectInput{Calendar: DailyCalendar(20000), Y: make([]float64, pre+rows), Pre: RowSpan{From: 0, Until: pre}, Post: RowSpan{From: pre, Until: pre + rows}}}
	e.result.Path = make([]effect.Point, pre+rows)
	for i := range e.in.Y {
		e.in.Y[i], e.result.Path[i].Modelled = float64(1-2*(i%2)), true // from one row to the next it changes by 2
	}
	then := 1.959963984540054 * math.Sqrt2 * math.Sqrt(4./rows) // METHODS.md: 1.96 · s · √(4/m), s² half the mean square of the change
	advised := func(half float64) bool {
		n, ok := e.switching(half)
		if ok && (n.Key != "effect.settle.switch" || math.Abs(n.Args[2].Number-then) > 0.05*then) {
			t.Errorf("\ngot:  %v\nwant: an effect from %g", n, then)
		}
		return ok
	}
	if !advised(then/switchGain*1.01) || advised(then/switchGain*0.99) {
		t.Errorf("advised where it is under %g of what was done: %t, %t", switchGain, advised(then/switchGain*1.01), advised(then/switchGain*0.99))
	}
	e.in.Post.Until = pre + 13
	if advised(100) {
		t.Error("advised for 13 days, which are too few to draw lots over")
	}
	e.in.Post.Until = pre + rows
	if e.s.Active = make([]bool, pre+rows); advised(100) {
		t.Error("advised to whom switched already")
	}
}

// Recovery: a short history is advised to be longer where that narrows the range, a long one
// is not; where its half would be too short to compare with, it is simply called short.
func TestOlderFiguresAreAdvised(t *testing.T) {
	for _, c := range []struct {
		before int
		want   string // empty: not advised
	}{{40, "effect.settle.before"}, {60, "effect.settle.before-narrower"}, {360, ""}} {
		in := simulated(c.before+28, 28, 0, 3)
		in.Controls = nil
		s, err := in.series()
		if err != nil {
			t.Fatal(err)
		}
		e := effectRun{ctx: t.Context(), in: in, s: s, method: goalpost.MethodBMA}
		n, ok := e.longerBefore()
		if n.Key != c.want || ok != (c.want != "") {
			t.Errorf("%d days before\ngot:  %v %t\nwant: %s", c.before, n, ok, c.want)
		}
		if c.want == "effect.settle.before-narrower" && n.Args[0].Number < historyGain-1-0.005 {
			t.Errorf("narrower by %v", n.Args[0])
		}
	}
}

// Limits: each word on whether it was worth it, by the probability that it was.
func TestWordsOfWorth(t *testing.T) {
	const width = 1.959963984540054 // so that a gain of x is worth it with the probability of a normal up to x
	for _, c := range []struct {
		gain float64
		word string
	}{{3, "yes"}, {1.5, "probably"}, {.5, "open"}, {-.5, "open"}, {-1.5, "probably-not"}, {-3, "no"}} {
		e := effectRun{in: EffectInput{Worth: &EffectWorth{Margin: 2, Cost: 10, Currency: "EUR"}}}
		e.result.Cumulative = infer.Estimate{Value: (c.gain + 10) / 2, Lo: (c.gain - width + 10) / 2, Hi: (c.gain + width + 10) / 2}
		if got := e.money(); got.Sentence.Key != "effect.money."+c.word || math.Abs(got.Gain.Value-c.gain) > 1e-9 {
			t.Errorf("a gain of %g\ngot:  %s, %v\nwant: %s", c.gain, got.Sentence.Key, got.Gain, c.word)
		}
	}
}

// Limits: of several changes of what is counted the newest is named; the first row and the
// rows since the end are none.
func TestNewestChangeIsNamed(t *testing.T) {
	in := EffectInput{Calendar: DailyCalendar(20000), Pre: RowSpan{From: 0, Until: 50}, Post: RowSpan{From: 50, Until: 80}}
	for _, order := range [][]int{{0, 3, 40, 60, 80}, {60, 80, 3, 0, 40}} {
		in.Changed = order
		e := effectRun{in: in}
		if got := e.changedCheck(); got.Passed || got.Value != 3 || !reflect.DeepEqual(got.Sentence.Args, []goalpost.Arg{in.Calendar.Arg(60)}) {
			t.Errorf("%v\ngot:  %+v\nwant: three, of which the one of row 60 is named", order, got)
		}
	}
}
