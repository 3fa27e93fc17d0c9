package assess

import (
	"context"
	"fmt"
	"strings"
	"time"
	"unicode"
	"unicode/utf8"

	"goalpost"
	"goalpost/store"
)

// TokenInput is a token as a person asks for it.
type TokenInput struct {
	Name   string   // of the program
	Role   string   // viewer, editor or owner
	Secret [32]byte // random
	By     string
	Now    time.Time
}

// maxTokenName is the longest name of a program, in letters.
const maxTokenName = 100

// AddToken lets a program in. The text that it returns is kept nowhere: it is shown once.
func AddToken(ctx context.Context, db *store.DB, org goalpost.OrgID, in TokenInput) (x goalpost.Token, text string, err error) {
	x = goalpost.Token{Name: strings.TrimSpace(in.Name), Role: goalpost.Role(lower(in.Role)), MadeAt: in.Now.UTC(), MadeBy: in.By}
	hidden := func(r rune) bool { return !unicode.IsPrint(r) }
	switch {
	case x.Name == "" || utf8.RuneCountInString(x.Name) > maxTokenName || strings.ContainsFunc(x.Name, hidden):
		return x, "", &goalpost.Error{Kind: goalpost.Invalid, Key: "error.token.name", Field: "name", Args: []goalpost.Arg{goalpost.NumberArg(maxTokenName)}}
	case x.Role != goalpost.RoleViewer && x.Role != goalpost.RoleEditor && x.Role != goalpost.RoleOwner:
		return x, "", &goalpost.Error{Kind: goalpost.Invalid, Key: "error.token.role", Field: "role", Flag: "--role"}
	}
	text = goalpost.TokenText(org, in.Secret)
	_, hash, _ := goalpost.ParseToken(text)
	if x, err = db.CreateToken(ctx, org, x, hash); err != nil {
		return x, "", fmt.Errorf("assess token: %w", err)
	}
	return x, text, nil
}

// RemoveToken shuts a program out, by the name of its token.
func RemoveToken(ctx context.Context, db *store.DB, org goalpost.OrgID, name string) (goalpost.Token, error) {
	list, err := db.Tokens(ctx, org)
	if err != nil {
		return goalpost.Token{}, fmt.Errorf("assess token: %w", err)
	}
	for _, x := range list {
		if strings.EqualFold(x.Name, strings.TrimSpace(name)) {
			return x, db.RemoveToken(ctx, org, x.ID)
		}
	}
	return goalpost.Token{}, goalpost.Errorf(goalpost.NotFound, "error.token.none", goalpost.TextArg(name))
}
