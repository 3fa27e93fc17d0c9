package ingest

import (
	"context"
	"errors"
	"io"

	"goalpost"
)

// Row is one row of any table, as it stands there.
type Row struct {
	Line  int // of the file, or row of the sheet, from 1
	Cells []string
}

// Rows reads any CSV or XLSX table row by row, the header first; blank rows are passed
// over. sheet names the sheet of a workbook; empty means its first that holds
// something. The cells are only good until yield returns. A row with broken quotes
// fails with its line.
func Rows(ctx context.Context, s Source, sheet string, yield func(Row) error) error {
	return inFile(eachRow(ctx, s, sheet, yield), s.Name)
}

func eachRow(ctx context.Context, s Source, sheet string, yield func(Row) error) error {
	l, err := sniff(s)
	if err != nil {
		return err
	}
	if l.workbook {
		if l.sheet = sheet; sheet == "" {
			names, err := sheets(ctx, s)
			if err != nil {
				return err
			}
			l.sheet = names[0]
		}
	}
	p := Plan{Source: s, layout: l}
	src, err := p.open()
	if err != nil {
		return err
	}
	defer src.close()
	for {
		if err := ctx.Err(); err != nil {
			return err
		}
		rec, err := src.next()
		switch {
		case errors.Is(err, io.EOF):
			return nil
		case err != nil:
			return err
		case rec.broken != "":
			return &goalpost.Error{Kind: goalpost.Invalid, Key: "error.import.quotes", Line: rec.line}
		case blank(rec.fields):
			continue
		}
		if err := yield(Row{Line: rec.line, Cells: rec.fields}); err != nil {
			return err
		}
	}
}
