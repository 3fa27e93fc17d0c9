package web

import (
	"strings"
	"testing"
)

// A reader who knows only the article reads plain words first; a legend explains only
// what its chart shows; on paper no chart stands twice; waves have names in both
// languages.
func TestStudyIsReadable(t *testing.T) {
	s := newSite(t, nil)
	s.setUp("de")
	page := s.page("/de/studies/pivot-sosm")
	text := textOf(page)
	for _, want := range []string{"Es haben weniger Befragte geantwortet als angenommen", "139 von 181 und 112 von 181", "in vier von fünf Fällen", "Engagement liegt 8,3 Punkte vor dem Verkauf",
		"der Antwort „Markenunternehmen“ ging von 38,7", "freiwillige Teilnahme"} {
		if !strings.Contains(text, want) {
			t.Errorf("no %q", want)
		}
	}
	for _, not := range []string{"181 Leute", "Hier nie gesehen", "selbst ausgewählt"} {
		if strings.Contains(text, not) {
			t.Errorf("%q is there", not)
		}
	}
	if !strings.Contains(page, `<summary>Welche Anzahlen passen würden</summary><p>Passen würden nur diese Anzahlen von Befragten: 40, 80, 120, 160.</p>`) {
		t.Error("the bases that would fit are not folded in")
	}
	figure := func(id string) string {
		_, rest, ok := strings.Cut(page, `id="`+id+`"`)
		if !ok {
			t.Fatalf("no %s", id)
		}
		part, _, _ := strings.Cut(rest, "</figure>")
		return part
	}
	const dotted, breaks = "Gepunktet", "Wo die Linie abbricht"
	for id, want := range map[string][2]bool{"sales": {true, true}, "understanding": {false, false}, "front": {true, false}, "metric": {false, false}} {
		part := figure(id)
		if got := [2]bool{strings.Contains(part, dotted), strings.Contains(part, breaks)}; got != want {
			t.Errorf("the legend of %s\ngot:  dotted, breaks: %v\nwant: %v", id, got, want)
		}
	}
	for id, twice := range map[string]bool{"question-goals": true, "question-asked_customers": true, "question-hindrance": false} {
		if part := figure(id); strings.Contains(part, `<div class="noprint"><figure>`) != twice {
			t.Errorf("%s: printed again: %v", id, !twice)
		}
	}
	for path, want := range map[string]string{"/de/studies": "2018 (Kunden)", "/en/studies": "2018 (customers)", "/de/studies/bvdw": "ohne Datum"} {
		if page := textOf(s.page(path)); !strings.Contains(page, want) {
			t.Errorf("%s: no %q", path, want)
		}
	}
}
