package store

import (
	"fmt"
	"strings"
	"testing"

	"goalpost"
)

// keepOne makes a survey with one complete answer and a system that is told of it.
func keepOne(t *testing.T, db *DB, org goalpost.OrgID) (goalpost.Survey, goalpost.Hook) {
	t.Helper()
	form := goalpost.Form{Languages: []string{"en"}, Questions: []goalpost.SurveyQuestion{{Question: goalpost.Question{Code: "more", Type: goalpost.TextQuestion}}}}
	s, err := db.CreateSurvey(ctx, org, goalpost.Survey{Slug: "wishes", State: goalpost.SurveyOpen, Form: form, CreatedAt: when}, "s")
	if err != nil {
		t.Fatal(err)
	}
	h, err := db.AddHook(ctx, org, goalpost.Hook{Survey: s.ID, URL: "https://example.org", MadeAt: when}, "of the hook")
	if err != nil {
		t.Fatal(err)
	}
	if kept, err := db.KeepAnswer(ctx, org, s.ID, sentAnswer("one", s.Revision)); err != nil || kept.State != goalpost.AnswerComplete || !kept.New {
		t.Fatalf("%+v %v", kept, err)
	}
	return s, h
}

func sentAnswer(rid string, revision int64) SentAnswer {
	return SentAnswer{Answer: goalpost.Answer{ID: rid, Rev: 1, Version: 1, BegunAt: when}, Done: true, Open: true, Hash: "h", Secret: "x", Raw: []byte("{}"), Revision: revision, At: when}
}

// answerTries tries every method of surveys, answers and hooks with another organisation's
// ids.
func answerTries(db *DB, other goalpost.OrgID, refused func(error) error, empty func(int, error) error) map[string]func() error {
	change := goalpost.SurveyClosed
	return map[string]func() error{
		"Survey":         func() error { _, err := db.Survey(ctx, other, 1); return refused(err) },
		"Surveys":        func() error { l, err := db.Surveys(ctx, other); return empty(len(l), err) },
		"SurveyRevision": func() error { _, err := db.SurveyRevision(ctx, other, 1); return refused(err) },
		"SurveySecret":   func() error { _, err := db.SurveySecret(ctx, other, 1); return refused(err) },
		"SurveyForms":    func() error { l, err := db.SurveyForms(ctx, other, 1); return empty(len(l), err) },
		"SurveySettings": func() error { _, err := db.SurveySettings(ctx, other, 1, 1); return refused(err) },
		"SurveyCount":    func() error { n, err := db.SurveyCount(ctx, other, 1); return empty(n, err) },
		"ChangeSurvey": func() error {
			return refused(db.ChangeSurvey(ctx, other, 1, SurveyChange{Revision: 1, State: &change, At: when}))
		},
		"KeepAnswer":     func() error { _, err := db.KeepAnswer(ctx, other, 1, sentAnswer("two", 1)); return refused(err) },
		"Answer":         func() error { _, err := db.Answer(ctx, other, 1, "one"); return refused(err) },
		"ResumeAnswer":   func() error { _, err := db.ResumeAnswer(ctx, other, 1, "one", "x"); return refused(err) },
		"AnswersSince":   func() error { l, err := db.AnswersSince(ctx, other, 1, 0, 10); return empty(len(l), err) },
		"AnswersBetween": func() error { l, err := db.AnswersBetween(ctx, other, 1, "a", "z"); return empty(len(l), err) },
		"EraseAnswer":    func() error { return refused(db.EraseAnswer(ctx, other, 1, "one", nil)) },
		"AddHook": func() error {
			_, err := db.AddHook(ctx, other, goalpost.Hook{Survey: 1, URL: "https://example.net"}, "theirs")
			return refused(err)
		},
		"Hook":        func() error { _, _, err := db.Hook(ctx, other, 1); return refused(err) },
		"Hooks":       func() error { l, err := db.Hooks(ctx, other, 1); return empty(len(l), err) },
		"ActiveHooks": func() error { l, err := db.ActiveHooks(ctx, other); return empty(len(l), err) },
		"SwitchHook":  func() error { return refused(db.SwitchHook(ctx, other, 1, true)) },
		"RemoveHook":  func() error { return refused(db.RemoveHook(ctx, other, 1)) },
		"DueDeliveries": func() error {
			l, err := db.DueDeliveries(ctx, other, 1, when.AddDate(9, 0, 0), when.AddDate(-9, 0, 0), 9)
			return empty(len(l), err)
		},
		"LastDeliveries":  func() error { l, err := db.LastDeliveries(ctx, other, 1, 9); return empty(len(l), err) },
		"CountDeliveries": func() error { c, err := db.CountDeliveries(ctx, other, 1); return empty(c.Waiting+c.Sent, err) },
		"SaveDelivery": func() error { // it changes nothing where there is no message
			return db.SaveDelivery(ctx, other, goalpost.Delivery{Hook: 1, Survey: 1, Answer: "one", Kind: outboxAnswer, State: goalpost.DeliveryFailed})
		},
		"DropDeliveries": func() error { return db.DropDeliveries(ctx, other, when.AddDate(9, 0, 0)) },
		"CreateSurvey": func() error {
			_, err := db.CreateSurvey(ctx, other, goalpost.Survey{Slug: "theirs", CreatedAt: when}, "t")
			return err
		},
	}
}

