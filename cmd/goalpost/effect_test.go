package main

import (
	"encoding/csv"
	"flag"
	"fmt"
	"math"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"testing"

	"goalpost/gptest/need"
	"goalpost/infer"
)

var update = flag.Bool("update", false, "rewrite the golden files")

// shop is a table of a simulated shop: orders that follow visits, and a campaign of the
// last four weeks that brings by more a day.
func shop(by float64, change func(line int, cells []string) []string) string {
	rng := infer.Rand(11, 4)
	var b strings.Builder
	b.WriteString("date,orders,visits,active\n")
	x := 0.0
	for t := range 119 {
		x = .9*x + 4*rng.NormFloat64()
		y, on := 200+x+6*math.Sin(float64(t)*2*math.Pi/7)+5*rng.NormFloat64(), "0"
		if t >= 91 {
			y, on = y+by, "1"
		}
		cells := []string{dayFrom(t), fmt.Sprintf("%.2f", y), fmt.Sprintf("%.2f", 500+3*x), on}
		if change != nil {
			cells = change(t+2, cells)
		}
		if cells != nil {
			b.WriteString(strings.Join(cells, ",") + "\n")
		}
	}
	return b.String()
}

// dayFrom is a day after Monday, 5 January 2026.
func dayFrom(t int) string {
	return today.AddDate(0, 0, t-323).Format("2006-01-02")
}

// effectCall runs goalpost effect on a table of a shop.
func effectCall(t *testing.T, table string, args ...string) result {
	t.Helper()
	return call(t, append([]string{"effect", fixture(t, "shop.csv", table), "--date", "date", "--y", "orders", "--x", "visits"}, args...)...)
}

// Golden: what a person reads, in both languages, where there is an effect, where there is
// none and where it cannot be told.
func TestEffectGolden(t *testing.T) {
	for _, c := range []struct {
		name string
		by   float64
		args []string
	}{
		{"clear", 15, []string{"--margin", "12", "--cost", "2000", "--currency", "EUR", "--name", "Spring sale"}},
		{"none", 0, []string{"--smallest-effect", "6"}},
		{"open", 2, nil},
	} {
		for _, language := range []string{"en", "de"} {
			t.Run(c.name+"-"+language, func(t *testing.T) {
				r := effectCall(t, shop(c.by, nil), append(c.args, "--from", dayFrom(91), "--language", language)...).expect(t, 0)
				path := filepath.Join("testdata", "effect-"+c.name+"-"+language+".txt")
				if *update {
					if err := os.WriteFile(path, []byte(r.stdout), 0o600); err != nil {
						t.Fatal(err)
					}
				}
				want, err := os.ReadFile(path)
				if err != nil {
					t.Fatal(err)
				}
				if r.stdout != string(want) {
					t.Errorf("\ngot:\n%s\nwant:\n%s", r.stdout, want)
				}
			})
		}
	}
}

