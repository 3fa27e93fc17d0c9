package main

import (
	"fmt"
	"strings"

	"goalpost/effect"
)

// results holds the tallies of one method by scenario name.
type results map[string]*tally

// bar is a promise: what is asked of which scenarios, after how many replications.
type bar struct {
	number  string
	says    string
	n       int // replications that the bar asks for
	on      []string
	passes  func(t *tally) bool
	figure  func(t *tally) float64
	largest bool // the worst is the largest figure
	factor  bool // it counts runs with +7.5 %
}

var ordinary = []string{"1 control 100/30 iid", "AR(.3)", "AR(.5)", "AR(.7)", "AR(.9)", "no control AR(.5)", "10 controls (2 real) 40/20 iid",
	"Recast A1, 20 controls, 90/15", "Recast A3, 9 controls, 90/15", "Recast A4, 20 controls, 30/15", "weekly pattern, AR(.3)", "365/30 AR(.5)", "t3 noise",
	"outlier week (+5 sd) before, AR(.3)", "counts, mean .6, overdispersed, weekday"}

var drifting = []string{"drift .1 per day + noise", "drift .3 per day + noise", "no control drift .1", "no control AR(.9)"}

// oneControl are the rows of ordinary with a single control.
var oneControl = []string{"1 control 100/30 iid", "AR(.3)", "AR(.5)", "AR(.7)", "AR(.9)", "weekly pattern, AR(.3)", "365/30 AR(.5)", "t3 noise",
	"outlier week (+5 sd) before, AR(.3)"}

func share(hits, n int) float64 { return float64(hits) / float64(max(n, 1)) }

func (t *tally) intervals() int     { return t.n - t.none }
func (t *tally) meanWidth() float64 { return t.width / float64(max(t.intervals(), 1)) }
func (t *tally) coverage() float64  { return share(t.covered, t.intervals()) }
func (t *tally) refusals() int      { return t.n - t.answered }

// covers is a bar on the coverage of all runs.
func covers(number string, least float64, on []string) bar {
	return bar{number: number, says: fmt.Sprintf("coverage, limit ≥ %.2f", least), n: 4000, on: on, figure: (*tally).coverage,
		passes: func(t *tally) bool { return lower(t.covered, t.intervals()) >= least }}
}

// finds is a bar on the share of runs with a true effect that are found.
func finds(what, on string, least float64, figure func(*tally) float64) bar {
	return bar{number: "4", says: fmt.Sprintf("found %s ≥ %.2f", what, least), n: 2000, on: []string{on}, figure: figure, factor: what == "+7.5 %",
		passes: func(t *tally) bool { return figure(t) >= least }}
}

// narrow is a bar on the mean width of the interval.
func narrow(on string, most float64) bar {
	return bar{number: "5", says: fmt.Sprintf("width ≤ %.2f sd", most), n: 2000, on: []string{on}, figure: (*tally).meanWidth, largest: true,
		passes: func(t *tally) bool { return t.meanWidth() <= most }}
}

