package document

import (
	"time"

	"goalpost"
)

// Imports are all imports.
type Imports struct {
	Imports []Import `json:"imports"`
}

// Import is an import: its file's report with what became of it.
type Import struct {
	ID         goalpost.ImportID    `json:"id"`
	State      goalpost.ImportState `json:"state"`
	ImportedAt time.Time            `json:"imported_at"`
	By         string               `json:"by"`
	goalpost.FileReport
}

// ImportOf makes the document of an import.
func ImportOf(i goalpost.Import) Import {
	e := Import{ID: i.ID, State: i.State, ImportedAt: i.StartedAt, By: i.By, FileReport: fileReport(i.Report)}
	e.File, e.Dialect, e.SHA256 = i.File, i.Dialect, i.SHA256
	return e
}

// ImportsOf makes the list of imports.
func ImportsOf(list []goalpost.Import) Imports {
	d := Imports{Imports: []Import{}}
	for _, i := range list {
		d.Imports = append(d.Imports, ImportOf(i))
	}
	return d
}

// ReportOf makes the document of what files gave.
func ReportOf(files ...goalpost.FileReport) goalpost.Report {
	d := goalpost.Report{Files: []goalpost.FileReport{}}
	for _, f := range files {
		d.Files = append(d.Files, fileReport(f))
	}
	return d
}

// fileReport has no list that JSON would write as null.
func fileReport(f goalpost.FileReport) goalpost.FileReport {
	if f.Totals == nil {
		f.Totals = map[goalpost.Metric]float64{}
	}
	f.Reasons = OrEmpty(f.Reasons)
	return f
}
