package main

import (
	"crypto/rand"
	"time"

	"goalpost"
	"goalpost/assess"
	"goalpost/store"
)

// tokenCommand lets programs in and shuts them out.
type tokenCommand struct {
	List   tokenList   `cmd:"" default:"1" help:"token-list"`
	Add    tokenAdd    `cmd:"" aliases:"new" help:"token-add"`
	Remove tokenRemove `cmd:"" aliases:"revoke" help:"token-remove"`
}

type tokenList struct{}

// tokenEntry is a token in JSON; the text itself is not known any more.
type tokenEntry struct {
	Name         string        `json:"name"`
	Role         goalpost.Role `json:"role"`
	Organisation string        `json:"organisation"`
	MadeAt       time.Time     `json:"created_at"`
	MadeBy       string        `json:"created_by"`
	UsedDay      *goalpost.Day `json:"last_used"` // nil: never
}

func tokenEntryOf(x goalpost.Token, org goalpost.Organisation) tokenEntry {
	e := tokenEntry{Name: x.Name, Role: x.Role, Organisation: org.Name, MadeAt: x.MadeAt, MadeBy: x.MadeBy}
	if x.UsedDay != 0 {
		e.UsedDay = &x.UsedDay
	}
	return e
}

// Run lists the tokens of the organisation.
func (tokenList) Run(p *program) error {
	return p.withOrg(func(db *store.DB, org goalpost.Organisation) error {
		list, err := db.Tokens(p, org.ID)
		if err != nil {
			return err
		}
		entries, rows := []tokenEntry{}, [][]string{}
		for _, x := range list {
			e := tokenEntryOf(x, org)
			entries = append(entries, e)
			rows = append(rows, []string{e.Name, string(e.Role), e.Organisation, e.MadeAt.Format(time.DateOnly), e.MadeBy, dayText(e.UsedDay)})
		}
		switch p.flags.Output {
		case "json":
			return p.writeJSON(map[string]any{"tokens": entries})
		case "csv":
			return p.writeCSV([]string{"name", "role", "organisation", "created", "created_by", "last_used"}, rows)
		}
		if len(rows) == 0 {
			return p.print("%s\n", p.say.T("cli.token.none"))
		}
		return p.writeTable([]column{{key: "cli.column.name", flex: true}, {key: "cli.column.role"}, {key: "cli.column.organisation", flex: true}, {key: "cli.column.created"},
			{key: "cli.column.by"}, {key: "cli.column.last-used"}}, rows)
	})
}

type tokenAdd struct {
	Name string `arg:"" help:"token-name"`
	Role string `required:"" enum:"viewer,editor,owner" env:"-" placeholder:"viewer|editor|owner" help:"token-role"`
}

// Run makes a token and prints it, once.
func (c *tokenAdd) Run(p *program) error {
	return p.withOrg(func(db *store.DB, org goalpost.Organisation) error {
		in := assess.TokenInput{Name: c.Name, Role: c.Role, By: p.userName, Now: p.now()}
		_, _ = rand.Read(in.Secret[:]) // it never fails (crypto/rand)
		x, text, err := assess.AddToken(p, db, org.ID, in)
		if err != nil {
			return err
		}
		switch p.flags.Output {
		case "json":
			return p.writeJSON(struct {
				tokenEntry
				Token string `json:"token"`
			}{tokenEntryOf(x, org), text})
		case "csv":
			return p.writeCSV([]string{"name", "role", "token"}, [][]string{{x.Name, string(x.Role), text}})
		}
		if err := p.print("%s\n", text); err != nil {
			return err
		}
		return p.paragraph("", p.say.T("cli.token.added", goalpost.TextArg(oneLine(x.Name)), goalpost.TextArg(string(x.Role))))
	})
}

type tokenRemove struct {
	Name string `arg:"" help:"token-name"`
}

// Run removes a token; who sends it is refused from then on.
func (c *tokenRemove) Run(p *program) error {
	return p.withOrg(func(db *store.DB, org goalpost.Organisation) error {
		x, err := assess.RemoveToken(p, db, org.ID, c.Name)
		if err != nil {
			return err
		}
		return p.print("%s\n", p.say.T("cli.token.removed", goalpost.TextArg(oneLine(x.Name))))
	})
}
