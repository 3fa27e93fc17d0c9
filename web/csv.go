package web

import (
	"encoding/csv"
	"fmt"
	"net/http"
	"regexp"
	"strconv"
	"strings"
)

// hiddenFormula matches what another separator would make the beginning of a cell.
var hiddenFormula = regexp.MustCompile(`([;\t\r\n][\s"]*)([=+\-@＝＋－＠])`)

// escapeFormula makes a text safe for spreadsheets: one that they would read as a
// formula gets an apostrophe in front (OWASP, CSV injection). A spreadsheet in German
// parts cells at semicolons and takes the quotes of ours for text, so that a formula may
// also begin after a semicolon, a tab or the end of a line.
func escapeFormula(s string) string {
	s = hiddenFormula.ReplaceAllString(s, "$1'$2")
	if s == "" || !strings.ContainsRune("=+-@\t\r\n＝＋－＠", []rune(s)[0]) {
		return s
	}
	return "'" + s
}

// exact writes a number for programs: as many digits as it has, a point, no
// separators.
func exact(x float64) string { return strconv.FormatFloat(x, 'f', -1, 64) }

func exactOr(x *float64) string {
	if x == nil {
		return ""
	}
	return exact(*x)
}

// writeCSV answers with a table for download.
func writeCSV(w http.ResponseWriter, name string, rows [][]string) error {
	w.Header().Set("Content-Type", "text/csv; charset=utf-8")
	attach(w, name)
	c := csv.NewWriter(w)
	if err := c.WriteAll(rows); err != nil {
		return fmt.Errorf("web: csv %s: %w", name, err)
	}
	return nil
}

// attach makes an answer a download under a name that is plain ASCII.
func attach(w http.ResponseWriter, name string) {
	name = strings.Map(func(r rune) rune {
		switch {
		case r >= 'a' && r <= 'z', r >= 'A' && r <= 'Z', r >= '0' && r <= '9', r == '-', r == '_', r == '.':
			return r
		}
		return '-'
	}, name)
	w.Header().Set("Content-Disposition", `attachment; filename="`+name+`"`)
}
