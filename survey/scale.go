package survey

import (
	"math"

	"goalpost/infer"
)

// Likert sums up answers on a scale of ordered levels.
type Likert struct {
	Shares  Estimates // [level]
	Top     int       // of Parts: the two highest levels together
	Bottom  int       // of Parts: the two lowest
	Net     int       // of Parts: Top less Bottom
	Neutral int       // of Parts: the middle level; -1 where there is none
	Parts   Estimates
	Mean    Estimates // the levels as numbers 1…; secondary: distances between levels are not known
	SD      float64
}

// Likert estimates the distribution over levels 1 to levels of y [n], NaN where the question
// was not answered or "don't know" was.
func (d *Design) Likert(y []float64, in []bool, levels int) (Likert, error) {
	if len(y) != d.n {
		return Likert{}, ErrLength
	}
	var stats []Statistic
	for level := 1; level <= levels; level++ {
		stats = append(stats, Mean(indicator(y, func(v float64) bool { return v == float64(level) }), in))
	}
	out := Likert{Top: 0, Bottom: 1, Net: 2, Neutral: -1}
	var err error
	if out.Shares, err = d.Estimate(stats...); err != nil {
		return Likert{}, err
	}
	top, bottom, net := make([]float64, levels), make([]float64, levels), make([]float64, levels)
	for k := range levels {
		if k >= levels-2 {
			top[k], net[k] = 1, net[k]+1
		}
		if k < 2 {
			bottom[k], net[k] = 1, net[k]-1
		}
	}
	rows := [][]float64{top, bottom, net}
	if levels%2 == 1 && levels > 4 {
		neutral := make([]float64, levels)
		neutral[levels/2] = 1
		out.Neutral = len(rows)
		rows = append(rows, neutral)
	}
	out.Parts = out.Shares.Contrasts(rows...)
	if out.Mean, err = d.Estimate(Mean(y, in)); err != nil {
		return Likert{}, err
	}
	out.SD = math.Sqrt(d.Variance(y, in))
	return out, nil
}

// indicator is 1 where an answer is so, 0 where it is not and NaN where there is none.
func indicator(y []float64, is func(float64) bool) []float64 {
	out := make([]float64, len(y))
	for i, v := range y {
		switch {
		case math.IsNaN(v):
			out[i] = math.NaN()
		case is(v):
			out[i] = 1
		}
	}
	return out
}

// Variance is the weighted variance of answers, Σw(y−ȳ)²/Σw · n/(n−1); NaN below two answers.
func (d *Design) Variance(y []float64, in []bool) float64 {
	s := Mean(y, in)
	mean, base := s.value(d.weight)
	n := 0
	var squares sum
	for i, w := range d.weight {
		if w > 0 && s.counts(i) {
			n++
			squares.add(w * (y[i] - mean) * (y[i] - mean))
		}
	}
	if n < 2 {
		return math.NaN()
	}
	return squares.value() / base * float64(n) / float64(n-1)
}

// NPS is the net promoter score: the share of 9 and 10 less that of 0 to 6 among answers 0
// to 10 [n], in points from −100 to 100, with the shares of promoters, passives and
// detractors.
//
// Source: Reichheld (2003), Harv. Bus. Rev. 81(12), 46–54.
type NPS struct {
	Score Estimates // one, in points
	Parts Estimates // promoters, passives, detractors, as fractions
}

// Scored turns answers 0 to 10 into what their mean is the net promoter score of: 100, 0 and
// −100, NaN where there is no answer.
func Scored(y []float64) []float64 {
	out := make([]float64, len(y))
	for i, v := range y {
		switch {
		case math.IsNaN(v):
			out[i] = v
		case v >= 9:
			out[i] = 100
		case v <= 6:
			out[i] = -100
		}
	}
	return out
}

