package web

import (
	"encoding/json"
	"net/http"
	"strings"
)

// problemDocument is an error for programs (RFC 9457).
type problemDocument struct {
	Type   string `json:"type"`
	Title  string `json:"title"`
	Status int    `json:"status"`
	Detail string `json:"detail"`
	Key    string `json:"key"` // stable, the same in every language
}

func writeProblem(w http.ResponseWriter, status int, title, detail, key string) {
	w.Header().Set("Content-Type", "application/problem+json")
	w.WriteHeader(status)
	_ = json.NewEncoder(w).Encode(problemDocument{Type: "about:blank", Title: title, Status: status, Detail: detail, Key: key})
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
