package main

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/xuri/excelize/v2"

	"goalpost"
	"goalpost/document"
)

// brokenSales has 27 good rows and, in line 29, a number that is none.
func brokenSales() string {
	var b strings.Builder
	b.WriteString("date,orders,revenue,region,product\n")
	for i := range 27 {
		fmt.Fprintf(&b, "%s,1,10.00,North,Lamp\n", goalpost.NewDay(2026, time.January, 1+i))
	}
	b.WriteString("2026-01-28,many,10.00,North,Lamp\n")
	return b.String()
}

const smallSales = "date,orders,revenue,region,product\n2026-01-01,3,120.50,North,Lamp\n2026-01-02,4,160.00,North,Lamp\n"

func TestImportTwice(t *testing.T) {
	data, file := filepath.Join(t.TempDir(), "data"), fixture(t, "sales.csv", smallSales)
	first := read[goalpost.Report](t, call(t, "import", file, "--data", data, "--currency", "EUR", "--output", "json").expect(t, 0)).Files
	if len(first) != 1 || first[0].Kept != 2 || first[0].Totals["revenue"] != 280.5 || first[0].AlreadyKnown != 0 {
		t.Fatalf("\ngot:  %+v\nwant: two rows, revenue 280.5", first)
	}
	again := read[goalpost.Report](t, call(t, "import", file, "--data", data, "--currency", "EUR", "--output", "json").expect(t, 0)).Files
	if again[0].AlreadyKnown != 2 {
		t.Errorf("\ngot:  %d known\nwant: 2", again[0].AlreadyKnown)
	}
	r := call(t, "kpi", "revenue", "--data", data, "--from", "2026-01-01", "--until", "2026-01-31", "--output", "csv").expect(t, 0)
	if !strings.Contains(r.stdout, "revenue,2026-01-01,2026-01-31,280.5,280.5,") {
		t.Errorf("\ngot:  %s\nwant: 280.5", r.stdout)
	}
}

// A refused file changes nothing: not even an organisation is made.
func TestRefusedImportChangesNothing(t *testing.T) {
	data := filepath.Join(t.TempDir(), "data")
	r := call(t, "import", fixture(t, "odd.csv", "a,b\nx,y\n"), "--data", data).expect(t, 2)
	if !strings.Contains(r.stderr, "odd.csv") {
		t.Errorf("\ngot:  %q\nwant: the file's name", r.stderr)
	}
	call(t, "imports", "--data", data).expect(t, 2)
}

// A question exits 2 with the flag that answers it.
func TestQuestionNamesTheFlag(t *testing.T) {
	r := call(t, "import", fixture(t, "sales.csv", smallSales), "--data", filepath.Join(t.TempDir(), "data")).expect(t, 2)
	if !strings.Contains(r.stderr, "--currency") {
		t.Errorf("\ngot:  %q\nwant: --currency", r.stderr)
	}
}

// Of several files the good ones are imported and the bad ones reported, each once.
func TestSeveralFiles(t *testing.T) {
	data := filepath.Join(t.TempDir(), "data")
	r := call(t, "import", fixture(t, "odd.csv", "a,b\nx,y\n"), fixture(t, "sales.csv", smallSales), "/no/such.csv", "--currency", "EUR", "--data", data, "--output", "json")
	if r.code != 2 || strings.Count(r.stderr, "\n") != 2 {
		t.Fatalf("\ngot:  exit %d, %q\nwant: exit 2, two lines", r.code, r.stderr)
	}
	if files := read[goalpost.Report](t, r).Files; len(files) != 1 || files[0].File != "sales.csv" {
		t.Errorf("\ngot:  %+v\nwant: sales.csv", files)
	}
}

func TestDryRunStoresNothing(t *testing.T) {
	data, file := filepath.Join(t.TempDir(), "data"), fixture(t, "shop.csv", "Tag;Filiale;Umsatz (EUR)\n01.02.2026;Mitte;120,50\n02.02.2026;Mitte;99,00\n13.02.2026;Mitte;1.050,00\n")
	type answer struct {
		Files []document.ImportProposal `json:"files"`
	}
	list := read[answer](t, call(t, "import", file, "--data", data, "--dry-run", "--output", "json").expect(t, 0)).Files
	if len(list) != 1 || len(list[0].Map) == 0 || !list[0].NeedsMap {
		t.Fatalf("\ngot:  %+v\nwant: a proposed map", list)
	}
	call(t, "imports", "--data", data).expect(t, 2)
	call(t, "import", file, "--data", data).expect(t, 2)            // not confirmed
	printed := call(t, "import", file, "--data", data, "--dry-run") // the map alone, ready for a file
	m := fixture(t, "map.json", printed.stdout)
	files := read[goalpost.Report](t, call(t, "import", file, "--data", data, "--map", m, "--currency", "EUR", "--output", "json").expect(t, 0)).Files
	if files[0].Kept != 3 || files[0].Totals["revenue"] != 1269.5 {
		t.Errorf("\ngot:  %+v\nwant: three rows, revenue 1269.5", files[0])
	}
}

