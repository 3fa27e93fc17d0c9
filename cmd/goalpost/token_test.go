package main

import (
	"strings"
	"testing"

	"goalpost"
)

// A token is printed once, listed without its text, and removed by its name.
func TestTokenCommand(t *testing.T) {
	data := demoCopy(t)
	on := func(args ...string) result { return call(t, append(args, "--data", data)...) }
	if r := on("token", "list").expect(t, 0); !strings.Contains(r.stdout, "There are no tokens") {
		t.Errorf("%q", r.stdout)
	}
	r := on("token", "add", "Shop", "--role", "editor").expect(t, 0)
	text, rest, _ := strings.Cut(r.stdout, "\n")
	if org, _, ok := goalpost.ParseToken(text); !ok || org != 1 || !strings.Contains(rest, "shown only now") {
		t.Errorf("%q", r.stdout)
	}
	made := read[struct{ Name, Role, Token string }](t, on("token", "new", "Screen", "--role", "viewer", "--output", "json").expect(t, 0))
	if _, _, ok := goalpost.ParseToken(made.Token); !ok || made.Token == text || made.Role != "viewer" {
		t.Errorf("%+v", made)
	}
	for _, output := range []string{"table", "csv", "json"} {
		r := on("token", "list", "--output", output).expect(t, 0)
		if !strings.Contains(r.stdout, "Shop") || !strings.Contains(r.stdout, "ada") || strings.Contains(r.stdout, text[12:]) {
			t.Errorf("%s: %q", output, r.stdout)
		}
	}
	on("token", "add", "SHOP", "--role", "viewer").expect(t, exitBadInput)
	on("token", "add", "  ", "--role", "viewer").expect(t, exitBadInput)
	on("token", "add", "x", "--role", "admin").expect(t, exitBadInput)
	on("token", "add", "x").expect(t, exitBadInput)
	if r := on("token", "remove", "shop").expect(t, 0); !strings.Contains(r.stdout, "“Shop” is removed") {
		t.Errorf("%q", r.stdout)
	}
	on("token", "revoke", "Shop").expect(t, exitBadInput)
	if list := read[struct{ Tokens []tokenEntry }](t, on("token", "list", "--output", "json").expect(t, 0)).Tokens; len(list) != 1 || list[0].Name != "Screen" || list[0].UsedDay != nil {
		t.Errorf("%+v", list)
	}
}
