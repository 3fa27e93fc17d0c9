package web

import (
	"regexp"
	"strings"

	"goalpost"
	"goalpost/assess"
)

var listed = regexp.MustCompile(`\[([0-9]+)\]`)

// fieldID is the id of the field that an error's path names: "options-2-label" for
// "questions[4].options[2].label".
func fieldID(path string) string {
	if _, of := assess.PlaceIn(path); of {
		_, path, _ = strings.Cut(path, ".")
	}
	return strings.ReplaceAll(listed.ReplaceAllString(path, "-$1"), ".", "-")
}

// refusedSurvey adds a user's error to a page; any other is returned. at tells the id of
// the field that a path names, empty where the page has none; with nil it is made from the
// path, and the page has no fields of questions.
func (p *Page) refusedSurvey(problem error, at func(field string) string) error {
	if problem == nil {
		return nil
	}
	e, ok := asError(problem)
	if !ok || e.Kind == goalpost.NotFound || e.Kind == goalpost.Forbidden {
		return problem
	}
	plain := *e
	plain.Field = ""
	x := Problem{Field: fieldID(e.Field), Text: p.printer.Error(&plain)}
	place, of := assess.PlaceIn(e.Field)
	switch {
	case at != nil:
		x.Field = at(e.Field)
	case of:
		x.Field = ""
	}
	if of && x.Field == "" {
		x.Text = p.say("web.survey.of-question", goalpost.PlainArg(place+1), goalpost.TextArg(x.Text))
	}
	p.Problems = append(p.Problems, x)
	return nil
}

// Wrong is what is wrong with a field; empty for nothing.
func (p Page) Wrong(field string) string {
	for _, x := range p.Problems {
		if x.Field == field && field != "" {
			return x.Text
		}
	}
	return ""
}
