package main

import (
	"errors"
	"os"

	"goalpost"
	"goalpost/store"
)

// backupCommand copies everything into one file.
type backupCommand struct {
	File string `arg:"" help:"backup-file"`
}

// Run writes the backup beside whatever else is going on.
func (c *backupCommand) Run(p *program) error {
	return p.withData(false, func(db *store.DB) error {
		if err := db.Backup(p, c.File); err != nil {
			return err
		}
		info, err := os.Stat(c.File)
		if err != nil {
			return fileError(c.File, err)
		}
		switch p.flags.Output {
		case "json":
			return p.writeJSON(map[string]any{"file": c.File, "bytes": info.Size()})
		case "csv":
			return p.writeCSV([]string{"file", "bytes"}, [][]string{{c.File, plain(info.Size())}})
		}
		const mega = 1 << 20
		if err := p.paragraph("", p.say.T("cli.backup.done", goalpost.TextArg(c.File), goalpost.TextArg(p.say.Decimal(float64(info.Size())/mega, 1)))); err != nil {
			return err
		}
		if _, err := os.Stat(db.KeyFile()); err != nil {
			return nil // there is no key yet that could be missed
		}
		return p.paragraph("", p.say.T("cli.backup.key", goalpost.TextArg(db.KeyFile())))
	})
}

// restoreCommand puts a backup into an empty folder.
type restoreCommand struct {
	File string `arg:"" help:"restore-file"`
}

// Run restores, opens what came back and says what is in it.
func (c *restoreCommand) Run(p *program) (err error) {
	dir := p.flags.Data
	if dir == "" {
		return &goalpost.Error{Kind: goalpost.Invalid, Key: "error.flag.data-missing", Flag: "--data"}
	}
	if err := store.Restore(p, c.File, dir); err != nil {
		return err
	}
	db, err := store.Open(p, dir, store.Options{KeyFile: p.flags.KeyFile})
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, db.Close()) }()
	orgs, err := db.Organisations(p)
	if err != nil {
		return err
	}
	imports, goals := 0, 0
	for _, o := range orgs {
		i, err := db.Imports(p, o.ID)
		if err != nil {
			return err
		}
		g, err := db.Goals(p, o.ID)
		if err != nil {
			return err
		}
		imports, goals = imports+len(i), goals+len(g)
	}
	switch p.flags.Output {
	case "json":
		return p.writeJSON(map[string]any{"organisations": len(orgs), "imports": imports, "goals": goals})
	case "csv":
		return p.writeCSV([]string{"organisations", "imports", "goals"}, [][]string{{plain(len(orgs)), plain(imports), plain(goals)}})
	}
	if err := p.paragraph("", p.say.T("cli.restore.done", goalpost.TextArg(c.File), goalpost.TextArg(dir), goalpost.NumberArg(float64(imports)), goalpost.NumberArg(float64(goals)))); err != nil {
		return err
	}
	missing, err := p.missingKey(db)
	if err != nil || missing == "" {
		return err
	}
	return p.paragraph("", missing)
}
