package main

import (
	"errors"
	"math"
	"math/rand/v2"

	"gonum.org/v1/gonum/mathext"

	"goalpost/infer"
	"goalpost/survey"
)

// random draws from distributions.
type random struct{ *rand.Rand }

func (r *random) yes(p float64) float64 {
	if r.Float64() < p {
		return 1
	}
	return 0
}

// beta draws from a beta distribution by two gamma variables.
func (r *random) beta(a, b float64) float64 {
	x, y := r.gamma(a), r.gamma(b)
	if x+y == 0 {
		return 0
	}
	return x / (x + y)
}

// gamma draws by the method of Marsaglia and Tsang (2000), ACM Trans. Math. Softw. 26(3).
func (r *random) gamma(shape float64) float64 {
	if shape < 1 {
		return r.gamma(shape+1) * math.Pow(r.Float64(), 1/shape)
	}
	d := shape - 1.0/3
	c := 1 / math.Sqrt(9*d)
	for {
		x := r.NormFloat64()
		v := (1 + c*x) * (1 + c*x) * (1 + c*x)
		if v > 0 && math.Log(r.Float64()) < x*x/2+d-d*v+d*math.Log(v) {
			return d * v
		}
	}
}

var kinds = []kind{
	{name: "srs", what: "drawn at random, interval as shown (Wilson), summed exactly", sizes: sizes, truths: shares, exact: exactly(survey.Automatic)},
	{name: "srs-beta", what: "drawn at random, Beta, summed exactly, for comparison", sizes: sizes, truths: shares, exact: exactly(survey.Beta), compared: true},
	{name: "weights", what: "chances to be drawn that differ (Kish 1.4) and hang together with the answer", sizes: sizes, truths: shares, sample: weighted},
	{name: "clusters", what: "ten of each group drawn, correlation within groups 0.05", sizes: sizes, truths: shares, sample: clustered},
	{name: "raking", what: "chances to answer by two groupings that the answer depends on, weighted back by their margins", sizes: sizes, truths: shares, sample: raked},
	{name: "change", what: "change between two waves of different people, from p to p + 0.05", sizes: sizes, truths: shares, sample: change},
	{name: "panel", what: "change between two waves of the same people, from p to p + 0.05", sizes: sizes, truths: shares, sample: panel},
	{name: "nps", what: "net promoter score; p is the share of detractors, 0.3 are passive", sizes: sizes, truths: []float64{0.05, 0.1, 0.2, 0.35, 0.5}, sample: nps},
	{name: "understanding", what: "score of beliefs over 12 options of one question, several answers allowed; p is the half width of ranges", sizes: sizes[1:], truths: []float64{0.06, 0.19}, sample: understanding},
}

// exactly sums the coverage over all numbers of hits.
func exactly(m survey.Method) func(n int, p float64) (tally, error) {
	return func(n int, p float64) (tally, error) {
		var t tally
		d, err := survey.NewDesign(survey.Spec{N: n})
		if err != nil {
			return t, err
		}
		y := make([]float64, n)
		for hits := 0; hits <= n; hits++ {
			if hits > 0 {
				y[hits-1] = 1
			}
			weight := binomial(hits, n, p)
			if weight < 1e-14 {
				continue
			}
			o, err := share(d, y, p, m)
			if err != nil {
				return t, err
			}
			t.add(weight, o)
		}
		return t, nil
	}
}

func binomial(k, n int, p float64) float64 {
	choose := -math.Log(float64(n+1)) - mathext.Lbeta(float64(n-k+1), float64(k+1))
	return math.Exp(choose + float64(k)*math.Log(p) + float64(n-k)*math.Log(1-p))
}

func share(d *survey.Design, y []float64, truth float64, m survey.Method) (outcome, error) {
	s, err := d.Share(y, nil, survey.ShareOptions{Method: m, Cap: true})
	if err != nil {
		return outcome{}, err
	}
	return outcome{held: s.Lo <= truth && truth <= s.Hi, uncertain: s.TooUncertain(), width: s.Hi - s.Lo}, nil
}

