package main

import (
	"crypto/rand"
	"math/big"

	"goalpost"
	"goalpost/assess"
	"goalpost/store"
)

// surveyContacts prints the addresses of respondents who want to be written to. It is the
// one place that shows them: on the terminal of the machine, to whoever may read the data
// and the key.
type surveyContacts struct {
	Slug    string `arg:"" help:"survey-contacts-slug"`
	Results bool   `xor:"for" required:"" env:"-" help:"contacts-results"`
	Prize   bool   `xor:"for" required:"" env:"-" help:"contacts-prize"`
	Draw    int    `env:"-" placeholder:"N" help:"contacts-draw"`
}

// Run prints one address a line, whatever --output says: it is for a mail program, and no
// export.
func (c *surveyContacts) Run(p *program) error {
	return p.withOrg(func(db *store.DB, org goalpost.Organisation) error {
		of, id, err := db.SurveyBySlug(p, c.Slug)
		if goalpost.IsKind(err, goalpost.NotFound) || (err == nil && of != org.ID) {
			return &goalpost.Error{Kind: goalpost.Invalid, Key: "error.flag.no-survey", Args: []goalpost.Arg{goalpost.TextArg(c.Slug)}}
		}
		if err != nil {
			return err
		}
		if c.Draw < 0 {
			return &goalpost.Error{Kind: goalpost.Invalid, Key: "error.contact.draw", Flag: "--draw"}
		}
		list, unreadable, err := assess.Contacts(p, db, org.ID, id, c.Prize)
		if err != nil {
			return err
		}
		if unreadable > 0 { // a draw among the others would not be fair
			return goalpost.Errorf(goalpost.Unavailable, "error.contact.unreadable", goalpost.NumberArg(float64(unreadable)), goalpost.TextArg(db.KeyFile()))
		}
		if c.Draw > 0 {
			if list, err = drawn(list, c.Draw); err != nil {
				return err
			}
		}
		for _, e := range list {
			if err := p.print("%s\n", e.Reveal()); err != nil {
				return err
			}
		}
		return nil
	})
}

// drawn returns n of the addresses, each with the same chance.
func drawn(list []goalpost.PrivateEmail, n int) ([]goalpost.PrivateEmail, error) {
	for i := range min(n, len(list)) {
		j, err := rand.Int(rand.Reader, big.NewInt(int64(len(list)-i)))
		if err != nil {
			return nil, err
		}
		k := i + int(j.Int64())
		list[i], list[k] = list[k], list[i]
	}
	return list[:min(n, len(list))], nil
}
