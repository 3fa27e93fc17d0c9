package effect

import "math"

func finite(v float64) bool { return !math.IsNaN(v) && !math.IsInf(v, 0) }

func (s Series) missing(t int) bool { return len(s.Missing) > 0 && s.Missing[t] }

// known says whether the outcome of a row is known.
func (s Series) known(t int) bool { return !s.missing(t) }

// judged says whether a row of After counts for the average: known, and the activity ran.
func (s Series) judged(t int) bool { return s.known(t) && (len(s.Active) == 0 || s.Active[t]) }

func (s Series) controls() int {
	if len(s.X) == 0 {
		return 0
	}
	return len(s.X[0])
}

// check returns what makes a series unusable for a model of the rows from Before to After:
// ErrShape or ErrNotANumber.
func (s Series) check() error { return s.checkRows(Span{s.Before.From, s.After.Until}) }

// checkRows is check for a model of other rows, in which every figure must be a number.
func (s Series) checkRows(rows Span) error {
	t, b, a := len(s.Y), s.Before, s.After
	fits := func(n int) bool { return n == 0 || n == t }
	switch {
	case b.From < 0 || b.Until < b.From || a.From < b.Until || a.Until < a.From || a.Until > t,
		!fits(len(s.Missing)) || !fits(len(s.Weekday)) || !fits(len(s.Active)) || !fits(len(s.X)),
		s.Year < 0 || !finite(s.Year):
		return ErrShape
	}
	for i := range t {
		if len(s.X) > 0 && len(s.X[i]) != len(s.X[0]) || len(s.Weekday) > 0 && (s.Weekday[i] < 0 || s.Weekday[i] > 6) {
			return ErrShape
		}
	}
	for i := rows.From; i < rows.Until; i++ {
		if s.known(i) && !finite(s.Y[i]) {
			return ErrNotANumber
		}
		for j := range s.controls() {
			if !finite(s.X[i][j]) {
				return ErrNotANumber
			}
		}
	}
	return nil
}

// modelled is check for a model of all rows; it adds ErrNoRows when there is nothing to judge.
func (s Series) modelled() error {
	if s.Before.Len() < 1 {
		return ErrShape
	}
	if err := s.checkRows(Span{0, len(s.Y)}); err != nil {
		return err
	}
	for t := s.After.From; t < s.After.Until; t++ {
		if s.judged(t) {
			return nil
		}
	}
	return ErrNoRows
}
