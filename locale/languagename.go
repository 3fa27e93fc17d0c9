package locale

import (
	"golang.org/x/text/language"
	"golang.org/x/text/language/display"
)

// LanguageName returns the name of a language by its code (ISO 639-1): "German". A code
// that is none stays as it is.
func (p *Printer) LanguageName(code string) string {
	t, err := language.Parse(code)
	if err != nil {
		return code
	}
	names := display.English.Languages()
	if p.lang == German {
		names = display.German.Languages()
	}
	if name := names.Name(t); name != "" {
		return name
	}
	return code
}
