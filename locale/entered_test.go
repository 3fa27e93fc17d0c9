package locale

import "testing"

func TestPlainNumber(t *testing.T) {
	for _, c := range []struct{ lang, in, want string }{
		{"en", "5,000", "5000"},
		{"en", "1,234,567.8", "1234567.8"},
		{"en", "5000", "5000"},
		{"en", "2.5%", "2.5%"},
		{"en", "+10%", "+10%"},
		{"en", "1,23", "1,23"}, // no thousands: assess decides
		{"de", "5.000", "5000"},
		{"de", "1.234.567,8", "1234567.8"},
		{"de", "2,5 %", "2,5 %"},
		{"de", "1.234,5 %", "1234.5 %"},
		{"de", "12’500", "12500"},
		{"de", "2.5", "2.5"},
	} {
		if got := PlainNumber(Language(c.lang), c.in); got != c.want {
			t.Errorf("PlainNumber(%s, %q)\ngot:  %q\nwant: %q", c.lang, c.in, got, c.want)
		}
	}
}

// Fields are filled in as a person of the language would.
func TestEnteredNumber(t *testing.T) {
	for _, c := range []struct{ lang, in, want string }{
		{"en", "12.5", "12.5"},
		{"de", "12.5", "12,5"},
		{"de", "7.25%", "7,25%"},
		{"de", "1250", "1250"},
		{"de", "", ""},
	} {
		if got := EnteredNumber(Language(c.lang), c.in); got != c.want {
			t.Errorf("EnteredNumber(%s, %q)\ngot:  %q\nwant: %q", c.lang, c.in, got, c.want)
		}
	}
}
