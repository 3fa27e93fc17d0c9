package assess

import (
	"context"
	"encoding/json"
	"fmt"
	"time"

	"goalpost"
	"goalpost/store"
)

// KeptFigures are the figures of a survey whose single answers were erased; ok is false
// where they were not.
func KeptFigures(ctx context.Context, db *store.DB, org goalpost.OrgID, id goalpost.SurveyID) (r SurveyResults, at time.Time, ok bool, err error) {
	body, at, err := db.SurveyFigures(ctx, org, id)
	if goalpost.IsKind(err, goalpost.NotFound) {
		return r, at, false, nil
	}
	if err == nil {
		err = json.Unmarshal(body, &r)
	}
	if err != nil {
		return r, at, false, fmt.Errorf("assess survey %d: %w", id, err)
	}
	return r, at, true, nil
}

// EraseOldAnswers erases the single answers of all surveys of an organisation that are
// kept no longer, and keeps their figures. It returns how many answers it erased.
func EraseOldAnswers(ctx context.Context, db *store.DB, org goalpost.OrgID, now time.Time) (n int64, err error) {
	surveys, err := db.Surveys(ctx, org)
	if err != nil {
		return 0, fmt.Errorf("assess surveys: %w", err)
	}
	for _, s := range surveys {
		at, some := s.ErasesAt(now)
		if !some || now.Before(at) {
			continue
		}
		a, err := AskedByTeam(ctx, db, org, s.ID)
		if err != nil {
			return n, err
		}
		t := NewSurveyTally()
		if err := t.Read(ctx, db, a); err != nil {
			return n, err
		}
		r := t.Results(a)
		people, err := peopleLeft(ctx, db, org, s.ID)
		if err != nil {
			return n, err
		}
		if r.Started == 0 && !people {
			continue
		}
		var figures []byte
		if r.Started > 0 {
			if figures, err = json.Marshal(r); err != nil {
				return n, fmt.Errorf("assess survey %d: %w", s.ID, err)
			}
		}
		gone, _, err := db.EraseAnswers(ctx, org, s.ID, figures, now)
		if err != nil {
			return n, fmt.Errorf("assess survey %d: %w", s.ID, err)
		}
		n += gone
	}
	return n, nil
}

// peopleLeft reports whether addresses of a survey's people are still kept: of those who
// left one, and of those who were invited.
func peopleLeft(ctx context.Context, db *store.DB, org goalpost.OrgID, id goalpost.SurveyID) (bool, error) {
	results, prize, err := db.CountSurveyContacts(ctx, org, id)
	if err != nil {
		return false, fmt.Errorf("assess survey %d: %w", id, err)
	}
	invited, err := db.InvitationCounts(ctx, org, id)
	if err != nil {
		return false, fmt.Errorf("assess survey %d: %w", id, err)
	}
	return results+prize > 0 || invited.Invited > invited.Forgotten, nil
}

// ForgetNetworks removes what stood for the connections of answers that were begun before a
// moment. After a day it finds no repeats any more, and would only tell which answers came
// from one household.
func ForgetNetworks(ctx context.Context, db *store.DB, org goalpost.OrgID, before time.Time) error {
	const atOnce = 1000 // others wait for no more
	surveys, err := db.Surveys(ctx, org)
	if err != nil {
		return fmt.Errorf("assess surveys: %w", err)
	}
	for _, s := range surveys {
		for n := int64(atOnce); n == atOnce; {
			if n, err = db.ForgetNetworks(ctx, org, s.ID, before, atOnce); err != nil {
				return fmt.Errorf("assess survey %d: %w", s.ID, err)
			}
		}
	}
	return nil
}
