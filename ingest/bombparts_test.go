package ingest

import (
	"archive/zip"
	"bytes"
	"context"
	"errors"
	"io"
	"strings"
	"testing"

	"goalpost"
)

// withPart adds a part to a workbook, or puts it in the place of another.
func withPart(t *testing.T, data []byte, name string, r io.Reader) []byte {
	t.Helper()
	old, err := zip.NewReader(bytes.NewReader(data), int64(len(data)))
	if err != nil {
		t.Fatal(err)
	}
	var b bytes.Buffer
	z := zip.NewWriter(&b)
	for _, f := range old.File {
		if f.Name == name {
			continue
		}
		if err := z.Copy(f); err != nil {
			t.Fatal(err)
		}
	}
	w, err := z.Create(name)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := io.Copy(w, r); err != nil {
		t.Fatal(err)
	}
	if err := z.Close(); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

// repeated is a unit over and over, n bytes at least.
func repeated(unit string, n int) io.Reader {
	return strings.NewReader(strings.Repeat(unit, n/len(unit)+1))
}

// openable reports whether the rows of a workbook can be looked at.
func openable(t *testing.T, data []byte) bool {
	t.Helper()
	_, err := Inspect(context.Background(), Source{Name: "parts.xlsx", R: bytes.NewReader(data), Size: int64(len(data))}, Options{})
	e, ok := errors.AsType[*goalpost.Error](err)
	if err != nil && !ok {
		t.Fatal(err)
	}
	return !ok || e.Key != "error.import.workbook"
}

const (
	sheetHead = `<?xml version="1.0" encoding="UTF-8"?><worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main">`
	sheetRows = `<sheetData><row r="1"><c r="A1" t="inlineStr"><is><t>date</t></is></c><c r="B1" t="inlineStr"><is><t>orders</t></is></c></row>` +
		`<row r="2"><c r="A2" t="inlineStr"><is><t>2025-01-01</t></is></c><c r="B2"><v>3</v></c></row>`
	sheetFoot = `</sheetData></worksheet>`
	styleHead = `<styleSheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><cellXfs count="1">`
)

// A small workbook whose parts unpack to far more than any spreadsheet program writes
// is refused before it is parsed: the reader keeps most parts in memory, several times.
func TestWorkbookPartBombs(t *testing.T) {
	sound := func() []byte { return book(t, strings.NewReader(sheetHead+sheetRows+sheetFoot)) }
	styles := func(n int) []byte {
		return withPart(t, sound(), "xl/styles.xml", io.MultiReader(strings.NewReader(styleHead), repeated(`<xf numFmtId="14"/>`, n), strings.NewReader(`</cellXfs></styleSheet>`)))
	}
	for name, c := range map[string]struct {
		data    []byte
		refused bool
	}{
		"sound":               {sound(), false},
		"ordinary styles":     {styles(200_000), false},
		"millions of styles":  {styles(2 * maxParsed), true},
		"a picture":           {withPart(t, sound(), "xl/media/image1.png", io.LimitReader(spaces{}, 1<<20)), false},
		"a picture too large": {withPart(t, sound(), "xl/media/image1.png", io.LimitReader(spaces{}, maxKept+1)), true},
		"endless relations": {withPart(t, sound(), "xl/_rels/other.xml.rels", io.MultiReader(strings.NewReader(`<Relationships>`), repeated(`<Relationship Id="x" Type="y" Target="z"/>`, 2*maxParsed),
			strings.NewReader(`</Relationships>`))), true},
		"as many cells as a row has": {book(t, io.MultiReader(strings.NewReader(sheetHead+sheetRows+`<row r="3">`), strings.NewReader(strings.Repeat(`<c><v>1</v></c>`, 16_000)), strings.NewReader(`</row>`+sheetFoot))), false},
		"a million cells in a row":   {book(t, io.MultiReader(strings.NewReader(sheetHead+sheetRows+`<row r="3">`), repeated(`<c><v>1</v></c>`, 15<<20), strings.NewReader(`</row>`+sheetFoot))), true},
		"marks in marks": {book(t, io.MultiReader(strings.NewReader(sheetHead), strings.NewReader(strings.Repeat(`<row>`, 1000)), strings.NewReader(strings.Repeat(`</row>`, 1000)),
			strings.NewReader(sheetRows+sheetFoot))), true},
	} {
		if got := !openable(t, c.data); got != c.refused {
			t.Errorf("%s (%d bytes)\ngot:  refused %v\nwant: refused %v", name, len(c.data), got, c.refused)
		}
	}
}

// A sheet with a sign that XML does not allow, or one that ends in the middle, would
// lose all rows after it without a word: it is refused.
func TestWorkbookBrokenSheet(t *testing.T) {
	rows := strings.Repeat(`<row><c t="inlineStr"><is><t>2025-01-02</t></is></c><c><v>4</v></c></row>`, 50)
	for name, c := range map[string]struct {
		sheet   string
		refused bool
	}{
		"sound":             {sheetHead + sheetRows + rows + sheetFoot, false},
		"another encoding":  {strings.Replace(sheetHead, "UTF-8", "ISO-8859-1", 1) + sheetRows + "<row><c t=\"inlineStr\"><is><t>K\xf6ln</t></is></c></row>" + rows + sheetFoot, false},
		"a vertical tab":    {sheetHead + sheetRows + "<row><c t=\"inlineStr\"><is><t>a\x0bb</t></is></c></row>" + rows + sheetFoot, true},
		"an unknown entity": {sheetHead + sheetRows + "<row><c><v>&nothing;</v></c></row>" + rows + sheetFoot, true},
		"cut off":           {sheetHead + sheetRows + rows, true},
		"crossed marks":     {sheetHead + sheetRows + "<row><c></row></c>" + rows + sheetFoot, true},
	} {
		if got := !openable(t, book(t, strings.NewReader(c.sheet))); got != c.refused {
			t.Errorf("%s\ngot:  refused %v\nwant: refused %v", name, got, c.refused)
		}
	}
}
