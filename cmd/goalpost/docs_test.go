package main

import (
	"context"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
	"time"
)

var shellBlock = regexp.MustCompile("(?s)```sh\n(.*?)```")

// notPasted are commands of the docs that need something else: a toolchain, a file or an
// address of the reader's own, or that do not end.
var notPasted = []string{"go build", "go run", "./test", "./goalpost serve", "study import", "--email", "--comment"}

// The commands of README, guide and the page on shares work as they are pasted, one after the other, in an
// empty folder.
func TestCommandsOfTheDocs(t *testing.T) {
	binary := build(t)
	for doc, least := range map[string]int{"README.md": 4, "docs/guide.md": 15, "docs/share.md": 8} {
		t.Run(doc, func(t *testing.T) {
			text, err := os.ReadFile(filepath.Join("..", "..", doc))
			if err != nil {
				t.Fatal(err)
			}
			dir := t.TempDir()
			if err := os.Symlink(binary, filepath.Join(dir, "goalpost")); err != nil {
				t.Fatal(err)
			}
			docs, err := filepath.Abs(filepath.Join("..", "..", "docs"))
			if err != nil {
				t.Fatal(err)
			}
			if err := os.Symlink(docs, filepath.Join(dir, "docs")); err != nil { // the tables of examples
				t.Fatal(err)
			}
			ran := 0
			for _, block := range shellBlock.FindAllStringSubmatch(string(text), -1) {
				for line := range strings.Lines(block[1]) {
					line = strings.TrimSpace(line)
					if line == "" || containsAny(line, notPasted) {
						continue
					}
					ran++
					pasted(t, dir, line)
				}
			}
			if ran < least {
				t.Errorf("only %d commands were tried, of at least %d", ran, least)
			}
		})
	}
}

func containsAny(s string, list []string) bool {
	for _, x := range list {
		if strings.Contains(s, x) {
			return true
		}
	}
	return false
}

// pasted runs one line in a shell, as a reader would.
func pasted(t *testing.T, dir, line string) {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), 2*time.Minute)
	defer cancel()
	cmd := exec.CommandContext(ctx, "sh", "-c", line)
	cmd.Dir = dir
	cmd.Env = append(os.Environ(), "LANG=C.UTF-8", "GOALPOST_DATA=", "GOALPOST_LANGUAGE=en")
	if out, err := cmd.CombinedOutput(); err != nil {
		t.Errorf("%s\n%v\n%s", line, err, out)
	}
}
