package web

import (
	"net/url"
	"strings"
	"testing"

	"goalpost/browsertest"
)

// finished uploads one file that asks nothing and returns the text of its report.
func (s *site) finished(lang, name, text string) string {
	s.t.Helper()
	return textOf(s.page(s.await(s.upload(lang, map[string]string{name: text}).header.Get("Location"))))
}

// A second table is compared with the first: a known column is no known file, and another
// number for the same day is said, with which one counts.
func TestReportComparesWithEarlierImports(t *testing.T) {
	s := newSite(t, nil)
	s.setUp("de")
	s.finished("de", "a.csv", "date,sessions\n2026-01-01,10\n2026-01-02,20\n")
	report := s.finished("de", "b.csv", "date,sessions,orders\n2026-01-01,10,1\n2026-01-02,20,2\n")
	for _, want := range []string{"Besuche: 2 Werte waren schon bekannt und sind gleich.", "Bestellungen: neu.", "Davon ohne Neues 0"} {
		if !strings.Contains(report, want) {
			t.Errorf("%q is missing in\n%s", want, report)
		}
	}
	if strings.Contains(report, "schon importiert") {
		t.Errorf("this is a new file:\n%s", report)
	}
	report = s.finished("de", "c.csv", "date,sessions\n2026-01-01,99\n2026-01-02,20\n")
	for _, want := range []string{"Besuche: 1 Wert weicht von einem früheren Import ab; dieser Import ist der neuere und zählt. Der erste steht in Zeile 2, am 1. Januar 2026: anderswo 10, hier 99.", "Davon ohne Neues 1"} {
		if !strings.Contains(report, want) {
			t.Errorf("%q is missing in\n%s", want, report)
		}
	}
}

// What activities cost is named and has its currency, and the way from a report leads to
// what they sold.
func TestReportOfActivities(t *testing.T) {
	s := newSite(t, nil)
	s.setUp("de")
	page := s.page(s.await(s.upload("de", map[string]string{"kampagnen.csv": "Name;von;bis;Netzwerk;Kosten\nMaiaktion;04.05.2026;31.05.2026;Facebook;1.200,00\n"}).header.Get("Location")))
	if text := textOf(page); !strings.Contains(text, "Kosten 1.200,00 €") || !strings.Contains(text, "Hat es etwas gebracht? Ziele Alle Importe Import zurücknehmen") {
		t.Errorf("got:\n%s", text)
	}
}

// A row that was left out names the cell; what could be a person's address is not shown,
// and nothing of a cell is read as HTML.
func TestReportNamesTheCell(t *testing.T) {
	s := newSite(t, nil)
	s.setUp("de")
	at := s.await(s.upload("de", map[string]string{"x.csv": "date,orders,sessions\n2026-01-01,1,1\n2026-01-02,<b>abc</b>,2\n2026-01-03,ada@example.com,3\n"}).header.Get("Location"))
	page := s.page(at)
	text := textOf(page)
	for _, want := range []string{"Zeile 3, orders: „<b>abc</b>“ ist keine Zahl.", "Zeile 4, orders: „…@…“ ist keine Zahl.", "fehlt ganz"} {
		if !strings.Contains(text, want) && !strings.Contains(page, strings.NewReplacer("<", "&lt;", ">", "&gt;").Replace(want)) {
			t.Errorf("%q is missing in\n%s", want, text)
		}
	}
	if strings.Contains(page, "ada@example.com") || strings.Contains(page, "<b>abc") {
		t.Errorf("an address or a tag of the file stands on the page:\n%s", page)
	}
}

