package assess

import (
	"testing"
	"time"

	"goalpost"
)

// A look back takes what the verdict of that day was made from: its version and its
// border. Without a verdict it takes what was in force on that day.
func TestStanding(t *testing.T) {
	day := goalpost.NewDay(2026, time.July, 22)
	at := func(d goalpost.Day) time.Time { return d.Start(time.UTC).Add(12 * time.Hour) }
	g := goalpost.Goal{ID: 1, Code: "sales", Versions: []goalpost.GoalVersion{{Version: 1, At: at(day)}, {Version: 2, At: at(day + 40)}}}
	history := []goalpost.Verdict{ // newest first
		{AsOf: day + 50, Version: 2, Decision: goalpost.OnTrack, Previous: goalpost.AtRisk},
		{AsOf: day + 10, Version: 1, Decision: goalpost.AtRisk, Previous: goalpost.OnTrack},
		{AsOf: day, Version: 1, Decision: goalpost.OnTrack},
	}
	org := goalpost.Organisation{TimeZone: "UTC"}
	for _, c := range []struct {
		name     string
		o        GoalsOptions
		version  int
		previous goalpost.Decision
		notThen  bool
		given    bool
		ok       bool
	}{
		{"today", GoalsOptions{}, 2, goalpost.OnTrack, false, false, true},
		{"the day of a verdict", GoalsOptions{AsOf: day + 10}, 1, goalpost.OnTrack, false, true, true},
		{"the day on which the goal was set", GoalsOptions{AsOf: day}, 1, "", false, true, true},
		{"between two verdicts", GoalsOptions{AsOf: day + 20}, 1, goalpost.AtRisk, false, false, true},
		{"the day of the change", GoalsOptions{AsOf: day + 40}, 2, goalpost.AtRisk, false, false, true},
		{"before the goal was set", GoalsOptions{AsOf: day - 1}, 2, "", true, false, true},
		{"before it was set, only what was known", GoalsOptions{AsOf: day, Seen: true}, 2, "", true, false, false},
		{"only what was known", GoalsOptions{AsOf: day + 40, Seen: true}, 1, goalpost.AtRisk, false, false, true},
	} {
		s, ok := standing(g, history, c.o, org)
		if s.version.Version != c.version || s.previous != c.previous || s.notThen != c.notThen || (s.given != nil) != c.given || ok != c.ok {
			t.Errorf("%s\ngot:  version %d, previous %q, not then %v, given %v, %v\nwant: %+v", c.name, s.version.Version, s.previous, s.notThen, s.given != nil, ok, c)
		}
	}
}