// stillAnswered looks whether nothing of keepOne was changed.
func stillAnswered(t *testing.T, db *DB, org goalpost.OrgID) {
	t.Helper()
	s, err := db.Survey(ctx, org, 1)
	if err != nil || s.State != goalpost.SurveyOpen || s.Revision != 1 {
		t.Errorf("survey: %+v %v", s, err)
	}
	if list, err := db.AnswersSince(ctx, org, 1, 0, 9); err != nil || len(list) != 1 || list[0].State != goalpost.AnswerComplete {
		t.Errorf("answers: %+v %v", list, err)
	}
	if h, secret, err := db.Hook(ctx, org, 1); err != nil || h.Off || secret != "of the hook" {
		t.Errorf("hook: %+v %q %v", h, secret, err)
	}
	if c, err := db.CountDeliveries(ctx, org, 1); err != nil || c != (goalpost.DeliveryCounts{Waiting: 1}) {
		t.Errorf("messages: %+v %v", c, err)
	}
}

// Systems are told of complete answers alone; a link of nobody spoils no answer where
// everybody may answer; and a page that saves for ever is stopped.
func TestWhatIsKeptAs(t *testing.T) {
	db := open(t, Options{})
	org := organisation(t, db)
	s, h := keepOne(t, db, org)
	for rid, c := range map[string]struct {
		change func(*SentAnswer)
		want   goalpost.AnswerState
		told   int // messages
	}{
		"late":   {func(in *SentAnswer) { in.Open = false }, goalpost.AnswerLate, 0},
		"nobody": {func(in *SentAnswer) { in.Invitation = "of nobody" }, goalpost.AnswerComplete, 1},
	} {
		in := sentAnswer(rid, s.Revision)
		c.change(&in)
		before, err := db.CountDeliveries(ctx, org, h.ID)
		if err != nil {
			t.Fatal(err)
		}
		kept, err := db.KeepAnswer(ctx, org, s.ID, in)
		if err != nil || kept.State != c.want {
			t.Errorf("%s\ngot:  %s %v\nwant: %s", rid, kept.State, err, c.want)
		}
		if after, err := db.CountDeliveries(ctx, org, h.ID); err != nil || after.Waiting-before.Waiting != c.told {
			t.Errorf("%s: %d messages more, %v", rid, after.Waiting-before.Waiting, err)
		}
	}
	often := sentAnswer("often", s.Revision)
	often.Rev = maxRevisions + 1
	if _, err := db.KeepAnswer(ctx, org, s.ID, often); !goalpost.IsKind(err, goalpost.Unavailable) {
		t.Errorf("saved too often: %v", err)
	}
}

