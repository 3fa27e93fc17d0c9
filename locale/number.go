package locale

import (
	"math"
	"strconv"
	"strings"

	"goalpost"
)

// Signs that numbers are written with.
const (
	minus    = "\u2212"
	noBreak  = "\u00a0"
	noNumber = "\u2013" // stands for what is not finite
)

// numberFormat is how a language and region write numbers. The standard tables of
// x/text are not used: they write de-AT with spaces, put the euro sign before
// German amounts, use the ASCII minus and round small numbers to 0.
type numberFormat struct {
	decimal, group string
	percent        string // what follows the number
}

func numberFormatOf(lang Language, region string) numberFormat {
	f := numberFormat{decimal: ".", group: ",", percent: "%"}
	if lang == German {
		f = numberFormat{decimal: ",", group: ".", percent: noBreak + "%"}
	}
	if region == "CH" {
		f.decimal, f.group = ".", "\u2019"
	}
	return f
}

// Number returns a number with thousands separators and as many decimals as are
// useful: none for whole numbers, one from 10 on, two from 1 on, two significant
// digits below.
func (p *Printer) Number(v float64) string {
	return p.trimmed(v, usefulDigits(v))
}

// Decimal returns a number with a fixed number of decimals.
func (p *Printer) Decimal(v float64, decimals int) string {
	if math.IsNaN(v) || math.IsInf(v, 0) {
		return noNumber
	}
	s := strconv.FormatFloat(math.Abs(v), 'f', max(0, decimals), 64)
	whole, fraction, _ := strings.Cut(s, ".")
	var b strings.Builder
	if v < 0 && strings.Trim(s, "0.") != "" {
		b.WriteString(minus)
	}
	for i, r := range whole {
		if i > 0 && (len(whole)-i)%3 == 0 {
			b.WriteString(p.number.group)
		}
		b.WriteRune(r)
	}
	if fraction != "" {
		b.WriteString(p.number.decimal)
		b.WriteString(fraction)
	}
	return b.String()
}

// trimmed returns a number with at most so many decimals, without zeros at the end.
func (p *Printer) trimmed(v float64, decimals int) string {
	s := p.Decimal(v, decimals)
	if decimals > 0 && strings.Contains(s, p.number.decimal) {
		s = strings.TrimRight(s, "0")
		s = strings.TrimSuffix(s, p.number.decimal)
	}
	return s
}

// quantity is Number for a sentence: from 100 on decimals say nothing more.
func (p *Printer) quantity(v float64) string {
	if math.Abs(v) >= 100 {
		return p.Decimal(v, 0)
	}
	return p.Number(v)
}

// maxDecimals limits how small a number is written out.
const maxDecimals = 12

func usefulDigits(v float64) int {
	switch a := math.Abs(v); {
	case a >= 10:
		return 1
	case a >= 1 || a == 0:
		return 2
	case math.IsNaN(a):
		return 0
	default:
		return min(maxDecimals, 1-int(math.Floor(math.Log10(a))))
	}
}

func plainInteger(v float64) string {
	if math.IsNaN(v) || math.IsInf(v, 0) {
		return noNumber
	}
	s := strconv.FormatFloat(math.Abs(v), 'f', 0, 64)
	if v < 0 && s != "0" {
		return minus + s
	}
	return s
}

// Percent returns a fraction as per cent: 0.95 is "95%" in English and "95 %" with
// a space that does not break in German.
func (p *Printer) Percent(fraction float64) string {
	v := fraction * 100
	return p.percent(p.trimmed(v, usefulDigits(v)))
}

// PercentDecimals returns a fraction as per cent with a fixed number of decimals.
func (p *Printer) PercentDecimals(fraction float64, decimals int) string {
	return p.percent(p.Decimal(fraction*100, decimals))
}

func (p *Printer) percent(s string) string { return s + p.number.percent }

