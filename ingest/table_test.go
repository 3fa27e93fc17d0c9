package ingest

import (
	"fmt"
	"strings"
	"testing"

	"golang.org/x/text/encoding/charmap"

	"goalpost"
)

// Tables of all kinds: canonical headers need no map, other headers one.
func TestTables(t *testing.T) {
	euro := Options{Currency: "EUR"}
	whose := Options{Answers: goalpost.Answers{Account: "Harbour", Network: goalpost.LinkedIn}}
	for _, c := range []struct {
		name      string
		data      []byte
		m         string // JSON of a map
		o         Options
		kept, bad int
		reasons   string
		totals    string
		check     func(t *testing.T, r result)
	}{
		{name: "sales with regions and products", data: []byte("date,orders,revenue,region,product\n2025-01-01,3,59.97,north,shoes\n2025-01-01,1,10,south,hats\n2025-01-02,0,0,north,shoes\n"), o: euro, kept: 3, totals: "orders=4 revenue=69.97", check: func(t *testing.T, r result) {
			if v := r.values[1]; v.Key.Region != "north" || v.Key.Product != "shoes" || v.Key.Currency != "EUR" || v.Account != (goalpost.AccountRef{}) {
				t.Errorf("%+v", v)
			}
			if !strings.Contains(r.notes(), "currency") {
				t.Errorf("the assumed currency is not said: %q", r.notes())
			}
		}},
		{name: "German: semicolons, commas, points as thousands, code page", data: cp(charmap.Windows1252, "Datum;Umsatz;Bestellungen;Region\n01.03.2025;1.234,50;12;Köln\n02.03.2025;99,00;3;Köln\nSumme;1.333,50;15;\n"), o: euro, kept: 2, bad: 1, reasons: "total_row[4]", totals: "orders=15 revenue=1333.5", check: func(t *testing.T, r result) {
			if v := r.values[0]; v.Key.Region != "Köln" || v.Day.String() != "2025-03-01" {
				t.Errorf("%+v", v)
			}
		}},
		{name: "the order of dates is decided by the whole file", data: []byte("date,orders\n" + strings.Repeat("02/03/2025,1\n", 500) + "13/03/2025,1\n"), kept: 501, totals: "orders=501", check: func(t *testing.T, r result) {
			if r.values[0].Day.String() != "2025-03-02" {
				t.Errorf("%s", r.values[0].Day)
			}
		}},
		{name: "the order of dates is answered", data: []byte("date,orders\n02/03/2025,1\n"), o: Options{Answers: goalpost.Answers{DateOrder: "mdy"}}, kept: 1, totals: "orders=1", check: func(t *testing.T, r result) {
			if r.values[0].Day.String() != "2025-02-03" {
				t.Errorf("%s", r.values[0].Day)
			}
		}},
		{name: "missing words, a date among numbers, a footnote, per cent", data: []byte("date,sessions\n2025-01-01,-\n2025-01-02,n/a\n2025-01-03,5\n2025-01-04,03.04.2025\n2025-01-05,7%\n20250106,1\nmade by hand\n"), kept: 2, bad: 5, reasons: "bad_number[5 6] footnote[8] no_value[2 3]", totals: "sessions=6"},
		{name: "a comma in a number moves the cells behind it; empty cells at the end do not", data: []byte("date,orders,revenue\n2025-01-01,1,1,234\n2025-01-02,2,50,,\n"), o: euro, kept: 1, bad: 1, reasons: "extra_cells[2]", totals: "orders=2 revenue=50"},
		{name: "a note beside the table of a workbook", data: workbook(t, map[string][][]any{"Data": {{"date", "orders"}, {"2025-01-01", 4, "", "check this"}}}), kept: 1, totals: "orders=4"},
		{name: "a count below zero is no count, money back and net followers are", data: []byte("date,network,account,reach,follows,revenue\n2025-01-01,facebook,Harbour,5,-2,-9.50\n2025-01-02,facebook,Harbour,-5,1,1\n"), o: euro, kept: 1, bad: 1, reasons: "below_zero[3]", totals: "follows=-2 reach=5 revenue=-9.5"},
		{name: "a post with a count below zero", data: []byte("post id,published at,network,account,impressions\n12345,2025-01-01 10:00,facebook,Harbour,-5\n12346,2025-01-01 10:00,facebook,Harbour,5\n"), o: Options{Answers: goalpost.Answers{TimeZone: "UTC"}}, kept: 1, bad: 1, reasons: "below_zero[2]", totals: "impressions=5"},
		{name: "broken quotes are one row, not the rest of the file", data: []byte("date,sessions\n2025-01-01,1\n2025-01-02,\"2\"x\n2025-01-03,3\n"), kept: 2, bad: 1, reasons: "broken_quotes[3]", totals: "sessions=4"},
		{name: "weeks are weeks", data: []byte("week,revenue\n2025-01-06,10\n2025-01-13,20\n2025-01-20,30\n2025-01-27,40\n2025-02-03,50\n"), o: euro, kept: 5, totals: "revenue=150", check: func(t *testing.T, r result) {
			if r.values[0].Key.Grain != goalpost.Weekly || !strings.Contains(r.notes(), "weekly") {
				t.Errorf("%+v %q", r.values[0], r.notes())
			}
		}},
		{name: "followers of a profile", data: []byte("date,followers\n2025-01-01,1000\n2025-01-02,1003\n"), o: whose, kept: 2, totals: "followers=2003", check: func(t *testing.T, r result) {
			if r.values[0].Account != (goalpost.AccountRef{Network: goalpost.LinkedIn, Name: "Harbour"}) {
				t.Errorf("%+v", r.values[0])
			}
		}},
		{name: "networks and accounts in columns", data: []byte("date,network,account,followers\n2025-01-01,Twitter,harbour,5\n2025-01-01,tiktok,harbour,6\n2025-01-01,myspace,harbour,7\n"), kept: 2, bad: 1, reasons: "bad_network[4]", totals: "followers=11", check: func(t *testing.T, r result) {
			if r.values[0].Account.Network != goalpost.X || r.values[1].Account.Network != goalpost.TikTok {
				t.Errorf("%+v", r.values)
			}
		}},
		{name: "own figures belong to no profile, and the report says so", data: []byte("date,account,sessions\n2025-01-01,Site A,5\n2025-01-02,Site A,6\n"), kept: 2, totals: "sessions=11", check: func(t *testing.T, r result) {
			if !strings.Contains(r.notes(), "account-unused") {
				t.Errorf("notes %q", r.notes())
			}
		}},
		{name: "activities with cost", data: []byte("name,from,until,network,region,cost\nSpring sale,2025-03-01,2025-03-14,Instagram,north,\"1,250.50\"\nOne day,2025-04-01,,,,\nBackwards,2025-04-02,2025-04-01,,,\n"), o: euro, kept: 2, bad: 1, reasons: "backwards[4]", totals: "cost=1250.5", check: func(t *testing.T, r result) {
			a := r.acts[0].Activity
			if a.CostMin != 125050 || !a.HasCost || a.Period.Days() != 14 || a.Network != goalpost.Instagram || r.acts[1].Activity.HasCost || r.acts[1].Activity.Period.Days() != 1 {
				t.Errorf("%+v", r.acts)
			}
		}},
		{name: "activities that cannot be", data: []byte("name,from,until,region,media,design,cost\nok,2025-03-01,,,Paid,Geo,1000000000000\na,2025-03-01,,,,,1e308\nb,2025-03-01,,,,,1000000000001\nc,2025-03-01,,,,,-5\nd,2025-03-01,,,<b>,,\ne,2025-03-01,,,,lucky,\nf,1990-01-01,2199-12-31,,,,\n" + strings.Repeat("g", 201) + ",2025-03-01,,,,,\nh,2025-03-01,," + strings.Repeat("h", 201) + ",,,\ni\a,2025-03-01,,,,,\n" + strings.Repeat("ö", 200) + ",2025-03-01,,,,,\n"), o: euro,
			kept: 2, bad: 9, reasons: "bad_design[7] bad_media[6] cost_below_zero[5] hidden[11] run_too_long[8] too_large[3 4] too_long[9 10]", totals: "cost=1e+12", check: func(t *testing.T, r result) {
				if a := r.acts[0].Activity; a.CostMin != 100_000_000_000_000 || a.Media != goalpost.Paid || a.Design != goalpost.Geo {
					t.Errorf("%+v", a)
				}
			}},
		{name: "figures that are none", data: []byte("date,orders\n2025-03-01,1e308\n2025-03-02,-1e16\n2025-03-03,7\n"), kept: 1, bad: 2, reasons: "too_large[2 3]", totals: "orders=7"},
		{name: "posts of a network that has no export", data: []byte("date,id,text,likes,comments\n2025-03-01 10:00,a1,Hello,5,1\n2025-03-02,,No id,6,\n2025-03-02,,No id,6,\n"), o: whose, kept: 3, totals: "comments=1 likes=17", check: func(t *testing.T, r result) {
			if r.posts[0].Post.DayOnly || !r.posts[1].Post.DayOnly || r.posts[1].Post.ExternalID == r.posts[2].Post.ExternalID {
				t.Errorf("%+v", r.posts)
			}
		}},
		{name: "a map: other names, a comma, an own series", data: []byte("Tag der Messung;Fußgänger;Laune\n01.03.2025;1.200,5;gut\n02.03.2025;800;schlecht\n"), m: `{"kind":"series","decimal":",","columns":[{"column":"tag der messung","as":"date"},{"column":"Fußgänger","as":"footfall"}]}`, kept: 2, totals: "footfall=2000.5"},
		{name: "a workbook: dates of a spreadsheet, a number that became one", data: workbook(t, map[string][][]any{"Daily": {{"date", "sessions", "orders"}, {45658, 10, 1}, {45659, 34759, 2}, {45660, 12, 3}}}, "A2", "A3", "A4", "B3"), kept: 2, bad: 1, reasons: "date_for_number[3]", totals: "orders=4 sessions=22", check: func(t *testing.T, r result) {
			if r.values[0].Day.String() != "2025-01-01" {
				t.Errorf("%s", r.values[0].Day)
			}
		}},
		{name: "a workbook with notes on another sheet", data: workbook(t, map[string][][]any{"About": {{"Made by Ada"}}, "Data": {{"date", "orders"}, {"2025-01-01", 4}}}), kept: 1, totals: "orders=4"},
	} {
		t.Run(c.name, func(t *testing.T) {
			if c.m != "" {
				m, err := ParseMap([]byte(c.m))
				if err != nil {
					t.Fatal(err)
				}
				c.o.Map = m
			}
			r := read("table.csv", c.data, c.o)
			if r.err != nil {
				t.Fatal(r.err)
			}
			var totals []string
			for _, m := range sortedTotals(r.report) {
				totals = append(totals, fmt.Sprintf("%s=%.10g", m, r.report.Totals[m]))
			}
			got := fmt.Sprintf("kept %d, reported %d of %d, %s, %s", r.report.Kept, r.report.Reported, r.report.Rows, r.reasons(), strings.Join(totals, " "))
			want := fmt.Sprintf("kept %d, reported %d of %d, %s, %s", c.kept, c.bad, c.kept+c.bad, c.reasons, c.totals)
			if got != want {
				t.Fatalf("\ngot:  %s\nwant: %s", got, want)
			}
			if c.check != nil {
				c.check(t, r)
			}
		})
	}
}

