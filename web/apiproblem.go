package web

import (
	"net/http"
	"regexp"
	"strings"

	"github.com/danielgtaylor/huma/v2"
	"github.com/danielgtaylor/huma/v2/adapters/humago"
	"github.com/danielgtaylor/huma/v2/validation"

	"goalpost"
	"goalpost/locale"
)

// problemError is an error as the API answers it.
type problemError struct {
	problemDocument
}

// Error is the sentence.
func (p *problemError) Error() string { return p.Detail }

// GetStatus is the status that it is sent with.
func (p *problemError) GetStatus() int { return p.Status }

// ContentType is that of problem documents.
func (p *problemError) ContentType(string) string { return "application/problem+json" }

// GetHeaders are what the answer carries beside.
func (p *problemError) GetHeaders() http.Header {
	h := http.Header{}
	switch p.Status {
	case http.StatusUnauthorized:
		h.Set("WWW-Authenticate", `Bearer realm="goalpost"`)
	case http.StatusServiceUnavailable:
		h.Set("Retry-After", retryAfter)
	}
	return h
}

// apiProblem makes a problem document of an error, with the field as a request calls it.
func (s *Server) apiProblem(r *http.Request, say *locale.Printer, err error) *problemError {
	status, e := s.classify(r, err)
	return &problemError{apiDocument(say, status, e)}
}

// apiSentences are said instead of those that speak of the command line.
var apiSentences = map[string]string{
	"error.import.needs-map": "error.api.needs-map",
	"error.study.none":       "error.api.no-study",
}

// apiDocument is problemOf with the field under its own name: a person reads the labels of a
// form, a program sent names.
func apiDocument(say *locale.Printer, status int, e *goalpost.Error) problemDocument {
	d := problemOf(say, status, e)
	if key := apiSentences[e.Key]; key != "" {
		d.Detail = say.T(key, e.Args...)
	}
	if d.Field != "" && e.File == "" {
		bare := *e
		bare.Field = ""
		d.Detail = say.T("error.place.field.first", goalpost.TextArg(d.Field)) + ": " + say.Error(&bare)
	}
	return d
}

// translate turns what huma says of a request that does not fit into our own problem.
func (s *Server) translate(ctx huma.Context, v any) any {
	model, ok := v.(*huma.ErrorModel)
	if !ok {
		return v
	}
	r, _ := humago.Unwrap(ctx)
	return &problemError{apiDocument(locale.New(locale.Language(langOf(r)), ""), model.Status, misfit(model))}
}

// misfit says what of a request does not fit; the first fault is enough to go on.
func misfit(model *huma.ErrorModel) *goalpost.Error {
	if model.Status == http.StatusInternalServerError {
		return goalpost.Errorf("", "error.internal")
	}
	if len(model.Errors) == 0 { // the only thing that has no place
		return goalpost.Errorf(goalpost.Invalid, "error.api.no-body")
	}
	d := model.Errors[0]
	if model.Status == http.StatusBadRequest {
		return goalpost.Errorf(goalpost.Invalid, "error.api.json")
	}
	e := &goalpost.Error{Kind: goalpost.Invalid, Key: "error.api.value", Field: place(d.Location)}
	for _, m := range misfits {
		found := m.says.FindStringSubmatch(d.Message)
		if found == nil {
			continue
		}
		e.Key = m.key
		if m.kind != "" {
			e.Args = []goalpost.Arg{goalpost.WordArg("api.type." + m.kind)}
		}
		if len(found) > 1 { // names a field that is missing below the place
			e.Field = strings.TrimPrefix(e.Field+"."+found[1], ".")
		}
		break
	}
	return e
}

// place is a place as the sender of a request calls it: "body.runs[0].from" is its field
// runs[0].from.
func place(location string) string {
	where, rest, _ := strings.Cut(location, ".")
	switch where {
	case "body", "path", "query", "header":
		return rest
	}
	return location
}

// misfits are what huma can say of the types that we use, and our sentences for it.
var misfits = []struct {
	says      *regexp.Regexp
	key, kind string
}{
	{saying(validation.MsgUnexpectedProperty), "error.api.unknown", ""},
	{saying("unknown query parameter"), "error.api.unknown-parameter", ""},
	{saying(validation.MsgExpectedRequiredProperty), "error.api.missing", ""},
	{saying(validation.MsgExpectedString), "error.api.type", "string"},
	{saying(validation.MsgExpectedNumber), "error.api.type", "number"},
	{saying(validation.MsgExpectedInteger), "error.api.type", "integer"},
	{saying("invalid integer"), "error.api.type", "integer"},
	{saying(validation.MsgExpectedBoolean), "error.api.type", "boolean"},
	{saying("invalid boolean"), "error.api.type", "boolean"},
	{saying(validation.MsgExpectedArray), "error.api.type", "array"},
	{saying(validation.MsgExpectedObject), "error.api.type", "object"},
}

// saying matches one of huma's sentences; %s stands for a name.
func saying(text string) *regexp.Regexp {
	return regexp.MustCompile("^" + strings.ReplaceAll(regexp.QuoteMeta(text), "%s", `(\S+)`) + "$")
}
