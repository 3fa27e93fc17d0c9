package main

import (
	"encoding/csv"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"goalpost"
	"goalpost/assess"
	"goalpost/document"
	"goalpost/store"
)

const wishes = `slug: wishes
languages: [en, de]
title: {en: Your wishes, de: Ihre Wünsche}
questions:
  - code: why
    type: multiple
    wording: {en: Why do you follow us?, de: Warum folgen Sie uns?}
    options:
      - offers: {en: Offers, de: Angebote}
      - news: {en: News, de: Neuigkeiten}
      - else: {en: Else, de: Anderes}
        role: other
  - code: nps
    type: nps
    wording: {en: Recommend?}
`

var otherWishes = strings.Replace(wishes, "Why do you follow us?", "What brings you here?", 1)

// surveyed is a data directory with an open survey that two people answered, one of them
// with what a spreadsheet would run.
func surveyed(t *testing.T) string {
	t.Helper()
	dir := filepath.Join(t.TempDir(), "data")
	call(t, "survey", "import", fixture(t, "wishes.yaml", wishes), "--data", dir).expect(t, 0)
	call(t, "survey", "open", "wishes", "--data", dir).expect(t, 0)
	db, err := store.Open(t.Context(), dir, store.Options{})
	if err != nil {
		t.Fatal(err)
	}
	defer func() {
		if err := db.Close(); err != nil {
			t.Error(err)
		}
	}()
	a, err := assess.Asked(t.Context(), db, "wishes")
	if err != nil {
		t.Fatal(err)
	}
	for i, answers := range []string{`{"why":{"choices":["news","else"],"text":"=1+1;\n@SUM(A1)"},"nps":{"number":9}}`, `{"nps":{"number":-3}}`} {
		in := assess.AnswerInput{ID: fmt.Sprintf("00000000-0000-4000-8000-%012d", i+1), Rev: 1, Version: 1, Raw: []byte(answers), Done: i == 0, Now: today}
		if _, err := a.SendAnswer(t.Context(), db, in); err != nil {
			t.Fatal(err)
		}
	}
	return dir
}

// A file becomes a draft, once; it is changed with what it says of trends; what is exported
// is read again.
func TestSurveyImport(t *testing.T) {
	data := surveyed(t)
	importing := func(text string, code int, args ...string) result {
		t.Helper()
		return call(t, append([]string{"survey", "import", fixture(t, "wishes.yaml", text), "--data", data}, args...)...).expect(t, code)
	}
	again := read[document.SurveyChange](t, importing(wishes, 0, "--output", "json"))
	if again.Created || again.Changed || again.Survey.Survey != 1 || again.Survey.State != goalpost.SurveyOpen {
		t.Errorf("the same again: %+v", again)
	}
	for name, c := range map[string]struct {
		text string
		args []string
		want string
	}{
		"another one of that name": {otherWishes, nil, "short name"},
		"replaced by another name": {strings.Replace(otherWishes, "slug: wishes", "slug: dreams", 1), []string{"--replace", "1"}, "“dreams”"},
		"no name":                  {strings.Replace(otherWishes, "slug: wishes\n", "", 1), nil, "--slug"},
		"keep in a new one":        {otherWishes, []string{"--keep", "why", "--slug", "new"}, "--keep"},
		"keep what is not there":   {otherWishes, []string{"--keep", "gone", "--replace", "1"}, "“gone”"},
		"a line":                   {strings.Replace(wishes, "type: nps", "type: NPS", 1), nil, "line 14"},
		"no such survey":           {otherWishes, []string{"--replace", "77"}, "“77”"},
	} {
		if r := importing(c.text, 2, c.args...); !strings.Contains(r.stderr, c.want) {
			t.Errorf("%s\ngot:  %s\nwant: %s", name, r.stderr, c.want)
		}
	}
	dry := importing(otherWishes, 0, "--replace", "wishes", "--dry-run").stdout
	if s := flat(dry); !strings.Contains(s, "Nothing was kept") || !strings.Contains(s, "with --keep") || !strings.Contains(s, "Its wording changed") {
		t.Errorf("%s", dry)
	}
	if s := flat(importing(otherWishes, 0, "--replace", "1", "--language", "de").stdout); !strings.Contains(s, "Version 2") || !strings.Contains(s, "„why“ fragt jetzt etwas anderes") || !strings.Contains(s, "Auf Deutsch fehlt") && !strings.Contains(s, "Auf Deutsch fehlen") {
		t.Errorf("%s", s)
	}
	kept := read[document.SurveyChange](t, importing(strings.Replace(otherWishes, "Recommend?", "Would you?", 1), 0, "--replace", "1", "--keep", "nps", "--output", "json"))
	if !kept.Changed || kept.NewVersion || kept.Survey.FormVersion != 2 || len(kept.Trends) != 2 || kept.Trends[1].Trend != "declared" {
		t.Errorf("%+v", kept.Trends)
	}
	out := filepath.Join(t.TempDir(), "out.yaml")
	call(t, "survey", "export", "wishes", "--out", out, "--data", data, "--language", "de").expect(t, 0)
	text, err := os.ReadFile(out)
	if err != nil {
		t.Fatal(err)
	}
	if !strings.Contains(string(text), "# Eine Umfrage von Goalpost") {
		t.Errorf("%s", text)
	}
	if same := read[document.SurveyChange](t, importing(string(text), 0, "--replace", "1", "--output", "json")); same.Changed {
		t.Errorf("what was exported is another survey: %+v\n%s", same.Trends, text)
	}
	if printed := call(t, "survey", "export", "1", "--data", data, "--language", "de").expect(t, 0).stdout; printed != string(text) {
		t.Errorf("\nprinted: %s\nwritten: %s", printed, text)
	}
}

