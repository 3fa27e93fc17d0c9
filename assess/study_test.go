package assess

import (
	"fmt"
	"math"
	"slices"
	"strings"
	"testing"

	"goalpost"
	"goalpost/infer"
)

func publishedStudy(t *testing.T, id string) StudyView {
	t.Helper()
	list, err := PublishedStudies()
	if err != nil {
		t.Fatal(err)
	}
	for _, s := range list {
		if s.ID == id {
			return ViewStudy(s, nil)
		}
	}
	t.Fatalf("no study %s", id)
	return StudyView{}
}

func keys(notes []goalpost.Note) []string {
	out := []string{}
	for _, n := range notes {
		out = append(out, n.Key)
	}
	return out
}

// percent is within 0.01 percentage points of what reference numbers say.
func percent(t *testing.T, what string, got *float64, want float64) {
	t.Helper()
	if got == nil || math.Abs(100**got-want) > 0.0105 {
		t.Errorf("%s\ngot:  %v\nwant: %.2f", what, show(got, 100), want)
	}
}

func points(t *testing.T, what string, got *float64, want float64) {
	t.Helper()
	if got == nil || math.Abs(*got-want) > 0.0105 {
		t.Errorf("%s\ngot:  %v\nwant: %.2f", what, show(got, 1), want)
	}
}

func show(p *float64, factor float64) any {
	if p == nil {
		return nil
	}
	return factor * *p
}

// The numbers of the Pivot study come out as they were computed independently.
func TestPivotNumbers(t *testing.T) {
	v := publishedStudy(t, "pivot-sosm")
	for _, c := range []struct {
		question, reference, option string
		share, lo, hi               float64
		kind                        goalpost.BaseKind
	}{
		{"understand_social_consumers", "2011", "yes", 76.80, 70.13, 82.35, goalpost.BaseStated},
		{"understand_social_consumers", "2012", "yes", 61.88, 54.63, 68.64, goalpost.BaseStated},
		{"goals", "2013 expected", "engagement", 66.85, 59.71, 73.30, goalpost.BaseAssumed},
		{"goals", "2013 expected", "brand", 66.85, 59.71, 73.30, goalpost.BaseAssumed},
		{"goals", "2013 expected", "sales", 58.01, 50.73, 64.96, goalpost.BaseAssumed},
		{"goals", "2011", "sales", 100, 97.92, 100, goalpost.BaseAssumed},
	} {
		q, _ := v.Question(c.question)
		r, ok := q.Result(c.reference, c.option)
		if !ok || r.BaseKind != c.kind || *r.Base != 181 {
			t.Fatalf("%s %s %s: %v %+v", c.question, c.reference, c.option, ok, r)
		}
		what := c.question + " " + c.option
		percent(t, what, r.Share, c.share)
		percent(t, what+", low", r.Lo, c.lo)
		percent(t, what+", high", r.Hi, c.hi)
	}
	q, _ := v.Question("understand_social_consumers")
	c, _ := q.Change("2011", "2012", "yes")
	points(t, "understanding", c.Points, -14.92)
	points(t, "understanding, low", c.Lo, -24.05)
	points(t, "understanding, high", c.Hi, -5.42)
	if !c.Comparable || math.Abs(*c.Smallest-14.7) > 0.05 || !slices.Contains(keys(c.Cautions), "study.doubt.mix") || !slices.Contains(keys(c.Cautions), "study.doubt.sample") {
		t.Errorf("\ngot:  %+v\nwant: comparable, 14.7 points could be found, the mix shifted, self-selected", c)
	}
	q, _ = v.Question("hindrance")
	if r, _ := q.Result("2011", "no_strategy"); *r.Published != 0.416 {
		t.Errorf("\ngot:  %v\nwant: 0.416 as printed, without further digits", *r.Published)
	}
	c, _ = q.Change("2011", "2012", "no_strategy")
	points(t, "lack of strategy", c.Points, -9.21)
	if math.Abs(*c.Lo+19.0) > 0.05 || math.Abs(*c.Hi-0.8) > 0.05 || !slices.Contains(keys(c.Cautions), "study.doubt.subset") {
		t.Errorf("lack of strategy\ngot:  %.2f %.2f %v\nwant: -19.0 0.8, a subset", *c.Lo, *c.Hi, keys(c.Cautions))
	}
	q, _ = v.Question("primary_metric")
	rank := q.Ranks[0]
	if math.Abs(rank.Points-8.3) > 0.05 || math.Abs(rank.Lo+0.6) > 0.05 || math.Abs(rank.Hi-17.2) > 0.05 || rank.Settled || rank.First != "engagement" {
		t.Errorf("rank 1 and 2\ngot:  %+v\nwant: 8.3, -0.6 to 17.2, not settled", rank)
	}
}

