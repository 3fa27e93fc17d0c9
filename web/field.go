package web

import (
	"net/url"
	"strings"

	"goalpost"
)

// FormField is one field of a form that is made from a list.
type FormField struct {
	Name, Label, Help string
	Kind              string // text, number, url, file, lines, choice, check, fixed
	Value             string
	Options           []Option
	Required, Checked bool
	Most              int // letters
}

// FormGroup is a part of such a form.
type FormGroup struct {
	Title, Help string
	Fields      []FormField
}

// fieldsOf makes fields with what was typed so far. The label of a field is the text
// web.entry.<name>; where there is a text web.entry.<name>.help it is its help.
type fieldsOf struct {
	page  Page
	typed url.Values
}

func (f fieldsOf) field(kind, name string) FormField {
	x := FormField{Name: name, Kind: kind, Label: f.page.T("web.entry." + name), Value: f.typed.Get(name), Most: mostLetters}
	if key := "web.entry." + name + ".help"; f.page.printer.Has(key) {
		x.Help = f.page.T(key)
	}
	return x
}

// mostLetters is how long a text of a study may be.
const mostLetters = 2000

func (f fieldsOf) text(name string) FormField { return f.field("text", name) }

func (f fieldsOf) needed(name string) FormField {
	x := f.field("text", name)
	x.Required = true
	return x
}

func (f fieldsOf) check(name string) FormField {
	x := f.field("check", name)
	x.Checked = x.Value != ""
	return x
}

// choice offers codes whose words stand under a prefix; the first is chosen unless
// something was typed.
func (f fieldsOf) choice(name, prefix string, codes []string) FormField {
	x := f.field("choice", name)
	for _, c := range codes {
		x.Options = append(x.Options, Option{Value: c, Text: f.page.printer.Word(prefix + c), Selected: c == x.Value})
	}
	return x
}

func codesOf[T ~string](list []T) []string {
	var out []string
	for _, c := range list {
		out = append(out, string(c))
	}
	return out
}

// typed gives trimmed values of a form.
type typed url.Values

func (t typed) get(name string) string { return strings.TrimSpace(url.Values(t).Get(name)) }

// text is what was typed in both languages; nil of nothing.
func (t typed) text(name string) goalpost.Text {
	text := goalpost.Text{}
	for _, language := range languages {
		if s := t.get(name + "_" + language); s != "" {
			text[language] = s
		}
	}
	if len(text) == 0 {
		return nil
	}
	return text
}
