package ingest

import (
	"archive/zip"
	"bytes"
	"context"
	"encoding/xml"
	"errors"
	"fmt"
	"io"
	"path"
	"slices"
	"strings"

	"golang.org/x/text/encoding/htmlindex"
)

// What a workbook may unpack to. The reader of workbooks keeps all parts in memory but
// large sheets and large shared texts, and its parsed styles take twenty times the room
// of the text; a few kilobytes can unpack to gigabytes.
const (
	maxUnzipped = 1 << 30  // all parts, in bytes
	maxSheetXML = 4 << 20  // larger sheets and shared texts are unpacked to a temporary file
	maxKept     = 64 << 20 // all parts that stay in memory
	maxParsed   = 8 << 20  // one part of text that is neither a sheet nor shared texts: styles, names, relations

	// maxCell is how long a cell with its mark-up may be. A spreadsheet program stores
	// 32,767 letters at most; the reader of XML keeps a whole one, however long.
	maxCell = 1 << 20
	// maxMarks is how many elements one row may have: maxColumns cells with 16 each.
	maxMarks = 16 * maxColumns
	// maxDepth is how deep elements may stand in each other; programs write about ten.
	maxDepth = 64
)

// errBomb is returned for a part of a workbook that no spreadsheet program writes.
var errBomb = errors.New("ingest: no spreadsheet program writes this")

// checkParts looks through the parts of a workbook before they are parsed. What a part
// unpacks to at most is what it says: archive/zip reads no further.
func checkParts(ctx context.Context, s Source) error {
	z, err := zip.NewReader(io.NewSectionReader(s.R, 0, s.Size), s.Size)
	if err != nil {
		return err
	}
	all, kept := uint64(0), uint64(0)
	for _, f := range z.File {
		name, size := strings.ToLower(strings.ReplaceAll(f.Name, `\`, "/")), f.UncompressedSize64
		rows := strings.HasPrefix(name, "xl/worksheets/sheet") || name == "xl/sharedstrings.xml"
		if all += min(size, maxUnzipped+1); !rows || size <= maxSheetXML {
			kept += min(size, maxKept+1)
		}
		if all > maxUnzipped || kept > maxKept {
			return fmt.Errorf("%s: %w", f.Name, errBomb)
		}
		if !slices.Contains([]string{".xml", ".rels", ".vml"}, path.Ext(name)) {
			continue // a picture is kept, not parsed
		}
		if err := checkText(ctx, f, name, rows); err != nil {
			return fmt.Errorf("%s: %w", f.Name, err)
		}
	}
	return nil
}

// checkText looks through one part of text.
func checkText(ctx context.Context, f *zip.File, name string, rows bool) error {
	if f.UncompressedSize64 > maxCell {
		if err := readPart(ctx, f, checkCells); err != nil {
			return err
		}
	}
	switch family, _, _ := strings.Cut(strings.TrimPrefix(name, "xl/"), "/"); {
	case rows:
		return readPart(ctx, f, checkRows)
	case slices.Contains([]string{"worksheets", "pivotcache", "drawings", "charts"}, family):
		return nil // kept, but not parsed for its rows
	case f.UncompressedSize64 > maxParsed:
		return errBomb
	}
	return nil
}

// watched stops reading when nobody waits any more: a part can be a gigabyte.
type watched struct {
	ctx context.Context
	r   io.Reader
}

func (w watched) Read(p []byte) (int, error) {
	if err := w.ctx.Err(); err != nil {
		return 0, err
	}
	return w.r.Read(p)
}

func readPart(ctx context.Context, f *zip.File, check func(io.Reader) error) error {
	r, err := f.Open()
	if err != nil {
		return err
	}
	return errors.Join(check(watched{ctx, r}), r.Close())
}

// checkCells reads how far it is from one mark to the next.
func checkCells(r io.Reader) error {
	buf := make([]byte, 64<<10)
	since := 0
	for {
		n, err := r.Read(buf)
		if i := bytes.LastIndexByte(buf[:n], '<'); i >= 0 {
			if since+bytes.IndexByte(buf[:n], '<') > maxCell {
				return errBomb
			}
			since = n - i
		} else {
			since += n
		}
		switch {
		case since > maxCell:
			return errBomb
		case errors.Is(err, io.EOF):
			return nil
		case err != nil:
			return err
		}
	}
}

// checkRows reads a sheet or the shared texts to the end. The reader of workbooks takes
// XML that breaks in the middle for the end, and the rows below it would be lost without
// a word.
func checkRows(r io.Reader) error {
	d := xml.NewDecoder(r)
	d.CharsetReader = func(label string, in io.Reader) (io.Reader, error) {
		e, err := htmlindex.Get(label)
		if err != nil {
			return nil, err
		}
		return e.NewDecoder().Reader(in), nil
	}
	marks, depth := 0, 0
	for {
		t, err := d.Token()
		if errors.Is(err, io.EOF) {
			return nil
		}
		if err != nil {
			return err
		}
		switch e := t.(type) {
		case xml.StartElement:
			if depth++; e.Name.Local == "row" || e.Name.Local == "si" {
				marks = 0
			}
			if marks++; marks > maxMarks || depth > maxDepth {
				return errBomb
			}
		case xml.EndElement:
			depth--
		}
	}
}