// weighted draws with chances 1/w: log w is normal with standard deviation 0.6, and 0.3 more
// on average where the answer is yes.
func weighted(r *random, n int, p float64) (outcome, error) {
	const sigma, shift = 0.6, 0.3
	y, w := make([]float64, n), make([]float64, n)
	among := p * math.Exp(-shift) / (p*math.Exp(-shift) + 1 - p) // of those who are drawn
	for i := range n {
		y[i] = r.yes(among)
		w[i] = math.Exp(shift*y[i] - sigma*sigma + sigma*r.NormFloat64())
	}
	d, err := survey.NewDesign(survey.Spec{N: n, Weight: w})
	if err != nil {
		return outcome{}, err
	}
	return share(d, y, p, survey.Automatic)
}

// clustered draws n/10 groups of ten whose shares are spread by a beta distribution.
func clustered(r *random, n int, p float64) (outcome, error) {
	const within, each = 0.05, 10
	y, unit := make([]float64, n), make([]int, n)
	spread := (1 - within) / within
	group := 0.0
	for i := range n {
		if i%each == 0 {
			group = r.beta(p*spread, (1-p)*spread)
		}
		y[i], unit[i] = r.yes(group), i/each
	}
	d, err := survey.NewDesign(survey.Spec{N: n, Stages: []survey.Stage{{Unit: unit}}})
	if err != nil {
		return outcome{}, err
	}
	return share(d, y, p, survey.Automatic)
}

// Groups of the population, their chances to answer, and how the odds of a yes differ. With
// equal weights the share of yes would be too high: those who say it answer more often.
var (
	first, second             = []float64{0.5, 0.5}, []float64{0.3, 0.4, 0.3}
	answersFirst, answersNext = []float64{0.3, 0.6}, []float64{0.4, 0.6, 0.9}
	oddsFirst, oddsNext       = []float64{-0.4, 0.4}, []float64{-0.5, 0, 0.5}
)

// logit finds the level at which the groups together have the share p.
func groupLevel(p float64) float64 {
	low, high := -12.0, 12.0
	for range 80 {
		middle := (low + high) / 2
		total := 0.0
		for a, wa := range first {
			for b, wb := range second {
				total += wa * wb * expit(middle+oddsFirst[a]+oddsNext[b])
			}
		}
		if total < p {
			low = middle
		} else {
			high = middle
		}
	}
	return low
}

func expit(x float64) float64 { return 1 / (1 + math.Exp(-x)) }

func raked(r *random, n int, p float64) (outcome, error) {
	level := groupLevel(p)
	y := make([]float64, 0, n)
	margins := []survey.Margin{{Target: scaled(first, n)}, {Target: scaled(second, n)}}
	for len(y) < n {
		a, b := r.pick(first), r.pick(second)
		if r.Float64() > answersFirst[a]*answersNext[b] {
			continue
		}
		y = append(y, r.yes(expit(level+oddsFirst[a]+oddsNext[b])))
		margins[0].Code, margins[1].Code = append(margins[0].Code, a), append(margins[1].Code, b)
	}
	d, err := survey.NewDesign(survey.Spec{N: n})
	if err != nil {
		return outcome{}, err
	}
	d, _, err = d.Rake(margins, survey.RakeOptions{})
	if errors.Is(err, survey.ErrMargins) {
		return outcome{refused: true}, nil // nobody of a group answered, or only together with one of another
	}
	if err != nil {
		return outcome{}, err
	}
	return share(d, y, p, survey.Automatic)
}

func scaled(p []float64, n int) []float64 {
	out := make([]float64, len(p))
	for i, v := range p {
		out[i] = v * float64(n)
	}
	return out
}

func (r *random) pick(p []float64) int {
	u := r.Float64()
	for i, v := range p {
		if u < v || i == len(p)-1 {
			return i
		}
		u -= v
	}
	return 0
}

// waves stacks two waves; in a panel the unit is the person.
func waves(y []float64, persons []int, n int, truth float64) (outcome, error) {
	wave := make([]int, len(y))
	for i := n; i < len(y); i++ {
		wave[i] = 1
	}
	in := func(w int) []bool {
		out := make([]bool, len(y))
		for i := range out {
			out[i] = wave[i] == w
		}
		return out
	}
	stage := survey.Stage{Unit: persons}
	if persons == nil {
		stage.Stratum = wave
	}
	d, err := survey.NewDesign(survey.Spec{N: len(y), Stages: []survey.Stage{stage}})
	if err != nil {
		return outcome{}, err
	}
	c, err := d.ShareChange(y, in(0), in(1), survey.ShareOptions{Cap: true})
	if err != nil {
		return outcome{}, err
	}
	return outcome{held: c.Lo <= truth && truth <= c.Hi, uncertain: c.TooUncertain, width: c.Hi - c.Lo}, nil
}

