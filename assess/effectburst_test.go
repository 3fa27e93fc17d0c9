package assess

import (
	"testing"

	"goalpost"
	"goalpost/effect"
	"goalpost/infer"
)

// What may not carry the whole effect is a week: seven days, but one row of weeks. The
// sentence names the unit.
func TestBurstIsAWeek(t *testing.T) {
	const rows = 24
	for _, c := range []struct {
		grain, unit string
		lone        bool // one row carries all
		failed      bool
		rows        float64
	}{
		{GrainDay, "effect.rows.dative.day", false, false, 7}, {GrainDay, "effect.rows.dative.day", true, true, 7},
		{GrainWeek, "effect.rows.dative.week.one", false, false, 1}, {GrainWeek, "effect.rows.dative.week.one", true, true, 1},
		{GrainMonth, "effect.rows.dative.month.one", true, true, 1}, {GrainRow, "effect.rows.dative.row", true, true, 7},
	} {
		e := effectRun{in: EffectInput{Calendar: Calendar{Grain: c.grain, First: 1, Step: 1}, Post: RowSpan{From: 0, Until: rows}}}
		e.result = effect.Result{Average: infer.Estimate{Value: 2, Lo: 1, Hi: 3}, Path: make([]effect.Point, rows)}
		for i := range e.result.Path {
			if e.result.Path[i].Effect = 1; c.lone && i != 5 {
				e.result.Path[i].Effect = 0
			}
		}
		got := e.burstCheck()
		if got.Passed == c.failed || got.Skipped || got.Sentence.Args[2].Number != c.rows || got.Sentence.Args[3].Text != c.unit {
			t.Errorf("%+v\ngot:  %+v", c, got)
		}
	}
	// Five weeks of which six of ten parts fall into two: no week carries it, and it is not
	// too short to say so.
	e := effectRun{in: EffectInput{Calendar: WeeklyCalendar(goalpost.NewDay(2025, 1, 6)), Post: RowSpan{From: 0, Until: 5}}}
	e.result = effect.Result{Average: infer.Estimate{Value: 2, Lo: 1, Hi: 3}, Path: []effect.Point{{Effect: 3}, {Effect: 3}, {Effect: 2}, {Effect: 1}, {Effect: 1}}}
	if got := e.burstCheck(); !got.Passed || got.Skipped || got.Value != 0.3 {
		t.Errorf("five weeks: %+v", got)
	}
}
