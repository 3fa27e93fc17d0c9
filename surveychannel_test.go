package goalpost

import (
	"fmt"
	"testing"
)

func TestFreeChannel(t *testing.T) {
	s := SurveySettings{Channels: []Channel{{Code: "ig"}, {Code: "ig-2"}, {Code: "x"}}}
	for code, want := range map[string]string{"ig": "ig-3", "x": "x-2", "fb": "fb"} {
		if got := s.FreeChannel(code); got != want {
			t.Errorf("%s\ngot:  %s\nwant: %s", code, got, want)
		}
	}
}

// Every proposed channel can be kept, all of them together too.
func TestProposedChannelsFit(t *testing.T) {
	s := SurveySettings{Channels: ProposedChannels()}
	if err := s.checkChannels(); err != nil {
		t.Error(err)
	}
	for _, n := range Networks() {
		found := false
		for _, c := range s.Channels {
			found = found || c.Network == n
		}
		if !found {
			t.Errorf("%s is not proposed", n)
		}
	}
}

// What a link in a mail offers is an answer that counts; anything else is none.
func TestReplyOf(t *testing.T) {
	item := func(code string) Item { return Item{Code: code, Label: Text{"en": code}} }
	q := func(kind QuestionType, options ...Item) SurveyQuestion {
		return SurveyQuestion{Question: Question{Code: "q", Type: kind, Options: options}}
	}
	scale := q(ScaleQuestion, item("dk"))
	scale.Scale = &Scale{Low: 1, High: 5}
	var many []Item
	for i := range 20 {
		many = append(many, item(fmt.Sprint("o", i)))
	}
	for _, c := range []struct {
		q     SurveyQuestion
		links int
		bad   []string
	}{
		{q(SingleChoice, item("a"), item("b")), 2, []string{"c", "", "1"}},
		{q(MultipleChoice, item("a"), item("b")), 2, []string{"c"}},
		{scale, 6, []string{"0", "6", "1.5", "x"}},
		{q(NPSQuestion), 11, []string{"-1", "11", "07"}},
		{q(SingleChoice, many...), 0, []string{"o1"}},
		{q(SingleChoice, many[:13]...), 0, nil},
		{q(MultipleChoice, many[:12]...), 12, nil},
		{q(TextQuestion), 0, []string{"a"}},
		{q(ConsentQuestion), 0, []string{"yes"}},
	} {
		links := 0
		for _, o := range c.q.SentOptions() {
			r, ok := c.q.ReplyOf(o.Code)
			if !ok {
				continue
			}
			links++
			if r.IsEmpty() || !c.q.Valid(r) {
				t.Errorf("%s %s: %+v is no answer", c.q.Type, o.Code, r)
			}
		}
		if links != c.links || c.q.CanBeSent() != (c.links > 0) {
			t.Errorf("%s\ngot:  %d links\nwant: %d", c.q.Type, links, c.links)
		}
		for _, bad := range c.bad {
			if r, ok := c.q.ReplyOf(bad); ok {
				t.Errorf("%s takes %q: %+v", c.q.Type, bad, r)
			}
		}
	}
}
