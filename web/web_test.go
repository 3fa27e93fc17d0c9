package web

import (
	"fmt"
	"net/http"
	"net/url"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"goalpost"
)

// day0 is the first day of the sales of the tests: 200 days before testNow.
var day0 = goalpost.DayOf(testNow, testNow.Location()) - 200

// goalForm is a goal on orders that is on its way.
func goalForm() url.Values {
	return url.Values{"kpi": {"orders"}, "name": {"Spring <sales>"}, "target": {"3,000"}, "from": {"2026-02-01"}, "until": {"2026-03-31"}, "owner": {"anna"}}
}

// workingSite is set up, with sales and one goal; it returns their addresses.
func workingSite(t *testing.T) (s *site, report, goal string) {
	t.Helper()
	s = newSite(t, nil)
	s.setUp("en")
	report = s.importFile("sales.csv", salesCSV(day0, 200))
	goal = s.addGoal("en", "sales", goalForm())
	return s, report, goal
}

// german is an English address in German.
func german(path string) string { return "/de" + strings.TrimPrefix(path, "/en") }

// What every page answers, what stands on it, and what must not.
func TestPages(t *testing.T) {
	s, report, goal := workingSite(t)
	stranger := newClient()
	owner := s.client
	for _, c := range []struct {
		name, path string
		stranger   bool
		status     int
		present    []string
		absent     []string
	}{
		{"goals", "/en/goals", false, 200, []string{"Goals", "Spring &lt;sales&gt;", "Orders", "Chance of reaching", "Do we measure what we want?"}, []string{"Spring <sales>", "simulated"}},
		{"Ziele", "/de/goals", false, 200, []string{"Ziele", "Bestellungen", "Messen wir, was wir wollen?"}, []string{"Chance of reaching", "Do we measure"}},
		{"goal", goal, false, 200, []string{"<svg", "Needed per day", "3,000", "CSV", "Fingerprint of the data", "anna"}, []string{"NaN", "web."}},
		{"Ziel", german(goal), false, 200, []string{"3.000", "Fingerabdruck der Daten", "31. März 2026"}, []string{"NaN", "3,000", "31 March"}},
		{"goal looking back", goal + "?as-of=2026-03-01", false, 200, []string{"Looking back", "1 March 2026"}, []string{"Change the goal"}},
		{"goal looking back to what was known", goal + "?as-of=2026-03-01&seen=1", false, 404, []string{"Not found"}, nil},
		{"goal with a date that is none", goal + "?as-of=yesterday", false, 422, []string{"is not a date"}, nil},
		{"goal of nobody", "/en/goals/999", false, 404, []string{"Not found"}, []string{"sql", "store"}},
		{"goal that is no number", "/en/goals/1e3", false, 404, nil, nil},
		{"change", goal + "/change", false, 200, []string{`value="3000"`, "Why?"}, nil},
		{"retire", goal + "/retire", false, 200, []string{"Retire this goal?"}, nil},
		{"catalogue of goals", "/en/goals/new", false, 200, []string{"Sell more", "usually judged by"}, nil},
		{"new goal", "/en/goals/new?kind=engagement", false, 200, []string{"Engagement rate by reach", "data are there"}, nil},
		{"neues Ziel", "/de/goals/new?kind=engagement", false, 200, []string{"Interaktionsrate nach Reichweite"}, nil},
		{"goal of no catalogue", "/en/goals/new?kind=world-peace", false, 404, nil, nil},
		{"posts", "/en/posts", false, 200, []string{"No posts yet"}, nil},
		{"import", "/en/import", false, 200, []string{"sales.csv", `type="file"`, "multiple"}, nil},
		{"Import", "/de/import", false, 200, []string{"Importierte Dateien", "zählt"}, nil},
		{"report", report, false, 200, []string{"200 rows kept, 0 reported", "sales.csv", "SHA-256"}, nil},
		{"Bericht", german(report), false, 200, []string{"200 Zeilen übernommen, 0 gemeldet"}, []string{"rows kept"}},
		{"undo", report + "/undo", false, 200, []string{"Undo this import?"}, nil},
		{"report of nobody", "/en/imports/77", false, 404, nil, nil},
		{"settings", "/en/settings", false, 200, []string{"Musterwerk", "Europe/Berlin", "EUR"}, []string{"argon2id"}},
		{"definitions", "/de/kpis", false, 200, []string{"Interaktionen", "über den Zeitraum addiert"}, nil},
		{"nothing", "/en/nothing", false, 404, []string{"Not found"}, nil},
		{"nichts", "/de/nichts", false, 404, []string{"Nicht gefunden"}, nil},
		{"no language", "/goals", false, 404, nil, nil},
		{"foreign language", "/fr/goals", false, 404, nil, nil},
		{"set-up is gone", "/en/setup?token=" + testToken, false, 404, nil, nil},
		{"stranger at the goals", "/en/goals", true, 303, nil, []string{"Spring"}},
		{"stranger at the goal", goal, true, 303, nil, []string{"Spring"}},
		{"stranger at the chart", goal + "/chart.svg", true, 303, nil, []string{"<svg"}},
		{"stranger at the report", report + "/report.json", true, 303, nil, []string{"sha256"}},
		{"log-in", "/en/login", true, 200, []string{"Log in"}, []string{"Settings"}},
		{"Anmeldung", "/de/login?next=//evil.example", true, 200, []string{"Anmelden"}, []string{"evil.example/"}},
	} {
		t.Run(c.name, func(t *testing.T) {
			s.client = owner
			if c.stranger {
				s.client = stranger
			}
			a := s.get(c.path)
			if a.status != c.status {
				t.Errorf("%s\ngot:  %d\nwant: %d\n%s", c.path, a.status, c.status, textOf(a.body))
			}
			for _, want := range c.present {
				if !strings.Contains(a.body, want) {
					t.Errorf("%s: %q is missing in\n%s", c.path, want, textOf(a.body))
				}
			}
			for _, no := range c.absent {
				if strings.Contains(a.body, no) {
					t.Errorf("%s: %q must not be there", c.path, no)
				}
			}
			if strings.Contains(a.body, "ZgotmplZ") {
				t.Errorf("%s: the template refused a value", c.path)
			}
		})
	}
	if strings.Contains(s.log.String(), "level=ERROR") {
		t.Errorf("errors in the log:\n%s", s.log)
	}
}

