package store

import (
	"context"
	"database/sql"
	"strings"

	"goalpost"
)

// Accounts returns the profiles of an organisation, by network and name.
func (db *DB) Accounts(ctx context.Context, org goalpost.OrgID) ([]goalpost.Account, error) {
	var list []goalpost.Account
	err := db.rows(ctx, "SELECT id, network, name, external_id FROM account WHERE org_id = $1 ORDER BY network, name_key", func(r *sql.Rows) error {
		var a goalpost.Account
		err := r.Scan(&a.ID, &a.Network, &a.Name, &a.ExternalID)
		list = append(list, a)
		return err
	}, org)
	return list, err
}

// account returns the id of a profile, making it if it is new. A profile that a file
// names only by its id keeps the id as its name.
func (t *tx) account(org goalpost.OrgID, ref goalpost.AccountRef) (goalpost.AccountID, error) {
	name := strings.TrimSpace(ref.Name)
	if name == "" {
		name = ref.ExternalID
	}
	var id int64
	if ref.ExternalID != "" {
		found, err := t.row("SELECT id FROM account WHERE org_id = $1 AND network = $2 AND external_id = $3", []any{org, string(ref.Network), ref.ExternalID}, &id)
		if err != nil || found {
			return goalpost.AccountID(id), err
		}
	}
	var external string
	found, err := t.row("SELECT id, external_id FROM account WHERE org_id = $1 AND network = $2 AND name_key = $3", []any{org, string(ref.Network), strings.ToLower(name)}, &id, &external)
	if err != nil {
		return 0, err
	}
	if found {
		if external == "" && ref.ExternalID != "" {
			_, err = t.exec("UPDATE account SET external_id = $3 WHERE org_id = $1 AND id = $2", org, id, ref.ExternalID)
		}
		return goalpost.AccountID(id), err
	}
	if id, err = t.next("SELECT COALESCE(MAX(id), 0) + 1 FROM account WHERE org_id = $1", org); err != nil {
		return 0, err
	}
	_, err = t.exec("INSERT INTO account (org_id, id, network, name, name_key, external_id) VALUES ($1, $2, $3, $4, $5, $6)",
		org, id, string(ref.Network), name, strings.ToLower(name), ref.ExternalID)
	return goalpost.AccountID(id), err
}
