package assess

import (
	"context"
	"encoding/csv"
	"encoding/json"
	"errors"
	"reflect"
	"strings"
	"testing"

	"goalpost"
)

// tableOf writes a study as the CSV that the template is.
func tableOf(t testing.TB, s goalpost.Study) string {
	t.Helper()
	var b strings.Builder
	w := csv.NewWriter(&b)
	if err := w.WriteAll(append([][]string{StudyColumns()}, StudyRows(s)...)); err != nil {
		t.Fatal(err)
	}
	return b.String()
}

func readStudy(name, text string) (goalpost.Study, error) {
	return ReadStudy(context.Background(), name, strings.NewReader(text), int64(len(text)))
}

// What is exported can be read again: JSON wholly, a table up to what it has columns for.
func TestStudyRoundTrip(t *testing.T) {
	list, err := PublishedStudies()
	if err != nil {
		t.Fatal(err)
	}
	for _, s := range append(list, StudyTemplate()) {
		data, err := json.MarshalIndent(s, "", " ")
		if err != nil {
			t.Fatal(err)
		}
		again, err := readStudy("x.json", string(data))
		if err != nil || !reflect.DeepEqual(again, s) {
			t.Errorf("%s as JSON: %v", s.ID, err)
		}
		table, err := readStudy("x.csv", tableOf(t, s))
		if err != nil || len(table.Figures) != len(s.Figures) {
			t.Errorf("%s as a table: %v, %d of %d figures", s.ID, err, len(table.Figures), len(s.Figures))
			continue
		}
		for i := range s.Figures {
			a, b := s.Figures[i], table.Figures[i]
			if a.Percent != b.Percent || a.Below != b.Below || a.About != b.About || a.Base != b.Base || a.Kind != b.Kind || a.Source != b.Source {
				t.Errorf("%s, figure %d\ngot:  %+v\nwant: %+v", s.ID, i, b, a)
			}
		}
	}
}

