package effect

import "math"

// known says whether the outcome of a row is known.
func (s Series) known(t int) bool { return s.Missing == nil || !s.Missing[t] }

// judged says whether a row of After counts for the average: known, and the activity ran.
func (s Series) judged(t int) bool { return s.known(t) && (s.Active == nil || s.Active[t]) }

// modelled returns what makes a series unusable for a model of all its rows: ErrShape,
// ErrNotANumber, or ErrNoRows when there is nothing to judge.
func (s Series) modelled() error {
	rows := len(s.Y)
	fits := func(n int) bool { return n == 0 || n == rows }
	switch {
	case !fits(len(s.Missing)) || !fits(len(s.X)) || !fits(len(s.Active)),
		s.Before.From < 0, s.Before.Len() < 1, s.After.From < s.Before.Until, s.After.Len() < 0, s.After.Until > rows:
		return ErrShape
	}
	for t, v := range s.Y {
		if s.known(t) && !(math.Abs(v) <= math.MaxFloat64) {
			return ErrNotANumber
		}
	}
	for _, row := range s.X {
		if len(row) != len(s.X[0]) {
			return ErrShape
		}
		for _, v := range row {
			if !(math.Abs(v) <= math.MaxFloat64) {
				return ErrNotANumber
			}
		}
	}
	for t := s.After.From; t < s.After.Until; t++ {
		if s.judged(t) {
			return nil
		}
	}
	return ErrNoRows
}
