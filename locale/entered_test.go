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