// A dry run needs no data and leaves none behind; a file that is wrong leaves none either.
func TestSurveyDryRun(t *testing.T) {
	file, data := fixture(t, "wishes.yaml", wishes), filepath.Join(t.TempDir(), "data")
	if s := call(t, "survey", "import", file, "--dry-run").expect(t, 0).stdout; !strings.Contains(flat(s), "would be made as a draft") {
		t.Errorf("%s", s)
	}
	call(t, "survey", "import", fixture(t, "bad.yaml", "title: x\n"), "--data", data).expect(t, 2)
	call(t, "survey", "import", file, "--dry-run", "--data", data).expect(t, 2) // there is nothing in it
	if _, err := os.Stat(data); !os.IsNotExist(err) {
		t.Errorf("something was kept: %v", err)
	}
	call(t, "survey", "import", file, "--data", data).expect(t, 0)
	if s := call(t, "survey", "import", file, "--dry-run", "--data", data).expect(t, 0).stdout; !strings.Contains(s, "like that already") {
		t.Errorf("%s", s)
	}
	if r := call(t, "survey", "import", fixture(t, "other.yaml", otherWishes), "--dry-run", "--data", data).expect(t, 2); !strings.Contains(r.stderr, "short name") {
		t.Errorf("%s", r.stderr)
	}
	if d := read[document.Surveys](t, call(t, "survey", "--data", data, "--output", "json").expect(t, 0)); len(d.Surveys) != 1 {
		t.Errorf("%+v", d)
	}
}

func flat(s string) string { return strings.Join(strings.Fields(s), " ") }

func TestSurveyStates(t *testing.T) {
	data := surveyed(t)
	call(t, "survey", "import", fixture(t, "draft.yaml", wishes), "--slug", "draft", "--data", data).expect(t, 0)
	for _, command := range []string{"pause", "close"} {
		if r := call(t, "survey", command, "draft", "--data", data, "--language", "de").expect(t, 2); !strings.Contains(r.stderr, "Entwurf") {
			t.Errorf("%s: %s", command, r.stderr)
		}
	}
	for command, want := range map[string]string{"pause": "paused", "close": "closed", "open": "open"} {
		if d := read[document.Survey](t, call(t, "survey", command, "1", "--data", data, "--output", "json").expect(t, 0)); string(d.State) != want || d.Complete != 1 {
			t.Errorf("%s: %+v", command, d.SurveyEntry)
		}
	}
	if s := call(t, "survey", "close", "wishes", "--data", data, "--output", "csv").expect(t, 0).stdout; !strings.HasSuffix(s, "1,wishes,closed,closed\n") {
		t.Errorf("%s", s)
	}
	if s := call(t, "survey", "--data", data, "--language", "de").expect(t, 0).stdout; !strings.Contains(s, "Ihre Wünsche") || !strings.Contains(s, "beendet") || !strings.Contains(s, "Entwurf") {
		t.Errorf("%s", s)
	}
	if s := call(t, "survey", "show", "wishes", "--data", data).expect(t, 0).stdout; !strings.Contains(s, "several answers") || !strings.Contains(s, "1 complete answers") && !strings.Contains(s, "1 complete answer") {
		t.Errorf("%s", s)
	}
	call(t, "survey", "show", "wishes", "--data", data, "--output", "csv").expect(t, 0)
	if s := call(t, "survey", "list", "--data", data, "--output", "csv").expect(t, 0).stdout; strings.Count(s, "\n") != 3 {
		t.Errorf("%s", s)
	}
	for _, name := range []string{"nobody", "9", "0"} {
		call(t, "survey", "show", name, "--data", data).expect(t, 2)
	}
}