func TestReportAndUndo(t *testing.T) {
	data, report := filepath.Join(t.TempDir(), "data"), filepath.Join(t.TempDir(), "report.csv")
	broken := fixture(t, "sales.csv", brokenSales())
	r := call(t, "import", broken, "--data", data, "--currency", "EUR", "--report", report).expect(t, 0)
	if !strings.Contains(r.stdout, "sales.csv") {
		t.Errorf("\ngot: %q\nwant: a line for sales.csv", r.stdout)
	}
	text, err := os.ReadFile(report)
	if err != nil || !strings.HasPrefix(string(text), "file,line,reason,count,column,value\nsales.csv,29,") || !strings.Contains(string(text), ",orders,many") {
		t.Errorf("\ngot:  %q %v\nwant: line 29 with its reason", text, err)
	}
	call(t, "import", "--undo", "1", "--data", data).expect(t, 0)
	r = call(t, "kpi", "orders", "--data", data, "--from", "2026-01-01", "--until", "2026-01-31", "--output", "csv").expect(t, 0)
	if !strings.Contains(r.stdout, "orders,2026-01-01,2026-01-31,,,") {
		t.Errorf("after the undo\ngot:  %s\nwant: nothing measured", r.stdout)
	}
	call(t, "import", broken, "--data", data, "--currency", "EUR").expect(t, 0)
	r = call(t, "kpi", "orders", "--data", data, "--from", "2026-01-01", "--until", "2026-01-31", "--output", "csv").expect(t, 0)
	if !strings.Contains(r.stdout, "orders,2026-01-01,2026-01-31,27,27,") {
		t.Errorf("imported again\ngot:  %s\nwant: 27", r.stdout)
	}
}

// Counts cannot have been seen in the future: they would stand above all later ones.
func TestImportSeenInTheFuture(t *testing.T) {
	data := filepath.Join(t.TempDir(), "data")
	const head = "id,date,network,account,likes\n1,2026-01-01,mastodon,us,"
	for _, at := range []string{"2099-01-01", "2099-01-01T12:00:00Z"} {
		call(t, "import", fixture(t, at+".csv", head+"3\n"), "--data", data, "--observed-at", at).expect(t, 0)
	}
	call(t, "import", fixture(t, "newer.csv", head+"4\n"), "--data", data).expect(t, 0)
	if r := call(t, "posts", "--data", data, "--output", "csv").expect(t, 0); !strings.Contains(r.stdout, ",4,") {
		t.Errorf("\ngot:  %s\nwant: 4 likes, seen last", r.stdout)
	}
}

// The same file on the same day is the same file, although the day goes on.
func TestImportSeenTodayTwice(t *testing.T) {
	data := filepath.Join(t.TempDir(), "data")
	file := fixture(t, "posts.csv", "id,date,network,account,likes\n1,2026-01-01,mastodon,us,3\n")
	day := today.Format(time.DateOnly)
	call(t, "import", file, "--data", data, "--org-time-zone", "UTC", "--observed-at", day).expect(t, 0)
	later := func(o *outside) { o.now = func() time.Time { return today.Add(time.Minute) } }
	if r := callWith(t, later, "import", file, "--data", data, "--observed-at", day, "--output", "json").expect(t, 0); !strings.Contains(r.stdout, `"already_known": 1`) {
		t.Errorf("\ngot:  %s\nwant: known already", r.stdout)
	}
}

// A spreadsheet must not run what somebody posted.
func TestCSVEscapesFormulas(t *testing.T) {
	data := filepath.Join(t.TempDir(), "data")
	posts := fixture(t, "posts.csv", "id,date,text,network,account,likes\n1,2026-01-01,=HYPERLINK(1),mastodon,us,3\n2,2026-01-02,-1+1,mastodon,us,4\n")
	call(t, "import", posts, "--data", data, "--observed-at", "2026-02-01").expect(t, 0)
	r := call(t, "posts", "--data", data, "--output", "csv").expect(t, 0)
	if !strings.Contains(r.stdout, ",'=HYPERLINK(1),") || !strings.Contains(r.stdout, ",'-1+1,") {
		t.Errorf("\ngot:  %s\nwant: apostrophes before = and -", r.stdout)
	}
}

