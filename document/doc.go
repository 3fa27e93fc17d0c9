// Package document makes the JSON documents that the command line prints and the API
// answers with: what assess found, with its sentences in the reader's language and the
// keys that programs act on. It computes nothing.
package document

import (
	"embed"
	"io/fs"
	"path"
	"strings"

	"goalpost"
	"goalpost/locale"
)

//go:embed schema/*.json
var schemas embed.FS

// Schema returns the JSON Schema of a document by its name.
func Schema(name string) ([]byte, error) {
	return schemas.ReadFile(path.Join("schema", path.Base(name)+".json"))
}

// Schemas returns the names of all documents that have a schema.
func Schemas() ([]string, error) {
	names, err := fs.Glob(schemas, "schema/*.json")
	for i, n := range names {
		names[i] = strings.TrimSuffix(path.Base(n), ".json")
	}
	return names, err
}

// Sentences are notes in words, and their keys.
func Sentences(say *locale.Printer, notes []goalpost.Note) (texts, codes []string) {
	texts, codes = []string{}, []string{}
	for _, n := range notes {
		texts, codes = append(texts, say.Note(n)), append(codes, n.Key)
	}
	return texts, codes
}

// OrEmpty makes a list that JSON writes as [], never as null.
func OrEmpty[T any](list []T) []T {
	if list == nil {
		return []T{}
	}
	return list
}
