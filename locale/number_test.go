package locale

import (
	"math"
	"slices"
	"testing"

	"goalpost"
	"goalpost/infer"
)

// same compares what was written, showing spaces that do not break.
func same(t *testing.T, what, got, want string) {
	t.Helper()
	if got != want {
		t.Errorf("%s\ngot:  %+q\nwant: %+q", what, got, want)
	}
}

func TestNumber(t *testing.T) {
	tests := []struct {
		v              float64
		en, de, ch, at string
	}{
		{0, "0", "0", "0", "0"},
		{7, "7", "7", "7", "7"},
		{999, "999", "999", "999", "999"},
		{1000, "1,000", "1.000", "1’000", "1.000"},
		{1234.5, "1,234.5", "1.234,5", "1’234.5", "1.234,5"},
		{1234567.9, "1,234,567.9", "1.234.567,9", "1’234’567.9", "1.234.567,9"}, // x/text: 1 234 567,9 for de-AT
		{123456, "123,456", "123.456", "123’456", "123.456"},
		{-31, "−31", "−31", "−31", "−31"}, // x/text: ASCII minus
		{-1234.25, "−1,234.2", "−1.234,2", "−1’234.2", "−1.234,2"},
		{0.00012, "0.00012", "0,00012", "0.00012", "0,00012"}, // x/text with Precision(2): 0
		{0.5, "0.5", "0,5", "0.5", "0,5"},
		{0.0999, "0.1", "0,1", "0.1", "0,1"},
		{3.14159, "3.14", "3,14", "3.14", "3,14"},
		{-1e-300, "0", "0", "0", "0"},
		{math.Copysign(0, -1), "0", "0", "0", "0"},
		{1e15, "1,000,000,000,000,000", "1.000.000.000.000.000", "1’000’000’000’000’000", "1.000.000.000.000.000"},
		{math.NaN(), "–", "–", "–", "–"},
		{math.Inf(-1), "–", "–", "–", "–"},
	}
	for _, test := range tests {
		same(t, "en", New(English, "").Number(test.v), test.en)
		same(t, "de", New(German, "").Number(test.v), test.de)
		same(t, "de-CH", New(German, "CH").Number(test.v), test.ch)
		same(t, "de-AT", New(German, "AT").Number(test.v), test.at)
	}
}

func TestPercent(t *testing.T) {
	tests := []struct {
		v      float64
		en, de string
	}{
		{0.95, "95%", "95\u00a0%"},
		{0.025, "2.5%", "2,5\u00a0%"},
		{0.07, "7%", "7\u00a0%"}, // 0.07 × 100 is not 7 in floating point
		{0.12345, "12.3%", "12,3\u00a0%"},
		{-0.1, "−10%", "−10\u00a0%"},
		{12.5, "1,250%", "1.250\u00a0%"},
		{0.0000123, "0.0012%", "0,0012\u00a0%"},
		{0, "0%", "0\u00a0%"},
	}
	for _, test := range tests {
		same(t, "en", New(English, "").Percent(test.v), test.en)
		same(t, "de", New(German, "").Percent(test.v), test.de)
	}
	same(t, "interval", New(English, "").Level(0.8), "80% interval")
	same(t, "Intervall", New(German, "").Level(0.95), "95-%-Intervall")
	same(t, "points", New(English, "").Points(-31), "−31\u00a0pts")
	same(t, "Punkte", New(German, "").Points(-31), "−31\u00a0Pkt.")
}

func TestMoney(t *testing.T) {
	tests := []struct {
		v          float64
		currency   string
		en, de, ch string
	}{
		{1234.5, "EUR", "€1,234.50", "1.234,50\u00a0€", "€\u00a01’234.50"}, // x/text: € 1.234,50 for German
		{-5, "EUR", "−€5.00", "−5,00\u00a0€", "−€\u00a05.00"},
		{1234.5, "CHF", "CHF\u00a01,234.50", "1.234,50\u00a0CHF", "CHF\u00a01’234.50"},
		{1234.5, "JPY", "JPY\u00a01,234", "1.234\u00a0JPY", "JPY\u00a01’234"},
		{0.005, "USD", "$0.01", "0,01\u00a0$", "$\u00a00.01"},
		{12, "", "12.00", "12,00", "12.00"},
	}
	for _, test := range tests {
		same(t, "en "+test.currency, New(English, "").Money(test.v, test.currency), test.en)
		same(t, "de "+test.currency, New(German, "").Money(test.v, test.currency), test.de)
		same(t, "de-CH "+test.currency, New(German, "CH").Money(test.v, test.currency), test.ch)
	}
}

