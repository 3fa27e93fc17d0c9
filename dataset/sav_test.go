package dataset

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"math"
	"slices"
	"strings"
	"testing"
)

func savOf(t testing.TB, x Table) savRead {
	t.Helper()
	var b bytes.Buffer
	if err := x.WriteSAV(&b); err != nil {
		t.Fatal(err)
	}
	s, err := readSAV(b.Bytes())
	if err != nil {
		t.Fatal(err)
	}
	return s
}

// equal compares what was read with what a file can hold of a table.
func sameRows(x Table, s savRead) error {
	if len(s.rows) != len(x.Rows) || len(s.names) != len(x.Variables) {
		return fmt.Errorf("%d rows of %d, %d variables of %d", len(s.rows), len(x.Rows), len(s.names), len(x.Variables))
	}
	for i, r := range x.Rows {
		for k, v := range x.Variables {
			got, want := s.rows[i][k], r[k]
			switch {
			case v.Text && got.Text != strings.TrimRight(head(clean(want.Text), 32767), " "):
				return fmt.Errorf("row %d, %s: %q is no %q", i, v.Name, got.Text, want.Text)
			case v.Text:
			case !want.known() || want.Number == -math.MaxFloat64:
				if got.known() {
					return fmt.Errorf("row %d, %s: %v, not missing", i, v.Name, got.Number)
				}
			case v.Format == Plain && got.Number != want.Number, v.Format != Plain && got.Number != want.Number+12219379200:
				return fmt.Errorf("row %d, %s: %v is no %v", i, v.Name, got.Number, want.Number)
			}
		}
	}
	return nil
}

func TestSAV(t *testing.T) {
	x := sample()
	s := savOf(t, x)
	if err := sameRows(x, s); err != nil {
		t.Error(err)
	}
	if want := "answer why where.ig where.shop v_by more device source spent begun_at day v_BY_2 weight"; strings.Join(s.names, " ") != want {
		t.Errorf("names %v", s.names)
	}
	if s.title != x.Title || s.weight != "weight" || s.texts["more"] != len(longText) {
		t.Errorf("title %q, weight %q, width %d of %d", s.title, s.weight, s.texts["more"], len(longText))
	}
	if l := s.labels["v_by"]; len(l) > 255 || !strings.HasSuffix(l, "Frage?…") || s.labels["why"] != "Warum folgen Sie uns? 🐕" {
		t.Errorf("labels %q, %q", l, s.labels["why"])
	}
	if s.values["why"][Number(2)] != "Neues & Überraschendes" || s.values["source"][Text("newsletter")] != "Rundbrief" || s.values["device"][Text("?")] != "unbekannt" {
		t.Errorf("values %v", s.values)
	}
	if !s.ranged["why"] || s.missing["why"][0].Number != 991 || s.missing["why"][1].Number != 994 || !slices.Equal(s.missing["v_by"], []Value{Number(9)}) || !slices.Equal(s.missing["source"], []Value{Text("-")}) {
		t.Errorf("missing %v", s.missing)
	}
	if s.measure["v_by"] != 2 || s.measure["spent"] != 3 || s.measure["why"] != 1 {
		t.Errorf("measures %v", s.measure)
	}
	want := []string{"$plain=D1 1 0  v2 v15", "$where=E 1 1 1 18 Wo folgen Sie uns? v3 v4"}
	if !slices.Equal(s.sets, want) {
		t.Errorf("sets\ngot:  %q\nwant: %q", s.sets, want)
	}
}

// More missing values than a variable can have are a range, and where something else lies in
// it, those beyond three are not known at all: never numbers that count.
func TestSAVMissing(t *testing.T) {
	x := Table{Variables: []Variable{{Name: "a", Values: states()}, {Name: "t", Text: true, Values: []Label{{Text("p"), "P", true}, {Text("q"), "Q", true}, {Text("r"), "R", true}, {Text("s"), "S", true}}}}}
	for _, v := range []float64{991, 992, 993, 994, 992.5} {
		x.Rows = append(x.Rows, []Value{Number(v), Text("s")})
	}
	s := savOf(t, x)
	if s.ranged["a"] || len(s.missing["a"]) != 3 || s.rows[0][0].Number != 991 || s.rows[3][0].known() || s.rows[4][0].Number != 992.5 {
		t.Errorf("%v %v", s.missing["a"], s.rows)
	}
	if len(s.missing["t"]) != 3 || s.rows[0][1].Text != "" {
		t.Errorf("%v %v", s.missing["t"], s.rows[0])
	}
}

