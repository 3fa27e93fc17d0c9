package assess

import (
	"context"
	"fmt"
	"slices"
	"time"

	"goalpost"
	"goalpost/store"
)

// BeliefInput is what a member of the team believes, as they said it.
type BeliefInput struct {
	Survey   goalpost.SurveyID
	Revision int64 // of the survey that was seen; 0: as it is now
	User     goalpost.User
	Claims   *bool
	Beliefs  []goalpost.Belief // an item that is missing is one without an idea
	Now      time.Time
}

// GiveBeliefs keeps what a member of the team believes, for good. It fails with Invalid,
// naming the item, with Forbidden for who does not belong to the team, and with Conflict where
// the member has said it before or the survey was changed meanwhile.
func GiveBeliefs(ctx context.Context, db *store.DB, org goalpost.OrgID, in BeliefInput) (goalpost.BeliefSheet, error) {
	s, err := db.Survey(ctx, org, in.Survey)
	if err != nil {
		return goalpost.BeliefSheet{}, err
	}
	if err := isMember(ctx, db, org, in.User.ID); err != nil {
		return goalpost.BeliefSheet{}, err
	}
	if in.Revision == 0 {
		in.Revision = s.Revision
	}
	if len(s.Form.BeliefItems()) == 0 {
		return goalpost.BeliefSheet{}, goalpost.Errorf(goalpost.Conflict, "error.belief.no-item")
	}
	sheet := in.sheet(s)
	if err := sheet.Check(s.Form); err != nil {
		return sheet, err
	}
	return db.AddBeliefs(ctx, org, in.Revision, sheet)
}

// Problems returns all that is wrong with what was said, in the order of the form.
func (in BeliefInput) Problems(s goalpost.Survey) []*goalpost.Error {
	return in.sheet(s).Problems(s.Form)
}

// sheet is what is kept, with all items of the form in its order.
func (in BeliefInput) sheet(s goalpost.Survey) goalpost.BeliefSheet {
	sheet := goalpost.BeliefSheet{Survey: in.Survey, User: in.User.ID, By: in.User.Name, Claims: in.Claims, FormVersion: s.FormVersion, MadeAt: in.Now.UTC().Truncate(time.Microsecond)}
	left := slices.Clone(in.Beliefs)
	for _, i := range s.Form.BeliefItems() {
		at := slices.IndexFunc(left, func(b goalpost.Belief) bool { return b.Key() == i.Key() })
		if at < 0 {
			sheet.Beliefs = append(sheet.Beliefs, goalpost.Belief{BeliefItem: i, NoIdea: true})
			continue
		}
		b := left[at]
		b.BeliefItem = i
		sheet.Beliefs, left = append(sheet.Beliefs, b), slices.Delete(left, at, at+1)
	}
	sheet.Beliefs = append(sheet.Beliefs, left...) // what there is no item for, or a second time
	for _, q := range s.Form.Questions {
		if len(q.BeliefItems()) > 0 {
			sheet.Asked = append(sheet.Asked, q)
		}
	}
	return sheet
}

// isMember fails with Forbidden for who does not belong to an organisation. The visitor of a
// simulated company has no number.
func isMember(ctx context.Context, db *store.DB, org goalpost.OrgID, user goalpost.UserID) error {
	if user == 0 {
		o, err := db.Organisation(ctx, org)
		if err == nil && !o.Simulated {
			err = goalpost.Errorf(goalpost.Forbidden, "error.belief.member")
		}
		return err
	}
	_, err := db.Role(ctx, org, user)
	if goalpost.IsKind(err, goalpost.NotFound) {
		err = goalpost.Errorf(goalpost.Forbidden, "error.belief.member")
	}
	return err
}

// BeliefView is what a member of the team sees of the beliefs about a survey: their own, and
// who else has said theirs.
type BeliefView struct {
	Survey   goalpost.Survey
	Answered bool // an answer has come in: what is said from now on is late
	Own      *goalpost.BeliefSheet
	Changed  []goalpost.BeliefItem // of the own ones: what is asked otherwise by now
	Givers   []goalpost.BeliefGiver
	Silent   []string // names of members who have not said it
}

// Questions are those with something to believe, in the order of the form.
func (v BeliefView) Questions() []goalpost.SurveyQuestion {
	return slices.DeleteFunc(slices.Clone(v.Survey.Form.Questions), func(q goalpost.SurveyQuestion) bool { return len(q.BeliefItems()) == 0 })
}

// Beliefs returns what one member sees. What others believe is in none of it.
func Beliefs(ctx context.Context, db *store.DB, org goalpost.OrgID, id goalpost.SurveyID, user goalpost.UserID) (v BeliefView, err error) {
	if v.Survey, err = db.Survey(ctx, org, id); err != nil {
		return v, err
	}
	if v.Answered, err = db.HasAnswers(ctx, org, id); err != nil {
		return v, fmt.Errorf("assess beliefs: %w", err)
	}
	if v.Givers, v.Silent, err = beliefGivers(ctx, db, org, id); err != nil {
		return v, err
	}
	own, err := db.BeliefsOf(ctx, org, id, user)
	switch {
	case goalpost.IsKind(err, goalpost.NotFound):
		return v, nil
	case err != nil:
		return v, fmt.Errorf("assess beliefs: %w", err)
	}
	v.Own = &own
	for _, b := range own.Beliefs {
		if _, same := own.Belief(b.BeliefItem, v.Survey.Form); !same {
			v.Changed = append(v.Changed, b.BeliefItem)
		}
	}
	return v, nil
}

// beliefGivers are who said it, and the names of the members who did not.
func beliefGivers(ctx context.Context, db *store.DB, org goalpost.OrgID, id goalpost.SurveyID) (givers []goalpost.BeliefGiver, silent []string, err error) {
	if givers, err = db.BeliefGivers(ctx, org, id); err != nil {
		return nil, nil, fmt.Errorf("assess beliefs: %w", err)
	}
	members, err := db.Members(ctx, org)
	if err != nil {
		return nil, nil, fmt.Errorf("assess beliefs: %w", err)
	}
	for _, m := range members {
		if !slices.ContainsFunc(givers, func(g goalpost.BeliefGiver) bool { return g.User == m.ID }) {
			silent = append(silent, m.Name)
		}
	}
	return givers, silent, nil
}
