package main

import (
	"errors"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"time"

	"goalpost"
	"goalpost/store"
)

// withData opens the data directory and closes it when the command is done. Unless
// create is true, a directory without data is refused: a mistyped name must not give
// an empty answer.
func (p *program) withData(create bool, do func(db *store.DB) error) (err error) {
	dir := p.flags.Data
	if dir == "" {
		return &goalpost.Error{Kind: goalpost.Invalid, Key: "error.flag.data-missing", Flag: "--data"}
	}
	if !create {
		if _, err := os.Stat(filepath.Join(dir, store.File)); err != nil {
			return &goalpost.Error{Kind: goalpost.NotFound, Key: "error.flag.data-empty", Flag: "--data", Args: []goalpost.Arg{goalpost.TextArg(dir)}}
		}
	}
	db, err := store.Open(p.Context, dir, store.Options{KeyFile: p.flags.KeyFile})
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, db.Close()) }()
	return do(db)
}

// withOrg opens the data directory and finds the organisation that is meant.
func (p *program) withOrg(do func(db *store.DB, org goalpost.Organisation) error) error {
	return p.withData(false, func(db *store.DB) error {
		org, found, err := p.organisation(db)
		if err != nil {
			return err
		}
		if !found {
			return &goalpost.Error{Kind: goalpost.NotFound, Key: "error.flag.data-empty", Flag: "--data", Args: []goalpost.Arg{goalpost.TextArg(p.flags.Data)}}
		}
		return do(db, org)
	})
}

// withNewOrg is withOrg for what may be the first that is kept: an empty directory gets
// its first organisation.
func (p *program) withNewOrg(do func(db *store.DB, org goalpost.Organisation) error) error {
	return p.withData(true, func(db *store.DB) error {
		org, found, err := p.organisation(db)
		if err == nil && !found {
			org, err = db.CreateOrganisation(p, p.firstOrganisation(""))
		}
		if err != nil {
			return err
		}
		return do(db, org)
	})
}

// organisation finds the organisation that --org names by id or name; without the
// flag it is the only one. found is false where there is none at all.
func (p *program) organisation(db *store.DB) (org goalpost.Organisation, found bool, err error) {
	list, err := db.Organisations(p.Context)
	if err != nil {
		return org, false, err
	}
	want := strings.TrimSpace(p.flags.Org)
	if want == "" && len(list) == 1 {
		return list[0], true, nil
	}
	if want == "" && len(list) == 0 {
		return org, false, nil
	}
	var names []string
	for _, o := range list {
		if want != "" && (strconv.FormatInt(int64(o.ID), 10) == want || strings.EqualFold(o.Name, want)) {
			return o, true, nil
		}
		names = append(names, strconv.FormatInt(int64(o.ID), 10)+" "+o.Name)
	}
	if len(list) == 0 && want == "1" {
		return org, false, nil
	}
	key := "error.flag.org-unknown"
	if want == "" {
		key = "error.flag.org-missing"
	}
	return org, false, &goalpost.Error{Kind: goalpost.NotFound, Key: key, Flag: "--org", Args: []goalpost.Arg{goalpost.TextArg(want), goalpost.TextArg(strings.Join(names, ", "))}}
}

// firstOrganisation is what an empty data directory gets with the first import; a
// person adopts it in the set-up page.
func (p *program) firstOrganisation(zone string) goalpost.Organisation {
	if zone == "" {
		zone = p.localZone()
	}
	return goalpost.Organisation{ID: 1, Name: p.say.T("cli.first-organisation"), Language: p.say.Tag(), TimeZone: zone}
}

// localZone returns the IANA name of the machine's time zone.
func (p *program) localZone() string {
	link, _ := os.Readlink("/etc/localtime") // no link: the next candidate decides
	_, fromLink, _ := strings.Cut(link, "zoneinfo/")
	fromFile, _ := os.ReadFile("/etc/timezone")
	for _, name := range []string{strings.TrimPrefix(p.env("TZ"), ":"), fromLink, strings.TrimSpace(string(fromFile))} {
		if name == "" || name == "Local" {
			continue
		}
		if _, err := time.LoadLocation(name); err == nil {
			return name
		}
	}
	return "UTC"
}

// zone checks the name of a time zone.
func zone(name, flag string) error {
	if name == "" {
		return nil
	}
	if _, err := time.LoadLocation(name); err != nil || name == "Local" {
		return &goalpost.Error{Kind: goalpost.Invalid, Key: "error.flag.time-zone", Flag: flag, Args: []goalpost.Arg{goalpost.TextArg(name)}}
	}
	return nil
}

// day reads a flag that is a date.
func day(text, flag string) (goalpost.Day, error) {
	d, err := goalpost.ReadDay(text)
	if err != nil {
		return 0, &goalpost.Error{Kind: goalpost.Invalid, Key: "error.flag.unreadable-date", Flag: flag, Args: []goalpost.Arg{goalpost.TextArg(text)}}
	}
	return d, nil
}

// optionalDay is day for a flag that may be left out: zero then.
func optionalDay(text, flag string) (goalpost.Day, error) {
	if text == "" {
		return 0, nil
	}
	return day(text, flag)
}

// period reads --from and --until, both inclusive. Without either it is zero; with
// one of them the other end is open.
func period(from, until string) (goalpost.Period, error) {
	if from == "" && until == "" {
		return goalpost.Period{}, nil
	}
	const farPast, farFuture = "1990-01-01", "2200-12-31"
	if from == "" {
		from = farPast
	}
	if until == "" {
		until = farFuture
	}
	a, err := day(from, "--from")
	if err != nil {
		return goalpost.Period{}, err
	}
	b, err := day(until, "--until")
	if err != nil {
		return goalpost.Period{}, err
	}
	if b < a {
		return goalpost.Period{}, &goalpost.Error{Kind: goalpost.Invalid, Key: "error.range.backwards", Flag: "--until"}
	}
	return goalpost.Period{Start: a, End: b + 1}, nil
}