func sortedTotals(r goalpost.FileReport) []goalpost.Metric {
	var list []goalpost.Metric
	for m := range r.Totals {
		list = append(list, m)
	}
	for i := range list {
		for j := range i {
			if list[i] < list[j] {
				list[i], list[j] = list[j], list[i]
			}
		}
	}
	return list
}

// A proposal is only that: it has to be confirmed, fits the file, and is remembered.
func TestProposalIsConfirmedAndRemembered(t *testing.T) {
	data := []byte("When,Visits of the shop,Mood,Amount spent (UAH)\n2025-01-01,10,good,5.50\n2025-01-02,12,bad,6.50\n")
	r := read("shop.csv", data, Options{})
	if r.key() != "error.import.needs-map" || !r.plan.NeedsMap || r.plan.Map == nil {
		t.Fatalf("%v", r.err)
	}
	got := ""
	for _, c := range r.plan.Map.Columns {
		got += c.Column + "=" + c.As + c.Currency + " "
	}
	if want := "When=date Visits of the shop=visits_of_the_shop Mood=ignore Amount spent (UAH)=spendUAH "; got != want {
		t.Errorf("\ngot:  %s\nwant: %s", got, want)
	}
	asked := ""
	again := read("later.csv", data, Options{Remembered: func(f string) *Map { asked = f; return r.plan.Map }})
	if again.err != nil || asked != r.plan.Fingerprint || again.report.Kept != 2 || !strings.Contains(again.notes(), "map-remembered") {
		t.Errorf("%v %q %q", again.err, asked, again.notes())
	}
	m, err := ParseMap([]byte(`{"kind":"series","columns":[{"column":"When","as":"date"},{"column":"Nobody","as":"x"}]}`))
	if err != nil {
		t.Fatal(err)
	}
	if wrong := read("shop.csv", data, Options{Map: m}); wrong.key() != "error.import.map-column-missing" {
		t.Errorf("a column that is not there: %v", wrong.err)
	}
}

