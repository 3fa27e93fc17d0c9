package store

import (
	"context"
	"crypto/rand"
	"database/sql"
	"encoding/json"
	"fmt"
	"time"

	"goalpost"
)

// invitationPlace binds a sealed address to its invitation.
func invitationPlace(org goalpost.OrgID, survey goalpost.SurveyID, id string) []byte {
	return fmt.Appendf(nil, "goalpost invitation %d %d %s", org, survey, id)
}

// invitationsAtOnce is how many are written in one transaction: others wait for no more.
const invitationsAtOnce = 500

// AddInvitations keeps the people of a list whom the survey has not invited yet, and
// returns how many they are. It fails with Unavailable when addresses cannot be encrypted,
// or when those that are there cannot be read: somebody might be invited twice.
func (db *DB) AddInvitations(ctx context.Context, org goalpost.OrgID, id goalpost.SurveyID, list []goalpost.Invitation, at time.Time) (added int, err error) {
	there := map[goalpost.PrivateEmail]bool{}
	unreadable, err := db.eachInvitation(ctx, org, id, func(i goalpost.Invitation) { there[i.Email.Folded()] = true })
	if err != nil {
		return 0, err
	}
	if unreadable > 0 {
		return 0, db.sealedInvitations()
	}
	key, err := db.keyFile.first()
	if err != nil {
		return 0, err
	}
	var fresh []goalpost.Invitation
	for _, i := range list {
		if e := i.Email.Folded(); !e.IsEmpty() && !there[e] {
			there[e] = true
			fresh = append(fresh, i)
		}
	}
	if len(there) > goalpost.MaxInvitations {
		return 0, &goalpost.Error{Kind: goalpost.Invalid, Key: "error.invitation.many", Args: []goalpost.Arg{goalpost.NumberArg(goalpost.MaxInvitations)}}
	}
	for len(fresh) > 0 {
		some := fresh[:min(invitationsAtOnce, len(fresh))]
		fresh = fresh[len(some):]
		if err := db.do(ctx, func(t *tx) error { return t.addInvitations(org, id, some, key, at) }); err != nil {
			return added, err
		}
		added += len(some)
	}
	return added, nil
}

func (t *tx) addInvitations(org goalpost.OrgID, id goalpost.SurveyID, list []goalpost.Invitation, key personalKey, at time.Time) error {
	var there int64
	if err := t.mustFind("survey", "SELECT id FROM survey WHERE org_id = $1 AND id = $2", []any{org, id}, &there); err != nil {
		return err
	}
	for _, i := range list {
		body, err := json.Marshal(i.Columns)
		if err != nil {
			return fmt.Errorf("store: invitation: %w", err)
		}
		own := rand.Text()
		if _, err := t.exec("invitation.Add", org, id, own, string(body), key.id, key.sealAt(invitationPlace(org, id, own), i.Email), at.UnixMicro()); err != nil {
			return err
		}
	}
	return nil
}

// sealedInvitations says that addresses of invited people cannot be read.
func (db *DB) sealedInvitations() error {
	return goalpost.Errorf(goalpost.Unavailable, "error.invitation.key", goalpost.TextArg(db.keyFile.path))
}

// eachInvitation opens the invitations of a survey, or of all for 0, whose address was not
// deleted, and counts those that no key opens.
func (db *DB) eachInvitation(ctx context.Context, org goalpost.OrgID, survey goalpost.SurveyID, see func(goalpost.Invitation)) (unreadable int, err error) {
	keys, err := db.keyFile.all()
	if err != nil {
		return 0, err
	}
	err = db.rows(ctx, "invitation.Emails", func(r *sql.Rows) error {
		var i goalpost.Invitation
		var keyID, body string
		var sealed []byte
		var at int64
		if err := r.Scan(&i.Survey, &i.ID, &keyID, &sealed, &at, &i.UsedDay, &i.Answer, &body); err != nil {
			return err
		}
		var err error
		if i.Email, err = openWith(keys, keyID, invitationPlace(org, i.Survey, i.ID), sealed); err != nil {
			unreadable++
			return nil
		}
		i.MadeAt = micros(at)
		if err := json.Unmarshal([]byte(body), &i.Columns); err != nil {
			return fmt.Errorf("store: invitation: %w", err)
		}
		see(i)
		return nil
	}, org, survey)
	return unreadable, err
}

// InvitationsOf finds the invitations of a person, by address, in all surveys. Every
// address is decrypted and compared, as in CommentsOf. unreadable counts those whose key
// is not there: they may be of this person, too.
func (db *DB) InvitationsOf(ctx context.Context, org goalpost.OrgID, e goalpost.PrivateEmail) (list []goalpost.Invitation, unreadable int, err error) {
	unreadable, err = db.eachInvitation(ctx, org, 0, func(i goalpost.Invitation) {
		if i.Email.Same(e) {
			list = append(list, i)
		}
	})
	return list, unreadable, err
}

