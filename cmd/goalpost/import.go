package main

import (
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"time"

	"goalpost"
	"goalpost/assess"
	"goalpost/ingest"
	"goalpost/store"
)

// importCommand brings files in, shows what it would make of them, or takes an
// import back.
type importCommand struct {
	Files       []string `arg:"" optional:"" name:"file" help:"import-file"`
	Map         string   `placeholder:"MAP.json" help:"import-map"`
	DryRun      bool     `env:"-" help:"import-dry-run"`
	Report      string   `placeholder:"FILE" help:"import-report"`
	Undo        int64    `placeholder:"ID" env:"-" help:"import-undo"`
	Account     string   `placeholder:"NAME" help:"import-account"`
	Network     string   `placeholder:"NAME" help:"import-network"`
	TimeZone    string   `placeholder:"ZONE" help:"import-time-zone"`
	OrgTimeZone string   `placeholder:"ZONE" help:"import-org-time-zone"`
	DateOrder   string   `placeholder:"dmy|mdy|ymd" help:"import-date-order"`
	Currency    string   `placeholder:"EUR" help:"import-currency"`
	ObservedAt  string   `placeholder:"DATE" help:"import-observed-at"`
	Sheet       string   `placeholder:"NAME" help:"import-sheet"`
}

// Run imports the files one after the other. Good ones are kept, bad ones reported,
// each with one line; the exit code says whether there was a bad one.
func (c *importCommand) Run(p *program) error {
	switch {
	case c.Undo != 0 && len(c.Files) > 0:
		return usage("--undo stands alone, without files")
	case c.Undo != 0:
		return c.undo(p)
	case len(c.Files) == 0:
		return &goalpost.Error{Kind: goalpost.Invalid, Key: "error.flag.file-missing"}
	}
	if err := zone(c.OrgTimeZone, "--org-time-zone"); err != nil {
		return err
	}
	columns, err := c.columnMap()
	if err != nil {
		return err
	}
	return p.withData(true, func(db *store.DB) error {
		b, err := c.batch(p, db, columns)
		if err != nil {
			return err
		}
		return b.run()
	})
}

// columnMap reads the file of --map and checks it by itself.
func (c *importCommand) columnMap() ([]byte, error) {
	if c.Map == "" {
		return nil, nil
	}
	data, err := os.ReadFile(c.Map)
	if err != nil {
		return nil, fileError(c.Map, err)
	}
	if _, err := ingest.ParseMap(data); err != nil {
		if e, ok := errors.AsType[*goalpost.Error](err); ok {
			e.File = filepath.Base(c.Map)
		}
		return nil, err
	}
	return data, nil
}

// fileError says what is wrong with a file that cannot be opened.
func fileError(path string, err error) error {
	e := &goalpost.Error{Kind: goalpost.Invalid, Key: "error.file.unreadable", File: filepath.Base(path), Err: err}
	switch {
	case errors.Is(err, fs.ErrNotExist):
		e.Key = "error.file.missing"
	case errors.Is(err, fs.ErrPermission):
		e.Key = "error.file.forbidden"
	}
	return e
}

// answers are what the flags say about the files.
func (c *importCommand) answers(org goalpost.Organisation, now time.Time) (goalpost.Answers, error) {
	a := goalpost.Answers{Account: c.Account, Network: goalpost.Network(c.Network), TimeZone: c.TimeZone, DateOrder: c.DateOrder, Currency: c.Currency, Sheet: c.Sheet}
	if a.Network != "" && !a.Network.Valid() {
		return a, &goalpost.Error{Kind: goalpost.Invalid, Key: "error.goal.unknown-network", Flag: "--network", Args: []goalpost.Arg{goalpost.TextArg(c.Network)}}
	}
	if err := zone(c.TimeZone, "--time-zone"); err != nil {
		return a, err
	}
	if c.ObservedAt == "" {
		return a, nil
	}
	if at, err := time.Parse(time.RFC3339, c.ObservedAt); err == nil {
		if a.ObservedAt = at.UTC(); at.After(now) {
			a.ObservedAt = now.UTC()
		}
		return a, nil
	}
	d, err := day(c.ObservedAt, "--observed-at")
	if err != nil {
		return a, err
	}
	a.ObservedAt = d.SeenOn(org.Zone(), now)
	return a, nil
}

// undo takes an import back.
func (c *importCommand) undo(p *program) error {
	return p.withOrg(func(db *store.DB, org goalpost.Organisation) error {
		if err := assess.UndoImport(p, db, org, goalpost.ImportID(c.Undo), p.userName, p.now()); err != nil {
			if goalpost.IsKind(err, goalpost.NotFound) {
				return &goalpost.Error{Kind: goalpost.NotFound, Key: "error.flag.no-import", Flag: "--undo", Args: []goalpost.Arg{goalpost.PlainArg(int(c.Undo))}}
			}
			return err
		}
		return p.print("%s\n", p.say.T("cli.imports.undone", goalpost.PlainArg(int(c.Undo))))
	})
}
