package goalpost

import (
	"fmt"
	"regexp"
	"slices"
	"strings"
)

// Limits of a form.
const (
	MaxSurveyQuestions = 200
	maxSurveyOptions   = 100
	maxSurveyText      = 10_000 // letters of one text
	maxGrades          = 11
	maxQuotas          = 100
	maxChannels        = 60
	maxDecimals        = 6
)

var (
	surveyCode  = regexp.MustCompile(`^[a-z][a-z0-9_]{0,39}$`) // also a column of tables and of SPSS
	optionCode  = regexp.MustCompile(`^[a-z0-9][a-z0-9_-]{0,59}$`)
	channelCode = regexp.MustCompile(`^[a-z0-9][a-z0-9-]{0,19}$`)
	isoLanguage = regexp.MustCompile(`^[a-z]{2}$`)
	frameSite   = regexp.MustCompile(`^https?://(\*\.)?[a-z0-9]([a-z0-9.-]*[a-z0-9])?(:[0-9]{1,5})?$`)
)

// reservedChannels are parts of the addresses below a survey's.
var reservedChannels = []string{"r", "thanks", "receipt", "privacy", "print", "preview", "results", "contact", "i", "qr", "image", "embed", "e"}

// SurveyTypes returns the types that the questions of a survey can have.
func SurveyTypes() []QuestionType {
	return []QuestionType{SingleChoice, MultipleChoice, ScaleQuestion, NPSQuestion, NumberQuestion, TextQuestion, RankingQuestion, ConsentQuestion}
}

// Check returns what is wrong with a survey, as an Error whose Field is the path of the
// field, such as "form.questions[3].wording" (from 0); nil if nothing is.
func (s Survey) Check() error {
	if !pollSlug.MatchString(s.Slug) {
		return surveyError("slug", "slug", TextArg(s.Slug))
	}
	if err := s.Form.Check(); err != nil {
		return err
	}
	return s.Settings.Check(s.Form)
}

func surveyError(field, key string, args ...Arg) *Error {
	return &Error{Kind: Invalid, Key: "error.survey." + key, Field: field, Args: args}
}

// Check returns what is wrong with a form. A text may be missing in all languages but the
// first; Missing tells which are.
func (f Form) Check() error {
	if err := f.check(); err != nil {
		return err
	}
	return nil
}

func (f Form) check() *Error {
	switch {
	case len(f.Languages) == 0:
		return surveyError("languages", "languages")
	case len(f.Questions) == 0:
		return surveyError("questions", "no-question")
	case len(f.Questions) > MaxSurveyQuestions:
		return surveyError("questions", "too-many", NumberArg(MaxSurveyQuestions))
	}
	for i, l := range f.Languages {
		if !isoLanguage.MatchString(l) || slices.Contains(f.Languages[:i], l) {
			return surveyError(fmt.Sprintf("languages[%d]", i), "language", TextArg(l))
		}
	}
	seen := map[string]int{}
	for i, q := range f.Questions {
		at := fmt.Sprintf("questions[%d].", i)
		if before, twice := seen[q.Code]; twice {
			return surveyError(at+"code", "twice", TextArg(q.Code), NumberArg(float64(before+1)))
		}
		if err := f.question(at, q, seen); err != nil {
			return err
		}
		seen[q.Code] = i
	}
	return f.checkTexts()
}

// checkTexts looks whether each text is there in the first language and fits.
func (f Form) checkTexts() *Error {
	var problem *Error
	f.eachText(func(field string, t Text) {
		if problem == nil {
			problem = f.text(field, t)
		}
	})
	return problem
}

func (f Form) text(field string, t Text) *Error {
	needed := field == "title" || strings.HasSuffix(field, ".wording")
	if t[f.Languages[0]] == "" && (needed || len(t) > 0) {
		return surveyError(field, "text-missing", WordArg("language."+f.Languages[0]))
	}
	for l, s := range t {
		switch {
		case !slices.Contains(f.Languages, l):
			return surveyError(field, "text-language", TextArg(l))
		case TextFault(s, maxSurveyText) == TextLong:
			return surveyError(field, "text-long", NumberArg(maxSurveyText))
		case TextFault(s, maxSurveyText) != "":
			return surveyError(field, "text-control")
		}
	}
	return nil
}

