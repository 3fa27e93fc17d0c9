package locale

import (
	"math"
	"strconv"
	"strings"
	"unicode"

	"golang.org/x/text/feature/plural"
	"golang.org/x/text/language"

	"goalpost"
)

// Printer writes in one language. It may be used by several goroutines at once as
// long as Missing is not changed.
type Printer struct {
	// Missing is called with every key that the catalogue does not have, if set.
	// Tests set it to fail.
	Missing func(key string)

	lang   Language
	region string
	tag    language.Tag
	texts  catalogue
	number numberFormat
}

// New returns the Printer of a language. The region, an ISO 3166 code that may be
// empty, changes how numbers are written, and in Switzerland the spelling.
func New(lang Language, region string) *Printer {
	p := &Printer{lang: lang, region: strings.ToUpper(region), tag: language.English}
	if lang == German {
		p.tag = language.German
	} else {
		p.lang = English
	}
	p.texts = texts()[p.lang]
	p.number = numberFormatOf(p.lang, p.region)
	return p
}

// Language returns the language that the Printer writes.
func (p *Printer) Language() Language { return p.lang }

// Tag returns the language and region as in the lang attribute of HTML: "de-CH".
func (p *Printer) Tag() string {
	if p.region == "" {
		return string(p.lang)
	}
	return string(p.lang) + "-" + p.region
}

// Has reports whether the catalogue has a text for the key.
func (p *Printer) Has(key string) bool {
	_, ok := p.texts[key]
	return ok
}

// T returns the text of a key with its arguments filled in. A key without a text
// is returned itself, after Missing was told.
func (p *Printer) T(key string, args ...goalpost.Arg) string {
	t, ok := p.texts[key]
	if !ok {
		if p.Missing != nil {
			p.Missing(key)
		}
		return key
	}
	s := t[plural.Other]
	if len(t) > 1 {
		if exact, ok := t[p.form(args, 0)]; ok {
			s = exact
		}
	}
	if p.lang == German && p.region == "CH" {
		s = swiss(s)
	}
	return p.fill(s, args)
}

// Note returns the sentence of a note; the zero Note is an empty string.
func (p *Printer) Note(n goalpost.Note) string {
	if n.IsZero() {
		return ""
	}
	return p.T(n.Key, n.Args...)
}

// Notes returns the sentences of notes in their order.
func (p *Printer) Notes(list []goalpost.Note) []string {
	var out []string
	for _, n := range list {
		if s := p.Note(n); s != "" {
			out = append(out, s)
		}
	}
	return out
}

// Arg returns one argument as it stands in a sentence.
func (p *Printer) Arg(a goalpost.Arg) string {
	switch a.Type {
	case goalpost.ArgNumber:
		return p.quantity(a.Number)
	case goalpost.ArgRate:
		return p.Percent(a.Number)
	case goalpost.ArgMoney:
		return p.Amount(a.Number, goalpost.UnitMoney, a.Currency)
	case goalpost.ArgDay:
		return p.Day(a.Day)
	case goalpost.ArgWord:
		return p.Word(a.Text)
	case goalpost.ArgPlain:
		return plainInteger(a.Number)
	case goalpost.ArgPerPost:
		return p.Amount(a.Number, goalpost.UnitPerPost, "")
	case goalpost.ArgTexts:
		return a.Texts.In(string(p.lang))
	case goalpost.ArgPoints:
		return p.SignedPoints(a.Number)
	case goalpost.ArgTenths:
		return p.PercentDecimals(a.Number, 1)
	case goalpost.ArgRates:
		return p.printedRates(strings.Fields(a.Text))
	case goalpost.ArgOption:
		return p.Option(goalpost.Item{Code: a.Text, Label: a.Texts})
	case goalpost.ArgWhen:
		return p.Reference(a.Text)
	case goalpost.ArgText:
		return a.Text
	default:
		return a.Text
	}
}

// Word returns the word of a key such as "kpi.reach" or "network.x". Imported
// series may have any code; a KPI or metric that the catalogue does not know is
// called by its code as a person would write it, "Tins sold". A key without a code, "network.", is no word.
func (p *Printer) Word(key string) string {
	if strings.HasSuffix(key, ".") {
		return ""
	}
	if code, ok := strings.CutPrefix(key, "language."); ok && !p.Has(key) {
		return p.LanguageName(code)
	}
	if code, ok := strings.CutPrefix(key, "kpi."); ok && !p.Has(key) && p.Has("metric."+code) {
		return p.T("metric." + code) // an imported series
	}
	if !p.Has(key) {
		for _, prefix := range []string{"kpi.", "metric."} {
			if code, ok := strings.CutPrefix(key, prefix); ok {
				return spoken(code)
			}
		}
	}
	return p.T(key)
}

// spoken writes a code as words.
func spoken(code string) string {
	words := []rune(strings.TrimSpace(strings.ReplaceAll(code, "_", " ")))
	if len(words) == 0 {
		return code
	}
	words[0] = unicode.ToUpper(words[0])
	return string(words)
}

// fill writes the arguments into a text. A placeholder without its argument stays
// as it is, so that it is noticed.
func (p *Printer) fill(s string, args []goalpost.Arg) string {
	if !strings.Contains(s, "{") {
		return s
	}
	var b strings.Builder
	for {
		before, rest, ok := strings.Cut(s, "{")
		b.WriteString(before)
		if !ok {
			return b.String()
		}
		inner, after, ok := strings.Cut(rest, "}")
		if !ok {
			b.WriteString("{" + rest)
			return b.String()
		}
		b.WriteString(p.placeholder(inner, args))
		s = after
	}
}

// placeholder returns what stands for {0}, {0:one|other} or {0?text}.
func (p *Printer) placeholder(inner string, args []goalpost.Arg) string {
	digits := len(inner) - len(strings.TrimLeft(inner, "0123456789"))
	i, err := strconv.Atoi(inner[:digits])
	if err != nil || i >= len(args) {
		return "{" + inner + "}"
	}
	switch rest := inner[digits:]; {
	case rest == "":
		return p.Arg(args[i])
	case rest[0] == ':':
		one, other, _ := strings.Cut(rest[1:], "|")
		if p.form(args, i) == plural.One {
			return one
		}
		return other
	case rest[0] == '?':
		if p.Arg(args[i]) == "" {
			return ""
		}
		return rest[1:]
	}
	return "{" + inner + "}"
}

// form returns the plural form of a number among the arguments; what is no number
// has the form Other.
func (p *Printer) form(args []goalpost.Arg, i int) plural.Form {
	if i >= len(args) {
		return plural.Other
	}
	switch args[i].Type {
	case goalpost.ArgNumber, goalpost.ArgPlain:
	default:
		return plural.Other
	}
	n := math.Abs(args[i].Number)
	if math.IsNaN(n) || math.IsInf(n, 0) {
		return plural.Other
	}
	const limit = 10_000_000 // MatchPlural allows the value modulo this
	whole := int(math.Mod(n, limit))
	if n >= limit {
		whole += limit
	}
	if n == math.Trunc(n) {
		return plural.Cardinal.MatchPlural(p.tag, whole, 0, 0, 0, 0)
	}
	return plural.Cardinal.MatchPlural(p.tag, whole, 1, 1, 1, 1)
}

// Option returns the label of an answer: its own, else that of the catalogue's goal
// with its code, else the code.
func (p *Printer) Option(o goalpost.Item) string {
	if s := o.Label.In(string(p.lang)); s != "" {
		return s
	}
	if key := "goal." + o.Code; p.Has(key) {
		return p.T(key)
	}
	return o.Code
}
