package locale

import (
	"errors"
	"strings"

	"goalpost"
)

// Error returns what a person reads about an error: where it is as far as known,
// what is wrong, what to do. Anything but a *goalpost.Error is an internal error;
// its text is for the log only. No error is an empty string.
func (p *Printer) Error(err error) string {
	if err == nil {
		return ""
	}
	e, ok := errors.AsType[*goalpost.Error](err)
	if !ok {
		return p.sentence(&goalpost.Error{Key: "error.internal"})
	}
	return p.place(e, "") + p.sentence(e)
}

// CommandError is Error for the command line: it also names the flag that answers
// the question.
func (p *Printer) CommandError(err error) string {
	if err == nil {
		return ""
	}
	e, ok := errors.AsType[*goalpost.Error](err)
	if !ok {
		return p.sentence(&goalpost.Error{Key: "error.internal"})
	}
	if e.File == "" {
		return p.place(e, e.Flag) + p.sentence(e)
	}
	s := p.place(e, "") + p.sentence(e)
	if e.Flag != "" && !strings.Contains(s, e.Flag) {
		s += " " + p.T("error.answer-with", goalpost.TextArg(e.Flag))
	}
	return s
}

// sentence is what is wrong and, where the catalogue has "<key>.do", what to do.
func (p *Printer) sentence(e *goalpost.Error) string {
	s := p.T(e.Key, e.Args...)
	if p.Has(e.Key + ".do") {
		s += " " + p.T(e.Key+".do", e.Args...)
	}
	return s
}

// place is "posts.csv, line 3, field “reach”: " as far as known. A flag stands
// instead of the field.
func (p *Printer) place(e *goalpost.Error, flag string) string {
	var parts []string
	if e.File != "" {
		parts = append(parts, e.File)
	}
	if e.Line > 0 {
		parts = append(parts, p.T(p.first("error.place.line", parts), goalpost.PlainArg(e.Line)))
	}
	switch {
	case flag != "":
		parts = append(parts, flag)
	case e.Field != "":
		field := e.Field
		if key := "field." + e.Field; e.File == "" && p.Has(key) {
			field = p.T(key)
		}
		parts = append(parts, p.T(p.first("error.place.field", parts), goalpost.TextArg(field)))
	}
	if len(parts) == 0 {
		return ""
	}
	return strings.Join(parts, ", ") + ": "
}

// first chooses the text with a capital letter for the beginning of a sentence.
func (p *Printer) first(key string, before []string) string {
	if len(before) == 0 {
		return key + ".first"
	}
	return key
}
