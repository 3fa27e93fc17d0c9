package main

import (
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// regions is a table of a simulated shop with a row for each region and day: the shop's
// orders and visits, of which North has six tenths, South three and West one. Cells of a
// line may be changed, lines added behind it.
func regions(change func(t int, region string, cells []string) [][]string) string {
	var b strings.Builder
	b.WriteString("date;region;orders;visits;active\n")
	for i, line := range strings.Split(strings.TrimSpace(shop(15, nil)), "\n")[1:] {
		day := strings.Split(line, ",")
		var orders, visits float64
		if _, err := fmt.Sscan(day[1]+" "+day[2], &orders, &visits); err != nil {
			panic(err)
		}
		for _, r := range []struct {
			name  string
			share float64
		}{{"North", .6}, {"South", .3}, {"West", .1}} {
			cells := []string{day[0], r.name, fmt.Sprintf("%.4f", orders*r.share), fmt.Sprintf("%.4f", visits*r.share), day[3]}
			lines := [][]string{cells}
			if change != nil {
				lines = change(i, r.name, cells)
			}
			for _, l := range lines {
				b.WriteString(strings.Join(l, ";") + "\n")
			}
		}
	}
	return b.String()
}

// regionsCall runs goalpost effect on such a table.
func regionsCall(t *testing.T, table string, args ...string) result {
	t.Helper()
	return call(t, append([]string{"effect", fixture(t, "regions.csv", table), "--date", "date", "--y", "orders", "--x", "visits"}, args...)...)
}

// Reference: the rows of a day added, or some of them taken, give what a table gives in
// which somebody did that before; the notes say what was done.
func TestEffectSeveralRowsADay(t *testing.T) {
	from := []string{"--from", dayFrom(91), "--output", "json"}
	whole := read[answer](t, effectCall(t, shop(15, nil), from...).expect(t, 0))
	sum := read[answer](t, regionsCall(t, regions(nil), append(from, "--sum")...).expect(t, 0))
	if diff := sum.Average.Value - whole.Average.Value; sum.Decision != "increase" || diff > 1e-6 || diff < -1e-6 || sum.Post != whole.Post || !strings.Contains(strings.Join(sum.Notes, " "), "357 rows became 119 days") {
		t.Errorf("\ngot:  %+v %q\nwant: %+v", sum.Average, sum.Notes, whole.Average)
	}
	north := regions(func(_ int, region string, cells []string) [][]string {
		if region != "North" {
			return nil
		}
		return [][]string{cells}
	})
	want := read[answer](t, regionsCall(t, north, from...).expect(t, 0))
	for _, where := range [][]string{{"--where", "region=North"}, {"--where", "Region = North"}, {"--where", "region!=South", "--where", "region!=West"}} {
		got := read[answer](t, regionsCall(t, regions(nil), append(where, from...)...).expect(t, 0))
		if got.Average != want.Average || !strings.Contains(strings.Join(got.Notes, " "), "119 of 357") {
			t.Errorf("%v\ngot:  %+v %q\nwant: %+v", where, got.Average, got.Notes, want.Average)
		}
	}
	two := read[answer](t, regionsCall(t, regions(nil), append(from, "--where", "region=North", "--where", "region=South", "--sum")...).expect(t, 0))
	if two.Average.Value <= want.Average.Value || !strings.Contains(strings.Join(two.Notes, " "), "238 rows became 119 days") {
		t.Errorf("two regions: %+v %q, of North alone %+v", two.Average, two.Notes, want.Average)
	}
	active := read[answer](t, regionsCall(t, regions(nil), "--active", "active", "--sum", "--output", "json").expect(t, 0))
	if active.Average != sum.Average {
		t.Errorf("switched on by a column\ngot:  %+v\nwant: %+v", active.Average, sum.Average)
	}
}

// What the rows of a day leave open is said: a figure that is missing makes the sum
// unknown, a row that is not there adds nothing, and an activity may run in one region.
func TestEffectSumSaysWhatIsOpen(t *testing.T) {
	for _, c := range []struct {
		name   string
		change func(i int, region string, cells []string) [][]string
		note   string
		gone   int
	}{
		{"missing figure", func(i int, region string, cells []string) [][]string {
			if i == 30 && region == "South" {
				cells[2] = ""
			}
			return [][]string{cells}
		}, "1 figure of “orders” is missing", 1},
		{"missing row", func(i int, region string, cells []string) [][]string {
			if i == 30 && region == "West" {
				return nil
			}
			return [][]string{cells}
		}, "Not every date has as many rows: 2 to 3", 0},
		{"activity in one region", func(_ int, region string, cells []string) [][]string {
			if region != "North" {
				cells[4] = "0"
			}
			return [][]string{cells}
		}, "On 28 days only some of the rows say that the activity ran", 0},
	} {
		t.Run(c.name, func(t *testing.T) {
			got := read[answer](t, regionsCall(t, regions(c.change), "--active", "active", "--sum", "--output", "json").expect(t, 0))
			if got.Decision != "increase" || got.Pre.Missing != c.gone || got.Post.Rows != 28 || !strings.Contains(strings.Join(got.Notes, " "), c.note) {
				t.Errorf("\ngot:  %s, %+v, %+v, %q\nwant: %d missing, %q", got.Decision, got.Pre, got.Post, got.Notes, c.gone, c.note)
			}
		})
	}
}

// Limits: a table with several rows a day is refused with the flags that help, as typed.
func TestEffectSeveralRowsRefused(t *testing.T) {
	from := []string{"--from", dayFrom(91)}
	total := func(name string) string {
		return regions(func(i int, region string, cells []string) [][]string {
			lines := [][]string{cells}
			if region == "West" {
				all := strings.Split(strings.Split(shop(15, nil), "\n")[i+1], ",")
				lines = append(lines, []string{cells[0], name, all[1], all[2], cells[4]})
			}
			return lines
		})
	}
	for _, c := range []struct {
		name, table string
		args, want  []string
	}{
		{"neither flag", regions(nil), from, []string{"regions.csv", "line 3", "date", "several rows for 2026-01-05", "line 2", "“region”", "“North” and “South”", "--sum", "--where 'region=North'"}},
		{"where leaves two", regions(nil), append(from, "--where", "region!=West"), []string{"several rows", "--sum"}},
		{"shops by number", strings.NewReplacer("North", "17", "South", "18", "West", "21").Replace(regions(nil)), from, []string{"“17” and “18”", "--where 'region=17'"}},
		{"no column tells apart", strings.NewReplacer("South", "North", "West", "North").Replace(regions(nil)), from, []string{"stands twice, first in line 2", "--sum"}},
		{"value", regions(nil), append(from, "--where", "region=north"), []string{"--where", "“north”", "It has: North, South, West"}},
		{"column", regions(nil), append(from, "--where", "country=DE"), []string{"--where", "no column “country”"}},
		{"no value", regions(nil), append(from, "--where", "region"), []string{"--where 'region=North'"}},
		{"nothing left", regions(nil), append(from, "--where", "region=North", "--where", "region!=North"), []string{"No row is left"}},
		{"hole in a covariate", regions(func(i int, _ string, cells []string) [][]string {
			if i == 5 {
				cells[3] = ""
			}
			return [][]string{cells}
		}), append(from, "--sum"), []string{"line 17", "visits", "no figure here"}},
		{"a total among the rows", total("Total"), append(from, "--sum"), []string{"line 5", "“region” is “Total”", "twice", "--where 'region!=Total'"}},
		{"a total without a name", total(""), append(from, "--sum"), []string{"“region” is “”", "--where 'region!='"}},
	} {
		t.Run(c.name, func(t *testing.T) {
			r := regionsCall(t, c.table, c.args...).expect(t, 2)
			for _, want := range c.want {
				if !strings.Contains(r.stderr, want) {
					t.Errorf("\ngot:  %s\nwant: %q", r.stderr, want)
				}
			}
		})
	}
	r := call(t, "effect", fixture(t, "a.csv", regions(nil)), "--y", "orders", "--from", "80", "--sum").expect(t, 2)
	if !strings.Contains(r.stderr, "--date") {
		t.Errorf("without dates: %s", r.stderr)
	}
	// What the refusal advises works.
	got := read[answer](t, regionsCall(t, total(""), append(from, "--sum", "--where", "region!=", "--output", "json")...).expect(t, 0))
	if got.Decision != "increase" {
		t.Errorf("without the total: %s", got.Decision)
	}
}

// An activity that is on from the first row says what to do, and that works where it
// paused later.
func TestEffectActiveFromTheFirstRow(t *testing.T) {
	on := func(days ...[2]int) string {
		return shop(0, func(line int, cells []string) []string {
			cells[3] = "0"
			for _, d := range days {
				if line-2 >= d[0] && line-2 < d[1] {
					cells[3] = "1"
				}
			}
			return cells
		})
	}
	for _, c := range []struct {
		name, table string
		args, want  []string
	}{
		{"always", on([2]int{0, 119}), []string{"--active", "active"}, []string{"--active", "every row", "5 January 2026", "from before it", "“active”"}},
		{"once", on([2]int{0, 20}), []string{"--active", "active"}, []string{"begins with the first row", "at least 21 rows before"}},
		{"said by --from", shop(0, nil), []string{"--from", dayFrom(0)}, []string{"--from", "begins with the first row", "at least 21 rows before"}},
		{"several times", on([2]int{0, 20}, [2]int{50, 60}, [2]int{80, 85}, [2]int{100, 110}), []string{"--active", "active"}, []string{"on from the first row", "--pre-from " + dayFrom(20) + " --from " + dayFrom(50)}},
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
	advised := []string{"--active", "active", "--pre-from", dayFrom(20), "--from", dayFrom(50), "--output", "json"}
	got := read[answer](t, effectCall(t, on([2]int{0, 20}, [2]int{50, 60}, [2]int{80, 85}, [2]int{100, 110}), advised...).expect(t, 0))
	if got.Method != "switched" || got.Pre.From != dayFrom(20) || got.Post.From != dayFrom(50) {
		t.Errorf("got: %s, %+v, %+v", got.Method, got.Pre, got.Post)
	}
}

// Golden: the help, in both languages.
func TestEffectHelpGolden(t *testing.T) {
	for _, language := range []string{"en", "de"} {
		r := call(t, "effect", "--language", language, "--help").expect(t, 0)
		golden(t, filepath.Join("testdata", "effect-help-"+language+".txt"), r.stdout)
	}
}

// Golden: an activity that ran several times, in both languages. Its days are compared with
// those without it, wherever they stand.
func TestEffectSwitchedGolden(t *testing.T) {
	table := shop(0, func(line int, cells []string) []string {
		cells[3] = "0"
		if day := line - 2; day > 20 && day%17 < 5 {
			cells[3] = "1"
		}
		return cells
	})
	for _, language := range []string{"en", "de"} {
		page := filepath.Join(t.TempDir(), "effect.html")
		r := effectCall(t, table, "--active", "active", "--language", language, "--html", page).expect(t, 0)
		golden(t, filepath.Join("testdata", "effect-switched-"+language+".txt"), r.stdout)
		// There are no fake activities to draw: the pattern was moved instead.
		html, err := os.ReadFile(page)
		if err != nil || strings.Count(string(html), "<svg") != 2 {
			t.Errorf("%v, %d drawings, want that of the effect, wide and narrow", err, strings.Count(string(html), "<svg"))
		}
	}
}

// golden compares with a file, or rewrites it with -update.
func golden(t *testing.T, path, got string) {
	t.Helper()
	if *update {
		if err := os.WriteFile(path, []byte(got), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	if got != string(want) {
		t.Errorf("%s: if this is meant, run the test with -update\ngot:\n%s\nwant:\n%s", path, got, want)
	}
}
