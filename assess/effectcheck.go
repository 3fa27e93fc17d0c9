package assess

import (
	"math"

	"goalpost"
	"goalpost/effect"
)

// Names of the doubts that take a dot away; the checks that refuse are named in effect.
const (
	checkOther    = "other_activity"
	checkMovable  = "movable_control"
	checkChanged  = "changed_definition"
	checkMissing  = "missing_rows"
	checkOutlying = "outlying_rows"
	checkBurst    = "one_week"
	checkDrift    = "residual_drift"
	checkPlacebo  = "false_alarms"
	checkSampler  = "sampler"
)

const (
	shortestHistory = 21   // rows before, as in the check too_short
	missingLimit    = 0.10 // share of rows without a figure
	burstDays       = 7    // days, or rows that nobody dated, that may not carry the whole effect
	burstLimit      = 0.67 // share of the effect that they may carry
	placeboLimit    = 0.25 // share of false alarms, with at least placeboAlarms
	placeboAlarms   = 2
	rhatLimit       = 1.05
)

// dataChecks are the checks that refuse, in words.
func (e *effectRun) dataChecks() []EffectCheck {
	var list []EffectCheck
	for _, c := range e.checked {
		value, limit := goalpost.NumberArg(c.Value), goalpost.NumberArg(c.Limit)
		if c.Name == effect.CheckRelationChanged || c.Name == effect.CheckOutsideExperience {
			value, limit = goalpost.RateArg(math.Round(c.Value*100)/100), goalpost.RateArg(c.Limit)
		}
		x := EffectCheck{Name: c.Name, Passed: c.Passed, Skipped: c.Skipped, Value: finiteOr(c.Value), Limit: finiteOr(c.Limit), Refuses: true}
		if c.Name == effect.CheckTooShort && e.method == goalpost.MethodSwitched {
			list = append(list, x.saidAs(".switched", value, limit, e.rows(c.Value))) // the rows stand between its runs too
			continue
		}
		list = append(list, x.said(value, limit, e.rows(c.Value)))
	}
	return list
}

// finiteOr is 0 for what JSON cannot write.
func finiteOr(v float64) float64 {
	if math.IsNaN(v) || math.IsInf(v, 0) {
		return 0
	}
	return v
}

// doubts are the checks that take a dot away.
func (e *effectRun) doubts(p *EffectPlacebo) []EffectCheck {
	list := []EffectCheck{e.otherCheck(), e.changedCheck(), e.missingCheck()}
	if e.method != goalpost.MethodSwitched { // which leaves no rows out
		list = append(list, e.outlyingCheck())
	}
	list = append(list, e.burstCheck(), e.driftCheck(), placeboCheck(p, e.result.Shifts))
	if len(e.in.Controls) > 0 {
		list = append(list, e.movableCheck())
	}
	if x := e.result.Sampler; x != nil && x.Chains > 1 {
		c := EffectCheck{Name: checkSampler, Value: finiteOr(x.Rhat), Limit: rhatLimit, Passed: x.Rhat <= rhatLimit}
		list = append(list, c.said(goalpost.NumberArg(math.Round(c.Value*1000)/1000), goalpost.NumberArg(rhatLimit)))
	}
	return list
}

// said puts a check into words.
func (c EffectCheck) said(args ...goalpost.Arg) EffectCheck { return c.saidAs("", args...) }

// saidAs is said in words of their own for a kind of design.
func (c EffectCheck) saidAs(kind string, args ...goalpost.Arg) EffectCheck {
	outcome := ".failed"
	switch {
	case c.Skipped:
		outcome = ".skipped"
	case c.Passed:
		outcome = ".passed"
	}
	c.Sentence = goalpost.NewNote("effect.check."+c.Name+outcome+kind, args...)
	return c
}

// otherCheck looks for other activities in the same weeks.
func (e *effectRun) otherCheck() EffectCheck {
	c := EffectCheck{Name: checkOther, Skipped: e.in.Bare}
	name := ""
	for _, o := range e.in.Others {
		if o.Rows.From < e.in.Post.Until && o.Rows.Until > e.in.Post.From {
			if c.Value++; name == "" {
				name = o.Name
			}
		}
	}
	c.Passed = c.Value == 0
	return c.said(goalpost.NumberArg(c.Value), goalpost.TextArg(name))
}

// movableCheck looks for controls that the activity could have changed itself.
func (e *effectRun) movableCheck() EffectCheck {
	c := EffectCheck{Name: checkMovable, Skipped: e.in.Bare}
	name := ""
	for _, x := range e.in.Controls {
		if x.Movable {
			if c.Value++; name == "" {
				name = x.Name
			}
		}
	}
	c.Passed = c.Value == 0
	return c.said(goalpost.NumberArg(c.Value), goalpost.TextArg(name))
}

// changedCheck looks for a day from which on the series counts something else.
func (e *effectRun) changedCheck() EffectCheck {
	c, first := EffectCheck{Name: checkChanged, Skipped: e.in.Bare}, 0
	for _, t := range e.in.Changed {
		if t > e.in.Pre.From && t < e.in.Post.Until {
			if c.Value++; c.Value == 1 || t > first {
				first = t
			}
		}
	}
	c.Passed = c.Value == 0
	return c.said(e.in.Calendar.Arg(first))
}

