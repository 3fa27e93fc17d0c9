package survey

import (
	"errors"
	"math"
	"strings"
	"testing"
)

// ownMethod is our name of each of R's methods.
var ownMethod = map[string]Method{"logit": Logit, "xlogit": Logit, "likelihood": Likelihood, "asin": Asin, "beta": Beta, "mean": Wald, "wilson": Wilson}

func TestSharesAgreeWithR(t *testing.T) {
	type rCase struct {
		ID, Stat, Method string
		Design           rDesign
		Level            float64
		Degf             float64
		Result           struct {
			P, SE float64
			CI    vector
		}
	}
	at0 := 0
	for _, c := range reference[rCase](t, "r-survey/ciprop.json") {
		data := inputs(t, c.Design.Data)
		d := c.Design.design(t, data, LonelyFail)
		y := make([]float64, data.n)
		for i := range y {
			var yes bool
			switch {
			case strings.Contains(c.Stat, "awards"):
				yes = data.text("awards")[i] == "Yes"
			case strings.Contains(c.Stat, "stype"):
				yes = data.text("stype")[i] == "H"
			case strings.Contains(c.Stat, "ell == 0"):
				yes = data.text("ell")[i] == "0"
			default:
				yes = data.number("api00")[i] > 900
			}
			if yes {
				y[i] = 1
			}
		}
		s, err := d.Share(y, nil, ShareOptions{Level: c.Level, Method: ownMethod[c.Method]})
		if err != nil {
			t.Errorf("%s: %v", c.ID, err)
			continue
		}
		if c.Design.Strata != "" && strings.Contains(c.ID, "/stypeH") { // the share of a stratum, which the design fixes: R has 0/0
			if s.Lo != s.Value || s.Hi != s.Value || math.Abs(s.Value-755.0/6194) > 1e-6 {
				t.Errorf("%s\ngot:  %v, %v to %v", c.ID, s.Value, s.Lo, s.Hi)
			}
			continue
		}
		same(t, c.ID, s.Value, c.Result.P, asR)
		same(t, c.ID+" standard error", s.SE, c.Result.SE, asR)
		same(t, c.ID+" degrees of freedom", s.DF, c.Degf, 0)
		if c.Result.P < 1e-9 { // R has no interval, or one without width
			at0++
			if s.Lo != 0 || !(s.Hi > 0.01 && s.Hi < 0.03) {
				t.Errorf("%s\ngot:  %v to %v", c.ID, s.Lo, s.Hi)
			}
			continue
		}
		tolerance := asR
		switch c.Method {
		case "likelihood":
			tolerance = 1e-2 // R interpolates the curve with splines
		case "logit":
			tolerance = 1e-6 // R stops its iteration early: xlogit, the closed form, agrees to 1e-7
		}
		same(t, c.ID+" lower limit", s.Lo, c.Result.CI[0], tolerance)
		same(t, c.ID+" upper limit", s.Hi, c.Result.CI[1], tolerance)
	}
	if at0 == 0 {
		t.Error("no share of 0")
	}
}

// A share of all or none has an interval by every method, and n is what makes it narrow.
func TestShareOfAllOrNone(t *testing.T) {
	for _, m := range append([]Method{Automatic}, Methods...) {
		for _, n := range []int{1, 2, 10, 181} {
			d, err := NewDesign(Spec{N: n})
			if err != nil {
				t.Fatal(err)
			}
			for _, value := range []float64{0, 1} {
				y := make([]float64, n)
				for i := range y {
					y[i] = value
				}
				s, err := d.Share(y, nil, ShareOptions{Method: m})
				if err != nil {
					t.Fatal(err)
				}
				limit := 1 - math.Pow(0.025, 1/float64(n)) // Clopper and Pearson in closed form
				width := s.Hi - s.Lo
				if math.Abs(width-limit) > 1e-9 || s.Value != value || s.Lo < 0 || s.Hi > 1 {
					t.Errorf("%s, %d respondents, %v\ngot:  %v to %v\nwant: width %v", m, n, value, s.Lo, s.Hi, limit)
				}
			}
		}
	}
}

func TestUnknownMethod(t *testing.T) {
	d, err := NewDesign(Spec{N: 4})
	if err != nil {
		t.Fatal(err)
	}
	if _, err := d.Share([]float64{0, 1, 1, 0}, nil, ShareOptions{Method: "bayes"}); !errors.Is(err, ErrMethod) {
		t.Errorf("\ngot:  %v\nwant: %v", err, ErrMethod)
	}
}
