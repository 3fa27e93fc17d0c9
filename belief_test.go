package goalpost_test

import (
	"errors"
	"math"
	"strings"
	"testing"
	"time"

	"goalpost"
)

// guessable is a form with questions of all types.
func guessable() goalpost.Form {
	text := func(s string) goalpost.Text { return goalpost.Text{"en": s} }
	ask := func(code string, of goalpost.QuestionType, options ...goalpost.Item) goalpost.SurveyQuestion {
		return goalpost.SurveyQuestion{Question: goalpost.Question{Code: code, Version: 1, Type: of, Wording: text(code + "?"), Options: options}}
	}
	item := func(code string, role goalpost.ItemRole) goalpost.Item {
		return goalpost.Item{Code: code, Label: text(code), Role: role}
	}
	stars, short := ask("stars", goalpost.ScaleQuestion, item("dk", goalpost.RoleDontKnow)), ask("short", goalpost.ScaleQuestion)
	stars.Scale, short.Scale = &goalpost.Scale{Low: 1, High: 5}, &goalpost.Scale{Low: 0, High: 2}
	return goalpost.Form{Languages: []string{"en"}, Title: text("Wishes"), Questions: []goalpost.SurveyQuestion{
		ask("why", goalpost.SingleChoice, item("offers", ""), item("news", ""), item("else", goalpost.RoleOther), item("dk", goalpost.RoleDontKnow)),
		ask("fan", goalpost.SingleChoice, item("yes", ""), item("no", ""), item("na", goalpost.RoleNoOpinion)),
		ask("wants", goalpost.MultipleChoice, item("shoes", ""), item("hats", ""), item("none", goalpost.RoleNone)),
		ask("order", goalpost.RankingQuestion, item("price", ""), item("look", ""), item("speed", "")),
		stars, short, ask("nps", goalpost.NPSQuestion), ask("pairs", goalpost.NumberQuestion), ask("more", goalpost.TextQuestion), ask("agree", goalpost.ConsentQuestion)}}
}

func TestBeliefItems(t *testing.T) {
	var keys []string
	for _, i := range guessable().BeliefItems() {
		keys = append(keys, i.Key())
	}
	want := "why.offers why.news why.else fan.yes wants.shoes wants.hats wants.none order.price order.look order.speed stars.4 short.2 nps.9"
	if got := strings.Join(keys, " "); got != want {
		t.Errorf("\ngot:  %s\nwant: %s", got, want)
	}
}

// wholeSheet believes a half of everything.
func wholeSheet(f goalpost.Form) goalpost.BeliefSheet {
	s := goalpost.BeliefSheet{Survey: 3, User: 7, By: "Ada", FormVersion: 1, MadeAt: time.Date(2026, 3, 1, 9, 0, 0, 0, time.UTC)}
	for _, i := range f.BeliefItems() {
		s.Beliefs = append(s.Beliefs, goalpost.Belief{BeliefItem: i, Guess: 0.5, Low: 0.4, High: 0.6})
	}
	for _, q := range f.Questions {
		if len(q.BeliefItems()) > 0 {
			s.Asked = append(s.Asked, q)
		}
	}
	return s
}

