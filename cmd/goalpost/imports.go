package main

import (
	"strconv"
	"time"

	"goalpost"
	"goalpost/document"
	"goalpost/store"
)

// importsCommand lists what was imported.
type importsCommand struct{}

// Run lists the ledger, newest first.
func (importsCommand) Run(p *program) error {
	return p.withOrg(func(db *store.DB, org goalpost.Organisation) error {
		list, err := db.Imports(p, org.ID)
		if err != nil {
			return err
		}
		switch p.flags.Output {
		case "json":
			return p.writeJSON(document.ImportsOf(list))
		case "csv":
			var rows [][]string
			for _, i := range list {
				rows = append(rows, []string{plain(i.ID), string(i.State), i.StartedAt.UTC().Format(time.RFC3339), i.By, i.File, i.Dialect, i.SHA256,
					plain(i.Report.Rows), plain(i.Report.Kept), plain(i.Report.Reported)})
			}
			return p.writeCSV([]string{"id", "state", "imported_at", "by", "file", "dialect", "sha256", "rows", "kept", "reported"}, rows)
		}
		if len(list) == 0 {
			return p.print("%s\n", p.say.T("cli.imports.none"))
		}
		var rows [][]string
		for _, i := range list {
			rows = append(rows, []string{strconv.FormatInt(int64(i.ID), 10), p.say.T("cli.state." + string(i.State)), i.StartedAt.In(org.Zone()).Format(time.DateOnly),
				i.File, p.say.Word("import.dialect." + i.Dialect), plain(i.Report.Kept), plain(i.Report.Reported)})
		}
		return p.writeTable([]column{{key: "cli.column.id", right: true}, {key: "cli.column.state"}, {key: "cli.column.imported"}, {key: "cli.column.file", flex: true},
			{key: "cli.column.dialect", flex: true}, {key: "cli.column.kept", right: true}, {key: "cli.column.reported", right: true}}, rows)
	})
}
