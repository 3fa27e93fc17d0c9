package locale

import (
	"testing"
	"time"

	"goalpost"
)

func TestDates(t *testing.T) {
	day := goalpost.NewDay
	en, de := New(English, ""), New(German, "")
	tests := []struct{ what, en, de, wantEN, wantDE string }{
		{"day", en.Day(day(2026, 8, 24)), de.Day(day(2026, 8, 24)), "24 August 2026", "24. August 2026"}, // x/text: the year would be 2.026
		{"first", en.Day(day(2024, 3, 1)), de.Day(day(2024, 3, 1)), "1 March 2024", "1. März 2024"},
		{"before 1970", en.Day(day(1969, 12, 31)), de.Day(day(1969, 12, 31)), "31 December 1969", "31. Dezember 1969"},
		{"short", en.DayShort(day(2026, 8, 24)), de.DayShort(day(2026, 8, 24)), "24 Aug", "24. Aug."},
		{"short May", en.DayShort(day(2026, 5, 2)), de.DayShort(day(2026, 5, 2)), "2 May", "2. Mai"},
		{"month", en.Month(day(2026, 8, 24)), de.Month(day(2026, 8, 24)), "Aug 2026", "Aug. 2026"},
		{"range in a month", en.Range(day(2026, 8, 1), day(2026, 8, 24)), de.Range(day(2026, 8, 1), day(2026, 8, 24)), "1–24 August 2026", "1.–24. August 2026"},
		{"range in a year", en.Range(day(2026, 7, 28), day(2026, 8, 24)), de.Range(day(2026, 7, 28), day(2026, 8, 24)), "28 July – 24 August 2026", "28. Juli – 24. August 2026"},
		{"range over years", en.Range(day(2025, 12, 1), day(2026, 1, 31)), de.Range(day(2025, 12, 1), day(2026, 1, 31)), "1 December 2025 – 31 January 2026", "1. Dezember 2025 – 31. Januar 2026"},
		{"one day", en.Range(day(2026, 8, 1), day(2026, 8, 1)), de.Range(day(2026, 8, 1), day(2026, 8, 1)), "1 August 2026", "1. August 2026"},
		{"period", en.Period(goalpost.Period{Start: day(2026, 1, 1), End: day(2027, 1, 1)}), de.Period(goalpost.Period{Start: day(2026, 1, 1), End: day(2027, 1, 1)}),
			"1 January – 31 December 2026", "1. Januar – 31. Dezember 2026"},
	}
	for _, test := range tests {
		same(t, test.what, test.en, test.wantEN)
		same(t, test.what, test.de, test.wantDE)
	}
}

func TestTime(t *testing.T) {
	zone := time.FixedZone("east", 2*3600)
	at := time.Date(2026, 8, 24, 22, 5, 0, 0, time.UTC)
	same(t, "the next day in the zone", New(English, "").Time(at, zone), "25 August 2026, 00:05")
	same(t, "Uhr", New(German, "").Time(at, zone), "25. August 2026, 00:05 Uhr")
	same(t, "no zone", New(English, "").Time(at, nil), "24 August 2026, 22:05")
	same(t, "no time", New(English, "").Time(time.Time{}, zone), "")
}

func TestMatch(t *testing.T) {
	tests := []struct {
		accept string
		want   Language
	}{
		{"", English},
		{"en", English},
		{"de", German},
		{"de-AT", German},
		{"gsw-CH", German},
		{"nl", English},
		{"fr", English},
		{"fr-CH, fr;q=0.9, de;q=0.7, en;q=0.5", German},
		{"de-DE,de;q=0.9,en-US;q=0.8,en;q=0.7", German},
		{"en-GB,en;q=0.9,de;q=0.8", English},
		{"*", English},
		{"!!", English},
	}
	for _, test := range tests {
		if got := Match(test.accept); got != test.want {
			t.Errorf("%q\ngot:  %s\nwant: %s", test.accept, got, test.want)
		}
	}
}

func TestSplit(t *testing.T) {
	tests := []struct {
		tag    string
		lang   Language
		region string
	}{
		{"de", German, ""},
		{"de-CH", German, "CH"},
		{"de_AT.UTF-8", German, "AT"},
		{"en_GB.UTF-8@euro", English, "GB"},
		{"C.UTF-8", English, ""},
		{"POSIX", English, ""},
		{"", English, ""},
		{"fr_FR", English, "FR"},
	}
	for _, test := range tests {
		if lang, region := Split(test.tag); lang != test.lang || region != test.region {
			t.Errorf("%q\ngot:  %s %q\nwant: %s %q", test.tag, lang, region, test.lang, test.region)
		}
	}
	same(t, "tag", New(German, "ch").Tag(), "de-CH")
	same(t, "tag", New(English, "").Tag(), "en")
}
