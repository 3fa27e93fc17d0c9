package store

import (
	"encoding/json"
	"errors"
	"fmt"
	"testing"

	"goalpost"
)

// keptSurvey makes a survey with one finished answer, a tag and an address.
func keptSurvey(t testing.TB, db *DB, org goalpost.OrgID) goalpost.Survey {
	t.Helper()
	s, err := db.CreateSurvey(ctx, org, goalpost.Survey{Slug: fmt.Sprint("wishes-", org), State: goalpost.SurveyOpen, CreatedAt: when, By: "Ada", Form: goalpost.Form{Languages: []string{"en"}, Title: goalpost.Text{"en": "Wishes"},
		Questions: []goalpost.SurveyQuestion{{Question: goalpost.Question{Code: "more", Version: 1, Type: goalpost.TextQuestion, Wording: goalpost.Text{"en": "More?"}}, Long: true}}}}, "secret")
	if err != nil {
		t.Fatal(err)
	}
	keepAnswer(t, db, org, s, 1, 1, "Tide", true)
	if err := db.TagAnswer(ctx, org, s.ID, answerID(1), "more", []string{"sea"}, "Ada", when); err != nil {
		t.Fatal(err)
	}
	if err := db.KeepPublished(ctx, org, s.ID, PublishedResults{Change: 1, N: 1, At: when, Body: []byte("{}")}); err != nil {
		t.Fatal(err)
	}
	if err := db.AddSurveyContact(ctx, org, goalpost.SurveyContact{ID: answerID(9), Survey: s.ID, Answer: answerID(1), Email: address(t, "ada@example.com"), Results: true, SettingVersion: 1, Day: 1}); err != nil {
		t.Fatal(err)
	}
	if err := db.AddPopulation(ctx, org, s.ID, goalpost.Population{Version: 1, MadeAt: when, MadeBy: "Ada", Margins: []goalpost.PopulationMargin{{Question: "age", Groups: []goalpost.PopulationGroup{{Option: "a", Size: 3}}}}}); err != nil {
		t.Fatal(err)
	}
	if err := db.KeepWeightSet(ctx, org, s.ID, goalpost.WeightSet{ID: "set", Population: 1, N: 1, MadeAt: when}); err != nil {
		t.Fatal(err)
	}
	return s
}

func answerID(n int) string { return fmt.Sprintf("%08x-0000-4000-8000-%012x", n*7919, n) }

// keepAnswer sends a text as the answer of respondent n.
func keepAnswer(t testing.TB, db *DB, org goalpost.OrgID, s goalpost.Survey, n int, rev int64, text string, done bool) {
	t.Helper()
	in := SentAnswer{Done: done, Secret: "hash", Hash: text, Raw: []byte(`{"more":{"text":"` + text + `"}}`), Revision: s.Revision, Open: true, At: when}
	in.Answer = goalpost.Answer{ID: answerID(n), Rev: rev, Version: s.FormVersion, Language: "en", BegunAt: when, Replies: map[string]goalpost.QuestionReply{"more": {Text: text}}}
	if kept, err := db.KeepAnswer(ctx, org, s.ID, in); err != nil || kept.Known || kept.Conflict {
		t.Fatalf("answer %d, revision %d: %+v %v", n, rev, kept, err)
	}
}

