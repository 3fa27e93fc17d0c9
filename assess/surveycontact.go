package assess

import (
	"context"
	"fmt"
	"slices"
	"time"

	"goalpost"
	"goalpost/store"
)

// ContactInput is what a respondent's page sends to be told the results, or to win
// something.
type ContactInput struct {
	ID      string // made with the page, UUID of version 4
	Page    string // what the page was signed with: see SignPage
	Email   goalpost.PrivateEmail
	Results bool
	Prize   bool
	Agreed  bool   // to the text of the settings
	Setting int    // version of the settings whose text was shown
	Receipt string // of the answer; looked at only where the survey is not anonymous
	Now     time.Time
}

// AddContact keeps the address. It fails with Invalid for what a person has to put right,
// with NotFound where the survey asks for no addresses, and with Conflict where the text
// that was agreed to is not the newest: it has to be read again.
func (a *AskedSurvey) AddContact(ctx context.Context, db *store.DB, in ContactInput) error {
	wrong := func(field, key string) error {
		return &goalpost.Error{Kind: goalpost.Invalid, Key: "error.contact." + key, Field: field}
	}
	s := a.Survey.Settings
	page, signed := a.ReadPage(in.Page)
	switch {
	case !s.Results && !s.Prize:
		return goalpost.Errorf(goalpost.NotFound, "error.contact.off")
	case !signed || !page.Contact || !goalpost.ValidAnswerID(in.ID):
		return wrong("", "page")
	case in.Email.IsEmpty():
		return wrong("email", "missing")
	case (!in.Results || !s.Results) && (!in.Prize || !s.Prize):
		return wrong("results", "what-for")
	case !in.Agreed:
		return wrong("agreed", "agree")
	case in.Setting != a.Survey.SettingVersion:
		return &goalpost.Error{Kind: goalpost.Conflict, Key: "error.contact.changed", Field: "agreed"}
	}
	c := goalpost.SurveyContact{ID: in.ID, Survey: a.Survey.ID, Email: in.Email, Results: in.Results && s.Results, Prize: in.Prize && s.Prize, SettingVersion: in.Setting, Day: goalpost.DayOf(in.Now, a.Zone)}
	if in.Receipt != "" && !s.Anonymous {
		x, err := a.AnswerOfReceipt(ctx, db, in.Receipt)
		if err != nil && !goalpost.IsKind(err, goalpost.NotFound) { // else nobody would find the answer when the person is to be erased
			return err
		}
		c.Answer = x.ID
	}
	if err := db.AddSurveyContact(ctx, a.Org, c); err != nil {
		return fmt.Errorf("assess survey %d: %w", a.Survey.ID, err)
	}
	return nil
}

// Contacts are the people who want to be told the results, or who want the prize: each
// address once, in an order that tells nothing. unreadable counts those whose key is not
// there.
func Contacts(ctx context.Context, db *store.DB, org goalpost.OrgID, id goalpost.SurveyID, prize bool) (list []goalpost.PrivateEmail, unreadable int, err error) {
	all, unreadable, err := db.SurveyContacts(ctx, org, id)
	if err != nil {
		return nil, 0, fmt.Errorf("assess survey %d: %w", id, err)
	}
	for _, c := range all {
		wanted := c.Results
		if prize {
			wanted = c.Prize
		}
		if wanted && !slices.ContainsFunc(list, c.Email.Same) {
			list = append(list, c.Email)
		}
	}
	return list, unreadable, nil
}
