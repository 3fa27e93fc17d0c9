package goalpost

import (
	"slices"
	"time"
)

// OwnAnswer is what an organisation itself answers to a question of a study, once in
// each of its waves. Answers are only added: a later one of the same wave corrects the
// earlier, which stays.
type OwnAnswer struct {
	Question string `json:"question"`
	Version  int    `json:"version"` // of the question, as it was asked then
	Wave     string `json:"wave"`    // a name that the organisation chose: "2026-Q1"
	// Choices are the options that were ticked. An empty list is an answer too: none of
	// them. For a question that has only "yes" it means "no".
	Choices []string  `json:"choices"`
	Number  *float64  `json:"number,omitempty"` // of a number question
	At      time.Time `json:"at"`
	By      string    `json:"by"`
	Why     string    `json:"why,omitempty"` // of a correction; may be empty
}

// Same reports whether two answers say the same, whoever gave them and when.
func (a OwnAnswer) Same(b OwnAnswer) bool {
	if a.Version != b.Version || (a.Number == nil) != (b.Number == nil) || a.Number != nil && *a.Number != *b.Number {
		return false
	}
	return slices.Equal(slices.Sorted(slices.Values(a.Choices)), slices.Sorted(slices.Values(b.Choices)))
}

// AnswerForm is how one organisation can answer a question of a study.
type AnswerForm string

// Forms of an answer.
const (
	FormSeveral AnswerForm = "several" // any number of the options, also none
	FormOne     AnswerForm = "one"     // one option, or none of them where the list is not complete
	FormYesNo   AnswerForm = "yes_no"  // one option is published; not to choose it is the other answer
	FormNumber  AnswerForm = "number"
	FormNothing AnswerForm = "nothing" // cannot be answered by one organisation
)

// Form is how one organisation can answer a question. Where nobody knows whether one
// answer was allowed or several, one is asked for: it never says more than was ticked.
func (q Question) Form() AnswerForm {
	switch {
	case q.Type == NumberQuestion && len(q.Options) == 1:
		return FormNumber
	case q.Type == NumberQuestion:
		return FormNothing
	case q.Type != MultipleChoice && len(q.Options) == 1:
		return FormYesNo
	case q.Type == MultipleChoice || q.Type == ScaleQuestion:
		return FormSeveral // on a scale each option is a statement that one can agree with
	}
	return FormOne
}

// MaxWaveName is how many letters the name of an own wave may have.
const MaxWaveName = 60

// CheckOwn returns what is wrong with an answer to this question, as an Error that names
// the field.
func (q Question) CheckOwn(a OwnAnswer) error {
	invalid := func(field, key string, args ...Arg) error {
		return &Error{Kind: Invalid, Key: "error.own." + key, Field: field, Args: args}
	}
	if !isName(a.Wave) {
		return invalid("wave", "wave", TextArg(a.Wave), NumberArg(MaxWaveName))
	}
	if plainText("", a.Why) != nil {
		return invalid("why", "why", NumberArg(maxStudyText))
	}
	form := q.Form()
	switch {
	case form == FormNothing:
		return invalid(q.Code, "nothing", TextArg(q.Code))
	case form == FormNumber && (a.Number == nil || len(a.Choices) > 0):
		return invalid(q.Code, "number", TextArg(q.Code))
	case form != FormNumber && a.Number != nil:
		return invalid(q.Code, "no-number", TextArg(q.Code))
	}
	for i, c := range a.Choices {
		switch _, known := q.Option(c); {
		case !known, slices.Contains(a.Choices[:i], c):
			return invalid(q.Code, "option", TextArg(c), TextArg(q.optionCodes()))
		case len(a.Choices) > 1 && form != FormSeveral:
			return invalid(q.Code, "one", TextArg(q.Code))
		case len(a.Choices) > 1 && slices.Contains(Alone(), c):
			return invalid(q.Code, "alone", TextArg(c))
		}
	}
	if len(a.Choices) == 0 && form == FormOne && q.Complete {
		return invalid(q.Code, "complete", TextArg(q.Code))
	}
	return nil
}

func (q Question) optionCodes() string {
	var codes []string
	for _, o := range q.Options {
		codes = append(codes, o.Code)
	}
	return list(codes)
}
