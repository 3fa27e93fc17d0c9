package assess

import (
	"context"
	"fmt"
	"slices"
	"time"

	"goalpost"
	"goalpost/store"
)

// PersonContact is what an address was left for in a survey.
type PersonContact struct {
	Survey  goalpost.SurveyID `json:"survey"`
	Title   goalpost.Text     `json:"title"`
	Day     string            `json:"day"`
	Results bool              `json:"results"`
	Prize   bool              `json:"prize"`
	Consent goalpost.Text     `json:"consent"` // the text that was agreed to
	id      string
}

// PersonInvitation is an invitation of a person to a survey.
type PersonInvitation struct {
	Survey  goalpost.SurveyID `json:"survey"`
	Title   goalpost.Text     `json:"title"`
	Columns map[string]string `json:"columns"`  // what else was kept of the list, by its headers
	MadeAt  time.Time         `json:"made_at"`  // when the list was brought in
	UsedDay string            `json:"used_day"` // on which an answer came with it; empty for not yet
	id      string
}

// PersonAnswer is what a person answered.
type PersonAnswer struct {
	Survey    goalpost.SurveyID                 `json:"survey"`
	Title     goalpost.Text                     `json:"title"`
	ID        string                            `json:"answer"`
	State     goalpost.AnswerState              `json:"state"`
	Version   int                               `json:"form_version"`
	Channel   string                            `json:"channel"`
	Campaign  string                            `json:"campaign"`
	Language  string                            `json:"language"`
	Device    goalpost.DeviceClass              `json:"device"`
	BegunAt   time.Time                         `json:"begun_at"`
	ChangedAt time.Time                         `json:"changed_at"`
	Seconds   int                               `json:"seconds"`
	Flags     []string                          `json:"flags"`
	Replies   map[string]goalpost.QuestionReply `json:"replies"`
	Tags      []PersonTag                       `json:"tags"`
	Sent      []PersonSent                      `json:"sent"` // everything that came, as it came
}

// PersonTag is a word that the team gave to an answer.
type PersonTag struct {
	Question string `json:"question"`
	Tag      string `json:"tag"`
}

// PersonSent is one entry of the log of what a person sent.
type PersonSent struct {
	At   time.Time `json:"at"`
	Kind string    `json:"kind"`
	Raw  string    `json:"raw"`
}

// surveys finds what an address was left for, its invitations, and the answers that both
// lead to.
func (p *Person) surveys(ctx context.Context, db *store.DB, org goalpost.OrgID, e goalpost.PrivateEmail) error {
	contacts, unreadable, err := db.ContactsOf(ctx, org, e)
	if err != nil {
		return err
	}
	p.Unreadable += unreadable
	for _, c := range contacts {
		s, err := db.Survey(ctx, org, c.Survey)
		if err != nil {
			return fmt.Errorf("assess person: survey %d: %w", c.Survey, err)
		}
		settings, err := db.SurveySettings(ctx, org, c.Survey, c.SettingVersion)
		if err != nil {
			return fmt.Errorf("assess person: survey %d: %w", c.Survey, err)
		}
		p.Contacts = append(p.Contacts, PersonContact{Survey: c.Survey, Title: s.Form.Title, Day: c.Day.String(), Results: c.Results, Prize: c.Prize, Consent: settings.Consent, id: c.ID})
		if err := p.answer(ctx, db, org, s, c.Answer); err != nil {
			return err
		}
	}
	return p.invitations(ctx, db, org, e)
}

// invitations finds the invitations of an address, and the answers that they lead to.
func (p *Person) invitations(ctx context.Context, db *store.DB, org goalpost.OrgID, e goalpost.PrivateEmail) error {
	list, unreadable, err := db.InvitationsOf(ctx, org, e)
	if err != nil {
		return err
	}
	p.Unreadable += unreadable
	for _, i := range list {
		s, err := db.Survey(ctx, org, i.Survey)
		if err != nil {
			return fmt.Errorf("assess person: survey %d: %w", i.Survey, err)
		}
		x := PersonInvitation{Survey: i.Survey, Title: s.Form.Title, Columns: i.Columns, MadeAt: i.MadeAt, id: i.ID}
		if x.Columns == nil {
			x.Columns = map[string]string{}
		}
		if i.Used() {
			x.UsedDay = i.UsedDay.String()
		}
		p.Invitations = append(p.Invitations, x)
		if err := p.answer(ctx, db, org, s, i.Answer); err != nil {
			return err
		}
	}
	return nil
}

// answer adds an answer of the person, once; an empty id is none.
func (p *Person) answer(ctx context.Context, db *store.DB, org goalpost.OrgID, s goalpost.Survey, rid string) error {
	known := slices.ContainsFunc(p.Answers, func(a PersonAnswer) bool { return a.Survey == s.ID && a.ID == rid })
	if rid == "" || known {
		return nil
	}
	a, err := personAnswer(ctx, db, org, s, rid)
	if err != nil {
		return fmt.Errorf("assess person: answer %s: %w", rid, err)
	}
	p.Answers = append(p.Answers, a)
	return nil
}

func personAnswer(ctx context.Context, db *store.DB, org goalpost.OrgID, s goalpost.Survey, rid string) (PersonAnswer, error) {
	x, err := db.Answer(ctx, org, s.ID, rid)
	if err != nil {
		return PersonAnswer{}, err
	}
	a := PersonAnswer{Survey: s.ID, Title: s.Form.Title, ID: x.ID, State: x.State, Version: x.Version, Channel: x.Channel, Campaign: x.Campaign, Language: x.Language, Device: x.Device,
		BegunAt: x.BegunAt, ChangedAt: x.ChangedAt, Seconds: x.Seconds, Flags: append([]string{}, x.Flags...), Replies: x.Replies, Tags: []PersonTag{}, Sent: []PersonSent{}}
	tags, err := db.AnswerTags(ctx, org, s.ID)
	if err != nil {
		return a, err
	}
	for _, t := range tags {
		if t.Answer == rid {
			a.Tags = append(a.Tags, PersonTag{t.Question, t.Tag})
		}
	}
	events, err := db.AnswerEvents(ctx, org, s.ID, rid)
	for _, e := range events {
		a.Sent = append(a.Sent, PersonSent{e.At, e.Kind, e.Raw})
	}
	return a, err
}

// eraseSurveys removes the answers, addresses and invitations of a person.
func (p Person) eraseSurveys(ctx context.Context, db *store.DB, org goalpost.OrgID, e *Erased) error {
	for _, x := range p.Answers { // first: an address leads to its answer
		a, err := AskedByTeam(ctx, db, org, x.Survey)
		if err != nil {
			return err
		}
		if err := a.EraseAnswer(ctx, db, x.ID); err != nil {
			return err
		}
		e.Answers++
	}
	for _, c := range p.Contacts {
		if _, _, err := db.EraseSurveyContacts(ctx, org, c.Survey, c.id); err != nil {
			return fmt.Errorf("assess person: survey %d: %w", c.Survey, err)
		}
		e.Contacts++
	}
	for _, i := range p.Invitations {
		err := db.EraseInvitation(ctx, org, i.Survey, i.id)
		if err != nil && !goalpost.IsKind(err, goalpost.NotFound) { // one that led to an answer went with it
			return fmt.Errorf("assess person: survey %d: %w", i.Survey, err)
		}
		e.Invitations++
	}
	return nil
}
