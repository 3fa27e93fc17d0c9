package ingest

import (
	"context"
	"slices"
	"strings"

	"goalpost"
)

// PopulationRow is one row of a table of group sizes.
type PopulationRow struct {
	Line             int
	Question, Option string
	Size             float64
	Percent          bool
}

// maxPopulationRows is more than a population can have groups.
const maxPopulationRows = 5000

// Headers of a table of group sizes, in English and German.
var populationHeaders = [][]string{
	{"question", "frage", "variable", "merkmal"},
	{"option", "answer", "antwort", "group", "gruppe", "category", "kategorie"},
	{"size", "größe", "groesse", "count", "number", "people", "anzahl", "zahl", "menschen", "personen", "percent", "per cent", "%", "prozent", "share", "anteil"},
}

// percentHeaders say that the sizes are per cent.
var percentHeaders = []string{"percent", "per cent", "%", "prozent", "share", "anteil"}

// Population reads a table with the columns question, option and size: how many of the
// population are in each group, or what per cent. A question that is left out is that of
// the row above. Every error names line and column.
func Population(ctx context.Context, s Source) ([]PopulationRow, error) {
	var (
		cells   []Row
		columns []int
		percent bool
	)
	err := Rows(ctx, s, "", func(r Row) error {
		if len(cells) >= maxPopulationRows {
			return &goalpost.Error{Kind: goalpost.Invalid, Key: "error.population-file.rows", Line: r.Line, Args: []goalpost.Arg{goalpost.NumberArg(maxPopulationRows)}}
		}
		if columns == nil {
			var header bool
			var err error
			if columns, percent, header, err = populationColumns(r); err != nil || header {
				return err
			}
		}
		r.Cells = slices.Clone(r.Cells)
		cells = append(cells, r)
		return nil
	})
	if err == nil && len(cells) == 0 {
		err = &goalpost.Error{Kind: goalpost.Invalid, Key: "error.population-file.empty"}
	}
	if err != nil {
		return nil, err
	}
	list, err := populationRows(cells, columns, percent)
	return list, inFile(err, s.Name)
}

// populationColumns finds question, option and size in the first row. A row whose third
// cell is a number is no header.
func populationColumns(r Row) (columns []int, percent, header bool, err error) {
	if len(r.Cells) == 3 {
		if _, ok := number(sizeText(r.Cells[2]), '.'); ok {
			return []int{0, 1, 2}, false, false, nil
		}
		if _, ok := number(sizeText(r.Cells[2]), ','); ok {
			return []int{0, 1, 2}, false, false, nil
		}
	}
	columns = []int{-1, -1, -1}
	for i, c := range r.Cells {
		name := normalHeader(c)
		for k, known := range populationHeaders {
			if columns[k] < 0 && slices.Contains(known, name) {
				columns[k] = i
				percent = percent || k == 2 && slices.Contains(percentHeaders, name)
			}
		}
	}
	for k, at := range columns {
		if at < 0 {
			return nil, false, false, &goalpost.Error{Kind: goalpost.Invalid, Key: "error.population-file.header", Line: r.Line, Field: populationHeaders[k][0]}
		}
	}
	return columns, percent, true, nil
}

// sizeText is a size without its per cent sign.
func sizeText(s string) string {
	return strings.TrimSpace(strings.TrimSuffix(strings.TrimSpace(strings.TrimPrefix(s, "\ufeff")), "%"))
}

func populationRows(cells []Row, columns []int, percent bool) ([]PopulationRow, error) {
	var seen decimals
	cell := func(r Row, k int) string {
		if columns[k] >= len(r.Cells) {
			return ""
		}
		return strings.TrimSpace(r.Cells[columns[k]])
	}
	for _, r := range cells {
		seen.see(sizeText(cell(r, 2)))
	}
	decimal, known := seen.sign()
	var list []PopulationRow
	question := ""
	for _, r := range cells {
		if q := cell(r, 0); q != "" {
			question = q
		}
		x := PopulationRow{Line: r.Line, Question: question, Option: cell(r, 1)}
		size := cell(r, 2)
		text := sizeText(size)
		x.Percent = percent || strings.HasSuffix(size, "%")
		fault := &goalpost.Error{Kind: goalpost.Invalid, Line: r.Line}
		if !known {
			decimal = decimalOfSize(text, x.Percent)
		}
		var ok bool
		x.Size, ok = number(text, decimal)
		switch {
		case question == "":
			fault.Key, fault.Field = "error.population-file.question", "question"
		case x.Option == "":
			fault.Key, fault.Field = "error.population-file.option", "option"
		case seen.point && seen.comma:
			fault.Key, fault.Field = "error.population-file.decimal", "size"
		case !ok || x.Size < 0:
			fault.Key, fault.Field, fault.Args = "error.population-file.size", "size", []goalpost.Arg{goalpost.TextArg(size)}
		default:
			list = append(list, x)
			continue
		}
		return nil, fault
	}
	return list, nil
}

// decimalOfSize says which sign of a size is its decimal sign where no size tells: people
// are whole, so that 1.234 and 1,234 are thousands of them; percentages have decimals.
func decimalOfSize(text string, percent bool) byte {
	if strings.Contains(text, ",") == percent {
		return ','
	}
	return '.'
}
