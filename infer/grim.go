package infer

import "math"

// Rounded is a percentage as it was published: 62.5 with one decimal.
type Rounded struct {
	Percent  float64
	Decimals int
}

// fits reports whether k of n rounds to r. Either way of rounding a tie counts.
func (r Rounded) fits(k, n int) bool {
	unit := math.Pow10(-r.Decimals)
	const slack = 1e-9 // of binary fractions
	return math.Abs(100*float64(k)/float64(n)-r.Percent) <= unit/2+slack
}

// count returns a count of n that rounds to r, if there is one.
func (r Rounded) count(n int) (k int, ok bool) {
	k = int(math.Round(r.Percent * float64(n) / 100))
	return k, r.fits(k, n)
}

// GRIM returns the bases n, 1 ≤ n ≤ limit, of which each of the published percentages
// can be a share: some whole number of n rounds to it. Percentages of weighted answers
// need not have any, so that an empty result is a hint and no proof of an error.
//
// Source: Brown and Heathers (2017), Soc. Psychol. Pers. Sci. 8(4), 363–369, for
// means; here for percentages.
func GRIM(limit int, published ...Rounded) []int {
	var bases []int
next:
	for n := 1; n <= limit; n++ {
		for _, r := range published {
			if _, ok := r.count(n); !ok {
				continue next
			}
		}
		bases = append(bases, n)
	}
	return bases
}

// GRIMWhole returns the bases n, 1 ≤ n ≤ limit, of which the published percentages can
// be the shares of all answers to a question that allows one each: counts that round
// to them and add up to n.
func GRIMWhole(limit int, published ...Rounded) []int {
	var bases []int
	for _, n := range GRIM(limit, published...) {
		lo, hi := 0, 0
		for _, r := range published {
			l, h := r.counts(n)
			lo, hi = lo+l, hi+h
		}
		if lo <= n && n <= hi {
			bases = append(bases, n)
		}
	}
	return bases
}

// counts returns the smallest and the largest count of n that round to r.
func (r Rounded) counts(n int) (lo, hi int) {
	k, _ := r.count(n)
	lo, hi = k, k
	for lo > 0 && r.fits(lo-1, n) {
		lo--
	}
	for hi < n && r.fits(hi+1, n) {
		hi++
	}
	return lo, hi
}
