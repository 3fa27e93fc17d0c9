package ingest

import (
	"bufio"
	"bytes"
	"encoding/csv"
	"errors"
	"io"
	"path"
	"slices"
	"strings"

	"goalpost"
)

const (
	maxRecord  = 8 << 20 // bytes of one row: an unclosed quote must not read a whole file into memory
	maxColumns = 16384   // as many as a spreadsheet has
	headRows   = 15      // rows in which a header is looked for
)

// record is one row of a file. Fields are only good until the next one is read.
type record struct {
	line   int // physical line, or row of a sheet
	fields []string
	// dates marks cells of a spreadsheet that are dates although their column is
	// not; nil for text files.
	dates []bool
	// broken says that the row cannot be read; fields are empty then.
	broken string
}

// source gives the rows of a file in order; io.EOF after the last.
type source interface {
	next() (record, error)
	read() int64 // bytes so far
	close()
}

// layout is how the text of a file is laid out.
type layout struct {
	workbook bool
	sheet    string
	encoding string
	comma    rune
	nested   bool // every line is one quoted cell that holds a line
	sep      bool // the first line says sep=
}

// errTooLong is returned for a row that no export has.
var errTooLong = errors.New("ingest: a row is too long")

// errTooMany is returned for a row of nothing but cells, before they are cut: eight million
// cells need a hundred times the room of the row.
var errTooMany = errors.New("ingest: a row has too many cells")

// maxMarksRow is how many delimiters may be read for one row: those of maxColumns cells,
// those of the block that is read ahead, and commas in texts.
const maxMarksRow = 1 << 18

// meter counts bytes and delimiters, and stops a row that does not end.
type meter struct {
	r     io.Reader
	comma []byte
	total int64
	row   int64
	marks int
}

func (m *meter) Read(p []byte) (int, error) {
	if m.row > maxRecord {
		return 0, errTooLong
	}
	if m.marks > maxMarksRow {
		return 0, errTooMany
	}
	n, err := m.r.Read(p)
	m.marks += bytes.Count(p[:n], m.comma)
	m.total += int64(n)
	m.row += int64(n)
	return n, err
}

// csvSource reads delimited text.
type csvSource struct {
	m      *meter
	r      *csv.Reader
	nested bool
	comma  rune
	offset int // lines before the reader's first
}

func openCSV(s Source, l layout) (*csvSource, error) {
	r, _, _, err := text(s)
	if err != nil {
		return nil, err
	}
	m := &meter{r: r, comma: []byte(string(l.comma))}
	if l.nested {
		m.comma = []byte{','}
	}
	b := bufio.NewReaderSize(m, 64<<10)
	c := &csvSource{m: m, nested: l.nested, comma: l.comma}
	if l.sep {
		if _, err := b.ReadString('\n'); err != nil && !errors.Is(err, io.EOF) {
			return nil, err
		}
		c.offset = 1
	}
	c.r = csv.NewReader(b)
	c.r.Comma = l.comma
	c.r.FieldsPerRecord = -1
	c.r.ReuseRecord = true
	return c, nil
}

func (c *csvSource) next() (record, error) {
	c.m.row, c.m.marks = 0, 0
	fields, err := c.r.Read()
	var parse *csv.ParseError
	switch {
	case errors.Is(err, errTooLong):
		return record{}, &goalpost.Error{Kind: goalpost.Invalid, Key: "error.import.row-too-long", Line: c.offset + 1}
	case errors.Is(err, errTooMany):
		return record{}, &goalpost.Error{Kind: goalpost.Invalid, Key: "error.import.too-many-columns", Line: c.offset + 1, Args: []goalpost.Arg{goalpost.NumberArg(maxColumns)}}
	case errors.As(err, &parse):
		return record{line: c.offset + parse.StartLine, broken: "broken_quotes"}, nil
	case err != nil:
		return record{}, err
	}
	line, _ := c.r.FieldPos(0)
	rec := record{line: c.offset + line, fields: fields}
	if c.nested && len(fields) == 1 {
		inner := csv.NewReader(strings.NewReader(fields[0]))
		inner.Comma, inner.FieldsPerRecord, inner.LazyQuotes = ',', -1, true
		if rec.fields, err = inner.Read(); err != nil {
			if strings.TrimSpace(fields[0]) == "" {
				rec.fields = fields
				return rec, nil
			}
			return record{line: rec.line, broken: "broken_quotes"}, nil
		}
	}
	if len(rec.fields) > maxColumns {
		return record{}, &goalpost.Error{Kind: goalpost.Invalid, Key: "error.import.too-many-columns", Line: rec.line, Args: []goalpost.Arg{goalpost.NumberArg(maxColumns)}}
	}
	return rec, nil
}

