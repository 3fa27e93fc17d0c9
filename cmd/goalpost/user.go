package main

import (
	"bufio"
	"errors"
	"io"
	"strings"
	"unicode/utf8"

	"goalpost"
	"goalpost/store"
	"goalpost/web"
)

// userCommand is for the person who runs the server: a further user, or a password
// that was forgotten.
type userCommand struct {
	List     userList     `cmd:"" default:"1" help:"user-list"`
	Add      userAdd      `cmd:"" help:"user-add"`
	Password userPassword `cmd:"" help:"user-password"`
}

type userList struct{}

// Run lists the users of the organisation.
func (userList) Run(p *program) error {
	return p.withOrg(func(db *store.DB, org goalpost.Organisation) error {
		members, err := db.Members(p, org.ID)
		if err != nil {
			return err
		}
		type entry struct {
			Name string        `json:"name"`
			Role goalpost.Role `json:"role"`
		}
		list, rows := []entry{}, [][]string{}
		for _, m := range members {
			list, rows = append(list, entry{m.Name, m.Role}), append(rows, []string{m.Name, string(m.Role)})
		}
		switch p.flags.Output {
		case "json":
			return p.writeJSON(map[string]any{"users": list})
		case "csv":
			return p.writeCSV([]string{"name", "role"}, rows)
		}
		return p.writeTable([]column{{key: "cli.column.name", flex: true}, {key: "cli.column.role"}}, rows)
	})
}

type userAdd struct {
	Name string `arg:"" help:"user-name"`
	Role string `enum:"owner,editor,viewer" default:"editor" help:"user-role"`
}

// Run makes a user with a password that is asked for.
func (c *userAdd) Run(p *program) error {
	return p.withOrg(func(db *store.DB, org goalpost.Organisation) error {
		name := strings.TrimSpace(c.Name)
		if name == "" {
			return usage("the name is empty")
		}
		if _, err := db.UserByName(p, name); err == nil {
			return goalpost.Errorf(goalpost.Conflict, "error.flag.user-taken", goalpost.TextArg(name))
		}
		hash, err := p.newPassword()
		if err != nil {
			return err
		}
		u := goalpost.User{Name: name, PasswordHash: hash, Language: org.Language, CreatedAt: p.now().UTC()}
		if _, err := db.CreateUser(p, org.ID, u, goalpost.Role(c.Role)); err != nil {
			return err
		}
		return p.print("%s\n", p.say.T("cli.user.added", goalpost.TextArg(name), goalpost.TextArg(c.Role)))
	})
}

type userPassword struct {
	Name string `arg:"" help:"user-name"`
}

// Run gives a user a new password; sessions with the old one end.
func (c *userPassword) Run(p *program) error {
	return p.withOrg(func(db *store.DB, _ goalpost.Organisation) error {
		u, err := db.UserByName(p, c.Name)
		if goalpost.IsKind(err, goalpost.NotFound) {
			return goalpost.Errorf(goalpost.NotFound, "error.flag.no-user", goalpost.TextArg(c.Name))
		}
		if err != nil {
			return err
		}
		if u.PasswordHash, err = p.newPassword(); err != nil {
			return err
		}
		if err := db.UpdateUser(p, u); err != nil {
			return err
		}
		return p.print("%s\n", p.say.T("cli.user.password", goalpost.TextArg(u.Name)))
	})
}

// newPassword asks for a password, on a terminal without showing it, else as the
// first line of the input, and returns its hash.
func (p *program) newPassword() (string, error) {
	var password string
	var err error
	if p.secret != nil {
		if err = p.print("%s ", p.say.T("cli.user.ask")); err != nil {
			return "", err
		}
		password, err = p.secret()
		if err == nil {
			err = p.print("\n")
		}
	} else {
		password, err = bufio.NewReader(io.LimitReader(p.stdin, 2*web.MaxPassword)).ReadString('\n')
		if errors.Is(err, io.EOF) {
			err = nil
		}
		password = strings.TrimRight(password, "\r\n")
	}
	switch {
	case err != nil:
		return "", err
	case utf8.RuneCountInString(password) < web.MinPassword:
		return "", goalpost.Errorf(goalpost.Invalid, "error.flag.password-short", goalpost.PlainArg(web.MinPassword))
	case len(password) > web.MaxPassword:
		return "", goalpost.Errorf(goalpost.Invalid, "error.web.password-long")
	}
	return web.HashPassword(password)
}
