package store

import (
	"context"
	"database/sql"
	"strings"
	"time"

	"goalpost"
)

const orgColumns = "SELECT org_id, name, language, time_zone, currency, simulated, adopted FROM organisation "

func scanOrg(r interface{ Scan(...any) error }) (o goalpost.Organisation, err error) {
	err = r.Scan(&o.ID, &o.Name, &o.Language, &o.TimeZone, &o.Currency, &o.Simulated, &o.Adopted)
	return o, err
}

// Organisations returns all organisations of the installation, oldest first.
func (db *DB) Organisations(ctx context.Context) ([]goalpost.Organisation, error) {
	var list []goalpost.Organisation
	err := db.rows(ctx, orgColumns+"ORDER BY org_id", func(r *sql.Rows) error {
		o, err := scanOrg(r)
		list = append(list, o)
		return err
	})
	return list, err
}

// Organisation returns one organisation.
func (db *DB) Organisation(ctx context.Context, org goalpost.OrgID) (goalpost.Organisation, error) {
	list, err := db.Organisations(ctx)
	if err != nil {
		return goalpost.Organisation{}, err
	}
	for _, o := range list {
		if o.ID == org {
			return o, nil
		}
	}
	return goalpost.Organisation{}, notFound("organisation")
}

// CreateOrganisation makes an organisation with the next id.
func (db *DB) CreateOrganisation(ctx context.Context, o goalpost.Organisation) (goalpost.Organisation, error) {
	err := db.do(ctx, func(t *tx) error {
		id, err := t.next("SELECT COALESCE(MAX(org_id), 0) + 1 FROM organisation")
		if err != nil {
			return err
		}
		o.ID = goalpost.OrgID(id)
		_, err = t.exec("INSERT INTO organisation (org_id, name, language, time_zone, currency, simulated, adopted) VALUES ($1, $2, $3, $4, $5, $6, $7)",
			id, o.Name, o.Language, o.TimeZone, o.Currency, bit(o.Simulated), bit(o.Adopted))
		return err
	})
	return o, err
}

// UpdateOrganisation changes everything but the id. Another name or time zone changes its
// surveys too, which show the one and tell their times in the other: whoever holds a copy
// reads it again.
func (db *DB) UpdateOrganisation(ctx context.Context, o goalpost.Organisation) error {
	return db.do(ctx, func(t *tx) error {
		if _, err := t.exec("org.ReviseSurveys", o.ID, o.Name, o.TimeZone); err != nil {
			return err
		}
		n, err := t.exec("UPDATE organisation SET name = $2, language = $3, time_zone = $4, currency = $5, simulated = $6, adopted = $7 WHERE org_id = $1",
			o.ID, o.Name, o.Language, o.TimeZone, o.Currency, bit(o.Simulated), bit(o.Adopted))
		if err == nil && n == 0 {
			return notFound("organisation")
		}
		return err
	})
}

func bit(b bool) int {
	if b {
		return 1
	}
	return 0
}

// Member is a user with a role in an organisation.
type Member struct {
	goalpost.User
	Role goalpost.Role
}

const userColumns = `SELECT u.user_id, u.name, u.password_hash, u.language, u.created_at FROM "user" u `

func scanUser(u *goalpost.User, at *int64) []any {
	return []any{&u.ID, &u.Name, &u.PasswordHash, &u.Language, at}
}