// Nor what a file is called.
func TestReportEscapesTheFileName(t *testing.T) {
	file, report := filepath.Join(t.TempDir(), "=1+1.csv"), filepath.Join(t.TempDir(), "report.csv")
	if err := os.WriteFile(file, []byte(brokenSales()), 0o600); err != nil {
		t.Fatal(err)
	}
	call(t, "import", file, "--data", filepath.Join(t.TempDir(), "data"), "--currency", "EUR", "--report", report).expect(t, 0)
	text, err := os.ReadFile(report)
	if err != nil || !strings.Contains(string(text), "\n'=1+1.csv,29,") {
		t.Errorf("\ngot:  %q %v\nwant: an apostrophe before =", text, err)
	}
}

func TestEscapeFormula(t *testing.T) {
	for in, want := range map[string]string{"": "", "a": "a", "=1": "'=1", "+1": "'+1", "-1": "-1", "-1.5": "-1.5", "-1+1": "'-1+1", "@x": "'@x", "\tx": "'\tx", "12": "12", "a;=1": "a;'=1", "a\n-1+1": "a\n'-1+1", "a;b": "a;b"} {
		if got := escapeFormula(in); got != want {
			t.Errorf("%q\ngot:  %q\nwant: %q", in, got, want)
		}
	}
}

// Two sheets of one workbook are two imports; both are computed again from the one raw
// file, each from its own sheet.
func TestSheetsOfAWorkbook(t *testing.T) {
	data, file := filepath.Join(t.TempDir(), "data"), filepath.Join(t.TempDir(), "book.xlsx")
	book := excelize.NewFile()
	for _, sheet := range []struct {
		name, metric string
		value        int
	}{{"Shop", "orders", 4}, {"Forms", "leads", 40}} {
		_, err := book.NewSheet(sheet.name)
		err = errors.Join(err, book.SetSheetRow(sheet.name, "A1", &[]any{"date", sheet.metric}), book.SetSheetRow(sheet.name, "A2", &[]any{"2026-01-01", sheet.value}))
		if err != nil {
			t.Fatal(err)
		}
	}
	if err := book.SaveAs(file); err != nil {
		t.Fatal(err)
	}
	r := call(t, "import", file, "--data", data).expect(t, 2)
	if !strings.Contains(r.stderr, "Shop, Forms") || !strings.Contains(r.stderr, "--sheet") {
		t.Errorf("\ngot:  %q\nwant: the sheets and the flag", r.stderr)
	}
	call(t, "import", file, "--data", data, "--sheet", "Forms").expect(t, 0)
	call(t, "import", file, "--data", data).expect(t, 2) // the other one could be meant
	call(t, "import", file, "--data", data, "--sheet", "Shop").expect(t, 0)
	call(t, "import", file, "--data", data, "--sheet", "None").expect(t, 2)
	again := read[goalpost.Report](t, call(t, "import", file, "--data", data, "--sheet", "Forms", "--output", "json").expect(t, 0)).Files
	if again[0].AlreadyKnown != 1 || again[0].Totals["leads"] != 40 {
		t.Errorf("\ngot:  %+v\nwant: the import of that sheet, known", again)
	}
	for range 2 {
		for kpi, want := range map[string]string{"orders": ",4,4,", "leads": ",40,40,"} {
			r := call(t, "kpi", kpi, "--data", data, "--from", "2026-01-01", "--until", "2026-01-31", "--output", "csv").expect(t, 0)
			if !strings.Contains(r.stdout, want) {
				t.Errorf("%s\ngot:  %s\nwant: %s", kpi, r.stdout, want)
			}
		}
		call(t, "doctor", "--rebuild", "--data", data).expect(t, 0)
	}
}

// An export that is refused by name gets the proposal that the refusal asks for; one
// that no map can read stays refused.
func TestDryRunProposesForKnownExports(t *testing.T) {
	data := t.TempDir()
	linkedIn := fixture(t, "linkedin.csv", "Post title,Post link,Created date,Impressions,Likes\nTide,https://linkedin.com/p/1,03/14/2025,120,4\nEbb,https://linkedin.com/p/2,03/15/2025,99,3\n")
	call(t, "import", linkedIn, "--data", data).expect(t, 2)
	r := call(t, "import", linkedIn, "--data", data, "--dry-run")
	if r.code != 0 {
		t.Fatalf("\ngot:  exit %d, %s\nwant: exit 0 and a map", r.code, r.stderr)
	}
	files := read[goalpost.Report](t, call(t, "import", linkedIn, "--data", data, "--map", fixture(t, "map.json", r.stdout), "--network", "linkedin", "--account", "Harbour", "--output", "json").expect(t, 0)).Files
	if files[0].Kept != 2 || files[0].Totals["impressions"] != 219 || files[0].FirstDate != "2025-03-14" {
		t.Errorf("\ngot:  %+v\nwant: two posts as the proposal reads them", files[0])
	}
	call(t, "import", fixture(t, "audience.csv", "Facebook followers by gender and age\nAge,Women,Men\n18-24,2.5%,0.3%\n"), "--data", data, "--dry-run").expect(t, 2)
}