func (c *csvSource) read() int64 { return c.m.total }
func (c *csvSource) close()      {}

// sniff tells how a file is laid out.
func sniff(s Source) (layout, error) {
	if s.Size == 0 {
		return layout{}, refuse("empty")
	}
	magic := make([]byte, 8)
	n, _ := s.R.ReadAt(magic, 0) // a short file has a short head
	switch magic = magic[:n]; {
	case bytes.HasPrefix(magic, []byte("PK\x03\x04")):
		return layout{workbook: true}, nil
	case bytes.HasPrefix(magic, []byte{0xD0, 0xCF, 0x11, 0xE0}):
		return layout{}, refuse("old-xls")
	case bytes.HasPrefix(magic, []byte("%PDF")), bytes.HasPrefix(magic, []byte("\x89PNG")), bytes.HasPrefix(magic, []byte{0x1F, 0x8B}), bytes.HasPrefix(magic, []byte{0xFF, 0xD8, 0xFF}):
		return layout{}, refuse("not-a-table")
	}
	_, name, head, err := text(s)
	if err != nil {
		return layout{}, err
	}
	l := layout{encoding: name, comma: ','}
	plain := strings.TrimPrefix(string(head), "\ufeff")
	if noTable(s.Name, plain) {
		return layout{}, refuse("not-a-table")
	}
	if strings.ContainsRune(plain, 0) {
		return layout{}, refuse("not-a-table")
	}
	first, rest, _ := strings.Cut(plain, "\n")
	if sep, ok := strings.CutPrefix(strings.Trim(strings.TrimRight(first, "\r"), `"`), "sep="); ok {
		l.sep = true
		for _, r := range sep + "," {
			l.comma = r
			break
		}
		if l.comma == '\r' || l.comma == '"' {
			l.comma = ','
		}
		if strings.HasPrefix(sep, "\t") || strings.HasPrefix(first, "sep=\t") {
			l.comma = '\t'
		}
		return l, nil
	}
	_ = rest
	l.comma = delimiter(plain)
	l.nested = isNested(plain)
	if l.nested {
		l.comma = '\x1f' // the outer lines have one cell
	}
	return l, nil
}

// noTable reports whether a text is written in a language that is no table, by the end of
// its name and by its first sign.
func noTable(name, plain string) bool {
	ext := strings.ToLower(path.Ext(name))
	if slices.Contains([]string{".md", ".markdown", ".html", ".htm", ".json", ".xml", ".yaml", ".yml", ".rtf", ".svg"}, ext) {
		return true
	}
	start := strings.ToLower(strings.TrimSpace(plain[:min(len(plain), 200)]))
	return strings.HasPrefix(start, "<!doctype") || strings.HasPrefix(start, "<html") || strings.HasPrefix(start, "<?xml") || strings.HasPrefix(start, `{\rtf`)
}

// delimiter chooses the sign that cuts most of the first lines into equally many cells.
func delimiter(head string) rune {
	best, score := ',', 0
	for _, c := range []rune{',', ';', '\t', '|'} {
		r := csv.NewReader(strings.NewReader(head))
		r.Comma, r.FieldsPerRecord, r.LazyQuotes = c, -1, true
		counts := map[int]int{}
		for range 30 {
			f, err := r.Read()
			if err != nil {
				break
			}
			if len(f) > 1 {
				counts[len(f)]++
			}
		}
		for n, times := range counts {
			if s := times*1000 + min(n, 999); s > score {
				best, score = c, s
			}
		}
	}
	return best
}

// isNested reports whether a spreadsheet program has quoted whole lines, so that each
// line is one cell that holds a line.
func isNested(head string) bool {
	lines, nested := 0, 0
	for line := range strings.Lines(head) {
		line = strings.TrimRight(line, "\r\n")
		if line == "" {
			continue
		}
		if lines++; lines > 5 {
			break
		}
		if len(line) > 4 && line[0] == '"' && line[len(line)-1] == '"' && strings.Contains(line, `,""`) {
			r := csv.NewReader(strings.NewReader(line))
			r.FieldsPerRecord = -1
			if f, err := r.Read(); err == nil && len(f) == 1 && strings.Contains(f[0], ",") {
				nested++
			}
		}
	}
	return nested > 0 && nested*2 >= lines
}
