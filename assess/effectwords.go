package assess

import (
	"math"
	"strings"

	"goalpost"
)

// sentences puts the report into words, with numbers rounded to what their range carries.
func (e *effectRun) sentences(r *EffectReport) {
	r.Headline = r.headline()
	c := r.Cumulative
	step := stepOf(c)
	level := goalpost.NumberArg(math.Round(r.Level*1000) / 10)
	key := "effect.span.open"
	args := []goalpost.Arg{r.rounded(c.Lo, step), r.rounded(c.Hi, step), level}
	switch r.Decision {
	case goalpost.Increase:
		key = "effect.span.increase"
	case goalpost.Decrease:
		key = "effect.span.decrease"
		args[0], args[1] = r.rounded(-c.Hi, step), r.rounded(-c.Lo, step)
	case goalpost.Negligible:
		key = "effect.span.negligible"
	default:
		if c.Lo > 0 || c.Hi < 0 {
			key = "effect.span.one-sided"
		}
	}
	r.Span = goalpost.NewNote(key, args...)
	if p := r.ProbabilityPositive; p != nil {
		r.Chance = chanceNote(*p)
	}
	known, rows := goalpost.NumberArg(float64(r.Pre.Rows-r.Pre.Missing)), goalpost.NumberArg(float64(r.Pre.Rows))
	alone, controls := "effect.compared.alone", "effect.compared.controls"
	if r.Pre.Missing > 0 { // only some of the rows have a figure
		alone, controls = "effect.compared.alone-some", "effect.compared.controls-some"
	}
	r.Compared = goalpost.NewNote(alone, known, e.dative(rows.Number), rows)
	if k := len(e.in.Controls); k > 0 {
		r.Compared = goalpost.NewNote(controls, goalpost.NumberArg(float64(k)), known, e.dative(rows.Number), rows)
	}
	if e.method == goalpost.MethodSwitched {
		on, off := e.knownRows(), e.rowsOff()
		key := "effect.compared.switched"
		if len(e.in.Controls) > 0 {
			key = "effect.compared.switched-controls"
		}
		r.Compared = goalpost.NewNote(key, goalpost.NumberArg(on), e.rows(on), goalpost.NumberArg(off), goalpost.NumberArg(float64(len(e.in.Controls))))
	}
}

// headline is the answer in one sentence. It is made here and nowhere else.
func (r EffectReport) headline() goalpost.Note {
	key := string(r.Decision)
	about := r.rounded(math.Abs(r.Cumulative.Value), stepOf(r.Cumulative))
	switch {
	case r.Decision == goalpost.EffectCannotTell && r.Probably && r.Cumulative.Value < 0:
		key = "probably-less"
	case r.Decision == goalpost.EffectCannotTell && r.Probably:
		key = "probably"
	case r.Decision == goalpost.Negligible && r.SmallestEffect != nil:
		d := math.Abs(*r.SmallestEffect)
		about = r.rounded(d, stepOf(Range{Lo: -d, Hi: d}))
	}
	if r.Activity != "" {
		key += ".named"
	}
	return goalpost.NewNote("effect.headline."+key, goalpost.TextArg(r.Activity), about, bracketed(r.Outcome), goalpost.WordArg("effect.per."+r.Grain))
}

// bracketed is a name that will stand in brackets: those of its own, as of "Umsatz (€)",
// are written as square ones.
func bracketed(name goalpost.Arg) goalpost.Arg {
	if name.Type == goalpost.ArgText {
		name.Text = strings.NewReplacer("(", "[", ")", "]").Replace(name.Text)
	}
	return name
}

// chanceNote is a probability in words, never 0 % or 100 %.
func chanceNote(p float64) goalpost.Note {
	switch {
	case p >= 1-leastChance:
		return goalpost.NewNote("effect.chance.over", goalpost.RateArg(1-leastChance))
	case p <= leastChance:
		return goalpost.NewNote("effect.chance.under", goalpost.RateArg(leastChance))
	case p > 0.99 || p < 0.01:
		return goalpost.NewNote("effect.chance", goalpost.RateArg(math.Round(p*1000)/1000))
	}
	return goalpost.NewNote("effect.chance", goalpost.RateArg(math.Round(p*100)/100))
}

// rounded is an amount of the series at a step.
func (r EffectReport) rounded(v, step float64) goalpost.Arg { return roundedIn(v, step, r.Currency) }

func roundedIn(v, step float64, currency string) goalpost.Arg {
	v = roundTo(v, step)
	if currency != "" {
		return goalpost.MoneyArg(v, currency)
	}
	return goalpost.NumberArg(v)
}

// amount is an amount of the series, rounded to two digits of a half width.
func (e *effectRun) amount(v, half float64) goalpost.Arg {
	return roundedIn(v, stepOf(Range{Lo: -half, Hi: half}), e.in.Currency)
}

// per is "a day", "a week", …
func (e *effectRun) per() goalpost.Arg {
	return goalpost.WordArg("effect.per." + e.in.Calendar.Grain)
}

// rows is the word for so many rows: "days".
func (e *effectRun) rows(n float64) goalpost.Arg {
	return countWord("effect.rows.", e.in.Calendar.Grain, n)
}

// steps is rows in the steps of longer periods.
func (e *effectRun) steps(n float64) goalpost.Arg {
	return countWord("effect.rows.", e.in.Calendar.stepGrain(), n)
}

// dative is rows as it stands behind "in the … before".
func (e *effectRun) dative(n float64) goalpost.Arg {
	return countWord("effect.rows.dative.", e.in.Calendar.Grain, n)
}

func countWord(prefix, grain string, n float64) goalpost.Arg {
	if n == 1 {
		return goalpost.WordArg(prefix + grain + ".one")
	}
	return goalpost.WordArg(prefix + grain)
}

// stepOf is the second significant digit of a range's half width; 0 without one.
func stepOf(r Range) float64 {
	half := (r.Hi - r.Lo) / 2
	if !(half > 0) || math.IsInf(half, 0) {
		return 0
	}
	return math.Pow10(int(math.Floor(math.Log10(half))) - 1)
}

// roundTo rounds to a multiple of a step. A value stays as it is without a step, and where
// one is so much smaller than the other that their quotient is no number any more.
func roundTo(v, step float64) float64 {
	if step == 0 {
		return v
	}
	rounded := math.Round(v/step) * step
	if step < 1 {
		inverse := math.Round(1 / step)
		rounded = math.Round(v*inverse) / inverse
	}
	if math.IsNaN(rounded) || math.IsInf(rounded, 0) {
		return v
	}
	return rounded
}
