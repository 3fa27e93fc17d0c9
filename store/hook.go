package store

import (
	"context"
	"database/sql"
	"fmt"
	"time"

	"goalpost"
)

// hookPlace binds a sealed secret to its hook: copied to another row it does not open.
func hookPlace(org goalpost.OrgID, id goalpost.HookID) []byte {
	return fmt.Appendf(nil, "goalpost hook %d %d", org, id)
}

// maxHooks is how many systems a survey can tell: each complete answer is a message to each.
const maxHooks = 20

// AddHook keeps a system that is told of the complete answers of a survey from now on. Its
// secret is encrypted with the key for personal data.
func (db *DB) AddHook(ctx context.Context, org goalpost.OrgID, h goalpost.Hook, secret string) (goalpost.Hook, error) {
	key, err := db.keyFile.first()
	if err != nil {
		return h, err
	}
	err = db.do(ctx, func(t *tx) error {
		var there int64
		if err := t.mustFind("survey", "SELECT id FROM survey WHERE org_id = $1 AND id = $2", []any{org, h.Survey}, &there); err != nil {
			return err
		}
		n, err := t.next("SELECT COUNT(*) FROM hook WHERE org_id = $1 AND survey_id = $2", org, h.Survey)
		if err != nil {
			return err
		}
		if n >= maxHooks {
			return &goalpost.Error{Kind: goalpost.Invalid, Key: "error.survey-guard.hooks", Field: "url", Args: []goalpost.Arg{goalpost.NumberArg(maxHooks)}}
		}
		id, err := t.next("SELECT COALESCE(MAX(id), 0) + 1 FROM hook WHERE org_id = $1", org)
		if err != nil {
			return err
		}
		h.ID = goalpost.HookID(id)
		_, err = t.exec("hook.Add", org, id, h.Survey, h.URL, key.id, key.sealBytes([]byte(secret), hookPlace(org, h.ID)), h.MadeAt.UnixMicro(), h.By)
		return err
	})
	return h, err
}

const hookColumns = `SELECT id, survey_id, url, off, made_at, made_by FROM hook WHERE org_id = $1 `

// Hooks returns the systems that are told of a survey's answers, oldest first.
func (db *DB) Hooks(ctx context.Context, org goalpost.OrgID, survey goalpost.SurveyID) ([]goalpost.Hook, error) {
	return db.hooks(ctx, hookColumns+"AND survey_id = $2 ORDER BY id", org, survey)
}

// ActiveHooks returns the systems of an organisation that are not switched off.
func (db *DB) ActiveHooks(ctx context.Context, org goalpost.OrgID) ([]goalpost.Hook, error) {
	return db.hooks(ctx, hookColumns+"AND off = 0 ORDER BY id", org)
}

func (db *DB) hooks(ctx context.Context, query string, args ...any) (list []goalpost.Hook, err error) {
	err = db.rows(ctx, query, func(r *sql.Rows) error {
		var h goalpost.Hook
		var at int64
		err := r.Scan(&h.ID, &h.Survey, &h.URL, &h.Off, &at, &h.By)
		h.MadeAt = micros(at)
		list = append(list, h)
		return err
	}, args...)
	return list, err
}

// Hook returns a system with its secret. It fails with Unavailable when the key is not there
// that the secret was encrypted with.
func (db *DB) Hook(ctx context.Context, org goalpost.OrgID, id goalpost.HookID) (h goalpost.Hook, secret string, err error) {
	list, err := db.hooks(ctx, hookColumns+"AND id = $2", org, id)
	if err != nil {
		return h, "", err
	}
	if len(list) == 0 {
		return h, "", notFound("hook")
	}
	h = list[0]
	var keyID string
	var sealed []byte
	if err := db.row(ctx, "SELECT key_id, sealed FROM hook WHERE org_id = $1 AND id = $2", "hook", []any{org, id}, &keyID, &sealed); err != nil {
		return h, "", err
	}
	keys, err := db.keyFile.all()
	if err != nil {
		return h, "", err
	}
	for _, k := range keys {
		if k.id != keyID {
			continue
		}
		if plain, err := k.openBytes(sealed, hookPlace(org, id)); err == nil {
			return h, string(plain), nil
		}
	}
	return h, "", &goalpost.Error{Kind: goalpost.Unavailable, Key: "error.key.unreadable", Args: []goalpost.Arg{goalpost.TextArg(db.keyFile.path)}}
}