// InvitationCounts returns what became of the list of a survey.
func (db *DB) InvitationCounts(ctx context.Context, org goalpost.OrgID, id goalpost.SurveyID) (c goalpost.InvitationCounts, err error) {
	var linked int64
	if err := db.row(ctx, "invitation.Counts", "survey", []any{org, id}, &c.Invited, &c.Complete, &c.Unlinked, &c.Forgotten, &linked, &c.Begun); err != nil {
		return c, err
	}
	if linked > 0 {
		c.LinkedAt = micros(linked)
	}
	keys, err := db.keyFile.all()
	if err != nil { // whatever is wrong with the file: nothing can be read, and the counts are known all the same
		keys = nil
	}
	err = db.rows(ctx, "SELECT key_id, COUNT(*) FROM invitation WHERE org_id = $1 AND survey_id = $2 AND key_id <> '' GROUP BY key_id", func(r *sql.Rows) error {
		var keyID string
		var n int
		if err := r.Scan(&keyID, &n); err != nil {
			return err
		}
		for _, k := range keys {
			if k.id == keyID {
				return nil
			}
		}
		c.Unreadable += n
		return nil
	}, org, id)
	return c, err
}

// OpenInvitations returns up to limit people who have not answered, after an id, with
// their addresses; with unlinked only those that nobody has a link for.
func (db *DB) OpenInvitations(ctx context.Context, org goalpost.OrgID, id goalpost.SurveyID, after string, limit int, unlinked bool) ([]goalpost.Invitation, error) {
	keys, err := db.keyFile.all()
	if err != nil {
		return nil, err
	}
	var list []goalpost.Invitation
	err = db.rows(ctx, "invitation.Open", func(r *sql.Rows) error {
		i := goalpost.Invitation{Survey: id}
		var keyID, body string
		var sealed []byte
		var at int64
		if err := r.Scan(&i.ID, &body, &keyID, &sealed, &at); err != nil {
			return err
		}
		var err error
		if i.Email, err = openWith(keys, keyID, invitationPlace(org, id, i.ID), sealed); err != nil {
			return db.sealedInvitations()
		}
		i.MadeAt = micros(at)
		if err := json.Unmarshal([]byte(body), &i.Columns); err != nil {
			return fmt.Errorf("store: invitation: %w", err)
		}
		list = append(list, i)
		return nil
	}, org, id, after, limit, asInt(unlinked))
	return list, err
}

// AddInvitationTokens adds a further token to each of some invitations: hashes by the id
// of the invitation. When it returns, they are on disk.
func (db *DB) AddInvitationTokens(ctx context.Context, org goalpost.OrgID, id goalpost.SurveyID, hashes map[string]string, at time.Time) error {
	return db.do(ctx, func(t *tx) error {
		for invitation, hash := range hashes {
			var there string
			if err := t.mustFind("invitation", "SELECT id FROM invitation WHERE org_id = $1 AND survey_id = $2 AND id = $3", []any{org, id, invitation}, &there); err != nil {
				return err
			}
			if _, err := t.exec("INSERT INTO invitation_token (org_id, survey_id, token, invitation_id, made_at) VALUES ($1, $2, $3, $4, $5)", org, id, hash, invitation, at.UnixMicro()); err != nil {
				return err
			}
		}
		return nil
	})
}

// InvitationByToken finds an invitation by the hash of a token, without the person's data.
func (db *DB) InvitationByToken(ctx context.Context, org goalpost.OrgID, id goalpost.SurveyID, hash string) (goalpost.Invitation, error) {
	i := goalpost.Invitation{Survey: id}
	var at int64
	err := db.row(ctx, "invitation.ByToken", "invitation", []any{org, id, hash}, &i.ID, &at, &i.UsedDay)
	i.MadeAt = micros(at)
	return i, err
}

// EraseInvitation removes one person from the list of a survey, with all links. When it
// returns, the bytes are overwritten in the file.
func (db *DB) EraseInvitation(ctx context.Context, org goalpost.OrgID, id goalpost.SurveyID, invitation string) error {
	err := db.do(ctx, func(t *tx) error {
		var there string
		if err := t.mustFind("invitation", "SELECT id FROM invitation WHERE org_id = $1 AND survey_id = $2 AND id = $3", []any{org, id, invitation}, &there); err != nil {
			return err
		}
		return t.overwriting(func() error {
			if _, err := t.exec("DELETE FROM invitation_token WHERE org_id = $1 AND survey_id = $2 AND invitation_id = $3", org, id, invitation); err != nil {
				return err
			}
			if _, err := t.exec("DELETE FROM invitation WHERE org_id = $1 AND survey_id = $2 AND id = $3", org, id, invitation); err != nil {
				return err
			}
			return t.scrub(answerTables)
		})
	})
	if err != nil {
		return err
	}
	db.emptyLog(ctx) // where a reader is in the way, soon after it
	return nil
}

// ForgetInvited removes names and addresses from the list of a survey: links go on
// working and counts stay, but nobody can be reminded any more. When it returns, the bytes
// are overwritten in the file.
func (db *DB) ForgetInvited(ctx context.Context, org goalpost.OrgID, id goalpost.SurveyID) error {
	err := db.do(ctx, func(t *tx) error {
		var there int64
		if err := t.mustFind("survey", "SELECT id FROM survey WHERE org_id = $1 AND id = $2", []any{org, id}, &there); err != nil {
			return err
		}
		return t.overwriting(func() error {
			if _, err := t.exec("UPDATE invitation SET body = '{}', key_id = '', sealed = $3 WHERE org_id = $1 AND survey_id = $2", org, id, []byte{}); err != nil {
				return err
			}
			return t.scrub(answerTables)
		})
	})
	if err != nil {
		return err
	}
	db.emptyLog(ctx) // where a reader is in the way, soon after it
	return nil
}
