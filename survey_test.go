package goalpost_test

import (
	"encoding/json"
	"errors"
	"reflect"
	"slices"
	"strings"
	"testing"
	"time"

	"goalpost"
)

func number(v float64) *float64 { return &v }

// wishes is a form with every type of question, a condition and two languages.
func wishes() goalpost.Form {
	text := func(en, de string) goalpost.Text { return goalpost.Text{"en": en, "de": de} }
	question := func(code string, kind goalpost.QuestionType, en, de string) goalpost.SurveyQuestion {
		return goalpost.SurveyQuestion{Question: goalpost.Question{Code: code, Version: 1, Type: kind, Wording: text(en, de)}}
	}
	why := question("why", goalpost.MultipleChoice, "Why do you follow us?", "Warum folgen Sie uns?")
	why.Options = []goalpost.Item{{Code: "offers", Label: text("Offers", "Angebote")}, {Code: "news", Label: text("News", "Neues")}, {Code: "fun", Label: text("Fun", "Spaß")},
		{Code: "else", Label: text("Something else", "Etwas anderes"), Role: goalpost.RoleOther}, {Code: "nothing", Label: text("None of these", "Nichts davon"), Role: goalpost.RoleNone}}
	why.Shuffle, why.Required, why.Max = true, true, number(2)
	nps := question("nps", goalpost.NPSQuestion, "Would you recommend us?", "Würden Sie uns empfehlen?")
	less := question("less", goalpost.TextQuestion, "What is missing?", "Was fehlt?")
	less.Long, less.ShowIf = true, &goalpost.Condition{Rules: []goalpost.Rule{{Question: "nps", Max: number(6)}}}
	stars := question("stars", goalpost.ScaleQuestion, "How do you like our videos?", "Wie gefallen Ihnen unsere Videos?")
	stars.Scale = &goalpost.Scale{Low: 1, High: 5, Look: goalpost.LookStars}
	stars.Options = []goalpost.Item{{Code: "dk", Label: text("Don’t know", "Weiß nicht"), Role: goalpost.RoleDontKnow}}
	hours := question("hours", goalpost.NumberQuestion, "Hours a week?", "Stunden pro Woche?")
	hours.Min, hours.Max, hours.Decimals = number(0), number(168), 1
	first := question("first", goalpost.RankingQuestion, "What first?", "Was zuerst?")
	first.Options = []goalpost.Item{{Code: "app", Label: text("App", "App")}, {Code: "shop", Label: text("Shop", "Laden")}}
	channel := question("channel", goalpost.SingleChoice, "Where did you meet us?", "Wo sind Sie auf uns gestoßen?")
	channel.Options = []goalpost.Item{{Code: "ig", Label: text("Instagram", "Instagram")}, {Code: "shop", Label: text("In a shop", "Im Laden")}}
	channel.NewPage = true
	agree := question("agree", goalpost.ConsentQuestion, "You may quote me.", "Sie dürfen mich zitieren.")
	agree.ShowIf = &goalpost.Condition{Rules: []goalpost.Rule{{Question: "less", Answered: true}}}
	return goalpost.Form{Languages: []string{"en", "de"}, Title: text("Your wishes", "Ihre Wünsche"), Intro: text("Two minutes.", "Zwei Minuten."),
		Questions: []goalpost.SurveyQuestion{why, nps, less, stars, hours, first, channel, agree}}
}

func settings() goalpost.SurveySettings {
	return goalpost.SurveySettings{Address: goalpost.FormalAddress, Anonymous: true, Sample: goalpost.SampleSelfSelected,
		Channels: []goalpost.Channel{{Code: "ig", Network: goalpost.Instagram}}, Quotas: []goalpost.Quota{{Question: "channel", Option: "ig", Limit: 100}}}
}

