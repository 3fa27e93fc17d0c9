package assess

import (
	"bufio"
	"flag"
	"fmt"
	"math"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"testing"
	"time"

	"goalpost"
)

var update = flag.Bool("update", false, "rewrite the expected part of golden files")

// Golden: each file of testdata/verdict holds a goal, its observations, a line, and
// the verdict. go test -update rewrites what is below the line; review the diff.
func TestVerdictGolden(t *testing.T) {
	files, err := filepath.Glob("testdata/verdict/*.txt")
	if err != nil || len(files) == 0 {
		t.Fatalf("no golden files: %v", err)
	}
	for _, f := range files {
		t.Run(strings.TrimSuffix(filepath.Base(f), ".txt"), func(t *testing.T) {
			data, err := os.ReadFile(f)
			if err != nil {
				t.Fatal(err)
			}
			input, want, _ := strings.Cut(string(data), "----------\n")
			q := readQuestion(t, input)
			j, err := judge(q)
			if err != nil {
				t.Fatal(err)
			}
			got := writeVerdict(j)
			if *update {
				if err := os.WriteFile(f, []byte(input+"----------\n"+got), 0o644); err != nil {
					t.Fatal(err)
				}
				return
			}
			if got != want {
				t.Errorf("\ngot:\n%s\nwant:\n%s", got, want)
			}
			again, err := judge(q)
			if err != nil || writeVerdict(again) != got {
				t.Errorf("judged again it differs: %v\n%s", err, writeVerdict(again))
			}
		})
	}
}

// readQuestion reads the small language of the golden files:
//
//	goal engagement · kpi engagements · target +10% · baseline 100 · from/until/as-of DAY · previous on_track
//	days FIRST COUNT w0 … w6      a pattern of seven values, repeated
//	trend X                       each day times exp(X·t)
//	missing DAY COUNT · unsettled COUNT · value DAY X · ratio DEN   (each day's denominator)
//	negative · weekly
func readQuestion(t *testing.T, text string) question {
	t.Helper()
	q := question{seed: 1, location: time.UTC}
	v := goalpost.GoalVersion{Version: 1, Owner: "Ada", At: time.Date(2024, 1, 1, 0, 0, 0, 0, time.UTC), By: "Ada"}
	p := goalpost.Period{}
	o := &q.observed
	o.Grain = goalpost.Daily
	target := ""
	s := bufio.NewScanner(strings.NewReader(text))
	for s.Scan() {
		f := strings.Fields(s.Text())
		if len(f) == 0 || f[0] == "#" {
			continue
		}
		day := func(i int) goalpost.Day {
			d, err := goalpost.ParseDay(f[i])
			if err != nil {
				t.Fatal(err)
			}
			return d
		}
		num := func(i int) float64 {
			x, err := strconv.ParseFloat(f[i], 64)
			if err != nil {
				t.Fatal(err)
			}
			return x
		}
		switch f[0] {
		case "goal":
			q.goal = goalpost.Goal{ID: 1, Code: f[1]}
		case "kpi":
			v.KPI = f[1]
			q.kpi, _ = goalpost.KPIByCode(f[1])
		case "target":
			target = f[1]
		case "baseline":
			x := num(1)
			v.Baseline = &x
		case "from":
			p.Start = day(1)
		case "until":
			p.End = day(1) + 1
		case "as-of":
			q.asOf = day(1)
		case "previous":
			q.previous = goalpost.Decision(f[1])
		case "days":
			o.First = day(1)
			n := int(num(2))
			for i := range n {
				x := num(3 + i%7)
				o.Days = append(o.Days, ObservedDay{Num: x, Largest: x})
			}
			o.Last = o.First + goalpost.Day(n) - 1
		case "trend":
			for i := range o.Days {
				o.Days[i].Num = math.Round(o.Days[i].Num * math.Exp(num(1)*float64(i)))
			}
		case "ratio":
			for i := range o.Days {
				o.Days[i].Den, o.Days[i].Posts = num(1), 1
			}
		case "missing":
			for i := range int(num(2)) {
				o.Days[int(day(1)-o.First)+i] = ObservedDay{Missing: true}
			}
		case "unsettled":
			for i := range int(num(1)) {
				o.Days[len(o.Days)-1-i].Unsettled = true
				o.Last--
			}
		case "value":
			o.Days[day(1)-o.First] = ObservedDay{Num: num(2), Largest: num(2)}
		case "weekly":
			o.Grain = goalpost.Weekly
			for i := range o.Days {
				if i%7 != 0 {
					o.Days[i] = ObservedDay{Missing: true}
				}
			}
		default:
			t.Fatalf("unknown line %q", s.Text())
		}
	}
	if target != "" {
		tg, err := ParseTarget(target, q.kpi)
		if err != nil {
			t.Fatal(err)
		}
		v.Target = &tg
	}
	if p.End > 0 {
		v.Period = &p
	}
	o.KPI = q.kpi
	q.version = v
	q.goal.Versions = []goalpost.GoalVersion{v}
	return q
}

func writeVerdict(j judged) string {
	v := j.verdict
	var b strings.Builder
	fmt.Fprintf(&b, "decision %s\n", v.Decision)
	if v.Probability != nil {
		fmt.Fprintf(&b, "probability %.4f\n", *v.Probability)
	}
	if e := v.Estimate; e != nil {
		fmt.Fprintf(&b, "estimate %.4g (%.4g to %.4g, %g %s, n %d)\n", e.Value, e.Lo, e.Hi, e.Level, e.Kind, e.N)
	}
	if v.SoFar != nil {
		fmt.Fprintf(&b, "so far %.6g\n", *v.SoFar)
	}
	if v.Substitute {
		fmt.Fprintf(&b, "substitute, better %s\n", v.BetterKPI)
	}
	fmt.Fprintf(&b, "method %s\n", v.Method)
	note := func(name string, n goalpost.Note) {
		if n.IsZero() {
			return
		}
		fmt.Fprintf(&b, "%s %s", name, n.Key)
		for _, a := range n.Args {
			switch a.Type {
			case goalpost.ArgDay:
				fmt.Fprintf(&b, " %s", a.Day)
			case goalpost.ArgText, goalpost.ArgWord:
				fmt.Fprintf(&b, " %s", a.Text)
			default:
				fmt.Fprintf(&b, " %.5g", a.Number)
			}
		}
		b.WriteString("\n")
	}
	note("reason", v.Reason)
	note("settle", v.Settle)
	for _, n := range v.Compared {
		note("compared", n)
	}
	for _, n := range v.Doubts {
		note("doubt", n)
	}
	return b.String()
}
