package web

import (
	"context"
	"encoding/json"
	"strings"
	"testing"
	"time"

	"goalpost"
	"goalpost/assess"
	"goalpost/browsertest"
)

// addAnalysis keeps an analysis of an activity with a result, as if it had been worked out.
func (s *site) addAnalysis(t *testing.T, name string, r assess.EffectReport) goalpost.AnalysisID {
	t.Helper()
	ctx, org := context.Background(), goalpost.OrgID(1)
	run := goalpost.Period{Start: goalpost.NewDay(2026, 3, 30), End: goalpost.NewDay(2026, 4, 27)}
	a, err := s.server.DB.CreateActivity(ctx, org, goalpost.ActivityVersion{Version: 1, Name: name, Runs: []goalpost.Period{run}, By: "anna", At: testNow})
	if err != nil {
		t.Fatal(err)
	}
	plan := goalpost.AnalysisPlan{Version: 1, Activity: a.ID, Name: name, Runs: a.Runs, Series: goalpost.SeriesRef{KPI: "orders", Scope: goalpost.Scope{Regions: []string{"North"}}}, Method: goalpost.MethodAuto,
		Level: 0.95, Pre: goalpost.Period{Start: goalpost.NewDay(2026, 1, 5), End: run.Start}, At: testNow, By: "anna"}
	x, err := s.server.DB.CreateAnalysis(ctx, org, plan)
	if err != nil {
		t.Fatal(err)
	}
	s.addResult(t, x.ID, plan, r, "data 1", testNow)
	return x.ID
}

// addResult keeps a result of an analysis.
func (s *site) addResult(t *testing.T, id goalpost.AnalysisID, plan goalpost.AnalysisPlan, r assess.EffectReport, data string, at time.Time) {
	t.Helper()
	body, err := json.Marshal(r)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := s.server.DB.SaveAnalysisResult(context.Background(), 1, id, goalpost.AnalysisResult{Plan: plan.Version, PlanHash: plan.Hash(), DataHash: data, Method: r.Method,
		Decision: r.Decision, ComputedAt: at, Report: body}); err != nil {
		t.Fatal(err)
	}
}

// Each kind of answer in both languages, light and dark, on a phone and on paper: no
// accessibility faults, nothing wider than the window.
func TestBrowserEffectAnswers(t *testing.T) {
	s := newSite(t, nil)
	s.setUp("en")
	s.addAnalysis(t, "Lighthouse giveaway", effectReport(t, 11, 3, worth))
	s.addAnalysis(t, "Harbour banner", effectReport(t, 0, 4, func(in *assess.EffectInput) {
		in.Others = []assess.EffectOther{{Name: "Spring sale", Rows: in.Post}}
	}))
	b := browsertest.New(t)
	b.Language("en")
	b.Open(s.base + "/en/login")
	b.Fill("#name", "anna")
	b.Fill("#password", testPassword)
	b.Follow("main form button")
	for _, lang := range languages {
		browse(t, b, s, "/"+lang+"/effects")
		picture(b, "effects-"+lang)
		for _, id := range []string{"1", "2"} {
			for _, dark := range []bool{false, true} {
				b.Dark(dark)
				browse(t, b, s, "/"+lang+"/effects/"+id)
				picture(b, "effect-"+lang+"-"+id+map[bool]string{true: "-dark"}[dark])
			}
			b.Dark(false)
		}
		b.PrintMedia(true)
		picture(b, "effect-"+lang+"-paper")
		b.PrintMedia(false)
		b.Viewport(360, 800, true)
		browse(t, b, s, "/"+lang+"/effects/2")
		picture(b, "effect-"+lang+"-phone")
		b.Viewport(1200, 900, false)
	}
	b.Viewport(1200, 900, false)
	browse(t, b, s, "/en/effects/1")
	b.Eval("document.querySelector('figure[data-read]').focus()", nil)
	b.Press("Home")
	if text := b.Text("figure .reading"); !strings.Contains(text, " 202") {
		t.Errorf("the arrow keys read %q", text)
	}
}
