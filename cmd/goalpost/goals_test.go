package main

import (
	"slices"
	"strings"
	"testing"
	"time"

	"goalpost"
	"goalpost/document"
)

func TestGoalIsSetMovedAndRetired(t *testing.T) {
	data := demoCopy(t)
	added := read[struct {
		Goal    int                `json:"goal"`
		Version int                `json:"version"`
		State   goalpost.GoalState `json:"state"`
	}](t, call(t, "goals", "add", "--data", data, "--goal", "engagement", "--kpi", "engagements", "--target", "5000", "--from", "2026-01-01", "--until", "2026-12-31",
		"--account", "facebook:Hafenlicht", "--output", "json").expect(t, 0))
	if added.Version != 1 || added.State != goalpost.Operational {
		t.Fatalf("\ngot:  %+v\nwant: an operational goal; the owner is whoever makes it", added)
	}
	id := plain(added.Goal)
	r := call(t, "goals", "change", id, "--data", data, "--target", "9000").expect(t, 2)
	if !strings.Contains(r.stderr, "--why") {
		t.Errorf("without a reason\ngot:  %q\nwant: --why", r.stderr)
	}
	call(t, "goals", "change", id, "--data", data, "--target", "9000", "--why", "More posts than planned").expect(t, 0)
	history := read[struct {
		Versions []versionEntry `json:"versions"`
	}](t, call(t, "goals", "history", id, "--data", data, "--output", "json").expect(t, 0)).Versions
	if len(history) != 2 || *history[1].Resolved != 9000 || history[1].Why != "More posts than planned" || history[1].By != "ada" || history[0].Owner != "ada" {
		t.Errorf("\ngot:  %+v\nwant: two versions, by ada", history)
	}
	call(t, "goals", "change", id, "--data", data, "--retire", "--why", "Done").expect(t, 0)
	for _, g := range read[[]document.Goal](t, call(t, "goals", "--data", data, "--output", "json").expect(t, 0)) {
		if plain(g.Goal) == id {
			t.Errorf("a retired goal is judged: %+v", g)
		}
	}
}

func TestGoalRefusals(t *testing.T) {
	data := demoData(t).dir
	add := []string{"goals", "add", "--data", data}
	cases := []struct {
		name string
		args []string
		want string
	}{
		{"no goal", nil, "--goal"},
		{"unknown goal", []string{"--goal", "fame"}, "fame"},
		{"unknown KPI", []string{"--goal", "reach", "--kpi", "luck"}, "luck"},
		{"bare number for a rate", []string{"--goal", "engagement", "--kpi", "engagement_rate_by_reach", "--target", "2.5"}, "2.5%"},
		{"no number", []string{"--goal", "reach", "--kpi", "reach", "--target", "much"}, "--target"},
		{"days backwards", []string{"--goal", "reach", "--kpi", "reach", "--target", "10", "--from", "2026-02-01", "--until", "2026-01-01"}, "--until"},
		{"unknown account", []string{"--goal", "reach", "--account", "nobody"}, "nobody"},
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			if r := call(t, slices.Concat(add, c.args)...).expect(t, 2); !strings.Contains(r.stderr, c.want) {
				t.Errorf("\ngot:  %q\nwant: %q", r.stderr, c.want)
			}
		})
	}
}

// The demo shows each kind of verdict, in both languages, as of now and before.
func TestVerdictsOfTheDemo(t *testing.T) {
	data := demoData(t).dir
	english := read[[]document.Goal](t, call(t, "goals", "--data", data, "--output", "json").expect(t, 0))
	german := read[[]document.Goal](t, call(t, "goals", "--data", data, "--output", "json", "--language", "de").expect(t, 0))
	seen := map[goalpost.Decision]bool{}
	for i, g := range english {
		seen[g.Decision] = true
		if g.Reason == "" || g.Reason == german[i].Reason || g.ReasonCode != german[i].ReasonCode {
			t.Errorf("goal %d\ngot:  %q and %q\nwant: one reason in two languages", g.Goal, g.Reason, german[i].Reason)
		}
	}
	for _, d := range []goalpost.Decision{goalpost.Reached, goalpost.OnTrack, goalpost.AtRisk, goalpost.CannotTell, goalpost.NotMeasured} {
		if !seen[d] {
			t.Errorf("no goal is %s: %v", d, english)
		}
	}
	before := read[[]document.Goal](t, call(t, "goals", "--data", data, "--as-of", "2026-10-01", "--seen", "--output", "json").expect(t, 0))
	for _, g := range before {
		if g.AsOf.String() != "2026-10-01" || !g.Seen {
			t.Errorf("\ngot:  as of %s, seen %v\nwant: 2026-10-01, seen", g.AsOf, g.Seen)
		}
	}
}

