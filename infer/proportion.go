package infer

import "math"

// Z returns the standard normal quantile that encloses level around zero: 1.96 for 0.95.
func Z(level float64) float64 { return math.Sqrt2 * math.Erfinv(level) }

// Share returns the proportion of hits among n with Wilson's score interval, which
// never leaves 0..1 and does not fail at 0 and n. hits and n may be effective sizes,
// so need not be whole; 0 ≤ hits ≤ n, n > 0 and 0 < level < 1 are required.
//
// Source: Wilson (1927), J. Am. Stat. Assoc. 22(158), 209–212; Brown, Cai and
// DasGupta (2001), Stat. Sci. 16(2), 101–133, equation 4.
func Share(hits, n, level float64) Estimate {
	p, z := hits/n, Z(level)
	zz := z * z
	centre := (p + zz/(2*n)) / (1 + zz/n)
	half := z / (1 + zz/n) * math.Sqrt(p*(1-p)/n+zz/(4*n*n))
	lo, hi := max(0, centre-half), min(1, centre+half)
	if hits == 0 {
		lo = 0 // not 1e-17
	}
	if hits == n {
		hi = 1
	}
	return Estimate{Value: p, Lo: lo, Hi: hi, Level: level, Kind: Confidence, N: int(math.Round(n))}
}

// Difference returns b − a for two independent estimates of proportions with their
// intervals of the same level, from their limits (MOVER). N is the smaller of both.
//
// Source: Newcombe (1998), Stat. Med. 17(8), 873–890, method 10.
func Difference(a, b Estimate) Estimate {
	d := b.Value - a.Value
	return Estimate{Value: d, Level: a.Level, Kind: Confidence, N: min(a.N, b.N),
		Lo: d - math.Hypot(b.Value-b.Lo, a.Hi-a.Value),
		Hi: d + math.Hypot(b.Hi-b.Value, a.Value-a.Lo)}
}

// DifferenceWithin returns a − b for two answers of which each of n respondents could
// give one only, so that more of one leaves less for the other. The interval is that
// of the large-sample multinomial variance (p_a + p_b − (p_a − p_b)²)/n.
//
// Source: Wild and Seber (1993), Am. Stat. 47(2), 178–183, case (a).
func DifferenceWithin(a, b, n, level float64) Estimate {
	d := a - b
	half := Z(level) * math.Sqrt((a+b-d*d)/n)
	return Estimate{Value: d, Lo: max(-1, d-half), Hi: min(1, d+half), Level: level, Kind: Confidence, N: int(math.Round(n))}
}

// SmallestChange returns the difference of two shares near one half, as a fraction,
// that two independent waves of n1 and n2 respondents find with the given power when
// they test at 5 %.
//
// Source: Fleiss, Levin and Paik (2003), Statistical Methods for Rates and
// Proportions, 3rd edition, section 4.3, without the correction for continuity.
func SmallestChange(n1, n2, power float64) float64 {
	return (Z(0.95) + Z(2*power-1)) * math.Sqrt(0.25/n1+0.25/n2)
}

// EffectiveN returns Kish's effective number of respondents, (Σw)²/Σw², which is
// len(weights) when all are equal and smaller otherwise. Weights are not negative; it
// is 0 when all are 0.
//
// Source: Kish (1965), Survey Sampling, section 11.7.
func EffectiveN(weights []float64) float64 {
	sum, squares := 0.0, 0.0
	for _, w := range weights {
		sum, squares = sum+w, squares+w*w
	}
	if squares == 0 {
		return 0
	}
	return sum * sum / squares
}