// The column page offers known numbers by their names, and a name that means one of them
// makes no second one.
func TestTypedNamesMeanKnownNumbers(t *testing.T) {
	for name, want := range map[string]string{"Bestellungen": "orders", "orders": "orders", "Tickets": "tickets", "Support-Anfragen": "tickets", "Anzahl Verkäufe": "", "Umsatz": "revenue", "Besuche": "sessions"} {
		if got := knownMetric(name); got != want {
			t.Errorf("%q\ngot:  %q\nwant: %q", name, got, want)
		}
	}
	s := newSite(t, nil)
	s.setUp("de")
	at := s.upload("de", map[string]string{"x.csv": "Tag;Best. gesamt;Mitglieder Verein\n01.01.2026;3;100\n02.01.2026;4;110\n"}).header.Get("Location")
	page := s.page(at)
	for _, want := range []string{">Bestellungen</option>", ">Follower (Stand)</option>", ">eigene Zahl …</option>", `name="currency"`, `name="account"`, `name="network"`} {
		if !strings.Contains(page, want) {
			t.Errorf("%q is missing in\n%s", want, textOf(page))
		}
	}
	form := url.Values{"kind": {"series"}, "grain": {""}, "decimal": {""}, "role-0": {"date"}, "role-1": {"metric"}, "metric-1": {"own"}, "name-1": {"Bestellungen"},
		"role-2": {"metric"}, "metric-2": {"own"}, "name-2": {"Mitglieder"}}
	if a := s.post(at, form); a.status != 422 || !strings.Contains(textOf(a.body), "Sagen Sie zu „Mitglieder“") {
		t.Fatalf("sum or level is not asked: %d\n%s", a.status, textOf(a.body))
	}
	form.Set("sum-2", "level")
	a := s.post(at, form)
	if a.status != 303 {
		t.Fatalf("%d\n%s", a.status, textOf(a.body))
	}
	if report := textOf(s.page(s.await(a.header.Get("Location")))); !strings.Contains(report, "Bestellungen 7") {
		t.Errorf("the typed name made a number of its own:\n%s", report)
	}
}

// The order of dates is asked with the file's own example, and nothing is chosen before.
func TestDateOrderIsAskedWithAnExample(t *testing.T) {
	s := newSite(t, nil)
	s.setUp("de")
	at := s.upload("de", map[string]string{"x.csv": "date,orders\n03/04/2025,1\n05/06/2025,2\n"}).header.Get("Location")
	page := s.page(at)
	for _, want := range []string{"„03/04/2025“: 3. April 2025 oder 4. März 2025?", `<option value="" selected>Bitte wählen`, ">3. April 2025 (Tag zuerst)<"} {
		if !strings.Contains(page, want) {
			t.Errorf("%q is missing in\n%s", want, page)
		}
	}
	if a := s.post(at, url.Values{}); a.status != 422 {
		t.Errorf("nothing was chosen: %d", a.status)
	}
}

// The currency of a table that Goalpost does not know is confirmed with its columns.
func TestCurrencyIsConfirmedWithTheColumns(t *testing.T) {
	s := newSite(t, nil)
	s.setUp("de")
	at := s.upload("de", map[string]string{"x.csv": "Tag;Erlös brutto\n01.01.2026;3,50\n02.01.2026;4,50\n"}).header.Get("Location")
	a := s.post(at, url.Values{"kind": {"series"}, "role-0": {"date"}, "role-1": {"metric"}, "metric-1": {"revenue"}, "currency": {"chf"}})
	if a.status != 303 {
		t.Fatalf("%d\n%s", a.status, textOf(a.body))
	}
	if report := textOf(s.page(s.await(a.header.Get("Location")))); !strings.Contains(report, "CHF") || strings.Contains(report, "EUR") {
		t.Errorf("the currency of the form is not used:\n%s", report)
	}
}

// A network that a header names is proposed, and the person's answer wins.
func TestNetworkOfAHeaderIsProposed(t *testing.T) {
	s := newSite(t, nil)
	s.setUp("de")
	at := s.upload("de", map[string]string{"x.csv": "Tag;Follower Insta\n01.01.2026;100\n02.01.2026;110\n"}).header.Get("Location")
	page := s.page(at)
	if !strings.Contains(page, `value="followers" selected`) || !strings.Contains(page, `value="instagram" selected`) {
		t.Fatalf("not proposed:\n%s", textOf(page))
	}
	form := url.Values{"kind": {"series"}, "role-0": {"date"}, "role-1": {"metric"}, "metric-1": {"followers"}, "network": {"threads"}}
	if a := s.post(at, form); a.status != 422 || !strings.Contains(textOf(a.body), "Es fehlt noch etwas") {
		t.Errorf("followers without a profile: %d\n%s", a.status, textOf(a.body))
	}
	form.Set("account", "laden")
	a := s.post(at, form)
	if a.status != 303 {
		t.Fatalf("%d\n%s", a.status, textOf(a.body))
	}
	s.await(a.header.Get("Location"))
	accounts, err := s.server.DB.Accounts(t.Context(), 1)
	if err != nil || len(accounts) != 1 || accounts[0].Network != "threads" || accounts[0].Name != "laden" {
		t.Errorf("%+v %v", accounts, err)
	}
}

