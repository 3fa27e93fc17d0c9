package locale

import (
	"math"
	"slices"

	"goalpost"
	"goalpost/infer"
)

// Rounded returns a count and its interval, rounded to what the interval carries:
// two significant digits of its half width. 319 with 184 to 457 is written 320,
// 180 and 460. Without a width all digits are written.
func (p *Printer) Rounded(value, lo, hi float64) (v, l, h string) {
	return p.Interval(infer.Estimate{Value: value, Lo: lo, Hi: hi}, goalpost.UnitCount, "")
}

// Interval returns an estimate and its interval in the unit of a KPI, rounded as
// in Rounded. Counts are never written with decimals, money never with more than
// its minor unit has.
func (p *Printer) Interval(e infer.Estimate, unit goalpost.Unit, currency string) (value, lo, hi string) {
	scale, finest := precision(unit, currency)
	exponent, ok := stepExponent(e.Lo*scale, e.Hi*scale)
	if !ok {
		return p.Amount(e.Value, unit, currency), p.Amount(e.Lo, unit, currency), p.Amount(e.Hi, unit, currency)
	}
	exponent = max(exponent, finest)
	write := func(v float64) string {
		return p.fixed(roundTo(v*scale, exponent)/scale, max(0, -exponent), unit, currency)
	}
	return write(e.Value), write(e.Lo), write(e.Hi)
}

// Written is an estimate and its interval as they are written.
type Written struct{ Value, Lo, Hi string }

// Column returns estimates that stand below each other, as Interval writes them but all
// with the precision of the one in the middle: a column whose rows have different decimals
// cannot be read.
func (p *Printer) Column(list []infer.Estimate, unit goalpost.Unit, currency string) []Written {
	scale, finest := precision(unit, currency)
	var exponents []int
	for _, e := range list {
		if exponent, ok := stepExponent(e.Lo*scale, e.Hi*scale); ok {
			exponents = append(exponents, exponent)
		}
	}
	exponent := finest
	if slices.Sort(exponents); len(exponents) > 0 {
		exponent = max(exponents[len(exponents)/2], finest)
	} else if finest == -maxDecimals {
		exponent = -1
	}
	write := func(v float64) string {
		return p.fixed(roundTo(v*scale, exponent)/scale, max(0, -exponent), unit, currency)
	}
	out := make([]Written, len(list))
	for i, e := range list {
		out[i] = Written{Value: write(e.Value), Lo: write(e.Lo), Hi: write(e.Hi)}
	}
	return out
}

// Amounts returns numbers that stand below each other, all with as many decimals as the
// one that needs most: money with its minor unit or none, other quantities with at most
// two.
func (p *Printer) Amounts(list []float64, unit goalpost.Unit, currency string) []string {
	most := 2
	switch unit {
	case goalpost.UnitMoney:
		most = goalpost.MinorDigits(currency)
	case goalpost.UnitCount, goalpost.UnitPeople:
		most = 0
	default:
	}
	scale, _ := precision(unit, currency)
	decimals := 0
	for _, v := range list {
		for d := decimals; d < most && math.Abs(v*scale-roundTo(v*scale, -d)) > 1e-9*max(1, math.Abs(v*scale)); d++ {
			decimals = d + 1
		}
	}
	if unit == goalpost.UnitMoney && decimals > 0 {
		decimals = most
	}
	out := make([]string, len(list))
	for i, v := range list {
		out[i] = p.fixed(v, decimals, unit, currency)
	}
	return out
}

// precision is by what a unit is written larger than it is, and the finest power of ten.
func precision(unit goalpost.Unit, currency string) (scale float64, finest int) {
	scale, finest = 1, -maxDecimals
	switch unit {
	case goalpost.UnitRate:
		scale = 100
	case goalpost.UnitMoney:
		finest = -goalpost.MinorDigits(currency)
	case goalpost.UnitCount, goalpost.UnitPeople:
		finest = 0
	default:
	}
	return scale, finest
}

// fixed writes a quantity in the unit of a KPI with a fixed number of decimals;
// those of a rate are decimals of its per cent.
func (p *Printer) fixed(v float64, decimals int, unit goalpost.Unit, currency string) string {
	switch unit {
	case goalpost.UnitRate:
		return p.PercentDecimals(v, decimals)
	case goalpost.UnitMoney:
		return p.money(v, currency, decimals)
	default:
		return p.withUnit(p.Decimal(v, decimals), unit)
	}
}

// stepExponent returns the power of ten of the second significant digit of the
// half width; ok is false without a width.
func stepExponent(lo, hi float64) (exponent int, ok bool) {
	half := hi/2 - lo/2
	if !(half > 0) || math.IsInf(half, 0) {
		return 0, false
	}
	return int(math.Floor(math.Log10(half))) - 1, true
}

func roundTo(v float64, exponent int) float64 {
	if exponent >= 0 {
		step := math.Pow10(exponent)
		return math.Round(v/step) * step
	}
	step := math.Pow10(-exponent)
	return math.Round(v*step) / step
}

// compactFrom is the number from which an axis writes thousands as a word.
const compactFrom = 10_000

// Compact returns a number for an axis: 12k, 3.4M, 1.2bn in English, 12 Tsd.,
// 3,4 Mio., 1,2 Mrd. in German; below 10,000 it is written out.
func (p *Printer) Compact(v float64) string {
	a := math.Abs(v)
	switch {
	case math.IsNaN(v), math.IsInf(v, 0), a < compactFrom:
		return p.trimmed(v, usefulDigits(v))
	case a < 999_950:
		return p.T("number.thousand", goalpost.TextArg(p.trimmed(v/1e3, 1)))
	case a < 999_950_000:
		return p.T("number.million", goalpost.TextArg(p.trimmed(v/1e6, 1)))
	default:
		return p.T("number.billion", goalpost.TextArg(p.trimmed(v/1e9, 1)))
	}
}

// Axis returns a number for an axis in the unit of a KPI.
func (p *Printer) Axis(v float64, unit goalpost.Unit, currency string) string {
	switch unit {
	case goalpost.UnitRate:
		return p.Percent(v)
	case goalpost.UnitMoney:
		return p.withCurrency(p.Compact(v), currency)
	default:
		return p.Compact(v)
	}
}
