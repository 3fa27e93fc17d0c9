package main

import (
	"encoding/csv"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strconv"
	"strings"

	"goalpost"
	"goalpost/assess"
	"goalpost/document"
)

// show prints what the files gave.
func (b *importBatch) show(r goalpost.Report) error {
	r = document.ReportOf(r.Files...)
	switch b.flags.Output {
	case "json":
		return b.writeJSON(r)
	case "csv":
		var rows [][]string
		for _, f := range r.Files {
			rows = append(rows, []string{f.File, f.Dialect, f.SHA256, plain(f.Rows), plain(f.Kept), plain(f.Reported), plain(f.AlreadyKnown), f.FirstDate, f.LastDate})
		}
		return b.writeCSV([]string{"file", "dialect", "sha256", "rows", "kept", "reported", "already_known", "first_date", "last_date"}, rows)
	}
	var rows [][]string
	for _, f := range r.Files {
		rows = append(rows, []string{f.File, b.say.Word("import.dialect." + f.Dialect), plain(f.Kept), plain(f.Reported), plain(f.AlreadyKnown), f.FirstDate, f.LastDate})
	}
	err := b.writeTable([]column{{key: "cli.column.file", flex: true}, {key: "cli.column.dialect", flex: true}, {key: "cli.column.kept", right: true},
		{key: "cli.column.reported", right: true}, {key: "cli.column.already-known", right: true}, {key: "cli.column.first-date"}, {key: "cli.column.last-date"}}, rows)
	if err != nil {
		return err
	}
	return b.showDetails(r)
}

// showDetails prints the rows that were not kept and what was assumed.
func (b *importBatch) showDetails(r goalpost.Report) error {
	for _, f := range r.Files {
		overlap := b.say.Overlap(f)
		if f.Again {
			overlap = []string{b.say.T("web.report.known")}
		}
		if len(f.Reasons) == 0 && len(f.Notes) == 0 && len(overlap) == 0 {
			continue
		}
		if err := b.print("\n%s\n", oneLine(f.File)); err != nil {
			return err
		}
		for _, reason := range f.Reasons {
			text := fmt.Sprintf("%d × %s (%s)", reason.Count, b.say.T("import.reason."+reason.Reason), b.lines(reason))
			if err := b.paragraph("  ", text); err != nil {
				return err
			}
			for _, c := range reason.Cells[:min(cellsShown, len(reason.Cells))] {
				if err := b.paragraph("    ", b.say.BadCell(reason.Reason, c)); err != nil {
					return err
				}
			}
		}
		for _, note := range append(overlap, b.say.Notes(f.Notes)...) {
			if err := b.paragraph("  ", note); err != nil {
				return err
			}
		}
	}
	return nil
}

// cellsShown is how many cells of a reason are shown; --report has more.
const cellsShown = 3

// lines names the first lines of a reason.
func (b *importBatch) lines(r goalpost.Reason) string {
	const shown = 8
	var list []string
	for _, l := range r.Lines[:min(shown, len(r.Lines))] {
		list = append(list, strconv.Itoa(l))
	}
	if r.Count > len(list) {
		list = append(list, "…")
	}
	if r.Count == 1 {
		return b.say.T("cli.import.line", goalpost.TextArg(list[0]))
	}
	return b.say.T("cli.import.lines", goalpost.TextArg(strings.Join(list, ", ")))
}

// writeReport writes the report to the file of --report: JSON where its name says
// so, else CSV with a row for each row that was not kept.
func (b *importBatch) writeReport(r goalpost.Report) (err error) {
	path := b.command.Report
	if path == "" {
		return nil
	}
	f, err := os.Create(path)
	if err != nil {
		return fileError(path, err)
	}
	defer func() { err = errors.Join(err, f.Close()) }()
	if strings.EqualFold(filepath.Ext(path), ".json") {
		e := json.NewEncoder(f)
		e.SetIndent("", "  ")
		return e.Encode(r)
	}
	w := csv.NewWriter(f)
	rows := [][]string{{"file", "line", "reason", "count", "column", "value"}}
	for _, file := range r.Files {
		for _, reason := range file.Reasons {
			text := b.say.T("import.reason." + reason.Reason)
			for _, line := range reason.Lines {
				column, value := reason.Cell(line)
				rows = append(rows, []string{escapeFormula(file.File), strconv.Itoa(line), text, "1", escapeFormula(column), escapeFormula(value)})
			}
			if rest := reason.Count - len(reason.Lines); rest > 0 {
				rows = append(rows, []string{escapeFormula(file.File), "", text, strconv.Itoa(rest), "", ""})
			}
		}
	}
	return w.WriteAll(rows)
}

// dryRun says what would be made of the files, and stores nothing.
func (b *importBatch) dryRun() error {
	list := []document.ImportProposal{}
	code := exitAnswered
	for _, path := range b.command.Files {
		d, err := b.propose(path)
		if err != nil {
			b.complain(err)
			code = max(code, exitCode(err))
			continue
		}
		list = append(list, d)
	}
	if err := b.showProposals(list); err != nil {
		return err
	}
	if code != exitAnswered {
		return done{code}
	}
	return nil
}

func (b *importBatch) propose(path string) (d document.ImportProposal, err error) {
	in, f, err := b.open(path)
	if err != nil {
		return d, err
	}
	defer func() { err = errors.Join(err, f.Close()) }()
	proposal, err := assess.Propose(b, b.db, b.org, in)
	if err != nil {
		return d, err
	}
	return document.ImportProposalOf(b.say, in.Name, proposal), nil
}

// showProposals prints what was proposed. The map of a single table stands alone on
// stdout, so that it can be redirected into a file for --map; what a person should
// know about it goes to stderr.
func (b *importBatch) showProposals(list []document.ImportProposal) error {
	if b.flags.Output == "json" {
		return b.writeJSON(document.ImportProposals{Files: list})
	}
	text := *b.program
	if len(list) == 1 && len(list[0].Map) > 0 {
		text.stdout = b.stderr
	}
	for _, d := range list {
		if err := text.print("%s: %s\n", oneLine(d.File), b.say.Word("import.dialect."+d.Dialect)); err != nil {
			return err
		}
		for _, q := range d.Questions {
			if err := text.paragraph("  ", q.Flag+": "+q.Why); err != nil {
				return err
			}
		}
		for _, n := range d.Notes {
			if err := text.paragraph("  ", n); err != nil {
				return err
			}
		}
		if len(d.Map) > 0 {
			if err := b.print("%s\n", d.Map); err != nil {
				return err
			}
		}
	}
	return text.print("%s\n", b.say.T("cli.import.dry-run"))
}
