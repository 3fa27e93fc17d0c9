package assess

import (
	"errors"
	"math"

	"goalpost"
	"goalpost/effect"
)

// mostPlacebos is how many fake activities are tried.
const mostPlacebos = 12

// placebo asks how often the method would have cried wolf: the activity is pretended to
// have begun earlier, for as long as it really ran, at starts spread evenly over the time
// before it. Nothing of the real activity is seen. Each fake one has at least as many rows
// before it as the check too_short asks for. Their stretches may overlap, so that their
// number is larger than that of the independent trials.
func (e *effectRun) placebo() (*EffectPlacebo, error) {
	if x := e.result.Shifts; x != nil {
		return shiftPlacebo(*x), nil
	}
	p := &EffectPlacebo{List: []EffectPlaceboWindow{}}
	starts := e.fakeStarts()
	covered := 0
	for i, start := range starts {
		if err := e.ctx.Err(); err != nil {
			return nil, err
		}
		e.tell(1 - placeboPart + placeboPart*float64(i)/float64(len(starts)))
		r, err := e.again(e.fake(start))
		if errors.Is(err, effect.ErrTooShort) || errors.Is(err, effect.ErrNoRows) || errors.Is(err, effect.ErrConstant) {
			continue
		}
		if err != nil {
			return nil, err
		}
		p.Windows++
		if sideOf(r.Average) != 0 {
			p.Alarms++
		} else {
			covered++
		}
		p.List = append(p.List, EffectPlaceboWindow{From: e.in.Calendar.Label(start), Until: e.in.Calendar.Label(start + e.in.Post.Len() - 1), Range: rangeOf(r.Average)})
	}
	p.Sentence = goalpost.NewNote("effect.placebo.none", goalpost.NumberArg(float64(max(shortestHistory, e.in.Post.Len())+e.in.Post.Len())), e.rows(2))
	if p.Windows > 0 {
		p.Covered = float64(covered) / float64(p.Windows)
		p.Sentence = goalpost.NewNote("effect.placebo.some", goalpost.NumberArg(float64(p.Alarms)), goalpost.NumberArg(float64(p.Windows)))
	}
	return p, nil
}

// fakeStarts are the rows on which fake activities begin, the first one first.
func (e *effectRun) fakeStarts() []int {
	m := e.in.Post.Len()
	last := e.in.Pre.Until - m
	room := last - e.in.Pre.From - max(shortestHistory, m)
	if room < 0 {
		return nil
	}
	step := max(1, int(math.Ceil(float64(room)/(mostPlacebos-1))))
	if week := e.in.Calendar.perWeek(); week > 1 && step > week/2 {
		step = (step + week - 1) / week * week // a fake week begins where the real one does
	}
	var list []int
	for start := last; start >= last-room && len(list) < mostPlacebos; start -= step {
		list = append([]int{start}, list...)
	}
	return list
}

// fake is the series up to the end of an activity that begins at a row before the real one.
func (e *effectRun) fake(start int) effect.Series {
	s, until := e.s, start+e.in.Post.Len()
	s.Y = s.Y[:until]
	if s.Missing != nil {
		s.Missing = s.Missing[:until]
	}
	if s.X != nil {
		s.X = s.X[:until]
	}
	if s.Weekday != nil {
		s.Weekday = s.Weekday[:until]
	}
	s.Before, s.After = RowSpan{From: s.Before.From, Until: start}, RowSpan{From: start, Until: until}
	if s.Active != nil {
		active := make([]bool, until)
		copy(active[start:], e.s.Active[e.in.Post.From:e.in.Post.Until])
		s.Active = active
	}
	return s
}

// shiftPlacebo is the same for an activity that ran several times: its pattern was moved
// along the calendar. The interval that is reported was widened until at most one in
// twenty of the moved patterns excludes 0.
func shiftPlacebo(x effect.Shifts) *EffectPlacebo {
	const most = 0.05
	p := &EffectPlacebo{Windows: x.Tried, List: []EffectPlaceboWindow{}}
	p.Alarms = int(math.Round(min(x.Excluding, most) * float64(x.Tried)))
	p.Covered = 1 - float64(p.Alarms)/float64(max(x.Tried, 1))
	p.Sentence = goalpost.NewNote("effect.placebo.shifts", goalpost.NumberArg(float64(x.Tried)), goalpost.RateArg(math.Round(x.AsLarge*1000)/1000))
	return p
}
