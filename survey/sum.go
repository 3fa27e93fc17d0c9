package survey

import "math"

// sum adds numbers so that their order hardly matters.
//
// Source: Neumaier (1974), Z. Angew. Math. Mech. 54(1), 39–51.
type sum struct{ total, lost float64 }

func (s *sum) add(v float64) {
	t := s.total + v
	if math.Abs(s.total) >= math.Abs(v) {
		s.lost += (s.total - t) + v
	} else {
		s.lost += (v - t) + s.total
	}
	s.total = t
}

func (s *sum) value() float64 { return s.total + s.lost }
