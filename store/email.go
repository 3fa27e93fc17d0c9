package store

import (
	"context"
	"crypto/rand"
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

// contactPlace binds a sealed address to its row among the respondents' addresses.
func contactPlace(org goalpost.OrgID, survey goalpost.SurveyID, id string) []byte {
	return fmt.Appendf(nil, "goalpost survey_contact %d %d %s", org, survey, id)
}

// seal encrypts the address of a comment.
func (k personalKey) seal(org goalpost.OrgID, id goalpost.CommentID, e goalpost.PrivateEmail) []byte {
	return k.sealAt(emailPlace(org, id), e)
}

// sealAt encrypts an address with AES-256-GCM under a fresh nonce, bound to its place.
func (k personalKey) sealAt(place []byte, e goalpost.PrivateEmail) []byte {
	plain := make([]byte, sealedLength)
	plain[0] = byte(copy(plain[1:], e.Reveal()))
	nonce := make([]byte, k.aead.NonceSize(), k.aead.NonceSize()+sealedLength+k.aead.Overhead())
	_, _ = rand.Read(nonce) // it never fails (crypto/rand)
	return k.aead.Seal(nonce, nonce, plain, place)
}

// errSealed says that an address was changed, moved, or encrypted with another key.
var errSealed = errors.New("store: the e-mail address does not open")

// open decrypts the address of a comment.
func (k personalKey) open(org goalpost.OrgID, id goalpost.CommentID, sealed []byte) (goalpost.PrivateEmail, error) {
	return k.openAt(emailPlace(org, id), sealed)
}

// openAt decrypts an address at its place.
func (k personalKey) openAt(place, sealed []byte) (goalpost.PrivateEmail, error) {
	n := k.aead.NonceSize()
	if len(sealed) != n+sealedLength+k.aead.Overhead() {
		return goalpost.PrivateEmail{}, errSealed
	}
	plain, err := k.aead.Open(nil, sealed[:n], sealed[n:], place)
	if err != nil || int(plain[0]) > goalpost.MaxEmail {
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
		kept, err := openWith(keys, keyID, emailPlace(org, id), sealed)
		switch {
		case err != nil:
			unreadable++
		case kept.Same(e):
			ids = append(ids, id)
		}
		return nil
	}, org)
	return ids, unreadable, err
}

// openWith decrypts an address with whichever of the keys it was sealed with.
func openWith(keys []personalKey, keyID string, place, sealed []byte) (goalpost.PrivateEmail, error) {
	for _, k := range keys {
		if k.id != keyID {
			continue
		}
		if e, err := k.openAt(place, sealed); err == nil {
			return e, nil
		}
	}
	return goalpost.PrivateEmail{}, errSealed
}

// KeyFile is where the key for personal data is, or will be made.
func (db *DB) KeyFile() string { return db.keyFile.path }

// UnreadableEmails counts the addresses that no key of the key file can read, and says
// where the file is expected.
func (db *DB) UnreadableEmails(ctx context.Context, org goalpost.OrgID) (n int, path string, err error) {
	keys, keyErr := db.keyFile.all()
	err = db.rows(ctx, "email.ByKey", func(r *sql.Rows) error {
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
