package assess

import (
	"encoding/json"
	"errors"
	"math"
	"testing"

	"goalpost"
)

// fuzzedValues are numbers of every size, each as one byte of a fuzzed series.
var fuzzedValues = []float64{0, 1, -1, 2, 3, 5, 8, 13.5, 100, 101, 99, math.MaxFloat64, -math.MaxFloat64, 1e300, 1e200, 1e154, 1e100, 9e15, 1e-9, 1e-100, 1e-300, math.SmallestNonzeroFloat64, math.Copysign(0, -1), 1e9}

// fuzzedEffect makes a question of bytes: the outcome of each row, then a control, then
// where the activity ran.
func fuzzedEffect(data []byte, pre, post uint8, control, switched, missing bool, method string) EffectInput {
	rows := int(pre) + int(post)
	at := func(i int) byte {
		if len(data) == 0 {
			return 0
		}
		return data[i%len(data)]
	}
	in := EffectInput{Calendar: DailyCalendar(20000), Pre: RowSpan{From: 0, Until: int(pre)}, Post: RowSpan{From: int(pre), Until: rows}, Method: method, Seed: 1}
	in.Sampler.Iterations = 30
	in.Y, in.Missing = make([]float64, rows), make([]bool, rows)
	for t := range rows {
		in.Y[t] = fuzzedValues[int(at(t))%len(fuzzedValues)]
		in.Missing[t] = missing && at(t) > 200
	}
	if control {
		c := EffectControl{Name: "x", Values: make([]float64, rows)}
		for t := range rows {
			c.Values[t] = fuzzedValues[int(at(t+rows))%len(fuzzedValues)]
		}
		in.Controls = append(in.Controls, c)
	}
	for t := 0; switched && t < rows; t++ {
		in.Active = append(in.Active, t >= int(pre) && at(t+2*rows)%2 == 0)
	}
	in.Worth = &EffectWorth{Margin: 0.3, Cost: 100, Currency: "EUR"}
	return in
}

// Any series is answered or refused with a sentence, and what is answered can be kept: no
// number in it is infinite or none.
func FuzzEffectAnswer(f *testing.F) {
	f.Add([]byte("0123456789"), uint8(60), uint8(14), true, false, false, "auto")
	f.Add([]byte{8, 9, 10, 8, 10, 9, 8}, uint8(60), uint8(20), false, true, false, "auto")
	f.Add([]byte{11, 12, 13, 0, 21, 230}, uint8(40), uint8(10), true, false, true, "causalimpact")
	f.Add([]byte{8, 8, 8, 9, 10, 13}, uint8(90), uint8(7), true, true, true, "bma")
	f.Add([]byte{0}, uint8(30), uint8(3), false, false, false, "bma")
	f.Add([]byte("0\x15"), uint8(24), uint8(10), false, true, true, "") // figures whose quotients are no numbers
	f.Fuzz(func(t *testing.T, data []byte, pre, post uint8, control, switched, missing bool, method string) {
		in := fuzzedEffect(data, pre%100, post%40, control, switched, missing, method)
		r, err := Effect(t.Context(), in)
		if err != nil {
			if _, ok := errors.AsType[*goalpost.Error](err); !ok {
				t.Fatalf("no sentence: %v", err)
			}
			return
		}
		if _, err := json.Marshal(r); err != nil {
			t.Fatal(err)
		}
	})
}

// Limits: figures whose squares are no numbers any more are refused with a sentence, by
// every method; nothing infinite is answered.
func TestEffectOfHugeFigures(t *testing.T) {
	for _, method := range []string{"", goalpost.MethodBMA, goalpost.MethodCausalImpact} {
		in := fuzzedEffect([]byte("#$%00\xe6"), 40, 10, false, false, true, method)
		in.Y[3] = math.MaxFloat64
		_, err := Effect(t.Context(), in)
		if e, ok := errors.AsType[*goalpost.Error](err); !ok || e.Key != "error.effect.too-large" {
			t.Errorf("%q: %v", method, err)
		}
	}
}

// Limits: rounding leaves a number a number, however small the step.
func TestRoundTo(t *testing.T) {
	for _, c := range [][3]float64{{1234, 100, 1200}, {0.1234, 0.01, 0.12}, {5, 0, 5}, {5e-324, 5e-324, 5e-324}, {1e-310, 1e-311, 1e-310}, {1e100, 1e-300, 1e100}, {-1e100, 1e-310, -1e100}} {
		if got := roundTo(c[0], c[1]); got != c[2] {
			t.Errorf("%g to %g\ngot:  %g\nwant: %g", c[0], c[1], got, c[2])
		}
	}
}