func TestNumber(t *testing.T) {
	for _, c := range []struct {
		text string
		sign byte
		want float64
		ok   bool
	}{
		{"1234", '.', 1234, true}, {"1938.0", '.', 1938, true}, {"-5", '.', -5, true}, {"−5", '.', -5, true}, {"1,234", '.', 1234, true}, {"1,234.5", '.', 1234.5, true},
		{"1.234,5", ',', 1234.5, true}, {"1 234,5", ',', 1234.5, true}, {"1'234.5", '.', 1234.5, true}, {"1’234.5", '.', 1234.5, true}, {"€ 5,00", ',', 5, true}, {"5,00 €", ',', 5, true},
		{"12,34", '.', 0, false}, {"1,2,3", '.', 0, false}, {"1.2K", '.', 0, false}, {"38%", '.', 0, false}, {"0x10", '.', 0, false}, {"1e999", '.', 0, false}, {"NaN", '.', 0, false}, {"Inf", '.', 0, false},
		{"1_000", '.', 0, false}, {"", '.', 0, false}, {".", '.', 0, false}, {"-", '.', 0, false}, {"2025-01-01", '.', 0, false}, {"3.апр", '.', 0, false}, {"1.234.567", ',', 1234567, true}, {"1.234.56", ',', 0, false},
	} {
		got, ok := number(c.text, c.sign)
		if ok != c.ok || ok && got != c.want {
			t.Errorf("%q %c\ngot:  %g %v\nwant: %g %v", c.text, c.sign, got, ok, c.want, c.ok)
		}
	}
}

