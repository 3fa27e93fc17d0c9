package store

import (
	"context"
	"database/sql"
	"strings"

	"goalpost"
)

const tokenColumns = `SELECT id, name, role, made_at, made_by, used_day FROM token WHERE org_id = $1 `

func scanToken(x *goalpost.Token, at *int64) []any {
	return []any{&x.ID, &x.Name, &x.Role, at, &x.MadeBy, &x.UsedDay}
}

// CreateToken keeps a token by the hash of its text. A name that is taken (case does not
// count) fails with Conflict.
func (db *DB) CreateToken(ctx context.Context, org goalpost.OrgID, x goalpost.Token, hash string) (goalpost.Token, error) {
	err := db.do(ctx, func(t *tx) error {
		var taken int64
		found, err := t.row("SELECT id FROM token WHERE org_id = $1 AND name_key = $2", []any{org, strings.ToLower(x.Name)}, &taken)
		if err != nil {
			return err
		}
		if found {
			return &goalpost.Error{Kind: goalpost.Conflict, Key: "error.token.taken", Field: "name", Args: []goalpost.Arg{goalpost.TextArg(x.Name)}}
		}
		id, err := t.next("SELECT COALESCE(MAX(id), 0) + 1 FROM token WHERE org_id = $1", org)
		if err != nil {
			return err
		}
		x.ID = goalpost.TokenID(id)
		_, err = t.exec("INSERT INTO token (org_id, id, name, name_key, role, sha256, made_at, made_by, used_day) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, 0)",
			org, id, x.Name, strings.ToLower(x.Name), string(x.Role), hash, x.MadeAt.UnixMicro(), x.MadeBy)
		return err
	})
	return x, err
}

// Tokens returns the tokens of an organisation, oldest first.
func (db *DB) Tokens(ctx context.Context, org goalpost.OrgID) ([]goalpost.Token, error) {
	var list []goalpost.Token
	err := db.rows(ctx, tokenColumns+"ORDER BY id", func(r *sql.Rows) error {
		var x goalpost.Token
		var at int64
		err := r.Scan(scanToken(&x, &at)...)
		x.MadeAt = micros(at)
		list = append(list, x)
		return err
	}, org)
	return list, err
}

// TokenByHash returns the token that has this hash; NotFound if there is none, or no more.
func (db *DB) TokenByHash(ctx context.Context, org goalpost.OrgID, hash string) (goalpost.Token, error) {
	var x goalpost.Token
	var at int64
	err := db.row(ctx, tokenColumns+"AND sha256 = $2", "token", []any{org, hash}, scanToken(&x, &at)...)
	x.MadeAt = micros(at)
	return x, err
}

// UseToken keeps the last day on which a token was used.
func (db *DB) UseToken(ctx context.Context, org goalpost.OrgID, id goalpost.TokenID, day goalpost.Day) error {
	return db.do(ctx, func(t *tx) error {
		n, err := t.exec("UPDATE token SET used_day = $3 WHERE org_id = $1 AND id = $2", org, id, day)
		if err == nil && n == 0 {
			return notFound("token")
		}
		return err
	})
}

// RemoveToken removes a token: whoever sends it is refused from then on.
func (db *DB) RemoveToken(ctx context.Context, org goalpost.OrgID, id goalpost.TokenID) error {
	return db.do(ctx, func(t *tx) error {
		n, err := t.exec("DELETE FROM token WHERE org_id = $1 AND id = $2", org, id)
		if err == nil && n == 0 {
			return notFound("token")
		}
		return err
	})
}