// What was printed as "below" or "about" stays that: no interval, no change. What
// stands for another time is no trend.
func TestPivotSalesGoal(t *testing.T) {
	v := publishedStudy(t, "pivot-sosm")
	q, _ := v.Question("goals")
	dip, _ := q.Result("2012", "sales")
	if dip.Share != nil || dip.Lo != nil || dip.Published != nil || dip.PublishedMax == nil || *dip.PublishedMax != 0.5 {
		t.Errorf("below 50\ngot:  %+v", dip)
	}
	about, _ := q.Result("2011", "engagement")
	if about.Share != nil || about.Lo != nil || !about.Approximate || *about.Published != 0.5 {
		t.Errorf("about 50\ngot:  %+v", about)
	}
	all, _ := q.Result("2011", "sales")
	if !slices.Contains(all.Flags, "implausible") {
		t.Errorf("100 %%\ngot:  %v\nwant: flagged", all.Flags)
	}
	for _, c := range []struct {
		from, to string
		reasons  []string
		number   bool
	}{
		{"2011", "2012", []string{"study.no-change.below"}, false},
		{"2012", "2013 expected", []string{"study.break.reference", "study.no-change.below"}, false},
		{"2011", "2013 expected", []string{"study.break.reference"}, true},
	} {
		got, ok := q.Change(c.from, c.to, "sales")
		if !ok || got.Comparable || !slices.Equal(keys(got.Reasons), c.reasons) || (got.Points != nil) != c.number {
			t.Errorf("%s to %s\ngot:  %v %+v\nwant: %v, a number: %v", c.from, c.to, ok, got, c.reasons, c.number)
		}
	}
}

// Where several answers were allowed, those who gave both decide how sure a lead is:
// engagement 67 and sales 58 of 181 overlap by a quarter at least.
func TestLeadWithinOneReference(t *testing.T) {
	q, _ := publishedStudy(t, "pivot-sosm").Question("goals")
	first, _ := q.Result("2013 expected", "engagement")
	second, _ := q.Result("2013 expected", "sales")
	r, ok := compareWithin(q.Current(), &first, &second)
	if !ok || math.Abs(r.Points-9) > 0.1 || math.Abs(r.Lo+3.5) > 0.1 || math.Abs(r.Hi-21.5) > 0.1 || r.Settled {
		t.Errorf("\ngot:  %+v\nwant: 9, -3.5 to 21.5, not settled", r)
	}
}

// basesThatFit are those that follow the hint about a reference.
func basesThatFit(q QuestionView, reference string) string {
	for i, h := range q.Hints {
		if h.Key == "study.hint.grim" && h.Args[0].Text == reference && i+1 < len(q.Hints) && q.Hints[i+1].Key == NoteBases {
			return q.Hints[i+1].Args[0].Text
		}
	}
	return ""
}

