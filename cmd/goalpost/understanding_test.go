package main

import (
	"math"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"goalpost/document"
	"goalpost/infer"
)

// rUnderstanding is a team's score as computed in R.
type rUnderstanding struct {
	Goals     []string
	M, Tau    numbers
	Theta     numbers `json:"theta_hat"`
	DF, U, SE float64
	CI        numbers
	Ceiling   float64
	C, R      numbers
	Best      numbers `json:"best_attainable_C"`
	NaiveMAE  float64 `json:"naive_mae"`
	SimexMAE  float64 `json:"simex_mae"`
	MSE       float64 `json:"mse_noise_removed"`
	RMSE      float64 `json:"rmse_noise_removed"`
	SEMSE     float64 `json:"se_mse"`
	Bias      float64 `json:"mean_bias"`
	SEBias    float64 `json:"se_bias"`
	Inflation float64 `json:"range_inflation"`
	Rank      float64 `json:"rank_agreement_noise_adjusted"`
	Covered   int     `json:"covered80"`
	CoveredTo int     `json:"covered80_noise_aware"`
}

// Scores and all that is said beside them, from the single answers of a wave with its design.
func TestUnderstandingAgreesWithR(t *testing.T) {
	cases := referenceCases[rUnderstanding](t, "extra/understanding_score.json")
	if len(cases) < 4 {
		t.Fatalf("only %d cases", len(cases))
	}
	for id, c := range cases {
		text := "member,item,guess,low,high\n"
		half := infer.Z(0.8)
		for k, goal := range c.Goals {
			text += strings.Join([]string{"team", goal, number(c.M[k]), number(c.M[k] - half*c.Tau[k]), number(c.M[k] + half*c.Tau[k])}, ",") + "\n"
		}
		beliefs := fixture(t, "beliefs.csv", text)
		d := read[document.Understanding](t, call(t, "understanding", beliefs, inputOf(t, "goalwaves"), "--where", "wave=2012", "--strata", "size", "--weight", "pw", "--fpc", "fpc", "--output", "json").expect(t, 0))
		near(t, id+" score", *d.Score, c.U)
		near(t, id+" shown", *d.Shown, math.Min(c.U, c.Ceiling))
		near(t, id+" error", *d.SE, c.SE)
		nearAll(t, id+" interval", []float64{*d.Lo, *d.Hi, *d.Ceiling, *d.DF}, numbers{c.CI[0], c.CI[1], c.Ceiling, c.DF})
		var answered, penalty, none, best []float64
		for _, i := range d.Items {
			answered, penalty, none, best = append(answered, i.Answered), append(penalty, *i.Penalty), append(none, *i.None), append(best, *i.Best)
		}
		nearAll(t, id+" answered", answered, c.Theta)
		nearAll(t, id+" penalty", penalty, c.C)
		nearAll(t, id+" no idea", none, c.R)
		nearAll(t, id+" best", best, c.Best)
		s := d.Team
		if math.Abs(*s.Optimism-c.Bias) > 1e-9 || s.Covered != c.Covered || s.CoveredWithNoise != c.CoveredTo {
			t.Errorf("%s: optimism %v, %d and %d covered\nwant: %v, %d and %d", id, *s.Optimism, s.Covered, s.CoveredWithNoise, c.Bias, c.Covered, c.CoveredTo)
		}
		nearAll(t, id+" companions", []float64{*s.NaiveMAE, *s.MAE, *s.MSE, *s.RMSE, *s.MSESE, *s.OptimismSE, *s.RangeFactor, *s.RankAgreement}, numbers{c.NaiveMAE, c.SimexMAE, c.MSE, c.RMSE, c.SEMSE, c.SEBias, c.Inflation, c.Rank})
	}
}

var understandingArgs = []string{"understanding", exampleFile("beliefs.csv"), shopAnswers, "--strata", "region", "--cluster", "store", "--nest", "--weight", "weight"}

// Golden: a team of three, of whom one is too sure and one admits what they do not know.
func TestUnderstandingGolden(t *testing.T) {
	for _, language := range []string{"en", "de"} {
		r := call(t, append(slices.Clone(understandingArgs), "--language", language, "--sample-kind", "self-selected")...).expect(t, 0)
		golden(t, filepath.Join("testdata", "understanding-"+language+".txt"), r.stdout)
	}
	r := call(t, append(slices.Clone(understandingArgs), "--output", "json")...).expect(t, 0)
	golden(t, filepath.Join("testdata", "understanding.json"), steady(t, r.stdout))
	d := read[document.Understanding](t, r)
	if len(d.Members) != 3 || !(*d.Members[0].Score > *d.Members[1].Score) || *d.Members[1].Score > 0 || d.Members[2].Beside.Guessed != 3 {
		t.Errorf("got: %+v", d.Members)
	}
	rows := strings.Split(strings.TrimSpace(call(t, append(slices.Clone(understandingArgs), "--output", "csv")...).expect(t, 0).stdout), "\n")
	if len(rows) != 1+6*4 || !strings.HasPrefix(rows[1], ",fair_price,false,") {
		t.Errorf("got: %d rows, %q", len(rows), rows[1])
	}
	german := call(t, "understanding", filepath.Join("testdata", "beliefs-de.csv"), filepath.Join("testdata", "customers-de.csv"), "--strata", "region", "--cluster", "store", "--nest", "--weight", "weight", "--output", "json").expect(t, 0)
	if g := read[document.Understanding](t, german); math.Abs(*g.Score-*d.Score) > 1e-9 {
		t.Errorf("semicolons and decimal commas\ngot:  %v\nwant: %v", *g.Score, *d.Score)
	}
}

