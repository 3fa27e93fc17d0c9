package locale

import (
	"encoding/json"
	"errors"
	"fmt"
	"math"
	"strings"
	"testing"

	"golang.org/x/text/feature/plural"

	"goalpost"
)

// printerOf has only the texts of a test.
func printerOf(lang Language, region string, list catalogue) *Printer {
	p := New(lang, region)
	p.texts = list
	return p
}

func TestT(t *testing.T) {
	number, word := goalpost.NumberArg, goalpost.TextArg
	list := catalogue{
		"plain":  {plural.Other: "{0} and {1}"},
		"plural": {plural.One: "{0} row of {1}", plural.Other: "{0} rows of {1}"},
		"inline": {plural.Other: "{0} {0:day|days} in {1} {1:week|weeks}"},
		"maybe":  {plural.Other: "posts{0? of }{0}."},
		"swiss":  {plural.Other: "größer als {0}"},
		"broken": {plural.Other: "{0} {x} {9} {-1} {0!} {"},
	}
	tests := []struct {
		name, key string
		args      []goalpost.Arg
		want      string
	}{
		{"arguments", "plain", []goalpost.Arg{word("a"), word("b")}, "a and b"},
		{"arguments are not read again", "plain", []goalpost.Arg{word("{1}"), word("b")}, "{1} and b"},
		{"an argument is missing", "plain", []goalpost.Arg{word("a")}, "a and {1}"},
		{"too many arguments", "plain", []goalpost.Arg{word("a"), word("b"), word("c")}, "a and b"},
		{"one", "plural", []goalpost.Arg{number(1), word("x")}, "1 row of x"},
		{"none", "plural", []goalpost.Arg{number(0), word("x")}, "0 rows of x"},
		{"many", "plural", []goalpost.Arg{number(10_000_001), word("x")}, "10,000,001 rows of x"},
		{"a fraction", "plural", []goalpost.Arg{number(1.5), word("x")}, "1.5 rows of x"},
		{"no number chooses", "plural", []goalpost.Arg{word("1"), word("x")}, "1 rows of x"},
		{"two numbers", "inline", []goalpost.Arg{number(1), number(2)}, "1 day in 2 weeks"},
		{"two numbers, other", "inline", []goalpost.Arg{number(3), goalpost.PlainArg(1)}, "3 days in 1 week"},
		{"where there is something", "maybe", []goalpost.Arg{word("us")}, "posts of us."},
		{"where there is nothing", "maybe", []goalpost.Arg{word("")}, "posts."},
		{"unreadable placeholders stay", "broken", []goalpost.Arg{word("a")}, "a {x} {9} {-1} {0!} {"},
		{"no ss outside Switzerland", "swiss", []goalpost.Arg{word("Maß")}, "größer als Maß"},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			p := printerOf(English, "", list)
			same(t, test.key, p.T(test.key, test.args...), test.want)
		})
	}
	same(t, "names stay as people write them", printerOf(German, "CH", list).T("swiss", word("Maß")), "grösser als Maß")
	same(t, "catalogue", New(German, "CH").T("goal.segments"), "Neue Zielgruppen erschliessen")
}

func TestMissing(t *testing.T) {
	var missed []string
	p := New(English, "")
	p.Missing = func(key string) { missed = append(missed, key) }
	same(t, "the key itself", p.T("no.such.key"), "no.such.key")
	same(t, "an imported series", p.Word("kpi.tins_sold"), "Tins sold")
	same(t, "no network", p.Word("network."), "")
	same(t, "no note", p.Note(goalpost.Note{}), "")
	if got := strings.Join(missed, " "); got != "no.such.key" {
		t.Errorf("\ngot:  %s\nwant: no.such.key", got)
	}
}

func TestArg(t *testing.T) {
	tests := []struct {
		arg    goalpost.Arg
		en, de string
	}{
		{goalpost.NumberArg(5230), "5,230", "5.230"},
		{goalpost.NumberArg(123.456), "123", "123"},
		{goalpost.RateArg(0.025), "2.5%", "2,5\u00a0%"},
		{goalpost.MoneyArg(1234.5, "EUR"), "€1,234.50", "1.234,50\u00a0€"},
		{goalpost.DayArg(goalpost.NewDay(2026, 8, 24)), "24 August 2026", "24. August 2026"},
		{goalpost.TextArg("a.csv"), "a.csv", "a.csv"},
		{goalpost.WordArg("kpi.orders"), "Orders", "Bestellungen"},
		{goalpost.PlainArg(2026), "2026", "2026"}, // x/text: 2.026
		{goalpost.Arg{Type: goalpost.ArgPerPost, Number: 3.2}, "3.2 per post", "3,2\u00a0je Beitrag"},
		{goalpost.Arg{Type: "unheard", Text: "x"}, "x", "x"},
	}
	for _, test := range tests {
		same(t, "en", New(English, "").Arg(test.arg), test.en)
		same(t, "de", New(German, "").Arg(test.arg), test.de)
	}
}

