package survey

import (
	"cmp"
	"math"
	"slices"

	"gonum.org/v1/gonum/mat"

	"goalpost/infer"
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

// WithReplicates is the design with replicate weights made elsewhere, such as balanced
// repeated replication: from now on variances come from them. It fails with ErrLength or a
// *DesignError of a weight that is no weight.
func (d *Design) WithReplicates(r Replicates) (*Design, error) {
	if len(r.Weight) < 2 || r.Each != nil && len(r.Each) != len(r.Weight) || !(r.Scale > 0) {
		return nil, ErrLength
	}
	for _, w := range r.Weight {
		if len(w) != d.n {
			return nil, ErrLength
		}
		if err := checkWeights(w); err != nil {
			return nil, err
		}
	}
	if r.DF == 0 {
		r.DF = float64(len(r.Weight) - 1)
	}
	out := *d
	out.replica = &r
	return &out, nil
}

// Replicated are the replicate weights of the design; nil where it has none.
func (d *Design) Replicated() *Replicates { return d.replica }

// Jackknife gives the design one replicate for each unit of the first stage: without it, and
// with the others of its stratum in its place (JK1 with a single stratum, else JKn). It is
// refused, with a *DesignError of LonelyUnit, where a stratum has a single unit. The design
// must not have been weighted to margins yet: weights of replicates are weighted after.
//
// Source: Rust and Rao (1996), Stat. Methods Med. Res. 5(3), 283–310, section 3.
func (d *Design) Jackknife() (*Design, error) {
	first := d.stages[0]
	r := Replicates{Scale: 1, DF: float64(len(first.stratumOf) - len(first.units))}
	one := len(first.units) == 1
	members := first.members()
	for unit, h := range first.stratumOf {
		n := float64(first.units[h])
		if n < 2 {
			return nil, &DesignError{Problem: LonelyUnit, Row: -1, Stratum: first.given[h], Value: 1}
		}
		each := first.unsampled(h) * (n - 1) / n
		w := append([]float64(nil), d.weight...)
		for other, stratum := range first.stratumOf {
			if stratum != h {
				continue
			}
			factor := n / (n - 1)
			if other == unit {
				factor = 0
			}
			for _, i := range members[other] {
				w[i] *= factor
			}
		}
		r.Weight = append(r.Weight, w)
		if one {
			r.Scale = each
			continue
		}
		r.Each = append(r.Each, each)
	}
	return d.WithReplicates(r)
}

// members lists the respondents of each unit.
func (s stage) members() [][]int {
	out := make([][]int, len(s.stratumOf))
	for i, unit := range s.unit {
		out[unit] = append(out[unit], i)
	}
	return out
}

// Bootstrap gives the design replicates in which each stratum's units, but one fewer, are
// drawn again with replacement. The same seed draws the same for the same units, whatever
// the order of the respondents, where units have numbers. Sampled fractions are not taken
// into account, so that the variance is never too small for it.
//
// Source: Rao, Wu and Yue (1992), Surv. Methodol. 18(2), 209–217.
func (d *Design) Bootstrap(replicates int, seed uint64) (*Design, error) {
	first := d.stages[0]
	strata := first.byStratum()
	for h, units := range strata {
		if len(units) < 2 {
			return nil, &DesignError{Problem: LonelyUnit, Row: -1, Stratum: first.given[h], Value: 1}
		}
		slices.SortFunc(units, func(a, b int) int { return cmp.Compare(first.name[a], first.name[b]) })
	}
	order := make([]int, len(strata))
	for h := range order {
		order[h] = h
	}
	slices.SortFunc(order, func(a, b int) int { return cmp.Compare(first.given[a], first.given[b]) })
	r := Replicates{Scale: 1 / float64(replicates-1), DF: float64(len(first.stratumOf) - len(first.units))}
	count := make([]float64, len(first.stratumOf))
	for k := range replicates {
		random := infer.Rand(seed, uint64(k))
		clear(count)
		for _, h := range order {
			n := len(strata[h])
			for range n - 1 {
				count[strata[h][random.IntN(n)]] += float64(n) / float64(n-1)
			}
		}
		w := make([]float64, d.n)
		for i, unit := range first.unit {
			w[i] = d.weight[i] * count[unit]
		}
		r.Weight = append(r.Weight, w)
	}
	return d.WithReplicates(r)
}