// eachText hands every text of the form to see, with the path of its field.
func (f Form) eachText(see func(field string, t Text)) {
	see("title", f.Title)
	see("intro", f.Intro)
	see("thanks", f.Thanks)
	for i, q := range f.Questions {
		at := fmt.Sprintf("questions[%d].", i)
		see(at+"wording", q.Wording)
		see(at+"help", q.Help)
		see(at+"unit", q.Unit)
		for j, o := range q.Options {
			see(fmt.Sprintf("%soptions[%d].label", at, j), o.Label)
		}
		if q.Scale != nil {
			for j, l := range q.Scale.Labels {
				see(fmt.Sprintf("%sscale.labels[%d]", at, j), l)
			}
		}
	}
}

// question looks at one question; seen are those before it.
func (f Form) question(at string, q SurveyQuestion, seen map[string]int) *Error {
	switch {
	case !surveyCode.MatchString(q.Code):
		return surveyError(at+"code", "code", TextArg(q.Code))
	case !slices.Contains(SurveyTypes(), q.Type):
		return surveyError(at+"type", "type", TextArg(string(q.Type)), TextArg(list(SurveyTypes())))
	case (q.Type == ScaleQuestion) != (q.Scale != nil):
		return surveyError(at+"scale", "scale")
	case q.Decimals < 0 || q.Decimals > maxDecimals:
		return surveyError(at+"decimals", "decimals", NumberArg(maxDecimals))
	case q.Min != nil && q.Max != nil && *q.Min > *q.Max:
		return surveyError(at+"max", "bounds")
	case q.Scale != nil && (q.Scale.High <= q.Scale.Low || q.Scale.High-q.Scale.Low >= maxGrades || q.Scale.Low < 0):
		return surveyError(at+"scale", "grades", NumberArg(maxGrades))
	case q.Scale != nil && q.Scale.Look != LookGrades && q.Scale.Look != LookStars:
		return surveyError(at+"scale.look", "look", TextArg(string(q.Scale.Look)))
	}
	if s := q.Scale; s != nil {
		if n := len(s.Labels); n != 0 && n != 2 && n != s.High-s.Low+1 {
			return surveyError(at+"scale.labels", "labels", NumberArg(float64(s.High-s.Low+1)))
		}
	}
	if err := surveyOptions(at, q); err != nil {
		return err
	}
	return f.condition(at, q, seen)
}

// surveyOptions looks at the options: choices and rankings need two, texts and consents
// have none, and numbers have only those that stand instead of a number.
func surveyOptions(at string, q SurveyQuestion) *Error {
	choices, seen, other := 0, map[string]bool{}, false
	for i, o := range q.Options {
		at := fmt.Sprintf("%soptions[%d].", at, i)
		switch {
		case !optionCode.MatchString(o.Code):
			return surveyError(at+"code", "option-code", TextArg(o.Code))
		case seen[o.Code]:
			return surveyError(at+"code", "option-twice", TextArg(o.Code))
		case !slices.Contains(ItemRoles(), o.Role):
			return surveyError(at+"role", "role", TextArg(string(o.Role)))
		case other && o.Role == RoleOther:
			return surveyError(at+"role", "one-other")
		case len(o.Label) == 0:
			return surveyError(at+"label", "label", TextArg(o.Code))
		}
		seen[o.Code], other = true, other || o.Role == RoleOther
		if !o.Role.Alone() {
			choices++
		}
	}
	chosen := q.Type == SingleChoice || q.Type == MultipleChoice || q.Type == RankingQuestion
	switch {
	case len(q.Options) > maxSurveyOptions:
		return surveyError(at+"options", "options-many", NumberArg(maxSurveyOptions))
	case chosen && choices < 2:
		return surveyError(at+"options", "options-few")
	case !chosen && choices > 0, (q.Type == TextQuestion || q.Type == ConsentQuestion) && len(q.Options) > 0:
		return surveyError(at+"options", "options-none")
	case (q.Type == MultipleChoice || q.Type == RankingQuestion) && q.Min != nil && *q.Min > float64(choices):
		return surveyError(at+"min", "min-options", NumberArg(float64(choices)))
	case q.Type == RankingQuestion && other:
		return surveyError(at+"options", "ranking-other")
	}
	return nil
}

// condition looks whether rules speak of earlier questions and of what can be answered.
func (f Form) condition(at string, q SurveyQuestion, seen map[string]int) *Error {
	if q.ShowIf == nil {
		return nil
	}
	if len(q.ShowIf.Rules) == 0 {
		return surveyError(at+"show_if", "no-rule")
	}
	for i, r := range q.ShowIf.Rules {
		at := fmt.Sprintf("%sshow_if.rules[%d].", at, i)
		place, known := seen[r.Question]
		if !known {
			return surveyError(at+"question", "rule-question", TextArg(r.Question))
		}
		of := f.Questions[place]
		kinds := 0
		for _, set := range []bool{len(r.Is) > 0, len(r.Not) > 0, r.Min != nil || r.Max != nil, r.Answered} {
			if set {
				kinds++
			}
		}
		switch {
		case kinds != 1:
			return surveyError(at+"is", "rule-kind")
		case (r.Min != nil || r.Max != nil) && !of.Type.hasNumber():
			return surveyError(at+"min", "rule-number", TextArg(r.Question))
		}
		for _, c := range slices.Concat(r.Is, r.Not) {
			if _, known := of.Option(c); !known && (of.Type != ConsentQuestion || c != Agreed) {
				return surveyError(at+"is", "rule-option", TextArg(c), TextArg(r.Question))
			}
		}
	}
	return nil
}

