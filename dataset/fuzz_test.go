package dataset

import (
	"archive/zip"
	"bytes"
	"encoding/csv"
	"encoding/xml"
	"errors"
	"io"
	"math"
	"testing"
	"time"
)

// tableOf makes a table of any bytes.
func tableOf(b []byte) Table {
	take := func(n int) []byte {
		part := b[:min(n, len(b))]
		b = b[len(part):]
		return part
	}
	one := func() int {
		if p := take(1); len(p) > 0 {
			return int(p[0])
		}
		return 0
	}
	text := func() string {
		n := one()
		return string(bytes.Repeat(take(n%40), 1+n/40*3))
	}
	number := func() float64 {
		switch k := one(); k % 4 {
		case 0:
			return float64(k)
		case 1:
			return float64(k)/8 - 10
		case 2:
			v := 0.0
			for _, c := range take(8) {
				v = v*256 + float64(c)
			}
			return v
		default:
			var bits uint64
			for _, c := range take(8) {
				bits = bits<<8 | uint64(c)
			}
			return math.Float64frombits(bits)
		}
	}
	t := Table{Name: text(), Title: text(), Program: text(), Language: text(), At: time.Unix(int64(one())*1e7, 0)}
	for range 1 + one()%6 {
		k := one()
		v := Variable{Name: text(), Label: text(), Text: k&1 > 0, Measure: Measure(k / 2 % 5), Format: Format(k / 16 % 3), Decimals: one() % 20, Weight: k&64 > 0, Serial: k&128 > 0}
		for range one() % 6 {
			v.Values = append(v.Values, Label{Value: Value{number(), text()}, Label: text(), Missing: one()%2 == 0})
		}
		t.Variables = append(t.Variables, v)
	}
	for range one() % 3 {
		t.Sets = append(t.Sets, MultiSet{Name: text(), Label: text(), Members: []int{one() % 8, one() % 8, one() % 8}, Counted: one()})
	}
	for range one() % 8 {
		row := make([]Value, len(t.Variables))
		for i := range row {
			row[i] = Value{number(), text()}
		}
		t.Rows = append(t.Rows, row)
	}
	return t
}

// Any table is written so that it can be read again.
func FuzzTable(f *testing.F) {
	f.Add([]byte("\x03abc\x05W\xc3\xbcsche\x00\x00\x10\x02\x41\x03why\x04Why?\x01\x02\x05\x02ab\x02\x01a\x01\x00\x01\x01x\x00\x01\x00\x00\x01\x02\x03\x01\x02"))
	f.Add([]byte("\xff<&>\x00\x01\"'\n\r\t\x1b\xf0\x9f\x90\x95"))
	f.Add(bytes.Repeat([]byte{0xef, 0xbf, 0xbe, 0xff, 7, 200}, 90))
	f.Fuzz(func(t *testing.T, b []byte) {
		x := tableOf(b)
		s := savOf(t, x)
		if err := sameRows(withoutDropped(x), s); err != nil {
			t.Error(err)
		}
		readTripleS(t, x)
		var out bytes.Buffer
		if err := x.WriteDDI(&out); err != nil {
			t.Fatal(err)
		}
		wellFormed(t, out.Bytes())
	})
}

// withoutDropped is a table as a system file can hold it: with no more missing values than
// SPSS knows.
func withoutDropped(x Table) Table {
	d := x.savDictionary()
	rows := make([][]Value, len(x.Rows))
	for i, r := range x.Rows {
		rows[i] = append([]Value{}, r...)
		for k, v := range d.variables {
			for _, m := range v.missing.dropped {
				if !v.Text && r[k].Number == m.Number {
					rows[i][k] = Nothing()
				}
				if v.Text && savText(r[k].Text) == m.Text {
					rows[i][k] = Text("")
				}
			}
		}
	}
	x.Rows = rows
	return x
}

func wellFormed(t testing.TB, b []byte) {
	t.Helper()
	for d := xml.NewDecoder(bytes.NewReader(b)); ; {
		if _, err := d.Token(); errors.Is(err, io.EOF) {
			return
		} else if err != nil {
			t.Fatalf("%v in\n%s", err, b)
		}
	}
}

// readTripleS reads both files of the archive and checks that the data fit what is said of
// them.
func readTripleS(t testing.TB, x Table) (sssFile, [][]string) {
	t.Helper()
	var b bytes.Buffer
	if err := x.WriteTripleS(&b); err != nil {
		t.Fatal(err)
	}
	archive, err := zip.NewReader(bytes.NewReader(b.Bytes()), int64(b.Len()))
	if err != nil || len(archive.File) != 2 {
		t.Fatalf("archive: %v, %v", err, archive)
	}
	content := map[string][]byte{}
	for _, f := range archive.File {
		in, err := f.Open()
		if err != nil {
			t.Fatal(err)
		}
		if content[f.Name[len(f.Name)-4:]], err = io.ReadAll(in); err != nil {
			t.Fatal(err)
		}
	}
	wellFormed(t, content[".sss"])
	var file sssFile
	if err := xml.Unmarshal(content[".sss"], &file); err != nil {
		t.Fatal(err)
	}
	latin := make([]rune, len(content[".csv"]))
	for i, c := range content[".csv"] {
		latin[i] = rune(c)
	}
	lines, err := csv.NewReader(bytes.NewReader([]byte(string(latin)))).ReadAll()
	if err != nil || len(lines) != 1+len(x.Rows) || len(lines[0]) != len(file.Survey.Record.Variables) {
		t.Fatalf("%v: %d lines of %d in\n%s", err, len(lines), 1+len(x.Rows), string(latin))
	}
	for _, l := range lines[1:] {
		for i, v := range file.Survey.Record.Variables {
			if fault := sssFault(v, l[i]); fault != "" {
				t.Fatalf("%s (%s): %q %s", v.Name, v.Type, l[i], fault)
			}
		}
	}
	return file, lines
}
