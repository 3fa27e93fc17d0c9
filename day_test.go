package goalpost

import (
	"encoding/json"
	"testing"
	"time"
)

// Dates are read as people write them, but never guessed.
func TestReadDay(t *testing.T) {
	for text, want := range map[string]string{"2026-01-31": "2026-01-31", "31.01.2026": "2026-01-31", "1.2.2026": "2026-02-01", "1. 2. 2026": "2026-02-01", "31/01/2026": "2026-01-31",
		"01/31/2026": "2026-01-31", "03/03/2026": "2026-03-03", " 2026-01-31 ": "2026-01-31", "03/04/2026": "", "31.02.2026": "", "31.01.26": "", "1.1.1026": "", "": "", "tomorrow": ""} {
		d, err := ReadDay(text)
		switch {
		case want == "" && err == nil:
			t.Errorf("%q was read as %s", text, d)
		case want != "" && (err != nil || d.String() != want):
			t.Errorf("%q\ngot:  %s %v\nwant: %s", text, d, err, want)
		}
	}
}

// What was kept can be read again: the end of a period that lasts until the last day that
// can be typed, and the days before the first.
func TestKeptDays(t *testing.T) {
	last, err := ParseDay("2999-12-31")
	if err != nil {
		t.Fatal(err)
	}
	for _, p := range []Period{{Start: last, End: last + 1}, {Start: NewDay(1900, time.January, 1) - 3660, End: last + 90}} {
		b, err := json.Marshal(p)
		if err != nil {
			t.Fatal(err)
		}
		var got Period
		if err := json.Unmarshal(b, &got); err != nil || got != p {
			t.Errorf("%s\ngot:  %v %v\nwant: %v", b, got, err, p)
		}
	}
	var d Day
	for _, text := range []string{`"2026-02-30"`, `"tomorrow"`, `""`} {
		if err := json.Unmarshal([]byte(text), &d); err == nil {
			t.Errorf("%s was read as %s", text, d)
		}
	}
}

// The days of an own level are never added.
func TestOwnLevel(t *testing.T) {
	if k, known := KPIByCode("members_level"); known || k.Aggregation != AggLast || k.Additive {
		t.Errorf("members_level: %+v", k)
	}
	if k, _ := KPIByCode("members"); k.Aggregation != AggSum || !k.Additive {
		t.Errorf("members: %+v", k)
	}
}
