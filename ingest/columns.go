package ingest

import (
	"context"
	"errors"
	"io"
	"slices"
	"strings"

	"goalpost"
)

// Columns is a table whose columns are named by the reader, not by a map: an analyst's CSV
// or a sheet. Its cells are read as the columns of an import are.
type Columns struct {
	Name   string
	Header []string

	rows     []columnsRow
	workbook bool
}

type columnsRow struct {
	line  int
	cells []string
	dates []bool
}

// maxCells is how many cells of a table are kept in memory.
const maxCells = 20_000_000

// ReadColumns reads all rows of a table. The header is the first row that has one of the
// names, else the first that looks like one. Sheet is needed where a workbook has several.
func ReadColumns(ctx context.Context, s Source, sheet string, names []string) (*Columns, error) {
	c, err := readColumns(ctx, s, sheet, names)
	return c, inFile(err, s.Name)
}

func readColumns(ctx context.Context, s Source, sheet string, names []string) (*Columns, error) {
	l, err := sniff(s)
	if err != nil {
		return nil, err
	}
	if l.workbook {
		if l.sheet, err = oneSheet(ctx, s, sheet); err != nil {
			return nil, err
		}
	}
	p := &Plan{Source: s, layout: l}
	head, err := p.head()
	if err != nil {
		return nil, err
	}
	if len(head) == 0 && p.brokenLine == 0 {
		return nil, refuse("empty")
	}
	if len(head) == 0 {
		return nil, p.noRows()
	}
	header, at := headerNamed(head, names)
	if header == nil {
		return nil, refuse("no-header")
	}
	c := &Columns{Name: s.Name, Header: header, workbook: l.workbook}
	for i := range c.Header {
		c.Header[i] = strings.TrimSpace(strings.TrimPrefix(c.Header[i], "\ufeff"))
	}
	return c, c.read(ctx, p, head[at].line)
}

// oneSheet is the sheet that was named, or the only one that holds something.
func oneSheet(ctx context.Context, s Source, name string) (string, error) {
	list, err := sheets(ctx, s)
	switch {
	case err != nil:
		return "", err
	case name != "":
		return name, nil
	case len(list) > 1:
		names := strings.Join(list, ", ")
		return "", ask("columns-sheet", "--sheet", goalpost.TextArg(names))
	}
	return list[0], nil
}

// headerNamed finds the row that has one of the names.
func headerNamed(head []record, names []string) ([]string, int) {
	for i, rec := range head {
		c := columnsOf(rec.fields)
		if slices.ContainsFunc(names, func(n string) bool { return c.of(normalHeader(n)) >= 0 }) {
			return append([]string(nil), rec.fields...), i
		}
	}
	return tableHeader(head)
}

// read keeps the rows below the header. A row that cannot be read ends it: a day that
// silently went missing would change the answer.
func (c *Columns) read(ctx context.Context, p *Plan, header int) error {
	src, err := p.open()
	if err != nil {
		return err
	}
	defer src.close()
	cells := 0
	for n := 0; ; n++ {
		if n%1024 == 0 && ctx.Err() != nil {
			return ctx.Err()
		}
		rec, err := src.next()
		if errors.Is(err, io.EOF) {
			break
		}
		if err != nil {
			return err
		}
		if rec.broken != "" && rec.line > header {
			e := refuse("columns-quotes")
			e.Line = rec.line
			return e
		}
		if rec.line <= header || rec.broken != "" || blank(rec.fields) || strings.HasPrefix(strings.TrimSpace(rec.fields[0]), "#") {
			continue
		}
		if !c.workbook && len(rec.fields) > len(c.Header) && !blank(rec.fields[len(c.Header):]) {
			e := refuse("columns-extra", goalpost.NumberArg(float64(len(rec.fields))), goalpost.NumberArg(float64(len(c.Header))))
			e.Line = rec.line
			return e
		}
		if cells += len(rec.fields); cells > maxCells {
			return refuse("columns-too-large", goalpost.NumberArg(maxCells))
		}
		c.rows = append(c.rows, columnsRow{line: rec.line, cells: append([]string(nil), rec.fields...), dates: append([]bool(nil), rec.dates...)})
	}
	if len(c.rows) == 0 {
		return refuse("no-rows")
	}
	return nil
}

// Rows is how many rows stand below the header.
func (c *Columns) Rows() int { return len(c.rows) }

// Keep leaves only some rows.
func (c *Columns) Keep(keep func(row int) bool) {
	var rows []columnsRow
	for i, r := range c.rows {
		if keep(i) {
			rows = append(rows, r)
		}
	}
	c.rows = rows
}

// Line is where a row stands in the file.
func (c *Columns) Line(row int) int { return c.rows[row].line }

// Find returns the place of a column; "Umsatz" finds "Umsatz (€)" too where no column has
// the whole name. A name that stands twice is refused: which one is meant cannot be known.
func (c *Columns) Find(name, flag string) (int, error) {
	at := -1
	for _, same := range []func(h string) bool{
		func(h string) bool { return h == strings.TrimSpace(name) },
		func(h string) bool { return normalHeader(h) == normalHeader(name) },
	} {
		for i, h := range c.Header {
			if h == "" || !same(h) {
				continue
			}
			if at >= 0 {
				return -1, c.fault("columns-twice", -1, -1, flag, goalpost.TextArg(short(name)))
			}
			at = i
		}
		if at >= 0 {
			return at, nil
		}
	}
	var names []string
	found := 0
	for i, h := range c.Header {
		if h != "" {
			names = append(names, h)
		}
		if bare := inBrackets.ReplaceAllString(h, ""); bare != "" && normalHeader(bare) == normalHeader(name) {
			at = i
			found++
		}
	}
	if found == 1 {
		return at, nil
	}
	return -1, c.fault("columns-missing", -1, -1, flag, goalpost.TextArg(short(name)), goalpost.TextArg(cut(strings.Join(names, ", "), 300)))
}