func TestBeliefSheetRefuses(t *testing.T) {
	f := guessable()
	if err := wholeSheet(f).Check(f); err != nil {
		t.Fatal(err)
	}
	for name, c := range map[string]struct {
		change     func(*goalpost.BeliefSheet)
		key, field string
	}{
		"above 100":      {func(s *goalpost.BeliefSheet) { s.Beliefs[0].High = 1.01 }, "share", "why.offers.high"},
		"below 0":        {func(s *goalpost.BeliefSheet) { s.Beliefs[0].Low = -0.01 }, "share", "why.offers.low"},
		"no number":      {func(s *goalpost.BeliefSheet) { s.Beliefs[1].Guess = math.NaN() }, "share", "why.news.guess"},
		"low above":      {func(s *goalpost.BeliefSheet) { s.Beliefs[2].Low = 0.55 }, "low", "why.else.low"},
		"high below":     {func(s *goalpost.BeliefSheet) { s.Beliefs[3].High = 0.45 }, "high", "fan.yes.high"},
		"number and not": {func(s *goalpost.BeliefSheet) { s.Beliefs[4].NoIdea = true }, "both", "wants.shoes"},
		"missing":        {func(s *goalpost.BeliefSheet) { s.Beliefs = s.Beliefs[:12] }, "missing", "nps.9"},
		"twice":          {func(s *goalpost.BeliefSheet) { s.Beliefs = append(s.Beliefs, s.Beliefs[0]) }, "twice", "why.offers"},
		"unknown": {func(s *goalpost.BeliefSheet) {
			s.Beliefs = append(s.Beliefs, goalpost.Belief{BeliefItem: goalpost.BeliefItem{Question: "why", Option: "dk"}, NoIdea: true})
		}, "unknown", "why.dk"},
		"nothing": {func(s *goalpost.BeliefSheet) {
			for i := range s.Beliefs {
				s.Beliefs[i] = goalpost.Belief{BeliefItem: s.Beliefs[i].BeliefItem, NoIdea: true}
			}
		}, "nothing", ""},
	} {
		t.Run(name, func(t *testing.T) {
			s := wholeSheet(f)
			c.change(&s)
			err := s.Check(f)
			e, ok := errors.AsType[*goalpost.Error](err)
			if !ok || e.Key != "error.belief."+c.key || e.Field != c.field {
				t.Errorf("\ngot:  %v\nwant: %s of %s", err, c.key, c.field)
			}
		})
	}
}

// What is kept tells when a letter of it was changed.
func TestSealedBelief(t *testing.T) {
	s, body, err := wholeSheet(guessable()).Seal()
	if err != nil || len(s.SHA256) != 64 {
		t.Fatal(s.SHA256, err)
	}
	back, err := goalpost.UnsealBelief(body, s.SHA256)
	if err != nil || back.Broken || back.SHA256 != s.SHA256 || back.Beliefs[0].Guess != 0.5 || back.By != "Ada" {
		t.Errorf("%+v %v", back, err)
	}
	changed := strings.Replace(string(body), `"guess":0.5`, `"guess":0.6`, 1)
	if back, err := goalpost.UnsealBelief([]byte(changed), s.SHA256); err != nil || !back.Broken {
		t.Errorf("a changed belief is not noticed: %v", err)
	}
}

// A belief counts for the question that it was about: not after its words were changed, and
// still where a person declared that it asks the same.
func TestBeliefAboutAChangedQuestion(t *testing.T) {
	f := guessable()
	s, item := wholeSheet(f), f.BeliefItems()[0]
	for name, c := range map[string]struct {
		change func(*goalpost.Form)
		counts bool
	}{
		"as it was":        {func(*goalpost.Form) {}, true},
		"help":             {func(f *goalpost.Form) { f.Questions[0].Help = goalpost.Text{"en": "One."} }, true},
		"another question": {func(f *goalpost.Form) { f.Questions[1].Wording = goalpost.Text{"en": "Fan of us?"} }, true},
		"wording, a draft": {func(f *goalpost.Form) { f.Questions[0].Wording = goalpost.Text{"en": "Why not?"} }, false},
		"one more option": {func(f *goalpost.Form) {
			f.Questions[0].Options = append(f.Questions[0].Options, goalpost.Item{Code: "fun"})
		}, false},
		"a new version":    {func(f *goalpost.Form) { f.Questions[0].Version = 2 }, false},
		"question is gone": {func(f *goalpost.Form) { f.Questions = f.Questions[1:] }, false},
		"declared the same": {func(f *goalpost.Form) {
			f.Questions[0].Wording, f.Kept = goalpost.Text{"en": "Why do you?"}, []goalpost.KeptTrend{{Question: "why", Version: 2}}
		}, true},
		"declared before": {func(f *goalpost.Form) {
			f.Questions[0].Wording, f.Kept = goalpost.Text{"en": "Why do you?"}, []goalpost.KeptTrend{{Question: "why", Version: 1}}
		}, false},
	} {
		t.Run(name, func(t *testing.T) {
			now := guessable()
			c.change(&now)
			if _, counts := s.Belief(item, now); counts != c.counts {
				t.Errorf("got:  %v\nwant: %v", counts, c.counts)
			}
		})
	}
}
