package survey

import (
	"errors"
	"math"

	"gonum.org/v1/gonum/mat"

	"goalpost/infer"
)

// ErrBelief is returned for a belief that is no number between 0 and 1, or whose range does
// not hold its guess.
var ErrBelief = errors.New("survey: a belief is not a share with a range around it")

// LeastItems is how many questions or options a score needs: below, show them one by one.
const LeastItems = 6

// z80 is half the width of an 80 % range in standard deviations.
var z80 = infer.Z(0.8)

// Belief is what somebody thought a share to be before it was known. All numbers are
// fractions; a mean on a scale is a share of the way from its lowest to its highest.
type Belief struct {
	Guess     float64 // as likely too high as too low
	Low, High float64 // four chances in five that it lies between
	NoIdea    bool    // then the others are not used
}

// check refuses what is no belief.
func (b Belief) check() error {
	if b.NoIdea {
		return nil
	}
	if !(b.Low <= b.Guess && b.Guess <= b.High && b.Low >= 0 && b.High <= 1) {
		return ErrBelief
	}
	return nil
}

// spread is the standard deviation of the normal distribution with this 80 % range.
func (b Belief) spread() float64 { return (b.High - b.Low) / (2 * z80) }

// Understanding says how well beliefs agree with what respondents answered, sampling noise
// taken out: 0 is no better than to have no idea, 100 is to know all exactly, and below 0 one
// would have done better to say "no idea".
type Understanding struct {
	Score   float64 // at most 100, not cut at the ceiling
	SE      float64
	Lo, Hi  float64
	Level   float64
	Ceiling float64 // what a perfect belief would get from so small a survey; show min(Score, Ceiling)
	Items   []ItemScore
	// Companions, as fractions of 1 unless said otherwise.
	RMSE, MAE        float64 // typical error of the guesses, sampling noise removed
	NaiveMAE         float64 // with the noise
	MSE, MSESE       float64
	Optimism         float64 // mean of guess less answer
	OptimismSE       float64
	RangeFactor      float64 // how many times as wide the ranges should have been; NaN where all have none
	Covered          int     // ranges that hold what was answered
	CoveredWithNoise int     // ranges that could hold what is true
	Guessed          int     // items with a belief, "no idea" left out
	RankAgreement    float64 // −1 to 1; pairs count as far as the answers tell them apart; NaN where they tell none
}

// ItemScore is one item: the penalty of the belief, and that of "no idea".
type ItemScore struct {
	Belief        Belief
	Answered, SE  float64
	Penalty, None float64
	Best          float64 // the smallest penalty that the survey can certify
	Inside        bool    // the answer lies in the range
}

// Understand scores beliefs [k] against estimates [k] of shares between 0 and 1 with their
// joint covariance. weight [k] is how much each item counts, fixed together with the beliefs;
// nil for the same. It fails with ErrBelief, or ErrLength.
//
// The penalty of an item is the continuous ranked probability score of the belief, a normal
// distribution, corrected for the error of the estimate so that its expectation is that
// against the truth: C = A(m−θ, τ²−s²) − τ/√π, A(d,v) = E|N(d,v)|, τ² at least s². That of
// no idea, a uniform distribution, is θ²−s²−θ+1/3. The score is 100·(1 − ΣaC/ΣaR).
//
// Source: Gneiting and Raftery (2007), J. Am. Stat. Assoc. 102(477), 359–378, equation 20;
// Ferro (2017), Mon. Weather Rev. 145(12), 4681–4690, and Bessac and Naveau (2021), Adv. Stat.
// Climatol. Meteorol. Oceanogr. 7, 53–71, for scores against noisy observations; the
// correction in closed form is ours (METHODS.md).
func Understand(beliefs []Belief, weight []float64, e Estimates, level float64) (Understanding, error) {
	k := len(beliefs)
	if k == 0 || k != len(e.Value) || weight != nil && len(weight) != k {
		return Understanding{}, ErrLength
	}
	if weight == nil {
		weight = ones(k)
	}
	for _, b := range beliefs {
		if err := b.check(); err != nil {
			return Understanding{}, err
		}
	}
	return understand(beliefs, weight, e, level)
}

