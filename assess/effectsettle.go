package assess

import (
	"math"

	"goalpost"
	"goalpost/effect"
)

// longer are the steps by which a longer activity is tried, in weeks for days.
var longer = []int{1, 2, 3, 4, 5, 6, 8, 10, 12, 16, 20, 26}

const (
	historyGain = 1.15 // with half of the history the range must be this much wider, or more history is no advice
	switchGain  = 0.80 // a test by switching must be this much sharper to be worth its trouble
)

// settle says what would settle the question: how small an effect this design could have
// shown, and where the answer is open how much longer, or what test.
func (e *effectRun) settle(r EffectReport) ([]goalpost.Note, error) {
	half := (e.result.Average.Hi - e.result.Average.Lo) / 2
	list := []goalpost.Note{e.smallest(half)}
	if r.Decision != goalpost.EffectCannotTell {
		return list, nil
	}
	if r.Reason.Key == "effect.reason."+effect.CheckTooShort {
		need := max(shortestHistory, e.in.Post.Len())
		return append(list, goalpost.NewNote("effect.settle.before-least", goalpost.NumberArg(float64(need)), e.dative(float64(need)))), nil
	}
	if r.Reason.Key == "effect.reason.noise" || r.Reason.Key == "effect.reason.drift" || r.Reason.Key == "effect.reason.not-calibrated" {
		after, err := e.longerAfter(half)
		if err != nil {
			return nil, err
		}
		list = append(list, after)
		if before, ok := e.longerBefore(); ok && e.method != goalpost.MethodSwitched {
			list = append(list, before)
		}
	}
	if s, ok := e.switching(half); ok {
		return append(list, s), nil
	}
	return append(list, goalpost.NewNote("effect.settle.regions")), nil
}

// smallest is the effect that these data could just have shown: half the interval.
func (e *effectRun) smallest(half float64) goalpost.Note {
	rows := e.knownRows()
	each, all := e.amount(half, half), e.amount(half*rows, half*rows)
	if w := e.in.Worth; w != nil {
		v := w.Margin * half * rows
		return goalpost.NewNote("effect.settle.smallest-money", each, e.per(), all, goalpost.MoneyArg(roundTo(v, stepOf(Range{Lo: -v, Hi: v})), w.Currency))
	}
	return goalpost.NewNote("effect.settle.smallest", each, e.per(), all)
}

// longerAfter finds how much longer the activity must run until an effect of the size that
// was estimated, or of the smallest that matters, would show: the interval is computed
// again by the default method for longer activities, whose rows repeat those that were
// seen. It stops where the check too_short would refuse.
func (e *effectRun) longerAfter(half float64) (goalpost.Note, error) {
	target, key := math.Abs(e.result.Average.Value), "effect.settle.longer"
	if e.in.SmallestEffect != nil && math.Abs(*e.in.SmallestEffect) > 0 {
		target, key = math.Abs(*e.in.SmallestEffect), "effect.settle.longer-smallest"
	}
	step, last := e.in.Calendar.perWeek(), 0
	now, err := e.halfWidth(e.s)
	if err != nil || !(now > 0) {
		return goalpost.NewNote("effect.settle.longer-not", e.amount(target, target), e.per()), nil
	}
	for _, n := range longer {
		if err := e.ctx.Err(); err != nil {
			return goalpost.Note{}, err
		}
		if e.in.Post.Len()+n*step > e.in.Pre.Len() && e.method != goalpost.MethodSwitched {
			break
		}
		then, err := e.halfWidth(e.lengthened(n * step))
		if err != nil {
			break
		}
		if last = n; half*then/now <= target {
			return goalpost.NewNote(key, goalpost.NumberArg(float64(n)), e.steps(float64(n)), e.amount(target, target), e.per()), nil
		}
	}
	if last == 0 {
		return goalpost.NewNote("effect.settle.longer-short", e.amount(target, target), e.per()), nil
	}
	return goalpost.NewNote("effect.settle.longer-never", goalpost.NumberArg(float64(last)), countWord("effect.rows.dative.", e.in.Calendar.stepGrain(), float64(last)), e.amount(target, target), e.per()), nil
}