// A goal's way: set, changed with a reason, retired; every version stays visible.
func TestGoalChanges(t *testing.T) {
	s, _, goal := workingSite(t)
	form := goalForm()
	form.Set("target", "3,500")
	if a := s.post(goal+"/change", form); a.status != 422 || !strings.Contains(a.body, "Please check") {
		t.Errorf("a change without a reason: %d\n%s", a.status, textOf(a.body))
	}
	form.Set("why", "The campaign was extended")
	if a := s.post(goal+"/change", form); a.status != 303 {
		t.Fatalf("change: %d\n%s", a.status, textOf(a.body))
	}
	text := textOf(s.page(goal))
	for _, want := range []string{"3,500", "3,000", "The campaign was extended"} {
		if !strings.Contains(text, want) {
			t.Errorf("%q is missing in\n%s", want, text)
		}
	}
	bad := goalForm()
	bad.Set("target", "many")
	if a := s.post("/en/goals/new?kind=sales", bad); a.status != 422 || !strings.Contains(a.body, `value="many"`) {
		t.Errorf("an unreadable target must be said and kept: %d", a.status)
	}
	wish := s.addGoal("en", "reach", url.Values{})
	if text := textOf(s.page(wish)); !strings.Contains(text, "Only a wish so far: KPI, target and period are missing.") {
		t.Errorf("a wish must say what it lacks:\n%s", text)
	}
	if a := s.post(goal+"/retire", url.Values{"why": {"No longer sold"}}); a.status != 303 {
		t.Fatalf("retire: %d\n%s", a.status, textOf(a.body))
	}
	if text := textOf(s.page("/en/goals")); !strings.Contains(text, "Retired goals (1)") || !strings.Contains(text, "No longer sold") {
		t.Errorf("a retired goal must stay readable:\n%s", text)
	}
	if a := s.post(goal+"/change", form); a.status != 409 {
		t.Errorf("a retired goal cannot be changed: %d", a.status)
	}
}

