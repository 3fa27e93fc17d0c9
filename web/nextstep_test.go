package web

import (
	"net/url"
	"strings"
	"testing"

	"goalpost"
	"goalpost/assess"
)

// Somebody with a table of a shop gets from each page to the next: the columns ask for no
// profile, an activity leads to the question what it did, and there the series that nobody
// can propose is seen without opening anything.
func TestFromTheTableToTheQuestion(t *testing.T) {
	s := newSite(t, nil)
	s.setUp("de")
	var table strings.Builder
	table.WriteString("Tag;Umsatz (€);Besuche Newsletter;Bemerkung\n")
	day := testNow.AddDate(0, 0, -60)
	for range 55 {
		day = day.AddDate(0, 0, 1)
		table.WriteString(day.Format("02.01.2006") + ";439,84;115;\n")
	}
	at := s.upload("de", map[string]string{"laden.csv": table.String()}).header.Get("Location")
	page := s.page(at)
	if !strings.Contains(page, `<span>leer</span>`) {
		t.Errorf("a column without values does not say so:\n%s", textOf(page))
	}
	_, network, _ := strings.Cut(page, `<select id="network"`)
	if !strings.HasPrefix(network[strings.Index(network, "<option"):], `<option value="" selected>keines</option>`) {
		t.Errorf("the network of a shop looks as if it had to be chosen:\n%.400s", network)
	}
	s.await(s.post(at, url.Values{"kind": {"series"}, "role-0": {"date"}, "role-1": {"metric"}, "metric-1": {"revenue"}, "role-2": {"metric"}, "metric-2": {"own"},
		"name-2": {"Besuche Newsletter"}, "sum-2": {"sum"}, "role-3": {"ignore"}, "currency": {"EUR"}}).header.Get("Location"))
	says(t, s.post("/de/activities/new", url.Values{"name": {"Sommeraktion"}, "from-0": {day.AddDate(0, 0, -13).Format("2006-01-02")}, "until-0": {day.Format("2006-01-02")}}), 303)

	const ask = "/de/effects/new?activity=1"
	if page := s.page("/de/activities"); !strings.Contains(page, `href="`+ask+`"`) || !strings.Contains(textOf(page), "Wirkung prüfen") {
		t.Errorf("an activity leads nowhere:\n%s", textOf(page))
	}
	_, controls, _ := strings.Cut(s.page(ask), `id="controls"`)
	if !strings.Contains(controls, "<details open><summary>") || !strings.Contains(textOf(controls), "das wissen nur Sie") {
		t.Errorf("what could be compared with is folded away, and nothing else is there:\n%s", textOf(controls))
	}
}

// Controls of a result are named as everywhere else, and a region as its table names it.
func TestControlsAreNamed(t *testing.T) {
	p := Page{printer: printerFor("de", nil)}
	rows := []CovariateRow{{Name: "orders"}, {Name: "newsletter_besuche · Nord_Ost"}, {Name: "Nord_Ost"}}
	p.nameControls(rows, []goalpost.AnalysisControl{{SeriesRef: goalpost.SeriesRef{KPI: "orders"}}, {SeriesRef: goalpost.SeriesRef{KPI: "newsletter_besuche"}}})
	for i, want := range []string{"Bestellungen", "Newsletter besuche · Nord_Ost", "Nord_Ost"} {
		if rows[i].Name != want {
			t.Errorf("\ngot:  %s\nwant: %s", rows[i].Name, want)
		}
	}
}

// The total of an activity with days that nobody counted says that they are not in it.
func TestMissingDaysOfAnActivityAreSaid(t *testing.T) {
	r := assess.EffectReport{Grain: assess.GrainDay, Method: goalpost.MethodBMA, Post: assess.EffectPeriod{From: "2026-08-10", Until: "2026-08-23", Rows: 14, Missing: 1}}
	p := Page{printer: printerFor("de", nil)}
	if got := strings.Join(EffectFacts(p.printer, r), "\n"); !strings.Contains(got, "Während der Aktivität fehlt 1 von 14 Werten; für ihn ist keine Wirkung mitgezählt.") {
		t.Errorf("got:\n%s", got)
	}
	if got, want := p.effectPeriod(r.Post), "10.–23. August 2026 (ohne Zahl: 1 von 14)"; got != want {
		t.Errorf("\ngot:  %s\nwant: %s", got, want)
	}
	r.Post.Missing = 0
	if got := strings.Join(EffectFacts(p.printer, r), "\n"); strings.Contains(got, "mitgezählt") {
		t.Errorf("nothing is missing, and still:\n%s", got)
	}
}