// Level returns the name of an interval: 0.8 is "80% interval" or "80-%-Intervall".
func (p *Printer) Level(level float64) string {
	return p.T("interval", goalpost.TextArg(p.trimmed(level*100, 1)))
}

// Points returns percentage points: "−31 pts", "−31 Pkt.".
func (p *Printer) Points(v float64) string {
	return p.T("unit.points.amount", goalpost.TextArg(p.trimmed(v, usefulDigits(v))))
}

// Borders within which a forecast's probability is stated; beyond them it is only
// said to be under or over (reference: what tests on simulated series allow).
const (
	leastProbability = 0.03
	mostProbability  = 0.97
)

// Probability returns a forecast's probability in whole per cent, never 0 or 100:
// from 0.03 down it is "under 3%", from 0.97 up "over 97%".
func (p *Printer) Probability(probability float64) string {
	switch {
	case math.IsNaN(probability):
		return noNumber
	case probability <= leastProbability:
		return p.T("probability.under", goalpost.RateArg(leastProbability))
	case probability >= mostProbability:
		return p.T("probability.over", goalpost.RateArg(mostProbability))
	}
	return p.PercentDecimals(probability, 0)
}

// Chance returns a probability that was not forecast in whole per cent, never 0 or 100:
// up to 0.01 it is "under 1%", from 0.99 on "over 99%".
func (p *Printer) Chance(probability float64) string {
	const least, most = 0.01, 0.99
	switch {
	case math.IsNaN(probability):
		return noNumber
	case probability <= least:
		return p.T("probability.under", goalpost.RateArg(least))
	case probability >= most:
		return p.T("probability.over", goalpost.RateArg(most))
	}
	return p.PercentDecimals(probability, 0)
}

// symbols are the signs of currencies that are not mistaken for another.
var symbols = map[string]string{"EUR": "€", "USD": "$", "GBP": "£"}

// Money returns an amount in major units with all digits of the minor unit:
// "€1,234.50" in English, "1.234,50 €" in German, "CHF 1’234.50" in Switzerland.
func (p *Printer) Money(v float64, currency string) string {
	return p.money(v, currency, goalpost.MinorDigits(currency))
}

func (p *Printer) money(v float64, currency string, decimals int) string {
	return p.withCurrency(p.Decimal(v, decimals), currency)
}

// withCurrency puts the sign of a currency to a written number.
func (p *Printer) withCurrency(number, currency string) string {
	sign, known := symbols[currency]
	if !known {
		sign = currency
	}
	switch {
	case sign == "":
		return number
	case p.region == "CH":
		sign += noBreak
	case p.lang == German:
		return number + noBreak + sign
	case !known:
		sign += noBreak
	}
	if rest, negative := strings.CutPrefix(number, minus); negative {
		return minus + sign + rest
	}
	return sign + number
}

// wholeMoneyFrom is the amount from which a sentence leaves out the minor unit.
const wholeMoneyFrom = 10_000

// Amount returns a quantity in the unit of a KPI: 2.5%, €1,234.50, 3.2 per post,
// 5 hours. Whole and large amounts of money are written without the minor unit.
func (p *Printer) Amount(v float64, unit goalpost.Unit, currency string) string {
	switch unit {
	case goalpost.UnitRate:
		return p.Percent(v)
	case goalpost.UnitMoney:
		if v == math.Trunc(v) || math.Abs(v) >= wholeMoneyFrom {
			return p.money(v, currency, 0)
		}
		return p.Money(v, currency)
	default:
		return p.withUnit(p.quantity(v), unit)
	}
}

// withUnit puts the unit to a written number where it has a word.
func (p *Printer) withUnit(number string, unit goalpost.Unit) string {
	switch unit {
	case goalpost.UnitPerPost, goalpost.UnitHours, goalpost.UnitPoints:
		return p.T("unit."+string(unit)+".amount", goalpost.TextArg(number))
	default:
		return number
	}
}
