package locale

import (
	"golang.org/x/text/language"
	"golang.org/x/text/language/display"
)

// LanguageName returns the name of a language by its code (ISO 639-1), the code itself
// where there is none.
func (p *Printer) LanguageName(code string) string {
	tag, err := language.Parse(code)
	if err != nil {
		return code
	}
	name := display.English.Languages().Name(tag)
	if p.lang == German {
		name = display.German.Languages().Name(tag)
	}
	if name == "" {
		return code
	}
	return name
}
