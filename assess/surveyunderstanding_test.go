package assess_test

import (
	"context"
	"fmt"
	"math"
	"strings"
	"testing"
	"time"

	"goalpost"
	"goalpost/assess"
	"goalpost/gptest"
	"goalpost/store"
)

// believing is a survey whose team says what it believes.
type believing struct {
	t     *testing.T
	db    *store.DB
	org   goalpost.OrgID
	id    goalpost.SurveyID
	users []goalpost.User
}

var believedAt = time.Date(2026, 3, 1, 9, 0, 0, 0, time.UTC)

// newBelieving makes an open survey with seven things to guess, and three members.
func newBelieving(t *testing.T, sample goalpost.SampleKind) *believing {
	t.Helper()
	ctx := context.Background()
	b := &believing{t: t, db: gptest.Store(t)}
	org, err := b.db.CreateOrganisation(ctx, goalpost.Organisation{Name: "Harbour", Language: "en", TimeZone: "UTC", Currency: "EUR"})
	if err != nil {
		t.Fatal(err)
	}
	b.org = org.ID
	for _, name := range []string{"Ada", "Ben", "Cleo"} {
		u, err := b.db.CreateUser(ctx, b.org, goalpost.User{Name: name, CreatedAt: believedAt}, goalpost.RoleEditor)
		if err != nil {
			t.Fatal(err)
		}
		b.users = append(b.users, u)
	}
	text := func(s string) goalpost.Text { return goalpost.Text{"en": s} }
	wants := goalpost.SurveyQuestion{Question: goalpost.Question{Code: "wants", Type: goalpost.MultipleChoice, Wording: text("What do you want?")}}
	for _, o := range []string{"a", "b", "c", "d", "e"} {
		wants.Options = append(wants.Options, goalpost.Item{Code: o, Label: text(strings.ToUpper(o))})
	}
	order := goalpost.SurveyQuestion{Question: goalpost.Question{Code: "order", Type: goalpost.RankingQuestion, Wording: text("What comes first?"), Options: []goalpost.Item{{Code: "price", Label: text("Price")}, {Code: "look", Label: text("Look")}}}}
	nps := goalpost.SurveyQuestion{Question: goalpost.Question{Code: "nps", Type: goalpost.NPSQuestion, Wording: text("Recommend?")}}
	s, err := assess.CreateSurvey(ctx, b.db, b.org, assess.SurveyInput{Survey: goalpost.Survey{Slug: fmt.Sprint("wishes-", b.org), Form: goalpost.Form{Languages: []string{"en"}, Title: text("Wishes"), Questions: []goalpost.SurveyQuestion{wants, order, nps}},
		Settings: goalpost.SurveySettings{Address: goalpost.FormalAddress, Anonymous: true, Sample: sample, Study: "mine", Wave: "2026"}}, By: "Ada", Now: believedAt})
	if err != nil {
		t.Fatal(err)
	}
	b.id = s.ID
	open := goalpost.SurveyOpen
	if err := assess.ChangeSurvey(ctx, b.db, b.org, b.id, store.SurveyChange{Revision: 1, State: &open, By: "Ada", At: believedAt}); err != nil {
		t.Fatal(err)
	}
	return b
}

// say gives what a member believes: guess ± half for every item; a guess below 0 is no idea.
func (b *believing) say(member int, claims bool, half float64, guess ...float64) goalpost.BeliefSheet {
	b.t.Helper()
	s, err := b.db.Survey(context.Background(), b.org, b.id)
	if err != nil {
		b.t.Fatal(err)
	}
	in := assess.BeliefInput{Survey: b.id, User: b.users[member], Claims: &claims, Now: believedAt}
	for k, i := range s.Form.BeliefItems() {
		if guess[k] >= 0 {
			in.Beliefs = append(in.Beliefs, goalpost.Belief{BeliefItem: i, Guess: guess[k], Low: max(0, guess[k]-half), High: min(1, guess[k]+half)})
		}
	}
	sheet, err := assess.GiveBeliefs(context.Background(), b.db, b.org, in)
	if err != nil {
		b.t.Fatal(err)
	}
	return sheet
}

// answer lets n people answer: of ten, so many choose each option, put the price first, and
// give a nine.
func (b *believing) answer(n int, wants [5]int, price, nine int) {
	b.t.Helper()
	ctx := context.Background()
	a, err := assess.AskedByTeam(ctx, b.db, b.org, b.id)
	if err != nil {
		b.t.Fatal(err)
	}
	for i := range n {
		var chosen []string
		for k, of10 := range wants {
			if (i*7+k*3)%10 < of10 {
				chosen = append(chosen, fmt.Sprintf("%q", string(rune('a'+k))))
			}
		}
		first, grade := `"look","price"`, 5
		if (i*3+1)%10 < price {
			first = `"price","look"`
		}
		if (i*9+5)%10 < nine {
			grade = 9
		}
		raw := fmt.Sprintf(`{"wants":{"choices":[%s]},"order":{"choices":[%s]},"nps":{"number":%d}}`, strings.Join(chosen, ","), first, grade)
		in := assess.AnswerInput{ID: fmt.Sprintf("%08x-0000-4000-8000-%012x", i*7919, i), Secret: fmt.Sprint("resume-secret-", i), Rev: 1, Version: a.Survey.FormVersion, Raw: []byte(raw), Done: true,
			Page: a.SignPage(assess.SignedPage{Version: a.Survey.FormVersion, At: believedAt.Add(time.Hour)}), Language: "en", Device: goalpost.DevicePhone, Now: believedAt.Add(2 * time.Hour)}
		if _, err := a.SendAnswer(ctx, b.db, in); err != nil {
			b.t.Fatal(err)
		}
	}
}

