package assess_test

import (
	"slices"
	"testing"

	"goalpost"
	"goalpost/assess"
	"goalpost/store"
)

// A quota that is made when answers are there counts them too; an answer that has no place in
// one of its groups takes none in the others, and erasing one gives its places back.
func TestQuotas(t *testing.T) {
	db, a := askedSurvey(t, func(s *goalpost.Survey) {
		s.Form.Questions[0].Type = goalpost.MultipleChoice
	})
	quota := func(option string, limit int) goalpost.Quota {
		return goalpost.Quota{Question: "why", Option: option, Limit: limit}
	}
	set := func(quotas ...goalpost.Quota) {
		t.Helper()
		settings := a.Survey.Settings
		settings.Quotas = quotas
		changeSurvey(t, db, a.Org, a.Survey.ID, store.SurveyChange{Settings: &settings})
		a = asked(t, db)
	}
	counts := func() (list []int) {
		t.Helper()
		all, err := assess.QuotaCounts(t.Context(), db, a.Org, a.Survey)
		if err != nil {
			t.Fatal(err)
		}
		for _, c := range all {
			list = append(list, c.Complete)
		}
		return list
	}
	full := func(n int) []goalpost.Quota {
		t.Helper()
		x, err := db.Answer(t.Context(), a.Org, a.Survey.ID, rid(n))
		if err != nil {
			t.Fatal(err)
		}
		list, err := a.FullQuotas(t.Context(), db, x)
		if err != nil {
			t.Fatal(err)
		}
		return list
	}
	const offers, news, both = `{"why":{"choices":["offers"]}}`, `{"why":{"choices":["news"]}}`, `{"why":{"choices":["offers","news"]}}`
	send(t, db, a, sentBy(a, 1, offers, true))
	send(t, db, a, sentBy(a, 2, offers, false)) // not complete: no place
	set(quota("offers", 2), quota("news", 5))
	if got := counts(); !slices.Equal(got, []int{1, 0}) {
		t.Fatalf("made after an answer: %v", got)
	}
	for i, c := range []struct {
		replies string
		want    goalpost.AnswerState
		counts  []int
	}{{both, goalpost.AnswerComplete, []int{2, 1}}, {both, goalpost.AnswerOverQuota, []int{2, 1}}, {offers, goalpost.AnswerOverQuota, []int{2, 1}}, {news, goalpost.AnswerComplete, []int{2, 2}}} {
		if r := send(t, db, a, sentBy(a, 10+i, c.replies, true)); r.State != c.want || !slices.Equal(counts(), c.counts) {
			t.Errorf("answer %d\ngot:  %s %v\nwant: %s %v", 10+i, r.State, counts(), c.want, c.counts)
		}
	}
	if got := full(11); !slices.Equal(got, []goalpost.Quota{quota("offers", 2)}) || full(10) != nil {
		t.Errorf("full: %v", got)
	}
	set(quota("offers", 3), quota("news", 5)) // a place more
	if got := counts(); !slices.Equal(got, []int{2, 2}) || len(full(11)) != 0 {
		t.Errorf("a place more: %v", got)
	}
	set(quota("news", 5))
	if err := a.EraseAnswer(t.Context(), db, rid(10)); err != nil { // both, while one quota is gone
		t.Fatal(err)
	}
	set(quota("news", 5), quota("offers", 1))
	if got := counts(); !slices.Equal(got, []int{1, 1}) {
		t.Errorf("erased: %v", got)
	}
	if r := send(t, db, a, sentBy(a, 20, offers, true)); r.State != goalpost.AnswerOverQuota {
		t.Errorf("full with what came before: %s", r.State)
	}
}
