package goalpost

import (
	"math"
	"slices"
	"strings"
	"time"
	"unicode/utf8"
)

// AnswerState says what became of what a respondent sent.
type AnswerState string

// States of an answer. Only complete ones are counted as answers.
const (
	AnswerBegun     AnswerState = "begun"
	AnswerComplete  AnswerState = "complete"
	AnswerOverQuota AnswerState = "over_quota" // complete, after the limit or a quota was reached
	AnswerLate      AnswerState = "late"       // begun while no answers were taken
	AnswerUninvited AnswerState = "uninvited"  // complete, without an invitation or with one that was used before
	AnswerErased    AnswerState = "erased"     // nothing is left of it but that it was there
)

// AnswerStates returns all states.
func AnswerStates() []AnswerState {
	return []AnswerState{AnswerBegun, AnswerComplete, AnswerOverQuota, AnswerLate, AnswerUninvited, AnswerErased}
}

// Finished reports whether a respondent has sent the last page: from then on the answer
// does not change.
func (s AnswerState) Finished() bool { return s != AnswerBegun }

// Flags of answers beside FlagRepeated, FlagFast, FlagTrap and FlagStale. They never refuse
// an answer.
const (
	FlagNoPage = "no_page"   // it was not sent by a page of the survey
	FlagNoWork = "no_work"   // the page's computation is missing
	FlagTexts  = "same_text" // another answer has the same text of its own
)

// AnswerFlags are the flags that an answer may carry.
func AnswerFlags() []string {
	return []string{FlagRepeated, FlagFast, FlagTrap, FlagStale, FlagNoPage, FlagNoWork, FlagTexts}
}

// DeviceClass is all that is kept of the program with which somebody answered.
type DeviceClass string

// Classes of device.
const (
	DevicePhone   DeviceClass = "phone"
	DeviceDesk    DeviceClass = "desk"
	DeviceProgram DeviceClass = "program" // says that it is no browser
)

// Answer is what one respondent answered to a survey.
type Answer struct {
	Seq       int64  // in the order in which they were begun
	ID        string // UUID of version 4, made by the respondent's page: a version 7 would hold the time
	Rev       int64  // counts what the page sent; the highest counts
	Version   int    // of the form
	State     AnswerState
	Replies   map[string]QuestionReply
	Channel   string // code of Channel; empty for the plain link
	Campaign  string
	Language  string
	Device    DeviceClass
	BegunAt   time.Time // in anonymous surveys the beginning of the day, UTC
	ChangedAt time.Time // so too
	Seconds   int       // from the page to the last of it; 0 if not known
	Flags     []string
	Change    int64 // counts all changes of the survey's answers, to read only what is new
}

// QuestionReply is the reply to one question.
type QuestionReply struct {
	Choices []string `json:"choices,omitempty"` // options; of a ranking in its order
	Number  *float64 `json:"number,omitempty"`  // grade, NPS, number
	Text    string   `json:"text,omitempty"`    // of a text question, or what "other" is
}

// IsEmpty reports whether nothing was answered.
func (r QuestionReply) IsEmpty() bool {
	return len(r.Choices) == 0 && r.Number == nil && strings.TrimSpace(r.Text) == ""
}

// Agreed is the option of a consent question that was ticked.
const Agreed = "yes"

// Limits of what one respondent can send.
const (
	MaxAnswerBytes = 256 << 10
	MaxShortText   = 500  // letters
	MaxLongText    = 5000 // letters
)

// Problem is what is not right with the reply to one question.
type Problem struct {
	Question string
	Err      *Error // its sentence
}

// Problems returns what is wrong with the replies to questions that were asked, in the
// order of the form. With done also what is missing is wrong. None of it keeps an answer
// from being kept: a page asks again, and figures leave the reply out.
func (f Form) Problems(replies map[string]QuestionReply, done bool) []Problem {
	var list []Problem
	for i, shown := range f.Shown(replies) {
		q := f.Questions[i]
		r := replies[q.Code]
		var err *Error
		switch {
		case !shown:
		case !r.IsEmpty():
			err = q.problem(r)
		case done && q.Required:
			err = answerError(q, "missing")
		}
		if err != nil {
			list = append(list, Problem{Question: q.Code, Err: err})
		}
	}
	return list
}

// Valid reports whether a reply can be counted.
func (q SurveyQuestion) Valid(r QuestionReply) bool { return r.IsEmpty() || q.problem(r) == nil }

