package goalpost

import "testing"

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

// The days of an own level are never added.
func TestOwnLevel(t *testing.T) {
	if k, known := KPIByCode("members_level"); known || k.Aggregation != AggLast || k.Additive {
		t.Errorf("members_level: %+v", k)
	}
	if k, _ := KPIByCode("members"); k.Aggregation != AggSum || !k.Additive {
		t.Errorf("members: %+v", k)
	}
}