func (b *believing) understanding() assess.SurveyUnderstanding {
	b.t.Helper()
	u, err := assess.UnderstandingOfSurvey(context.Background(), b.db, b.org, b.id, believedAt.AddDate(0, 0, 10))
	if err != nil {
		b.t.Fatal(err)
	}
	return u
}

var answered = [5]int{8, 6, 4, 2, 1}

// From closed over too few to a score: the one who knew scores higher than the one who was
// sure of something else, and who says "no idea" of all stands at 0.
func TestUnderstandingOfASurvey(t *testing.T) {
	b := newBelieving(t, goalpost.SampleSelfSelected)
	if u := b.understanding(); u.State != assess.UnderstandingClosed || len(u.Sheets) != 0 || len(u.Silent) != 3 {
		t.Errorf("at first: %s, %d sheets, %v", u.State, len(u.Sheets), u.Silent)
	}
	b.say(0, true, 0.1, 0.78, 0.62, 0.38, 0.22, 0.1, 0.7, 0.3)
	b.say(1, true, 0.02, 0.1, 0.2, 0.7, 0.8, 0.9, 0.1, 0.9)
	b.say(2, false, 0, -1, -1, -1, -1, -1, -1, -1)
	if u := b.understanding(); u.State != assess.UnderstandingClosed || len(u.Sheets) != 0 || len(u.Givers) != 3 || len(u.Silent) != 0 || u.Claim.Claiming+u.Claim.Denying != 0 {
		t.Errorf("before the first answer: %s, %d sheets, claims %d", u.State, len(u.Sheets), u.Claim.Claiming)
	}
	b.answer(20, answered, 7, 3)
	if u := b.understanding(); u.State != assess.UnderstandingFew || u.Report != nil || u.Base != 20 || len(u.Sheets) != 3 {
		t.Errorf("of 20: %s, %d", u.State, u.Base)
	}
	b.answer(200, answered, 7, 3) // the first 20 again: they count once
	u := b.understanding()
	if u.State != assess.UnderstandingScored || u.Base != 200 || len(u.Report.Members) != 3 || len(u.Scored) != 7 {
		t.Fatalf("%s, %d answers, %d items", u.State, u.Base, len(u.Scored))
	}
	good, sure, humble := u.Report.Members[0], u.Report.Members[1], u.Report.Members[2]
	if *good.Score < 80 || *sure.Score > 0 || *humble.Score != 0 || *good.Hi <= *good.Lo || *sure.Beside.RangeFactor < 5 || *u.Report.Ceiling <= *good.Shown-1e-9 {
		t.Errorf("scores: %v, %v, %v", *good.Score, *sure.Score, *humble.Score)
	}
	for k, i := range u.Report.Items {
		want := []float64{0.8, 0.6, 0.4, 0.2, 0.1, 0.7, 0.3}[k]
		if math.Abs(i.Answered-want) > 1e-9 || i.Lo >= want || i.Hi <= want {
			t.Errorf("%s answered\ngot:  %v (%v to %v)\nwant: %v", i.Item, i.Answered, i.Lo, i.Hi, want)
		}
	}
	far := u.Farthest()
	if d := math.Abs(*u.Report.Items[far[0]].Points); d < math.Abs(*u.Report.Items[far[1]].Points) || d < math.Abs(*u.Report.Items[far[6]].Points) {
		t.Errorf("not the farthest first: %v", far)
	}
	c := u.Claim
	if c.Claiming != 2 || c.Denying != 1 || c.Asked != 1 || c.Last.Complete != 200 || c.Last.Days != 10 || len(c.Trade) != 2 || *c.Trade[0].Published != 0.77 || *c.Trade[1].Published != 0.62 || *c.Change.Points > -10 || *c.MeanDenying != 0 {
		t.Errorf("claim: %+v, last %+v", c, c.Last)
	}
	if len(u.Waves) != 1 || u.Waves[0].Score == nil || u.Waves[0].Score.Value != *u.Report.Shown {
		t.Errorf("waves: %+v", u.Waves)
	}
}

