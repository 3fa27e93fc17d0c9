package ingest

import (
	"math"
	"slices"
	"strings"

	"goalpost"
)

// Missing says whether a cell holds nothing: it is empty, or says so, as "NA".
func (c *Columns) Missing(row, column int) bool {
	return isMissing(strings.TrimSpace(c.Cell(row, column)))
}

// YesNo reads a column of 1 and 0, or yes and no: NaN where there is nothing. no reports
// whether a cell says no. Another text is refused with its place.
func (c *Columns) YesNo(column int) (values []float64, no bool, err error) {
	values = make([]float64, len(c.rows))
	for row := range c.rows {
		s := strings.ToLower(strings.TrimSpace(c.Cell(row, column)))
		switch {
		case slices.Contains(onWords, s):
			values[row] = 1
		case slices.Contains(offWords, s):
			no = true
		case isMissing(s):
			values[row] = math.NaN()
		default:
			return nil, false, c.fault("columns-yes-no", row, column, "", goalpost.TextArg(short(s)))
		}
	}
	return values, no, nil
}

// noIdeaWords are how a person says that they do not know.
var noIdeaWords = []string{"no idea", "don't know", "dont know", "do not know", "?", "keine ahnung", "weiß nicht", "weiss nicht", "unbekannt"}

// Parts reads columns of percentages, "45 %", "45,5", or of fractions, "0.45", with one rule
// for all of them: NaN where a cell is empty or says "no idea". Numbers above 1 without a
// sign make all of them percentages; some with a sign and some without are refused.
func (c *Columns) Parts(columns []int, given string) ([][]float64, error) {
	var signs decimals
	bare := func(s string) (string, bool) {
		s = strings.TrimSpace(s)
		rest, sign := strings.CutSuffix(s, "%")
		return strings.TrimSpace(rest), sign
	}
	unknown := func(s string) bool {
		s = strings.ToLower(strings.TrimSpace(s))
		return isMissing(s) || slices.Contains(noIdeaWords, s)
	}
	for row := range c.rows {
		for _, i := range columns {
			if s := c.Cell(row, i); !unknown(s) {
				rest, _ := bare(s)
				signs.see(rest)
			}
		}
	}
	decimal, err := c.sign(&signs, given)
	if err != nil {
		return nil, err
	}
	out := make([][]float64, len(columns))
	with, without := -1, -1 // rows of the first with a sign, and of the first without that needs one
	most := 0.0
	for k, i := range columns {
		out[k] = make([]float64, len(c.rows))
		for row := range c.rows {
			s := c.Cell(row, i)
			if unknown(s) {
				out[k][row] = math.NaN()
				continue
			}
			rest, sign := bare(s)
			v, ok := number(rest, decimal)
			if !ok || c.isDate(row, i) {
				return nil, c.fault("columns-part", row, i, "", goalpost.TextArg(short(s)))
			}
			switch {
			case sign && with < 0:
				with = row
			case !sign && v != 0 && without < 0:
				without = row
			}
			if !sign {
				most = max(most, v)
			}
			out[k][row] = v
		}
	}
	if with >= 0 && without >= 0 {
		return nil, c.fault("columns-part-mixed", without, -1, "", goalpost.PlainArg(c.Line(with)))
	}
	scale := 1.0
	if with >= 0 || most > 1 {
		scale = 100
	}
	for k, i := range columns {
		for row, v := range out[k] {
			out[k][row] = v / scale
			if v < 0 || v > scale {
				return nil, c.fault("columns-part-range", row, i, "", goalpost.TextArg(short(c.Cell(row, i))))
			}
		}
	}
	return out, nil
}

// sign is the sign before the decimals that cells show, or the one that was given.
func (c *Columns) sign(signs *decimals, given string) (byte, error) {
	switch {
	case given == "." || given == ",":
		return given[0], nil
	case given != "":
		return 0, c.fault("columns-decimal-flag", -1, -1, "--decimal", goalpost.TextArg(short(given)))
	case c.workbook:
		return '.', nil
	}
	sign, ok := signs.sign()
	if !ok {
		e := c.fault("columns-decimal", -1, -1, "--decimal")
		e.Kind = goalpost.Ask
		return 0, e
	}
	return sign, nil
}
