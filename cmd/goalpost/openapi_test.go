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

	"goalpost/gptest/need"
)

// The description in docs is what the program answers; GOALPOST_UPDATE=1 writes it anew.
func TestDescriptionOfTheAPI(t *testing.T) {
	file := filepath.Join("..", "..", "docs", "openapi.json")
	got := call(t, "openapi").expect(t, 0).stdout
	if os.Getenv("GOALPOST_UPDATE") == "1" {
		if err := os.WriteFile(file, []byte(got), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	if got != string(want) {
		t.Error("docs/openapi.json is out of date: goalpost openapi > docs/openapi.json")
	}
}

// The commands of the guides to the API and to surveys work as they are pasted, one after
// the other, beside a running server.
func TestCommandsBesideAServer(t *testing.T) {
	for _, program := range []string{"curl", "openssl"} {
		if _, err := exec.LookPath(program); err != nil {
			need.Skip(t, "needs "+program)
		}
	}
	binary := build(t)
	for doc, c := range map[string]struct {
		least int
		wants []string
	}{
		"api.md":     {36, []string{`"role": "editor"`, `"decision": `, `"kept": 2`, `"name": "Winter sale"`, `"state": "computing"`, "Der Zeitraum ist vorbei.", `"text": "It took a week"`, `"slug": "support-2027"`, `"replies": 1`, `"slow"`, `"secret": "gph_`, `"already_known": 0`, "uwe@example.org,Uwe,,http", `"off": true`}},
		"surveys.md": {17, []string{"was made as a draft, number 2", "is now: open", "Nothing was kept", `"state":"complete"`, `"rev":2`, "no answer yet", "“wishes-2027” was made as a draft", "It is from Goalpost."}},
	} {
		t.Run(doc, func(t *testing.T) { pastedBesideServer(t, binary, doc, c.least, c.wants) })
	}
}

var yamlBlock = regexp.MustCompile("(?s)```yaml\n(.*?)```")

// pastedBesideServer runs the commands of a page as one script; its first YAML stands in the
// folder as wishes.yaml, as the page says.
func pastedBesideServer(t *testing.T, binary, doc string, least int, wants []string) {
	t.Helper()
	dir := t.TempDir()
	if err := os.Symlink(binary, filepath.Join(dir, "goalpost")); err != nil {
		t.Fatal(err)
	}
	if err := os.CopyFS(filepath.Join(dir, "data"), os.DirFS(demoCopy(t))); err != nil {
		t.Fatal(err)
	}
	server := start(t, binary, nil, "serve", "--data", filepath.Join(dir, "data"), "--listen", "127.0.0.1:0")
	address, _, _ := strings.Cut(server.link, "setup?") // the data are of nobody yet
	text, err := os.ReadFile(filepath.Join("..", "..", "docs", doc))
	if err != nil {
		t.Fatal(err)
	}
	if m := yamlBlock.FindSubmatch(text); m != nil {
		if err := os.WriteFile(filepath.Join(dir, "wishes.yaml"), m[1], 0o600); err != nil {
			t.Fatal(err)
		}
	}
	var script strings.Builder
	ran := 0
	for _, block := range shellBlock.FindAllStringSubmatch(string(text), -1) {
		for line := range strings.Lines(block[1]) {
			script.WriteString(strings.Replace(line, "http://127.0.0.1:8080/", address, 1))
			ran++
		}
	}
	ctx, cancel := context.WithTimeout(t.Context(), 2*time.Minute)
	defer cancel()
	cmd := exec.CommandContext(ctx, "sh", "-ex", "-c", script.String())
	cmd.Dir = dir
	cmd.Env = append(os.Environ(), "LANG=C.UTF-8", "GOALPOST_DATA=", "GOALPOST_LANGUAGE=en")
	out, err := cmd.CombinedOutput()
	if err != nil || ran < least {
		t.Errorf("%d commands, %v\n%.4000s", ran, err, out)
	}
	said := strings.Join(strings.Fields(string(out)), " ") // sentences are wrapped
	for _, want := range wants {
		if !strings.Contains(said, want) {
			t.Errorf("%s was not answered", want)
		}
	}
	if err := server.end(t, os.Interrupt); err != nil || strings.Contains(server.output.String(), "level=ERROR") {
		t.Errorf("%v\n%s", err, server.output)
	}
}
