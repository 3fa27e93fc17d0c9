package ingest

import (
	"context"
	"errors"
	"io"
	"regexp"
	"slices"
	"strings"

	"github.com/xuri/excelize/v2"

	"goalpost"
)

const (
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

// openWorkbook opens a file as a workbook.
func openWorkbook(s Source) (*excelize.File, error) {
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

// sheets returns the names of the sheets that hold something. It is the first look at
// a workbook, and checks all of its parts.
func sheets(ctx context.Context, s Source) ([]string, error) {
	if err := checkParts(ctx, s); err != nil {
		if ctx.Err() != nil {
			return nil, ctx.Err()
		}
		e := refuse("workbook")
		e.Err = err
		return nil, e
	}
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
