package main

import (
	"strings"
	"testing"

	"goalpost/locale"
)

// Amounts are read as people type them; what could be two numbers is no number.
func TestReadAmount(t *testing.T) {
	for _, c := range []struct {
		text    string
		english float64
		german  float64 // 0: refused
	}{
		{"1200", 1200, 1200}, {"0.3", .3, .3}, {"0,3", .3, .3}, {"0.125", .125, .125}, {"0,125", .125, .125}, {"12,5", 12.5, 12.5}, {"71115.11", 71115.11, 71115.11},
		{"1.200,50", 1200.5, 1200.5}, {"1,200.50", 1200.5, 1200.5}, {"1.234.567", 1234567, 1234567}, {"1’200.5", 1200.5, 1200.5}, {"1e3", 1000, 1000}, {"-1", -1, -1}, {"−1", -1, -1},
		{"1.200", 1.2, 0}, {"1,200", 0, 0}, {"", 0, 0}, {"many", 0, 0}, {"1.2.3,4,5", 0, 0}, {"NaN", 0, 0}, {"0x10", 0, 0},
	} {
		for language, want := range map[locale.Language]float64{locale.English: c.english, locale.German: c.german} {
			got, ok := readAmount(language, c.text)
			if got != want && ok || ok != (want != 0) {
				t.Errorf("%s in %s\ngot:  %v %v\nwant: %v", c.text, language, got, ok, want)
			}
		}
	}
}

// Margin and cost with decimal commas and as a percentage are the same question.
func TestEffectAmounts(t *testing.T) {
	args := []string{"--from", dayFrom(91), "--currency", "EUR", "--output", "json"}
	type worth struct {
		Money struct{ Cost, Margin float64 }
	}
	for _, given := range [][]string{{"--margin", "0.3", "--cost", "1200.5"}, {"--margin", "0,3", "--cost", "1.200,50"}, {"--margin", "30%", "--cost", "1,200.50"}} {
		got := read[worth](t, effectCall(t, shop(15, nil), append(given, args...)...).expect(t, 0))
		if got.Money.Cost != 1200.5 || got.Money.Margin != .3 {
			t.Errorf("%v: %+v", given, got.Money)
		}
	}
	// A column of which a share is margin is money, and so is one with a currency alone.
	for currency, given := range map[string][]string{"EUR": {"--margin", "30%"}, "": {"--margin", "12"}} {
		got := read[struct{ Currency string }](t, effectCall(t, shop(15, nil), append(given, args...)...).expect(t, 0))
		if got.Currency != currency {
			t.Errorf("%v\ngot:  %q\nwant: %q", given, got.Currency, currency)
		}
	}
	if r := effectCall(t, shop(15, nil), args[:4]...).expect(t, 0); !strings.Contains(r.stdout, "brought about €") {
		t.Errorf("got: %s", r.stdout)
	}
	for _, given := range [][]string{{"--margin", "a third"}, {"--margin", "0.3", "--cost", "1,200"}, {"--smallest-effect", "5%"}} {
		r := effectCall(t, shop(15, nil), append(given, args...)...).expect(t, 2)
		if !strings.Contains(r.stderr, "is no number, or could be two") || !strings.Contains(r.stderr, given[len(given)-2]) {
			t.Errorf("%v: %s", given, r.stderr)
		}
	}
}