// Counts reports whether a reply belongs to the base of shares and means: it is there, and
// no "don't know".
func (q SurveyQuestion) Counts(r QuestionReply) bool {
	if r.IsEmpty() || !q.Valid(r) {
		return false
	}
	return !slices.ContainsFunc(q.Options, func(o Item) bool {
		return (o.Role == RoleDontKnow || o.Role == RoleNoOpinion) && slices.Contains(r.Choices, o.Code)
	})
}

func answerError(q SurveyQuestion, key string, args ...Arg) *Error {
	return &Error{Kind: Invalid, Key: "error.answer." + key, Field: q.Code, Args: args}
}

// problem looks at a reply that is there.
func (q SurveyQuestion) problem(r QuestionReply) *Error {
	if err := q.choicesProblem(r); err != nil {
		return err
	}
	longest := MaxShortText
	if q.Long {
		longest = MaxLongText
	}
	switch n := utf8.RuneCountInString(r.Text); {
	case n > longest:
		return answerError(q, "long", NumberArg(float64(longest)), NumberArg(float64(n)))
	case TextFault(r.Text, longest) != "":
		return answerError(q, "control")
	case r.Text != "" && r.Number == nil && q.Type.hasNumber(): // what was typed for a number and is none
		return answerError(q, "number")
	case r.Text != "" && q.Type != TextQuestion && !q.choseOther(r):
		return answerError(q, "text")
	}
	if r.Number == nil {
		if len(r.Choices) == 0 && q.Type.hasNumber() {
			return answerError(q, "number")
		}
		return nil
	}
	return q.numberProblem(*r.Number, len(r.Choices) > 0)
}

func (t QuestionType) hasNumber() bool {
	return t == ScaleQuestion || t == NPSQuestion || t == NumberQuestion
}

// choseOther reports whether the option with a text of one's own was chosen.
func (q SurveyQuestion) choseOther(r QuestionReply) bool {
	return slices.ContainsFunc(q.Options, func(o Item) bool { return o.Role == RoleOther && slices.Contains(r.Choices, o.Code) })
}

func (q SurveyQuestion) choicesProblem(r QuestionReply) *Error {
	ranked := 0
	for i, c := range r.Choices {
		o, known := q.Option(c)
		if q.Type == ConsentQuestion && c == Agreed {
			known = true
		}
		switch {
		case !known || slices.Contains(r.Choices[:i], c):
			return answerError(q, "option", TextArg(c))
		case o.Role.Alone() && (len(r.Choices) > 1 || r.Number != nil):
			return answerError(q, "alone")
		case !o.Role.Alone():
			ranked++
		}
	}
	n, several := float64(ranked), q.Type == MultipleChoice || q.Type == RankingQuestion
	switch {
	case q.Type == SingleChoice && len(r.Choices) > 1:
		return answerError(q, "one")
	case several && ranked > 0 && q.Min != nil && n < *q.Min:
		return answerError(q, "at-least", NumberArg(*q.Min))
	case several && ranked > 0 && q.Max != nil && n > *q.Max:
		return answerError(q, "at-most", NumberArg(*q.Max))
	}
	return nil
}

func (q SurveyQuestion) numberProblem(v float64, withChoice bool) *Error {
	lo, hi, decimals := math.Inf(-1), math.Inf(1), 0
	switch q.Type {
	case NPSQuestion:
		lo, hi = NPSLowest, NPSHighest
	case ScaleQuestion:
		if q.Scale != nil {
			lo, hi = float64(q.Scale.Low), float64(q.Scale.High)
		}
	case NumberQuestion:
		decimals = q.Decimals
		if q.Min != nil {
			lo = *q.Min
		}
		if q.Max != nil {
			hi = *q.Max
		}
	default:
		return answerError(q, "text")
	}
	step := math.Pow10(-decimals)
	switch {
	case withChoice:
		return answerError(q, "alone")
	case math.IsNaN(v) || math.IsInf(v, 0):
		return answerError(q, "number")
	case v < lo && math.IsInf(hi, 1):
		return answerError(q, "from", NumberArg(lo))
	case v > hi && math.IsInf(lo, -1):
		return answerError(q, "to", NumberArg(hi))
	case v < lo || v > hi:
		return answerError(q, "between", NumberArg(lo), NumberArg(hi))
	case math.Abs(v/step-math.Round(v/step)) > 1e-6:
		return answerError(q, "decimals", NumberArg(float64(decimals)))
	}
	return nil
}

// ValidAnswerID reports whether an id is a UUID of version 4 (RFC 9562, section 5.4), in
// small letters.
func ValidAnswerID(id string) bool { return voteID.MatchString(id) }