// SwitchHook switches a system off or on. What happens while it is off is not sent later.
func (db *DB) SwitchHook(ctx context.Context, org goalpost.OrgID, id goalpost.HookID, off bool) error {
	return db.do(ctx, func(t *tx) error {
		n, err := t.exec("UPDATE hook SET off = $3 WHERE org_id = $1 AND id = $2", org, id, asInt(off))
		if err == nil && n == 0 {
			return notFound("hook")
		}
		return err
	})
}

// RemoveHook removes a system and the messages to it.
func (db *DB) RemoveHook(ctx context.Context, org goalpost.OrgID, id goalpost.HookID) error {
	return db.do(ctx, func(t *tx) error {
		n, err := t.exec("DELETE FROM hook WHERE org_id = $1 AND id = $2", org, id)
		if err != nil {
			return err
		}
		if n == 0 {
			return notFound("hook")
		}
		_, err = t.exec("DELETE FROM outbox WHERE org_id = $1 AND hook_id = $2", org, id)
		return err
	})
}

// DueDeliveries returns messages to a system that wait and are due, the oldest first. Where
// none is, it returns those that are to be sent after latest: no message waits so long, so
// that they come from a clock that was wrong, and would wait until it is as late again.
func (db *DB) DueDeliveries(ctx context.Context, org goalpost.OrgID, id goalpost.HookID, now, latest time.Time, limit int) ([]goalpost.Delivery, error) {
	list, err := db.deliveries(ctx, "hook.Due", org, id, now.UnixMicro(), limit)
	if err == nil && len(list) == 0 {
		return db.deliveries(ctx, "hook.Ahead", org, id, latest.UnixMicro(), limit)
	}
	return list, err
}

// LastDeliveries returns the newest messages to a system that were tried.
func (db *DB) LastDeliveries(ctx context.Context, org goalpost.OrgID, id goalpost.HookID, limit int) ([]goalpost.Delivery, error) {
	return db.deliveries(ctx, "hook.Last", org, id, limit)
}

func (db *DB) deliveries(ctx context.Context, query string, args ...any) (list []goalpost.Delivery, err error) {
	err = db.rows(ctx, query, func(r *sql.Rows) error {
		var d goalpost.Delivery
		var at int64
		err := r.Scan(&d.Hook, &d.Survey, &d.Answer, &d.Kind, &d.Tries, &at, &d.State, &d.Problem)
		d.At = micros(at)
		list = append(list, d)
		return err
	}, args...)
	return list, err
}

// CountDeliveries returns how many messages to a system are in each state.
func (db *DB) CountDeliveries(ctx context.Context, org goalpost.OrgID, id goalpost.HookID) (c goalpost.DeliveryCounts, err error) {
	err = db.rows(ctx, "SELECT state, COUNT(*) FROM outbox WHERE org_id = $1 AND hook_id = $2 GROUP BY state", func(r *sql.Rows) error {
		var state goalpost.DeliveryState
		var n int
		if err := r.Scan(&state, &n); err != nil {
			return err
		}
		switch state {
		case goalpost.DeliveryWaiting:
			c.Waiting = n
		case goalpost.DeliverySent:
			c.Sent = n
		case goalpost.DeliveryFailed:
			c.Failed = n
		}
		return nil
	}, org, id)
	return c, err
}

// SaveDelivery keeps what became of a message. One whose answer or system was erased
// meanwhile is not brought back.
func (db *DB) SaveDelivery(ctx context.Context, org goalpost.OrgID, d goalpost.Delivery) error {
	return db.do(ctx, func(t *tx) error {
		_, err := t.exec("hook.Save", org, d.Survey, d.Answer, d.Hook, d.Kind, d.Tries, d.At.UnixMicro(), string(d.State), string(d.Problem))
		return err
	})
}

// DropDeliveries forgets the messages to an organisation's systems that were sent or given
// up before a moment.
func (db *DB) DropDeliveries(ctx context.Context, org goalpost.OrgID, before time.Time) error {
	return db.do(ctx, func(t *tx) error {
		_, err := t.exec("DELETE FROM outbox WHERE org_id = $1 AND hook_id IN (SELECT id FROM hook WHERE org_id = $1) AND state IN ('sent', 'failed') AND next_at < $2", org, before.UnixMicro())
		return err
	})
}
