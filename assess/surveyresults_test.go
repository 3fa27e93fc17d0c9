package assess_test

import (
	"fmt"
	"reflect"
	"slices"
	"testing"
	"time"

	"goalpost"
	"goalpost/assess"
	"goalpost/store"
)

func read(t *testing.T, db *store.DB, a *assess.AskedSurvey, tally *assess.SurveyTally) assess.SurveyResults {
	t.Helper()
	if err := tally.Read(t.Context(), db, a); err != nil {
		t.Fatal(err)
	}
	return tally.Results(a)
}

// Figures of a survey, counted by hand: who finished, who broke off where, what was
// chosen; a reply that cannot be right is told apart.
func TestSurveyResults(t *testing.T) {
	db, a := askedSurvey(t, nil)
	answers := []string{`{"why":{"choices":["offers"]},"nps":{"number":9}}`, `{"why":{"choices":["offers"]},"nps":{"number":3},"more":{"text":"short"}}`, `{"why":{"choices":["news"]},"nps":{"number":7}}`, `{"why":{"choices":["nonsense"]},"nps":{"number":10}}`}
	for i, x := range answers {
		in := sentBy(a, i+1, x, true)
		in.Page = a.SignPage(assess.SignedPage{Version: 1, Channel: "ig", Campaign: "spring", At: fieldDay.Add(-time.Duration(i+1) * time.Minute)})
		send(t, db, a, in)
	}
	send(t, db, a, sentBy(a, 5, `{"why":{"choices":["news"]}}`, false))
	plain := sentBy(a, 6, `{}`, false)
	plain.Page, plain.Device = a.SignPage(assess.SignedPage{Version: 1, At: fieldDay.Add(-time.Minute)}), goalpost.DeviceDesk
	send(t, db, a, plain)
	tally := assess.NewSurveyTally()
	r := read(t, db, a, tally)
	if r.Started != 6 || r.Complete != 4 || r.Finished == nil || *r.Finished != 4.0/6 || r.States[goalpost.AnswerBegun] != 2 || r.Flagged != 0 {
		t.Errorf("%+v", r)
	}
	if want := (assess.Quartiles{N: 4, Lower: 105, Median: 150, Upper: 195}); r.Seconds == nil || *r.Seconds != want {
		t.Errorf("seconds\ngot:  %+v\nwant: %+v", r.Seconds, want)
	}
	if want := []assess.AnswerGroup{{Code: "ig", Campaign: "spring", Started: 5, Complete: 4}, {Started: 1}}; !slices.Equal(r.Channels, want) {
		t.Errorf("channels\ngot:  %+v\nwant: %+v", r.Channels, want)
	}
	var reach []string
	for _, q := range r.Forms[0].Questions {
		reach = append(reach, fmt.Sprint(q.Question.Code, " ", q.Asked, " ", q.Answered, " ", q.Last))
	}
	if want := []string{"why 5 5 1", "nps 4 4 0", "more 4 1 0"}; !slices.Equal(reach, want) || r.Forms[0].Before != 1 {
		t.Errorf("reach\ngot:  %v, %d before\nwant: %v, 1 before", reach, r.Forms[0].Before, want)
	}
	why, nps := r.Questions[0].All, r.Questions[1].All
	if why.Base != 3 || why.Invalid != 1 || why.Options[0].Count != 2 || why.Options[1].Count != 1 || why.Options[0].Share != nil {
		t.Errorf("why: %+v", why)
	}
	if want := (assess.NPSCounts{Detractors: 1, Passives: 1, Promoters: 2}); *nps.NPS != want || nps.Grades[9].Count != 1 {
		t.Errorf("nps: %+v %+v", nps, *nps.NPS)
	}
	if r.Questions[2].All.Texts != 1 {
		t.Errorf("texts: %+v", r.Questions[2].All)
	}
}

