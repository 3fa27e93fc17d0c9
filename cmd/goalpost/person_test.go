package main

import (
	"os"
	"path/filepath"
	"strings"
	"syscall"
	"testing"

	"goalpost"
	"goalpost/assess"
	"goalpost/store"
)

const privateAddress = "secret.person@hidden.example"

// commented makes a data directory in which a person left comments, one of them without
// an address.
func commented(t *testing.T) string {
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
	if _, err := db.CreatePoll(t.Context(), org.ID, goalpost.Poll{Slug: "goals", Question: goalpost.Text{"en": "Which goals?"}}); err != nil {
		t.Fatal(err)
	}
	for i, address := range []string{privateAddress, "other@example.com", privateAddress, ""} {
		email, err := goalpost.ParsePrivateEmail(address)
		if err != nil {
			t.Fatal(err)
		}
		c := goalpost.NewComment{FormID: plain(i), Link: plain(i), CommentText: goalpost.CommentText{Name: "Reader-" + plain(i), Text: "Words-" + plain(i)}, Email: email, At: today}
		if _, _, err := db.AddComment(t.Context(), org.ID, 1, c); err != nil {
			t.Fatal(err)
		}
	}
	return dir
}

// A person gets what is kept of them, and is forgotten: in every file, also after a
// rebuild. The answer names the backups that still hold them.
func TestExportAndErase(t *testing.T) {
	data := commented(t)
	r := call(t, "export", "--email", strings.ToUpper(privateAddress), "--data", data).expect(t, 0)
	for _, want := range []string{"Words-0", "Words-2", strings.ToUpper(privateAddress)} {
		if !strings.Contains(r.stdout, want) {
			t.Errorf("no %q in %s", want, r.stdout)
		}
	}
	if strings.Contains(r.stdout, "Words-1") || strings.Contains(r.stdout, "Words-3") {
		t.Errorf("somebody else's words: %s", r.stdout)
	}
	if r := call(t, "export", "--comment", "1", "--data", data).expect(t, 0); strings.Contains(r.stdout, "hidden.example") || !strings.Contains(r.stdout, `"has_email": true`) {
		t.Errorf("an address by a number: %s", r.stdout)
	}
	input := func(o *outside) { o.stdin = strings.NewReader(privateAddress + "\n") }
	r = callWith(t, input, "erase", "--email", "-", "--data", data).expect(t, 0)
	if want := "Erased: 2 comments (1, 3)"; !strings.Contains(r.stdout, want) || !strings.Contains(r.stdout, "Backups taken before still hold this person") || strings.Contains(r.stdout, "hidden.example") {
		t.Errorf("\ngot:  %s\nwant: %s", r.stdout, want)
	}
	call(t, "erase", "--comment", "4", "--data", data).expect(t, 0)
	call(t, "doctor", "--rebuild", "--data", data).expect(t, 0)
	call(t, "backup", filepath.Join(data, "..", "backup"), "--data", data).expect(t, 0)
	err := filepath.WalkDir(filepath.Dir(data), func(path string, d os.DirEntry, err error) error {
		if err != nil || d.IsDir() {
			return err
		}
		b, err := os.ReadFile(path)
		for _, gone := range []string{"Reader-0", "Words-0", "Words-2", "Words-3", "hidden.example"} {
			if strings.Contains(string(b), gone) {
				t.Errorf("%s holds %s", path, gone)
			}
		}
		if filepath.Base(path) == store.File && !strings.Contains(string(b), "Words-1") {
			t.Error("somebody else was erased, or this test shows nothing")
		}
		return err
	})
	if err != nil {
		t.Error(err)
	}
}

