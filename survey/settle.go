package survey

import (
	"math"

	"gonum.org/v1/gonum/stat/distuv"
)

// What a further wave is planned for: a one-sided test at SettleLevel that finds the
// difference with SettlePower if it is as large as it looks now. Four of five would do; a
// little more is planned because respondents are whole people.
const (
	SettleLevel = 0.95
	SettlePower = 0.85
)

// AtLeast is the probability that a share reaches a target, from Student's t on the score
// (p − target)/√(target(1−target)/n*): the one by which Wilson's limits are made, so that it
// is 0.975 where the lower limit of 95 % touches the target. NaN where nothing can be said.
func (s ShareEstimate) AtLeast(target float64) float64 {
	switch {
	case target <= 0:
		return 1
	case target > 1:
		return 0
	case s.Lo == s.Hi: // fixed by the design
		return certain(s.Value, target)
	case target == 1 && s.Value == 1: // nobody said otherwise; that somebody would is not known
		return math.NaN()
	case target == 1:
		return 0
	}
	return studentBelow((s.Value-target)/math.Sqrt(target*(1-target)/s.EffectiveN), s.DF)
}

// AtLeast is the probability that an estimate reaches a target, from Student's t.
func AtLeast(value, target, se, df float64) float64 {
	if !(se > 0) {
		return math.NaN()
	}
	return studentBelow((value-target)/se, df)
}

func certain(value, target float64) float64 {
	if value >= target {
		return 1
	}
	return 0
}

func studentBelow(t, df float64) float64 {
	if !(df > 0) {
		return math.NaN()
	}
	if math.IsInf(df, 1) {
		return phi(t)
	}
	return distuv.StudentsT{Mu: 0, Sigma: 1, Nu: df}.CDF(t)
}

// settle is the sum that a difference must be wide in standard errors.
func settle() (level, power float64) {
	return distuv.UnitNormal.Quantile(SettleLevel), distuv.UnitNormal.Quantile(SettlePower)
}

// AnswersForShare is how many answers tell a share p from a target, and make it no longer
// TooUncertain, with the design effect that they will have; +Inf where p is the target.
//
// Source: the sample size of a score test, Fleiss, Levin and Paik (2003), Statistical Methods
// for Rates and Proportions, 3rd ed., formula 2.7; Kish (1965), Survey Sampling, for the
// design effect.
func AnswersForShare(p, target, designEffect float64) float64 {
	a, b := settle()
	m := math.Abs(p - target)
	if m == 0 {
		return math.Inf(1)
	}
	root := a*math.Sqrt(target*(1-target)) + b*math.Sqrt(p*(1-p))
	t := T(0.95, LeastEffective)
	certain := t * t * (1/(WidestInterval*WidestInterval) - 1) // Wilson's width is t/√(n + t²) at one half, and less elsewhere
	return math.Ceil(designEffect * max(LeastEffective, certain, root*root/(m*m)))
}

// AnswersForMean is the same for the mean of answers with a standard deviation.
func AnswersForMean(difference, deviation, designEffect float64) float64 {
	a, b := settle()
	if difference == 0 {
		return math.Inf(1)
	}
	r := (a + b) * deviation / difference
	return math.Ceil(designEffect * max(LeastEffective, r*r))
}

// AnswersForLift is the same for the difference of the shares p and q of two groups; part is
// how much of all answers is in the first, and both together are counted.
func AnswersForLift(p, q, target, part, designEffect float64) float64 {
	a, b := settle()
	m := p - q - target
	if m == 0 || !(part > 0 && part < 1) {
		return math.Inf(1)
	}
	variance := p*(1-p)/part + q*(1-q)/(1-part)
	least := LeastEffective / min(part, 1-part)
	return math.Ceil(designEffect * max(least, (a+b)*(a+b)*variance/(m*m)))
}

// OfFinite is how many of n answers are needed where only people of a population answer:
// n/(1 + (n−1)/N).
//
// Source: Cochran (1977), Sampling Techniques, 3rd ed., formula 4.2.
func OfFinite(n, population float64) float64 {
	if math.IsInf(n, 1) {
		return population
	}
	return math.Ceil(n / (1 + (n-1)/population))
}
