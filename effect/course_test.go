package effect

import (
	"math"
	"math/rand/v2"
	"slices"
	"testing"

	"goalpost/infer"
)

// asFirst is the answer of the method as it was first published, without bends and years.
func asFirst(t *testing.T, s Series, published bool) (*averaged, Result) {
	t.Helper()
	c, err := newCalendar(s)
	if err != nil {
		t.Fatal(err)
	}
	c.published = published
	a, err := average(c)
	if err != nil {
		t.Fatal(err)
	}
	return a, a.result()
}

func days(y []float64, before int) Series {
	s := Series{Y: y, Year: 365.25, Before: Span{Until: before}, After: Span{From: before, Until: len(y)}}
	for t := range y {
		s.Weekday = append(s.Weekday, t%7)
	}
	return s
}

// Limits: prior shares add up to one, whatever a series may have.
func TestCourseShares(t *testing.T) {
	for _, n := range []int{20, 59, 200, 292, 300, 600} {
		for _, k := range []int{0, 1} {
			for _, published := range []bool{false, true} {
				y := make([]float64, n+10)
				for i := range y {
					y[i] = float64(i * i % 7)
				}
				s := days(y, n)
				for i := range y {
					if k > 0 {
						s.X = append(s.X, []float64{float64(i % 5)})
					}
				}
				c, err := newCalendar(s)
				if err != nil {
					t.Fatal(err)
				}
				c.published = published
				d := newDesign(c, false, false)
				for name, list := range map[string][]option{"course": d.courseOptions(), "year": d.yearOptions(), "week": d.weekOptions()} {
					sum := 0.0
					for _, o := range list {
						sum += o.share
						for _, g := range o.groups {
							if g.first < 1 || g.first+g.count > len(d.cols) {
								t.Errorf("%d rows, %d controls: %s asks for columns %+v of %d", n, k, name, g, len(d.cols))
							}
						}
					}
					if math.Abs(sum-1) > 1e-12 {
						t.Errorf("%d rows, %d controls, published %v: the shares of %s add up to %v", n, k, published, name, sum)
					}
				}
				if hasYear := len(d.yearOptions()) > 1; hasYear != (n >= 293 && !published) {
					t.Errorf("%d rows, published %v: a season of the year %v", n, published, hasYear)
				}
			}
		}
	}
}

// Coverage: where growth begins midway, intervals hold far more often than without bends,
// and nearly as often as they say.
func TestBendsAreSeen(t *testing.T) {
	const n, m, runs = 150, 28, 150
	held := map[bool]int{}
	for i := range uint64(runs) {
		rng := infer.Rand(31, i)
		at, slope := 50+rng.IntN(50), .01*float64(1-2*rng.IntN(2))
		y := make([]float64, n+m)
		for day := range y {
			y[day] = 20 + slope*float64(max(0, day-at)) + rng.NormFloat64()
		}
		for _, published := range []bool{false, true} {
			if _, r := asFirst(t, days(y, n), published); r.Average.Lo <= 0 && r.Average.Hi >= 0 {
				held[published]++
			}
		}
	}
	t.Logf("of %d: %d held, %d without bends", runs, held[false], held[true])
	if held[false] < runs*88/100 || held[false] < held[true]+runs*5/100 {
		t.Errorf("of %d intervals %d hold the truth, without bends %d", runs, held[false], held[true])
	}
}

// Recovery: a year of days shows its season; without it the range is several times as wide.
func TestSeasonOfTheYear(t *testing.T) {
	const n, m, runs = 365, 30, 20
	width, held := map[bool]float64{}, 0
	for i := range uint64(runs) {
		rng := infer.Rand(32, i)
		phase := rng.Float64() * 2 * math.Pi
		y := make([]float64, n+m)
		for day := range y {
			y[day] = 50 + 5*math.Sin(2*math.Pi*float64(day)/365.25+phase) + rng.NormFloat64()
		}
		for _, published := range []bool{false, true} {
			_, r := asFirst(t, days(y, n), published)
			width[published] += r.Average.Hi - r.Average.Lo
			if !published && r.Average.Lo <= 0 && r.Average.Hi >= 0 {
				held++
			}
		}
	}
	t.Logf("mean width %.2f, without the season %.2f, %d of %d held", width[false]/runs, width[true]/runs, held, runs)
	if width[false] > .5*width[true] || held < runs-3 {
		t.Errorf("mean width %.2f, without the season %.2f, %d of %d held", width[false]/runs, width[true]/runs, held, runs)
	}
}

// Recovery: a week that fits nothing else is left out although the outcome hangs on two of
// five controls; where there is none, hardly anything is.
func TestOutlyingWeekWithControls(t *testing.T) {
	const n, m, runs = 100, 30, 12
	for _, lift := range []float64{5, 0} {
		found, first := 0, 0
		for i := range uint64(runs) {
			s, from := fiveControls(infer.Rand(33, i), n, m, lift)
			week := make([]int, 7)
			for day := range week {
				week[day] = from + day
			}
			all := func(dropped []int) bool {
				return lift == 0 && len(dropped) > 0 || lift > 0 && !slices.ContainsFunc(week, func(day int) bool { return !slices.Contains(dropped, day) })
			}
			a, _ := asFirst(t, s, false)
			b, _ := asFirst(t, s, true)
			if all(a.dropped) {
				found++
			}
			if all(b.dropped) {
				first++
			}
		}
		t.Logf("lift %v: %d of %d, as first published %d", lift, found, runs, first)
		if lift > 0 && found < first+runs/3 || lift == 0 && found > 1 {
			t.Errorf("a week that is %v higher: left out in %d of %d, as first published in %d", lift, found, runs, first)
		}
	}
}

// fiveControls is 100 + 1.2 and .8 times the first two of five controls and noise, with a
// week somewhere that is higher.
func fiveControls(rng *rand.Rand, n, m int, lift float64) (s Series, from int) {
	from = 10 + rng.IntN(70)
	y, x := make([]float64, n+m), make([]float64, 5)
	for j := range x {
		x[j] = 4.6 * rng.NormFloat64()
	}
	s = days(y, n)
	for day := range y {
		row := make([]float64, len(x))
		for j := range x {
			x[j] = .9*x[j] + 2*rng.NormFloat64()
			row[j] = x[j]
		}
		y[day] = 100 + 1.2*x[0] + .8*x[1] + rng.NormFloat64()
		if day >= from && day < from+7 {
			y[day] += lift
		}
		s.X = append(s.X, row)
	}
	return s, from
}
