package main

import (
	"bytes"
	"context"
	"encoding/csv"
	"math"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"goalpost/gptest/need"
)

const (
	mh4uPage   = "../../docs/mh4u.md"
	mh4uUpdate = "to print the new figures and pictures: go test ./cmd/goalpost -run TestPageOfMH4U -update; then read the page again, for its words speak of them"
)

// mh4uBlock is a command of the page and, below it and perhaps a picture, what it prints.
var mh4uBlock = regexp.MustCompile("(?s)```sh\n([^`]*)\n```\n\n((?:!\\[[^\n]*\n\n)?)```text\n(.*?)```")

// Published figures: the page about a real case says what its commands print, shows the
// pictures that they draw, and its words fit the answers.
func TestPageOfMH4U(t *testing.T) {
	table := filepath.Join(need.Shared(t), "data", "social", "mh4u", "combined.csv")
	page, err := os.ReadFile(mh4uPage)
	if err != nil {
		t.Fatal(err)
	}
	dir := t.TempDir()
	if err := os.Mkdir(filepath.Join(dir, "docs"), 0o700); err != nil {
		t.Fatal(err)
	}
	if err := os.Symlink(build(t), filepath.Join(dir, "goalpost")); err != nil {
		t.Fatal(err)
	}
	blocks := 0
	changed := mh4uBlock.ReplaceAllStringFunc(string(page), func(block string) string {
		m := mh4uBlock.FindStringSubmatch(block)
		blocks++
		got := printed(t, dir, m[1], table)
		if got != m[3] && !*update {
			t.Errorf("%s\n%s\ngot:\n%s\nthe page:\n%s", mh4uUpdate, m[1], got, m[3])
		}
		return "```sh\n" + m[1] + "\n```\n\n" + m[2] + "```text\n" + got + "```"
	})
	if commands := strings.Count(string(page), "```sh\n"); blocks != commands || blocks < 7 {
		t.Errorf("%d commands were run, the page has %d", blocks, commands)
	}
	for _, name := range []string{"mh4u-users.svg", "mh4u-sessions.svg"} {
		samePicture(t, filepath.Join(dir, "docs", name), filepath.Join("..", "..", "docs", name))
	}
	if *update && changed != string(page) {
		if err := os.WriteFile(mh4uPage, []byte(changed), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	if !strings.Contains(string(page), "](mh4u-users.svg)") || !strings.Contains(string(page), "](mh4u-sessions.svg)") {
		t.Error("the page does not show its pictures")
	}
}

// printed runs a command of the page; what is called with "go run" stands in the module.
func printed(t *testing.T, dir, command, table string) string {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), 5*time.Minute)
	defer cancel()
	cmd := exec.CommandContext(ctx, "sh", "-c", command)
	cmd.Dir = dir
	if strings.HasPrefix(command, "go run ") {
		cmd.Dir = filepath.Join("..", "..")
	}
	cmd.Env = append(os.Environ(), "LANG=C.UTF-8", "GOALPOST_DATA=", "GOALPOST_LANGUAGE=en", "MH4U="+table)
	var out, errs bytes.Buffer
	cmd.Stdout, cmd.Stderr = &out, &errs
	if err := cmd.Run(); err != nil {
		t.Fatalf("%s\n%v\n%s", command, err, errs.String())
	}
	return out.String()
}

// samePicture compares a picture that was drawn with the one of the docs, or puts it there.
func samePicture(t *testing.T, drawn, path string) {
	t.Helper()
	got, err := os.ReadFile(drawn)
	if err != nil {
		t.Fatal(err)
	}
	if *update {
		if err := os.WriteFile(path, got, 0o600); err != nil {
			t.Fatal(err)
		}
	}
	if want, err := os.ReadFile(path); err != nil || !bytes.Equal(got, want) {
		t.Errorf("%s is not what the command draws (%v): %s", path, err, mh4uUpdate)
	}
}

// The words between the commands hold as long as the answers are these.
func TestWordsOfThePageOfMH4U(t *testing.T) {
	dir := filepath.Join(need.Shared(t), "data", "social", "mh4u")
	table := filepath.Join(dir, "combined.csv")
	ask := func(file, y string, args ...string) answer {
		t.Helper()
		return read[answer](t, call(t, append([]string{"effect", file, "--date", "Date", "--y", y, "--active", "Ads_Run", "--output", "json"}, args...)...).expect(t, 0))
	}
	users, sessions := ask(table, "Total users"), ask(table, "Sessions from Facebook")
	for _, c := range []struct {
		what string
		got  answer
		want string
	}{
		{"reach", ask(table, "Total_Reach"), "increase"},
		{"users", users, "cannot_tell"},
		{"sessions", sessions, "increase"},
		{"new users", ask(table, "New users"), "cannot_tell"},
		{"users from Facebook", ask(table, "User from Facebook"), "increase"},
		{"sessions without the first run", ask(table, "Sessions from Facebook", "--pre-from", "2023-07-31", "--from", "2023-08-02"), "increase"},
		{"sessions until January", ask(table, "Sessions from Facebook", "--until", "2024-01-23"), "cannot_tell"},
	} {
		if c.got.Decision != c.want || c.got.Method != "switched" {
			t.Errorf("%s: the words of docs/mh4u.md hold no longer, rewrite them\ngot:  %s (%s)\nwant: %s", c.what, c.got.Decision, c.got.Method, c.want)
		}
	}
	for _, pair := range []struct {
		y    string
		want answer
	}{{"Total users", users}, {"Sessions from Facebook", sessions}} {
		if got := ask(filepath.Join(dir, "combined.xlsx"), pair.y); got.Average != pair.want.Average {
			t.Errorf("%s: the workbook gives another answer than the CSV\ngot:  %+v\nwant: %+v", pair.y, got.Average, pair.want.Average)
		}
	}
	// "about ten a day", "a few fewer", "far too few to be seen there", "about 40 a day".
	seen := (users.Average.Hi - users.Average.Lo) / 2
	if v := sessions.Average.Value; v < 8 || v > 12 || v > seen/3 || seen < 35 || seen > 45 || users.Average.Value > 0 || users.Average.Value < -15 {
		t.Errorf("rewrite the words of docs/mh4u.md: sessions %+v, users %+v", sessions.Average, users.Average)
	}
	if spent, days := mh4uSpend(t, table); spent != "71115.11" || days != 110 {
		t.Errorf("got: %s spent on %d days", spent, days)
	}
}

// mh4uSpend adds the ad spend, in hundredths, and counts the days with it.
func mh4uSpend(t *testing.T, table string) (spent string, days int) {
	t.Helper()
	f, err := os.Open(table)
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = f.Close() }()
	rows, err := csv.NewReader(f).ReadAll()
	if err != nil {
		t.Fatal(err)
	}
	column, sum := slices.Index(rows[0], "Amount spent (UAH)"), 0.0
	if column < 0 {
		t.Fatalf("got: %v", rows[0])
	}
	for _, row := range rows[1:] {
		v, err := strconv.ParseFloat(row[column], 64)
		if err != nil {
			t.Fatal(err)
		}
		if v > 0 {
			days++
		}
		sum += math.Round(100 * v)
	}
	return strconv.FormatFloat(sum/100, 'f', 2, 64), days
}