// missingCheck counts rows without a figure. A day of the week on which there never is one
// (a shop that is closed) is no gap.
func (e *effectRun) missingCheck() EffectCheck {
	c := EffectCheck{Name: checkMissing, Limit: missingLimit, Passed: true}
	if e.in.Missing == nil {
		return c.said(goalpost.RateArg(0))
	}
	var open [7]bool
	weekday := func(t int) int {
		if e.s.Weekday == nil {
			return 0
		}
		return e.s.Weekday[t]
	}
	for t, m := range e.in.Missing {
		open[weekday(t)] = open[weekday(t)] || !m
	}
	for _, s := range []RowSpan{e.in.Pre, e.in.Post} {
		missing, rows := 0.0, 0.0
		for t := s.From; t < s.Until; t++ {
			if !open[weekday(t)] {
				continue
			}
			if rows++; e.in.Missing[t] {
				missing++
			}
		}
		c.Value = max(c.Value, missing/max(rows, 1))
	}
	c.Passed = c.Value <= c.Limit
	return c.said(goalpost.RateArg(math.Round(c.Value*100) / 100))
}

// outlyingCheck says that rows before were left out because nothing else explains them.
func (e *effectRun) outlyingCheck() EffectCheck {
	c := EffectCheck{Name: checkOutlying, Passed: true}
	if e.calibrated == nil || len(e.calibrated.Dropped) == 0 {
		return c.said()
	}
	list := e.calibrated.Dropped
	c.Value, c.Passed = float64(len(list)), false
	return c.said(goalpost.NumberArg(c.Value), e.in.Calendar.Arg(list[0]), e.in.Calendar.Arg(list[len(list)-1]), e.rows(c.Value))
}

// burst is how many rows a week has: it is one row where rows are weeks, and a month is
// never less than one.
func (c Calendar) burst() int {
	if c.Grain == GrainWeek || c.Grain == GrainMonth {
		return 1
	}
	return burstDays
}

// burstCheck asks whether a week of the activity carries its whole effect: such a week may
// have had another cause.
func (e *effectRun) burstCheck() EffectCheck {
	c := EffectCheck{Name: checkBurst, Limit: burstLimit, Passed: true}
	kind := "" // a week, unless rows are something else
	if g := e.in.Calendar.Grain; g == GrainMonth || g == GrainRow {
		kind = "." + g
	}
	post, path, rows := e.in.Post, e.result.Path, e.in.Calendar.burst()
	if post.Len() < 3*rows || len(path) < post.Until || sideOf(e.result.Average) == 0 {
		c.Skipped = true
		return c.saidAs(kind)
	}
	total, best, at := 0.0, 0.0, post.From
	for t := post.From; t < post.Until; t++ {
		total += path[t].Effect
	}
	for t := post.From; t+rows <= post.Until; t++ {
		sum := 0.0
		for i := range rows {
			sum += path[t+i].Effect
		}
		if sum/total > best {
			best, at = sum/total, t
		}
	}
	c.Value = finiteOr(best)
	if c.Passed = c.Value <= c.Limit; !c.Passed {
		kind = "" // the sentence names the unit
	}
	return c.saidAs(kind, goalpost.RateArg(math.Round(c.Value*100)/100), e.in.Calendar.Arg(at), goalpost.NumberArg(float64(rows)), e.dative(float64(rows)))
}

// driftCheck asks whether the series wanders by itself.
func (e *effectRun) driftCheck() EffectCheck {
	c := EffectCheck{Name: checkDrift, Limit: driftLimit, Passed: true}
	if e.calibrated == nil {
		c.Skipped = true
		return c.said()
	}
	c.Value = e.calibrated.Drift
	c.Passed = c.Value <= c.Limit
	return c.said(goalpost.RateArg(math.Round(c.Value*100) / 100))
}

// placeboCheck asks whether the method cried wolf more often than it may.
func placeboCheck(p *EffectPlacebo, x *effect.Shifts) EffectCheck {
	c := EffectCheck{Name: checkPlacebo, Limit: placeboLimit, Passed: true}
	if p == nil || p.Windows == 0 {
		c.Skipped = true
		return c.said()
	}
	c.Value = float64(p.Alarms) / float64(p.Windows)
	c.Passed = p.Alarms < placeboAlarms || c.Value <= c.Limit
	if x != nil {
		c.Sentence = goalpost.NewNote("effect.check.moved.narrow", goalpost.NumberArg(float64(x.Tried)), goalpost.RateArg(math.Round(x.Excluding*1000)/1000))
		if wider := math.Round((x.Widened - 1) * 100); wider > 0 {
			c.Sentence = goalpost.NewNote("effect.check.moved.wide", goalpost.NumberArg(float64(x.Tried)), goalpost.RateArg(math.Round(x.Excluding*1000)/1000), goalpost.RateArg(wider/100))
		}
		return c
	}
	return c.said(goalpost.NumberArg(float64(p.Alarms)), goalpost.NumberArg(float64(p.Windows)))
}