// The same data give the same digits.
func TestVerdictsRepeat(t *testing.T) {
	data := demoData(t).dir
	later := func(o *outside) { o.now = func() time.Time { return today.Add(time.Hour) } }
	a := call(t, "goals", "--data", data, "--output", "json").expect(t, 0)
	b := callWith(t, later, "goals", "--data", data, "--output", "json").expect(t, 0)
	if a.stdout != b.stdout {
		t.Errorf("\ngot:  %s\nwant: %s", b.stdout, a.stdout)
	}
}

// The table says "Verdict" as the pages do, each goal its KPI, and only a ratio has a numerator.
func TestTablesUseThePagesWords(t *testing.T) {
	data := demoData(t).dir
	r := call(t, "goals", "--data", data).expect(t, 0)
	if head, _, _ := strings.Cut(r.stdout, "\n"); !strings.Contains(head, "Verdict") || strings.Contains(head, "Decision") || !strings.Contains(r.stdout, "Sell more · Revenue") {
		t.Errorf("\ngot:  %s", r.stdout)
	}
	r = call(t, "kpi", "reach", "engagement_rate_by_reach", "--from", "2026-10-01", "--until", "2026-10-31", "--data", data).expect(t, 0)
	cells := map[string][]string{}
	for line := range strings.Lines(r.stdout) {
		if name, rest, ok := strings.Cut(line, "  "); ok && len(cells) < 3 && name != "" {
			cells[strings.TrimRight(name, " *")] = strings.Fields(rest)
		}
	}
	if c := cells["Reach (people)"]; len(c) < 3 || c[0] == "–" || c[1] != "–" {
		t.Errorf("reach has no numerator\ngot:  %s", r.stdout)
	}
	if c := cells["Engagement rate by r…"]; len(c) < 3 || c[1] == "–" || c[2] == "–" {
		t.Errorf("a rate has both\ngot:  %s", r.stdout)
	}
}

func TestAlignment(t *testing.T) {
	rows := read[struct {
		Alignment []alignmentEntry `json:"alignment"`
	}](t, call(t, "goals", "alignment", "--data", demoData(t).dir, "--output", "json").expect(t, 0)).Alignment
	problems := map[string]int{}
	for _, r := range rows {
		problems[r.Problem]++
	}
	for _, p := range []string{"ok", "no-kpi", "no-goal", "lower-layer"} {
		if problems[p] == 0 {
			t.Errorf("no line is %s: %v", p, problems)
		}
	}
}

func TestDoctor(t *testing.T) {
	data := demoCopy(t)
	before := call(t, "posts", "--data", data, "--output", "json").expect(t, 0)
	verdicts := call(t, "goals", "--data", data, "--output", "json").expect(t, 0)
	if r := call(t, "doctor", "--data", data).expect(t, 0); strings.Contains(r.stdout, "WRONG") || strings.Count(r.stdout, "\n") < 3 {
		t.Errorf("\ngot:  %s\nwant: one line a check, all sound", r.stdout)
	}
	call(t, "doctor", "--rebuild", "--data", data).expect(t, 0)
	if after := call(t, "posts", "--data", data, "--output", "json").expect(t, 0); after.stdout != before.stdout {
		t.Error("a rebuild changed the posts")
	}
	if after := call(t, "goals", "--data", data, "--output", "json").expect(t, 0); after.stdout != verdicts.stdout {
		t.Errorf("a rebuild changed the verdicts\ngot:  %s\nwant: %s", after.stdout, verdicts.stdout)
	}
}

func TestUsers(t *testing.T) {
	data := demoCopy(t)
	with := func(password string) func(*outside) {
		return func(o *outside) { o.stdin = strings.NewReader(password + "\n") }
	}
	if r := callWith(t, with("short"), "user", "add", "grace", "--data", data).expect(t, 2); !strings.Contains(r.stderr, "12") {
		t.Errorf("\ngot:  %q\nwant: the least length", r.stderr)
	}
	callWith(t, with("four words that fit"), "user", "add", "grace", "--role", "owner", "--data", data).expect(t, 0)
	callWith(t, with("four words that fit"), "user", "add", "Grace", "--data", data).expect(t, 2)
	callWith(t, with("four other words fit"), "user", "password", "grace", "--data", data).expect(t, 0)
	if r := call(t, "user", "list", "--data", data, "--output", "csv").expect(t, 0); !strings.Contains(r.stdout, "grace,owner") || strings.Contains(r.stdout, "argon2") {
		t.Errorf("\ngot:  %q\nwant: grace, and no password", r.stdout)
	}
}
