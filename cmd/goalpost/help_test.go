package main

import (
	"strings"
	"testing"

	"goalpost/locale"
)

// Every command, flag and argument has its text in both languages: no help shows a key.
func TestHelpIsWritten(t *testing.T) {
	for _, lang := range []locale.Language{locale.English, locale.German} {
		parser, err := parserOf(&program{outside: outside{}, flags: &commands{}, say: locale.New(lang, "")})
		if err != nil {
			t.Fatal(err)
		}
		texts := 0
		for _, leaf := range parser.Model.Leaves(false) {
			all := []string{leaf.Help}
			for _, flags := range leaf.AllFlags(false) {
				for _, f := range flags {
					all = append(all, f.Help)
				}
			}
			for _, p := range leaf.Positional {
				all = append(all, p.Help)
			}
			for _, text := range all {
				if texts++; text == "" || strings.Contains(text, "cli.help") {
					t.Errorf("%s, %s: %q", lang, leaf.Path(), text)
				}
			}
		}
		if texts < 300 {
			t.Errorf("%s: only %d texts were looked at", lang, texts)
		}
	}
}
