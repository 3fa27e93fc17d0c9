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
