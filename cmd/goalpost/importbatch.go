package main

import (
	"errors"
	"os"
	"path/filepath"

	"goalpost"
	"goalpost/assess"
	"goalpost/store"
)

// importBatch is the files of one call.
type importBatch struct {
	*program
	command *importCommand
	db      *store.DB
	org     goalpost.Organisation
	made    bool // the organisation is in the store
	rezoned bool // --org-time-zone differs from what the store says
	columns []byte
	answers goalpost.Answers
}

func (c *importCommand) batch(p *program, db *store.DB, columns []byte) (*importBatch, error) {
	org, found, err := p.organisation(db)
	if err != nil {
		return nil, err
	}
	b := &importBatch{program: p, command: c, db: db, org: org, made: found, columns: columns}
	if !found {
		b.org = p.firstOrganisation(c.OrgTimeZone)
	} else if c.OrgTimeZone != "" && c.OrgTimeZone != org.TimeZone {
		b.org.TimeZone, b.rezoned = c.OrgTimeZone, true
	}
	b.answers, err = c.answers(b.org, p.now())
	return b, err
}

// run imports or only looks at the files.
func (b *importBatch) run() error {
	if b.command.DryRun {
		return b.dryRun()
	}
	report := goalpost.Report{Files: []goalpost.FileReport{}}
	code := exitAnswered
	for _, path := range b.command.Files {
		r, err := b.importFile(path)
		if err != nil {
			b.complain(err)
			code = max(code, exitCode(err))
			if b.interrupted(err) {
				code = exitFailed
				break
			}
			continue
		}
		report.Files = append(report.Files, r)
	}
	if len(report.Files) > 0 {
		if err := b.settle(); err != nil {
			return err
		}
		if err := b.writeReport(report); err != nil {
			return err
		}
		if err := b.show(report); err != nil {
			return err
		}
	}
	if code != exitAnswered {
		return done{code}
	}
	return nil
}

// open opens a file as an input.
func (b *importBatch) open(path string) (assess.Input, *os.File, error) {
	f, err := os.Open(path)
	if err != nil {
		return assess.Input{}, nil, fileError(path, err)
	}
	info, err := f.Stat()
	if err == nil && !info.Mode().IsRegular() {
		err = &goalpost.Error{Kind: goalpost.Invalid, Key: "error.file.no-file", File: filepath.Base(path)}
	}
	if err != nil {
		return assess.Input{}, nil, errors.Join(err, f.Close())
	}
	return assess.Input{Name: filepath.Base(path), R: f, Size: info.Size(), Answers: b.answers, Map: b.columns, By: b.userName, Now: b.now()}, f, nil
}

func (b *importBatch) importFile(path string) (report goalpost.FileReport, err error) {
	in, f, err := b.open(path)
	if err != nil {
		return report, err
	}
	defer func() { err = errors.Join(err, f.Close()) }()
	if err := b.makeOrganisation(in); err != nil {
		return report, err
	}
	bar := b.startProgress(in.Name, in.Size)
	defer bar.stop()
	return assess.Import(b, b.db, b.org, in, bar.update)
}

// makeOrganisation makes the first organisation, but only for a file that can be
// imported: a refused file changes nothing.
func (b *importBatch) makeOrganisation(in assess.Input) error {
	if b.made {
		return nil
	}
	proposal, err := assess.Inspect(b, b.db, b.org, in)
	if err != nil {
		return err
	}
	if proposal.NeedsMap || len(proposal.Questions) > 0 {
		return nil // Import refuses it, with the question
	}
	unlock, err := b.db.LockImports(b, func() {})
	if err != nil {
		return err
	}
	defer unlock()
	org, found, err := b.organisation(b.db) // another process may have been first
	if err == nil && !found {
		org, err = b.db.CreateOrganisation(b, b.org)
	}
	if err != nil {
		return err
	}
	b.org, b.made = org, true
	return nil
}

// settle cuts the days of everything imported before anew when the organisation's
// time zone was changed.
func (b *importBatch) settle() error {
	if !b.rezoned {
		return nil
	}
	if err := b.db.UpdateOrganisation(b, b.org); err != nil {
		return err
	}
	return assess.Rebuild(b, b.db, b.org, func(int, int) {})
}