// understand scores beliefs that were checked.
func understand(beliefs []Belief, weight []float64, e Estimates, level float64) (Understanding, error) {
	k := len(beliefs)
	out := Understanding{Level: level}
	var penalty, none, best float64
	slope := make([]float64, k) // of ΣaC
	reference := make([]float64, k)
	for i, b := range beliefs {
		item, c, r := score(b, e.Value[i], e.SE(i))
		out.Items = append(out.Items, item)
		penalty += weight[i] * item.Penalty
		none += weight[i] * item.None
		best += weight[i] * item.Best
		slope[i], reference[i] = weight[i]*c, weight[i]*r
	}
	if !(none > 0) {
		return Understanding{}, ErrTable
	}
	gradient := make([]float64, k)
	for i := range gradient {
		gradient[i] = -100 * (slope[i]/none - penalty*reference[i]/(none*none))
	}
	out.Score, out.Ceiling = 100*(1-penalty/none), 100*(1-best/none)
	out.SE = math.Sqrt(max(0, quadratic(gradient, e.Cov)))
	half := T(level, e.DF) * out.SE
	out.Lo, out.Hi = out.Score-half, out.Score+half
	out.companions(beliefs, e)
	return out, nil
}

// sameShare is up to which difference a guess is the answer: beyond that digits of a file
// tell nothing, and the slope of the penalty would be that of a wrong guess.
const sameShare = 1e-12

// score is one item, with the slopes of both penalties in the answered share.
func score(b Belief, answered, se float64) (item ItemScore, slope, reference float64) {
	s2 := se * se
	item = ItemScore{Belief: b, Answered: answered, SE: se, None: answered*answered - s2 - answered + 1.0/3,
		Best: se * (math.Sqrt(2/math.Pi) - 1/math.SqrtPi)}
	reference = 2*answered - 1
	if b.NoIdea {
		item.Penalty = item.None
		return item, reference, reference
	}
	spread2 := max(b.spread()*b.spread(), s2)
	d, v := b.Guess-answered, spread2-s2
	item.Penalty = absolute(d, v) - math.Sqrt(spread2/math.Pi)
	item.Inside = b.Low <= answered && answered <= b.High
	if v > 0 {
		slope = -(2*phi(d/math.Sqrt(v)) - 1)
	} else if math.Abs(d) > sameShare {
		slope = -math.Copysign(1, d)
	}
	return item, slope, reference
}

// absolute is E|X| of a normal variable with mean d and variance v.
func absolute(d, v float64) float64 {
	if !(v > 0) {
		return math.Abs(d)
	}
	sd := math.Sqrt(v)
	return 2*sd*math.Exp(-d*d/(2*v))/math.Sqrt(2*math.Pi) + d*(2*phi(d/sd)-1)
}

// phi is the distribution function of the standard normal.
func phi(x float64) float64 { return math.Erfc(-x/math.Sqrt2) / 2 }

func quadratic(g []float64, v *mat.SymDense) float64 {
	total := 0.0
	for i := range g {
		for j := range g {
			total += g[i] * v.At(i, j) * g[j]
		}
	}
	return total
}

// companions fills what is said beside the score, from the items with a belief.
func (u *Understanding) companions(beliefs []Belief, e Estimates) {
	u.RMSE, u.MAE, u.NaiveMAE, u.MSE, u.MSESE = math.NaN(), math.NaN(), math.NaN(), math.NaN(), math.NaN()
	u.Optimism, u.OptimismSE, u.RangeFactor, u.RankAgreement = math.NaN(), math.NaN(), math.NaN(), math.NaN()
	var at []int
	for i, b := range beliefs {
		if !b.NoIdea {
			at = append(at, i)
		}
	}
	u.Guessed = len(at)
	if len(at) == 0 {
		return
	}
	n := float64(len(at))
	var error2, noise, ranges, sums, squares, cross float64
	d := make([]float64, len(beliefs))
	for _, i := range at {
		s2, spread := e.Cov.At(i, i), beliefs[i].spread()
		d[i] = beliefs[i].Guess - e.Value[i]
		error2, noise, ranges, sums = error2+d[i]*d[i], noise+s2, ranges+spread*spread, sums+d[i]
		// The limit of the range itself would be hit or missed by rounding; compare distances.
		if math.Abs(d[i]) <= z80*spread {
			u.Covered++
		}
		if math.Abs(d[i]) <= z80*math.Sqrt(spread*spread+s2) {
			u.CoveredWithNoise++
		}
	}
	total := 0.0
	for _, i := range at {
		for _, j := range at {
			v := e.Cov.At(i, j)
			cross, squares, total = cross+d[i]*v*d[j], squares+v*v, total+v
		}
	}
	u.MSE = (error2 - noise) / n
	u.MSESE = math.Sqrt(max(0, (4*cross-2*squares)/(n*n)))
	u.RMSE = math.Sqrt(max(0, u.MSE))
	u.Optimism, u.OptimismSE = sums/n, math.Sqrt(max(0, total))/n
	if ranges > 0 {
		u.RangeFactor = math.Sqrt(max(0, (error2-noise)/ranges))
	}
	u.MAE, u.NaiveMAE = simex(at, d, e)
	u.RankAgreement = ranks(at, beliefs, e)
}

