package main

import (
	"context"
	"flag"
	"fmt"
	"os"
	"path/filepath"
	"strings"

	"goalpost/assess"
	"goalpost/effect"
	"goalpost/infer"
	"goalpost/ingest"
)

func main() {
	date := flag.String("date", "date", "column with the date")
	y := flag.String("y", "", "column that the activity may have changed")
	active := flag.String("active", "", "column that says on which days it ran")
	flag.Parse()
	var out strings.Builder
	if err := run(context.Background(), &out, flag.Arg(0), assess.EffectTable{Date: *date, Y: *y, Active: *active}); err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
	fmt.Print(out.String())
}

// run reads the table and prints what the methods say.
func run(ctx context.Context, w *strings.Builder, path string, table assess.EffectTable) error {
	f, err := os.Open(path)
	if err != nil {
		return err
	}
	defer func() { _ = f.Close() }() // only read
	info, err := f.Stat()
	if err != nil {
		return err
	}
	in, err := assess.ReadEffectTable(ctx, ingest.Source{Name: filepath.Base(path), R: f, Size: info.Size()}, table)
	if err != nil {
		return err
	}
	in.Bare = true
	with, without := halves(in)
	fmt.Fprintf(w, "%s: %d days, %d with the activity in %d runs; mean with it %.1f, without %.1f\n\n", table.Y, len(in.Y), count(in.Active), len(runs(in.Active)), with, without)
	if err := contrasts(ctx, w, in); err != nil {
		return err
	}
	return singles(w, in)
}

// halves are the means of days with and without the activity.
func halves(in assess.EffectInput) (with, without float64) {
	var sum, n [2]float64
	for t, y := range in.Y {
		if in.Missing[t] {
			continue
		}
		k := 0
		if in.Active[t] {
			k = 1
		}
		sum[k], n[k] = sum[k]+y, n[k]+1
	}
	return sum[1] / n[1], sum[0] / n[0]
}

func count(list []bool) (n int) {
	for _, b := range list {
		if b {
			n++
		}
	}
	return n
}

// runs are the stretches of days on which the activity ran.
func runs(on []bool) (list []effect.Span) {
	for t := range on {
		switch {
		case on[t] && (t == 0 || !on[t-1]):
			list = append(list, effect.Span{From: t, Until: t + 1})
		case on[t]:
			list[len(list)-1].Until = t + 1
		}
	}
	return list
}

// contrasts prints the methods that compare days with days.
func contrasts(ctx context.Context, w *strings.Builder, in assess.EffectInput) error {
	s := known(in)
	fmt.Fprintf(w, "%-44s %8s  %-20s %s\n", "days with against days without", "a day", "95% interval", "moved: found in")
	for _, m := range []struct {
		name   string
		method contrast
	}{{"difference of means", means}, {"regression with weekdays, days independent", independent}, {"the same, autoregressive days", autoregressive}} {
		e, err := m.method(s)
		if err != nil {
			return fmt.Errorf("%s: %w", m.name, err)
		}
		share, err := moved(s, m.method)
		if err != nil {
			return fmt.Errorf("%s: %w", m.name, err)
		}
		fmt.Fprintf(w, contrastLine, m.name, e.Value, interval(e), 100*share)
	}
	r, err := assess.Effect(ctx, in)
	if err != nil {
		return err
	}
	e := infer.Estimate{Value: r.Average.Value, Lo: r.Average.Lo, Hi: r.Average.Hi}
	fmt.Fprintf(w, contrastLine+"\n", "Goalpost ("+r.Method+")", e.Value, interval(e), 100*float64(r.Placebo.Alarms)/float64(max(r.Placebo.Windows, 1)))
	return nil
}

const contrastLine = "%-44s %8.1f  %-20s %.1f%%\n"

func interval(e infer.Estimate) string { return fmt.Sprintf("%.1f to %.1f", e.Lo, e.Hi) }

// known leaves out the days without a figure.
func known(in assess.EffectInput) (s series) {
	_, days := in.Calendar.Day(0)
	for t, v := range in.Y {
		if in.Missing != nil && in.Missing[t] {
			continue
		}
		s.day, s.y, s.on = append(s.day, t), append(s.y, v), append(s.on, in.Active[t])
		if d, _ := in.Calendar.Day(t); days && in.Calendar.Grain == assess.GrainDay {
			s.weekday = append(s.weekday, int(d.Weekday()))
		}
	}
	return s
}

// leastBefore is how many days must stand before a run that is looked at by itself.
const leastBefore = 21

// singles prints CausalImpact's model with R's defaults: once for everything since the
// first run, and for each run with enough days before it. Earlier runs are days before like
// any other, or are left out.
func singles(w *strings.Builder, in assess.EffectInput) error {
	fmt.Fprintf(w, "CausalImpact's model with R's defaults (seed 1); * without the days of earlier runs\n%-11s %4s %6s  %7s %-17s %-10s %7s %-17s %s\n", "run from", "days", "before", "a day", "95% interval", "says", "a day*", "95% interval*", "says*")
	list := runs(in.Active)
	all := effect.Span{From: list[0].From, Until: len(in.Y)}
	said, looked := map[string]int{}, 0
	for i, run := range append([]effect.Span{all}, list...) {
		if i > 0 && run.From < leastBefore {
			continue
		}
		label := in.Calendar.Label(run.From)
		if i == 0 {
			label = "everything"
		}
		if i > 0 {
			looked++
		}
		line := fmt.Sprintf("%-11s %4d %6d ", label, run.Len(), run.From)
		for _, without := range []bool{false, true} {
			e, err := single(in, run, without)
			if err != nil {
				return fmt.Errorf("run from %s: %w", label, err)
			}
			if i > 0 {
				said[fmt.Sprint(without, word(e))]++
			}
			line += fmt.Sprintf(" %7.1f %-17s %-10s", e.Value, interval(e), word(e))
		}
		fmt.Fprintln(w, strings.TrimRight(line, " "))
	}
	fmt.Fprintf(w, "%d runs by themselves: %d more, %d less; without the days of earlier runs: %d more, %d less\n",
		looked, said["falsemore"], said["falseless"], said["truemore"], said["trueless"])
	return nil
}

// word is what R's summary would make of an interval.
func word(e infer.Estimate) string {
	switch {
	case e.Lo > 0:
		return "more"
	case e.Hi < 0:
		return "less"
	}
	return "no effect"
}

// single is CausalImpact's model on one run against the days before it.
func single(in assess.EffectInput, run effect.Span, without bool) (infer.Estimate, error) {
	s := effect.Series{Y: in.Y[:run.Until], Missing: make([]bool, run.Until), Before: effect.Span{Until: run.From}, After: run}
	for t := range s.Missing {
		s.Missing[t] = in.Missing[t] || without && t < run.From && in.Active[t]
	}
	r, err := effect.CausalImpact(s, effect.CausalImpactOptions{Level: .95}, 1, nil)
	return r.Average, err
}