func TestAmount(t *testing.T) {
	tests := []struct {
		v        float64
		unit     goalpost.Unit
		currency string
		en, de   string
	}{
		{5000, goalpost.UnitCount, "", "5,000", "5.000"},
		{123.456, goalpost.UnitCount, "", "123", "123"},
		{12.345, goalpost.UnitPeople, "", "12.3", "12,3"},
		{0.025, goalpost.UnitRate, "", "2.5%", "2,5\u00a0%"},
		{3.25, goalpost.UnitPerPost, "", "3.25 per post", "3,25\u00a0je Beitrag"},
		{5000, goalpost.UnitMoney, "EUR", "€5,000", "5.000\u00a0€"},
		{5000.5, goalpost.UnitMoney, "EUR", "€5,000.50", "5.000,50\u00a0€"},
		{12345.67, goalpost.UnitMoney, "EUR", "€12,346", "12.346\u00a0€"},
		{5.5, goalpost.UnitHours, "", "5.5\u00a0h", "5,5\u00a0Std."},
		{42, goalpost.UnitPoints, "", "42\u00a0pts", "42\u00a0Pkt."},
	}
	for _, test := range tests {
		same(t, "en", New(English, "").Amount(test.v, test.unit, test.currency), test.en)
		same(t, "de", New(German, "").Amount(test.v, test.unit, test.currency), test.de)
	}
}

func TestRounded(t *testing.T) {
	tests := []struct {
		v, lo, hi float64
		want      [3]string
	}{
		{319, 184, 457, [3]string{"320", "180", "460"}},
		{5230, 5230, 5230, [3]string{"5,230", "5,230", "5,230"}},
		{15295, 12722, 18459, [3]string{"15,300", "12,700", "18,500"}},
		{41.2, 40.9, 41.6, [3]string{"41", "41", "42"}}, // people and posts come whole
		{-90, -170, -12, [3]string{"−90", "−170", "−12"}},
		{1e6, math.NaN(), 2e6, [3]string{"1,000,000", "–", "2,000,000"}},
		{5, math.Inf(-1), math.Inf(1), [3]string{"5", "–", "–"}},
	}
	for _, test := range tests {
		v, lo, hi := New(English, "").Rounded(test.v, test.lo, test.hi)
		if got := [3]string{v, lo, hi}; got != test.want {
			t.Errorf("%v\ngot:  %q\nwant: %q", test.v, got, test.want)
		}
	}
}

// What stands below each other has one precision; alone each keeps its own.
func TestColumn(t *testing.T) {
	p := New(German, "")
	rates := []infer.Estimate{{Value: 0.0655, Lo: 0.0605, Hi: 0.0705}, {Value: 0.127, Lo: 0.097, Hi: 0.157}, {Value: 0.2, Lo: 0.17, Hi: 0.23}}
	if got := p.Column(rates, goalpost.UnitRate, ""); got[0].Value != "6,6\u00a0%" || got[1].Value != "12,7\u00a0%" || got[2].Hi != "23,0\u00a0%" {
		t.Errorf("rates: %+v", got)
	}
	for _, c := range []struct {
		list []float64
		unit goalpost.Unit
		want []string
	}{
		{[]float64{1944, 2002.18}, goalpost.UnitMoney, []string{"1.944,00\u00a0€", "2.002,18\u00a0€"}},
		{[]float64{1944, 2002}, goalpost.UnitMoney, []string{"1.944\u00a0€", "2.002\u00a0€"}},
		{[]float64{0.0655, 0.127}, goalpost.UnitRate, []string{"6,55\u00a0%", "12,70\u00a0%"}},
		{[]float64{3, 12000}, goalpost.UnitCount, []string{"3", "12.000"}},
		{[]float64{1.5, 2}, "", []string{"1,5", "2,0"}},
		{nil, goalpost.UnitMoney, []string{}},
	} {
		if got := p.Amounts(c.list, c.unit, "EUR"); !slices.Equal(got, c.want) {
			t.Errorf("\ngot:  %q\nwant: %q", got, c.want)
		}
	}
}

