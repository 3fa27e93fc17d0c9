package store

import (
	"context"
	"database/sql"
	"errors"
	"fmt"

	"goalpost"
)

// sealedLength is what every address is filled up to before it is encrypted, so that its
// length tells nothing: one byte for the length, and the longest address.
const sealedLength = 1 + goalpost.MaxEmail

// emailPlace binds a sealed address to its comment: copied to another row it does not
// open.
func emailPlace(org goalpost.OrgID, id goalpost.CommentID) []byte {
	return fmt.Appendf(nil, "goalpost comment_email %d %d", org, id)
}

// seal encrypts an address with AES-256-GCM under a fresh nonce.
func (k personalKey) seal(org goalpost.OrgID, id goalpost.CommentID, e goalpost.PrivateEmail) []byte {
	plain := make([]byte, sealedLength)
	plain[0] = byte(copy(plain[1:], e.Reveal()))
	return k.sealBytes(plain, emailPlace(org, id))
}

// errSealed says that what was sealed was changed, moved, or encrypted with another key.
var errSealed = errors.New("store: what was sealed does not open")

// open decrypts an address.
func (k personalKey) open(org goalpost.OrgID, id goalpost.CommentID, sealed []byte) (goalpost.PrivateEmail, error) {
	plain, err := k.openBytes(sealed, emailPlace(org, id))
	if err != nil || len(plain) != sealedLength || int(plain[0]) > goalpost.MaxEmail {
		return goalpost.PrivateEmail{}, errSealed
	}
	e, err := goalpost.ParsePrivateEmail(string(plain[1 : 1+plain[0]]))
	if err != nil {
		return e, errSealed
	}
	return e, nil
}

// CommentsOf finds the comments that were left with an address. Every address is
// decrypted and compared: a keyed hash would find them faster, but tell everybody who
// reads the database which comments are of one person, and ten thousand take a few
// hundredths of a second. unreadable counts the addresses whose key is not there: they
// may be of this person, too.
func (db *DB) CommentsOf(ctx context.Context, org goalpost.OrgID, e goalpost.PrivateEmail) (ids []goalpost.CommentID, unreadable int, err error) {
	keys, err := db.keyFile.all()
	if err != nil {
		return nil, 0, err
	}
	err = db.rows(ctx, "SELECT comment_id, key_id, sealed FROM comment_email WHERE org_id = $1 ORDER BY comment_id", func(r *sql.Rows) error {
		var id goalpost.CommentID
		var keyID string
		var sealed []byte
		if err := r.Scan(&id, &keyID, &sealed); err != nil {
			return err
		}
		for _, k := range keys {
			if k.id != keyID {
				continue
			}
			if kept, err := k.open(org, id, sealed); err == nil {
				if kept.Same(e) {
					ids = append(ids, id)
				}
				return nil
			}
		}
		unreadable++
		return nil
	}, org)
	return ids, unreadable, err
}

// KeyFile is where the key for personal data is, or will be made.
func (db *DB) KeyFile() string { return db.keyFile.path }

// UnreadableEmails counts the addresses that no key of the key file can read, and says
// where the file is expected.
func (db *DB) UnreadableEmails(ctx context.Context, org goalpost.OrgID) (n int, path string, err error) {
	keys, keyErr := db.keyFile.all()
	err = db.rows(ctx, "SELECT key_id, COUNT(*) FROM comment_email WHERE org_id = $1 GROUP BY key_id", func(r *sql.Rows) error {
		var id string
		var count int
		if err := r.Scan(&id, &count); err != nil {
			return err
		}
		for _, k := range keys {
			if k.id == id {
				return nil
			}
		}
		n += count
		return nil
	}, org)
	if err == nil && n > 0 {
		err = keyErr // a file that is there but cannot be used is the reason
	}
	return n, db.keyFile.path, err
}
