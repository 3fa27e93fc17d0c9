package web

import (
	"encoding/json"
	"fmt"
	"net/http"

	"github.com/xuri/excelize/v2"

	"goalpost/assess"
	"goalpost/dataset"
	"goalpost/locale"
)

// surveyDownload answers with all answers of a survey as a file, one row a respondent.
func (s *Server) surveyDownload(kind string) pageHandler {
	return func(w http.ResponseWriter, r *http.Request, v visitor) error {
		a, err := s.readSurvey(r, v)
		if err != nil {
			return err
		}
		t, err := s.tally(r, a)
		if err != nil {
			return err
		}
		table, err := a.FullTable(r.Context(), s.DB, t)
		if err != nil {
			return err
		}
		w.Header().Set("Cache-Control", "no-store")
		name := a.Survey.Slug + "." + kind
		switch kind {
		case "csv":
			return writeCSV(w, name, escapedRows(table))
		case "xlsx":
			return writeXLSX(w, name, table)
		}
		d := surveyAnswersJSON{Survey: a.Survey.ID, Slug: a.Survey.Slug}
		d.document(table)
		w.Header().Set("Content-Type", "application/json")
		attach(w, name)
		if err := json.NewEncoder(w).Encode(d); err != nil {
			return fmt.Errorf("web: json %s: %w", name, err)
		}
		return nil
	}
}

// surveyDataset answers with all answers of a survey as a file for statistics programs.
func (s *Server) surveyDataset(format dataset.FileFormat) pageHandler {
	return func(w http.ResponseWriter, r *http.Request, v visitor) error {
		a, err := s.readSurvey(r, v)
		if err != nil {
			return err
		}
		table, err := s.datasetOf(r, a, s.newPage(r, &v, "").printer)
		if err != nil {
			return err
		}
		w.Header().Set("Cache-Control", "no-store")
		w.Header().Set("Content-Type", format.MediaType())
		attach(w, table.File(format))
		return table.Write(w, format)
	}
}

// datasetOf lays all answers of a survey out with labels in the reader's language.
func (s *Server) datasetOf(r *http.Request, a *assess.AskedSurvey, say *locale.Printer) (dataset.Table, error) {
	t, err := s.tally(r, a)
	if err != nil {
		return dataset.Table{}, err
	}
	return a.FullDataset(r.Context(), s.DB, t, assess.DatasetInput{Say: say, Language: string(say.Language()), Program: programName, At: s.Now()})
}

// programName stands in files that say what made them.
const programName = "Goalpost"

// columnNames are the names of a table's columns.
func columnNames(t assess.SurveyTable) []string {
	names := make([]string, len(t.Columns))
	for i, c := range t.Columns {
		names[i] = c.Name
	}
	return names
}

// escapedRows are the rows of a table for a spreadsheet: no text of a stranger begins a
// formula.
func escapedRows(t assess.SurveyTable) [][]string {
	rows := [][]string{columnNames(t)}
	for _, cells := range t.Rows {
		row := make([]string, len(cells))
		for i, c := range cells {
			if row[i] = c.String(); c.Kind == assess.CellText {
				row[i] = escapeFormula(c.Text)
			}
		}
		rows = append(rows, row)
	}
	return rows
}

// sheetName is the sheet that a new workbook has.
const sheetName = "Sheet1"

// writeXLSX answers with a workbook. Its texts are texts, but who saves it as CSV would
// make formulas of them: so they are escaped, too.
func writeXLSX(w http.ResponseWriter, name string, t assess.SurveyTable) error {
	f := excelize.NewFile()
	defer func() { _ = f.Close() }() // everything is written by then
	sheet, err := f.NewStreamWriter(sheetName)
	if err != nil {
		return fmt.Errorf("web: xlsx %s: %w", name, err)
	}
	head := make([]any, len(t.Columns))
	for i, name := range columnNames(t) {
		head[i] = name
	}
	if err := sheet.SetRow("A1", head); err != nil {
		return fmt.Errorf("web: xlsx %s: %w", name, err)
	}
	for i, cells := range t.Rows {
		row := make([]any, len(cells))
		for j, c := range cells {
			switch c.Kind {
			case assess.CellNumber:
				row[j] = c.Number
			case assess.CellText:
				row[j] = escapeFormula(c.Text)
			case assess.CellTime:
				row[j] = c.String()
			case assess.CellEmpty:
			}
		}
		if err := sheet.SetRow(fmt.Sprintf("A%d", i+2), row); err != nil {
			return fmt.Errorf("web: xlsx %s: %w", name, err)
		}
	}
	if err := sheet.Flush(); err != nil {
		return fmt.Errorf("web: xlsx %s: %w", name, err)
	}
	w.Header().Set("Content-Type", "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet")
	attach(w, name)
	if err := f.Write(w); err != nil {
		return fmt.Errorf("web: xlsx %s: %w", name, err)
	}
	return nil
}