// answeredByName makes a data directory with an imported file and a survey in which two
// people answered, saved and corrected, and left their addresses with their answers.
func answeredByName(t *testing.T) string {
	t.Helper()
	dir := filepath.Join(t.TempDir(), "data")
	sales := filepath.Join(t.TempDir(), "sales.csv")
	if err := os.WriteFile(sales, []byte("date,orders\n2026-01-01,5\n2026-01-02,7\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	call(t, "import", sales, "--data", dir).expect(t, 0)
	db, err := store.Open(t.Context(), dir, store.Options{})
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = db.Close() }()
	s := goalpost.Survey{Slug: "wishes", Form: goalpost.Form{Languages: []string{"en"}, Title: goalpost.Text{"en": "Wishes"}, Questions: []goalpost.SurveyQuestion{
		{Question: goalpost.Question{Code: "more", Type: goalpost.TextQuestion, Wording: goalpost.Text{"en": "More?"}}},
	}}, Settings: goalpost.SurveySettings{Address: goalpost.FormalAddress, Sample: goalpost.SampleSelfSelected, Results: true, Consent: goalpost.Text{"en": "Write to me."}}}
	s, err = assess.CreateSurvey(t.Context(), db, 1, assess.SurveyInput{Survey: s, By: "Ada", Now: today})
	if err != nil {
		t.Fatal(err)
	}
	open := goalpost.SurveyOpen
	if err := assess.ChangeSurvey(t.Context(), db, 1, s.ID, store.SurveyChange{Revision: s.Revision, State: &open, By: "Ada", At: today}); err != nil {
		t.Fatal(err)
	}
	a, err := assess.Asked(t.Context(), db, "wishes")
	if err != nil {
		t.Fatal(err)
	}
	for i, address := range []string{privateAddress, "other@example.com"} {
		for rev, what := range []string{"Saved", "Done", "Late"} { // what comes after the end is in the log alone
			in := assess.AnswerInput{ID: answerID(i), Secret: "Secret-" + plain(i), Rev: int64(rev + 1), Version: 1, Done: rev > 0, Now: today,
				Raw: []byte(`{"more":{"text":"` + what + "-" + plain(i) + `"}}`)}
			if _, err := a.SendAnswer(t.Context(), db, in); err != nil {
				t.Fatal(err)
			}
		}
		email, err := goalpost.ParsePrivateEmail(address)
		if err != nil {
			t.Fatal(err)
		}
		if err := db.AddSurveyContact(t.Context(), 1, goalpost.SurveyContact{ID: "contact-" + plain(i), Survey: s.ID, Answer: answerID(i), Email: email, Results: true, SettingVersion: 1, Day: 1}); err != nil {
			t.Fatal(err)
		}
	}
	return dir
}

// Whoever answered a survey and was forgotten does not come back when everything derived is
// computed again; nor does anybody else go with them.
func TestRebuildBringsNobodyBack(t *testing.T) {
	data := answeredByName(t)
	for _, gone := range []string{"Saved-0", "Done-0", "Late-0", "contact-0"} {
		if !holds(t, data, gone) {
			t.Fatalf("%s is not found before: this test shows nothing", gone)
		}
	}
	if r := call(t, "erase", "--email", privateAddress, "--data", data).expect(t, 0); !strings.Contains(r.stdout, "1 e-mail address from surveys, 0 invitations and 1 answer") {
		t.Errorf("erase: %s", r.stdout)
	}
	for range 2 {
		if r := call(t, "doctor", "--rebuild", "--data", data).expect(t, 0); !strings.Contains(r.stdout, ": 1 import was computed again") {
			t.Errorf("nothing was computed again: %s", r.stdout)
		}
	}
	for _, gone := range []string{"Saved-0", "Done-0", "Late-0", "contact-0", "hidden.example"} {
		if holds(t, data, gone) {
			t.Errorf("%s is there again", gone)
		}
	}
	for _, kept := range []string{"Saved-1", "Done-1", "Late-1", "contact-1"} {
		if !holds(t, data, kept) {
			t.Errorf("%s is gone", kept)
		}
	}
	r := call(t, "survey", "answers", "wishes", "--data", data, "--output", "json").expect(t, 0)
	if strings.Contains(r.stdout, "Done-0") || !strings.Contains(r.stdout, "Done-1") {
		t.Errorf("answers: %s", r.stdout)
	}
	call(t, "export", "--email", privateAddress, "--data", data).expect(t, 2)
}

// holds reports whether a text stands in any file of a directory.
func holds(t *testing.T, dir, text string) (found bool) {
	t.Helper()
	err := filepath.WalkDir(dir, func(path string, d os.DirEntry, err error) error {
		if err != nil || d.IsDir() {
			return err
		}
		b, err := os.ReadFile(path)
		found = found || strings.Contains(string(b), text)
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return found
}

func TestPersonRefuses(t *testing.T) {
	data := commented(t)
	for name, c := range map[string]struct {
		args []string
		want string
	}{
		"nobody":      {[]string{"export"}, "whom it is about"},
		"no address":  {[]string{"erase", "--email", "nobody"}, "no e-mail address"},
		"unknown":     {[]string{"erase", "--email", "x@hidden.example"}, "Nothing is kept"},
		"no comment":  {[]string{"export", "--comment", "77"}, "no comment number 77"},
		"no number":   {[]string{"erase", "--comment", "0"}, "whole number from 1"},
		"key in data": {[]string{"export", "--email", "x@hidden.example", "--key-file", filepath.Join(data, "key")}, "inside the data directory"},
	} {
		r := call(t, append(c.args, "--data", data)...).expect(t, 2)
		if !strings.Contains(r.stderr, c.want) || strings.Contains(r.stderr, "hidden.example") {
			t.Errorf("%s\ngot:  %s\nwant: %s", name, r.stderr, c.want)
		}
	}
}

// A store that came back without its key opens, says so, and loses nothing else.
func TestRestoreWithoutKey(t *testing.T) {
	data := commented(t)
	backup, again := filepath.Join(t.TempDir(), "backup"), filepath.Join(t.TempDir(), "again")
	if r := call(t, "backup", backup, "--data", data).expect(t, 0); !strings.Contains(r.stdout, "data.key") {
		t.Errorf("a backup without its key does not say so: %s", r.stdout)
	}
	const says = "3 e-mail addresses of people who commented or answered surveys cannot be read"
	flat := func(s string) string { return strings.Join(strings.Fields(s), " ") }
	if r := call(t, "restore", backup, "--data", again).expect(t, 0); !strings.Contains(flat(r.stdout), says) {
		t.Errorf("restore\ngot:  %s", r.stdout)
	}
	if r := call(t, "doctor", "--data", again); r.code != exitFailed || !strings.Contains(r.stdout, says) {
		t.Errorf("doctor\ngot:  %d %s", r.code, r.stdout)
	}
	s := start(t, build(t), nil, "serve", "--data", again, "--listen", "127.0.0.1:0")
	if status, page := get(t, strings.Split(s.link, "setup")[0]+"en/p/goals"); status != 200 || !strings.Contains(page, "Which goals?") {
		t.Errorf("a page without the key\ngot:  %d", status)
	}
	if err := s.end(t, syscall.SIGTERM); err != nil || !strings.Contains(s.output.String(), says) {
		t.Errorf("serve\ngot:  %v %s", err, s.output)
	}
	if r := call(t, "export", "--email", privateAddress, "--data", again).expect(t, 2); !strings.Contains(r.stderr, "their key is missing") {
		t.Errorf("export\ngot:  %s", r.stderr)
	}
	if r := call(t, "export", "--comment", "1", "--data", again).expect(t, 0); !strings.Contains(r.stdout, "Words-0") {
		t.Errorf("export\ngot:  %s", r.stdout)
	}
	call(t, "export", "--email", privateAddress, "--data", again, "--key-file", data+".key").expect(t, 0)
	call(t, "doctor", "--data", again, "--key-file", data+".key").expect(t, 0)
	if err := os.Chmod(data+".key", 0o644); err != nil {
		t.Fatal(err)
	}
	if r := call(t, "doctor", "--data", data); r.code != exitFailed || !strings.Contains(r.stdout, "mode 0600") {
		t.Errorf("a key that others can read\ngot:  %d %s", r.code, r.stdout)
	}
	s = start(t, build(t), nil, "serve", "--data", data, "--listen", "127.0.0.1:0")
	if err := s.end(t, syscall.SIGTERM); err != nil || !strings.Contains(s.output.String(), "mode 0600") {
		t.Errorf("serve with a key that others can read\ngot:  %v %s", err, s.output)
	}
}