// The secret of a hook lies encrypted, and only in its own row.
func TestHookSecret(t *testing.T) {
	db := open(t, Options{})
	org := organisation(t, db)
	_, h := keepOne(t, db, org)
	var sealed []byte
	if err := db.read.QueryRowContext(ctx, "SELECT sealed FROM hook").Scan(&sealed); err != nil || strings.Contains(string(sealed), "of the hook") {
		t.Errorf("%q %v", sealed, err)
	}
	second, err := db.AddHook(ctx, org, goalpost.Hook{Survey: 1, URL: "https://example.net", MadeAt: when}, "another")
	if err != nil {
		t.Fatal(err)
	}
	if err := db.do(ctx, func(t *tx) error {
		_, err := t.exec("UPDATE hook SET sealed = $1 WHERE id = $2", sealed, second.ID)
		return err
	}); err != nil {
		t.Fatal(err)
	}
	if _, secret, err := db.Hook(ctx, org, second.ID); err == nil {
		t.Errorf("a secret that was moved opens: %q", secret)
	}
	if _, secret, err := db.Hook(ctx, org, h.ID); err != nil || secret != "of the hook" {
		t.Errorf("%q %v", secret, err)
	}
}

// Answers that share a commit with other jobs, with jobs that fail and with the erasure of
// one of them are counted and numbered as if each had a commit of its own.
func TestAnswersShareACommit(t *testing.T) {
	db := open(t, Options{})
	org := organisation(t, db)
	s, _ := keepOne(t, db, org)
	hold, held := make(chan struct{}), make(chan struct{})
	go func() { // while this one runs the others queue up
		_ = db.do(ctx, func(*tx) error { close(held); <-hold; return nil })
	}()
	<-held
	const n = 60
	ended := make(chan error, n)
	for i := range n {
		go func() {
			var err error
			switch i % 6 {
			case 0:
				err = db.EraseAnswer(ctx, org, s.ID, "nobody", nil)
				if err != nil {
					err = nil // NotFound: a job that fails
				}
			case 1: // written, and then taken back
				_ = db.doAnswer(ctx, func(t *tx) error {
					b, err := t.batchOf(org, s.ID)
					if err != nil {
						return err
					}
					if err := t.writeEvent(org, s.ID, b.last+1, sentAnswer("taken back", s.Revision), eventSaved); err != nil {
						return err
					}
					return fmt.Errorf("on purpose")
				})
			case 2:
				_, err = db.Survey(ctx, org, s.ID)
			default:
				in := sentAnswer(fmt.Sprint("answer ", i), s.Revision)
				in.Counted = []string{"q", "o"}
				_, err = db.KeepAnswer(ctx, org, s.ID, in)
			}
			ended <- err
		}()
	}
	close(hold)
	for range n {
		if err := <-ended; err != nil {
			t.Error(err)
		}
	}
	list, err := db.AnswersSince(ctx, org, s.ID, 0, 1000)
	if err != nil || len(list) != 1+n/2 {
		t.Fatalf("%d kept, %v", len(list), err)
	}
	for i, a := range list {
		if a.Change != int64(i+1) {
			t.Errorf("change %d of answer %d", a.Change, i+1)
		}
	}
	var counted, events int
	if err := db.read.QueryRowContext(ctx, "SELECT (SELECT n FROM survey_count WHERE question = 'q'), (SELECT COUNT(*) FROM answer_event)").Scan(&counted, &events); err != nil || counted != n/2 || events != 1+n/2 {
		t.Errorf("%d counted, %d events, %v", counted, events, err)
	}
	if all, err := db.SurveyCount(ctx, org, s.ID); err != nil || all != 1+n/2 {
		t.Errorf("%d complete, %v", all, err)
	}
}
