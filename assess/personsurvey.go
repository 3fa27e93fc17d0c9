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
	Replies   map[string]goalpost.QuestionReply `json:"answers"`
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

// surveys finds what an address was left for, and the answers that it leads to.
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
		known := slices.ContainsFunc(p.Answers, func(a PersonAnswer) bool { return a.Survey == c.Survey && a.ID == c.Answer })
		if c.Answer == "" || known {
			continue
		}
		a, err := personAnswer(ctx, db, org, s, c.Answer)
		if err != nil {
			return fmt.Errorf("assess person: answer %s: %w", c.Answer, err)
		}
		p.Answers = append(p.Answers, a)
	}
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

// eraseSurveys removes the answers and addresses of a person.
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
	return nil
}