// What was said after the first answer is shown and changes no score.
func TestLateBeliefIsNotScored(t *testing.T) {
	b := newBelieving(t, goalpost.SampleProbability)
	b.say(0, true, 0.1, 0.5, 0.5, 0.5, 0.5, 0.5, 0.5, 0.5)
	b.answer(100, answered, 7, 3)
	before := b.understanding()
	if late := b.say(1, true, 0.01, 0.8, 0.6, 0.4, 0.2, 0.1, 0.7, 0.3); !late.Late {
		t.Fatal("not late")
	}
	u := b.understanding()
	if len(u.Sheets) != 2 || len(u.Report.Members) != 1 || *u.Report.Score != *before.Report.Score || u.Claim.Claiming != 1 {
		t.Errorf("%d sheets, %d members, score %v, before %v", len(u.Sheets), len(u.Report.Members), *u.Report.Score, *before.Report.Score)
	}
}

// Nobody said it in time: no score, whatever is said later.
func TestNobodyBelievedInTime(t *testing.T) {
	b := newBelieving(t, goalpost.SampleProbability)
	b.answer(100, answered, 7, 3)
	b.say(0, true, 0.1, 0.8, 0.6, 0.4, 0.2, 0.1, 0.7, 0.3)
	if u := b.understanding(); u.State != assess.UnderstandingNoBeliefs || u.Report != nil || u.Claim.Claiming != 0 {
		t.Errorf("%s", u.State)
	}
}

// A question that is changed after it was guessed is not scored, and with fewer than six
// items left there is no score.
func TestChangedQuestionIsNotScored(t *testing.T) {
	ctx := context.Background()
	for _, c := range []struct {
		question int
		state    assess.UnderstandingState
		items    int
	}{{2, assess.UnderstandingScored, 6}, {0, assess.UnderstandingItems, 2}} {
		b := newBelieving(t, goalpost.SampleList)
		b.say(0, true, 0.1, 0.8, 0.6, 0.4, 0.2, 0.1, 0.7, 0.3)
		s, err := b.db.Survey(ctx, b.org, b.id)
		if err != nil {
			t.Fatal(err)
		}
		s.Form.Questions[c.question].Wording = goalpost.Text{"en": "Something else?"}
		if err := assess.ChangeSurvey(ctx, b.db, b.org, b.id, store.SurveyChange{Revision: s.Revision, Form: &s.Form, By: "Ada", At: believedAt}); err != nil {
			t.Fatal(err)
		}
		view, err := assess.Beliefs(ctx, b.db, b.org, b.id, b.users[0].ID)
		if err != nil || len(view.Changed) != 7-c.items {
			t.Errorf("the member is told of %v %v", view.Changed, err)
		}
		b.answer(100, answered, 7, 3)
		u := b.understanding()
		if u.State != c.state || len(u.Report.Items) != c.items || len(u.Changed) != 7-c.items || (u.Report.Score != nil) != (c.state == assess.UnderstandingScored) {
			t.Errorf("question %d: %s, %d items, %d changed", c.question, u.State, len(u.Report.Items), len(u.Changed))
		}
	}
}

// Only members say it, once, and as the survey is now.
func TestGiveBeliefsRefuses(t *testing.T) {
	b := newBelieving(t, goalpost.SampleList)
	ctx := context.Background()
	yes := true
	for name, c := range map[string]struct {
		in   assess.BeliefInput
		kind goalpost.ErrorKind
	}{
		"a stranger":       {assess.BeliefInput{User: goalpost.User{ID: 99, Name: "Eve"}, Claims: &yes}, goalpost.Forbidden},
		"nobody":           {assess.BeliefInput{Claims: &yes}, goalpost.Forbidden},
		"another revision": {assess.BeliefInput{User: b.users[0], Claims: &yes, Revision: 1}, goalpost.Conflict},
		"nothing":          {assess.BeliefInput{User: b.users[0]}, goalpost.Invalid},
	} {
		c.in.Survey, c.in.Now = b.id, believedAt
		if _, err := assess.GiveBeliefs(ctx, b.db, b.org, c.in); !goalpost.IsKind(err, c.kind) {
			t.Errorf("%s\ngot:  %v\nwant: %v", name, err, c.kind)
		}
	}
	b.say(0, true, 0.1, 0.8, 0.6, 0.4, 0.2, 0.1, 0.7, 0.3)
	if _, err := assess.GiveBeliefs(ctx, b.db, b.org, assess.BeliefInput{Survey: b.id, User: b.users[0], Claims: &yes, Now: believedAt}); !goalpost.IsKind(err, goalpost.Conflict) {
		t.Errorf("twice: %v", err)
	}
}

// Ranges about the size of the survey's own uncertainty hold the score of a team that knew
// all in most samples, and the ceiling is not passed by what is shown.
func TestShownScoreStaysBelowTheCeiling(t *testing.T) {
	b := newBelieving(t, goalpost.SampleProbability)
	b.say(0, true, 0.001, 0.8, 0.6, 0.4, 0.2, 0.1, 0.7, 0.3)
	b.answer(40, answered, 7, 3)
	r := b.understanding().Report
	if *r.Score < *r.Ceiling-1e-9 || *r.Shown > *r.Ceiling || *r.Ceiling > 95 || *r.Ceiling < 70 {
		t.Errorf("score %v, shown %v, ceiling %v", *r.Score, *r.Shown, *r.Ceiling)
	}
}
