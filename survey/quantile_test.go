package survey

import (
	"math"
	"testing"
)

// shahvaish is the rule of that name as R has it. We do not offer it: R puts raw weights
// where the rule has weights with mean 1, so that its limits need not contain the estimate
// (585, 597 to 618 for the first quartile of the stratified sample); here it shows that all
// else agrees.
func shahvaish(sorted []weighed, p float64) float64 {
	n, total := float64(len(sorted)), 0.0
	for _, v := range sorted {
		total += v.weight
	}
	out, position, reached := sorted[0].value, math.Inf(-1), 0.0
	for _, v := range sorted {
		reached += v.weight / total * n
		at := (reached + 0.5 - v.weight/2) / (n + 1)
		if at <= p && at > position {
			out, position = v.value, at
		}
	}
	return out
}

func TestQuantilesAgreeWithR(t *testing.T) {
	type rCase struct {
		ID, QRule string
		Design    rDesign
		Result    []vector
	}
	for _, c := range reference[rCase](t, "r-survey/quantiles.json") {
		data := inputs(t, c.Design.Data)
		d := c.Design.design(t, data, LonelyFail)
		at := map[string]func([]weighed, float64) float64{"math": Lowest.at, "school": Middle.at, "hf7": Between.at, "shahvaish": shahvaish}[c.QRule]
		e, err := d.Estimate(Mean(data.number("api00"), nil))
		if err != nil {
			t.Fatal(err)
		}
		for k, p := range []float64{0.25, 0.5, 0.75} {
			q, err := d.woodruff(data.number("api00"), nil, p, 0.95, at)
			if err != nil {
				t.Fatal(err)
			}
			same(t, c.ID+" quantile", q.Value, c.Result[k][0], asR)
			same(t, c.ID+" lower limit", q.Lo, c.Result[k][1], asR)
			same(t, c.ID+" upper limit", q.Hi, c.Result[k][2], asR)
			same(t, c.ID+" standard error", (q.Hi-q.Lo)/(2*T(0.95, e.DF)), c.Result[k][3], asR)
		}
	}
}
