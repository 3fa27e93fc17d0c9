package assess_test

import (
	"strings"
	"testing"
	"time"

	"goalpost"
	"goalpost/assess"
	"goalpost/store"
)

// A survey that was published as anonymous stays so: whoever has the page open was told that
// nothing leads from the answers to the invitation.
func TestAnonymousIsAPromise(t *testing.T) {
	db, a := askedSurvey(t, nil)
	named := a.Survey.Settings
	named.Anonymous = false
	c := store.SurveyChange{Revision: a.Survey.Revision, Settings: &named, By: "Ada", At: fieldDay}
	if err := assess.ChangeSurvey(t.Context(), db, a.Org, a.Survey.ID, c); !goalpost.IsKind(err, goalpost.Conflict) {
		t.Errorf("an open survey stops being anonymous: %v", err)
	}
	closed := goalpost.SurveyClosed
	changeSurvey(t, db, a.Org, a.Survey.ID, store.SurveyChange{State: &closed})
	a = asked(t, db)
	c.Revision = a.Survey.Revision
	if err := assess.ChangeSurvey(t.Context(), db, a.Org, a.Survey.ID, c); !goalpost.IsKind(err, goalpost.Conflict) {
		t.Errorf("a closed survey, which can be opened again, stops being anonymous: %v", err)
	}
	limited := a.Survey.Settings
	limited.Limit = 5
	changeSurvey(t, db, a.Org, a.Survey.ID, store.SurveyChange{Settings: &limited})
}

// Of a reply that is longer than any can be, the beginning is kept beside the log, and it
// stays wrong; another one with the same beginning is another answer.
func TestRepliesWithoutEnd(t *testing.T) {
	db, a := askedSurvey(t, nil)
	body := func(text, choice string) string {
		return `{"more":{"text":"` + text + `"},"why":{"choices":["` + strings.Repeat(choice+`","`, 5000) + choice + `"]}}`
	}
	long := strings.Repeat("wördy ", 20_000)
	r := send(t, db, a, sentBy(a, 1, body(long, "offers"), true))
	if len(r.Problems) != 2 {
		t.Errorf("%+v", r.Problems)
	}
	x := kept(t, db, a)[0]
	if n := len(x.Replies["more"].Text); n > 40_000 || n < 20_000 || len(x.Replies["why"].Choices) > 200 {
		t.Errorf("%d bytes and %d choices of one respondent are in every table", n, len(x.Replies["why"].Choices))
	}
	events, err := db.AnswerEvents(t.Context(), a.Org, a.Survey.ID, rid(1))
	if err != nil || len(events) != 1 || !strings.Contains(events[0].Raw, long) {
		t.Errorf("the log holds less than was sent, %v", err)
	}
	if r := send(t, db, a, sentBy(a, 1, body(long, "offers"), true)); !r.Known {
		t.Errorf("the same: %+v", r.State)
	}
	if r := send(t, db, a, sentBy(a, 1, body(long+"and more", "offers"), true)); !r.Conflict {
		t.Error("what differs behind the beginning is taken for the same, and kept nowhere")
	}
}

// Whoever has begun an anonymous survey late in the evening finishes it after midnight, as
// others do: that only the day of the beginning is kept makes nobody too late.
func TestGraceOverMidnight(t *testing.T) {
	db, a := askedSurvey(t, nil)
	evening := fieldDay.Truncate(24 * time.Hour).Add(23 * time.Hour)
	begun := sentBy(a, 1, `{"why":{"choices":["offers"]}}`, false)
	begun.Now = evening
	send(t, db, a, begun)
	closed := goalpost.SurveyClosed
	changeSurvey(t, db, a.Org, a.Survey.ID, store.SurveyChange{State: &closed})
	a = asked(t, db)
	done := begun
	done.Rev, done.Done, done.Now = 2, true, evening.Add(90*time.Minute)
	if !a.Takes(done.Now) {
		t.Error("the page says that it is too late")
	}
	if r := send(t, db, a, done); r.State != goalpost.AnswerComplete {
		t.Errorf("half an hour after midnight: %s", r.State)
	}
}
