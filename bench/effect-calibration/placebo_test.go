package main

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"goalpost/infer"
)

// write makes the three files that panels reads, 100 days of 8 regions and 100 of a page.
func write(t *testing.T) (dir string) {
	t.Helper()
	dir = t.TempDir()
	var geo, sales, page strings.Builder
	geo.WriteString("location,Y,date\n")
	sales.WriteString("date,geo,sales,cost\n")
	page.WriteString("Date,Total events,Total users,Average session duration,New users,Returning users,Sessions,Follows,Total_Reach,Page engagement\n")
	first := time.Date(2021, 1, 1, 0, 0, 0, 0, time.UTC) // a Friday
	for day := range 100 {
		date := first.AddDate(0, 0, day).Format(time.DateOnly)
		fmt.Fprintf(&page, "%s,1,2,3,4,5,6,7,8,%d\n", date, day)
		for region := range 8 {
			fmt.Fprintf(&geo, "%d,%d,%s\n", region, 1000*region+day*day%(17+region), date)
			cost := 0
			if region == 3 && day > 90 {
				cost = 5
			}
			fmt.Fprintf(&sales, "%s,%d,%d,%d\n", date, region, 10*region+day%7, cost)
		}
	}
	for name, text := range map[string]string{"effect/geolift/GeoLift_PreTest.csv": geo.String(), "effect/geo-experiments/salesandcost.csv": sales.String(), "social/mh4u/combined.csv": page.String()} {
		path := filepath.Join(dir, name)
		if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	return dir
}

// Fake starts stand every two weeks after eight, with what follows known; a region that
// had advertising is none of them, and what comes after a start chooses no control.
func TestPlacebos(t *testing.T) {
	sets, err := panels(write(t))
	if err != nil {
		t.Fatal(err)
	}
	for i, want := range []int{8, 7, 7, 2} {
		if got := len(sets[i].names); got != want {
			t.Errorf("%s: %d series, want %d", sets[i].name, got, want)
		}
	}
	questions := sets[0].placebos()
	starts := map[string]bool{}
	for _, q := range questions {
		starts[fmt.Sprint(q.series.After.From, "+", q.after)] = true
		if q.series.Weekday[0] != 4 {
			t.Fatalf("the first day is %d, want 4, a Friday", q.series.Weekday[0])
		}
		if len(q.series.Y) != q.series.After.From+q.after || q.series.X != nil && len(q.series.X) != len(q.series.Y) {
			t.Fatalf("%d rows for a start at %d", len(q.series.Y), q.series.After.From)
		}
	}
	if len(starts) != 5 || !starts["56+14"] || !starts["84+14"] || !starts["70+28"] { // 56, 70, 84 and 56, 70
		t.Errorf("starts %v", starts)
	}
	if want := 8 * 5 * 3; len(questions) != want {
		t.Errorf("%d questions, want %d", len(questions), want)
	}
	p := sets[0]
	_, few := p.others("0", 56)
	for _, rows := range p.rows {
		for day := 56; day < len(rows); day++ {
			rows[day] *= -1
		}
	}
	_, again := p.others("0", 56)
	for j := range few {
		if few[j][0] != again[j][0] {
			t.Errorf("companion %d is another one once the days after have changed", j)
		}
	}
	if sum, _ := p.others("7", 56); sum[0] != 21_000 {
		t.Errorf("sum of the others %v, want 21,000", sum[0])
	}
}

// What counts as a cry of wolf: an answer that excludes 0, not one that is refused.
func TestCries(t *testing.T) {
	var c cries
	c.add(said{answer: answer{average: infer.Estimate{Lo: 1, Hi: 2}}})
	c.add(said{answer: answer{average: infer.Estimate{Lo: -2, Hi: -1}, refused: "relation"}})
	c.add(said{answer: answer{average: infer.Estimate{Lo: -1, Hi: 2}}})
	c.add(said{err: errors.New("too short")})
	if c != (cries{n: 4, wolf: 1, excludes: 2, refused: 1, none: 1}) {
		t.Errorf("got %+v", c)
	}
}