const changed = 0.05

func change(r *random, n int, p float64) (outcome, error) {
	y := make([]float64, 2*n)
	for i := range y {
		truth := p
		if i >= n {
			truth += changed
		}
		y[i] = r.yes(truth)
	}
	return waves(y, nil, n, changed)
}

// panel asks the same people twice: half of them say the same as before, but for those who
// change their minds.
func panel(r *random, n int, p float64) (outcome, error) {
	y, person := make([]float64, 2*n), make([]int, 2*n)
	for i := range n {
		person[i], person[n+i] = i, i
		y[i] = r.yes(p)
		switch {
		case r.Float64() < 0.5:
			y[n+i] = y[i]
			if y[i] == 0 {
				y[n+i] = r.yes(changed / (1 - p))
			}
		default:
			y[n+i] = r.yes(p + changed)
		}
	}
	return waves(y, person, n, changed)
}

func nps(r *random, n int, p float64) (outcome, error) {
	const passive = 0.3
	y := make([]float64, n)
	for i := range y {
		switch u := r.Float64(); {
		case u < p:
			y[i] = 3
		case u < p+passive:
			y[i] = 7
		default:
			y[i] = 10
		}
	}
	d, err := survey.NewDesign(survey.Spec{N: n})
	if err != nil {
		return outcome{}, err
	}
	s, err := d.NPSInterval(y, nil, 0.95)
	if err != nil {
		return outcome{}, err
	}
	truth := 100 * (1 - passive - 2*p)
	return outcome{held: s.Lo <= truth && truth <= s.Hi, uncertain: n < survey.LeastEffective, width: (s.Hi - s.Lo) / 100}, nil
}

// Beliefs of a team that is off by up to 20 points, and answers that hang together: a person
// who names one option is more likely to name others.
var off = []float64{.15, -.1, .05, .2, -.05, .1, 0, .12, -.15, .08, .02, -.2}

func understanding(r *random, n int, half float64) (outcome, error) {
	k := len(off)
	columns, truth, beliefs := make([][]float64, k), make([]float64, k), make([]survey.Belief, k)
	for j := range k {
		columns[j] = make([]float64, n)
		truth[j] = 0.1 + 0.7*float64(j)/float64(k-1)
		guess := min(max(truth[j]+off[j], 0.02), 0.98)
		beliefs[j] = survey.Belief{Guess: guess, Low: max(0, guess-half), High: min(1, guess+half)}
	}
	for i := range n {
		leaning := r.NormFloat64() * math.Sqrt(0.2)
		for j := range k {
			// A normal threshold keeps the share of option j whatever the leaning.
			if leaning+r.NormFloat64()*math.Sqrt(0.8) < math.Sqrt2*math.Erfinv(2*truth[j]-1) {
				columns[j][i] = 1
			}
		}
	}
	d, err := survey.NewDesign(survey.Spec{N: n})
	if err != nil {
		return outcome{}, err
	}
	var stats []survey.Statistic
	for _, y := range columns {
		stats = append(stats, survey.Mean(y, nil))
	}
	e, err := d.Estimate(stats...)
	if err != nil {
		return outcome{}, err
	}
	u, err := survey.Understand(beliefs, nil, e, 0.95)
	if err != nil {
		return outcome{}, err
	}
	target := trueScore(beliefs, truth, n)
	return outcome{held: u.Lo <= target && target <= u.Hi, width: (u.Hi - u.Lo) / 100}, nil
}

// trueScore is what the score estimates: against the true shares, with ranges at least as
// wide as a survey of this size can tell.
func trueScore(beliefs []survey.Belief, truth []float64, n int) float64 {
	penalty, none := 0.0, 0.0
	z := infer.Z(0.8)
	for j, b := range beliefs {
		spread := max((b.High-b.Low)/(2*z), math.Sqrt(truth[j]*(1-truth[j])/float64(n)))
		d := b.Guess - truth[j]
		penalty += 2*spread*math.Exp(-d*d/(2*spread*spread))/math.Sqrt(2*math.Pi) + d*math.Erf(d/spread/math.Sqrt2) - spread/math.SqrtPi
		none += truth[j]*truth[j] - truth[j] + 1.0/3
	}
	return 100 * (1 - penalty/none)
}