// Limits: each thing that can be wrong with a table or a call is one line that says where
// and what to do.
func TestEffectBadInput(t *testing.T) {
	set := func(line, cell int, text string) func(int, []string) []string {
		return func(at int, cells []string) []string {
			if at == line {
				cells[cell] = text
			}
			return cells
		}
	}
	from := []string{"--from", dayFrom(91)}
	for _, c := range []struct {
		name, table string
		args        []string
		want        []string
	}{
		{"text in numbers", shop(0, set(40, 1, "many")), from, []string{"shop.csv", "line 40", "orders", "“many” is not a number"}},
		{"duplicate date", shop(0, set(40, 0, dayFrom(20))), from, []string{"line 40", "stands twice, first in line 22"}},
		{"no date", shop(0, set(40, 0, "")), from, []string{"line 40", "no date"}},
		{"date unreadable", shop(0, set(40, 0, "last Monday")), from, []string{"line 40", "“last Monday” is not a date"}},
		{"figure too large", shop(0, set(40, 1, "1e300")), from, []string{"shop.csv", "orders", "too large to compute with"}},
		{"control too large", shop(0, set(40, 2, "1e300")), from, []string{"shop.csv", "too large to compute with"}},
		{"margin too large", shop(0, nil), append([]string{"--margin", "1e299", "--cost", "1", "--currency", "EUR"}, from...), []string{"--margin", "outside of what this takes"}},
		{"cost of nothing", shop(0, nil), append([]string{"--margin", "0.3", "--cost", "NaN", "--currency", "EUR"}, from...), []string{"--cost", "is no number"}},
		{"cost below nothing", shop(0, nil), append([]string{"--margin", "0.3", "--cost=-1", "--currency", "EUR"}, from...), []string{"--cost", "larger than 0"}},
		{"covariate with a hole", shop(0, set(40, 2, "")), from, []string{"line 40", "visits", "no figure here", "--x"}},
		{"decimal comma without quotes", shop(0, set(40, 1, "201,50")), from, []string{"line 40", "5 cells, the header 4", "semicolons"}},
		{"constant", shop(0, func(_ int, cells []string) []string { cells[1] = "200"; return cells }), from, []string{"shop.csv", "orders", "all the same"}},
		{"too few rows", shop(0, nil), []string{"--from", dayFrom(5)}, []string{"shop.csv", "Only 5 figures are known", "21"}},
		{"outside", shop(0, nil), []string{"--from", "2027-01-01"}, []string{"--from", "2027-01-01 lies outside the data"}},
		{"until outside", shop(0, nil), append(from, "--until", "2026-12-31"), []string{"--until", "outside the data"}},
		{"backwards", shop(0, nil), append(from, "--until", dayFrom(80)), []string{"--until", "before it begins"}},
		{"nothing before", shop(0, nil), append(from, "--pre-from", dayFrom(95)), []string{"no rows"}},
		{"overlap", shop(0, nil), append(from, "--pre-until", dayFrom(95)), []string{"--pre-until", "but the activity begins"}},
		{"no from", shop(0, nil), nil, []string{"--from", "When did the activity begin"}},
		{"not a moment", shop(0, nil), []string{"--from", "soon"}, []string{"“soon” is neither a date"}},
		{"column missing", shop(0, nil), append(from, "--x", "clicks"), []string{"no column “clicks”", "visits"}},
		{"column twice", shop(0, nil), append(from, "--x", "orders"), []string{"named for two things"}},
		{"switch", shop(0, set(40, 3, "maybe")), []string{"--active", "active"}, []string{"line 40", "“maybe” says neither on nor off"}},
		{"on before", shop(0, set(40, 3, "1")), append(from, "--active", "active"), []string{"--pre-until", "was on at"}},
		{"never on", shop(0, func(_ int, cells []string) []string { cells[3] = "0"; return cells }), []string{"--active", "active"}, []string{"never on"}},
		{"mistyped year", shop(0, set(120, 0, "2126-05-03")), from, []string{"rows, most of them missing", "mistyped"}},
		{"uneven dates", "date,orders,visits\n2026-01-05,1,2\n2026-01-08,2,3\n2026-01-14,2,3\n", from, []string{"neither daily, weekly nor monthly"}},
		{"broken quotes", "date,orders,visits\n2026-01-05,1,2\n2026-01-06,\"2\"x,3\n2026-01-07,2,3\n", from, []string{"line 3", "quotation marks"}},
		{"empty", "", from, []string{"empty"}},
		{"only a header", "date,orders,visits\n", from, []string{"no row of data"}},
		{"ambiguous dates", "date;orders;visits\n01/02/2026;1;2\n02/02/2026;2;3\n", from, []string{"--date-order"}},
		{"dynamic", shop(0, nil), append(from, "--dynamic-regression"), []string{"--dynamic-regression", "intervals useless"}},
		{"sampler flag", shop(0, nil), append(from, "--chains", "2"), []string{"--chains", "CausalImpact's model"}},
		{"too many chains", shop(0, nil), append(from, "--method", "causalimpact", "--chains", "1000"), []string{"--chains", "outside"}},
		{"too many draws", shop(0, nil), append(from, "--method", "causalimpact", "--iterations", "500000"), []string{"--iterations", "59,500,000", "50,000,000"}},
		{"level", shop(0, nil), append(from, "--level", "0.8"), []string{"--level", "0.95"}},
		{"cost alone", shop(0, nil), append(from, "--cost", "100"), []string{"--margin"}},
		{"negative smallest effect", shop(0, nil), append(from, "--smallest-effect=-1"), []string{"--smallest-effect", "larger than 0"}},
		{"currency", shop(0, nil), append(from, "--margin", "1", "--currency", "Euros"), []string{"--currency"}},
		{"page cannot be written", shop(0, nil), append(from, "--html", "/nowhere/page.html"), []string{"page.html", "cannot be written"}},
	} {
		t.Run(c.name, func(t *testing.T) {
			r := effectCall(t, c.table, c.args...).expect(t, 2)
			for _, want := range c.want {
				if !strings.Contains(r.stderr, want) {
					t.Errorf("\ngot:  %s\nwant: %q", r.stderr, want)
				}
			}
		})
	}
	call(t, "effect", fixture(t, "a.csv", shop(0, nil)), "--from", "80").expect(t, 2)
	r := call(t, "effect", fixture(t, "a.csv", shop(0, nil)), "--y", "orders", "--from", "2026-02-01").expect(t, 2)
	if !strings.Contains(r.stderr, "no column of dates was named") {
		t.Errorf("got: %s", r.stderr)
	}
}