// A file that was undone is asked about again, with the answers of the first time.
func TestUndoneFileProposesItsAnswers(t *testing.T) {
	s := newSite(t, nil)
	s.setUp("de")
	const file = "Tag;Was gezählt wurde\n01.01.2026;3\n02.01.2026;4\n"
	at := s.upload("de", map[string]string{"x.csv": file}).header.Get("Location")
	a := s.post(at, url.Values{"kind": {"series"}, "role-0": {"date"}, "role-1": {"metric"}, "metric-1": {"tickets"}})
	report := s.await(a.header.Get("Location"))
	if a := s.post(report+"/undo", nil); a.status != 303 {
		t.Fatalf("undo: %d", a.status)
	}
	if a := s.post(report+"/undo", nil); a.status != 409 || !strings.Contains(a.body, `href="/de/import"`) || strings.Contains(textOf(a.body), "Zu den Zielen") {
		t.Errorf("a second undo leads elsewhere: %d\n%s", a.status, textOf(a.body))
	}
	page := s.page(s.upload("de", map[string]string{"x.csv": file}).header.Get("Location"))
	if !strings.Contains(page, `value="tickets" selected`) {
		t.Errorf("the earlier answer is not proposed:\n%s", textOf(page))
	}
}

// Files that wait for answers can be thrown away at once; what is no table does not wait.
func TestWaitingFilesAreDiscarded(t *testing.T) {
	s := newSite(t, nil)
	s.setUp("de")
	const unknown = "Tag;Was gezählt wurde\n01.01.2026;3\n02.01.2026;4\n"
	s.upload("de", map[string]string{"a.csv": unknown, "b.csv": unknown + "03.01.2026;4\n", "README.md": "# Goalpost\n\nWhat is it, and how\nis it run, say\n"})
	page := s.page("/de/import")
	if !strings.Contains(page, "Alle verwerfen") || !strings.Contains(page, "b.csv") || strings.Contains(page, "README.md") {
		t.Fatalf("waiting files:\n%s", textOf(page))
	}
	if a := s.post("/de/import/discard", nil); a.status != 303 {
		t.Fatalf("%d\n%s", a.status, textOf(a.body))
	}
	if page := s.page("/de/import"); strings.Contains(page, "a.csv") || strings.Contains(page, "Alle verwerfen") {
		t.Errorf("not discarded:\n%s", textOf(page))
	}
}

// The pages of an import in German, on a desk and on a phone: questions, columns, a list
// with waiting files, and a report that names cells and compares.
func TestBrowserImportPages(t *testing.T) {
	s, _, _ := workingSite(t)
	b := browsertest.New(t)
	enter(b, s)
	s.finished("de", "besuche.csv", "date,sessions\n2026-01-01,10\n2026-01-02,20\n")
	report := s.await(s.upload("de", map[string]string{"besuche-und-bestellungen-aus-dem-shop-2026-mit-langem-namen.csv": "date,sessions,orders,revenue\n2026-01-01,99,1,10\n2026-01-02,20,2,10\n2026-01-03,20,abc,10\n"}).header.Get("Location"))
	dates := s.upload("de", map[string]string{"daten.csv": "date,orders\n03/04/2025,1\n05/06/2025,2\n"}).header.Get("Location")
	columns := s.upload("de", map[string]string{"tabelle.csv": "Tag;Best. gesamt;Follower Insta;Mitglieder Verein\n01.01.2026;3;100;7\n02.01.2026;4;110;8\n"}).header.Get("Location")
	for name, path := range map[string]string{"import-list": "/de/import", "import-report": report, "import-dates": dates, "import-columns": columns} {
		b.Viewport(390, 844, true)
		browse(t, b, s, path)
		picture(b, name+"-phone")
		b.Viewport(1280, 900, false)
		browse(t, b, s, path)
		picture(b, name+"-desk")
	}
	b.Open(s.base + columns)
	var hidden, cut bool
	b.Select("[name=metric-3]", "orders")
	b.Eval(`document.getElementById("own-3").hidden`, &hidden)
	if !hidden {
		t.Error("a known number needs no name of its own")
	}
	b.Open(s.base + "/de/import")
	b.Eval(`[...document.querySelectorAll(".imports .button")].some(e => e.getBoundingClientRect().right > innerWidth || e.closest(".scroll").scrollWidth > e.closest(".scroll").clientWidth)`, &cut)
	if cut {
		t.Error("a button of the list is cut off")
	}
}
