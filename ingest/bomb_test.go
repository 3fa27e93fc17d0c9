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

// book packs a workbook with one sheet of this XML.
func book(t *testing.T, sheet io.Reader) []byte {
	t.Helper()
	var b bytes.Buffer
	z := zip.NewWriter(&b)
	add := func(name string, r io.Reader) {
		w, err := z.Create(name)
		if err != nil {
			t.Fatal(err)
		}
		if _, err := io.Copy(w, r); err != nil {
			t.Fatal(err)
		}
	}
	const office = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
	const packages = "http://schemas.openxmlformats.org/package/2006/"
	add("[Content_Types].xml", strings.NewReader(`<Types xmlns="`+packages+`content-types"><Default Extension="xml" ContentType="application/xml"/><Override PartName="/xl/workbook.xml" ContentType="application/vnd.openxmlformats-officedocument.spreadsheetml.sheet.main+xml"/></Types>`))
	add("_rels/.rels", strings.NewReader(`<Relationships xmlns="`+packages+`relationships"><Relationship Id="r1" Type="`+office+`/officeDocument" Target="xl/workbook.xml"/></Relationships>`))
	add("xl/workbook.xml", strings.NewReader(`<workbook xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main" xmlns:r="`+office+`"><sheets><sheet name="S" sheetId="1" r:id="r1"/></sheets></workbook>`))
	add("xl/_rels/workbook.xml.rels", strings.NewReader(`<Relationships xmlns="`+packages+`relationships"><Relationship Id="r1" Type="`+office+`/worksheet" Target="worksheets/sheet1.xml"/></Relationships>`))
	add("xl/worksheets/sheet1.xml", sheet)
	if err := z.Close(); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

// A few kilobytes that unpack to a cell of hundreds of megabytes are refused before they
// are parsed: the parser would hold all of it in memory several times.
func TestWorkbookBomb(t *testing.T) {
	const head = `<worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><sheetData><row r="1"><c r="A1" t="inlineStr"><is><t>date</t></is></c><c r="B1" t="inlineStr"><is><t>orders`
	const foot = `</t></is></c></row><row r="2"><c r="A2" t="inlineStr"><is><t>2025-01-01</t></is></c><c r="B2"><v>3</v></c></row></sheetData></worksheet>`
	for name, c := range map[string]struct {
		fill    int
		refused bool
	}{"as a program writes it": {0, false}, "a long cell": {30_000, false}, "a bomb": {64 << 20, true}, "just over a read": {maxCell + 70_000, true}} {
		data := book(t, io.MultiReader(strings.NewReader(head), io.LimitReader(spaces{}, int64(c.fill)), strings.NewReader(foot)))
		_, err := Inspect(context.Background(), Source{Name: "bomb.xlsx", R: bytes.NewReader(data), Size: int64(len(data))}, Options{})
		e, ok := errors.AsType[*goalpost.Error](err)
		if refused := ok && e.Key == "error.import.workbook"; refused != c.refused {
			t.Errorf("%s\ngot:  %v\nwant: refused %v", name, err, c.refused)
		}
	}
}

// spaces is as many spaces as are read.
type spaces struct{}

func (spaces) Read(p []byte) (int, error) {
	for i := range p {
		p[i] = ' '
	}
	return len(p), nil
}
