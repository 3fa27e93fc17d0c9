package dataset

import (
	"strings"
	"time"
)

// states are the reasons for which nothing was answered.
func states() []Label {
	return []Label{{Number(991), "not asked", true}, {Number(992), "not answered", true}, {Number(993), "don’t know", true}, {Number(994), "would rather not say", true}}
}

// longText is longer than a segment of a string, with letters of several bytes at its ends.
var longText = strings.Repeat("Größe 🐕 ", 60) + "Ende"

// sample has everything that a file can hold.
func sample() Table {
	choice := func(label string) []Label {
		return append([]Label{{Number(0), "not chosen", false}, {Number(1), label, false}}, states()...)
	}
	t := Table{Name: "wishes-2026", Title: "Wünsche & Träume <2026>", Program: "Goalpost 1.0", Language: "de", At: time.Date(2026, 3, 15, 12, 30, 0, 0, time.UTC)}
	t.Variables = []Variable{
		{Name: "answer", Label: "Answer", Serial: true, Measure: Nominal},
		{Name: "why", Label: "Warum folgen Sie uns? 🐕", Measure: Nominal, Values: append([]Label{{Number(1), "Angebote", false}, {Number(2), "Neues & Überraschendes", false}}, states()...)},
		{Name: "where.ig", Label: "Wo? – Instagram", Measure: Nominal, Values: choice("Instagram")},
		{Name: "where.shop", Label: "Wo? – Laden", Measure: Nominal, Values: choice("Laden \"am Eck\"")},
		{Name: "by", Label: strings.Repeat("Eine lange Frage? ", 20), Measure: Ordinal, Values: []Label{{Number(1), "schlecht", false}, {Number(5), "gut", false}, {Number(9), "weiß nicht", true}}},
		{Name: "more", Label: "Mehr?", Text: true, Measure: Nominal},
		{Name: "device", Label: "Gerät", Text: true, Measure: Nominal, Values: []Label{{Text("phone"), "Telefon", false}, {Text("desk"), "Rechner", false}, {Text("?"), "unbekannt", true}}},
		{Name: "source", Label: "Quelle", Text: true, Measure: Nominal, Values: []Label{{Text("newsletter"), "Rundbrief", false}, {Text("-"), "keine", true}}},
		{Name: "spent", Label: "Ausgaben", Measure: Scale, Decimals: 2, Values: states()},
		{Name: "begun_at", Label: "Begonnen", Measure: Scale, Format: Moment},
		{Name: "day", Label: "Tag", Measure: Scale, Format: Day},
		{Name: "BY", Label: "", Measure: Scale},
		{Name: "weight", Label: "Gewicht", Measure: Scale, Decimals: 4, Weight: true},
	}
	t.Sets = []MultiSet{{Name: "where", Label: "Wo folgen Sie uns?", Members: []int{2, 3}, Counted: 1}, {Name: "plain", Label: "", Members: []int{1, 11}, Counted: 1}}
	noon := float64(time.Date(2026, 3, 14, 12, 0, 0, 0, time.UTC).Unix())
	day := float64(time.Date(2026, 3, 14, 0, 0, 0, 0, time.UTC).Unix())
	t.Rows = [][]Value{
		{Number(1), Number(2), Number(1), Number(0), Number(5), Text(longText), Text("phone"), Text("newsletter"), Number(1234.5), Number(noon), Number(day), Number(-0.25), Number(1.25)},
		{Number(2), Number(993), Number(991), Number(991), Number(9), Text("=1+1 \"x\", <y>\nzweite Zeile\x00\x1b"), Text("?"), Text("-"), Number(994), Nothing(), Nothing(), Nothing(), Number(0.5)},
		{Number(3), Nothing(), Number(0), Number(1), Number(1), Text(""), Text("desk"), Text(""), Number(-3), Number(noon), Number(day), Number(1e12), Number(1)},
	}
	return t
}
