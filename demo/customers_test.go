package demo

import (
	"math"
	"math/rand/v2"
	"reflect"
	"slices"
	"strconv"
	"testing"

	"goalpost"
	"goalpost/assess"
	"goalpost/survey"
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

// The customers answer with unequal chances. Weighted back to how old they all are, the
// figures' intervals contain what all of them want; unweighted they miss it where the young
// and the old want different things.
func TestWeightedCustomersAreTheTruth(t *testing.T) {
	db, org := load(t, Seed, today)
	id, err := db.Surveys(t.Context(), org.ID)
	if err != nil || len(id) != 1 {
		t.Fatalf("%v %v", id, err)
	}
	a, err := assess.AskedByTeam(t.Context(), db, org.ID, id[0].ID)
	if err != nil {
		t.Fatal(err)
	}
	sample, err := a.CompleteSample(t.Context(), db)
	if err != nil {
		t.Fatal(err)
	}
	w, err := a.Weigh(t.Context(), db, sample)
	if err != nil || w.Set == nil {
		t.Fatalf("%v %v", err, w.Problem)
	}
	t.Logf("n %d, n_eff %.1f, deff %.2f, largest weight %.2f, id %s", w.Set.N, w.Set.Diagnosis.EffectiveN, w.Set.Diagnosis.DesignEffect, w.Set.Diagnosis.Largest, w.Set.ID)
	q, _ := sample.Form.Question("wants")
	missed := map[string]bool{}
	for _, o := range q.Options[:6] {
		truth, y := WantedBy(Customers(), o.Code), sample.Option(q, o.Code)
		weighted, err := w.Design.Share(y, nil, survey.ShareOptions{})
		if err != nil {
			t.Fatal(err)
		}
		plain, err := sample.Design.Share(y, nil, survey.ShareOptions{})
		if err != nil {
			t.Fatal(err)
		}
		t.Logf("%-10s truth %.3f, weighted %.3f (%.3f to %.3f), unweighted %.3f (%.3f to %.3f)", o.Code, truth, weighted.Value, weighted.Lo, weighted.Hi, plain.Value, plain.Lo, plain.Hi)
		if truth < weighted.Lo || truth > weighted.Hi {
			t.Errorf("%s: weighted %.3f to %.3f, in truth %.3f", o.Code, weighted.Lo, weighted.Hi, truth)
		}
		missed[o.Code] = truth < plain.Lo || truth > plain.Hi
	}
	for _, code := range []string{"offers", "behind", "new", "repair", "answers"} { // workshops are wanted by all alike
		if !missed[code] {
			t.Errorf("%s: the unweighted interval contains the truth", code)
		}
	}
}

// Over many samples of 181 customers, the weighted intervals hold the truth as often as they
// say; the unweighted ones do not where the young and the old want different things.
func TestWeightedCustomersOverManySamples(t *testing.T) {
	const samples = 400
	db, org := load(t, Seed, today)
	list, err := db.Surveys(t.Context(), org.ID)
	if err != nil || len(list) != 1 {
		t.Fatalf("%v %v", list, err)
	}
	a, err := assess.AskedByTeam(t.Context(), db, org.ID, list[0].ID)
	if err != nil {
		t.Fatal(err)
	}
	versions, err := db.Populations(t.Context(), org.ID, a.Survey.ID)
	if err != nil || len(versions) != 1 {
		t.Fatalf("%v %v", versions, err)
	}
	q, _ := a.Survey.Form.Question("wants")
	held, heldPlain, all, plain := 0, 0, 0, 0
	for stream := range uint64(samples) {
		r := respondents{rng: rand.New(rand.NewPCG(Seed, 1000+stream)), support: rand.New(rand.NewPCG(Seed, 1)), language: "en", written: map[string]bool{}}
		var answers []goalpost.Answer
		for i := range CustomerAnswers {
			answers = append(answers, goalpost.Answer{ID: strconv.Itoa(i), Version: 1, State: goalpost.AnswerComplete, Replies: r.replies(r.group())})
		}
		sample, err := a.Sample(answers)
		if err != nil {
			t.Fatal(err)
		}
		w, err := sample.WeighTo(versions[0])
		if err != nil {
			t.Fatal(err)
		}
		for _, o := range q.Options[:6] {
			truth, y := WantedBy(Customers(), o.Code), sample.Option(q, o.Code)
			within := func(d *survey.Design) int {
				e, err := d.Share(y, nil, survey.ShareOptions{})
				if err != nil {
					t.Fatal(err)
				}
				if truth < e.Lo || truth > e.Hi {
					return 0
				}
				return 1
			}
			if w.Set != nil {
				held, all = held+within(w.Design), all+1
			}
			if o.Code == "repair" || o.Code == "behind" {
				heldPlain, plain = heldPlain+within(sample.Design), plain+1
			}
		}
	}
	rate, ratePlain := float64(held)/float64(all), float64(heldPlain)/float64(plain)
	t.Logf("weighted %.3f of %d intervals, unweighted %.3f of %d", rate, all, ratePlain, plain)
	if rate < 0.93 || rate > 0.98 || ratePlain > 0.5 || all < samples*6*3/4 {
		t.Errorf("weighted %.3f of %d intervals hold the truth, unweighted %.3f", rate, all, ratePlain)
	}
}
