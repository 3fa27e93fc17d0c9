package main

import (
	"context"
	"fmt"
	"runtime"
	"sort"
	"strings"
	"sync"
	"sync/atomic"
	"time"

	"goalpost"
	"goalpost/assess"
)

// procedure counts what a user is told by all checks together: those that refuse and those
// that only take a dot away.
type procedure struct {
	n, refused, found int
	dots              [4]int // of what was found
	failed            map[string]int
}

// joint prints, for each scenario, what the whole procedure says of series in which nothing
// happened, and of the same series raised by one standard deviation.
func joint(p plan, only string) error {
	fmt.Printf("\nThe whole procedure: %d replications, seed %d\n", p.n, p.seed)
	fmt.Println("| scenario | no effect: refused, called an effect | +1 sd: refused, found | of those found ●●● / ●●○ / ●○○ | checks that failed, no effect | s |")
	fmt.Println("|---|---|---|---|---|---:|")
	var none, one procedure
	for _, s := range all() {
		if !selected(s, only) {
			continue
		}
		begin := time.Now()
		a, err := s.told(p, 0)
		if err != nil {
			return err
		}
		b, err := s.told(p, 1)
		if err != nil {
			return err
		}
		fmt.Printf("| %s %s %s | %.0f |\n", s.set, s.name, row(a, b), time.Since(begin).Seconds())
		none.merge(a)
		one.merge(b)
	}
	fmt.Printf("| all %s | |\n", row(none, one))
	return nil
}

func row(none, one procedure) string {
	return fmt.Sprintf("| %.3f, %.3f | %.3f, %.3f | %.2f / %.2f / %.2f | %s", share(none.refused, none.n), share(none.found, none.n), share(one.refused, one.n), share(one.found, one.n),
		share(one.dots[3], one.found), share(one.dots[2], one.found), share(one.dots[1], one.found), counted(none))
}

// counted lists the checks that failed, the most frequent first, as shares of the runs.
func counted(p procedure) string {
	var names, list []string
	for name := range p.failed {
		names = append(names, name)
	}
	sort.Slice(names, func(i, j int) bool {
		return p.failed[names[i]] > p.failed[names[j]] || p.failed[names[i]] == p.failed[names[j]] && names[i] < names[j]
	})
	for _, name := range names {
		list = append(list, fmt.Sprintf("%s %.3f", name, share(p.failed[name], p.n)))
	}
	return strings.Join(list, ", ")
}

func (p *procedure) merge(o procedure) {
	p.n, p.refused, p.found = p.n+o.n, p.refused+o.refused, p.found+o.found
	for i, n := range o.dots {
		p.dots[i] += n
	}
	if p.failed == nil {
		p.failed = map[string]int{}
	}
	for name, n := range o.failed {
		p.failed[name] += n
	}
}

func (p *procedure) add(r assess.EffectReport) {
	p.n++
	refuses := false
	for _, c := range r.Checks {
		if c.Passed || c.Skipped {
			continue
		}
		p.failed[c.Name]++
		refuses = refuses || c.Refuses
	}
	count(&p.refused, refuses)
	if r.Decision == goalpost.Increase || r.Decision == goalpost.Decrease {
		p.found++
		p.dots[r.Dots]++
	}
}

// told runs the replications of a scenario with an effect of so many standard deviations.
func (s scenario) told(p plan, sds float64) (procedure, error) {
	total, next := procedure{failed: map[string]int{}}, atomic.Int64{}
	var mu sync.Mutex
	var wg sync.WaitGroup
	var failed error
	for range runtime.GOMAXPROCS(0) {
		wg.Go(func() {
			mine := procedure{failed: map[string]int{}}
			for i := int(next.Add(1)) - 1; i < p.n; i = int(next.Add(1)) - 1 {
				r, err := assess.Effect(context.Background(), s.at(p.seed, i).asked(sds))
				if err != nil {
					mu.Lock()
					failed = fmt.Errorf("%s, replication %d: %w", s.name, i, err)
					mu.Unlock()
					return
				}
				mine.add(r)
			}
			mu.Lock()
			defer mu.Unlock()
			total.merge(mine)
		})
	}
	wg.Wait()
	return total, failed
}

// asked puts a sample as the product gets it, with the outcome raised by so many standard
// deviations while the activity worked.
func (s sample) asked(sds float64) assess.EffectInput {
	x := s.series
	in := assess.EffectInput{Y: append([]float64(nil), x.Y...), Missing: x.Missing, Pre: x.Before, Post: x.After, Calendar: assess.WeeklyCalendar(goalpost.NewDay(2024, time.January, 1))}
	if x.Weekday != nil {
		in.Calendar = assess.DailyCalendar(goalpost.NewDay(2024, time.January, 1)) // a Monday
	}
	for t := x.After.From; t < x.After.Until; t++ {
		if x.Missing == nil || !x.Missing[t] {
			in.Y[t] += sds * s.sd
		}
	}
	for j := range columns(x.X) {
		c := assess.EffectControl{Name: fmt.Sprint("control ", j+1), Values: make([]float64, len(x.Y))}
		for t := range c.Values {
			c.Values[t] = x.X[t][j]
		}
		in.Controls = append(in.Controls, c)
	}
	return in
}

// columns is how many controls the rows hold.
func columns(x [][]float64) int {
	if len(x) == 0 {
		return 0
	}
	return len(x[0])
}