func TestDate(t *testing.T) {
	for _, c := range []struct{ text, order, want string }{
		{"2025-01-31", "dmy", "2025-01-31"}, {"2025-01-31T00:00:00", "dmy", "2025-01-31"}, {"2016-12-23 18:50 +0000", "dmy", "2016-12-23"}, {"31.01.2025", "mdy", "2025-01-31"}, {"1/2/2025", "mdy", "2025-01-02"},
		{"1/2/2025", "dmy", "2025-02-01"}, {"20231010", "dmy", "2023-10-10"}, {"Tue, Aug 26, 2025", "dmy", "2025-08-26"}, {"Mon Feb 17 2025", "dmy", "2025-02-17"}, {"24. August 2026", "dmy", "2026-08-24"}, {"3. März 2025", "dmy", "2025-03-03"},
		{"07/14/2025 21:30", "mdy", "2025-07-14"}, {"2025/10/31 18:19:10", "dmy", "2025-10-31"}, {"1/2/25", "mdy", "2025-01-02"}, {"2025-02-30", "dmy", ""}, {"9999-99-99", "dmy", ""}, {"soon", "dmy", ""}, {"1.2.3.4", "dmy", ""}, {"13/13/2025", "dmy", ""}, {"", "dmy", ""},
	} {
		m, ok := date(c.text, c.order, false)
		got := ""
		if ok {
			got = m.date().String()
		}
		if got != c.want {
			t.Errorf("%q %s\ngot:  %q\nwant: %q", c.text, c.order, got, c.want)
		}
	}
	if m, ok := date("45658", "dmy", true); !ok || m.date().String() != "2025-01-01" {
		t.Errorf("a spreadsheet's day number: %+v %v", m, ok)
	}
}