// Answers come as one row for each respondent; what a spreadsheet would run as a formula is
// text, whatever separates its cells.
func TestSurveyAnswers(t *testing.T) {
	data := surveyed(t)
	text := call(t, "survey", "answers", "wishes", "--data", data, "--output", "csv").expect(t, 0).stdout
	rows, err := csv.NewReader(strings.NewReader(text)).ReadAll()
	if err != nil || len(rows) != 3 {
		t.Fatalf("%v %q", err, text)
	}
	cell := func(row int, column string) string {
		i := slices.Index(rows[0], column)
		if i < 0 {
			t.Fatalf("no column %s in %v", column, rows[0])
		}
		return rows[row][i]
	}
	for _, c := range []struct {
		row          int
		column, want string
	}{{1, "state", "complete"}, {1, "why.news", "1"}, {1, "why.offers", "0"}, {1, "why.else.text", "'=1+1;\n'@SUM(A1)"}, {1, "nps", "9"}, {1, "flags", "no_page"}, {2, "state", "begun"}, {2, "nps", ""}, {2, "invalid", "nps"}, {2, "why.news", ""}} {
		if got := cell(c.row, c.column); got != c.want {
			t.Errorf("%s of row %d\ngot:  %q\nwant: %q", c.column, c.row, got, c.want)
		}
	}
	d := read[document.SurveyAnswers](t, call(t, "survey", "answers", "1", "--data", data, "--output", "json").expect(t, 0))
	if len(d.Answers) != 2 || *d.Answers[1].Replies["nps"].Number != -3 || d.Next != 2 || d.More {
		t.Errorf("%+v", d)
	}
	table := call(t, "survey", "answers", "1", "--data", data, "--language", "de").expect(t, 0).stdout
	if !strings.Contains(table, "vollständig") || !strings.Contains(table, "begonnen") || strings.Contains(table, "\n@") {
		t.Errorf("%s", table)
	}
	for args, want := range map[string]int{"--state complete": 1, "--state begun": 1, "--state complete --state begun": 2, "--clean": 0} {
		d := read[document.SurveyAnswers](t, call(t, append([]string{"survey", "answers", "1", "--data", data, "--output", "json"}, strings.Fields(args)...)...).expect(t, 0))
		if len(d.Answers) != want {
			t.Errorf("%s: %d", args, len(d.Answers))
		}
	}
	piped := func(args ...string) result {
		return callWith(t, func(o *outside) { o.piped = true }, append([]string{"survey", "answers", "wishes", "--data", data, "--output"}, args...)...)
	}
	for format, want := range map[string]string{"sav": "$FL2@(#) SPSS DATA FILE Goalpost development", "sss": "PK\x03\x04", "ddi": "<?xml"} {
		if got := piped(format).expect(t, 0).stdout; !strings.HasPrefix(got, want) {
			t.Errorf("%s: %q", format, got[:min(80, len(got))])
		}
	}
	if got := piped("ddi", "--state", "complete", "--language", "de").expect(t, 0).stdout; !strings.Contains(got, "<caseQnty>1</caseQnty>") || !strings.Contains(got, ">nicht gefragt<") {
		t.Errorf("%s", got)
	}
	if r := call(t, "survey", "answers", "1", "--data", data, "--output", "sav").expect(t, 2); !strings.Contains(r.stderr, "> wishes.sav") {
		t.Errorf("on a screen: %s", r.stderr)
	}
	if r := call(t, "survey", "list", "--data", data, "--output", "sav").expect(t, 2); !strings.Contains(r.stderr, "survey answers") {
		t.Errorf("of a list: %s", r.stderr)
	}
	if r := call(t, "survey", "answers", "1", "--state", "done", "--data", data).expect(t, 2); !strings.Contains(r.stderr, "over_quota") {
		t.Errorf("%s", r.stderr)
	}
}
