package main

import (
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"io"
	"os"
	"path/filepath"

	"goalpost"
	"goalpost/assess"
	"goalpost/store"
)

// doctorCommand looks whether everything is sound.
type doctorCommand struct {
	Rebuild bool `env:"-" help:"doctor-rebuild"`
}

// finding is the result of one check.
type finding struct {
	Check string `json:"check"`
	OK    bool   `json:"ok"`
	Text  string `json:"text"`
}

// Run checks the data, one line each. With --rebuild everything derived is computed
// again from the raw files first.
func (c *doctorCommand) Run(p *program) error {
	return p.withData(false, func(db *store.DB) error {
		orgs, err := db.Organisations(p)
		if err != nil {
			return err
		}
		findings := []finding{}
		if c.Rebuild {
			for _, org := range orgs {
				f, err := p.rebuild(db, org)
				if err != nil {
					return err
				}
				findings = append(findings, f)
			}
		}
		list, err := p.examine(db, orgs)
		if err != nil {
			return err
		}
		return p.showFindings(append(findings, list...))
	})
}

// rebuild computes everything derived of an organisation again.
func (p *program) rebuild(db *store.DB, org goalpost.Organisation) (finding, error) {
	files := 0
	err := assess.Rebuild(p, db, org, func(_, all int) { files = all })
	if err != nil {
		return finding{}, err
	}
	if err := assess.Refresh(p, db, org, p.now()); err != nil {
		return finding{}, err
	}
	return finding{"rebuild", true, p.say.T("cli.doctor.rebuilt", goalpost.TextArg(org.Name), goalpost.NumberArg(float64(files)))}, nil
}

// examine runs all checks.
func (p *program) examine(db *store.DB, orgs []goalpost.Organisation) ([]finding, error) {
	var findings []finding
	add := func(check string, ok bool, key string, args ...goalpost.Arg) {
		findings = append(findings, finding{check, ok, p.say.T(key, args...)})
	}
	file := filepath.Join(db.Dir(), store.File)
	info, err := os.Stat(file)
	if err != nil {
		return nil, err
	}
	if info.Mode().Perm()&0o077 == 0 {
		add("file", true, "cli.doctor.private", goalpost.TextArg(file))
	} else {
		add("file", false, "cli.doctor.readable", goalpost.TextArg(file))
	}
	damage, err := db.Check(p)
	if err != nil {
		return nil, err
	}
	for _, d := range damage {
		add("database", false, "cli.doctor.damage", goalpost.TextArg(d))
	}
	if len(damage) == 0 {
		add("database", true, "cli.doctor.database")
	}
	for _, org := range orgs {
		n, path, err := db.UnreadableEmails(p, org.ID)
		switch e, said := errors.AsType[*goalpost.Error](err); {
		case said:
			findings = append(findings, finding{"key", false, p.say.Error(e)})
		case err != nil:
			return nil, err
		case n > 0:
			add("key", false, "cli.key.unreadable", goalpost.NumberArg(float64(n)), goalpost.TextArg(path))
		default:
			add("key", true, "cli.doctor.key", goalpost.TextArg(org.Name))
		}
		_, err = db.Analyses(p, org.ID)
		switch e, said := errors.AsType[*goalpost.Error](err); {
		case said:
			findings = append(findings, finding{"plans", false, p.say.Error(e)})
		case err != nil:
			return nil, err
		default:
			add("plans", true, "cli.doctor.plans", goalpost.TextArg(org.Name))
		}
		list, err := p.examineImports(db, org)
		if err != nil {
			return nil, err
		}
		findings = append(findings, list...)
	}
	return findings, nil
}

// examineImports checks that every import can be computed again: its raw file is
// there and has the bytes that were accepted.
func (p *program) examineImports(db *store.DB, org goalpost.Organisation) ([]finding, error) {
	imports, err := db.Imports(p, org.ID)
	if err != nil {
		return nil, err
	}
	var findings []finding
	sound := 0
	for _, i := range imports {
		id, file := goalpost.PlainArg(int(i.ID)), goalpost.TextArg(i.File)
		switch i.State {
		case goalpost.ImportLoading, goalpost.ImportUndoing:
			findings = append(findings, finding{"imports", false, p.say.T("cli.doctor.loading", id, file)})
		case goalpost.ImportRebuild:
			findings = append(findings, finding{"imports", false, p.say.T("cli.doctor.rebuilding", id, file)})
		case goalpost.ImportDone, goalpost.ImportUndone:
			same, err := sameBytes(p, db, org.ID, i.SHA256)
			if err != nil {
				return nil, err
			}
			if !same {
				findings = append(findings, finding{"raw", false, p.say.T("cli.doctor.raw", id, file)})
				continue
			}
			sound++
		}
	}
	return append(findings, finding{"raw", true, p.say.T("cli.doctor.imports", goalpost.TextArg(org.Name), goalpost.NumberArg(float64(sound)))}), nil
}

// sameBytes reports whether a kept raw file still has the bytes of its hash.
func sameBytes(p *program, db *store.DB, org goalpost.OrgID, sum string) (same bool, err error) {
	r, err := db.OpenRaw(p, org, sum)
	if goalpost.IsKind(err, goalpost.NotFound) {
		return false, nil
	}
	if err != nil {
		return false, err
	}
	defer func() { err = errors.Join(err, r.Close()) }()
	h := sha256.New()
	if _, err := io.Copy(h, r); err != nil {
		return false, nil // cannot be unpacked: not the bytes that were accepted
	}
	return hex.EncodeToString(h.Sum(nil)) == sum, nil
}

// showFindings prints one line a check; something wrong exits 1.
func (p *program) showFindings(list []finding) error {
	sound := true
	var rows [][]string
	for _, f := range list {
		sound = sound && f.OK
		state := p.say.T("cli.doctor.ok")
		if !f.OK {
			state = p.say.T("cli.doctor.wrong")
		}
		if p.flags.Output == "table" {
			if err := p.print("%-6s %s\n", state, oneLine(f.Text)); err != nil {
				return err
			}
		}
		rows = append(rows, []string{f.Check, plain(f.OK), f.Text})
	}
	var err error
	switch p.flags.Output {
	case "json":
		err = p.writeJSON(map[string]any{"sound": sound, "checks": list})
	case "csv":
		err = p.writeCSV([]string{"check", "ok", "text"}, rows)
	}
	if err == nil && !sound {
		return done{exitFailed}
	}
	return err
}
