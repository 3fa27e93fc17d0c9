package store

import (
	"context"
	"database/sql"

	"goalpost"
)

// AddSurveyContact keeps the e-mail address of a respondent under the random id of the
// form that it came with; when it returns, the address is on disk. The same form sent
// twice is kept once. It fails with Unavailable, at once, when too many others wait to be
// written, or when the address cannot be encrypted.
func (db *DB) AddSurveyContact(ctx context.Context, org goalpost.OrgID, c goalpost.SurveyContact) error {
	key, err := db.keyFile.first()
	if err != nil {
		return err
	}
	return db.doUnlessBusy(ctx, func(t *tx) error {
		var there int64
		if err := t.mustFind("survey", "SELECT id FROM survey WHERE org_id = $1 AND id = $2", []any{org, c.Survey}, &there); err != nil {
			return err
		}
		_, err := t.exec("contact.Add", org, c.Survey, c.ID, c.Answer, asInt(c.Results), asInt(c.Prize), c.SettingVersion, c.Day, key.id, key.sealAt(contactPlace(org, c.Survey, c.ID), c.Email))
		return err
	})
}

func asInt(b bool) int {
	if b {
		return 1
	}
	return 0
}

// SurveyContacts returns the addresses that respondents of a survey left, in the order of
// their random ids. unreadable counts those whose key is not there.
func (db *DB) SurveyContacts(ctx context.Context, org goalpost.OrgID, id goalpost.SurveyID) (list []goalpost.SurveyContact, unreadable int, err error) {
	return db.contacts(ctx, "contact.OfSurvey", func(goalpost.SurveyContact) bool { return true }, org, id)
}

// ContactsOf finds what one address was left for in all surveys of an organisation, by
// decrypting and comparing each, as CommentsOf does.
func (db *DB) ContactsOf(ctx context.Context, org goalpost.OrgID, e goalpost.PrivateEmail) (list []goalpost.SurveyContact, unreadable int, err error) {
	return db.contacts(ctx, "contact.All", func(c goalpost.SurveyContact) bool { return c.Email.Same(e) }, org)
}

func (db *DB) contacts(ctx context.Context, query string, wanted func(goalpost.SurveyContact) bool, args ...any) (list []goalpost.SurveyContact, unreadable int, err error) {
	keys, err := db.keyFile.all()
	if err != nil {
		return nil, 0, err
	}
	err = db.rows(ctx, query, func(r *sql.Rows) error {
		var org goalpost.OrgID
		var c goalpost.SurveyContact
		var keyID string
		var sealed []byte
		if err := r.Scan(&org, &c.Survey, &c.ID, &c.Answer, &c.Results, &c.Prize, &c.SettingVersion, &c.Day, &keyID, &sealed); err != nil {
			return err
		}
		if c.Email, err = openWith(keys, keyID, contactPlace(org, c.Survey, c.ID), sealed); err != nil {
			unreadable++
			return nil
		}
		if wanted(c) {
			list = append(list, c)
		}
		return nil
	}, args...)
	return list, unreadable, err
}

// CountSurveyContacts returns how many respondents left an address to be told the results
// and how many for the prize.
func (db *DB) CountSurveyContacts(ctx context.Context, org goalpost.OrgID, id goalpost.SurveyID) (results, prize int, err error) {
	err = db.row(ctx, "SELECT COALESCE(SUM(results), 0), COALESCE(SUM(prize), 0) FROM survey_contact WHERE org_id = $1 AND survey_id = $2", "survey", []any{org, id}, &results, &prize)
	return results, prize, err
}

// EraseSurveyContacts removes addresses of respondents by their ids, and returns how many
// there were. clean reports whether the log of the database is emptied as well.
func (db *DB) EraseSurveyContacts(ctx context.Context, org goalpost.OrgID, id goalpost.SurveyID, ids ...string) (n int64, clean bool, err error) {
	err = db.do(ctx, func(t *tx) error {
		n = 0
		return t.overwriting(func() error {
			for _, c := range ids {
				gone, err := t.exec("DELETE FROM survey_contact WHERE org_id = $1 AND survey_id = $2 AND id = $3", org, id, c)
				if err != nil {
					return err
				}
				n += gone
			}
			return nil
		})
	})
	if err != nil || n == 0 {
		return 0, false, err
	}
	return n, db.emptyLog(ctx), nil
}
