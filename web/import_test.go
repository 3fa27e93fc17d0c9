package web

import (
	"bytes"
	"context"
	"net/url"
	"strings"
	"testing"

	"github.com/xuri/excelize/v2"

	"goalpost"
)

// book is a workbook with two tables that can be imported, with these headers, and a page of notes.
func book(t *testing.T, orders, leads string) string {
	t.Helper()
	f := excelize.NewFile()
	add := func(name string, rows ...[]any) {
		if _, err := f.NewSheet(name); err != nil {
			t.Fatal(err)
		}
		for i, row := range rows {
			cell, err := excelize.CoordinatesToCellName(1, i+1)
			if err == nil {
				err = f.SetSheetRow(name, cell, &row)
			}
			if err != nil {
				t.Fatal(err)
			}
		}
	}
	add("Shop", []any{"date", orders}, []any{"2026-01-01", 4}, []any{"2026-01-02", 5})
	add("Forms", []any{"date", leads}, []any{"2026-01-01", 40}, []any{"2026-01-02", 50})
	add("About", []any{"Made by Ada"})
	if err := f.DeleteSheet("Sheet1"); err != nil {
		t.Fatal(err)
	}
	var b bytes.Buffer
	if err := f.Write(&b); err != nil {
		t.Fatal(err)
	}
	return b.String()
}

// Which sheet of a workbook is meant is asked on the page; afterwards the other one
// can be imported from the same file, and then nothing of it is left.
func TestSheetsOfAWorkbook(t *testing.T) {
	s := newSite(t, nil)
	s.setUp("en")
	text := book(t, "orders", "leads")
	for _, c := range []struct{ sheet, total string }{{"Forms", "90"}, {"Shop", "9"}} {
		at := s.upload("en", map[string]string{"book.xlsx": text}).header.Get("Location")
		page := s.page(at)
		if !strings.Contains(page, "Which sheet?") || strings.Contains(page, "About") {
			t.Fatalf("%s is not asked for:\n%s", c.sheet, textOf(page))
		}
		a := s.post(at, url.Values{"sheet": {c.sheet}})
		if a.status != 303 {
			t.Fatalf("%s: %d\n%s", c.sheet, a.status, textOf(a.body))
		}
		if report := textOf(s.page(s.await(a.header.Get("Location")))); !strings.Contains(report, c.total) || !strings.Contains(report, "2 rows kept") {
			t.Errorf("%s:\n%s", c.sheet, report)
		}
	}
	again := s.upload("en", map[string]string{"book.xlsx": text}).header.Get("Location")
	if report := textOf(s.get(s.await(again) + "?known=1").body); !strings.Contains(report, "imported before") {
		t.Errorf("both sheets are imported, so nothing is asked:\n%s", report)
	}
}

// A sheet that needs no map is taken at once, and the page says that there is another.
// Where every sheet needs one, choosing another sheet shows its columns.
func TestSheetsThatNeedAMap(t *testing.T) {
	s := newSite(t, nil)
	s.setUp("en")
	at := s.upload("en", map[string]string{"book.xlsx": book(t, "orders", "Anfragen gesamt")}).header.Get("Location")
	if report := textOf(s.page(s.await(at))); !strings.Contains(report, "Shop, Forms") {
		t.Errorf("the other sheet is not named:\n%s", report)
	}
	s = newSite(t, nil)
	s.setUp("en")
	at = s.upload("en", map[string]string{"book.xlsx": book(t, "Bestellungen brutto", "Anfragen gesamt")}).header.Get("Location")
	if page := s.page(at); !strings.Contains(page, "Which sheet?") || !strings.Contains(page, "Bestellungen brutto") {
		t.Fatalf("the first sheet:\n%s", textOf(page))
	}
	a := s.post(at, url.Values{"sheet": {"Forms"}, "kind": {"series"}, "role-0": {"date"}, "role-1": {"metric"}, "metric-1": {"orders"}})
	if a.status != 303 || a.header.Get("Location") != at {
		t.Fatalf("columns of another sheet were confirmed: %d %s", a.status, a.header.Get("Location"))
	}
	if page := s.page(at); !strings.Contains(page, "Anfragen gesamt") || strings.Contains(page, "Bestellungen brutto") {
		t.Errorf("the second sheet:\n%s", textOf(page))
	}
}

// A table with our own headers whose numbers can be read in two ways is asked about,
// and the answer is taken.
func TestDecimalSignIsAsked(t *testing.T) {
	s := newSite(t, nil)
	s.setUp("en")
	at := s.upload("en", map[string]string{"orders.csv": "date;orders\n2026-01-01;1.234\n2026-01-02;5.678\n"}).header.Get("Location")
	page := s.page(at)
	if !strings.Contains(page, `name="decimal"`) || !strings.Contains(page, "comma: 1.234,5") {
		t.Fatalf("not asked:\n%s", textOf(page))
	}
	a := s.post(at, url.Values{"decimal": {","}})
	if a.status != 303 {
		t.Fatalf("%d\n%s", a.status, textOf(a.body))
	}
	if report := textOf(s.page(s.await(a.header.Get("Location")))); !strings.Contains(report, "6,912") {
		t.Errorf("1.234 and 5.678 orders are 6,912:\n%s", report)
	}
}

// While rows are being stored, pages say that their figures show a part of them.
func TestPagesSayThatAnImportIsRunning(t *testing.T) {
	s, _, goal := workingSite(t)
	const note = "An import is running"
	for _, page := range []string{goal, "/en/goals", "/en/posts"} {
		if strings.Contains(s.page(page), note) {
			t.Errorf("%s: nothing is running", page)
		}
	}
	ctx := context.Background()
	id, err := s.server.DB.BeginImport(ctx, 1, goalpost.Import{SHA256: "z", StartedAt: testNow})
	if err != nil {
		t.Fatal(err)
	}
	for page, want := range map[string]bool{goal: true, "/en/goals": true, "/en/posts": true, "/en/import": false} {
		if strings.Contains(s.page(page), note) != want {
			t.Errorf("%s\nwant: %v", page, want)
		}
	}
	if err := s.server.DB.AbandonImport(ctx, 1, id); err != nil {
		t.Fatal(err)
	}
	if strings.Contains(s.page(goal), note) {
		t.Error("it is over")
	}
}

// The report for spreadsheets counts every row that was not kept, also those whose
// lines are too many to list, and runs nothing that a file is called.
func TestReportForSpreadsheets(t *testing.T) {
	s := newSite(t, nil)
	s.setUp("en")
	const broken = goalpost.MaxReasonLines + 7
	at := s.upload("en", map[string]string{"=1+1.csv": "date,orders\n2026-01-01,4\n" + strings.Repeat("2026-01-02,many\n", broken)}).header.Get("Location")
	rows := strings.Split(strings.TrimSpace(s.page(s.await(at)+"/report.csv")), "\n")
	if len(rows) != 1+goalpost.MaxReasonLines+1 || !strings.HasPrefix(rows[1], "'=1+1.csv,3,bad_number,") || !strings.HasPrefix(rows[len(rows)-1], "'=1+1.csv,,bad_number,") || !strings.HasSuffix(rows[len(rows)-1], ",7,,") || !strings.HasSuffix(rows[1], ",1,orders,many") {
		t.Errorf("%d rows\n%s\n%s", len(rows), rows[1], rows[len(rows)-1])
	}
}
