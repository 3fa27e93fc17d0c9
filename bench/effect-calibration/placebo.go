package main

import (
	"cmp"
	"encoding/csv"
	"fmt"
	"math"
	"os"
	"path/filepath"
	"runtime"
	"slices"
	"strconv"
	"sync"
	"sync/atomic"
	"time"

	"goalpost/effect"
)

// A placebo is a real series on which nothing was done, with a start that is made up.
// Fake starts stand every two weeks, with at least eight weeks before.
const (
	placeboStep  = 14
	placeboFirst = 56
	companions   = 5 // most correlated before the start, where controls are chosen
)

// panel is one data set: series by name, on days without gaps.
type panel struct {
	name     string
	weekday  int // of the first day, 0 Monday
	names    []string
	rows     map[string][]float64
	controls bool // the series are of one kind, so that the others can serve as controls
}

// placebo is one question put to a method.
type placebo struct {
	set    string // data set and kind of controls
	after  int    // days
	series effect.Series
}

// panels reads the data sets below dir: regions of a geo experiment before its start,
// the regions of another that were left alone, and a page's daily figures.
func panels(dir string) ([]panel, error) {
	geo, err := longPanel("GeoLift_PreTest, 40 markets", filepath.Join(dir, "effect/geolift/GeoLift_PreTest.csv"), "location", "date", "Y", "")
	if err != nil {
		return nil, err
	}
	sales, err := longPanel("salesandcost, regions without cost", filepath.Join(dir, "effect/geo-experiments/salesandcost.csv"), "geo", "date", "sales", "cost")
	if err != nil {
		return nil, err
	}
	records, column, err := readCSV(filepath.Join(dir, "social/mh4u/combined.csv"))
	if err != nil {
		return nil, err
	}
	page := panel{rows: map[string][]float64{}}
	for _, record := range records {
		for _, name := range []string{"Total events", "Total users", "Average session duration", "New users", "Returning users", "Sessions", "Follows",
			"Total_Reach", "Page engagement"} {
			v, err := strconv.ParseFloat(record[column[name]], 64)
			if err != nil {
				return nil, fmt.Errorf("%s on %s: %w", name, record[column["Date"]], err)
			}
			page.rows[name] = append(page.rows[name], v)
		}
	}
	first, err := time.Parse(time.DateOnly, records[0][column["Date"]])
	if err != nil {
		return nil, err
	}
	page.weekday = monday(first)
	quiet, moved := page, page
	quiet.name, quiet.names = "mh4u, 7 figures of site and page", []string{"Total events", "Total users", "Average session duration", "New users", "Returning users", "Sessions", "Follows"}
	// Advertising ran on and off: these two answer to it, so alarms on them are not all false.
	moved.name, moved.names = "mh4u, reach and engagement (moved by ads)", []string{"Total_Reach", "Page engagement"}
	return []panel{geo, sales, quiet, moved}, nil
}

func monday(day time.Time) int { return (int(day.Weekday()) + 6) % 7 }

// readCSV returns the records of a file and the column of each name.
func readCSV(path string) (records [][]string, column map[string]int, err error) {
	f, err := os.Open(path)
	if err != nil {
		return nil, nil, err
	}
	defer func() { _ = f.Close() }()
	records, err = csv.NewReader(f).ReadAll()
	if err != nil {
		return nil, nil, err
	}
	column = map[string]int{}
	for i, name := range records[0] {
		column[name] = i
	}
	return records[1:], column, nil
}

// longPanel reads a file with one row per region and day. Regions that ever have a cost
// are left out, and those that do not have every day.
func longPanel(name, path, region, day, value, cost string) (panel, error) {
	records, column, err := readCSV(path)
	if err != nil {
		return panel{}, err
	}
	type cell struct {
		day string
		y   float64
	}
	cells, treated, days := map[string][]cell{}, map[string]bool{}, map[string]bool{}
	for _, r := range records {
		y, err := strconv.ParseFloat(r[column[value]], 64)
		if err != nil {
			return panel{}, err
		}
		where := r[column[region]]
		if cost != "" {
			spent, err := strconv.ParseFloat(r[column[cost]], 64)
			if err != nil {
				return panel{}, err
			}
			treated[where] = treated[where] || spent != 0
		}
		days[r[column[day]]] = true
		cells[where] = append(cells[where], cell{r[column[day]], y})
	}
	p := panel{name: name, rows: map[string][]float64{}, controls: true}
	for where, list := range cells {
		if treated[where] || len(list) != len(days) {
			continue
		}
		slices.SortFunc(list, func(a, b cell) int { return cmp.Compare(a.day, b.day) })
		first, err := time.Parse(time.DateOnly, list[0].day)
		if err != nil {
			return panel{}, err
		}
		p.weekday = monday(first)
		p.names = append(p.names, where)
		for _, c := range list {
			p.rows[where] = append(p.rows[where], c.y)
		}
	}
	slices.Sort(p.names)
	return p, nil
}

