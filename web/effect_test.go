package web

import (
	"context"
	"encoding/json"
	"net/http"
	"strings"
	"testing"
	"time"

	"goalpost"
	"goalpost/assess"
)

// An analysis is listed and shown with its newest result; the earlier ones are kept and
// can be read; all downloads are there; another organisation finds nothing.
func TestEffectPages(t *testing.T) {
	s := newSite(t, func(s *Server) {
		s.Truth = &Simulation{Effects: []SimulatedEffect{{Activity: "Lighthouse giveaway", Region: "North", Relative: 0.3}}}
	})
	s.setUp("en")
	if text := textOf(s.page("/en/effects")); !strings.Contains(text, "It takes two things") || !strings.Contains(text, "Import a table Enter an activity") {
		t.Errorf("the empty list does not say what to do:\n%s", text)
	}
	id := s.addAnalysis(t, "Lighthouse giveaway", effectReport(t, 0, 4, nil))
	a, err := s.server.DB.Analysis(context.Background(), 1, id)
	if err != nil {
		t.Fatal(err)
	}
	s.addResult(t, id, a.Plan(), effectReport(t, 11, 3, worth), "data 2", testNow.Add(time.Hour))

	for path, want := range map[string][]string{
		"/en/effects":            {"very likely brought about 327 more", "Lighthouse giveaway: Orders, North"},
		"/de/effects":            {"rund 327 zusätzlich gebracht", "Hat es etwas gebracht?"},
		"/en/effects/1":          {"very likely brought about 327 more", "Cannot tell yet", "other data", "In North the activity truly brought", a.Plan().Hash(), "data 2", "before the result was shown"},
		"/en/effects/1?result=1": {"We cannot tell yet whether", "This is the result of", "data 1"},
		"/de/effects/1?result=1": {"lässt sich noch nicht sagen", "Das ist das Ergebnis vom"},
	} {
		text := textOf(s.page(path))
		for _, w := range want {
			if !strings.Contains(text, w) {
				t.Errorf("%s: %q is missing in\n%.1200s", path, w, text)
			}
		}
	}
	for path, kind := range map[string]string{"chart.svg": "image/svg+xml", "chart.png": "image/png", "table.csv": "text/csv; charset=utf-8", "effect.json": "application/json"} {
		for _, query := range []string{"", "?result=1"} {
			if x := s.get("/en/effects/1/" + path + query); x.status != http.StatusOK || x.header.Get("Content-Type") != kind || len(x.body) < 500 {
				t.Errorf("%s%s: %d %s, %d bytes", path, query, x.status, x.header.Get("Content-Type"), len(x.body))
			}
		}
	}
	got := decode[struct {
		Plan   goalpost.AnalysisPlan
		Result struct{ Report json.RawMessage }
	}](t, s.get("/en/effects/1/effect.json").body)
	if r := decode[assess.EffectReport](t, string(got.Result.Report)); got.Plan.Name != "Lighthouse giveaway" || r.Decision != goalpost.Increase || len(r.Series) != 178 {
		t.Errorf("the JSON holds %q, %v and %d rows", got.Plan.Name, r.Cumulative, len(r.Series))
	}
	for _, path := range []string{"/en/effects/2", "/en/effects/x", "/en/effects/1?result=9", "/en/effects/1?result=x"} {
		if x := s.get(path); x.status != http.StatusNotFound {
			t.Errorf("%s: %d", path, x.status)
		}
	}
	s.secondOrganisation(t)
	s.loginAs(t, "eve")
	for _, path := range []string{"", "/chart.svg", "/chart.png", "/table.csv", "/effect.json"} {
		if x := s.get("/en/effects/1" + path); x.status != http.StatusNotFound {
			t.Errorf("another organisation reads %s: %d", path, x.status)
		}
	}
	if text := textOf(s.page("/en/effects")); strings.Contains(text, "Lighthouse") {
		t.Error("another organisation's analysis is listed")
	}
}