// The same figures come out whether answers were read as they came, changed, were flagged
// later and erased, or all at once.
func TestSurveyTallyFollows(t *testing.T) {
	db, a := askedSurvey(t, nil)
	tally := assess.NewSurveyTally()
	const text = "a text that two people hardly write the same"
	step := func(name string, do func(), flagged int) {
		t.Helper()
		do()
		got, want := read(t, db, a, tally), read(t, db, a, assess.NewSurveyTally())
		if !reflect.DeepEqual(got, want) {
			t.Errorf("%s\ngot:  %+v\nwant: %+v", name, got, want)
		}
		if got.Flagged != flagged {
			t.Errorf("%s: %d flagged, not %d", name, got.Flagged, flagged)
		}
	}
	step("begun", func() { send(t, db, a, sentBy(a, 1, `{"why":{"choices":["offers"]}}`, false)) }, 0)
	step("finished", func() {
		in := sentBy(a, 1, `{"why":{"choices":["news"]},"more":{"text":"`+text+`"}}`, true)
		in.Rev = 2
		send(t, db, a, in)
	}, 0)
	step("without a page", func() {
		in := sentBy(a, 2, `{"why":{"choices":["offers"]}}`, true)
		in.Page = ""
		send(t, db, a, in)
	}, 1)
	step("the same text", func() {
		send(t, db, a, sentBy(a, 3, `{"more":{"text":"A text that two  people hardly write THE same"}}`, true))
	}, 3)
	if !tally.SameText(rid(1)) || !tally.SameText(rid(3)) || tally.SameText(rid(2)) {
		t.Error("the wrong answers have the same text")
	}
	step("and again", func() { send(t, db, a, sentBy(a, 4, `{"more":{"text":"`+text+`"}}`, true)) }, 4)
	for i, left := range []int{3, 1} {
		step("erased", func() {
			if err := a.EraseAnswer(t.Context(), db, rid(3+i)); err != nil {
				t.Fatal(err)
			}
		}, left)
	}
	r := tally.Results(a)
	if r.Complete != 2 || r.Questions[0].All.Gave != 2 || r.Questions[0].Unflagged.Gave != 1 || r.States[goalpost.AnswerErased] != 2 || r.Started != 2 {
		t.Errorf("%+v", r)
	}
}

// A question that was changed is counted apart; its answers under the old wording stay.
func TestSurveyResultsOfVersions(t *testing.T) {
	db, a := askedSurvey(t, nil)
	send(t, db, a, sentBy(a, 1, `{"why":{"choices":["offers"]},"nps":{"number":9}}`, true))
	form := a.Survey.Form
	form.Questions = slices.Clone(form.Questions)
	form.Questions[0].Wording = goalpost.Text{"en": "Why do you follow us?"}
	changeSurvey(t, db, a.Org, a.Survey.ID, store.SurveyChange{Form: &form})
	a = asked(t, db)
	send(t, db, a, sentBy(a, 2, `{"why":{"choices":["news"]},"nps":{"number":8}}`, true))
	r := read(t, db, a, assess.NewSurveyTally())
	var got []string
	for _, q := range r.Questions {
		got = append(got, fmt.Sprint(q.Question.Code, " ", q.Question.Version, " ", q.Earlier, " ", q.All.Gave))
	}
	if want := []string{"why 2 false 1", "nps 1 false 2", "more 1 false 0", "why 1 true 1"}; !slices.Equal(got, want) {
		t.Errorf("\ngot:  %v\nwant: %v", got, want)
	}
	if len(r.Forms) != 2 || r.Forms[0].Version != 2 || r.Forms[1].Complete != 1 {
		t.Errorf("%+v", r.Forms)
	}
}

