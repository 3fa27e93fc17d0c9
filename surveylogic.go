package goalpost

import (
	"slices"
	"strings"
)

// Condition says when a question is asked, from what was answered before it.
type Condition struct {
	Any   bool   `json:"any,omitempty"` // one rule is enough; else all must hold
	Rules []Rule `json:"rules"`
}

// Rule looks at the reply to one earlier question. One of Is, Not, Min or Max, and
// Answered is set.
type Rule struct {
	Question string   `json:"question"`
	Is       []string `json:"is,omitempty"`  // one of these options was chosen
	Not      []string `json:"not,omitempty"` // it was answered, and none of these was chosen
	Min      *float64 `json:"min,omitempty"` // the number is not below
	Max      *float64 `json:"max,omitempty"` // the number is not above
	Answered bool     `json:"answered,omitempty"`
}

// holds reports whether a rule is true of a reply.
func (r Rule) holds(a QuestionReply) bool {
	chosen := func(code string) bool { return slices.Contains(a.Choices, code) }
	switch {
	case a.IsEmpty():
		return false
	case len(r.Is) > 0:
		return slices.ContainsFunc(r.Is, chosen)
	case len(r.Not) > 0:
		return !slices.ContainsFunc(r.Not, chosen)
	case r.Min != nil || r.Max != nil:
		return a.Number != nil && (r.Min == nil || *a.Number >= *r.Min) && (r.Max == nil || *a.Number <= *r.Max)
	}
	return true
}

// holds reports whether a condition is true of what was answered to questions that were
// themselves asked.
func (c *Condition) holds(asked map[string]QuestionReply) bool {
	if c == nil || len(c.Rules) == 0 {
		return true
	}
	for _, r := range c.Rules {
		if r.holds(asked[r.Question]) == c.Any {
			return c.Any
		}
	}
	return !c.Any
}

// Shown returns, by place in the form, whether each question is asked of somebody who
// answered so. A reply to a question that is not asked counts for nothing, also in the
// conditions of later questions.
func (f Form) Shown(replies map[string]QuestionReply) []bool {
	shown := make([]bool, len(f.Questions))
	asked := map[string]QuestionReply{}
	for i, q := range f.Questions {
		if shown[i] = q.ShowIf.holds(asked); shown[i] {
			asked[q.Code] = replies[q.Code]
		}
	}
	return shown
}

// Same reports whether a changed question still asks what it asked: type, wording in the
// languages of both, options, grades and who is asked. Help, order of the languages and
// whether it must be answered may differ.
func (q SurveyQuestion) Same(old SurveyQuestion) bool {
	return len(q.Changes(old)) == 0
}

// Changes returns what breaks the trend between two versions of a question, by the keys of
// study.break: "type", "wording", "options", "scale", "base".
func (q SurveyQuestion) Changes(old SurveyQuestion) []string {
	var changes []string
	add := func(differs bool, what string) {
		if differs {
			changes = append(changes, what)
		}
	}
	add(q.Type != old.Type, "type")
	add(saysOther(q.Wording, old.Wording), "wording")
	add(optionsDiffer(q.Options, old.Options), "options")
	add(scaleDiffers(q.Scale, old.Scale) || saysOther(q.Unit, old.Unit), "scale")
	add(!sameCondition(q.ShowIf, old.ShowIf), "base")
	return changes
}

// saysOther reports whether a text differs in a language that both have.
func saysOther(a, b Text) bool {
	for l, text := range a {
		if b[l] != "" && text != "" && strings.Join(strings.Fields(text), " ") != strings.Join(strings.Fields(b[l]), " ") {
			return true
		}
	}
	return false
}

func optionsDiffer(a, b []Item) bool {
	return !slices.EqualFunc(a, b, func(x, y Item) bool {
		return x.Code == y.Code && x.Role == y.Role && !saysOther(x.Label, y.Label)
	})
}

func scaleDiffers(a, b *Scale) bool {
	if a == nil || b == nil {
		return a != b
	}
	return a.Low != b.Low || a.High != b.High || a.Look != b.Look || !slices.EqualFunc(a.Labels, b.Labels, func(x, y Text) bool { return !saysOther(x, y) })
}

func sameCondition(a, b *Condition) bool {
	if a == nil || b == nil {
		return (a == nil || len(a.Rules) == 0) && (b == nil || len(b.Rules) == 0)
	}
	return a.Any == b.Any && slices.EqualFunc(a.Rules, b.Rules, func(x, y Rule) bool {
		return x.Question == y.Question && slices.Equal(x.Is, y.Is) && slices.Equal(x.Not, y.Not) && equalPointers(x.Min, y.Min) && equalPointers(x.Max, y.Max) && x.Answered == y.Answered
	})
}

func equalPointers[T comparable](a, b *T) bool {
	if a == nil || b == nil {
		return a == b
	}
	return *a == *b
}

// After returns the form with the versions of its questions set: a question that asks the
// same as in an earlier form keeps its version, a changed one gets the next, unless its
// code is in keep, the questions that a person declares to ask the same. earlier are all
// forms before, oldest first; version is that of the new form.
func (f Form) After(earlier []Form, version int, keep []string, by string) Form {
	f = f.clone()
	f.Kept = nil
	if len(earlier) > 0 {
		f.Kept = slices.Clone(earlier[len(earlier)-1].Kept)
	}
	for i := range f.Questions {
		q := &f.Questions[i]
		q.Version = q.trend(earlier)
		if before, known := lastQuestion(earlier, q.Code); known && q.Version > before.Version && slices.Contains(keep, q.Code) {
			q.Version = before.Version
			f.Kept = append(f.Kept, KeptTrend{Question: q.Code, Version: version, By: by})
		}
	}
	return f
}

// trend returns the version of a question after earlier forms: that of the newest one that
// asked the same, else one more than any of them had.
func (q SurveyQuestion) trend(earlier []Form) int {
	highest := 0
	for _, f := range slices.Backward(earlier) {
		before, known := f.Question(q.Code)
		if known && q.Same(before) {
			return before.Version
		}
		if known {
			highest = max(highest, before.Version, 1)
		}
	}
	return highest + 1
}

func lastQuestion(forms []Form, code string) (SurveyQuestion, bool) {
	for _, f := range slices.Backward(forms) {
		if q, ok := f.Question(code); ok {
			return q, true
		}
	}
	return SurveyQuestion{}, false
}

// wordsOf counts the words of a text.
func wordsOf(s string) int { return len(strings.Fields(s)) }