func TestSurveyCheck(t *testing.T) {
	good := goalpost.Survey{Slug: "wishes", Form: wishes(), Settings: settings()}
	if err := good.Check(); err != nil {
		t.Fatal(err)
	}
	for name, c := range map[string]struct {
		change func(*goalpost.Survey)
		key    string
		field  string
	}{
		"address":        {func(s *goalpost.Survey) { s.Slug = "Wishes!" }, "slug", "slug"},
		"no language":    {func(s *goalpost.Survey) { s.Form.Languages = nil }, "languages", "languages"},
		"code twice":     {func(s *goalpost.Survey) { s.Form.Questions[1].Code = "why" }, "twice", "questions[1].code"},
		"no wording":     {func(s *goalpost.Survey) { delete(s.Form.Questions[0].Wording, "en") }, "text-missing", "questions[0].wording"},
		"other language": {func(s *goalpost.Survey) { s.Form.Title["fr"] = "Vœux" }, "text-language", "title"},
		"later question": {func(s *goalpost.Survey) { s.Form.Questions[2].ShowIf.Rules[0].Question = "hours" }, "rule-question", "questions[2].show_if.rules[0].question"},
		"no such option": {func(s *goalpost.Survey) {
			s.Form.Questions[2].ShowIf.Rules[0] = goalpost.Rule{Question: "why", Is: []string{"gone"}}
		}, "rule-option", "questions[2].show_if.rules[0].is"},
		"number of a choice": {func(s *goalpost.Survey) { s.Form.Questions[2].ShowIf.Rules[0].Question = "why" }, "rule-number", "questions[2].show_if.rules[0].min"},
		"one option":         {func(s *goalpost.Survey) { s.Form.Questions[5].Options = s.Form.Questions[5].Options[:1] }, "options-few", "questions[5].options"},
		"grades":             {func(s *goalpost.Survey) { s.Form.Questions[3].Scale.High = 1 }, "grades", "questions[3].scale"},
		"quota":              {func(s *goalpost.Survey) { s.Settings.Quotas[0].Option = "tv" }, "quota-option", "quotas[0].option"},
		"reserved channel":   {func(s *goalpost.Survey) { s.Settings.Channels[0].Code = "receipt" }, "channel", "channels[0].code"},
		"frame":              {func(s *goalpost.Survey) { s.Settings.Frames = []string{"https://a.org; script-src *"} }, "frame", "frames[0]"},
		"dates":              {func(s *goalpost.Survey) { s.Settings.OpensAt, s.Settings.ClosesAt = time.Unix(9, 0), time.Unix(8, 0) }, "dates", "closes_at"},
		"consent":            {func(s *goalpost.Survey) { s.Settings.Prize = true }, "consent", "consent"},
		"consent to results": {func(s *goalpost.Survey) { s.Settings.Results = true }, "consent", "consent"},
		"grades below zero":  {func(s *goalpost.Survey) { s.Form.Questions[3].Scale.Low = -1 }, "grades", "questions[3].scale"},
		"two others": {func(s *goalpost.Survey) {
			for i := range s.Form.Questions[0].Options {
				s.Form.Questions[0].Options[i].Role = goalpost.RoleOther
			}
		}, "one-other", "questions[0].options[1].role"},
		"other in a ranking": {func(s *goalpost.Survey) { s.Form.Questions[5].Options[0].Role = goalpost.RoleOther }, "ranking-other", "questions[5].options"},
		"no rule":            {func(s *goalpost.Survey) { s.Form.Questions[2].ShowIf.Rules[0] = goalpost.Rule{Question: "nps"} }, "rule-kind", "questions[2].show_if.rules[0].is"},
		"two rules in one": {func(s *goalpost.Survey) {
			s.Form.Questions[2].ShowIf.Rules[0] = goalpost.Rule{Question: "nps", Max: number(6), Answered: true}
		}, "rule-kind", "questions[2].show_if.rules[0].is"},
		"quota twice":      {func(s *goalpost.Survey) { s.Settings.Quotas = append(s.Settings.Quotas, s.Settings.Quotas[0]) }, "quota-twice", "quotas[1].option"},
		"quota of nothing": {func(s *goalpost.Survey) { s.Settings.Quotas[0].Limit = 0 }, "count", "quotas[0].limit"},
	} {
		t.Run(name, func(t *testing.T) {
			bad := goalpost.Survey{Slug: "wishes", Form: wishes(), Settings: settings()}
			c.change(&bad)
			e, ok := errors.AsType[*goalpost.Error](bad.Check())
			if !ok || e.Key != "error.survey."+c.key || e.Field != c.field {
				t.Errorf("got:  %v\nwant: %s at %s", e, c.key, c.field)
			}
		})
	}
}

