package ingest

import (
	"archive/zip"
	"bytes"
	"errors"
	"fmt"
	"io"
	"path"
	"regexp"
	"slices"
	"strings"

	"github.com/xuri/excelize/v2"

	"goalpost"
)

const (
	maxUnzipped  = 1 << 30  // bytes of a workbook, unpacked
	maxSheetXML  = 16 << 20 // larger parts are unpacked to a temporary file
	maxSheets    = 100
	sheetPreview = headRows
)

// workbookSource reads one sheet, the cells as stored and as shown side by side, so
// that a date can be told from a number.
type workbookSource struct {
	f          *excelize.File
	raw, shown *excelize.Rows
	row        int
	size       int64
}

// maxCell is how long a cell with its mark-up may be in a workbook, in bytes. A
// spreadsheet program stores 32,767 letters at most; the reader of XML keeps a whole
// one in memory, however long, so that a small file could need gigabytes.
const maxCell = 1 << 20

// checkParts looks through the large parts of a workbook before they are parsed.
func checkParts(s Source) error {
	z, err := zip.NewReader(io.NewSectionReader(s.R, 0, s.Size), s.Size)
	if err != nil {
		return err
	}
	left := int64(maxUnzipped)
	for _, f := range z.File {
		text := slices.Contains([]string{".xml", ".rels", ".vml"}, strings.ToLower(path.Ext(f.Name))) // not the pictures
		if text && f.UncompressedSize64 > maxCell {
			if err := checkPart(f, left); err != nil {
				return fmt.Errorf("%s: %w", f.Name, err)
			}
		}
		left -= int64(min(f.UncompressedSize64, maxUnzipped)) //nolint:gosec // at most 1 GB
	}
	return nil
}

// errLongCell is returned for a part of a workbook that no spreadsheet program writes.
var errLongCell = errors.New("ingest: a cell is too long")

// checkPart reads a part once: how far it is from one mark to the next, and whether it
// is as large as it says.
func checkPart(f *zip.File, most int64) (err error) {
	r, err := f.Open()
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, r.Close()) }()
	buf := make([]byte, 64<<10)
	since, total := 0, int64(0)
	for {
		n, err := r.Read(buf)
		total += int64(n)
		if i := bytes.LastIndexByte(buf[:n], '<'); i >= 0 {
			if since+bytes.IndexByte(buf[:n], '<') > maxCell {
				return errLongCell
			}
			since = n - i
		} else {
			since += n
		}
		switch {
		case since > maxCell, total > most:
			return errLongCell
		case errors.Is(err, io.EOF):
			return nil
		case err != nil:
			return err
		}
	}
}

// openWorkbook opens a file as a workbook.
func openWorkbook(s Source) (*excelize.File, error) {
	if err := checkParts(s); err != nil {
		e := refuse("workbook")
		e.Err = err
		return nil, e
	}
	f, err := excelize.OpenReader(io.NewSectionReader(s.R, 0, s.Size), excelize.Options{UnzipSizeLimit: maxUnzipped, UnzipXMLSizeLimit: maxSheetXML})
	if err != nil {
		e := refuse("workbook")
		e.Err = err
		return nil, e
	}
	return f, nil
}

func openSheet(s Source, sheet string) (*workbookSource, error) {
	f, err := openWorkbook(s)
	if err != nil {
		return nil, err
	}
	w := &workbookSource{f: f, size: s.Size}
	if w.raw, err = f.Rows(sheet); err == nil {
		w.shown, err = f.Rows(sheet)
	}
	if err != nil {
		e := refuse("sheet", goalpost.TextArg(short(sheet)))
		e.Err = errors.Join(err, f.Close())
		return nil, e
	}
	return w, nil
}

func (w *workbookSource) next() (record, error) {
	if !w.raw.Next() {
		if err := w.raw.Error(); err != nil {
			e := refuse("workbook")
			e.Err = err
			return record{}, e
		}
		return record{}, io.EOF
	}
	w.row++
	raw, err := w.raw.Columns(excelize.Options{RawCellValue: true})
	if err != nil {
		e := refuse("workbook")
		e.Line, e.Err = w.row, err
		return record{}, e
	}
	var shown []string
	if w.shown.Next() {
		if shown, err = w.shown.Columns(); err != nil {
			shown = nil
		}
	}
	r := record{line: w.row, fields: raw}
	if len(raw) > maxColumns {
		return record{}, refuse("too-many-columns", goalpost.NumberArg(maxColumns))
	}
	for i := range raw {
		if i < len(shown) && shown[i] != raw[i] && looksLikeDate.MatchString(shown[i]) {
			if r.dates == nil {
				r.dates = make([]bool, len(raw))
			}
			r.dates[i] = true
		}
	}
	return r, nil
}

// looksLikeDate matches what a spreadsheet shows for a date.
var looksLikeDate = regexp.MustCompile(`^\d{1,4}[-/.]\d{1,2}[-/.]\d{1,4}|^\d{1,2}[-. ]\p{L}{3,}|^\p{L}{3,9}[-. ]\d{2,4}$|^\d{1,2}:\d{2}`)

func (w *workbookSource) read() int64 { return w.size }

func (w *workbookSource) close() {
	_ = errors.Join(w.raw.Close(), w.shown.Close(), w.f.Close()) // only read
}

// sheets returns the names of the sheets that hold something.
func sheets(s Source) ([]string, error) {
	f, err := openWorkbook(s)
	if err != nil {
		return nil, err
	}
	defer func() { _ = f.Close() }()
	var out []string
	for _, name := range f.GetSheetList() {
		rows, err := f.Rows(name)
		if err != nil {
			continue
		}
		filled := 0
		for range sheetPreview {
			if !rows.Next() {
				break
			}
			cells, err := rows.Columns()
			if err == nil && slices.ContainsFunc(cells, func(c string) bool { return strings.TrimSpace(c) != "" }) {
				filled++
			}
		}
		_ = rows.Close()
		if filled > 0 {
			out = append(out, name)
		}
		if len(out) == maxSheets {
			break
		}
	}
	if len(out) == 0 {
		return nil, refuse("empty")
	}
	return out, nil
}
