package main

import (
	"fmt"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"goalpost"
	"goalpost/store"
)

// contacted makes a data directory with a survey whose respondents left addresses.
func contacted(t *testing.T) string {
	t.Helper()
	dir := filepath.Join(t.TempDir(), "data")
	db, err := store.Open(t.Context(), dir, store.Options{})
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = db.Close() }()
	org, err := db.CreateOrganisation(t.Context(), goalpost.Organisation{Name: "Harbour", Language: "en", TimeZone: "UTC", Currency: "EUR"})
	if err != nil {
		t.Fatal(err)
	}
	s, err := db.CreateSurvey(t.Context(), org.ID, goalpost.Survey{Slug: "wishes", CreatedAt: today, Form: goalpost.Form{Languages: []string{"en"}, Title: goalpost.Text{"en": "Wishes"}}}, "secret")
	if err != nil {
		t.Fatal(err)
	}
	for i, address := range []string{privateAddress, "SECRET.person@hidden.example", "bob@example.com", "eve@example.com"} {
		email, err := goalpost.ParsePrivateEmail(address)
		if err != nil {
			t.Fatal(err)
		}
		c := goalpost.SurveyContact{ID: fmt.Sprint("c", i), Survey: s.ID, Email: email, Results: i < 3, Prize: i > 1, SettingVersion: 1, Day: 1}
		if err := db.AddSurveyContact(t.Context(), org.ID, c); err != nil {
			t.Fatal(err)
		}
	}
	return dir
}

// Addresses leave by this command only: each once, for what it was given, or drawn by lot.
func TestSurveyContacts(t *testing.T) {
	data := contacted(t)
	lines := func(args ...string) []string {
		t.Helper()
		r := call(t, append([]string{"survey", "contacts", "wishes", "--data", data}, args...)...).expect(t, 0)
		return strings.Fields(r.stdout)
	}
	if got := lines("--results"); !slices.Equal(got, []string{privateAddress, "bob@example.com"}) {
		t.Errorf("results: %q", got)
	}
	if got := lines("--prize", "--output", "json"); !slices.Equal(got, []string{"bob@example.com", "eve@example.com"}) {
		t.Errorf("prize: %q", got)
	}
	for _, other := range [][]string{{"survey", "list"}, {"survey", "show", "wishes"}, {"survey", "export", "wishes"}, {"survey", "answers", "wishes"}, {"survey", "answers", "wishes", "--output", "json"}, {"doctor", "--rebuild"}} {
		if r := call(t, append(other, "--data", data)...).expect(t, 0); strings.Contains(strings.ToLower(r.stdout+r.stderr), "hidden.example") {
			t.Errorf("%s shows an address: %s", strings.Join(other, " "), r.stdout)
		}
	}
	won := map[string]int{}
	for range 40 {
		got := lines("--prize", "--draw", "1")
		if len(got) != 1 {
			t.Fatalf("drawn: %q", got)
		}
		won[got[0]]++
	}
	if len(won) != 2 { // by chance alone once in 5·10¹¹ runs
		t.Errorf("one always wins: %v", won)
	}
	if got := lines("--prize", "--draw", "9"); len(got) != 2 {
		t.Errorf("more than there are: %q", got)
	}
	for name, c := range map[string]struct {
		args []string
		want string
	}{
		"for what":  {[]string{"survey", "contacts", "wishes"}, "--results"},
		"both":      {[]string{"survey", "contacts", "wishes", "--results", "--prize"}, "--prize"},
		"no survey": {[]string{"survey", "contacts", "nothing", "--prize"}, "no survey “nothing”"},
		"draw":      {[]string{"survey", "contacts", "wishes", "--prize", "--draw=-1"}, "whole number from 1"},
	} {
		if r := call(t, append(c.args, "--data", data)...).expect(t, 2); !strings.Contains(r.stderr, c.want) {
			t.Errorf("%s\ngot:  %s\nwant: %s", name, r.stderr, c.want)
		}
	}
	r := call(t, "erase", "--email", strings.ToUpper(privateAddress), "--data", data).expect(t, 0)
	if !strings.Contains(r.stdout, "Also erased: 2 e-mail addresses from surveys") || strings.Contains(r.stdout, "hidden") {
		t.Errorf("erase: %s", r.stdout)
	}
	if got := lines("--results"); !slices.Equal(got, []string{"bob@example.com"}) {
		t.Errorf("erased: %q", got)
	}
	key := filepath.Join(t.TempDir(), "other.key")
	if r := call(t, "survey", "contacts", "wishes", "--results", "--data", data, "--key-file", key).expect(t, 1); !strings.Contains(strings.Join(strings.Fields(r.stderr), " "), "2 e-mail addresses cannot be read") || strings.Contains(r.stdout, "@") {
		t.Errorf("without the key: %s %s", r.stdout, r.stderr)
	}
}
