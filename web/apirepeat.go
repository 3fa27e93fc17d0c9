package web

import (
	"bytes"
	"encoding/json"
	"net/url"
	"strings"

	"github.com/danielgtaylor/huma/v2"
	"github.com/danielgtaylor/huma/v2/adapters/humago"

	"goalpost"
	"goalpost/locale"
)

// exactQuery refuses what could be read in two ways before an operation reads it.
func (s *Server) exactQuery(ctx huma.Context, next func(huma.Context)) {
	r, w := humago.Unwrap(ctx)
	if err := queryFault(r.URL.RawQuery, ctx.Operation()); err != nil {
		writeProblem(w, s.apiProblem(r, locale.New(locale.Language(langOf(r)), ""), err).problemDocument)
		return
	}
	next(ctx)
}

// queryFault says what of a query cannot be read, or is there more than once where one is
// meant: half of what a program asks for would be left out, and nobody told.
func queryFault(query string, op *huma.Operation) error {
	seen := map[string]bool{}
	for part := range strings.SplitSeq(query, "&") {
		name, value, _ := strings.Cut(part, "=")
		name, err := url.QueryUnescape(name)
		if err == nil {
			_, err = url.QueryUnescape(value)
		}
		if err != nil {
			return &goalpost.Error{Kind: goalpost.Invalid, Key: "error.api.query", Args: []goalpost.Arg{goalpost.TextArg(part)}, Err: err}
		}
		if seen[name] && !isList(op, name) {
			return &goalpost.Error{Kind: goalpost.Invalid, Key: "error.api.repeated", Field: name}
		}
		seen[name] = name != ""
	}
	return nil
}

// isList reports whether an operation takes several values of a parameter.
func isList(op *huma.Operation, name string) bool {
	for _, p := range op.Parameters {
		if p.In == "query" && p.Name == name {
			return p.Schema != nil && p.Schema.Type == huma.TypeArray
		}
	}
	return false
}

// jsonLevel is an object or a list that is being read.
type jsonLevel struct {
	names map[string]bool // of an object, as they are told apart: not by capitals; nil: a list
	name  bool            // the next word of an object is a name
}

// repeatedName is the first name that stands twice in one object of a body; empty: none, or
// it is no JSON, which others say.
func repeatedName(body []byte) string {
	d := json.NewDecoder(bytes.NewReader(body))
	d.UseNumber()
	var levels []jsonLevel
	for {
		word, err := d.Token()
		if err != nil {
			return ""
		}
		var at *jsonLevel
		if len(levels) > 0 {
			at = &levels[len(levels)-1]
		}
		if name, ok := word.(string); ok && at != nil && at.name {
			folded := strings.ToLower(name)
			if at.names[folded] {
				return name
			}
			at.names[folded], at.name = true, false
			continue
		}
		if word == json.Delim('}') || word == json.Delim(']') {
			levels = levels[:len(levels)-1]
			continue
		}
		if at != nil {
			at.name = at.names != nil // after the value that begins here
		}
		switch word {
		case json.Delim('{'):
			levels = append(levels, jsonLevel{names: map[string]bool{}, name: true})
		case json.Delim('['):
			levels = append(levels, jsonLevel{})
		}
	}
}
