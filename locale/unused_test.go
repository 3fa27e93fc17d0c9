package locale

import (
	"io/fs"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
)

// quoted is a string of a source or of a template.
var quoted = regexp.MustCompile("\"([a-zA-Z0-9_.-]+)\"|`([a-zA-Z0-9_.-]+)`|\\{h_([a-z0-9_]+)\\}")

// A text that nothing shows is translated and read for nothing. A key is used where it
// stands in the program, or where the program puts something behind its beginning.
func TestNoTextIsUnused(t *testing.T) {
	words, beginnings := map[string]bool{}, map[string]bool{"cli.help.": true}
	err := filepath.WalkDir("..", func(path string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() {
			return err
		}
		if ext := filepath.Ext(path); ext != ".gohtml" && (ext != ".go" || strings.HasSuffix(path, "_test.go")) {
			return nil
		}
		text, err := os.ReadFile(path)
		for _, m := range quoted.FindAllStringSubmatch(string(text), -1) {
			word := m[1] + m[2]
			words[word] = true
			if strings.Contains(word, ".") && strings.HasSuffix(word, ".") || strings.HasSuffix(word, "-") {
				beginnings[word] = true
			}
		}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	begun := func(key string) bool {
		for b := range beginnings {
			if strings.HasPrefix(key, b) {
				return true
			}
		}
		return false
	}
	for _, key := range Keys(English) {
		base := strings.TrimSuffix(strings.TrimSuffix(key, ".do"), ".first")
		if !words[key] && !words[base] && !begun(key) {
			t.Errorf("nothing shows %q", key)
		}
	}
}