// Check returns what is wrong with settings, for a form.
func (s SurveySettings) Check(f Form) error {
	if err := s.check(f); err != nil {
		return err
	}
	return nil
}

func (s SurveySettings) check(f Form) *Error {
	const most, longestKept = 100_000_000, 36_500
	switch {
	case s.Address != FormalAddress && s.Address != FamiliarAddress:
		return surveyError("address", "address")
	case !slices.Contains(SampleKinds(), s.Sample):
		return surveyError("sample_kind", "sample", TextArg(string(s.Sample)), TextArg(list(SampleKinds())))
	case !s.OpensAt.IsZero() && !s.ClosesAt.IsZero() && !s.OpensAt.Before(s.ClosesAt):
		return surveyError("closes_at", "dates")
	case s.Limit < 0 || s.Limit > most:
		return surveyError("limit", "count")
	case s.Asked < 0 || s.Asked > most:
		return surveyError("asked", "count")
	case s.KeepDays < 0 || s.KeepDays > longestKept:
		return surveyError("keep_days", "count")
	case len(s.Quotas) > maxQuotas:
		return surveyError("quotas", "list-long", NumberArg(maxQuotas))
	case len(s.Channels) > maxChannels:
		return surveyError("channels", "list-long", NumberArg(maxChannels))
	case (s.Results || s.Prize) && len(s.Consent) == 0:
		return surveyError("consent", "consent")
	}
	for i, site := range s.Frames {
		if !frameSite.MatchString(site) {
			return surveyError(fmt.Sprintf("frames[%d]", i), "frame", TextArg(site))
		}
	}
	for field, t := range map[string]Text{"before": s.Before, "paused": s.Paused, "full": s.Full, "after": s.After, "consent": s.Consent, "responsible": s.Responsible, "privacy": s.Privacy} {
		if err := settingText(field, t); err != nil {
			return err
		}
	}
	return firstOf(s.checkChannels(), s.checkQuotas(f))
}

func settingText(field string, t Text) *Error {
	for l, text := range t {
		switch {
		case !isoLanguage.MatchString(l):
			return surveyError(field, "language", TextArg(l))
		case TextFault(text, maxSurveyText) == TextLong:
			return surveyError(field, "text-long", NumberArg(maxSurveyText))
		case TextFault(text, maxSurveyText) != "":
			return surveyError(field, "text-control")
		}
	}
	return nil
}

func (s SurveySettings) checkChannels() *Error {
	seen := map[string]bool{}
	for i, c := range s.Channels {
		at := fmt.Sprintf("channels[%d].", i)
		switch {
		case !channelCode.MatchString(c.Code) || slices.Contains(reservedChannels, c.Code):
			return surveyError(at+"code", "channel", TextArg(c.Code))
		case seen[c.Code]:
			return surveyError(at+"code", "channel-twice", TextArg(c.Code))
		case !slices.Contains(Networks(), c.Network):
			return surveyError(at+"network", "network", TextArg(string(c.Network)))
		case !isName(c.Campaign) && c.Campaign != "":
			return surveyError(at+"campaign", "campaign")
		}
		seen[c.Code] = true
	}
	return nil
}

func (s SurveySettings) checkQuotas(f Form) *Error {
	seen := map[Quota]bool{}
	for i, q := range s.Quotas {
		at := fmt.Sprintf("quotas[%d].", i)
		question, known := f.Question(q.Question)
		if !known {
			return surveyError(at+"question", "quota-question", TextArg(q.Question))
		}
		if _, known := question.Option(q.Option); !known {
			return surveyError(at+"option", "quota-option", TextArg(q.Option), TextArg(q.Question))
		}
		if q.Limit < 1 {
			return surveyError(at+"limit", "count")
		}
		key := Quota{Question: q.Question, Option: q.Option}
		if seen[key] {
			return surveyError(at+"option", "quota-twice", TextArg(q.Option))
		}
		seen[key] = true
	}
	return nil
}
