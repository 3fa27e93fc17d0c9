package main

import "math"

// lower and upper are the one-sided 99 % limits of Clopper and Pearson (1934) of a share.
func lower(hits, n int) float64 {
	if hits == 0 {
		return 0
	}
	return bisect(func(p float64) bool { return 1-binomial(hits-1, n, p) > .01 })
}

func upper(hits, n int) float64 {
	if hits >= n {
		return 1
	}
	return bisect(func(p float64) bool { return binomial(hits, n, p) < .01 })
}

// bisect returns where a condition on [0, 1] begins to hold.
func bisect(holds func(p float64) bool) float64 {
	lo, hi := 0.0, 1.0
	for range 40 {
		if mid := (lo + hi) / 2; holds(mid) {
			hi = mid
		} else {
			lo = mid
		}
	}
	return (lo + hi) / 2
}

// binomial is the probability of at most k hits among n.
func binomial(k, n int, p float64) float64 {
	if p <= 0 {
		return 1
	}
	if p >= 1 {
		return 0
	}
	all, _ := math.Lgamma(float64(n + 1))
	sum := 0.0
	for i := 0; i <= k; i++ {
		a, _ := math.Lgamma(float64(i + 1))
		b, _ := math.Lgamma(float64(n - i + 1))
		sum += math.Exp(all - a - b + float64(i)*math.Log(p) + float64(n-i)*math.Log1p(-p))
	}
	return min(sum, 1)
}