func TestError(t *testing.T) {
	unreadable := &goalpost.Error{Kind: goalpost.Invalid, Key: "error.goal.target-unreadable", Field: "target", Flag: "--target", Args: []goalpost.Arg{goalpost.TextArg("many")}}
	inFile := &goalpost.Error{Kind: goalpost.Invalid, Key: "error.goal.target-unreadable", File: "goals.csv", Line: 1012, Field: "target", Args: []goalpost.Arg{goalpost.TextArg("many")}}
	asks := &goalpost.Error{Kind: goalpost.Ask, Key: "error.conflict", File: "posts.csv", Flag: "--time-zone"}
	tests := []struct {
		name            string
		err             error
		en, de, command string
	}{
		{"a form", unreadable,
			"Field “Target”: “many” is not a number that a target can be. Write a number such as 5000, a rate such as 2.5%, or a change against the baseline such as +10%.",
			"Feld „Zielwert“: „many“ ist keine Zahl, die ein Zielwert sein kann. Schreiben Sie eine Zahl wie 5000, eine Rate wie 2,5% oder eine Änderung gegenüber dem Ausgangswert wie +10%.",
			"--target: “many” is not a number that a target can be. Write a number such as 5000, a rate such as 2.5%, or a change against the baseline such as +10%."},
		{"a file", fmt.Errorf("import: %w", inFile),
			"goals.csv, line 1012, field “target”: “many” is not a number that a target can be. Write a number such as 5000, a rate such as 2.5%, or a change against the baseline such as +10%.",
			"goals.csv, Zeile 1012, Feld „target“: „many“ ist keine Zahl, die ein Zielwert sein kann. Schreiben Sie eine Zahl wie 5000, eine Rate wie 2,5% oder eine Änderung gegenüber dem Ausgangswert wie +10%.",
			"goals.csv, line 1012, field “target”: “many” is not a number that a target can be. Write a number such as 5000, a rate such as 2.5%, or a change against the baseline such as +10%."},
		{"a file that asks", asks,
			"posts.csv: Somebody else changed this in the meantime. Load it again and repeat your change.",
			"posts.csv: Jemand anderes hat das inzwischen geändert. Laden Sie es neu, und wiederholen Sie Ihre Änderung.",
			"posts.csv: Somebody else changed this in the meantime. Load it again and repeat your change. Answer with --time-zone."},
		{"a line alone", &goalpost.Error{Key: "error.not-found", Line: 3},
			"Line 3: There is nothing here with that name or number. Perhaps it was removed, or it belongs to another organisation.",
			"Zeile 3: Unter diesem Namen oder dieser Nummer gibt es hier nichts. Vielleicht wurde es entfernt, oder es gehört zu einer anderen Organisation.",
			"Line 3: There is nothing here with that name or number. Perhaps it was removed, or it belongs to another organisation."},
		{"anything else", errors.New("sql: secret detail"),
			"Something went wrong inside Goalpost (internal error). Try again; if it happens again, the log says more.",
			"In Goalpost ist etwas schiefgegangen (interner Fehler). Versuchen Sie es noch einmal; geschieht es wieder, steht mehr im Protokoll.",
			"Something went wrong inside Goalpost (internal error). Try again; if it happens again, the log says more."},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			same(t, "en", New(English, "").Error(test.err), test.en)
			same(t, "de", New(German, "").Error(test.err), test.de)
			same(t, "command", New(English, "").CommandError(test.err), test.command)
		})
	}
	same(t, "no error", New(English, "").Error(nil), "")
	same(t, "no error", New(English, "").CommandError(nil), "")
}

// FuzzNote gives every sentence any arguments: nothing panics, and no argument is
// read as a placeholder.
func FuzzNote(f *testing.F) {
	f.Add("verdict.reason.too-far", `[{"type":"number","number":3},{"type":"number","number":1}]`)
	f.Add("verdict.reason.forecast", `[{"type":"text","text":"{1}"},{"type":"day","day":"2026-01-01"}]`)
	f.Add("verdict.source.posts", `[{"type":"word","text":"kpi."},{"type":"money","number":-1e308,"currency":"XXX"},{}]`)
	f.Add("goal.segments", `[]`)
	f.Fuzz(func(t *testing.T, key, args string) {
		var list []goalpost.Arg
		if json.Unmarshal([]byte(args), &list) != nil {
			list = []goalpost.Arg{goalpost.TextArg(args), goalpost.NumberArg(math.NaN()), goalpost.NumberArg(math.Inf(-1)), goalpost.RateArg(1e308)}
		}
		for _, p := range []*Printer{New(English, ""), New(German, "CH")} {
			if got := p.Note(goalpost.NewNote(key, list...)); got == "" && key != "" && len(list) == 0 && p.Has(key) {
				t.Errorf("%s is empty", key)
			}
			for _, k := range []string{"verdict.reason.too-far", "verdict.doubt.target-moved", "verdict.source.posts"} {
				if got := p.T(k, list...); strings.TrimSpace(got) == "" {
					t.Errorf("%s is empty with %v", k, list)
				}
			}
			for _, a := range list {
				p.Arg(a)
				_, _, _ = p.Rounded(a.Number, -a.Number, a.Number)
				p.Compact(a.Number)
			}
		}
	})
}

// Every sentence with no, wrong and too many arguments: no panic, no empty sentence.
func TestWrongArguments(t *testing.T) {
	odd := []goalpost.Arg{goalpost.NumberArg(math.Inf(1)), {}, goalpost.DayArg(goalpost.NoDay), goalpost.MoneyArg(math.NaN(), ""), goalpost.WordArg("no.key"), goalpost.TextArg("{0}")}
	for _, lang := range Languages() {
		p := New(lang, "")
		for _, key := range Keys(lang) {
			for n := range len(odd) + 1 {
				if p.T(key, odd[:n]...) == "" {
					t.Errorf("%s %s is empty with %d arguments", lang, key, n)
				}
			}
		}
	}
}