func TestShown(t *testing.T) {
	f := wishes()
	shown := func(replies map[string]goalpost.QuestionReply) string {
		var list []string
		for i, on := range f.Shown(replies) {
			if on {
				list = append(list, f.Questions[i].Code)
			}
		}
		return strings.Join(list, " ")
	}
	less := goalpost.QuestionReply{Text: "Shade"}
	for want, replies := range map[string]map[string]goalpost.QuestionReply{
		"why nps stars hours first channel":            {},
		"why nps less stars hours first channel":       {"nps": {Number: number(6)}},
		"why nps less stars hours first channel agree": {"nps": {Number: number(0)}, "less": less},
	} {
		if got := shown(replies); got != want {
			t.Errorf("got:  %s\nwant: %s", got, want)
		}
	}
	// "Not" asks those who answered, and nobody else.
	f.Questions[2].ShowIf = &goalpost.Condition{Rules: []goalpost.Rule{{Question: "why", Not: []string{"offers"}}}}
	for choice, want := range map[string]bool{"": false, "offers": false, "news": true} {
		r := goalpost.QuestionReply{}
		if choice != "" {
			r.Choices = []string{choice}
		}
		if got := f.Shown(map[string]goalpost.QuestionReply{"why": r})[2]; got != want {
			t.Errorf("not offers, after %q: %v", choice, got)
		}
	}
	f = wishes()
	// What was answered to a question that is no longer asked opens no other one.
	if got := shown(map[string]goalpost.QuestionReply{"nps": {Number: number(9)}, "less": less}); strings.Contains(got, "agree") {
		t.Errorf("asked after a hidden reply: %s", got)
	}
}

func TestProblems(t *testing.T) {
	f := wishes()
	for name, c := range map[string]struct {
		reply goalpost.QuestionReply
		code  string
		key   string // empty: nothing is wrong
	}{
		"fits":             {goalpost.QuestionReply{Choices: []string{"offers", "else"}, Text: "the dogs"}, "why", ""},
		"too many":         {goalpost.QuestionReply{Choices: []string{"offers", "news", "fun"}}, "why", "at-most"},
		"none and another": {goalpost.QuestionReply{Choices: []string{"nothing", "fun"}}, "why", "alone"},
		"unknown":          {goalpost.QuestionReply{Choices: []string{"tv"}}, "why", "option"},
		"twice":            {goalpost.QuestionReply{Choices: []string{"fun", "fun"}}, "why", "option"},
		"text without":     {goalpost.QuestionReply{Choices: []string{"fun"}, Text: "dogs"}, "why", "text"},
		"grade":            {goalpost.QuestionReply{Number: number(5)}, "stars", ""},
		"no grade":         {goalpost.QuestionReply{Number: number(6)}, "stars", "between"},
		"half a grade":     {goalpost.QuestionReply{Number: number(2.5)}, "stars", "decimals"},
		"don't know":       {goalpost.QuestionReply{Choices: []string{"dk"}}, "stars", ""},
		"know and don't":   {goalpost.QuestionReply{Choices: []string{"dk"}, Number: number(3)}, "stars", "alone"},
		"decimals":         {goalpost.QuestionReply{Number: number(2.5)}, "hours", ""},
		"hardly a decimal": {goalpost.QuestionReply{Number: number(2.501)}, "hours", "decimals"},
		"more decimals":    {goalpost.QuestionReply{Number: number(2.55)}, "hours", "decimals"},
		"one of two":       {goalpost.QuestionReply{Choices: []string{"ig", "shop"}}, "channel", "one"},
		"long":             {goalpost.QuestionReply{Text: strings.Repeat("ö", goalpost.MaxLongText+1)}, "less", "long"},
		"hidden":           {goalpost.QuestionReply{Text: "a\x00b"}, "less", "control"},
		"ranking":          {goalpost.QuestionReply{Choices: []string{"shop", "app"}}, "first", ""},
		"text for number":  {goalpost.QuestionReply{Text: "many"}, "hours", "number"},
	} {
		t.Run(name, func(t *testing.T) {
			got := f.Problems(map[string]goalpost.QuestionReply{"nps": {Number: number(3)}, c.code: c.reply}, false)
			switch {
			case c.key == "" && len(got) > 0:
				t.Errorf("%v", got[0].Err)
			case c.key != "" && (len(got) != 1 || got[0].Err.Key != "error.answer."+c.key || got[0].Question != c.code):
				t.Errorf("got:  %v\nwant: %s", got, c.key)
			}
		})
	}
	if got := f.Problems(nil, true); len(got) != 1 || got[0].Err.Key != "error.answer.missing" {
		t.Errorf("what is missing: %v", got)
	}
	stars, _ := f.Question("stars")
	if stars.Counts(goalpost.QuestionReply{Choices: []string{"dk"}}) || !stars.Counts(goalpost.QuestionReply{Number: number(1)}) {
		t.Error("don't know belongs to the base")
	}
}

