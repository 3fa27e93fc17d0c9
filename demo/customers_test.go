package demo

import (
	"math"
	"reflect"
	"slices"
	"testing"

	"goalpost"
	"goalpost/assess"
)

// Invariance: the customers' answers are the same each time, and a page would take each of
// them. Those who answer want something else than all customers do, as was built in.
func TestCustomersAnswer(t *testing.T) {
	var before []goalpost.Answer
	for range 2 {
		db, org := load(t, Seed, today)
		a, err := assess.Asked(t.Context(), db, "wuensche")
		if err != nil {
			t.Fatal(err)
		}
		answers, err := db.AnswersSince(t.Context(), org.ID, a.Survey.ID, 0, 1000)
		if err != nil {
			t.Fatal(err)
		}
		states := map[goalpost.AnswerState]int{}
		flagged, repair, n := 0, 0, 0
		for _, x := range answers {
			states[x.State]++
			if len(x.Flags) > 0 {
				flagged++
			}
			if problems := a.Survey.Form.Problems(x.Replies, x.State == goalpost.AnswerComplete); len(problems) > 0 {
				t.Errorf("%s: %v", x.ID, problems[0].Err)
			}
			if x.State == goalpost.AnswerComplete && len(x.Flags) == 0 {
				n++
				if slices.Contains(x.Replies["wants"].Choices, "repair") {
					repair++
				}
			}
		}
		if states[goalpost.AnswerComplete] != CustomerAnswers+programs || states[goalpost.AnswerBegun] != brokenOff || flagged != programs {
			t.Errorf("%v, %d flagged", states, flagged)
		}
		truth, share := WantedBy(Customers(), "repair"), float64(repair)/float64(n)
		if n != CustomerAnswers || math.Abs(truth-0.396) > 0.001 || truth-share < 0.08 {
			t.Errorf("%d answers: %.3f want to repair, of all customers %.3f", n, share, truth)
		}
		if before != nil && !reflect.DeepEqual(before, answers) {
			t.Error("the same company got other answers")
		}
		before = answers
	}
}
