package assess

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"time"

	"goalpost"
	"goalpost/store"
)

// PersonRequest is what a person asks about themselves: by the address that they left, by
// the numbers of their comments, or both.
type PersonRequest struct {
	Email    goalpost.PrivateEmail
	Comments []goalpost.CommentID
}

// Person is everything that is kept of a person.
type Person struct {
	// Email is the address that the request came with, where comments have it. It is never
	// read from what is kept: who asks by a comment's number gets HasEmail alone.
	Email       string             `json:"email,omitempty"`
	Comments    []PersonComment    `json:"comments"`
	Contacts    []PersonContact    `json:"survey_contacts"`
	Invitations []PersonInvitation `json:"survey_invitations"`
	Answers     []PersonAnswer     `json:"survey_answers"` // of surveys that are not anonymous
	// Unreadable counts addresses of the organisation whose key is missing: comments of this
	// person may be among them.
	Unreadable int `json:"unreadable_emails"`
}

// PersonComment is one comment with all that is kept of it.
type PersonComment struct {
	ID       goalpost.CommentID    `json:"id"`
	Poll     goalpost.Text         `json:"poll"`
	SentAt   time.Time             `json:"sent_at"`
	State    goalpost.CommentState `json:"state"`
	Name     string                `json:"name"`
	Text     string                `json:"text"`
	Public   *PersonText           `json:"public"` // what readers see; null for nothing
	HasEmail bool                  `json:"has_email"`
	Flags    []string              `json:"flags"`
	Reason   string                `json:"reason"`
	Reply    string                `json:"reply"`
}

// PersonText is a name and a text as readers see them.
type PersonText struct {
	Name string `json:"name"`
	Text string `json:"text"`
}

// FindPerson reads everything that is kept of a person. It fails with NotFound where
// nothing is, and with NotFound and another sentence where the missing key may be why.
func FindPerson(ctx context.Context, db *store.DB, org goalpost.OrgID, q PersonRequest) (Person, error) {
	p := Person{Comments: []PersonComment{}, Contacts: []PersonContact{}, Invitations: []PersonInvitation{}, Answers: []PersonAnswer{}}
	ids := slices.Clone(q.Comments)
	if !q.Email.IsEmpty() {
		found, unreadable, err := db.CommentsOf(ctx, org, q.Email)
		if err != nil {
			return p, err
		}
		p.Unreadable = unreadable
		if err := p.surveys(ctx, db, org, q.Email); err != nil {
			return p, err
		}
		if len(found)+len(p.Contacts)+len(p.Invitations) > 0 {
			p.Email = q.Email.Reveal()
		}
		ids = append(ids, found...)
	}
	slices.Sort(ids)
	polls := map[goalpost.PollID]goalpost.Text{}
	list, err := db.Polls(ctx, org)
	if err != nil {
		return p, fmt.Errorf("assess person: %w", err)
	}
	for _, poll := range list {
		polls[poll.ID] = poll.Question
	}
	for _, id := range slices.Compact(ids) {
		c, err := db.Comment(ctx, org, id)
		e, said := errors.AsType[*goalpost.Error](err)
		if c.State == goalpost.CommentDeleted || (said && e.Kind == goalpost.NotFound) {
			return p, goalpost.Errorf(goalpost.NotFound, "error.person.no-comment", goalpost.PlainArg(int(id)))
		}
		if err != nil {
			return p, fmt.Errorf("assess person: comment %d: %w", id, err)
		}
		p.Comments = append(p.Comments, personComment(c, polls[c.Poll]))
	}
	switch {
	case len(p.Comments)+len(p.Contacts)+len(p.Invitations) > 0:
		return p, nil
	case p.Unreadable > 0:
		return p, goalpost.Errorf(goalpost.NotFound, "error.person.unreadable", goalpost.NumberArg(float64(p.Unreadable)))
	}
	return p, goalpost.Errorf(goalpost.NotFound, "error.person.none")
}

func personComment(c goalpost.Comment, question goalpost.Text) PersonComment {
	newest := c.Newest()
	v := PersonComment{ID: c.ID, Poll: question, SentAt: c.At, State: c.State, Name: newest.Name, Text: newest.Text, HasEmail: c.HasEmail,
		Flags: append([]string{}, c.Flags...), Reason: c.Reason, Reply: c.Reply.Text}
	if c.IsPublic() {
		v.Public = &PersonText{Name: c.Public.Name, Text: c.Public.Text}
	}
	return v
}

// Erased is what was done for a person who wanted to be forgotten. Backups that were
// taken before still hold them; every answer says so.
type Erased struct {
	Comments    []goalpost.CommentID `json:"comments"`
	Contacts    int                  `json:"survey_contacts"`
	Invitations int                  `json:"survey_invitations"`
	Answers     int                  `json:"survey_answers"`
	Unreadable  int                  `json:"unreadable_emails"`
	// LogEmptied is false while a reader kept the database's log from being emptied; it then
	// is at one of the next writes.
	LogEmptied bool `json:"log_emptied"`
}

// ErasePerson removes everything that is kept of a person: names, texts, addresses, flags,
// what the team answered, and what they answered in surveys that are not anonymous.
func ErasePerson(ctx context.Context, db *store.DB, org goalpost.OrgID, q PersonRequest) (Erased, error) {
	p, err := FindPerson(ctx, db, org, q)
	if err != nil {
		return Erased{}, err
	}
	e := Erased{Comments: []goalpost.CommentID{}, Unreadable: p.Unreadable}
	for _, c := range p.Comments {
		e.Comments = append(e.Comments, c.ID)
	}
	if err := p.eraseSurveys(ctx, db, org, &e); err != nil {
		return e, err
	}
	if len(e.Comments) == 0 {
		e.LogEmptied = db.EmptyLog(ctx)
		return e, nil
	}
	_, e.LogEmptied, err = db.EraseComments(ctx, org, e.Comments...)
	return e, err
}