// answer is what these tests read of the JSON.
type answer struct {
	Method   string
	Decision string
	Reason   string `json:"reason_code"`
	Grain    string
	Pre      struct {
		From, Until   string
		Rows, Missing int
	}
	Post struct {
		From string
		Rows int
	}
	Average    struct{ Value, Lo, Hi float64 }
	Notes      []string
	Summary    map[string]float64
	Covariates []struct{ Name string }
	Series     []map[string]any
}

// Tables that a person has: each is read for what it says.
func TestEffectReadsTables(t *testing.T) {
	plainTable := shop(15, nil)
	base := read[answer](t, effectCall(t, plainTable, "--from", dayFrom(91), "--output", "json").expect(t, 0))
	lines := strings.Split(strings.TrimSpace(plainTable), "\n")
	reversed := lines[0] + "\n"
	for i := len(lines) - 1; i > 0; i-- {
		reversed += lines[i] + "\n"
	}
	german := strings.ReplaceAll(strings.ReplaceAll(plainTable, ",", ";"), ".", ",")
	for _, c := range []struct {
		name, table string
		args        []string
		note        string
	}{
		{"wrong order", reversed, []string{"--from", dayFrom(91)}, "they were sorted"},
		{"decimal commas", german, []string{"--from", dayFrom(91)}, ""},
		{"German date", plainTable, []string{"--from", "6.4.2026"}, ""},
		{"switched on by a column", plainTable, []string{"--active", "active"}, ""},
	} {
		t.Run(c.name, func(t *testing.T) {
			got := read[answer](t, effectCall(t, c.table, append(c.args, "--output", "json")...).expect(t, 0))
			if got.Average != base.Average || got.Post != base.Post || got.Decision != "increase" || !strings.Contains(strings.Join(got.Notes, " "), c.note) {
				t.Errorf("\ngot:  %+v %+v %q\nwant: %+v %+v %q", got.Average, got.Post, got.Notes, base.Average, base.Post, c.note)
			}
		})
	}
	gone := read[answer](t, effectCall(t, shop(15, func(line int, cells []string) []string {
		if line > 20 && line < 24 {
			return nil
		}
		if line == 30 {
			cells[1] = ""
		}
		return cells
	}), "--from", dayFrom(91), "--output", "json").expect(t, 0))
	if notes := strings.Join(gone.Notes, " "); gone.Pre.Missing != 4 || !strings.Contains(notes, "3 days between") || !strings.Contains(notes, "1 figure of “orders” is missing") || len(gone.Series) != 119 {
		t.Errorf("missing days: %+v %q, %d rows", gone.Pre, gone.Notes, len(gone.Series))
	}
	short := read[answer](t, effectCall(t, plainTable, "--from", dayFrom(15), "--until", dayFrom(25), "--output", "json").expect(t, 0))
	if short.Decision != "cannot_tell" || short.Reason != "effect.reason.too_short" {
		t.Errorf("short: %s, %s", short.Decision, short.Reason)
	}
}

