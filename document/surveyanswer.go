package document

import (
	"time"

	"goalpost"
	"goalpost/assess"
	"goalpost/locale"
)

// SurveyAnswerShown is one answer with everything that is kept of it.
type SurveyAnswerShown struct {
	SurveyAnswer
	Survey    goalpost.SurveyID  `json:"survey"`
	Slug      string             `json:"slug"`
	Questions []AnsweredQuestion `json:"questions" nullable:"false" doc:"What the form asked of this respondent, in its order."`
	Log       []AnswerLogEntry   `json:"log" nullable:"false" doc:"The last things that the respondent's page sent, oldest first."`
	LogCut    bool               `json:"log_cut" doc:"There is more in the log."`
}

// AnsweredQuestion is a question with what there is to say of its reply.
type AnsweredQuestion struct {
	Question string                `json:"question"`
	Type     goalpost.QuestionType `json:"type"`
	Wording  string                `json:"wording"`
	Asked    bool                  `json:"asked" doc:"false: it was answered and then not asked, because another answer was changed."`
	Valid    bool                  `json:"valid" doc:"The reply fits the question."`
	Tags     []string              `json:"tags" nullable:"false"`
}

// AnswerLogEntry is one thing that a respondent's page sent.
type AnswerLogEntry struct {
	Kind string    `json:"kind"`
	Rev  int64     `json:"rev"`
	At   time.Time `json:"at" doc:"In anonymous surveys the beginning of the day."`
	Sent string    `json:"sent" doc:"As it was sent; of a long text the beginning."`
	Cut  bool      `json:"cut" doc:"More was sent."`
}

// SurveyAnswerShownOf makes the document of one answer.
func SurveyAnswerShownOf(say *locale.Printer, s goalpost.Survey, x assess.ShownAnswer) SurveyAnswerShown {
	d := SurveyAnswerShown{SurveyAnswer: surveyAnswerOf(x.Answer), Survey: s.ID, Slug: s.Slug, Questions: []AnsweredQuestion{}, Log: []AnswerLogEntry{}, LogCut: x.LogCut}
	for _, e := range x.Log {
		d.Log = append(d.Log, AnswerLogEntry{Kind: e.Kind, Rev: e.Rev, At: e.At, Sent: e.Sent, Cut: e.Cut})
	}
	for _, q := range x.Questions {
		d.Questions = append(d.Questions, AnsweredQuestion{Question: q.Question.Code, Type: q.Question.Type, Wording: q.Question.Wording.In(string(say.Language())), Asked: q.Asked, Valid: q.Valid, Tags: OrEmpty(q.Tags)})
	}
	return d
}

// OpenAnswers are the answers to one question that people gave in their own words.
type OpenAnswers struct {
	Survey    goalpost.SurveyID `json:"survey"`
	Slug      string            `json:"slug"`
	Question  string            `json:"question" doc:"Empty where the survey has no open question."`
	Wording   string            `json:"wording"`
	Questions []OpenQuestion    `json:"questions" nullable:"false" doc:"All open questions of the survey."`
	Total     int               `json:"total" doc:"Without search and tag."`
	Found     int               `json:"found"`
	Tags      []SurveyTag       `json:"tags" nullable:"false" doc:"Of all answers to the question, the most frequent first."`
	Answers   []OpenAnswer      `json:"answers" nullable:"false" doc:"The newest first."`
}

// OpenQuestion is a question that people answer in their own words.
type OpenQuestion struct {
	Question string `json:"question"`
	Wording  string `json:"wording"`
}

// SurveyTag is how many open answers have a tag.
type SurveyTag struct {
	Tag    string `json:"tag"`
	Number int    `json:"number"`
}

// OpenAnswer is a text that a respondent wrote.
type OpenAnswer struct {
	Answer    string    `json:"answer"`
	Change    int64     `json:"change"`
	Text      string    `json:"text"`
	Tags      []string  `json:"tags" nullable:"false"`
	Channel   string    `json:"channel"`
	Campaign  string    `json:"campaign"`
	Language  string    `json:"language"`
	ChangedAt time.Time `json:"changed_at" doc:"In anonymous surveys the beginning of the day."`
}

// OpenAnswersOf makes the document of open answers: those of a page.
func OpenAnswersOf(say *locale.Printer, a *assess.AskedSurvey, q goalpost.SurveyQuestion, found assess.OpenAnswers, offset, limit int) OpenAnswers {
	lang := string(say.Language())
	d := OpenAnswers{Survey: a.Survey.ID, Slug: a.Survey.Slug, Question: q.Code, Wording: q.Wording.In(lang), Questions: []OpenQuestion{}, Total: found.Total, Found: len(found.List), Tags: []SurveyTag{}, Answers: []OpenAnswer{}}
	for _, q := range a.OpenQuestions() {
		d.Questions = append(d.Questions, OpenQuestion{q.Code, q.Wording.In(lang)})
	}
	for _, t := range found.Tags {
		d.Tags = append(d.Tags, SurveyTag{t.Tag, t.Number})
	}
	first := min(offset, len(found.List))
	for _, o := range found.List[first:min(first+limit, len(found.List))] {
		x := o.Answer
		d.Answers = append(d.Answers, OpenAnswer{Answer: x.ID, Change: x.Change, Text: o.Text, Tags: OrEmpty(o.Tags), Channel: x.Channel, Campaign: x.Campaign, Language: x.Language, ChangedAt: x.ChangedAt})
	}
	return d
}
