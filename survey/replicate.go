package survey

import (
	"math"

	"gonum.org/v1/gonum/mat"
)

// Replicates are weights of the same respondents as if the sample had been drawn again
// many times.
type Replicates struct {
	Weight [][]float64 // [r][n], complete weights of each replicate
	Scale  float64
	Each   []float64 // [r] further factors; nil: 1
	DF     float64
	// AboutMean measures from the mean of the replicates instead of from the estimate
	// itself, which gives a variance that is never larger.
	AboutMean bool
}

// estimate computes statistics in every replicate: V = scale Σ_r s_r (θ_r−c)(θ_r−c)'.
//
// Source: Wolter (2007), Introduction to Variance Estimation, chapters 3 to 5.
func (r *Replicates) estimate(e Estimates, stats []Statistic) (Estimates, error) {
	k := len(stats)
	values := make([][]float64, len(r.Weight))
	centre := append([]float64(nil), e.Value...)
	mean := make([]float64, k)
	for i, w := range r.Weight {
		values[i] = make([]float64, k)
		for a, s := range stats {
			v, _ := s.value(w)
			if math.IsNaN(v) || math.IsInf(v, 0) {
				return Estimates{}, ErrNobody
			}
			values[i][a] = v
			mean[a] += v / float64(len(r.Weight))
		}
	}
	if r.AboutMean {
		centre = mean
	}
	e.Cov = mat.NewSymDense(k, nil)
	for a := range k {
		for b := a; b < k; b++ {
			var total sum
			for i, v := range values {
				each := 1.0
				if r.Each != nil {
					each = r.Each[i]
				}
				total.add(each * (v[a] - centre[a]) * (v[b] - centre[b]))
			}
			e.Cov.SetSym(a, b, r.Scale*total.value())
		}
	}
	e.DF = r.DF
	return e, nil
}