// GRIM finds what cannot come from 181 people, and both blocks of respondents.
func TestPivotHints(t *testing.T) {
	v := publishedStudy(t, "pivot-sosm")
	q, _ := v.Question("hindrance")
	if bases := basesThatFit(q, "2012"); bases != "40, 80, 120, 160" {
		t.Errorf("\ngot:  %+v\nwant: 40, 80, 120, 160", q.Hints)
	}
	for _, option := range []string{"no_strategy", "budget"} {
		if r, _ := q.Result("2012", option); !slices.Contains(r.Flags, FlagGRIM) {
			t.Errorf("%s\ngot:  %v\nwant: flagged", option, r.Flags)
		}
	}
	for _, code := range []string{"business_type", "understand_social_consumers"} {
		if q, _ := v.Question(code); len(q.Hints) > 0 {
			t.Errorf("%s\ngot:  %+v\nwant: no hint", code, q.Hints)
		}
	}
	if q, _ := v.Question("primary_metric"); len(q.Hints) != 2 || !strings.HasSuffix(basesThatFit(q, "2013 expected"), "159, 163, 172, 176, 180") {
		t.Errorf("23.3\ngot:  %+v", q.Hints)
	}
}

// The CMO Survey: no evidence of a change, and item non-response shows in the figures.
func TestCMOSurvey(t *testing.T) {
	v := publishedStudy(t, "cmo-survey")
	q, _ := v.Question("impact")
	c, _ := q.Change("2013-08", "2016-02", "quant")
	if math.Abs(*c.Points+3.7) > 0.05 || math.Abs(*c.Lo+8.6) > 0.05 || math.Abs(*c.Hi-1.5) > 0.05 || !c.Comparable {
		t.Errorf("\ngot:  %+v\nwant: -3.7, -8.6 to 1.5", c)
	}
	if basesThatFit(q, "2014-02") != "132, 264, 333, 396" {
		t.Errorf("\ngot:  %+v\nwant: 132, 264, 333, 396 for 2014-02", q.Hints)
	}
}

// Another list of options is another question: image 42 and 85 are no trend.
func TestBitkomOptionsChanged(t *testing.T) {
	v := publishedStudy(t, "bitkom")
	q, _ := v.Question("goals")
	c, ok := q.Change("2012", "2017", "brand")
	if !ok || c.Comparable || !slices.Contains(keys(c.Reasons), "study.break.options") {
		t.Errorf("\ngot:  %+v\nwant: not comparable, the options changed", c)
	}
}

// All that ships is sound, in both languages, with the words of the catalogue.
func TestPublishedStudies(t *testing.T) {
	list, err := PublishedStudies()
	if err != nil || len(list) < 15 {
		t.Fatalf("%d studies, %v", len(list), err)
	}
	for _, s := range list {
		v := ViewStudy(s, nil)
		for _, q := range v.Questions {
			for _, version := range q.Versions {
				if version.Wording["en"] == "" || version.Wording["de"] == "" {
					t.Errorf("%s %s: the wording is not there in both languages", s.ID, q.Code)
				}
				for _, o := range version.Options {
					_, isGoal := goalpost.GoalKindByCode(o.Code)
					if !isGoal && (o.Label["en"] == "" || o.Label["de"] == "") {
						t.Errorf("%s %s %s: no label", s.ID, q.Code, o.Code)
					}
				}
			}
			for _, r := range q.Results {
				if r.Source == "" {
					t.Errorf("%s %s %s: no source", s.ID, q.Code, r.Option)
				}
				if e, ok := r.Estimate(); ok && (e.Lo > e.Value || e.Value > e.Hi) {
					t.Errorf("%s %s %s: %+v", s.ID, q.Code, r.Option, e)
				}
			}
			for _, c := range q.Changes {
				if c.Comparable == (len(c.Reasons) > 0) {
					t.Errorf("%s %s %s: comparable %v with %d reasons", s.ID, q.Code, c.Option, c.Comparable, len(c.Reasons))
				}
			}
		}
	}
}