// fault is an error at a row and a column of the file; either may be −1.
func (c *Columns) fault(what string, row, column int, flag string, args ...goalpost.Arg) *goalpost.Error {
	e := refuse(what, args...)
	e.File, e.Flag = short(c.Name), flag
	if row >= 0 {
		e.Line = c.rows[row].line
	}
	if column >= 0 {
		e.Field = short(c.Header[column])
	}
	return e
}

// Cell is the text of a cell; empty where the row ends before it.
func (c *Columns) Cell(row, column int) string { return cell(c.rows[row].cells, column) }

// IsNumeric says whether a column has numbers, and nothing else but gaps, in its first rows.
func (c *Columns) IsNumeric(column int) bool {
	found := false
	for row := range min(len(c.rows), 200) {
		s := c.Cell(row, column)
		if isMissing(s) {
			continue
		}
		_, point := number(s, '.')
		_, comma := number(s, ',')
		if !point && !comma || c.isDate(row, column) {
			return false
		}
		found = true
	}
	return found
}

func (c *Columns) isDate(row, column int) bool {
	d := c.rows[row].dates
	return column < len(d) && d[column]
}

// Decimal is the sign before the decimals of some columns. It asks where their numbers
// leave it open; given settles it.
func (c *Columns) Decimal(columns []int, given string) (byte, error) {
	var signs decimals
	for row := range c.rows {
		for _, i := range columns {
			signs.see(c.Cell(row, i))
		}
	}
	return c.sign(&signs, given)
}

// Numbers reads a column. A gap is missing, a text is refused with its place.
func (c *Columns) Numbers(column int, decimal byte) (values []float64, missing []bool, err error) {
	if c.workbook {
		decimal = '.'
	}
	values, missing = make([]float64, len(c.rows)), make([]bool, len(c.rows))
	for row := range c.rows {
		s := c.Cell(row, column)
		if missing[row] = isMissing(s); missing[row] {
			continue
		}
		v, ok := number(s, decimal)
		if !ok || c.isDate(row, column) {
			return nil, nil, c.fault("columns-number", row, column, "", goalpost.TextArg(short(s)))
		}
		values[row] = v
	}
	return values, missing, nil
}

// Integers reads a column of whole numbers, such as years or numbered weeks; ok is false
// where one cell is something else.
func (c *Columns) Integers(column int) (list []int64, ok bool) {
	for row := range c.rows {
		s := strings.TrimSpace(c.Cell(row, column))
		if len(s) == 8 && c.looksLikeDay(s) || c.isDate(row, column) {
			return nil, false
		}
		v, ok := whole(s, '.')
		if !ok || strings.ContainsAny(s, ".,' ") && !c.workbook {
			return nil, false
		}
		list = append(list, v)
	}
	return list, true
}

// looksLikeDay says whether eight digits are a day, 20260131.
func (c *Columns) looksLikeDay(s string) bool {
	_, ok := date(s, "ymd", false)
	return ok
}

// Days reads a column of dates in an order, or in the one that they show themselves; it
// asks where they leave it open.
func (c *Columns) Days(column int, order string) ([]goalpost.Day, error) {
	if order != "" && !slices.Contains([]string{"dmy", "mdy", "ymd"}, order) {
		return nil, c.fault("date-order", -1, -1, "--date-order", goalpost.TextArg(short(order)))
	}
	if order == "" {
		var seen orders
		for row := range c.rows {
			seen.see(c.Cell(row, column))
		}
		found, ok := seen.order()
		if !ok {
			args := seen.readings()
			key := "ask-date-order"
			if len(args) == 1 {
				key = "ask-date-order-mixed"
			}
			e := c.fault(key, -1, column, "--date-order", args...)
			e.Kind = goalpost.Ask
			return nil, e
		}
		order = found
	}
	list := make([]goalpost.Day, len(c.rows))
	for row := range c.rows {
		s := c.Cell(row, column)
		m, ok := date(s, order, c.workbook)
		switch {
		case !ok && strings.TrimSpace(s) == "":
			return nil, c.fault("columns-no-date", row, column, "")
		case !ok:
			return nil, c.fault("columns-date", row, column, "", goalpost.TextArg(short(s)))
		}
		list[row] = m.date()
	}
	return list, nil
}

// onWords and offWords are how a column says that an activity ran that day, or did not.
var (
	onWords  = []string{"1", "true", "yes", "y", "on", "x", "ja", "an", "j", "wahr"}
	offWords = []string{"0", "false", "no", "n", "off", "nein", "aus", "falsch"}
)

// Switches reads a column that says whether something was on. A gap is off.
func (c *Columns) Switches(column int) ([]bool, error) {
	list := make([]bool, len(c.rows))
	for row := range c.rows {
		s := strings.ToLower(strings.TrimSpace(c.Cell(row, column)))
		switch {
		case slices.Contains(onWords, s):
			list[row] = true
		case isMissing(s), slices.Contains(offWords, s):
		default:
			return nil, c.fault("columns-switch", row, column, "", goalpost.TextArg(short(s)))
		}
	}
	return list, nil
}
