package assess

import (
	"math"
	"testing"

	"goalpost"
	"goalpost/survey"
)

// With a population the shares are those of the weighted design, cite its weights and stand
// beside those without; a page says why there are none where they do not fit.
func TestSharesWithWeights(t *testing.T) {
	db, org, a := weighedCase(t)
	in := PopulationInput{Margins: []goalpost.PopulationMargin{margin("age", "young", 400, "middle", 400, "old", 200)}, By: "Ada", Now: weighed}
	p, err := SetPopulation(t.Context(), db, org, a.Survey.ID, in)
	if err != nil {
		t.Fatal(err)
	}
	w := weigh(t, db, a, p)
	x, err := a.Shares(t.Context(), db, ShareFilter{})
	if err != nil || !x.Weighted || x.WeightSet != w.Set.ID || x.Problem != nil {
		t.Fatalf("%+v %v", x.WeightSet, err)
	}
	seen := 0
	for _, q := range x.Questions {
		for _, o := range q.Options {
			if q.Question.Code != "place" {
				continue
			}
			seen++
			s, err := a.CompleteSample(t.Context(), db)
			if err != nil {
				t.Fatal(err)
			}
			want, err := w.Design.Share(s.Option(q.Question, o.Key), nil, survey.ShareOptions{Level: 0.95, Cap: true})
			if err != nil {
				t.Fatal(err)
			}
			if math.Abs(o.Share.Value-want.Value) > 1e-12 || math.Abs(o.Share.Lo-want.Lo) > 1e-12 || o.Unweighted == nil || math.Abs(o.Unweighted.Value-want.Value) < 0.01 || float64(o.Count) != math.Round(100*o.Unweighted.Value) {
				t.Errorf("%s\ngot:  %+v %+v\nwant: %+v", o.Key, o.Share, o.Unweighted, want)
			}
		}
	}
	if seen != 2 {
		t.Errorf("%d options looked at", seen)
	}
	in.Margins, in.Version = []goalpost.PopulationMargin{margin("age", "young", 400, "middle", 400, "old", 20000)}, p.Version
	if _, err := SetPopulation(t.Context(), db, org, a.Survey.ID, in); err != nil {
		t.Fatal(err)
	}
	if x, err = a.Shares(t.Context(), db, ShareFilter{}); err != nil || x.Weighted || x.Problem == nil || x.WeightSet != "" {
		t.Errorf("weights that cannot be reached: %+v %v", x.Problem, err)
	}
}
