package goalpost

import (
	"errors"
	"strings"
	"testing"
	"time"
)

func asked(kind QuestionType, complete bool, options ...string) Question {
	q := Question{Code: "q", Version: 1, Type: kind, Complete: complete}
	for _, o := range options {
		q.Options = append(q.Options, Item{Code: o})
	}
	return q
}

// How one organisation can answer follows from how the trade was asked.
func TestAnswerForm(t *testing.T) {
	for _, c := range []struct {
		question Question
		want     AnswerForm
	}{
		{asked(MultipleChoice, false, "a", "b"), FormSeveral},
		{asked(MultipleChoice, false, "a"), FormSeveral},
		{asked(SingleChoice, true, "a", "b"), FormOne},
		{asked(SingleChoice, false, "yes"), FormYesNo},
		{asked(ScaleQuestion, false, "agree"), FormYesNo},
		{asked(ScaleQuestion, false, "a", "b"), FormSeveral},
		{asked(UnknownType, false, "a", "b"), FormOne},
		{asked(NumberQuestion, false, "mean"), FormNumber},
		{asked(NumberQuestion, false, "men", "women"), FormNothing},
	} {
		if got := c.question.Form(); got != c.want {
			t.Errorf("%s of %d\ngot:  %s\nwant: %s", c.question.Type, len(c.question.Options), got, c.want)
		}
	}
}

// Limits: what an answer may be, and the key of each refusal.
func TestCheckOwn(t *testing.T) {
	five := 5.0
	several, one, yes := asked(MultipleChoice, false, "sales", "brand", "none"), asked(SingleChoice, true, "a", "b"), asked(SingleChoice, false, "yes")
	for _, c := range []struct {
		name     string
		question Question
		wave     string
		choices  []string
		number   *float64
		want     string
	}{
		{"two", several, "2026-Q1", []string{"sales", "brand"}, nil, ""},
		{"none of them", several, "2026", nil, nil, ""},
		{"no name", several, " ", nil, nil, "error.own.wave"},
		{"a long name", several, strings.Repeat("w", MaxWaveName+1), nil, nil, "error.own.wave"},
		{"two lines", several, "a\nb", nil, nil, "error.own.wave"},
		{"unknown", several, "2026", []string{"luck"}, nil, "error.own.option"},
		{"twice", several, "2026", []string{"sales", "sales"}, nil, "error.own.option"},
		{"alone", several, "2026", []string{"sales", "none"}, nil, "error.own.alone"},
		{"one of two", one, "2026", []string{"a"}, nil, ""},
		{"both", one, "2026", []string{"a", "b"}, nil, "error.own.one"},
		{"neither of a whole list", one, "2026", nil, nil, "error.own.complete"},
		{"no", yes, "2026", nil, nil, ""},
		{"a number", asked(NumberQuestion, false, "mean"), "2026", nil, &five, ""},
		{"no number", asked(NumberQuestion, false, "mean"), "2026", nil, nil, "error.own.number"},
		{"a number too much", yes, "2026", nil, &five, "error.own.no-number"},
		{"two means", asked(NumberQuestion, false, "men", "women"), "2026", nil, &five, "error.own.nothing"},
	} {
		var e *Error
		err := c.question.CheckOwn(OwnAnswer{Wave: c.wave, Choices: c.choices, Number: c.number})
		if got := errors.As(err, &e); got != (c.want != "") || got && e.Key != c.want {
			t.Errorf("%s\ngot:  %v\nwant: %s", c.name, err, c.want)
		}
	}
}

// Order, person and time make no other answer; a version, an option or a number do.
func TestSameAnswer(t *testing.T) {
	five, six := 5.0, 6.0
	a := OwnAnswer{Version: 1, Choices: []string{"a", "b"}, Number: &five}
	for name, c := range map[string]struct {
		b    OwnAnswer
		want bool
	}{
		"another order":  {OwnAnswer{Version: 1, Choices: []string{"b", "a"}, Number: &five, By: "Eve", At: time.Unix(9, 0)}, true},
		"one less":       {OwnAnswer{Version: 1, Choices: []string{"a"}, Number: &five}, false},
		"another number": {OwnAnswer{Version: 1, Choices: []string{"a", "b"}, Number: &six}, false},
		"no number":      {OwnAnswer{Version: 1, Choices: []string{"a", "b"}}, false},
		"another form":   {OwnAnswer{Version: 2, Choices: []string{"a", "b"}, Number: &five}, false},
	} {
		if got := a.Same(c.b); got != c.want {
			t.Errorf("%s\ngot:  %v", name, got)
		}
	}
}