// Shares of different types of question get no difference at all.
func TestTypesNeverOnOneScale(t *testing.T) {
	s := goalpost.Study{ID: "x", Title: goalpost.Text{"en": "x"}, Waves: []goalpost.Wave{{ID: "1", N: 100, Sample: goalpost.SampleProbability}, {ID: "2", N: 100, Sample: goalpost.SampleProbability}},
		References: []goalpost.Reference{{ID: "1", Wave: "1", Kind: goalpost.ReferenceCurrent}, {ID: "2", Wave: "2", Kind: goalpost.ReferenceCurrent}},
		Questions: []goalpost.Question{
			{Code: "goals", Version: 1, Type: goalpost.MultipleChoice, Wording: goalpost.Text{"en": "Goals?"}, Options: []goalpost.Item{{Code: "sales"}}},
			{Code: "goals", Version: 2, Type: goalpost.SingleChoice, Wording: goalpost.Text{"en": "Main goal?"}, Options: []goalpost.Item{{Code: "sales"}}}},
		Figures: []goalpost.Figure{
			{Question: "goals", Reference: "1", Option: "sales", Percent: "60", Base: 100, Kind: goalpost.BaseStated, Quality: goalpost.QualitySeen},
			{Question: "goals", Version: 2, Reference: "2", Option: "sales", Percent: "20", Base: 100, Kind: goalpost.BaseStated, Quality: goalpost.QualitySeen}}}
	if err := s.Check(); err != nil {
		t.Fatal(err)
	}
	q := ViewStudy(s, nil).Questions[0]
	c := q.Changes[0]
	if c.Points != nil || c.Comparable || !slices.Equal(keys(c.Reasons), []string{"study.break.type", "study.break.wording"}) {
		t.Errorf("\ngot:  %+v\nwant: no points, the type and the wording differ", c)
	}
	if e, ok := q.Results[0].Estimate(); !ok || e.Kind != infer.Confidence {
		t.Errorf("\ngot:  %+v", e)
	}
}

// A question asked very often is looked at in time, and a person is shown the changes from
// one time to the next.
func TestManyTimes(t *testing.T) {
	const times, answers = 70, 70
	s := goalpost.Study{ID: "x", Title: goalpost.Text{"en": "x"}, Waves: []goalpost.Wave{{ID: "1", N: 200, Sample: goalpost.SampleProbability}}}
	q := goalpost.Question{Code: "q", Version: 1, Type: goalpost.MultipleChoice, Wording: goalpost.Text{"en": "x"}}
	for i := range answers {
		q.Options = append(q.Options, goalpost.Item{Code: fmt.Sprint("o", i)})
	}
	s.Questions = []goalpost.Question{q}
	for i := range times {
		s.References = append(s.References, goalpost.Reference{ID: fmt.Sprint(i), Wave: "1", Kind: goalpost.ReferenceCurrent})
		for _, o := range q.Options {
			s.Figures = append(s.Figures, goalpost.Figure{Question: "q", Reference: fmt.Sprint(i), Option: o.Code, Percent: "50", Base: 200, Kind: goalpost.BaseStated, Quality: goalpost.QualitySeen})
		}
	}
	if err := s.Check(); err != nil {
		t.Fatal(err)
	}
	view := ViewStudy(s, nil).Questions[0]
	shown, all := view.ShownChanges()
	if len(view.Changes) != answers*times*(times-1)/2 || all || len(shown) != answers*(times-1) {
		t.Errorf("\ngot:  %d of %d, all %v", len(shown), len(view.Changes), all)
	}
	for _, c := range shown {
		if from, to := s.References, c.To; from[slices.IndexFunc(from, func(r goalpost.Reference) bool { return r.ID == c.From })+1].ID != to {
			t.Fatalf("\ngot:  %s to %s", c.From, to)
		}
	}
	s.References = append(s.References, make([]goalpost.Reference, 40)...)
	if err := s.Check(); err == nil {
		t.Error("110 times are taken")
	}
}