func TestInterval(t *testing.T) {
	tests := []struct {
		e        infer.Estimate
		unit     goalpost.Unit
		currency string
		en, de   [3]string
	}{
		{infer.Estimate{Value: 0.03589, Lo: 0.03394, Hi: 0.03777}, goalpost.UnitRate, "",
			[3]string{"3.59%", "3.39%", "3.78%"}, [3]string{"3,59\u00a0%", "3,39\u00a0%", "3,78\u00a0%"}},
		{infer.Estimate{Value: 0.5, Lo: 0.3, Hi: 0.7}, goalpost.UnitRate, "",
			[3]string{"50%", "30%", "70%"}, [3]string{"50\u00a0%", "30\u00a0%", "70\u00a0%"}},
		{infer.Estimate{Value: 12345.67, Lo: 11000, Hi: 13700}, goalpost.UnitMoney, "EUR",
			[3]string{"€12,300", "€11,000", "€13,700"}, [3]string{"12.300\u00a0€", "11.000\u00a0€", "13.700\u00a0€"}},
		{infer.Estimate{Value: 1.2345, Lo: 1.2301, Hi: 1.2401}, goalpost.UnitMoney, "EUR",
			[3]string{"€1.23", "€1.23", "€1.24"}, [3]string{"1,23\u00a0€", "1,23\u00a0€", "1,24\u00a0€"}},
		{infer.Estimate{Value: 3.2, Lo: 2.4, Hi: 4.1}, goalpost.UnitPerPost, "",
			[3]string{"3.20 per post", "2.40 per post", "4.10 per post"}, [3]string{"3,20\u00a0je Beitrag", "2,40\u00a0je Beitrag", "4,10\u00a0je Beitrag"}},
	}
	for _, test := range tests {
		for lang, want := range map[Language][3]string{English: test.en, German: test.de} {
			v, lo, hi := New(lang, "").Interval(test.e, test.unit, test.currency)
			if got := [3]string{v, lo, hi}; got != want {
				t.Errorf("%s %v\ngot:  %+q\nwant: %+q", lang, test.e, got, want)
			}
		}
	}
}

func TestProbability(t *testing.T) {
	tests := []struct {
		p      float64
		en, de string
	}{
		{0, "under 3%", "unter 3\u00a0%"},
		{0.03, "under 3%", "unter 3\u00a0%"},
		{0.031, "3%", "3\u00a0%"},
		{0.5, "50%", "50\u00a0%"},
		{0.864, "86%", "86\u00a0%"},
		{0.9699, "97%", "97\u00a0%"},
		{0.97, "over 97%", "über 97\u00a0%"},
		{1, "over 97%", "über 97\u00a0%"},
		{math.NaN(), "–", "–"},
	}
	for _, test := range tests {
		same(t, "en", New(English, "").Probability(test.p), test.en)
		same(t, "de", New(German, "").Probability(test.p), test.de)
	}
}

func TestAxis(t *testing.T) {
	tests := []struct {
		v        float64
		unit     goalpost.Unit
		currency string
		en, de   string
	}{
		{0, goalpost.UnitCount, "", "0", "0"},
		{2500, goalpost.UnitCount, "", "2,500", "2.500"},
		{12000, goalpost.UnitCount, "", "12k", "12\u00a0Tsd."},
		{12500, goalpost.UnitPeople, "", "12.5k", "12,5\u00a0Tsd."},
		{999_960, goalpost.UnitCount, "", "1M", "1\u00a0Mio."},
		{3_400_000, goalpost.UnitCount, "", "3.4M", "3,4\u00a0Mio."},
		{1_200_000_000, goalpost.UnitCount, "", "1.2bn", "1,2\u00a0Mrd."},
		{-20000, goalpost.UnitMoney, "EUR", "−€20k", "−20\u00a0Tsd.\u00a0€"},
		{0.05, goalpost.UnitRate, "", "5%", "5\u00a0%"},
	}
	for _, test := range tests {
		same(t, "en", New(English, "").Axis(test.v, test.unit, test.currency), test.en)
		same(t, "de", New(German, "").Axis(test.v, test.unit, test.currency), test.de)
	}
}
