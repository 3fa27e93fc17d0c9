package main

import (
	"flag"
	"fmt"
	"os"
	"slices"
	"sort"
	"strings"
	"time"
)

func main() {
	var p plan
	flag.IntVar(&p.n, "n", 200, "replications a scenario")
	slow := flag.Int("slow", 100, "replications a scenario of a method that draws")
	flag.IntVar(&p.factor, "factor", -1, "replications that are asked again with +7.5 %; -1: half of them")
	flag.Uint64Var(&p.seed, "seed", 1, "of the series")
	only := flag.String("only", "", "scenarios whose set and name contain this; several with | between them, =own for a set")
	wanted := flag.String("methods", "", "methods, with commas between them; none: all")
	dir := flag.String("placebo", "", "instead of scenarios: fake starts on the real series below this directory")
	exactly := flag.Bool("exact", false, "instead of scenarios: the same input twice, other units, and the time an answer takes")
	whole := flag.Bool("joint", false, "instead of the methods: what a user is told by all checks together, -n replications")
	flag.Parse()
	if *whole {
		if err := joint(p, *only); err != nil {
			fmt.Fprintln(os.Stderr, err)
			os.Exit(1)
		}
		return
	}
	var chosen []method
	for _, m := range methods() {
		if *wanted == "" || slices.Contains(strings.Split(*wanted, ","), m.name) {
			chosen = append(chosen, m)
		}
	}
	if *dir != "" {
		if err := placeboTable(*dir, chosen); err != nil {
			fmt.Fprintln(os.Stderr, err)
			os.Exit(1)
		}
		return
	}
	for _, m := range chosen {
		if *exactly {
			exact(m, p.seed)
			timed(m, p.seed)
			continue
		}
		mine := p
		if m.draws {
			mine.n = min(mine.n, *slow)
		}
		if p.factor < 0 {
			mine.factor = mine.n / 2
		}
		mine.factor = min(mine.factor, mine.n)
		scenarioTable(m, mine, *only)
	}
}

// selected says whether -only chooses a scenario.
func selected(s scenario, only string) bool {
	if only == "" {
		return true
	}
	for part := range strings.SplitSeq(only, "|") {
		set, isSet := strings.CutPrefix(part, "=")
		if isSet && s.set == set || !isSet && strings.Contains(s.set+" "+s.name, part) {
			return true
		}
	}
	return false
}

// scenarioTable measures one method and prints its table and its bars.
func scenarioTable(m method, p plan, only string) {
	fmt.Printf("\n%s: %d replications, +7.5 %% on %d of them, seed %d\n", m.name, p.n, p.factor, p.seed)
	fmt.Println("| scenario | cov all / answered | FA | refused | found .5 / 1 sd / +7.5 % | +7.5 % refused | width | wrong negligible | why refused | s |")
	fmt.Println("|---|---|---:|---:|---|---:|---:|---:|---|---:|")
	r, measured := results{}, []scenario{}
	for _, s := range all() {
		if !selected(s, only) {
			continue
		}
		start := time.Now()
		t := measure(s, m, p)
		r[s.name] = t
		measured = append(measured, s)
		t.print(s, time.Since(start))
	}
	fmt.Println("\nBars:")
	for _, b := range bars() {
		fmt.Printf("%s. %s, %s: %s\n", b.number, b.says, b.where(), b.verdict(r))
	}
	for _, set := range []string{"H", "own", "sealed"} {
		if mean, n := meanCoverage(r, inSet(measured, set)); n > 0 {
			fmt.Printf("mean coverage of the %d scenarios of %s: %.3f\n", n, set, mean)
		}
	}
}

// where is the one scenario of a bar, or how many it has.
func (b bar) where() string {
	if len(b.on) == 1 {
		return b.on[0]
	}
	return fmt.Sprintf("%d scenarios", len(b.on))
}

func inSet(list []scenario, set string) (of []scenario) {
	for _, s := range list {
		if s.set == set {
			of = append(of, s)
		}
	}
	return of
}

// print writes a row of the table. The limits of coverage are one-sided at 99 %.
func (t *tally) print(s scenario, took time.Duration) {
	fmt.Printf("| %s %s | %.3f [%.3f %.3f] / %.3f | %.3f | %.3f | %.2f / %.2f / %.2f | %.3f | %.2f | %.3f | %s | %.0f |\n", s.set, s.name,
		t.coverage(), lower(t.covered, t.intervals()), upper(t.covered, t.intervals()), share(t.coveredA, t.answered),
		share(t.alarms, t.n), share(t.refusals(), t.n), share(t.half, t.n), share(t.one, t.n), share(t.factorFound, t.factor),
		share(sum(t.factorRefused), t.factor), t.meanWidth(), share(t.wrong, t.intervals()), reasons(t.refused), took.Seconds())
}

func sum(counts map[string]int) (total int) {
	for _, n := range counts {
		total += n
	}
	return total
}

func reasons(counts map[string]int) string {
	var list []string
	for why, n := range counts {
		list = append(list, fmt.Sprintf("%s %d", why, n))
	}
	sort.Strings(list)
	return strings.Join(list, ", ")
}
