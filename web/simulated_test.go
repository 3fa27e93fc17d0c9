package web

import (
	"net/http"
	"strings"
	"testing"

	"goalpost"
)

func someTruth() *Simulation {
	days := func(a, b goalpost.Day) goalpost.Period { return goalpost.Period{Start: day0 + a, End: day0 + b} }
	return &Simulation{Seed: 2026, Period: days(0, 500), Outage: days(100, 109), Launch: day0 + 480, Effects: []SimulatedEffect{
		{Activity: "Harbour <lights>", Region: "North", Network: goalpost.Instagram, Period: days(300, 321), Relative: 0.3, Cost: 4200},
		{Activity: "Banner", Region: "South", Network: goalpost.Facebook, Period: days(350, 371), Cost: 5600},
	}}
}

// A demo says on every page that it is simulated and links to the truth; elsewhere
// there is no such page.
func TestSimulated(t *testing.T) {
	s := newSite(t, nil)
	s.setUp("en")
	if a := s.get("/en/simulated"); a.status != http.StatusNotFound {
		t.Errorf("a real installation\ngot:  %d\nwant: 404", a.status)
	}
	s.server.Demo, s.server.Truth = true, someTruth()
	s.restart()
	if a := s.get("/de/goals"); !strings.Contains(a.body, `<a href="/de/simulated">`) {
		t.Error("no link to the truth")
	}
	for lang, want := range map[string][]string{
		"en": {"Harbour &lt;lights&gt;", "30% more orders a day", "none", "€4,200", "2026; the same seed"},
		"de": {"30\u00a0% mehr Bestellungen am Tag", "keine", "4.200,00\u00a0€", "Startwert"},
	} {
		a := s.get("/" + lang + "/simulated")
		for _, text := range want {
			if a.status != http.StatusOK || !strings.Contains(a.body, text) {
				t.Errorf("%s\ngot:  %d %s\nwant: %q", lang, a.status, textOf(a.body), text)
			}
		}
	}
}