// Downloads of a goal and of a report: their kind, their content.
func TestDownloads(t *testing.T) {
	s, report, goal := workingSite(t)
	for _, c := range []struct{ path, kind, begins string }{
		{goal + "/chart.svg", "image/svg+xml", "<"},
		{goal + "/chart.png", "image/png", "\x89PNG"},
		{goal + "/table.csv", "text/csv; charset=utf-8", "date,value,cumulative,forecast,lo80,hi80\n" + day0.String()},
		{goal + "/table.csv?as-of=2026-03-01", "text/csv; charset=utf-8", "date,value"},
		{report + "/report.csv", "text/csv; charset=utf-8", "file,line,reason,text,count,column,value\n"},
		{report + "/report.json", "application/json", "{"},
		{"/en/posts.csv", "text/csv; charset=utf-8", ""},
	} {
		a := s.get(c.path)
		if a.status != 200 || a.header.Get("Content-Type") != c.kind || !strings.HasPrefix(a.body, c.begins) {
			t.Errorf("%s: %d %s %.80q\nwant: 200 %s %q", c.path, a.status, a.header.Get("Content-Type"), a.body, c.kind, c.begins)
		}
		if !strings.Contains(a.header.Get("Content-Disposition"), "attachment") {
			t.Errorf("%s is no download", c.path)
		}
	}
	r := decode[goalpost.Report](t, s.page(report+"/report.json"))
	if len(r.Files) != 1 || r.Files[0].Kept != 200 || r.Files[0].Totals["orders"] == 0 {
		t.Errorf("report: %+v", r.Files)
	}
}

// An import from the drop zone to the report, with questions, undone and back.
func TestImport(t *testing.T) {
	s := newSite(t, nil)
	s.setUp("de")
	a := s.upload("de", map[string]string{"anfragen.csv": germanCSV(day0, 60)})
	page := a.header.Get("Location")
	if a.status != 303 || !strings.HasPrefix(page, "/de/import/file/") {
		t.Fatalf("a table that nobody knows must be asked about: %d %s\n%s", a.status, page, textOf(a.body))
	}
	html := s.page(page)
	for _, want := range []string{"Anfragen gesamt", "Was bedeuten die Spalten?", `name="role-1"`} {
		if !strings.Contains(html, want) {
			t.Errorf("%q is missing in\n%s", want, textOf(html))
		}
	}
	form := url.Values{"kind": {"series"}, "grain": {"day"}, "decimal": {","}, "role-0": {"date"}, "role-1": {"metric"}, "metric-1": {"leads"}, "role-2": {"ignore"},
		"date_order": {"dmy"}, "network": {"web"}, "account": {"shop"}}
	a = s.post(page, form)
	if a.status != 303 {
		t.Fatalf("confirm: %d\n%s", a.status, textOf(a.body))
	}
	report := s.await(a.header.Get("Location"))
	if text := textOf(s.page(report)); !strings.Contains(text, "60 Zeilen übernommen, 0 gemeldet") {
		t.Errorf("report:\n%s", text)
	}
	// The same file again adds nothing and says so.
	a = s.upload("de", map[string]string{"anfragen.csv": germanCSV(day0, 60)})
	if text := textOf(s.get(s.await(a.header.Get("Location")) + "?known=1").body); !strings.Contains(text, "schon importiert") {
		t.Errorf("second time:\n%s", text)
	}
	if a := s.post(report+"/undo", nil); a.status != 303 {
		t.Fatalf("undo: %d\n%s", a.status, textOf(a.body))
	}
	if text := textOf(s.page(report)); !strings.Contains(text, "Zurückgenommen am") {
		t.Errorf("undone report:\n%s", text)
	}
	if a := s.get(report + "/undo"); a.status != 409 {
		t.Errorf("an undone import cannot be undone: %d", a.status)
	}
	left, err := os.ReadDir(filepath.Join(s.server.DataDir, "upload"))
	if err != nil || len(left) != 0 {
		t.Errorf("uploads must be removed after the import: %v %v", left, err)
	}
}

