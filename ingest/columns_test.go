package ingest

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"strings"
	"testing"

	"goalpost"
)

func columnsFrom(name string, data []byte, sheet string) (*Columns, error) {
	return ReadColumns(context.Background(), Source{Name: name, R: bytes.NewReader(data), Size: int64(len(data))}, sheet, []string{"day", "n"})
}

// Tables as people have them: what is above the header, how cells are divided, which sign
// stands before decimals.
func TestColumns(t *testing.T) {
	book := workbook(t, map[string][][]any{"Sales": {{"Report"}, {"day", "n"}, {46027, 1.5}, {46028, 2.25}}}, "A3", "A4")
	for name, c := range map[string]struct {
		file string
		data []byte
		want string
	}{
		"comma":                 {"a.csv", []byte("day,n\n2026-01-05,1.5\n2026-01-06,2.25\n"), "[2026-01-05 2026-01-06] [1.5 2.25]"},
		"semicolon and comma":   {"a.csv", []byte("day;n\n05.01.2026;1,5\n06.01.2026;2,25\n"), "[2026-01-05 2026-01-06] [1.5 2.25]"},
		"title and comment":     {"a.csv", []byte("Report of January\n# made by hand\nday,n\n2026-01-05,1.5\n\n2026-01-06,2.25\n"), "[2026-01-05 2026-01-06] [1.5 2.25]"},
		"UTF-16":                {"a.csv", utf16le("day\tn\n2026-01-05\t1.5\n2026-01-06\t2.25\n"), "[2026-01-05 2026-01-06] [1.5 2.25]"},
		"names in another case": {"a.csv", []byte("Day, N \n2026-01-05,1.5\n2026-01-06,2.25\n"), "[2026-01-05 2026-01-06] [1.5 2.25]"},
		"slashes":               {"a.csv", []byte("day,n\n01/05/2026,1.5\n01/16/2026,2.25\n"), "[2026-01-05 2026-01-16] [1.5 2.25]"},
		"thousands":             {"a.csv", []byte("day;n\n2026-01-05;1.234,50\n2026-01-06;2\n"), "[2026-01-05 2026-01-06] [1234.5 2]"},
		"workbook":              {"a.xlsx", book, "[2026-01-05 2026-01-06] [1.5 2.25]"},
	} {
		t.Run(name, func(t *testing.T) {
			got, err := everyCell(columnsFrom(c.file, c.data, ""))
			if err != nil || got != c.want {
				t.Errorf("\ngot:  %s %v\nwant: %s", got, err, c.want)
			}
		})
	}
}

// everyCell reads the two columns.
func everyCell(c *Columns, err error) (string, error) {
	if err != nil {
		return "", err
	}
	at, err := c.Find("day", "--date")
	if err != nil {
		return "", err
	}
	n, err := c.Find("n", "--y")
	if err != nil {
		return "", err
	}
	days, err := c.Days(at, "")
	if err != nil {
		return "", err
	}
	sign, err := c.Decimal([]int{n}, "")
	if err != nil {
		return "", err
	}
	values, _, err := c.Numbers(n, sign)
	return fmt.Sprint(days, " ", values), err
}

// Limits: each refusal by its key, with its line.
func TestColumnsRefuse(t *testing.T) {
	two := workbook(t, map[string][][]any{"A": {{"day", "n"}, {1, 2}}, "B": {{"day", "n"}, {1, 2}}})
	for _, c := range []struct {
		name, file string
		data       []byte
		key        string
		line       int
	}{
		{"several sheets", "a.xlsx", two, "error.import.columns-sheet", 0},
		{"two of a name", "a.csv", []byte("day,n,N\n2026-01-05,1,2\n"), "", 0},
		{"two of one name", "a.csv", []byte("day,n,n\n2026-01-05,1,2\n"), "error.import.columns-twice", 0},
		{"open decimals", "a.csv", []byte("day;n\n2026-01-05;1.234\n2026-01-06;2.345\n"), "error.import.columns-decimal", 0},
		{"text", "a.csv", []byte("day,n\n2026-01-05,1\n2026-01-06,a few\n"), "error.import.columns-number", 3},
		{"percent", "a.csv", []byte("day,n\n2026-01-05,1%\n"), "error.import.columns-number", 2},
		{"no date", "a.csv", []byte("day,n\n,1\n"), "error.import.columns-no-date", 2},
		{"cells too many", "a.csv", []byte("day,n\n2026-01-05,1,5\n"), "error.import.columns-extra", 2},
		{"picture", "a.csv", []byte("\x89PNG\r\n\x1a\n"), "error.import.not-a-table", 0},
	} {
		t.Run(c.name, func(t *testing.T) {
			_, err := everyCell(columnsFrom(c.file, c.data, ""))
			e, ok := errors.AsType[*goalpost.Error](err)
			switch {
			case c.key == "" && err == nil:
			case !ok || e.Key != c.key || e.Line != c.line || e.File != c.file:
				t.Errorf("\ngot:  %v\nwant: %s, line %d", err, c.key, c.line)
			}
		})
	}
}

// A header with its unit is found without it, as long as only one is meant.
func TestFindWithoutUnit(t *testing.T) {
	c, err := columnsFrom("x.csv", []byte("Datum;Umsatz (€);Preis (netto);Preis (brutto)\n01.01.2026;1;2;3\n02.01.2026;1;2;3\n"), "")
	if err != nil {
		t.Fatal(err)
	}
	if at, err := c.Find("Umsatz", "--y"); at != 1 || err != nil {
		t.Errorf("column %d, %v", at, err)
	}
	if at, err := c.Find("Preis", "--y"); err == nil || !strings.Contains(err.Error(), "columns-missing") {
		t.Errorf("one of two is taken: %d, %v", at, err)
	}
	if at, err := c.Find("preis (netto)", "--y"); at != 2 || err != nil {
		t.Errorf("column %d, %v", at, err)
	}
}
