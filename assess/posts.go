package assess

import (
	"context"
	"fmt"

	"goalpost"
	"goalpost/store"
)

// PostRow is a post with its newest counts.
type PostRow = store.PostRow

// PostsQuery asks for posts, as a person names them.
type PostsQuery struct {
	Search           string
	Network, Account string // by name; empty: all
	Period           goalpost.Period
	Sort             string // "published", a metric's code or the code of a rate
	Descending       bool
	Limit, Offset    int // 0: all, from the first
}

// Posts lists posts with their newest counts, and says how many there are in all.
func Posts(ctx context.Context, db *store.DB, org goalpost.OrgID, q PostsQuery) (list []PostRow, total int, err error) {
	names := func(one string) []string {
		if one == "" {
			return nil
		}
		return []string{one}
	}
	scope, err := ScopeOf(ctx, db, org, names(q.Account), names(q.Network))
	if err != nil {
		return nil, 0, err
	}
	p := store.PostQuery{Search: q.Search, Period: q.Period, Sort: q.Sort, Descending: q.Descending, Limit: q.Limit, Offset: q.Offset}
	if len(scope.Networks) > 0 {
		p.Network = scope.Networks[0]
	}
	if len(scope.Accounts) > 1 {
		return nil, 0, &goalpost.Error{Kind: goalpost.Ask, Key: "error.flag.account-ambiguous", Field: "account", Flag: "--account", Args: []goalpost.Arg{goalpost.TextArg(q.Account)}}
	}
	if len(scope.Accounts) == 1 {
		p.Account = scope.Accounts[0]
	}
	if list, total, err = db.Posts(ctx, org, p); err != nil {
		return nil, 0, fmt.Errorf("assess posts: %w", err)
	}
	return list, total, nil
}
