package dataset

import (
	"fmt"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"
	"unicode/utf8"
)

// sssFault says what is wrong with a field by the rules of the standard.
func sssFault(v sssVariable, field string) string {
	coded := func(code string) bool {
		return slices.ContainsFunc(v.Values.Values, func(o sssValue) bool { return o.Code == code })
	}
	switch {
	case v.Type != "character" && v.Type != "date" && (v.Values == nil || v.Values.Range == nil && len(v.Values.Values) == 0):
		return "has no values"
	case field == "" && v.Use != "":
		return "may not be missing"
	case field == "":
		return ""
	}
	switch v.Type {
	case "single":
		if !coded(field) {
			return "is no code"
		}
	case "multiple":
		if len(field) != len(v.Values.Values) || strings.Trim(field, "01") != "" {
			return "does not fit its values"
		}
	case "quantity":
		x, err := strconv.ParseFloat(field, 64)
		from, errFrom := strconv.ParseFloat(v.Values.Range.From, 64)
		to, errTo := strconv.ParseFloat(v.Values.Range.To, 64)
		_, decimals, _ := strings.Cut(field, ".")
		_, same, _ := strings.Cut(v.Values.Range.From, ".")
		if err != nil || errFrom != nil || errTo != nil || len(decimals) != len(same) || (x < from || x > to) && !coded(field) {
			return fmt.Sprintf("does not fit %s to %s", v.Values.Range.From, v.Values.Range.To)
		}
	case "date":
		if _, err := time.Parse("20060102", field); err != nil {
			return "is no day"
		}
	case "character":
		if n := utf8.RuneCountInString(field); n > v.Size {
			return fmt.Sprintf("has %d letters, more than %d", n, v.Size)
		}
	default:
		return "has an unknown type"
	}
	return ""
}

func TestTripleS(t *testing.T) {
	file, lines := readTripleS(t, sample())
	var got []string
	for _, v := range file.Survey.Record.Variables {
		got = append(got, strings.TrimSuffix(fmt.Sprintf("%d:%s:%s:%s", v.Position.Start, v.Name, v.Type, v.Use), ":"))
	}
	want := "1:answer:quantity:serial 2:plain:multiple 3:where:multiple 4:v_by:single 5:more:character 6:device:character 7:source:character 8:spent:quantity 9:begun_at:character 10:day:date 11:weight:quantity:weight"
	if strings.Join(got, " ") != want {
		t.Errorf("\ngot:  %s\nwant: %s", strings.Join(got, " "), want)
	}
	if r := file.Survey.Record; file.Version != "2.0" || r.Format != "csv" || r.Skip != 1 || file.Survey.Title != "Wünsche & Träume <2026>" || file.Survey.Name != "wishes_2026" {
		t.Errorf("%+v", file)
	}
	v := file.Survey.Record.Variables
	if l := v[2].Values.Values; len(l) != 6 || l[0] != (sssValue{"1", "", "Instagram"}) || l[1].Label != `Laden "am Eck"` || l[2].Label != "not asked" {
		t.Errorf("multiple: %+v", l)
	}
	if l := v[3].Values.Values; l[1].Score != "5" || l[2].Score != "" {
		t.Errorf("scores: %+v", l)
	}
	if r := v[7].Values; r.Range.From != "-3.00" || r.Range.To != "1234.50" || r.Values[3].Code != "994.00" {
		t.Errorf("quantity: %+v", r)
	}
	short := func(l []string) string {
		l = slices.Clone(l)
		l[4] = l[4][:min(len(l[4]), 22)]
		return strings.Join(l, "|")
	}
	for i, want := range []string{
		"answer|plain|where|v_by|more|device|source|spent|begun_at|day|weight",
		"1|000000|100000|5|Größe &#128021; Grö|phone|newsletter|1234.50|2026-03-14T12:00:00Z|20260314|1.2500",
		`2|000010|001000|9|=1+1 "x", <y> zweite Z|?|-|994.00|||0.5000`,
		"3|000000|010000|1||desk||-3.00|2026-03-14T12:00:00Z|20260314|1.0000",
	} {
		if got := short(lines[i]); got != want {
			t.Errorf("line %d\ngot:  %s\nwant: %s", i, got, want)
		}
	}
}
