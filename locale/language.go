package locale

import (
	"strings"

	"golang.org/x/text/language"
)

// Language is a language that the product is written in.
type Language string

// Languages of the product.
const (
	English Language = "en"
	German  Language = "de"
)

// Languages returns the languages in the order in which pages offer them. The
// first one is used for readers of any other language.
func Languages() []Language { return []Language{English, German} }

// Match returns the language that suits an Accept-Language header or a single tag
// best: de-AT and gsw-CH read German, nl and fr English.
func Match(accept string) Language {
	tags, _, err := language.ParseAcceptLanguage(accept)
	if err != nil || len(tags) == 0 {
		return English
	}
	_, index, confidence := language.NewMatcher([]language.Tag{language.English, language.German}).Match(tags...)
	if confidence == language.No {
		return English
	}
	return Languages()[index]
}

// Split returns the language and the region of a tag such as "de-CH", or of the
// environment's LANG such as "de_CH.UTF-8". The region is empty if none is said.
func Split(tag string) (lang Language, region string) {
	tag, _, _ = strings.Cut(tag, ".")
	tag, _, _ = strings.Cut(tag, "@")
	parsed, err := language.Parse(strings.ReplaceAll(tag, "_", "-"))
	if err != nil {
		return English, ""
	}
	if r, confidence := parsed.Region(); confidence == language.Exact {
		region = r.String()
	}
	return Match(parsed.String()), region
}