// Weeks and months are seen as such; without a date rows count from 1.
func TestEffectGrains(t *testing.T) {
	rng := infer.Rand(5, 5)
	var weeks, months, years strings.Builder
	weeks.WriteString("week;y\n")
	months.WriteString("month;y\n")
	years.WriteString("year;y\n")
	for i := range 60 {
		v := strconv.FormatFloat(100+rng.NormFloat64(), 'f', 3, 64) + "1"
		fmt.Fprintf(&weeks, "%s;%s\n", dayFrom(7*i), v)
		fmt.Fprintf(&months, "%d-%02d-01;%s\n", 2020+i/12, i%12+1, v)
		fmt.Fprintf(&years, "%d;%s\n", 1900+i, v)
	}
	for _, c := range []struct{ table, column, from, grain, post string }{
		{weeks.String(), "week", dayFrom(7 * 50), "week", dayFrom(7 * 50)}, {months.String(), "month", "2024-03-01", "month", "2024-03-01"},
		{years.String(), "year", "1950", "row", "1950"}, {years.String(), "", "51", "row", "51"},
	} {
		args := []string{"effect", fixture(t, "a.csv", c.table), "--y", "y", "--from", c.from, "--output", "json"}
		if c.column != "" {
			args = append(args, "--date", c.column)
		}
		got := read[answer](t, call(t, args...).expect(t, 0))
		if got.Grain != c.grain || got.Post.From != c.post || got.Post.Rows != 10 || got.Pre.Missing != 0 {
			t.Errorf("%s\ngot:  %s from %s, %d rows, %d missing\nwant: %s from %s", c.column, got.Grain, got.Post.From, got.Post.Rows, got.Pre.Missing, c.grain, c.post)
		}
	}
}

// Published values: R's CausalImpact 1.4.1 on its own example, mean and Monte Carlo spread
// over seeds; the command is within six of them, and lists the controls that it took.
func TestEffectAgreesWithR(t *testing.T) {
	dir := filepath.Join(need.Shared(t), "data", "effect", "r-causalimpact")
	f, err := os.Open(filepath.Join(dir, "reference_summary.csv"))
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = f.Close() }()
	rows, err := csv.NewReader(f).ReadAll()
	if err != nil {
		t.Fatal(err)
	}
	r := call(t, "effect", filepath.Join(dir, "readme_input.csv"), "--date", "t", "--y", "y", "--from", "71", "--until", "100", "--method", "causalimpact", "--iterations", "4000", "--seed", "3", "--output", "json").expect(t, 0)
	got := read[answer](t, r)
	if got.Decision != "increase" || len(got.Covariates) == 0 || got.Covariates[0].Name != "x1" || !strings.Contains(strings.Join(got.Notes, " "), "x1") {
		t.Errorf("got: %s, %v, %q", got.Decision, got.Covariates, got.Notes)
	}
	compared := 0
	for _, row := range rows {
		if row[0] != "readme" || row[1] != "default" {
			continue
		}
		mean, errMean := strconv.ParseFloat(row[5], 64)
		sd, errSD := strconv.ParseFloat(row[6], 64)
		v, ok := got.Summary[row[4]]
		if !ok || errMean != nil || errSD != nil || row[4] == "burn" || row[4] == "p" {
			continue
		}
		compared++
		if math.Abs(v-mean) > 6*sd+1e-9*math.Abs(mean) {
			t.Errorf("%s\ngot:  %v\nwant: %v ± %v", row[4], v, mean, sd)
		}
	}
	if compared < 10 {
		t.Errorf("only %d of R's numbers were compared", compared)
	}
}