// A question keeps its trend while it asks the same, also after a detour.
func TestTrend(t *testing.T) {
	versions := func(f goalpost.Form) (list []int) {
		for _, q := range f.Questions {
			list = append(list, q.Version)
		}
		return list
	}
	first := wishes().After(nil, 1, nil, "Ada")
	second := wishes()
	second.Questions[0].Wording["de"] = "Weshalb folgen Sie uns?"
	second.Questions[1].Help = goalpost.Text{"en": "0 is not at all", "de": "0 ist gar nicht"}
	second.Languages = append(second.Languages, "fr")
	second.Questions[2].Wording["fr"] = "Que manque-t-il ?"
	second = second.After([]goalpost.Form{first}, 2, nil, "Ada")
	if got := versions(second); !slices.Equal(got, []int{2, 1, 1, 1, 1, 1, 1, 1}) {
		t.Errorf("a changed wording: %v", got)
	}
	third := wishes().After([]goalpost.Form{first, second}, 3, nil, "Ada")
	if got := versions(third); got[0] != 1 {
		t.Errorf("back to the first wording: version %d", got[0])
	}
	kept := wishes()
	kept.Questions[0].Wording["de"] = "Weshalb folgen Sie uns?"
	kept = kept.After([]goalpost.Form{first}, 2, []string{"why", "nps"}, "Ada")
	if want := []goalpost.KeptTrend{{Question: "why", Version: 2, By: "Ada"}}; versions(kept)[0] != 1 || !slices.Equal(kept.Kept, want) {
		t.Errorf("declared the same: %v, %v", versions(kept), kept.Kept)
	}
}

// What breaks a trend, and what does not.
func TestChanges(t *testing.T) {
	scale := func(low, high int, look goalpost.ScaleLook) *goalpost.Scale {
		return &goalpost.Scale{Low: low, High: high, Look: look, Labels: []goalpost.Text{{"en": "bad"}, {"en": "good"}}}
	}
	q := goalpost.SurveyQuestion{Question: goalpost.Question{Code: "q", Type: goalpost.ScaleQuestion, Wording: goalpost.Text{"en": "How?"}}, Scale: scale(1, 5, goalpost.LookGrades), Unit: goalpost.Text{"en": "h"}}
	for name, c := range map[string]struct {
		change func(*goalpost.SurveyQuestion)
		want   string
	}{
		"nothing":       {func(*goalpost.SurveyQuestion) {}, ""},
		"spaces":        {func(q *goalpost.SurveyQuestion) { q.Wording = goalpost.Text{"en": " How? "} }, ""},
		"a translation": {func(q *goalpost.SurveyQuestion) { q.Wording = goalpost.Text{"en": "How?", "de": "Wie?"} }, ""},
		"help":          {func(q *goalpost.SurveyQuestion) { q.Help = goalpost.Text{"en": "Any"} }, ""},
		"wording":       {func(q *goalpost.SurveyQuestion) { q.Wording = goalpost.Text{"en": "How much?"} }, "wording"},
		"look":          {func(q *goalpost.SurveyQuestion) { q.Scale = scale(1, 5, goalpost.LookStars) }, "scale"},
		"grades":        {func(q *goalpost.SurveyQuestion) { q.Scale = scale(1, 7, goalpost.LookGrades) }, "scale"},
		"lowest":        {func(q *goalpost.SurveyQuestion) { q.Scale = scale(0, 5, goalpost.LookGrades) }, "scale"},
		"label":         {func(q *goalpost.SurveyQuestion) { q.Scale.Labels[1] = goalpost.Text{"en": "very good"} }, "scale"},
		"unit":          {func(q *goalpost.SurveyQuestion) { q.Unit = goalpost.Text{"en": "min"} }, "scale"},
		"type":          {func(q *goalpost.SurveyQuestion) { q.Type, q.Scale = goalpost.NPSQuestion, nil }, "type scale"},
		"option":        {func(q *goalpost.SurveyQuestion) { q.Options = []goalpost.Item{{Code: "dk"}} }, "options"},
		"asked of fewer": {func(q *goalpost.SurveyQuestion) {
			q.ShowIf = &goalpost.Condition{Rules: []goalpost.Rule{{Question: "p", Answered: true}}}
		}, "base"},
		"an empty filter": {func(q *goalpost.SurveyQuestion) { q.ShowIf = &goalpost.Condition{} }, ""},
	} {
		next := q
		next.Scale = scale(1, 5, goalpost.LookGrades)
		c.change(&next)
		if got := strings.Join(next.Changes(q), " "); got != c.want || next.Same(q) != (c.want == "") {
			t.Errorf("%s\ngot:  %q\nwant: %q", name, got, c.want)
		}
	}
	// A question of a form from before there were versions counts as the first.
	old := goalpost.Form{Questions: []goalpost.SurveyQuestion{q}}
	next := q
	next.Wording = goalpost.Text{"en": "How much?"}
	if got := (goalpost.Form{Questions: []goalpost.SurveyQuestion{next}}).After([]goalpost.Form{old}, 2, nil, "Ada").Questions[0].Version; got != 2 {
		t.Errorf("after one without a version: %d", got)
	}
}