// Broken files get a sentence and change nothing.
func TestImportRefuses(t *testing.T) {
	s := newSite(t, func(s *Server) { s.UploadLimit = 1 << 20 })
	s.setUp("en")
	for _, c := range []struct {
		name, file, text string
		want             string
	}{
		{"empty", "empty.csv", "", "empty"},
		{"no table", "letter.csv", "Dear Sir or Madam,\nyours\n", ""},
		{"a zip that is no workbook", "book.xlsx", "PK\x03\x04rubbish", ""},
		{"bytes", "bytes.csv", "\x00\x01\x02\xff\xfe\x00", ""},
	} {
		t.Run(c.name, func(t *testing.T) {
			a := s.upload("en", map[string]string{c.file: c.text})
			if a.status != 303 {
				t.Fatalf("upload: %d\n%s", a.status, textOf(a.body))
			}
			b := s.get(a.header.Get("Location"))
			if b.status != 200 || strings.Contains(b.body, "did not work") {
				t.Errorf("\n%d %s", b.status, textOf(b.body))
			}
			if !strings.Contains(b.body, c.want) {
				t.Errorf("%q is missing in\n%s", c.want, textOf(b.body))
			}
		})
	}
	if a := s.upload("en", map[string]string{"big.csv": strings.Repeat("a,b\n", 1<<20)}); a.status != 422 || !strings.Contains(a.body, "too large") {
		t.Errorf("a file over the limit: %d\n%s", a.status, textOf(a.body))
	}
	if a := s.upload("en", nil); a.status != 422 || !strings.Contains(a.body, "No file was chosen") {
		t.Errorf("no file: %d\n%s", a.status, textOf(a.body))
	}
	if strings.Contains(s.log.String(), "level=ERROR") {
		t.Errorf("broken files are no internal errors:\n%s", s.log)
	}
}

// Several files at once are imported one after the other.
func TestSeveralFiles(t *testing.T) {
	s := newSite(t, nil)
	s.setUp("en")
	files := map[string]string{}
	for i := range 3 {
		files[fmt.Sprintf("sales-%d.csv", i)] = salesCSV(day0+goalpost.Day(30*i), 30)
	}
	a := s.upload("en", files)
	batch := a.header.Get("Location")
	type state struct {
		Busy  bool
		Files []struct{ Text string }
	}
	var last state
	for range 1000 {
		last = decode[state](t, s.page(batch+"/state"))
		if !last.Busy {
			break
		}
	}
	for _, f := range last.Files {
		if !strings.Contains(f.Text, "30 rows kept") {
			t.Errorf("%s", f.Text)
		}
	}
	if text := textOf(s.page("/en/import")); strings.Count(text, "counts") < 3 {
		t.Errorf("three imports are expected:\n%s", text)
	}
}

// The colours are kept by a POST and leave the page where it was.
func TestTheme(t *testing.T) {
	s := newSite(t, nil)
	s.setUp("en")
	a := s.post("/de/theme", url.Values{"theme": {"dark"}, "back": {"/de/settings"}})
	if a.status != 303 || a.header.Get("Location") != "/de/settings" {
		t.Errorf("theme: %d %s", a.status, a.header.Get("Location"))
	}
	if !strings.Contains(s.page("/de/settings"), `data-theme="dark"`) {
		t.Error("the dark theme is not kept")
	}
	s.post("/de/theme", url.Values{"theme": {"auto"}, "back": {"https://evil.example/"}})
	if strings.Contains(s.page("/de/settings"), "data-theme") {
		t.Error("automatic colours are not restored")
	}
}

