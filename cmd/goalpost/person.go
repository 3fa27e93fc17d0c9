package main

import (
	"bufio"
	"errors"
	"io"
	"strings"

	"goalpost"
	"goalpost/assess"
	"goalpost/store"
)

// personFlags say which person is meant.
type personFlags struct {
	Email   string  `env:"-" placeholder:"ADDRESS" help:"person-email"`
	Comment []int64 `env:"-" placeholder:"ID" help:"person-comment"`
}

// request reads the flags, and an address from the input where it should not stand on the
// command line.
func (f personFlags) request(p *program) (q assess.PersonRequest, err error) {
	address := f.Email
	if address == "-" {
		address, err = bufio.NewReader(io.LimitReader(p.stdin, 4*goalpost.MaxEmail)).ReadString('\n')
		if err != nil && !errors.Is(err, io.EOF) {
			return q, err
		}
	}
	if q.Email, err = goalpost.ParsePrivateEmail(address); err != nil {
		return q, onFlag(err, "--email")
	}
	for _, id := range f.Comment {
		if id < 1 {
			return q, &goalpost.Error{Kind: goalpost.Invalid, Key: "error.person.number", Flag: "--comment"}
		}
		q.Comments = append(q.Comments, goalpost.CommentID(id))
	}
	if q.Email.IsEmpty() && len(q.Comments) == 0 {
		return q, &goalpost.Error{Kind: goalpost.Invalid, Key: "error.person.who", Flag: "--email"}
	}
	return q, nil
}

// onFlag names the flag instead of the field of a page.
func onFlag(err error, flag string) error {
	if e, ok := errors.AsType[*goalpost.Error](err); ok {
		e.Field, e.Flag = "", flag
	}
	return err
}

// exportCommand answers a person who asks what is kept of them.
type exportCommand struct{ personFlags }

// Run prints everything as one JSON document, whatever --output says: it is for the
// person, not for a screen.
func (c *exportCommand) Run(p *program) error {
	return p.withOrg(func(db *store.DB, org goalpost.Organisation) error {
		q, err := c.request(p)
		if err != nil {
			return err
		}
		person, err := assess.FindPerson(p, db, org.ID, q)
		if err != nil {
			return err
		}
		return p.writeJSON(person)
	})
}

// eraseCommand forgets a person.
type eraseCommand struct{ personFlags }

// Run erases and says what is left to do.
func (c *eraseCommand) Run(p *program) error {
	return p.withOrg(func(db *store.DB, org goalpost.Organisation) error {
		q, err := c.request(p)
		if err != nil {
			return err
		}
		erased, err := assess.ErasePerson(p, db, org.ID, q)
		if err != nil {
			return err
		}
		ids := make([]string, len(erased.Comments))
		for i, id := range erased.Comments {
			ids[i] = plain(int64(id))
		}
		backups := p.say.T("cli.erase.backups")
		switch p.flags.Output {
		case "json":
			return p.writeJSON(map[string]any{"comments": erased.Comments, "survey_contacts": erased.Contacts, "survey_invitations": erased.Invitations, "survey_answers": erased.Answers, "unreadable_emails": erased.Unreadable, "log_emptied": erased.LogEmptied, "backups": backups})
		case "csv":
			rows := make([][]string, len(ids))
			for i, id := range ids {
				rows[i] = []string{id}
			}
			return p.writeCSV([]string{"comment"}, rows)
		}
		var lines []string
		if len(ids) > 0 || erased.Contacts+erased.Invitations == 0 {
			lines = append(lines, p.say.T("cli.erase.done", goalpost.NumberArg(float64(len(ids))), goalpost.TextArg(strings.Join(ids, ", "))))
		}
		if erased.Contacts+erased.Invitations > 0 {
			lines = append(lines, p.say.T("web.person.surveys-erased", goalpost.NumberArg(float64(erased.Contacts)), goalpost.NumberArg(float64(erased.Answers)), goalpost.NumberArg(float64(erased.Invitations))))
		}
		lines = append(lines, backups)
		if erased.Unreadable > 0 {
			lines = append(lines, p.say.T("web.person.unreadable", goalpost.NumberArg(float64(erased.Unreadable))))
		}
		if !erased.LogEmptied {
			lines = append(lines, p.say.T("cli.erase.log"))
		}
		for _, line := range lines {
			if err := p.paragraph("", line); err != nil {
				return err
			}
		}
		return nil
	})
}

// missingKey says how many e-mail addresses cannot be read and why, empty when all can.
func (p *program) missingKey(db *store.DB) (string, error) {
	orgs, err := db.Organisations(p)
	if err != nil {
		return "", err
	}
	n, file, why := 0, "", ""
	for _, o := range orgs {
		unreadable, path, err := db.UnreadableEmails(p, o.ID)
		switch e, said := errors.AsType[*goalpost.Error](err); {
		case said:
			why = p.say.Error(e) // the file is there and cannot be used
		case err != nil:
			return "", err
		}
		n, file = n+unreadable, path
	}
	if n == 0 {
		return "", nil
	}
	if why != "" {
		return p.say.T("cli.key.unusable", goalpost.NumberArg(float64(n)), goalpost.TextArg(why)), nil
	}
	return p.say.T("cli.key.unreadable", goalpost.NumberArg(float64(n)), goalpost.TextArg(file)), nil
}
