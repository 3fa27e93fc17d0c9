package document

import (
	"encoding/json"
	"time"

	"goalpost"
	"goalpost/assess"
	"goalpost/locale"
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

// ImportProposals say what would be made of files.
type ImportProposals struct {
	Files []ImportProposal `json:"files"`
}

// ImportProposal says what would be made of a file; nothing of it is kept.
type ImportProposal struct {
	File      string           `json:"file"`
	Dialect   string           `json:"dialect"`
	NeedsMap  bool             `json:"needs_map"`
	Map       json.RawMessage  `json:"map"` // null for a platform's dialect
	Questions []ImportQuestion `json:"questions"`
	Notes     []string         `json:"notes"`
	Known     int64            `json:"known_import,omitempty"`
}

// ImportQuestion is what a file does not say.
type ImportQuestion struct {
	Field   string   `json:"field"`
	Flag    string   `json:"flag"`
	Why     string   `json:"why"`
	Choices []string `json:"choices"`
}

// ImportProposalOf makes the document of a proposal.
func ImportProposalOf(say *locale.Printer, file string, x assess.Proposal) ImportProposal {
	d := ImportProposal{File: file, Dialect: x.Dialect, NeedsMap: x.NeedsMap, Questions: []ImportQuestion{}, Notes: OrEmpty(say.Notes(x.Notes))}
	if len(x.Map) > 0 {
		d.Map = x.Map
	}
	for _, q := range x.Questions {
		d.Questions = append(d.Questions, ImportQuestion{Field: q.Field, Flag: q.Flag, Why: say.Note(q.Why), Choices: OrEmpty(q.Choices)})
	}
	if x.Known != nil {
		d.Known = int64(x.Known.ID)
	}
	return d
}
