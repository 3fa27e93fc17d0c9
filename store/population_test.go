package store

import (
	"reflect"
	"testing"

	"goalpost"
)

// Versions of a population stay, and two who change the same one do not both win; weights
// that a figure cites never change.
func TestPopulationStays(t *testing.T) {
	db := open(t, Options{})
	org := organisation(t, db)
	s, err := db.CreateSurvey(ctx, org, goalpost.Survey{Slug: "wishes", State: goalpost.SurveyOpen, CreatedAt: when, By: "Ada"}, "secret")
	if err != nil {
		t.Fatal(err)
	}
	first := goalpost.Population{Version: 1, MadeAt: when, MadeBy: "Ada", Cap: 4, CapReason: "few", Margins: []goalpost.PopulationMargin{{Question: "age", QuestionVersion: 2, Percent: true, Source: "Register",
		Groups: []goalpost.PopulationGroup{{Option: "a", Size: 40.5}, {Option: "b", Size: 59.5, With: "a"}}}}}
	second := goalpost.Population{Version: 2, MadeAt: when.AddDate(0, 0, 1), MadeBy: "Eve", Margins: []goalpost.PopulationMargin{}}
	for _, p := range []goalpost.Population{first, second} {
		if err := db.AddPopulation(ctx, org, s.ID, p); err != nil {
			t.Fatal(err)
		}
	}
	for _, version := range []int{0, 1, 2, 4} {
		p := first
		p.Version = version
		if err := db.AddPopulation(ctx, org, s.ID, p); !goalpost.IsKind(err, goalpost.Conflict) {
			t.Errorf("version %d again: %v", version, err)
		}
	}
	if list, err := db.Populations(ctx, org, s.ID); err != nil || !reflect.DeepEqual(list, []goalpost.Population{second, first}) {
		t.Errorf("%v\ngot:  %+v\nwant: %+v", err, list, []goalpost.Population{second, first})
	}

	set := goalpost.WeightSet{ID: "one", Population: 1, Rules: goalpost.WeightRules{Method: goalpost.WeightRaking, Cap: 3, KeepMissing: true}, DataHash: "d", Change: 7, N: 3, MadeAt: when,
		Diagnosis: goalpost.WeightDiagnosis{EffectiveN: 2.5, Largest: 1.5}, Margins: []goalpost.WeightedMargin{{Question: "age", Groups: []goalpost.WeightedGroup{{Options: []string{"a", "b"}, N: 3, Population: 1}}}}}
	other := set
	other.N, other.Change = 4, 8
	for _, w := range []goalpost.WeightSet{set, other} {
		if err := db.KeepWeightSet(ctx, org, s.ID, w); err != nil {
			t.Fatal(err)
		}
	}
	if got, err := db.WeightSet(ctx, org, s.ID, "one"); err != nil || !reflect.DeepEqual(got, set) {
		t.Errorf("%v\ngot:  %+v\nwant: %+v", err, got, set)
	}
	if _, err := db.WeightSet(ctx, org, s.ID, "two"); !goalpost.IsKind(err, goalpost.NotFound) {
		t.Errorf("no such weights: %v", err)
	}
}