// Fewer than six items are shown one by one, without a score, and that is said.
func TestUnderstandingOfFewItems(t *testing.T) {
	beliefs := fixture(t, "beliefs.csv", "item,guess,low,high\nfair_price,0.5,0.4,0.6\ngood_quality,0.8,0.7,0.9\n")
	args := []string{"understanding", beliefs, shopAnswers, "--weight", "weight"}
	d := read[document.Understanding](t, call(t, append(slices.Clone(args), "--output", "json")...).expect(t, 0))
	if d.Score != nil || d.Shown != nil || d.Members[0].Score != nil || len(d.Items) != 2 || d.Items[0].Points == nil {
		t.Errorf("got: %+v", d.UnderstandingReport)
	}
	if r := call(t, args...).expect(t, 0); !strings.Contains(r.stdout, "too few for a score") || strings.Contains(r.stdout, "of 100") {
		t.Errorf("got: %s", r.stdout)
	}
}

// Shares that are known already do as well: with standard errors as the answers that they came
// from (but for what the items have to do with each other), with numbers of respondents as if
// these had been drawn at random.
func TestUnderstandingOfShares(t *testing.T) {
	d := read[document.Understanding](t, call(t, append(slices.Clone(understandingArgs), "--output", "json")...).expect(t, 0))
	withError, withNumber := "item;share;se\n", "item,share,n\n"
	for _, i := range d.Items {
		withError += i.Item + ";" + strings.ReplaceAll(number(i.Answered)+";"+number(i.SE), ".", ",") + "\n"
		withNumber += i.Item + "," + number(i.Answered) + ",70\n"
	}
	of := func(text string) document.Understanding {
		return read[document.Understanding](t, call(t, "understanding", exampleFile("beliefs.csv"), fixture(t, "shares.csv", text), "--output", "json").expect(t, 0))
	}
	a, b := of(withError), of(withNumber)
	if math.Abs(*a.Score-*d.Score) > 1e-9 || a.Source != "shares" || a.Design != nil || !slices.Contains(a.WarningCodes, "understanding.note.shares") {
		t.Errorf("\ngot:  %v from %s\nwant: %v", *a.Score, a.Source, *d.Score)
	}
	if want := math.Sqrt(b.Items[0].Answered * (1 - b.Items[0].Answered) / 70); math.Abs(b.Items[0].SE-want) > 1e-12 || b.Base != 70 {
		t.Errorf("got: %v, %d\nwant: %v, 70", b.Items[0].SE, b.Base, want)
	}
}

// What is wrong with beliefs is one sentence with the line.
func TestUnderstandingRefusals(t *testing.T) {
	head := "member,item,guess,low,high\n"
	for name, c := range map[string]struct {
		text string
		want []string
	}{
		"no header":     {"who,item,guess\nAda,fair_price,3\n", []string{"beliefs.csv", "“low”"}},
		"unknown item":  {head + "Ada,fair_price,50%,40%,60%\nAda,taste,50%,40%,60%\n", []string{"beliefs.csv", "line 3", "taste", "customers.csv"}},
		"twice":         {head + "Ada,fair_price,50%,40%,60%\nAda,fair_price,50%,40%,60%\n", []string{"beliefs.csv", "line 3", "line 2"}},
		"outside":       {head + "Ada,fair_price,70%,40%,60%\n", []string{"beliefs.csv", "line 2", "range"}},
		"no range":      {head + "Ada,fair_price,70%,,\n", []string{"beliefs.csv", "line 2", "low and high"}},
		"above":         {head + "Ada,fair_price,70%,40%,160%\n", []string{"beliefs.csv", "line 2", "high", "160%"}},
		"no number":     {head + "Ada,fair_price,most,40%,60%\n", []string{"beliefs.csv", "line 2", "guess", "most"}},
		"mixed":         {head + "Ada,fair_price,50%,40%,60%\nAda,good_quality,50,40,60\n", []string{"beliefs.csv", "line 3", "Line 2"}},
		"empty":         {"", []string{"beliefs.csv"}},
		"item not said": {head + "Ada,,50%,40%,60%\n", []string{"beliefs.csv", "line 2", "item"}},
	} {
		t.Run(name, func(t *testing.T) {
			r := call(t, "understanding", fixture(t, "beliefs.csv", c.text), shopAnswers).expect(t, 2)
			for _, want := range c.want {
				if !strings.Contains(strings.ToLower(r.stderr), strings.ToLower(want)) {
					t.Errorf("\ngot:  %s\nwant: %s", r.stderr, want)
				}
			}
		})
	}
	if _, err := os.Stat(shopAnswers); err != nil {
		t.Fatal(err)
	}
	r := call(t, "understanding", exampleFile("beliefs.csv"), fixture(t, "shares.csv", "item,share,n\nfair_price,50,\n")).expect(t, 2)
	if !strings.Contains(r.stderr, "shares.csv") {
		t.Errorf("got: %s", r.stderr)
	}
}
