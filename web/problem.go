package web

import (
	"encoding/json"
	"net/http"
	"strings"

	"goalpost"
	"goalpost/locale"
)

// problemDocument is an error for programs (RFC 9457).
type problemDocument struct {
	Type   string `json:"type"`
	Title  string `json:"title"`
	Status int    `json:"status"`
	Detail string `json:"detail"`
	Field  string `json:"field,omitempty"` // of the request; empty: of none
	Key    string `json:"key"`             // stable, the same in every language
}

// problemOf makes the document of an error, for pages and for the API.
func problemOf(say *locale.Printer, status int, e *goalpost.Error) problemDocument {
	title := "web.error.title"
	if status == http.StatusNotFound {
		title = "web.error.not-found"
	}
	return problemDocument{Type: "about:blank", Title: say.T(title), Status: status, Detail: say.Error(e), Field: fieldOf(e), Key: e.Key}
}

// fieldOf names what of a request is wrong: as forms call it, or as the command line's flag
// that answers the question.
func fieldOf(e *goalpost.Error) string {
	if e.Flag != "" && (e.Field == "" || e.File != "") { // the field of a file is a column of it
		return strings.ReplaceAll(strings.TrimLeft(e.Flag, "-"), "-", "_")
	}
	if e.File != "" {
		return ""
	}
	return e.Field
}

func writeProblem(w http.ResponseWriter, d problemDocument) {
	w.Header().Set("Content-Type", "application/problem+json")
	w.WriteHeader(d.Status)
	_ = json.NewEncoder(w).Encode(d) // the client went away; there is nobody to tell
}

// writeJSON answers with one document.
func writeJSON(w http.ResponseWriter, v any) error {
	b, err := json.MarshalIndent(v, "", "  ")
	if err != nil {
		return err
	}
	w.Header().Set("Content-Type", "application/json")
	_, _ = w.Write(append(b, '\n')) // the client went away; there is nobody to tell
	return nil
}

// cutSpace splits a route into method and path.
func cutSpace(pattern string) (method, path string, ok bool) { return strings.Cut(pattern, " ") }