// CreateUser makes a user who belongs to an organisation. A name that is taken
// (case does not count) fails with Conflict.
func (db *DB) CreateUser(ctx context.Context, org goalpost.OrgID, u goalpost.User, role goalpost.Role) (goalpost.User, error) {
	err := db.do(ctx, func(t *tx) error {
		var taken int64
		found, err := t.row(`SELECT user_id FROM "user" WHERE name_key = $1`, []any{strings.ToLower(u.Name)}, &taken)
		if err != nil {
			return err
		}
		if found {
			return goalpost.Errorf(goalpost.Conflict, "error.user.taken", goalpost.TextArg(u.Name))
		}
		id, err := t.next(`SELECT COALESCE(MAX(user_id), 0) + 1 FROM "user"`)
		if err != nil {
			return err
		}
		u.ID = goalpost.UserID(id)
		if _, err := t.exec(`INSERT INTO "user" (user_id, name, name_key, password_hash, language, created_at) VALUES ($1, $2, $3, $4, $5, $6)`,
			id, u.Name, strings.ToLower(u.Name), u.PasswordHash, u.Language, u.CreatedAt.UnixMicro()); err != nil {
			return err
		}
		_, err = t.exec("INSERT INTO membership (org_id, user_id, role) VALUES ($1, $2, $3)", org, id, string(role))
		return err
	})
	return u, err
}

// UpdateUser changes name, password and language of a user.
func (db *DB) UpdateUser(ctx context.Context, u goalpost.User) error {
	return db.do(ctx, func(t *tx) error {
		n, err := t.exec(`UPDATE "user" SET name = $2, name_key = $3, password_hash = $4, language = $5 WHERE user_id = $1`,
			u.ID, u.Name, strings.ToLower(u.Name), u.PasswordHash, u.Language)
		if err == nil && n == 0 {
			return notFound("user")
		}
		return err
	})
}

// UserByName returns a user by the name that one logs in with.
func (db *DB) UserByName(ctx context.Context, name string) (goalpost.User, error) {
	var u goalpost.User
	var at int64
	err := db.row(ctx, userColumns+"WHERE u.name_key = $1", "user", []any{strings.ToLower(name)}, scanUser(&u, &at)...)
	u.CreatedAt = micros(at)
	return u, err
}

// User returns a user by id.
func (db *DB) User(ctx context.Context, id goalpost.UserID) (goalpost.User, error) {
	var u goalpost.User
	var at int64
	err := db.row(ctx, userColumns+"WHERE u.user_id = $1", "user", []any{id}, scanUser(&u, &at)...)
	u.CreatedAt = micros(at)
	return u, err
}

// Members returns the users of an organisation.
func (db *DB) Members(ctx context.Context, org goalpost.OrgID) ([]Member, error) {
	var list []Member
	err := db.rows(ctx, `SELECT u.user_id, u.name, u.password_hash, u.language, u.created_at, m.role FROM membership m JOIN "user" u ON u.user_id = m.user_id WHERE m.org_id = $1 ORDER BY u.user_id`,
		func(r *sql.Rows) error {
			var m Member
			var at int64
			err := r.Scan(append(scanUser(&m.User, &at), &m.Role)...)
			m.CreatedAt = micros(at)
			list = append(list, m)
			return err
		}, org)
	return list, err
}

// OrganisationsOf returns the organisations that a user belongs to, with the roles.
func (db *DB) OrganisationsOf(ctx context.Context, user goalpost.UserID) (map[goalpost.OrgID]goalpost.Role, error) {
	out := map[goalpost.OrgID]goalpost.Role{}
	err := db.rows(ctx, "SELECT org_id, role FROM membership WHERE user_id = $1", func(r *sql.Rows) error {
		var id goalpost.OrgID
		var role goalpost.Role
		err := r.Scan(&id, &role)
		out[id] = role
		return err
	}, user)
	return out, err
}

func micros(at int64) time.Time {
	if at == 0 {
		return time.Time{}
	}
	return time.UnixMicro(at).UTC()
}

func toMicros(t time.Time) int64 {
	if t.IsZero() {
		return 0
	}
	return t.UnixMicro()
}

// Role returns what a user may do in an organisation; NotFound if nothing.
func (db *DB) Role(ctx context.Context, org goalpost.OrgID, user goalpost.UserID) (goalpost.Role, error) {
	var role goalpost.Role
	err := db.row(ctx, "SELECT role FROM membership WHERE org_id = $1 AND user_id = $2", "membership", []any{org, user}, &role)
	return role, err
}
