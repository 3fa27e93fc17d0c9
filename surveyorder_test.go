package goalpost

import (
	"fmt"
	"slices"
	"testing"
)

// Every respondent has an order of options that stays; those that are fixed or stand alone
// keep their places, and over many respondents each other option comes first about as often.
func TestOrderOfOptions(t *testing.T) {
	q := SurveyQuestion{Question: Question{Code: "q", Options: []Item{{Code: "first", Fixed: true}, {Code: "a"}, {Code: "b"}, {Code: "c"}, {Code: "other", Role: RoleOther}, {Code: "none", Role: RoleNone}}}}
	codes := func(list []Item) (out []string) {
		for _, o := range list {
			out = append(out, o.Code)
		}
		return out
	}
	if got := codes(q.Order("somebody")); !slices.Equal(got, codes(q.Options)) {
		t.Errorf("not shuffled\ngot:  %v", got)
	}
	q.Shuffle = true
	const people = 3000
	leads := map[string]int{}
	for i := range people {
		rid := fmt.Sprint("respondent ", i)
		got := codes(q.Order(rid))
		if !slices.Equal(got, codes(q.Order(rid))) {
			t.Fatalf("%s sees two orders", rid)
		}
		if got[0] != "first" || got[4] != "other" || got[5] != "none" {
			t.Fatalf("what stays moved: %v", got)
		}
		leads[got[1]]++
	}
	for _, c := range []string{"a", "b", "c"} {
		if n := leads[c]; n < people/3-150 || n > people/3+150 { // nearly six standard deviations
			t.Errorf("%s leads %d times of %d", c, n, people)
		}
	}
	if got := codes(q.Options); !slices.Equal(got, []string{"first", "a", "b", "c", "other", "none"}) {
		t.Errorf("the question itself was changed: %v", got)
	}
}

// Pages without a question that is asked are passed over, in both directions.
func TestTurns(t *testing.T) {
	f := Form{Questions: []SurveyQuestion{{Question: Question{Code: "a"}}, {Question: Question{Code: "b"}, NewPage: true}, {Question: Question{Code: "c"}, NewPage: true}}}
	f.Questions[1].ShowIf = &Condition{Rules: []Rule{{Question: "a", Is: []string{"yes"}}}}
	no, yes := f.Turns(nil), f.Turns(map[string]QuestionReply{"a": {Choices: []string{"yes"}}})
	for _, c := range []struct {
		name      string
		got, want int
	}{
		{"first", no.After(-1), 0}, {"passed over", no.After(0), 2}, {"asked", yes.After(0), 1}, {"end", no.After(2), 3},
		{"back over it", no.Before(2), 0}, {"back", yes.Before(2), 1}, {"before the first", yes.Before(0), -1}, {"back from the end", no.Before(3), 2},
		{"page of c", no.Of(2), 2}, {"page of nothing", no.Of(3), 3},
	} {
		if c.got != c.want {
			t.Errorf("%s\ngot:  %d\nwant: %d", c.name, c.got, c.want)
		}
	}
	if !f.Questions[1].RuledBy(map[string]bool{"a": true}) || f.Questions[1].RuledBy(map[string]bool{"c": true}) || f.Questions[0].RuledBy(map[string]bool{"a": true}) {
		t.Error("whose reply decides is not known")
	}
}
