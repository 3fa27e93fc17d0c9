package assess_test

import (
	"testing"
	"time"

	"goalpost"
	"goalpost/assess"
)

// Whoever has the secret goes on, with the time that was spent before; nobody else does.
func TestResume(t *testing.T) {
	db, a := askedSurvey(t, func(s *goalpost.Survey) { s.Settings.ClosesAt = fieldDay.Add(48 * time.Hour) })
	in := sentBy(a, 1, `{"why":{"choices":["news"]}}`, false)
	in.Secret, in.Page = "secret", a.SignPage(assess.SignedPage{Version: 1, Channel: "ig", Campaign: "spring", At: fieldDay.Add(-time.Minute)})
	send(t, db, a, in)
	x, err := a.Resume(t.Context(), db, in.ID, "secret")
	if err != nil || x.Replies["why"].Choices[0] != "news" {
		t.Fatalf("%+v %v", x, err)
	}
	later := fieldDay.Add(24 * time.Hour)
	p, ok := a.ReadPage(a.SignResumed(x, later))
	if !ok || p.Channel != "ig" || p.Campaign != "spring" || later.Sub(p.At) != time.Minute {
		t.Errorf("%+v %v", p, ok)
	}
	for _, c := range [][2]string{{in.ID, "other"}, {in.ID, ""}, {rid(2), "secret"}, {"no id", "secret"}} {
		if _, err := a.Resume(t.Context(), db, c[0], c[1]); keyOf(err) == "" {
			t.Errorf("%v: %v", c, err)
		}
	}
	for _, c := range []struct {
		now  time.Duration
		want bool
	}{{0, true}, {49 * time.Hour, true}, {73 * time.Hour, false}} {
		if got := a.Takes(fieldDay.Add(c.now)); got != c.want {
			t.Errorf("after %v\ngot:  %v\nwant: %v", c.now, got, c.want)
		}
	}
}

// Replies are carried along by a page and read again as they were.
func TestRepliesDocument(t *testing.T) {
	_, a := askedSurvey(t, nil)
	form, _ := a.Form(1)
	nine := 9.0
	was := map[string]goalpost.QuestionReply{"why": {Choices: []string{"news"}}, "nps": {Number: &nine}, "more": {Text: "“<b>”"}}
	got := assess.ReadReplies(form, string(assess.RepliesDocument(was)))
	if len(got) != 3 || got["more"].Text != was["more"].Text || *got["nps"].Number != 9 || got["why"].Choices[0] != "news" {
		t.Errorf("%+v", got)
	}
	if got := assess.ReadReplies(form, "no JSON"); got == nil || len(got) != 0 {
		t.Errorf("%+v", got)
	}
	if got := string(assess.RepliesDocument(nil)); got != "{}" {
		t.Errorf("%s", got)
	}
}