// NPS estimates the net promoter score.
func (d *Design) NPS(y []float64, in []bool) (NPS, error) {
	if len(y) != d.n {
		return NPS{}, ErrLength
	}
	var out NPS
	var err error
	if out.Score, err = d.Estimate(Mean(Scored(y), in)); err != nil {
		return NPS{}, err
	}
	out.Parts, err = d.Estimate(
		Mean(indicator(y, func(v float64) bool { return v >= 9 }), in),
		Mean(indicator(y, func(v float64) bool { return v > 6 && v < 9 }), in),
		Mean(indicator(y, func(v float64) bool { return v <= 6 }), in))
	return out, err
}

// SmallNPS is the interval of the net promoter score of few respondents drawn at random, in
// points: three respondents are added, three quarters of one a promoter and as much a
// detractor.
//
// Source: Rocks (2016), Interval Estimation for the "Net Promoter Score", Am. Stat. 70(4),
// 365–372, the adjusted Wald interval.
func SmallNPS(promoters, detractors, n int, level float64) (lo, hi float64) {
	m := float64(n) + 3
	p, q := (float64(promoters)+0.75)/m, (float64(detractors)+0.75)/m
	half := T(level, math.Inf(1)) * math.Sqrt((p+q-(p-q)*(p-q))/m)
	return max(-100, 100*(p-q-half)), min(100, 100*(p-q+half))
}

// Alpha is Cronbach's coefficient of k questions on one scale [k][n], over the respondents who
// answered all.
//
// Source: Cronbach (1951), Psychometrika 16(3), 297–334.
func (d *Design) Alpha(y [][]float64) (float64, error) {
	complete, total := make([]bool, d.n), make([]float64, d.n)
	for i := range complete {
		complete[i] = true
		for _, column := range y {
			if len(column) != d.n {
				return 0, ErrLength
			}
			total[i] += column[i]
		}
		complete[i] = !math.IsNaN(total[i])
	}
	parts := 0.0
	for _, column := range y {
		parts += d.Variance(column, complete)
	}
	k := float64(len(y))
	if !(k > 1) {
		return 0, ErrTable
	}
	alpha := k / (k - 1) * (1 - parts/d.Variance(total, complete))
	if math.IsNaN(alpha) {
		return 0, ErrNobody
	}
	return alpha, nil
}

// Mentions are how many of several options [options][n], 1 or 0, a respondent gave; NaN where
// the question was not answered. Ratio of an option to it is the share of mentions, of an
// option alone the share of respondents.
func Mentions(options [][]float64) []float64 {
	if len(options) == 0 {
		return nil
	}
	out := make([]float64, len(options[0]))
	for _, o := range options {
		for i, v := range o {
			out[i] += v
		}
	}
	return out
}

// Unanswered are the limits between which a share lies whatever those who did not answer
// would have said: answered is the share who did.
//
// Source: Manski (1989), J. Hum. Resour. 24(3), 343–360.
func Unanswered(share, answered float64) (lo, hi float64) {
	return share * answered, share*answered + 1 - answered
}

// NPSInterval is the net promoter score in points with its interval. Below LeastEffective
// respondents who were drawn at random with equal weights it is SmallNPS.
func (d *Design) NPSInterval(y []float64, in []bool, level float64) (infer.Estimate, error) {
	n, err := d.NPS(y, in)
	if err != nil {
		return infer.Estimate{}, err
	}
	out := n.Score.Interval(0, level)
	kish := d.kish(Mean(y, in))
	if base := float64(out.N); base < LeastEffective && kish > base-1e-9 && d.simple() {
		out.Lo, out.Hi = SmallNPS(int(math.Round(n.Parts.Value[0]*base)), int(math.Round(n.Parts.Value[2]*base)), out.N, level)
		return out, nil
	}
	out.Lo, out.Hi = max(-100, out.Lo), min(100, out.Hi)
	return out, nil
}

// simple says whether respondents were drawn themselves, without strata, replicates or weights
// to margins.
func (d *Design) simple() bool {
	return d.replica == nil && len(d.adjust) == 0 && len(d.stages) == 1 && len(d.stages[0].units) == 1 && len(d.stages[0].stratumOf) == d.n
}