// A wrong file is refused with the line and the field.
func TestStudyFileRefused(t *testing.T) {
	good := tableOf(t, StudyTemplate())
	template, err := json.MarshalIndent(StudyTemplate(), "", "  ")
	if err != nil {
		t.Fatal(err)
	}
	lineOf := func(text, part string) int {
		at := strings.Index(text, part)
		if at < 0 {
			t.Fatalf("no %q", part)
		}
		return 1 + strings.Count(text[:at], "\n")
	}
	edit := func(text, from, to string) string {
		if !strings.Contains(text, from) {
			t.Fatalf("no %q in %s", from, text)
		}
		return strings.Replace(text, from, to, 1)
	}
	j := string(template)
	for _, c := range []struct {
		name, file, text string
		key, field       string
		line             int
	}{
		{"share over 100", "x.csv", edit(good, ",58.3,", ",158.3,"), "percent", "percent", 2},
		{"decimal comma in a field of words", "x.csv", edit(good, ",58.3,", ",many,"), "percent", "percent", 2},
		{"base without its kind", "x.csv", edit(good, ",310,assumed,", ",310,,"), "one-of", "base_kind", 4},
		{"unknown quality", "x.csv", edit(good, ",secondary,", ",rumour,"), "one-of", "quality", 3},
		{"unknown type", "x.csv", strings.ReplaceAll(good, ",multiple,", ",many,"), "one-of", "type", 2},
		{"type changes", "x.csv", edit(good, ",2026,current,goals,1,multiple,", ",2026,current,goals,1,single,"), "other", "type", 4},
		{"two numbers", "x.csv", edit(good, ",58.3,,,", ",58.3,60,,"), "one-number", "percent", 2},
		{"number of people", "x.csv", edit(good, ",240,self_selected", ",some,self_selected"), "number", "n", 2},
		{"other number of people", "x.csv", edit(good, "2025-11,240,self_selected,By newsletter,Über einen Newsletter,On the internet,Im Internet,2025,current,goals,1,multiple,Which goals do you pursue on social media?,Welche Ziele verfolgen Sie auf Social Media?,engagement", "2025-11,241,self_selected,By newsletter,Über einen Newsletter,On the internet,Im Internet,2025,current,goals,1,multiple,Which goals do you pursue on social media?,Welche Ziele verfolgen Sie auf Social Media?,engagement"), "other", "n", 3},
		{"date", "x.csv", strings.ReplaceAll(good, ",2025-10,", ",autumn,"), "date", "fielded_from", 2},
		{"link", "x.csv", edit(good, "https://example.org/report-2026", "javascript:alert(1)"), "address", "source", 2},
		{"column", "x.csv", edit(good, "percent", "per cent"), "column", "per cent", 1},
		{"missing column", "x.csv", edit(good, ",quality,", ",,"), "no-column", "quality", 1},
		{"the same figure twice", "x.csv", good + strings.Split(good, "\n")[1] + "\n", "twice", "option", 7},
		{"another study", "x.csv", good + edit(strings.Split(good, "\n")[1], "example-2026", "example-2027") + "\n", "other", "study", 7},
		{"share in JSON", "x.json", edit(j, `"58.3"`, `"158.3"`), "percent", "figures[0].percent", lineOf(j, `"58.3"`)},
		{"sample in JSON", "x.json", edit(j, `"self_selected"`, `"random"`), "one-of", "waves[0].sample_kind", lineOf(j, `"self_selected"`)},
		{"field in JSON", "x.json", edit(j, `"base": 240`, `"basis": 240`), "json-field", "basis", lineOf(j, `"base": 240`)},
		{"type in JSON", "x.json", edit(j, `"base": 240`, `"base": "many"`), "json-type", "figures.base", lineOf(j, `"base": 240`)},
		{"cut off", "x.json", j[:len(j)/2], "json", "", lineOf(j, j[len(j)/2:])},
		{"more", "x.json", j + "{}", "json-more", "", 1 + strings.Count(j, "\n")},
		{"no reference", "x.json", edit(j, `"reference": "2025"`, `"reference": "2024"`), "unknown", "figures[0].reference", lineOf(j, `"reference": "2025"`)},
	} {
		t.Run(c.name, func(t *testing.T) {
			_, err := readStudy(c.file, c.text)
			e, ok := errors.AsType[*goalpost.Error](err)
			if !ok {
				t.Fatalf("\ngot:  %v\nwant: an error of the user's", err)
			}
			if e.Key != "error.study."+c.key || e.Field != c.field || e.Line != c.line || e.File != c.file {
				t.Errorf("\ngot:  %s %q line %d of %s\nwant: error.study.%s %q line %d", e.Key, e.Field, e.Line, e.File, c.key, c.field, c.line)
			}
		})
	}
}

// A decimal comma, a sign of per cent, a semicolon: what spreadsheets in German make of
// a table.
func TestStudyTableFromASpreadsheet(t *testing.T) {
	rows := [][]string{StudyColumns()}
	for _, r := range StudyRows(StudyTemplate()) {
		for i, cell := range r {
			if StudyColumns()[i] == "percent" && cell != "" {
				r[i] = strings.Replace(cell, ".", ",", 1) + " %"
			}
		}
		rows = append(rows, r)
	}
	var b strings.Builder
	b.WriteString("\ufeff")
	w := csv.NewWriter(&b)
	w.Comma = ';'
	if err := w.WriteAll(rows); err != nil {
		t.Fatal(err)
	}
	s, err := readStudy("x.csv", b.String())
	if err != nil || s.Figures[0].Percent != "58.3" {
		t.Errorf("\ngot:  %v %+v\nwant: 58.3", err, s.Figures)
	}
}

func FuzzStudyFile(f *testing.F) {
	data, err := json.Marshal(StudyTemplate())
	if err != nil {
		f.Fatal(err)
	}
	f.Add("x.json", string(data))
	f.Add("x.csv", tableOf(f, StudyTemplate()))
	f.Add("x.csv", "study,title_en\n")
	f.Add("x.json", `{"id":"a","waves":[{}]}`)
	f.Fuzz(func(t *testing.T, name, text string) {
		s, err := readStudy(name, text)
		if err != nil {
			return
		}
		if s.Check() != nil {
			t.Error("a study was taken that is not sound")
		}
		ViewStudy(s, nil)
	})
}