// placebos puts the questions of a panel: every series, every fake start, two and four
// weeks after; without a control and, where the others can serve, with their sum and with
// the few that went along most before the start.
func (p panel) placebos() (list []placebo) {
	for _, name := range p.names {
		y := p.rows[name]
		for start := placeboFirst; start < len(y); start += placeboStep {
			for _, m := range []int{14, 28} {
				if start+m > len(y) {
					continue
				}
				s := table(y[:start+m], start)
				for t := range s.Weekday {
					s.Weekday[t] = (t + p.weekday) % 7
				}
				list = append(list, placebo{p.name + ": no control", m, s})
				if !p.controls {
					continue
				}
				sum, few := p.others(name, start)
				alone, several := s, s
				alone.X, several.X = table(y[:start+m], start, sum).X, table(y[:start+m], start, few...).X
				list = append(list, placebo{p.name + ": sum of the others", m, alone}, placebo{fmt.Sprintf("%s: %d companions", p.name, companions), m, several})
			}
		}
	}
	return list
}

// others returns the sum of the other series and those that correlate most before a row.
func (p panel) others(name string, before int) (sum []float64, few [][]float64) {
	names := slices.DeleteFunc(slices.Clone(p.names), func(other string) bool { return other == name })
	y := p.rows[name]
	sum = make([]float64, len(y))
	for _, other := range names {
		for t, v := range p.rows[other] {
			sum[t] += v
		}
	}
	slices.SortStableFunc(names, func(a, b string) int {
		return cmp.Compare(correlation(y[:before], p.rows[b][:before]), correlation(y[:before], p.rows[a][:before]))
	})
	for _, other := range names[:companions] {
		few = append(few, p.rows[other])
	}
	return sum, few
}

// correlation of Pearson; 0 where a series does not vary.
func correlation(a, b []float64) float64 {
	var sa, sb, aa, bb, ab float64
	n := float64(len(a))
	for i := range a {
		sa, sb = sa+a[i]/n, sb+b[i]/n
	}
	for i := range a {
		aa, bb, ab = aa+(a[i]-sa)*(a[i]-sa), bb+(b[i]-sb)*(b[i]-sb), ab+(a[i]-sa)*(b[i]-sb)
	}
	if aa == 0 || bb == 0 {
		return 0
	}
	return ab / math.Sqrt(aa*bb)
}

// cries counts what a method said to placebos.
type cries struct{ n, wolf, excludes, refused, none int }

// placeboTable prints how often each method would have cried wolf.
func placeboTable(dir string, chosen []method) error {
	sets, err := panels(dir)
	if err != nil {
		return err
	}
	fmt.Println("Placebos. wolf: answered and the 95 % interval excludes 0; excludes: the same, refused or not; shares of all fake starts.")
	fmt.Println("| data and controls | days after | fake starts | method | wolf | excludes 0 | refused | no interval |")
	fmt.Println("|---|---:|---:|---|---:|---:|---:|---:|")
	for _, m := range chosen {
		var overall cries
		for _, p := range sets {
			questions := p.placebos()
			answers := ask(questions, m)
			var order []string
			byRow := map[string]*cries{}
			for i, q := range questions {
				key := fmt.Sprintf("%s | %d", q.set, q.after)
				if byRow[key] == nil {
					byRow[key] = &cries{}
					order = append(order, key)
				}
				byRow[key].add(answers[i])
				if p.name != "mh4u, reach and engagement (moved by ads)" {
					overall.add(answers[i])
				}
			}
			for _, key := range order {
				byRow[key].print(key, m.name)
			}
		}
		overall.print("all but what ads moved | 14, 28", m.name)
	}
	return nil
}

// said is the answer to one placebo.
type said struct {
	answer
	err error
}

// ask puts the questions on all cores.
func ask(questions []placebo, m method) []said {
	answers, next := make([]said, len(questions)), atomic.Int64{}
	var wg sync.WaitGroup
	for range runtime.GOMAXPROCS(0) {
		wg.Go(func() {
			for i := int(next.Add(1)) - 1; i < len(questions); i = int(next.Add(1)) - 1 {
				answers[i].answer, answers[i].err = m.answer(questions[i].series, uint64(i))
			}
		})
	}
	wg.Wait()
	return answers
}

func (c *cries) add(s said) {
	c.n++
	excludes := s.err == nil && (s.average.Lo > 0 || s.average.Hi < 0)
	count(&c.none, s.err != nil)
	count(&c.refused, s.err == nil && s.refused != "")
	count(&c.excludes, excludes)
	count(&c.wolf, excludes && s.refused == "")
}

func (c *cries) print(row, method string) {
	fmt.Printf("| %s | %d | %s | %.3f | %.3f | %.3f | %.3f |\n", row, c.n, method, share(c.wolf, c.n), share(c.excludes, c.n), share(c.refused, c.n), share(c.none, c.n))
}
