package dataset

import (
	"slices"
	"strconv"
	"strings"
	"unicode"
	"unicode/utf8"
)

// longestName is how many bytes a name has in SPSS.
const longestName = 64

// reserved words are no names in SPSS.
var reserved = []string{"all", "and", "by", "eq", "ge", "gt", "le", "lt", "ne", "not", "or", "to", "with"}

// validName makes a name that every program takes: it begins with a letter, has letters,
// digits, points and underscores of ASCII, and does not end with a point.
func validName(s string) string {
	s = strings.Map(func(r rune) rune {
		if r < utf8.RuneSelf && (unicode.IsLetter(r) || unicode.IsDigit(r) || r == '.') {
			return r
		}
		return '_'
	}, s)
	if s == "" || !unicode.IsLetter(rune(s[0])) || slices.Contains(reserved, strings.ToLower(s)) {
		s = "v_" + s
	}
	s = strings.TrimRight(s[:min(len(s), longestName)], "._")
	return s
}

// uniqueNames makes names valid, and different from each other whatever their capitals.
func uniqueNames(names []string) []string {
	taken := map[string]bool{}
	list := make([]string, len(names))
	for i, n := range names {
		base := validName(n)
		name := base
		for k := 2; taken[strings.ToLower(name)]; k++ {
			end := "_" + strconv.Itoa(k)
			name = base[:min(len(base), longestName-len(end))] + end
		}
		taken[strings.ToLower(name)] = true
		list[i] = name
	}
	return list
}

// names are the names of all variables.
func (t Table) names() []string {
	list := make([]string, len(t.Variables))
	for i, v := range t.Variables {
		list[i] = v.Name
	}
	return uniqueNames(list)
}

// setNames are the names of sets, which may be those of variables.
func setNames(sets []MultiSet) []string {
	list := make([]string, len(sets))
	for i, s := range sets {
		list[i] = s.Name
	}
	return uniqueNames(list)
}

// clean takes out what no file may hold: characters that control, and what XML forbids.
// Line feeds and tabs stay.
func clean(s string) string {
	s = strings.ReplaceAll(strings.ReplaceAll(s, "\r\n", "\n"), "\r", "\n")
	return strings.Map(func(r rune) rune {
		switch {
		case r == '\n' || r == '\t':
			return r
		case unicode.IsControl(r) || r == 0xFFFE || r == 0xFFFF:
			return -1
		}
		return r
	}, strings.ToValidUTF8(s, "\uFFFD"))
}

// line makes one line of a text.
func line(s string) string { return strings.Join(strings.Fields(clean(s)), " ") }

// cut shortens a text to at most so many bytes, and says so by its end.
func cut(s string, most int) string {
	const dots = "…"
	if len(s) <= most {
		return s
	}
	return strings.TrimRight(head(s, most-len(dots)), " ") + dots
}

// head is the beginning of a text, at most so many bytes and no part of a letter.
func head(s string, most int) string {
	if len(s) <= most {
		return s
	}
	for most > 0 && !utf8.RuneStart(s[most]) {
		most--
	}
	return s[:most]
}
