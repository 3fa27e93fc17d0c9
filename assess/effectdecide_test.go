package assess

import (
	"math"
	"testing"

	"goalpost"
	"goalpost/infer"
)

// Limits: each case of the rule of decisions, from estimates made by hand.
func TestEffectDecision(t *testing.T) {
	between := func(lo, hi float64) infer.Estimate {
		return infer.Estimate{Value: (lo + hi) / 2, Lo: lo, Hi: hi}
	}
	refusal := func(name string) []EffectCheck { return []EffectCheck{{Name: name, Refuses: true}} }
	doubts := []EffectCheck{{Name: checkOther}, {Name: checkMissing}, {Name: checkDrift}, {Name: checkOutlying}, {Name: checkMovable}, {Name: checkChanged}, {Name: checkPlacebo}, {Name: checkBurst}}
	five := 5.0
	above, zero, small := between(1, 9), between(-1, 9), between(-1, 3)
	for _, c := range []struct {
		name   string
		f      effectFinding
		checks []EffectCheck
		want   effectJudgement
	}{
		{"increase", effectFinding{average: above, narrow: above, positive: .99}, []EffectCheck{{Name: "x", Passed: true, Refuses: true}}, effectJudgement{goalpost.Increase, false, false, 3, "increase"}},
		{"decrease", effectFinding{average: between(-9, -1), narrow: between(-8, -2), positive: .01}, nil, effectJudgement{goalpost.Decrease, false, false, 3, "decrease"}},
		{"all doubts together only take a dot", effectFinding{average: above, narrow: above, positive: .99}, doubts, effectJudgement{goalpost.Increase, false, false, 2, "increase"}},
		{"probably", effectFinding{average: zero, narrow: between(.1, 8), positive: .96}, nil, effectJudgement{goalpost.EffectCannotTell, true, false, 2, "noise"}},
		{"probably from 0.90 on", effectFinding{average: zero, narrow: zero, positive: .90}, nil, effectJudgement{goalpost.EffectCannotTell, true, false, 2, "noise"}},
		{"probably less", effectFinding{average: between(-9, 1), narrow: between(-8, 1), positive: .08}, nil, effectJudgement{goalpost.EffectCannotTell, true, false, 2, "noise"}},
		{"cannot tell", effectFinding{average: zero, narrow: zero, positive: .8}, nil, effectJudgement{goalpost.EffectCannotTell, false, false, 1, "noise"}},
		{"cannot tell because it wanders", effectFinding{average: zero, narrow: zero, positive: .8, drift: .6}, nil, effectJudgement{goalpost.EffectCannotTell, false, false, 1, "drift"}},
		{"negligible", effectFinding{average: between(-4, 6), narrow: between(-3, 4), positive: .6, smallest: &five}, nil, effectJudgement{goalpost.Negligible, false, false, 3, "negligible"}},
		{"not negligible where it reaches the border", effectFinding{average: between(-4, 6), narrow: between(-3, 5), positive: .6, smallest: &five}, nil, effectJudgement{goalpost.EffectCannotTell, false, false, 1, "noise"}},
		{"small, but there", effectFinding{average: between(1, 3), narrow: between(1.2, 2.8), positive: .99, smallest: &five}, nil, effectJudgement{goalpost.Increase, false, false, 3, "increase"}},
		{"another method alone", effectFinding{average: above, narrow: above, positive: .99, calibrated: &zero, calibratedNarrow: &zero}, nil, effectJudgement{goalpost.EffectCannotTell, true, false, 2, "not-calibrated"}},
		{"another method with the default", effectFinding{average: above, narrow: above, positive: .99, calibrated: &above, calibratedNarrow: &above}, nil, effectJudgement{goalpost.Increase, false, false, 3, "increase"}},
		{"negligible to both methods", effectFinding{average: between(-4, 6), narrow: between(-3, 4), positive: .6, smallest: &five, calibrated: &zero, calibratedNarrow: &small}, nil, effectJudgement{goalpost.Negligible, false, false, 3, "negligible"}},
		{"negligible to the other method alone", effectFinding{average: between(-4, 6), narrow: between(-3, 4), positive: .6, smallest: &five, calibrated: &zero, calibratedNarrow: &zero}, nil, effectJudgement{goalpost.EffectCannotTell, false, false, 1, "noise"}},
		{"too short", effectFinding{average: above, narrow: above, positive: .99}, refusal("too_short"), effectJudgement{goalpost.EffectCannotTell, false, true, 1, "too_short"}},
		{"unpredictable", effectFinding{average: above, narrow: above, positive: .99}, refusal("unpredictable_before"), effectJudgement{goalpost.EffectCannotTell, false, true, 1, "unpredictable_before"}},
		{"relation", effectFinding{average: above, narrow: above, positive: .99}, append(doubts[:1:1], refusal("relation_changed")...), effectJudgement{goalpost.EffectCannotTell, false, true, 1, "relation_changed"}},
		{"outside", effectFinding{average: above, narrow: above, positive: .99, smallest: &five}, refusal("outside_experience"), effectJudgement{goalpost.EffectCannotTell, false, true, 1, "outside_experience"}},
	} {
		t.Run(c.name, func(t *testing.T) {
			if got := c.f.judge(c.checks); got != c.want {
				t.Errorf("\ngot:  %+v\nwant: %+v", got, c.want)
			}
		})
	}
}

// Published value: at its ends a 95 % interval leaves 2.5 % on one side.
func TestChanceAbove(t *testing.T) {
	for _, c := range []struct {
		r    Range
		want float64
	}{{Range{0, -5, 5}, .5}, {Range{5, 0, 20}, .975}, {Range{-5, -20, 0}, .025}, {Range{1000, 999, 1001}, .999}, {Range{-1000, -1001, -999}, .001}, {Range{3, 3, 3}, .5}} {
		if got := chanceAbove(c.r); math.Abs(got-c.want) > 1e-9 {
			t.Errorf("%v\ngot:  %v\nwant: %v", c.r, got, c.want)
		}
	}
}
