package web

import (
	"encoding/csv"
	"encoding/json"
	"net/http"
	"net/url"
	"strings"
	"testing"

	"goalpost"
	"goalpost/assess"
)

// A study whose every text is an attack does nothing to its readers: pages and pictures
// escape it, tables hold no formula, links lead to the web only.
func TestHostileStudy(t *testing.T) {
	s := newSite(t, nil)
	s.setUp("en")
	const evil = `=HYPERLINK("http://evil.example")</title></textarea><script>alert(1)</script><img src=x onerror=alert(1)>" onload="alert(1)`
	text := goalpost.Text{"en": evil, "de": evil}
	study := assess.StudyTemplate()
	study.ID, study.Title, study.Publisher, study.Note = "hostile", text, evil, text
	for i := range study.Waves {
		w := &study.Waves[i]
		w.Who, w.Recruiting, w.Mode, w.Incentive, w.Note = text, text, text, text, text
	}
	for i := range study.References {
		study.References[i].Note = text
	}
	for i := range study.Questions {
		q := &study.Questions[i]
		q.Wording, q.Base, q.Note = text, text, text
		for k := range q.Options {
			q.Options[k].Label = text
		}
	}
	for i := range study.Figures {
		study.Figures[i].Note = text
	}
	data, err := json.Marshal(study)
	if err != nil {
		t.Fatal(err)
	}
	if a := s.sendFile(t, "/en/studies-file", "h.json", string(data), nil); a.status != http.StatusSeeOther {
		t.Fatalf("%d %s", a.status, textOf(a.body))
	}
	s.publish(t, "hostile", "hostile")
	if a := s.post("/en/studies/hostile/figure", url.Values{"question": {"goals"}, "version": {"1"}, "reference": {"2025"}, "option": {"sales"}, "printed": {"percent"}, "number": {"58.4"}, "base": {"240"}, "base_kind": {"stated"},
		"quality": {"seen"}, "note_en": {evil}, "why": {evil}}); a.status != http.StatusSeeOther {
		t.Fatalf("%d %s", a.status, textOf(a.body))
	}
	for _, path := range []string{"/en/studies", "/en/studies/hostile", "/en/studies/hostile/figure?question=goals&version=1&reference=2025&option=sales", "/en/r/hostile", "/de/r/hostile/1", "/en/r/hostile/embed/goals/shares",
		"/en/r/hostile/2/goals/shares.svg", "/en/studies/hostile/goals/trend.svg", "/en/studies-wave", "/en/r/hostile/embed/goals/shares?theme=%22%3E%3Cscript%3E&option=%3Cscript%3E"} {
		body := s.page(path)
		if strings.Contains(body, "<script>alert") || strings.Contains(body, "<img src=x") || strings.Contains(body, `" onload="`) {
			t.Errorf("%s runs what the study says", path)
		}
		if strings.Contains(body, `<script src="http`) || strings.Contains(body, "javascript:") {
			t.Errorf("%s loads something foreign", path)
		}
	}
	for _, path := range []string{"/en/r/hostile/2/figures.csv", "/en/r/hostile/2/goals/shares.csv", "/en/studies/hostile/figures.csv"} {
		rows, err := csv.NewReader(strings.NewReader(s.page(path))).ReadAll()
		if err != nil || len(rows) < 3 {
			t.Fatalf("%s: %d rows, %v", path, len(rows), err)
		}
		for _, row := range rows {
			for _, cell := range row {
				if strings.HasPrefix(cell, "=") || strings.HasPrefix(cell, "+") || strings.HasPrefix(cell, "@") {
					t.Errorf("%s holds a formula: %s", path, cell)
				}
			}
		}
	}
}

// Another organisation's studies, drafts and files cannot be reached by any of the new
// addresses, and a GET of them writes nothing.
func TestStudiesOfAnotherOrganisation(t *testing.T) {
	s := newSite(t, nil)
	s.setUp("en")
	if a := s.post("/en/studies-new", studyForm()); a.status != http.StatusSeeOther {
		t.Fatal(a.status)
	}
	mine := []string{"/en/studies/trade-2026", "/en/studies/trade-2026/figure?question=goals&version=1", "/en/studies/trade-2026/wave/new", "/en/studies/trade-2026/question/new"}
	before := s.dump(t)
	for _, path := range append([]string{"/en/studies-new", "/en/studies-file", "/en/studies-wave", "/en/studies-template.csv", "/en/r/trade-2026"}, mine...) {
		s.get(path)
	}
	if s.dump(t) != before {
		t.Error("a GET wrote")
	}
	s.secondOrganisation(t)
	s.loginAs(t, "eve")
	for _, path := range mine {
		if a := s.get(path); a.status != http.StatusNotFound {
			t.Errorf("GET %s\ngot:  %d\nwant: 404", path, a.status)
		}
	}
	for _, path := range []string{"/figure?x=1", "/wave/new", "/question/new", "/publish", "/withdraw"} {
		if a := s.post("/en/studies/trade-2026"+path, url.Values{"slug": {"trade-2026"}, "question": {"goals"}, "version": {"1"}, "why": {"x"}}); a.status != http.StatusNotFound {
			t.Errorf("POST %s\ngot:  %d\nwant: 404", path, a.status)
		}
	}
	if a := s.post("/en/studies-new", studyForm()); a.status != http.StatusSeeOther {
		t.Errorf("the same id in another organisation\ngot:  %d", a.status)
	}
	s.publish(t, "trade-2026", "trade-2026")
	if page := s.strangerGets("/en/r/trade-2026").body; !strings.Contains(page, "Trade study") {
		t.Errorf("\ngot:  %s", textOf(page))
	}
	s.client = newClient()
	for _, path := range append(mine, "/en/studies-new", "/en/studies-file", "/en/studies-wave", "/en/studies-template.csv") {
		if a := s.get(path); a.status != http.StatusSeeOther || !strings.Contains(a.header.Get("Location"), "/login") {
			t.Errorf("a stranger at %s\ngot:  %d", path, a.status)
		}
	}
}