// When the time is over the single answers go and their figures stay; not a day before,
// and not of a survey that goes on.
func TestEraseOldAnswers(t *testing.T) {
	db, a := askedSurvey(t, func(s *goalpost.Survey) { s.Settings.KeepDays = 30 })
	for i := range 12 {
		send(t, db, a, sentBy(a, i+1, `{"why":{"choices":["offers"]},"more":{"text":"only I say this"}}`, true))
	}
	erase := func(now time.Time, want int64) {
		t.Helper()
		if n, err := assess.EraseOldAnswers(t.Context(), db, a.Org, now); err != nil || n != want {
			t.Errorf("%s: %d erased, %v; want %d", now, n, err, want)
		}
	}
	erase(fieldDay.AddDate(1, 0, 0), 0)
	closed := goalpost.SurveyClosed
	changeSurvey(t, db, a.Org, a.Survey.ID, store.SurveyChange{State: &closed})
	a = asked(t, db)
	before := read(t, db, a, assess.NewSurveyTally())
	erase(fieldDay.AddDate(0, 0, 30).Add(-time.Second), 0)
	erase(fieldDay.AddDate(0, 0, 30), 12)
	erase(fieldDay.AddDate(0, 0, 31), 0)
	email, err := goalpost.ParsePrivateEmail("ada@example.com")
	if err != nil {
		t.Fatal(err)
	}
	if _, err := db.AddInvitations(t.Context(), a.Org, a.Survey.ID, []goalpost.Invitation{{Email: email}}, fieldDay); err != nil {
		t.Fatal(err)
	}
	erase(fieldDay.AddDate(0, 0, 32), 0) // no answer is left, and nobody's address either
	if c, err := db.InvitationCounts(t.Context(), a.Org, a.Survey.ID); err != nil || c.Invited != 1 || c.Forgotten != 1 {
		t.Errorf("who was invited: %+v %v", c, err)
	}
	kept, at, ok, err := assess.KeptFigures(t.Context(), db, a.Org, a.Survey.ID)
	if err != nil || !ok || !at.Equal(fieldDay.AddDate(0, 0, 30)) || kept.Complete != 12 || kept.Questions[0].All.Options[0].Count != 12 || kept.Questions[0].All.Options[0].Share.N != 12 {
		t.Errorf("%+v %v %v", kept, ok, err)
	}
	if !reflect.DeepEqual(kept.Forms, before.Forms) {
		t.Errorf("how far people came\ngot:  %+v\nwant: %+v", kept.Forms, before.Forms)
	}
}

// Open answers: found by a part of the text however it is written, tagged, and counted by
// tag; a tag that differs in capitals only is the one that is there.
func TestOpenAnswers(t *testing.T) {
	db, a := askedSurvey(t, nil)
	for i, text := range []string{"Größere Auswahl", "Bessere  Schuhe in GROESSE 48", "Café am Hafen", ""} {
		send(t, db, a, sentBy(a, i+1, `{"more":{"text":"`+text+`"}}`, true))
	}
	send(t, db, a, sentBy(a, 5, `{"more":{"text":"not finished"}}`, false))
	find := func(q assess.OpenQuery) []string {
		t.Helper()
		q.Question = "more"
		found, err := a.OpenAnswers(t.Context(), db, q)
		if err != nil || found.Total != 3 {
			t.Fatalf("%+v %v", found, err)
		}
		var list []string
		for _, o := range found.List {
			list = append(list, o.Text)
		}
		return list
	}
	for search, want := range map[string]int{"": 3, "größe": 2, "groesse": 2, "grosse": 1, "SCHUHE IN": 1, "cafe": 1, "finished": 0} {
		if got := find(assess.OpenQuery{Search: search}); len(got) != want {
			t.Errorf("%q\ngot:  %q\nwant: %d", search, got, want)
		}
	}
	tag := func(n int, question string, tags ...string) error {
		return a.TagAnswer(t.Context(), db, rid(n), question, tags, "Ada", fieldDay)
	}
	for _, err := range []error{tag(1, "more", " range ", "range", ""), tag(2, "more", "RANGE", "size")} {
		if err != nil {
			t.Fatal(err)
		}
	}
	if got := find(assess.OpenQuery{Tag: "range"}); len(got) != 2 {
		t.Errorf("by tag: %q", got)
	}
	if got := find(assess.OpenQuery{Untagged: true}); !slices.Equal(got, []string{"Café am Hafen"}) {
		t.Errorf("without a tag: %q", got)
	}
	found, err := a.OpenAnswers(t.Context(), db, assess.OpenQuery{Question: "more"})
	if want := []assess.TagCount{{Tag: "range", Number: 2}, {Tag: "size", Number: 1}}; err != nil || !slices.Equal(found.Tags, want) {
		t.Errorf("%+v %v", found.Tags, err)
	}
	many := make([]string, 21)
	for i := range many {
		many[i] = fmt.Sprint("t", i)
	}
	for name, c := range map[string]struct {
		err  error
		want string
	}{"hidden": {tag(1, "more", "a\x00b"), "error.tag.text"}, "many": {tag(1, "more", many...), "error.tag.many"}, "no text question": {tag(1, "why", "x"), "error.not-found"}, "nobody": {tag(77, "more", "x"), "error.not-found"}} {
		if keyOf(c.err) != c.want {
			t.Errorf("%s\ngot:  %v\nwant: %s", name, c.err, c.want)
		}
	}
}
