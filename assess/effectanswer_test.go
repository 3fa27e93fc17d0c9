package assess

import (
	"reflect"
	"testing"

	"goalpost"
)

// Limits: each answer has one headline, whether or not the activity has a name; a result
// that was kept without one gets it too.
func TestEffectHeadlines(t *testing.T) {
	five, more, less := 5.0, Range{30, 10, 50}, Range{-30, -50, -10}
	for _, c := range []struct {
		name  string
		r     EffectReport
		want  string
		about goalpost.Arg
	}{
		{"increase", EffectReport{Decision: goalpost.Increase, Cumulative: more}, "increase", goalpost.NumberArg(30)},
		{"decrease", EffectReport{Decision: goalpost.Decrease, Cumulative: less}, "decrease", goalpost.NumberArg(30)},
		{"money", EffectReport{Decision: goalpost.Increase, Cumulative: more, Currency: "EUR"}, "increase", goalpost.MoneyArg(30, "EUR")},
		{"probably", EffectReport{Decision: goalpost.EffectCannotTell, Probably: true, Cumulative: more}, "probably", goalpost.NumberArg(30)},
		{"probably less", EffectReport{Decision: goalpost.EffectCannotTell, Probably: true, Cumulative: less}, "probably-less", goalpost.NumberArg(30)},
		{"cannot tell", EffectReport{Decision: goalpost.EffectCannotTell, Cumulative: more}, "cannot_tell", goalpost.NumberArg(30)},
		{"nothing could be computed", EffectReport{Decision: goalpost.EffectCannotTell}, "cannot_tell", goalpost.NumberArg(0)},
		{"negligible", EffectReport{Decision: goalpost.Negligible, Cumulative: more, SmallestEffect: &five}, "negligible", goalpost.NumberArg(5)},
	} {
		t.Run(c.name, func(t *testing.T) {
			c.r.Grain = GrainDay
			for suffix, activity := range map[string]string{"": "", ".named": "Giveaway"} {
				c.r.Activity = activity
				got := c.r.Answer().Headline
				if want := "effect.headline." + c.want + suffix; got.Key != want || !reflect.DeepEqual(got.Args[1], c.about) {
					t.Errorf("\ngot:  %v\nwant: %s about %v", got, want, c.about)
				}
			}
			if a := c.r.Answer(); !a.Span.IsZero() || !a.Compared.IsZero() {
				t.Errorf("a range of what was not computed: %v", a)
			}
		})
	}
}

// Limits: what failed comes before what the data do not allow, and what refuses before
// what takes a dot.
func TestCheckOutcomes(t *testing.T) {
	for _, c := range []struct {
		check EffectCheck
		want  string
	}{
		{EffectCheck{Passed: true, Refuses: true}, CheckPassed}, {EffectCheck{Refuses: true}, CheckRefuses},
		{EffectCheck{}, CheckCaps}, {EffectCheck{Skipped: true, Passed: true}, CheckSkipped}, {EffectCheck{Skipped: true}, CheckSkipped},
	} {
		if got := c.check.Outcome(); got != c.want {
			t.Errorf("%+v\ngot:  %s\nwant: %s", c.check, got, c.want)
		}
	}
}

// A name with brackets of its own does not close those of the sentence.
func TestNameInBrackets(t *testing.T) {
	if got := bracketed(goalpost.TextArg("Umsatz (€)")).Text; got != "Umsatz [€]" {
		t.Errorf("got: %s", got)
	}
	if w := goalpost.WordArg("kpi.revenue"); bracketed(w).Text != w.Text {
		t.Errorf("a word was changed: %v", bracketed(w))
	}
}
