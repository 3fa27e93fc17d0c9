package main

import (
	"encoding/csv"
	"encoding/json"
	"fmt"
	"regexp"
	"strconv"
	"strings"
	"unicode"
	"unicode/utf8"
)

// column is a column of a table. Its key names the header in locale.
type column struct {
	key   string
	right bool // numbers stand at the right
	flex  bool // gives way where the line is too narrow
}

// writeJSON writes one document.
func (p *program) writeJSON(v any) error {
	e := json.NewEncoder(p.stdout)
	e.SetEscapeHTML(false)
	e.SetIndent("", "  ")
	return e.Encode(v)
}

// writeCSV writes a table for programs and spreadsheets; header are the stable
// English names of the columns.
func (p *program) writeCSV(header []string, rows [][]string) error {
	w := csv.NewWriter(p.stdout)
	if err := w.Write(header); err != nil {
		return err
	}
	for _, r := range rows {
		safe := make([]string, len(r))
		for i, cell := range r {
			safe[i] = escapeFormula(cell)
		}
		if err := w.Write(safe); err != nil {
			return err
		}
	}
	w.Flush()
	return w.Error()
}

// hiddenFormula matches what another separator would make the beginning of a cell.
var hiddenFormula = regexp.MustCompile(`([;\t\r\n][\s"]*)([=+\-@＝＋－＠])`)

// escapeFormula puts an apostrophe before what a spreadsheet would run as a formula
// (OWASP, CSV Injection), also after a semicolon, a tab or the end of a line, where one
// in German would begin a cell. Numbers stay numbers.
func escapeFormula(s string) string {
	if s == "" {
		return s
	}
	if _, err := strconv.ParseFloat(s, 64); err == nil && s[0] != '+' {
		return s
	}
	s = hiddenFormula.ReplaceAllString(s, "$1'$2")
	if r, _ := utf8.DecodeRuneInString(s); strings.ContainsRune("=+-@\t\r\n＝＋－＠", r) {
		return "'" + s
	}
	return s
}

const gap = "  " // between columns

// writeTable writes an aligned table that keeps to the width of the screen: columns
// that give way are cut with an ellipsis.
func (p *program) writeTable(columns []column, rows [][]string) error {
	widths := make([]int, len(columns))
	header := make([]string, len(columns))
	for i, c := range columns {
		header[i] = p.say.T(c.key)
		widths[i] = utf8.RuneCountInString(header[i])
	}
	for _, r := range rows {
		for i := range columns {
			r[i] = oneLine(r[i])
			widths[i] = max(widths[i], utf8.RuneCountInString(r[i]))
		}
	}
	if !p.piped { // a program reads all of it
		p.shrink(columns, widths)
	}
	for _, r := range append([][]string{header}, rows...) {
		var b strings.Builder
		for i, cell := range r {
			if i > 0 {
				b.WriteString(gap)
			}
			cell = cut(cell, widths[i])
			pad := strings.Repeat(" ", widths[i]-utf8.RuneCountInString(cell))
			if columns[i].right {
				cell = pad + cell
			} else {
				cell += pad
			}
			b.WriteString(cell)
		}
		if err := p.print("%s\n", strings.TrimRight(b.String(), " ")); err != nil {
			return err
		}
	}
	return nil
}

// shrink takes from the columns that give way, the widest first, until the line fits.
func (p *program) shrink(columns []column, widths []int) {
	const least = 8
	total := len(gap) * (len(columns) - 1)
	for _, w := range widths {
		total += w
	}
	for ; total > p.width; total-- {
		widest := -1
		for i, c := range columns {
			if c.flex && widths[i] > least && (widest < 0 || widths[i] > widths[widest]) {
				widest = i
			}
		}
		if widest < 0 {
			return
		}
		widths[widest]--
	}
}

// cut shortens a cell.
func cut(s string, width int) string {
	if utf8.RuneCountInString(s) <= width {
		return s
	}
	r := []rune(s)
	return string(r[:max(width-1, 0)]) + "…"
}

// oneLine makes foreign text safe for a terminal: no line breaks, no control signs.
func oneLine(s string) string {
	clean := strings.Map(func(r rune) rune {
		if unicode.IsControl(r) || r == '\u2028' || r == '\u2029' || unicode.Is(unicode.Bidi_Control, r) {
			return ' '
		}
		return r
	}, s)
	return strings.Join(strings.Fields(clean), " ")
}

// paragraph writes text below an indent, wrapped at the width of the screen.
func (p *program) paragraph(indent, text string) error {
	line := ""
	for _, word := range strings.Split(oneLine(text), " ") {
		switch {
		case line == "":
			line = word
		case utf8.RuneCountInString(indent)+utf8.RuneCountInString(line)+1+utf8.RuneCountInString(word) > p.width:
			if err := p.print("%s%s\n", indent, line); err != nil {
				return err
			}
			line = word
		default:
			line += " " + word
		}
	}
	if line == "" {
		return nil
	}
	return p.print("%s%s\n", indent, line)
}

// number writes a number for programs.
func number(v float64) string { return strconv.FormatFloat(v, 'f', -1, 64) }

// numberOr writes a number that may be missing.
func numberOr(v *float64) string {
	if v == nil {
		return ""
	}
	return number(*v)
}

// plain writes anything that has a simple text.
func plain(v any) string { return fmt.Sprint(v) }
