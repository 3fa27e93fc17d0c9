package store

import (
	"context"
	"errors"
	"time"

	"goalpost"
)

// Sessions keeps logins; it has the methods that scs asks of a store.
type Sessions struct{ db *DB }

// SessionStore returns the store of logins.
func (db *DB) SessionStore() *Sessions { return &Sessions{db: db} }

// FindCtx returns the data of a session; one that is over is not found. Time is
// compared by the caller's library, so that this package reads no clock.
func (s *Sessions) FindCtx(ctx context.Context, token string) ([]byte, bool, error) {
	var data []byte
	err := s.db.row(ctx, "SELECT data FROM session WHERE token = $1", "session", []any{token}, &data)
	var e *goalpost.Error
	if errors.As(err, &e) && e.Kind == goalpost.NotFound {
		return nil, false, nil
	}
	return data, err == nil, err
}

// CommitCtx keeps a session until its expiry.
func (s *Sessions) CommitCtx(ctx context.Context, token string, data []byte, expiry time.Time) error {
	return s.db.do(ctx, func(t *tx) error {
		_, err := t.exec("INSERT INTO session (token, data, expires_at) VALUES ($1, $2, $3) ON CONFLICT (token) DO UPDATE SET data = excluded.data, expires_at = excluded.expires_at",
			token, data, expiry.UnixMicro())
		return err
	})
}

// DeleteCtx ends a session.
func (s *Sessions) DeleteCtx(ctx context.Context, token string) error {
	return s.db.do(ctx, func(t *tx) error {
		_, err := t.exec("DELETE FROM session WHERE token = $1", token)
		return err
	})
}

// DeleteExpired removes what was over before a moment.
func (s *Sessions) DeleteExpired(ctx context.Context, before time.Time) error {
	return s.db.do(ctx, func(t *tx) error {
		_, err := t.exec("DELETE FROM session WHERE expires_at < $1", before.UnixMicro())
		return err
	})
}

// Find, Commit and Delete are the same without a context.

// Find is FindCtx without a context.
func (s *Sessions) Find(token string) ([]byte, bool, error) {
	return s.FindCtx(context.Background(), token)
}

// Commit is CommitCtx without a context.
func (s *Sessions) Commit(token string, data []byte, expiry time.Time) error {
	return s.CommitCtx(context.Background(), token, data, expiry)
}

// Delete is DeleteCtx without a context.
func (s *Sessions) Delete(token string) error { return s.DeleteCtx(context.Background(), token) }
