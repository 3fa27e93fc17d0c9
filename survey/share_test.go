package survey

import (
	"errors"
	"math"
	"math/rand/v2"
	"os"
	"testing"

	"goalpost/infer"
)

const level = 0.95

func answers(yes, n int) []bool {
	out := make([]bool, n)
	for i := range yes {
		out[i] = true
	}
	return out
}

func TestShare(t *testing.T) {
	plain, err := Share(answers(112, 181), nil, level)
	if err != nil {
		t.Fatal(err)
	}
	if want := infer.Share(112, 181, level); math.Abs(plain.Lo-want.Lo) > 1e-12 || plain.N != 181 || plain.EffectiveN != 181 {
		t.Errorf("\ngot:  %+v\nwant: %+v", plain, want)
	}
	weighted, err := Share([]bool{true, false, false}, []float64{2, 1, 1}, level)
	if err != nil || weighted.Value != 0.5 || math.Abs(weighted.EffectiveN-16.0/6) > 1e-12 || weighted.N != 3 {
		t.Errorf("\ngot:  %+v %v\nwant: 0.5 of 2.67", weighted, err)
	}
	for name, c := range map[string]struct {
		hit    []bool
		weight []float64
		want   error
	}{
		"nobody": {nil, nil, ErrNobody}, "all weights zero": {[]bool{true}, []float64{0}, ErrNobody}, "negative": {[]bool{true}, []float64{-1}, ErrWeight}, "no number": {[]bool{true}, []float64{math.NaN()}, ErrWeight},
		"infinite": {[]bool{true}, []float64{math.Inf(1)}, ErrWeight},
	} {
		if _, err := Share(c.hit, c.weight, level); !errors.Is(err, c.want) {
			t.Errorf("%s\ngot:  %v\nwant: %v", name, err, c.want)
		}
	}
	for _, yes := range []int{0, 20} { // 0 % and 100 % never fail
		e, err := PostStratified(answers(yes, 20), nil, make([]int, 20), []float64{1}, level)
		if err != nil || e.Value != float64(yes)/20 || e.Hi-e.Lo < 0.05 || e.Hi-e.Lo > 0.4 {
			t.Errorf("%d of 20\ngot:  %+v %v", yes, e, err)
		}
	}
	if _, err := PostStratified(answers(1, 3), nil, []int{0, 0, 0}, []float64{0.5, 0.5}, level); !errors.Is(err, ErrEmptyStratum) {
		t.Errorf("an empty group\ngot:  %v", err)
	}
}

// With targets as large as the groups are, nothing changes but the variance: what the
// groups explain is gone.
func TestPostStratifiedKeepsTheShare(t *testing.T) {
	hit, stratum := make([]bool, 100), make([]int, 100)
	for i := range hit {
		stratum[i] = i % 2
		hit[i] = i%2 == 0 && i < 80 || i%10 == 1
	}
	plain, err := Share(hit, nil, level)
	if err != nil {
		t.Fatal(err)
	}
	post, err := PostStratified(hit, nil, stratum, []float64{0.5, 0.5}, level)
	if err != nil || math.Abs(plain.Value-post.Value) > 1e-12 {
		t.Errorf("\ngot:  %+v %v\nwant: %+v", post, err, plain)
	}
	shifted, err := PostStratified(hit, nil, stratum, []float64{0.2, 0.8}, level)
	if err != nil || shifted.Value >= post.Value {
		t.Errorf("fewer of the group that says yes\ngot:  %+v %v", shifted, err)
	}
}

// The intervals cover the truth as often as they say: shares, and their change once the
// mix is held fixed, while the mix of respondents shifts between two waves.
func TestCoverage(t *testing.T) {
	replications := 2000
	if os.Getenv("GOALPOST_LONG") == "1" {
		replications = 20_000
	}
	if testing.Short() {
		t.Skip("a simulation")
	}
	for _, n := range []int{181, 5000} {
		if n == 5000 {
			replications /= 10
		}
		rng := rand.New(rand.NewPCG(3, uint64(n)))
		byGroup, mixes := []float64{0.8, 0.3}, [][]float64{{0.39, 0.61}, {0.46, 0.54}}
		target := []float64{0.425, 0.575}
		truth := target[0]*byGroup[0] + target[1]*byGroup[1]
		share, same, raw := 0, 0, 0
		for range replications {
			var post, plain []Weighted
			for _, mix := range mixes {
				hit, stratum := make([]bool, n), make([]int, n)
				for i := range n {
					if rng.Float64() >= mix[0] {
						stratum[i] = 1
					}
					hit[i] = rng.Float64() < byGroup[stratum[i]]
				}
				p, err := PostStratified(hit, nil, stratum, target, level)
				if err != nil {
					t.Fatal(err)
				}
				s, err := Share(hit, nil, level)
				if err != nil {
					t.Fatal(err)
				}
				post, plain = append(post, p), append(plain, s)
			}
			if post[0].Lo <= truth && truth <= post[0].Hi {
				share++
			}
			if d := infer.Difference(post[0].Estimate, post[1].Estimate); d.Lo <= 0 && 0 <= d.Hi {
				same++ // within the groups nothing changed
			}
			if d := infer.Difference(plain[0].Estimate, plain[1].Estimate); d.Lo <= 0 && 0 <= d.Hi {
				raw++
			}
		}
		rate := func(k int) (r, se float64) {
			r = float64(k) / float64(replications)
			return r, math.Sqrt(0.95 * 0.05 / float64(replications))
		}
		for what, k := range map[string]int{"share": share, "change": same} {
			if r, se := rate(k); r < 0.95-3*se-0.005 || r > 0.95+3*se+0.015 {
				t.Errorf("n = %d, %s, %d replications\ngot:  covers %.4f\nwant: 0.95", n, what, replications, r)
			}
		}
		if r, _ := rate(raw); n == 5000 && r > 0.5 {
			t.Errorf("without post-stratification the shift of the mix should be taken for a change: %.3f", r)
		}
		t.Logf("n = %d, %d replications: share %.4f, change %.4f, unadjusted change %.4f", n, replications, float64(share)/float64(replications), float64(same)/float64(replications), float64(raw)/float64(replications))
	}
}
