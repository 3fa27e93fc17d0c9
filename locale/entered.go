package locale

import (
	"regexp"
	"strings"
)

// Numbers with thousands separators, as each language writes them.
var (
	groupedEnglish = regexp.MustCompile(`^([+\-−]?)(\d{1,3}(?:,\d{3})+)(\.\d+)?(\s*%?)$`)
	groupedGerman  = regexp.MustCompile(`^([+\-−]?)(\d{1,3}(?:[.’']\d{3})+)(,\d+)?(\s*%?)$`)
)

// PlainNumber takes thousands separators out of a number that a person wrote in a
// language: "5,000" in English and "5.000" in German are both 5000. What is no such
// number is returned as it is.
func PlainNumber(language Language, text string) string {
	re, drop := groupedEnglish, ","
	if language == German {
		re, drop = groupedGerman, ".’'"
	}
	m := re.FindStringSubmatch(strings.TrimSpace(text))
	if m == nil {
		return text
	}
	digits := strings.Map(func(r rune) rune {
		if strings.ContainsRune(drop, r) {
			return -1
		}
		return r
	}, m[2])
	return m[1] + digits + strings.Replace(m[3], ",", ".", 1) + m[4]
}

// EnteredNumber writes a number of a program, with a decimal point, as a person enters it
// in a language: "12.5" is 12,5 in German.
func EnteredNumber(language Language, text string) string {
	if language == German {
		return strings.Replace(text, ".", ",", 1)
	}
	return text
}