// simexWeights extrapolate a quadratic through the errors at 0, ½, 1, 1½ and 2 times more
// sampling noise to the error without any, at −1.
var simexWeights = [...]float64{3, -0.4, -1.8, -1.2, 1.4}

// simex is the mean absolute error without sampling noise, and with it.
//
// Source: Cook and Stefanski (1994), J. Am. Stat. Assoc. 89(428), 1314–1328.
func simex(at []int, d []float64, e Estimates) (without, with float64) {
	for step, w := range simexWeights {
		mean := 0.0
		for _, i := range at {
			mean += absolute(d[i], float64(step)/2*e.Cov.At(i, i)) / float64(len(at))
		}
		without += w * mean
		if step == 0 {
			with = mean
		}
	}
	return without, with
}

// ranks is how far the order of the guesses is that of the answers.
func ranks(at []int, beliefs []Belief, e Estimates) float64 {
	var agree, all float64
	for a, i := range at {
		for _, j := range at[a+1:] {
			v := e.Cov.At(i, i) + e.Cov.At(j, j) - 2*e.Cov.At(i, j)
			diff := e.Value[i] - e.Value[j]
			sure := 0.0
			switch {
			case v > 0:
				sure = 2*phi(diff/math.Sqrt(v)) - 1
			case diff != 0:
				sure = math.Copysign(1, diff)
			}
			all += math.Abs(sure)
			switch g := beliefs[i].Guess - beliefs[j].Guess; {
			case g > 0:
				agree += sure
			case g < 0:
				agree -= sure
			}
		}
	}
	if all == 0 {
		return math.NaN()
	}
	return agree / all
}

// Pool is what a team believes: the mixture of its members' distributions [member][k], with
// its mean and standard deviation. Members without an idea of an item are left out of it; if
// none has one, neither has the team.
//
// Source: Stone (1961), Ann. Math. Stat. 32(4), 1339–1342.
func Pool(members [][]Belief) []Belief {
	if len(members) == 0 {
		return nil
	}
	out := make([]Belief, len(members[0]))
	for k := range out {
		var n, mean, second float64
		for _, m := range members {
			if b := m[k]; !b.NoIdea {
				n++
				mean += b.Guess
				second += b.Guess*b.Guess + b.spread()*b.spread()
			}
		}
		if n == 0 {
			out[k].NoIdea = true
			continue
		}
		mean /= n
		half := z80 * math.Sqrt(max(0, second/n-mean*mean))
		out[k] = Belief{Guess: mean, Low: max(0, mean-half), High: min(1, mean+half)}
	}
	return out
}

// Team is the score of a team and of each member.
type Team struct {
	Pooled   Understanding
	Members  []Understanding
	MemberSE float64 // jackknife over members: how much the score hangs on who was asked; NaN for one
}

// UnderstandTeam scores the beliefs of members [member][k], each over the same items.
func UnderstandTeam(members [][]Belief, weight []float64, e Estimates, level float64) (Team, error) {
	var out Team
	for _, m := range members {
		if len(m) != len(e.Value) {
			return Team{}, ErrLength
		}
		u, err := Understand(m, weight, e, level)
		if err != nil {
			return Team{}, err
		}
		out.Members = append(out.Members, u)
	}
	var err error
	if out.Pooled, err = Understand(Pool(members), weight, e, level); err != nil {
		return Team{}, err
	}
	out.MemberSE = math.NaN()
	if n := len(members); n > 1 {
		var scores []float64
		mean := 0.0
		for leave := range members {
			rest := append(append([][]Belief(nil), members[:leave]...), members[leave+1:]...)
			u, err := Understand(Pool(rest), weight, e, level)
			if err != nil {
				return Team{}, err
			}
			scores = append(scores, u.Score)
			mean += u.Score / float64(n)
		}
		v := 0.0
		for _, s := range scores {
			v += (s - mean) * (s - mean)
		}
		out.MemberSE = math.Sqrt(v * float64(n-1) / float64(n))
	}
	return out, nil
}