// The first page stays under 60 KB as it is sent, with style, script and icon.
func TestFirstPageIsSmall(t *testing.T) {
	s, _, goal := workingSite(t)
	for _, page := range []string{"/en/goals", goal} {
		total := 0
		for _, path := range []string{page, s.server.assets.path("app.css"), s.server.assets.path("app.js"), s.server.assets.path("icon.svg")} {
			r, err := http.NewRequest(http.MethodGet, s.base+path, nil)
			if err != nil {
				t.Fatal(err)
			}
			r.Header.Set("Accept-Encoding", "gzip")
			a := s.do(r)
			if a.status != 200 || a.header.Get("Content-Encoding") != "gzip" {
				t.Errorf("%s: %d, encoding %q", path, a.status, a.header.Get("Content-Encoding"))
			}
			total += len(a.body)
		}
		t.Logf("%s: %d bytes compressed", page, total)
		if total > 60_000 {
			t.Errorf("%s: %d bytes compressed, at most 60,000 are allowed", page, total)
		}
	}
}

// Goals of every kind of KPI have a page, a card and a chart: sums, rates, largest
// values, changes against a baseline, and periods that are over or still to come.
func TestKindsOfGoal(t *testing.T) {
	s, _, _ := workingSite(t)
	s.addPosts(t)
	for _, c := range []struct {
		name, kind string
		form       url.Values
		present    []string
	}{
		{"rate", "engagement", url.Values{"kpi": {"engagement_rate_by_reach"}, "target": {"2.5%"}, "from": {"2026-01-01"}, "until": {"2026-03-31"}}, []string{"2.5%", "Engagements / Reach"}},
		{"largest", "reach", url.Values{"kpi": {"reach"}, "target": {"2,000"}, "from": {"2026-01-01"}, "until": {"2026-03-31"}, "network": {"facebook"}}, []string{"Facebook", "2,000"}},
		{"change", "sales", url.Values{"kpi": {"revenue"}, "target": {"+10%"}, "baseline": {"100,000"}, "from": {"2026-01-01"}, "until": {"2026-03-31"}}, []string{"+10%", "€110,000"}},
		{"over", "sales", url.Values{"kpi": {"orders"}, "target": {"100"}, "from": {"2025-12-01"}, "until": {"2025-12-31"}}, []string{"Counted completely", "100"}},
		{"to come", "sales", url.Values{"kpi": {"orders"}, "target": {"100"}, "from": {"2026-04-01"}, "until": {"2026-04-30"}}, []string{"1–30 April 2026"}},
		{"no period", "sales", url.Values{"kpi": {"orders"}, "target": {"100"}}, []string{"Incomplete: the period is missing."}},
		{"no data", "sales", url.Values{"kpi": {"incremental_revenue"}, "target": {"100"}, "from": {"2026-01-01"}, "until": {"2026-03-31"}}, []string{"Not measured"}},
	} {
		t.Run(c.name, func(t *testing.T) {
			goal := s.addGoal("en", c.kind, c.form)
			body := s.page(goal)
			for _, want := range c.present {
				if !strings.Contains(textOf(body), want) {
					t.Errorf("%q is missing in\n%s", want, textOf(body))
				}
			}
			if c.name != "no data" && !strings.Contains(body, `id="goal-chart-title"`) {
				t.Error("no chart")
			}
			for _, page := range []string{body, s.page(german(goal)), s.page(goal + "/change"), s.page("/de/goals")} {
				for _, no := range []string{"NaN", "Inf", "%!", "{0}", ">web.", ">verdict."} {
					if strings.Contains(page, no) {
						t.Errorf("%q must not be there", no)
					}
				}
			}
		})
	}
}