func bars() []bar {
	half := func(t *tally) float64 { return share(t.half, t.n) }
	one := func(t *tally) float64 { return share(t.one, t.n) }
	factor := func(t *tally) float64 { return share(t.factorFound, t.factor) }
	refused := func(t *tally) float64 { return share(t.refusals(), t.n) }
	unseen := []string{}
	for _, s := range sealed() {
		unseen = append(unseen, s.name)
	}
	list := []bar{covers("1", .93, ordinary), covers("2", .90, drifting), covers("3", .90, unseen),
		finds("+.5 sd", ordinary[0], .22, half), finds("+1 sd", ordinary[0], .72, one), finds("+1 sd", "AR(.3)", .56, one), finds("+1 sd", "AR(.5)", .48, one),
		finds("+1 sd", "weekly pattern, AR(.3)", .53, one), finds("+1 sd", "outlier week (+5 sd) before, AR(.3)", .54, one), finds("+1 sd", "365/30 AR(.5)", .77, one),
		finds("+1 sd", "t3 noise", .82, one), finds("+7.5 %", "Recast A1, 20 controls, 90/15", .12, factor),
		narrow(ordinary[0], 1.55), narrow("AR(.5)", 2.2), narrow("365/30 AR(.5)", 1.5)}
	return append(list,
		bar{number: "6", says: "refused, limit ≤ .025", n: 4000, on: ordinary, figure: refused, largest: true,
			passes: func(t *tally) bool { return upper(t.refusals(), t.n) <= .025 }},
		bar{number: "7", says: "refused, limit ≥ .95", n: 2000, on: []string{"relation 1.2 -> 0 at the start"}, figure: refused,
			passes: func(t *tally) bool { return lower(t.refusals(), t.n) >= .95 }},
		bar{number: "7", says: "refused, limit ≥ .60", n: 2000, on: []string{"relation 1.2 -> .9 at the start"}, figure: refused,
			passes: func(t *tally) bool { return lower(t.refusals(), t.n) >= .60 }},
		bar{number: "7", says: "false alarms, limit ≤ .16", n: 2000, on: []string{"relation 1.2 -> .9 at the start"}, largest: true,
			figure: func(t *tally) float64 { return share(t.alarms, t.n) },
			passes: func(t *tally) bool { return upper(t.alarms, t.n) <= .16 }},
		bar{number: "8", says: "+7.5 % refused by the relation ≤ .07", n: 2000, on: oneControl, largest: true, factor: true,
			figure: func(t *tally) float64 { return share(t.factorRefused[effect.CheckRelationChanged], t.factor) },
			passes: func(t *tally) bool { return share(t.factorRefused[effect.CheckRelationChanged], t.factor) <= .07 }},
		bar{number: "9", says: "wrong negligible, limit ≤ .07", n: 4000, on: ordinary, largest: true,
			figure: func(t *tally) float64 { return share(t.wrong, t.intervals()) },
			passes: func(t *tally) bool { return upper(t.wrong, t.intervals()) <= .07 }})
}

// verdict says whether a bar is passed. One that holds with fewer replications than it
// asks for is not shown yet; one that does not hold with fewer is named for what it is.
func (b bar) verdict(r results) string {
	var failing []string
	worst, where, fewest, seen := 0.0, "", 0, 0
	for _, name := range b.on {
		t := r[name]
		if t == nil {
			continue
		}
		n := t.n
		if b.factor {
			n = t.factor
		}
		if n == 0 {
			continue
		}
		if seen == 0 || n < fewest {
			fewest = n
		}
		if f := b.figure(t); seen == 0 || (f > worst) == b.largest && f != worst {
			worst, where = f, name
		}
		seen++
		if !b.passes(t) {
			failing = append(failing, name)
		}
	}
	if seen == 0 {
		return "not run"
	}
	said := fmt.Sprintf("worst %.3f (%s), n ≥ %d", worst, where, fewest)
	switch {
	case len(failing) > 0 && fewest >= b.n:
		return "FAILED, " + said + "; fails: " + strings.Join(failing, "; ")
	case len(failing) > 0:
		return fmt.Sprintf("not shown (asks for n = %d), %s; below it: %s", b.n, said, strings.Join(failing, "; "))
	case seen < len(b.on):
		return fmt.Sprintf("not shown (%d of %d scenarios run), %s", seen, len(b.on), said)
	case fewest < b.n:
		return fmt.Sprintf("not shown yet (asks for n = %d), holds so far: %s", b.n, said)
	}
	return "passed, " + said
}

// meanCoverage of the bar on our own scenarios; at least .93 is asked.
func meanCoverage(r results, names []scenario) (mean float64, n int) {
	for _, s := range names {
		if t := r[s.name]; t != nil && t.intervals() > 0 {
			mean += t.coverage()
			n++
		}
	}
	return mean / float64(max(n, 1)), n
}