// A survey ends on its date, or before when somebody closes it.
func TestEnded(t *testing.T) {
	date, hour := time.Date(2026, 3, 15, 10, 0, 0, 0, time.UTC), time.Hour
	for name, c := range map[string]struct {
		closes, closed time.Time
		state          goalpost.SurveyState
		now, want      time.Time // zero: it goes on
	}{
		"open for ever":       {state: goalpost.SurveyOpen, now: date},
		"before its date":     {closes: date, state: goalpost.SurveyOpen, now: date.Add(-1)},
		"on its date":         {closes: date, state: goalpost.SurveyOpen, now: date, want: date},
		"closed by hand":      {closed: date, state: goalpost.SurveyClosed, now: date.Add(hour), want: date},
		"closed before":       {closes: date, closed: date.Add(-hour), state: goalpost.SurveyClosed, now: date.Add(hour), want: date.Add(-hour)},
		"closed after":        {closes: date, closed: date.Add(hour), state: goalpost.SurveyClosed, now: date.Add(2 * hour), want: date},
		"paused after a date": {closes: date, state: goalpost.SurveyPaused, now: date.Add(hour), want: date},
	} {
		s := goalpost.Survey{State: c.state, ClosedAt: c.closed, Settings: goalpost.SurveySettings{ClosesAt: c.closes}}
		at, ended := s.Ended(c.now)
		if ended == c.want.IsZero() || ended && !at.Equal(c.want) {
			t.Errorf("%s\ngot:  %v %v\nwant: %v", name, at, ended, c.want)
		}
	}
}

// A copy has everything of the survey but what belongs to its own time, and shares nothing
// with it that a change could reach.
func TestSurveyCopy(t *testing.T) {
	s := goalpost.Survey{ID: 3, Slug: "wishes", State: goalpost.SurveyClosed, FormVersion: 2, SettingVersion: 4, Revision: 9, Answered: true, CreatedAt: time.Unix(5, 0), By: "Ada"}
	fill(reflect.ValueOf(&s.Form).Elem())
	fill(reflect.ValueOf(&s.Settings).Elem())
	before, err := json.Marshal(s)
	if err != nil {
		t.Fatal(err)
	}
	c := s.Copy("again")
	if c.ID != 0 || c.Slug != "again" || c.State != goalpost.SurveyDraft || c.Revision != 0 || c.Answered {
		t.Errorf("%+v", c)
	}
	left := map[string]bool{"Form.Kept": true, "Settings.OpensAt": true, "Settings.ClosesAt": true, "Settings.Wave": true}
	for _, part := range []struct {
		name      string
		was, copy any
	}{{"Form", s.Form, c.Form}, {"Settings", s.Settings, c.Settings}} {
		was, is := reflect.ValueOf(part.was), reflect.ValueOf(part.copy)
		for i := range was.NumField() {
			name := part.name + "." + was.Type().Field(i).Name
			if was.Field(i).IsZero() {
				t.Fatalf("the test fills no %s", name)
			}
			if left[name] != is.Field(i).IsZero() || (!left[name] && !reflect.DeepEqual(was.Field(i).Interface(), is.Field(i).Interface())) {
				t.Errorf("%s\nwas:  %v\ncopy: %v", name, was.Field(i), is.Field(i))
			}
		}
	}
	spoil(reflect.ValueOf(&c.Form).Elem())
	spoil(reflect.ValueOf(&c.Settings).Elem())
	if after, err := json.Marshal(s); err != nil || string(after) != string(before) {
		t.Errorf("a change of the copy reached the survey:\nwas: %s\nis:  %s %v", before, after, err)
	}
}