// The page needs nothing else, and the chart is a picture.
func TestEffectPictures(t *testing.T) {
	dir := t.TempDir()
	page, picture := filepath.Join(dir, "a.html"), filepath.Join(dir, "a.svg")
	effectCall(t, shop(15, nil), "--from", dayFrom(91), "--html", page, "--svg", picture, "--language", "de").expect(t, 0)
	html, err := os.ReadFile(page)
	if err != nil {
		t.Fatal(err)
	}
	svg, err := os.ReadFile(picture)
	if err != nil {
		t.Fatal(err)
	}
	for _, want := range []string{`lang="de"`, "Gut belegt", "hat sehr wahrscheinlich rund", "<svg", "falschen Alarm", "Prüf", "Grau hinterlegt: Tage mit der Aktivität", "; Aktivität: "} {
		if !strings.Contains(string(html), want) {
			t.Errorf("the page lacks %q", want)
		}
	}
	for _, not := range []string{"<script", "href=\"/", "src=", "http-equiv", "ZgotmplZ"} {
		if strings.Contains(string(html), not) {
			t.Errorf("the page has %q", not)
		}
	}
	if !strings.HasPrefix(string(svg), "<?xml") || !strings.Contains(string(svg), "was geschah und was zu erwarten war") {
		t.Errorf("got: %.200s", svg)
	}
}

// Progress is drawn on a terminal only, and gone at the end.
func TestEffectProgress(t *testing.T) {
	r := callWith(t, func(o *outside) { o.terminal = true }, "effect", fixture(t, "shop.csv", shop(0, nil)), "--y", "orders", "--from", "92", "--method", "causalimpact", "--iterations", "200")
	if r.code != 0 || strings.Contains(r.stdout, "%]") {
		t.Errorf("got: exit %d, %q", r.code, r.stderr)
	}
	s := &doneShare{meter: &meter{p: &program{flags: &commands{Output: "json"}}, name: "a.csv"}, done: .5}
	if got := s.said(); got != `{"event":"progress","file":"a.csv","done":0.5}` {
		t.Errorf("got: %s", got)
	}
}

// The table is never written over, by whatever name it is called.
func TestEffectKeepsTheTable(t *testing.T) {
	table := fixture(t, "shop.csv", shop(0, nil))
	for _, out := range []string{"--html", "--svg"} {
		keepsTable(t, table, out, table)
	}
	both := filepath.Join(t.TempDir(), "both")
	if r := call(t, effectOf(table, "--svg", both, "--html", both)...).expect(t, 2); !strings.Contains(r.stderr, "same file") {
		t.Error(r.stderr)
	}
}

func TestEffectKeepsTheTableBehindALink(t *testing.T) {
	table := fixture(t, "shop.csv", shop(0, nil))
	link := filepath.Join(t.TempDir(), "link.html")
	if err := os.Symlink(table, link); err != nil {
		need.Skip(t, "needs links between files: "+err.Error())
	}
	keepsTable(t, table, "--html", link)
}

func keepsTable(t *testing.T, table, flag, path string) {
	t.Helper()
	r := call(t, effectOf(table, flag, path)...).expect(t, 2)
	if !strings.Contains(r.stderr, flag) || !strings.Contains(r.stderr, "would be overwritten") {
		t.Errorf("%s %s: %s", flag, path, r.stderr)
	}
	if got, err := os.ReadFile(table); err != nil || string(got) != shop(0, nil) {
		t.Errorf("the table was changed: %v", err)
	}
}

func effectOf(table string, flags ...string) []string {
	return append([]string{"effect", table, "--date", "date", "--y", "orders", "--from", dayFrom(91)}, flags...)
}

// A folder is no table.
func TestEffectRefusesAFolder(t *testing.T) {
	if r := call(t, effectOf(t.TempDir())...).expect(t, 2); !strings.Contains(r.stderr, "not a file") {
		t.Error(r.stderr)
	}
}

// A pipe is no table, and nobody waits for one.
func TestEffectWaitsForNoPipe(t *testing.T) {
	pipe := filepath.Join(t.TempDir(), "pipe")
	if err := exec.Command("mkfifo", pipe).Run(); err != nil {
		need.Skip(t, "needs named pipes: "+err.Error())
	}
	if r := call(t, effectOf(pipe)...).expect(t, 2); !strings.Contains(r.stderr, "not a file") {
		t.Error(r.stderr)
	}
}