// A table may be empty, and wide.
func TestSAVSizes(t *testing.T) {
	x := sample()
	x.Rows = nil
	if s := savOf(t, x); len(s.rows) != 0 || len(s.names) != len(x.Variables) {
		t.Errorf("without rows: %d, %d", len(s.rows), len(s.names))
	}
	x = wide(300, 20)
	if err := sameRows(x, savOf(t, x)); err != nil {
		t.Error(err)
	}
	x = Table{Variables: []Variable{{Name: "t", Text: true}}, Rows: [][]Value{{Text(strings.Repeat("ü", 20000))}}}
	if s := savOf(t, x); len(s.rows[0][0].Text) != 32766 {
		t.Errorf("a text that is too long: %d bytes", len(s.rows[0][0].Text))
	}
	for _, c := range []struct {
		x    Table
		want error
	}{{Table{}, ErrNoVariable}, {Table{Variables: []Variable{{Name: "a"}}, Rows: [][]Value{{}}}, ErrRow}} {
		for _, write := range []func(io.Writer) error{c.x.WriteSAV, c.x.WriteTripleS, c.x.WriteDDI} {
			if err := write(io.Discard); !errors.Is(err, c.want) {
				t.Errorf("%v, not %v", err, c.want)
			}
		}
	}
}

// wide has texts and numbers in turns.
func wide(variables, rows int) Table {
	x := Table{Name: "wide", Title: "Breit"}
	for i := range variables {
		x.Variables = append(x.Variables, Variable{Name: fmt.Sprintf("question_%d", i), Label: fmt.Sprintf("Frage %d", i), Text: i%3 == 0, Measure: Measure(1 + i%3)})
	}
	for r := range rows {
		row := make([]Value, variables)
		for i := range row {
			if row[i] = Number(float64(r*i) / 4); i%3 == 0 {
				row[i] = Text(strings.Repeat("ä", (r*i)%200))
			}
		}
		x.Rows = append(x.Rows, row)
	}
	return x
}

// brokenWriter takes so many bytes and no more.
type brokenWriter struct{ left int }

func (w *brokenWriter) Write(b []byte) (int, error) {
	if w.left -= len(b); w.left < 0 {
		return 0, io.ErrShortWrite
	}
	return len(b), nil
}

// A file that could not be written to its end is an error, wherever it broke off.
func TestBrokenWriter(t *testing.T) {
	x := wide(50, 100)
	for name, write := range map[string]func(io.Writer) error{"sav": x.WriteSAV, "sss": x.WriteTripleS, "ddi": x.WriteDDI} {
		var whole bytes.Buffer
		if err := write(&whole); err != nil {
			t.Fatal(err)
		}
		for left := 0; left < whole.Len(); left += 1 + whole.Len()/50 {
			if err := write(&brokenWriter{left}); !errors.Is(err, io.ErrShortWrite) {
				t.Errorf("%s after %d bytes: %v", name, left, err)
			}
		}
		if err := write(&brokenWriter{whole.Len()}); err != nil {
			t.Errorf("%s: %v", name, err)
		}
	}
}

func TestNames(t *testing.T) {
	for in, want := range map[string]string{"why.else.text": "why.else.text", "by": "v_by", "NOT": "v_NOT", "1st": "v_1st", "": "v", "größe": "gr__e", "a-b": "a_b", "why@1": "why_1", "end.": "end", "_": "v"} {
		if got := validName(in); got != want {
			t.Errorf("%q: %q, not %q", in, got, want)
		}
	}
	long := strings.Repeat("x", 80)
	got := uniqueNames([]string{long, long, strings.ToUpper(long), "a", "A", "a_2"})
	seen := map[string]bool{}
	for _, n := range got {
		if low := strings.ToLower(n); len(n) > 64 || seen[low] {
			t.Errorf("%q", got)
		} else {
			seen[low] = true
		}
	}
}