// fill gives every field below a value.
func fill(v reflect.Value) {
	if v.Type() == reflect.TypeFor[time.Time]() {
		v.Set(reflect.ValueOf(time.Unix(1_700_000_000, 0).UTC()))
		return
	}
	switch v.Kind() {
	case reflect.Struct:
		for i := range v.NumField() {
			fill(v.Field(i))
		}
	case reflect.Slice:
		v.Set(reflect.MakeSlice(v.Type(), 2, 2))
		for i := range v.Len() {
			fill(v.Index(i))
		}
	case reflect.Map:
		v.Set(reflect.MakeMap(v.Type()))
		v.SetMapIndex(reflect.ValueOf("en").Convert(v.Type().Key()), reflect.ValueOf("text").Convert(v.Type().Elem()))
	case reflect.Pointer:
		v.Set(reflect.New(v.Type().Elem()))
		fill(v.Elem())
	case reflect.String:
		v.SetString("text")
	case reflect.Bool:
		v.SetBool(true)
	case reflect.Int, reflect.Int64:
		v.SetInt(7)
	case reflect.Float64:
		v.SetFloat(7)
	}
}

// spoil changes everything that lies behind a pointer, a map or a slice.
func spoil(v reflect.Value) {
	switch v.Kind() {
	case reflect.Struct:
		for i := range v.NumField() {
			if v.Type() != reflect.TypeFor[time.Time]() {
				spoil(v.Field(i))
			}
		}
	case reflect.Slice:
		for i := range v.Len() {
			spoil(v.Index(i))
			v.Index(i).SetZero()
		}
	case reflect.Map:
		for _, k := range v.MapKeys() {
			v.SetMapIndex(k, reflect.Value{})
		}
	case reflect.Pointer:
		if !v.IsNil() {
			spoil(v.Elem())
			v.Elem().SetZero()
		}
	}
}

func TestPhase(t *testing.T) {
	at := time.Date(2026, 3, 15, 10, 0, 0, 0, time.UTC)
	hour := func(h int) time.Time { return at.Add(time.Duration(h) * time.Hour) }
	for name, c := range map[string]struct {
		state       goalpost.SurveyState
		opens, ends time.Time
		want        goalpost.SurveyPhase
	}{
		"draft":        {goalpost.SurveyDraft, time.Time{}, hour(-1), goalpost.PhaseDraft},
		"open":         {goalpost.SurveyOpen, time.Time{}, time.Time{}, goalpost.PhaseOpen},
		"before":       {goalpost.SurveyOpen, hour(1), time.Time{}, goalpost.PhaseWaiting},
		"from now":     {goalpost.SurveyOpen, hour(0), hour(1), goalpost.PhaseOpen},
		"until now":    {goalpost.SurveyOpen, time.Time{}, hour(0), goalpost.PhaseClosed},
		"paused":       {goalpost.SurveyPaused, time.Time{}, time.Time{}, goalpost.PhasePaused},
		"paused, over": {goalpost.SurveyPaused, time.Time{}, hour(-1), goalpost.PhaseClosed},
		"closed":       {goalpost.SurveyClosed, time.Time{}, hour(5), goalpost.PhaseClosed},
	} {
		s := goalpost.Survey{State: c.state, Settings: goalpost.SurveySettings{OpensAt: c.opens, ClosesAt: c.ends}}
		if got := s.Phase(at); got != c.want {
			t.Errorf("%s\ngot:  %s\nwant: %s", name, got, c.want)
		}
	}
}

func TestMissingTexts(t *testing.T) {
	f := wishes()
	if got := f.Missing(); len(got) != 0 {
		t.Fatalf("%v", got)
	}
	delete(f.Questions[0].Options[2].Label, "de")
	f.Languages = append(f.Languages, "fr")
	got := f.Missing()
	if !slices.Equal(got["de"], []string{"questions[0].options[2].label"}) || len(got["fr"]) < 20 || len(got["en"]) != 0 {
		t.Errorf("%v", got)
	}
}
