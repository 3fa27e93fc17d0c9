package goalpost_test

import (
	"strings"
	"testing"

	"goalpost"
)

// Limits: characters are counted, not bytes; what nobody can see is no text.
func TestTextFault(t *testing.T) {
	for text, want := range map[string]string{
		"": "", "Spring sale": "", "two\nlines\tand a tab": "", "👩‍👩‍👧 family": "", "عرض": "",
		strings.Repeat("ö", 20): "", strings.Repeat("ö", 21): goalpost.TextLong,
		"a\x00b": goalpost.TextHidden, "a\x1b[31mb": goalpost.TextHidden, "a\u0085b": goalpost.TextHidden, "a\xff": goalpost.TextHidden, "a\u202eb": goalpost.TextHidden,
	} {
		if got := goalpost.TextFault(text, 20); got != want {
			t.Errorf("%q\ngot:  %q\nwant: %q", text, got, want)
		}
	}
}