func (e *effectRun) halfWidth(s effect.Series) (float64, error) {
	estimate := effect.BMAInterval
	if e.method == goalpost.MethodSwitched {
		estimate = effect.Switched
	}
	r, err := estimate(s)
	return (r.Average.Hi - r.Average.Lo) / 2, err
}

// lengthened is the series with an activity that ran some rows longer: they repeat the
// last ones, whole weeks of them where rows are days.
func (e *effectRun) lengthened(rows int) effect.Series {
	s, until := e.s, e.in.Post.Until
	cycle := e.in.Post.Len()
	if week := e.in.Calendar.perWeek(); cycle > week {
		cycle -= cycle % week
	}
	out := effect.Series{Y: append([]float64(nil), s.Y[:until]...), Before: s.Before, After: RowSpan{From: s.After.From, Until: until + rows}, Weekday: e.in.Calendar.weekdays(until + rows), Year: e.in.Calendar.perYear()}
	if s.Missing != nil {
		out.Missing = append([]bool(nil), s.Missing[:until]...)
	}
	if s.Active != nil {
		out.Active = append([]bool(nil), s.Active[:until]...)
	}
	if s.X != nil {
		out.X = append([][]float64(nil), s.X[:until]...)
	}
	for t := until; t < until+rows; t++ {
		from := t - cycle
		out.Y = append(out.Y, out.Y[from])
		if out.Missing != nil {
			out.Missing = append(out.Missing, out.Missing[from])
		}
		if out.Active != nil {
			out.Active = append(out.Active, out.Active[from])
		}
		if out.X != nil {
			out.X = append(out.X, out.X[from])
		}
	}
	return out
}

// longerBefore says whether older figures would help: the answer is computed once more
// with the newer half of the history. Where that is much wider, more history narrows it.
func (e *effectRun) longerBefore() (goalpost.Note, bool) {
	s := e.s
	s.Before.From = s.Before.Until - s.Before.Len()/2
	if s.Before.Len() < max(shortestHistory, s.After.Len()) {
		return goalpost.NewNote("effect.settle.before", goalpost.NumberArg(float64(e.in.Pre.Len())), e.rows(float64(e.in.Pre.Len()))), true
	}
	now, err := e.halfWidth(e.s)
	if err != nil || !(now > 0) {
		return goalpost.Note{}, false
	}
	with, err := e.halfWidth(s)
	if err != nil || with/now < historyGain {
		return goalpost.Note{}, false
	}
	return goalpost.NewNote("effect.settle.before-narrower", goalpost.RateArg(math.Round((with/now-1)*100)/100)), true
}

// switching says how small an effect a test would show that switches the activity on and
// off at random for as long as it ran: the half width of the difference of two means, of
// the rows that are on and of those that are off, whose noise is what remains from one row
// to the next. Slow wandering hits both alike.
func (e *effectRun) switching(half float64) (goalpost.Note, bool) {
	if e.s.Active != nil {
		return goalpost.Note{}, false
	}
	const groups = 2
	var sum, n float64
	last, known := 0.0, false
	for t := e.in.Pre.From; t < e.in.Pre.Until; t++ {
		if !e.in.known(t) || t >= len(e.result.Path) || !e.result.Path[t].Modelled {
			known = false
			continue
		}
		v := e.in.Y[t] - e.result.Path[t].Expected
		if known {
			sum, n = sum+(v-last)*(v-last), n+1
		}
		last, known = v, true
	}
	rows := float64(e.in.Post.Len())
	if n < shortestHistory-1 || rows < 14 {
		return goalpost.Note{}, false
	}
	sd := math.Sqrt(sum / n / 2)
	then := normal95 * sd * math.Sqrt(groups*groups/rows)
	if then > switchGain*half {
		return goalpost.Note{}, false
	}
	return goalpost.NewNote("effect.settle.switch", goalpost.NumberArg(rows), e.dative(rows), e.amount(then, then), e.per()), true
}

// knownRows are those that the effect is added up over.
func (e *effectRun) knownRows() float64 {
	rows := 0.0
	for t := e.in.Post.From; t < e.in.Post.Until; t++ {
		if e.in.known(t) && (e.s.Active == nil || e.s.Active[t]) {
			rows++
		}
	}
	return rows
}
