package assess

import (
	"testing"

	"goalpost"
	"goalpost/store"
)

// Limits: a single false alarm may happen to anybody, two and more than a quarter may not.
func TestPlaceboCheck(t *testing.T) {
	for _, c := range []struct {
		p                *EffectPlacebo
		passed, skipped  bool
		alarms, fakeOnes float64
	}{{nil, true, true, 0, 0}, {&EffectPlacebo{}, true, true, 0, 0}, {&EffectPlacebo{Windows: 2, Alarms: 1}, true, false, 1, 2}, {&EffectPlacebo{Windows: 12, Alarms: 3}, true, false, 3, 12},
		{&EffectPlacebo{Windows: 12, Alarms: 4}, false, false, 4, 12}, {&EffectPlacebo{Windows: 2, Alarms: 2}, false, false, 2, 2}} {
		got := placeboCheck(c.p, nil)
		if got.Passed != c.passed || got.Skipped != c.skipped {
			t.Errorf("%+v\ngot:  %+v", c.p, got)
		}
		if !c.skipped && (got.Sentence.Args[0].Number != c.alarms || got.Sentence.Args[1].Number != c.fakeOnes) {
			t.Errorf("%+v is told as %v", c.p, got.Sentence)
		}
	}
}

// Limits: a control is one that the activity could not have moved. What is counted on its
// network, what it brings or costs, and what rises with sales is named and not proposed.
func TestControlsThatTheActivityCouldHaveMoved(t *testing.T) {
	on := func(network goalpost.Network, metric string) store.SeriesInfo {
		return store.SeriesInfo{Series: goalpost.Series{SeriesKey: goalpost.SeriesKey{Metric: goalpost.Metric(metric), Network: network}}}
	}
	for _, c := range []struct {
		name     string
		activity goalpost.Network // where it ran; empty: everywhere
		series   store.SeriesInfo
		why      string
		touched  bool
		chosen   bool
	}{
		{"its own network", "instagram", on("instagram", "reach"), "same-network", true, false},
		{"everywhere is on this network too", "", on("facebook", "reach"), "same-network", true, false},
		{"another network", "instagram", on("facebook", "reach"), "network", false, false},
		{"visits from social media", "instagram", on("", "sessions_social"), "social", true, false},
		{"visits from another channel", "instagram", on("", "sessions_search"), "channel", false, true},
		{"all visits", "instagram", on("", "sessions"), "total", true, false},
		{"what it costs", "instagram", on("", "spend"), "spend", true, false},
		{"another result", "instagram", on("", "leads"), "outcome", true, false},
	} {
		t.Run(c.name, func(t *testing.T) {
			k, _ := goalpost.KPIByCode(string(c.series.Metric))
			var o ControlOption
			proposer{activity: goalpost.Activity{Network: c.activity}}.judgeControl(&o, k, c.series)
			if o.Touched != c.touched || o.Chosen != c.chosen || o.Why.Key != "analysis.control."+c.why {
				t.Errorf("\ngot:  touched %t, chosen %t, %s\nwant: touched %t, chosen %t, %s", o.Touched, o.Chosen, o.Why.Key, c.touched, c.chosen, c.why)
			}
		})
	}
}
