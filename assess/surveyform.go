package assess

import (
	"regexp"
	"slices"
	"strconv"

	"goalpost"
)

// RemovedQuestion is a question that was taken out of a form, with what is needed to put it
// back: its place, and the conditions of others that spoke of it.
type RemovedQuestion struct {
	Place      int                            `json:"place"` // from 0
	Question   goalpost.SurveyQuestion        `json:"question"`
	Conditions map[string]*goalpost.Condition `json:"conditions,omitempty"`
}

// InsertQuestion puts a question behind the place of another, at the end for an empty code,
// and gives it a code.
func InsertQuestion(f goalpost.Form, q goalpost.SurveyQuestion, after string) (goalpost.Form, string) {
	q.Code = NewCode(q.Wording.In(f.Languages[0]), "q", func(c string) bool { _, there := f.Question(c); return there })
	q.Version = 1
	place := placeOf(f, after) + 1
	if place == 0 {
		place = len(f.Questions)
	}
	f.Questions = slices.Insert(slices.Clone(f.Questions), place, q)
	return f, q.Code
}

func placeOf(f goalpost.Form, code string) int {
	return slices.IndexFunc(f.Questions, func(q goalpost.SurveyQuestion) bool { return q.Code == code })
}

// NewCode makes a code of words that is not taken yet. It begins with a letter: codes are
// columns of tables.
func NewCode(words, prefix string, taken func(string) bool) string {
	const longest = 32
	base := CodeOf(words)
	if base == "" || base[0] < 'a' || base[0] > 'z' {
		base = prefix + base
	}
	base = base[:min(len(base), longest)]
	code := base
	for n := 2; taken(code); n++ {
		code = base + "_" + strconv.Itoa(n)
	}
	return code
}

// ReplaceQuestion puts a changed question in the place of the one with its code.
func ReplaceQuestion(f goalpost.Form, q goalpost.SurveyQuestion) goalpost.Form {
	f.Questions = slices.Clone(f.Questions)
	if i := placeOf(f, q.Code); i >= 0 {
		f.Questions[i] = q
	}
	return f
}

// MoveQuestion moves a question by one place, up or down.
func MoveQuestion(f goalpost.Form, code string, by int) goalpost.Form {
	f.Questions = slices.Clone(f.Questions)
	if i := placeOf(f, code); i >= 0 && i+by >= 0 && i+by < len(f.Questions) {
		f.Questions[i], f.Questions[i+by] = f.Questions[i+by], f.Questions[i]
	}
	return f
}

// RemoveQuestion takes a question out, and out of the conditions that speak of it.
func RemoveQuestion(f goalpost.Form, code string) (goalpost.Form, RemovedQuestion) {
	i := placeOf(f, code)
	if i < 0 {
		return f, RemovedQuestion{Place: -1}
	}
	gone := RemovedQuestion{Place: i, Question: f.Questions[i], Conditions: map[string]*goalpost.Condition{}}
	f.Questions = slices.Delete(slices.Clone(f.Questions), i, i+1)
	for j := range f.Questions {
		q := &f.Questions[j]
		if q.ShowIf == nil || !slices.ContainsFunc(q.ShowIf.Rules, func(r goalpost.Rule) bool { return r.Question == code }) {
			continue
		}
		gone.Conditions[q.Code] = q.ShowIf
		left := goalpost.Condition{Any: q.ShowIf.Any}
		for _, r := range q.ShowIf.Rules {
			if r.Question != code {
				left.Rules = append(left.Rules, r)
			}
		}
		if q.ShowIf = &left; len(left.Rules) == 0 {
			q.ShowIf = nil
		}
	}
	return f, gone
}

// RestoreQuestion puts a question back to where it was.
func RestoreQuestion(f goalpost.Form, gone RemovedQuestion) goalpost.Form {
	if placeOf(f, gone.Question.Code) >= 0 {
		return f
	}
	place := min(max(gone.Place, 0), len(f.Questions))
	f.Questions = slices.Insert(slices.Clone(f.Questions), place, gone.Question)
	for i := range f.Questions {
		if c, had := gone.Conditions[f.Questions[i].Code]; had {
			f.Questions[i].ShowIf = c
		}
	}
	return f
}

// ItemCodes gives options without a code one of their words, and keeps all others: answers
// are counted by them.
func ItemCodes(items []goalpost.Item, language string) []goalpost.Item {
	items = slices.Clone(items)
	for i := range items {
		if items[i].Code != "" {
			continue
		}
		words := items[i].Label.In(language)
		if items[i].Role != goalpost.RoleOption {
			words = string(items[i].Role)
		}
		items[i].Code = NewCode(words, "o", func(c string) bool {
			return slices.ContainsFunc(items, func(o goalpost.Item) bool { return o.Code == c })
		})
	}
	return items
}

var questionField = regexp.MustCompile(`^questions\[([0-9]+)\]`)

// PlaceIn returns the place of the question, from 0, that a field of a form belongs to:
// 2 of "questions[2].wording".
func PlaceIn(field string) (place int, ok bool) {
	m := questionField.FindStringSubmatch(field)
	if m == nil {
		return 0, false
	}
	place, err := strconv.Atoi(m[1])
	return place, err == nil
}