// readingTries are the methods about surveys, called with the id of another organisation's.
func readingTries(db *DB, other goalpost.OrgID, s goalpost.Survey, email goalpost.PrivateEmail) map[string]func() error {
	rid := answerID(1)
	empty := func(n int, err error) error {
		if err == nil && n != 0 {
			return fmt.Errorf("%d rows of another organisation", n)
		}
		return err
	}
	refused := func(err error) error {
		e, said := errors.AsType[*goalpost.Error](err)
		if !said || e.Kind != goalpost.NotFound {
			return fmt.Errorf("not refused: %w", err)
		}
		return nil
	}
	return map[string]func() error{
		"Survey":         func() error { _, err := db.Survey(ctx, other, s.ID); return refused(err) },
		"Surveys":        func() error { l, err := db.Surveys(ctx, other); return empty(len(l), err) },
		"SurveyRevision": func() error { _, err := db.SurveyRevision(ctx, other, s.ID); return refused(err) },
		"SurveySecret":   func() error { _, err := db.SurveySecret(ctx, other, s.ID); return refused(err) },
		"SurveyForms":    func() error { l, err := db.SurveyForms(ctx, other, s.ID); return empty(len(l), err) },
		"SurveySettings": func() error { _, err := db.SurveySettings(ctx, other, s.ID, 1); return refused(err) },
		"SurveyCount":    func() error { n, err := db.SurveyCount(ctx, other, s.ID); return empty(n, err) },
		"GroupCounts":    func() error { m, err := db.GroupCounts(ctx, other, s.ID); return empty(len(m), err) },
		"SurveyFigures":  func() error { _, _, err := db.SurveyFigures(ctx, other, s.ID); return refused(err) },
		"NewComplete":    func() error { n, err := db.NewComplete(ctx, other, s.ID, 0); return empty(n, err) },
		"KeepPublished": func() error {
			return refused(db.KeepPublished(ctx, other, s.ID, PublishedResults{Change: 9, At: when}))
		},
		"PublishedResults": func() error {
			_, err := db.PublishedResults(ctx, other, s.ID)
			return refused(err)
		},
		"ChangeSurvey": func() error { return refused(db.ChangeSurvey(ctx, other, s.ID, SurveyChange{Revision: 1})) },
		"Answer":       func() error { _, err := db.Answer(ctx, other, s.ID, rid); return refused(err) },
		"ForgetNetworks": func() error {
			n, err := db.ForgetNetworks(ctx, other, s.ID, when.AddDate(1, 0, 0), 10)
			return empty(int(n), err)
		},
		"LastAnswerEvents": func() error {
			l, err := db.LastAnswerEvents(ctx, other, s.ID, rid, 10, 10)
			return empty(len(l), err)
		},
		"AnswerEvents":   func() error { l, err := db.AnswerEvents(ctx, other, s.ID, rid); return empty(len(l), err) },
		"AnswerTags":     func() error { l, err := db.AnswerTags(ctx, other, s.ID); return empty(len(l), err) },
		"AnswerTagState": func() error { n, _, err := db.AnswerTagState(ctx, other, s.ID); return empty(n, err) },
		"AnswersBetween": func() error { l, err := db.AnswersBetween(ctx, other, s.ID, "", "g"); return empty(len(l), err) },
		"AnswersSince":   func() error { l, err := db.AnswersSince(ctx, other, s.ID, 0, 10); return empty(len(l), err) },
		"ListedAnswers": func() error {
			l, err := db.ListedAnswers(ctx, other, s.ID, AnswerFilter{}, 0, 10)
			return empty(len(l), err)
		},
		"ResumeAnswer": func() error { _, err := db.ResumeAnswer(ctx, other, s.ID, rid, "hash"); return refused(err) },
		"TagAnswer":    func() error { return refused(db.TagAnswer(ctx, other, s.ID, rid, "more", nil, "Eve", when)) },
		"EraseAnswer":  func() error { return refused(db.EraseAnswer(ctx, other, s.ID, rid, nil)) },
		"EraseAnswers": func() error { _, _, err := db.EraseAnswers(ctx, other, s.ID, nil, when); return refused(err) },
		"KeepAnswer": func() error {
			_, err := db.KeepAnswer(ctx, other, s.ID, SentAnswer{Answer: goalpost.Answer{ID: rid, Version: 1}})
			return refused(err)
		},
		"ContactsOf":          func() error { l, n, err := db.ContactsOf(ctx, other, email); return empty(len(l)+n, err) },
		"SurveyContacts":      func() error { l, n, err := db.SurveyContacts(ctx, other, s.ID); return empty(len(l)+n, err) },
		"CountSurveyContacts": func() error { a, b, err := db.CountSurveyContacts(ctx, other, s.ID); return empty(a+b, err) },
		"EraseSurveyContacts": func() error {
			n, _, err := db.EraseSurveyContacts(ctx, other, s.ID, answerID(9))
			return empty(int(n), err)
		},
		"AddSurveyContact": func() error {
			return refused(db.AddSurveyContact(ctx, other, goalpost.SurveyContact{ID: answerID(8), Survey: s.ID, Email: email}))
		},
		"Populations": func() error { l, err := db.Populations(ctx, other, s.ID); return empty(len(l), err) },
		"WeightSets":  func() error { l, err := db.WeightSets(ctx, other, s.ID); return empty(len(l), err) },
		"WeightSet":   func() error { _, err := db.WeightSet(ctx, other, s.ID, "set"); return refused(err) },
		"AddPopulation": func() error {
			return refused(db.AddPopulation(ctx, other, s.ID, goalpost.Population{Version: 1, MadeAt: when}))
		},
		"KeepWeightSet": func() error {
			return refused(db.KeepWeightSet(ctx, other, s.ID, goalpost.WeightSet{ID: "set", N: 2, MadeAt: when}))
		},
		"CreateSurvey": func() error {
			_, err := db.CreateSurvey(ctx, other, goalpost.Survey{Slug: "theirs", CreatedAt: when}, "x")
			return err
		},
	}
}

// surveyPrint is everything of a survey that another organisation must not change.
func surveyPrint(t *testing.T, db *DB, org goalpost.OrgID, id goalpost.SurveyID) string {
	t.Helper()
	s, err := db.Survey(ctx, org, id)
	answers, err2 := db.AnswersSince(ctx, org, id, 0, 10)
	tags, err3 := db.AnswerTags(ctx, org, id)
	contacts, _, err4 := db.SurveyContacts(ctx, org, id)
	populations, err5 := db.Populations(ctx, org, id)
	sets, err6 := db.WeightSets(ctx, org, id)
	published, err7 := db.PublishedResults(ctx, org, id)
	if err := errors.Join(err, err2, err3, err4, err5, err6, err7); err != nil {
		t.Fatal(err)
	}
	beliefs, err := db.Beliefs(ctx, org, id)
	if err != nil {
		t.Fatal(err)
	}
	believed, err := json.Marshal(beliefs) // a claim is a pointer
	if err != nil {
		t.Fatal(err)
	}
	return fmt.Sprintf("%v %v %v %v %v %v %v %s", s, answers, tags, contacts, populations, sets, published, believed)
}
