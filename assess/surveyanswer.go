package assess

import (
	"context"
	"fmt"
	"slices"
	"time"

	"goalpost"
	"goalpost/store"
)

// ShownAnswer is one answer with everything that is kept of it.
type ShownAnswer struct {
	goalpost.Answer                    // its flags name a text that another answer has, too
	Questions       []AnsweredQuestion // that its form asked of this respondent, in their order
	Log             []LoggedAnswer     // the last things that were sent, oldest first
	LogCut          bool               // there are more
}

// AnsweredQuestion is a question with its reply.
type AnsweredQuestion struct {
	Question goalpost.SurveyQuestion
	Reply    goalpost.QuestionReply
	Asked    bool // false: it has a reply, but would not be asked any more
	Valid    bool
	Tags     []string
}

// LoggedAnswer is one thing that a respondent's page sent.
type LoggedAnswer struct {
	Kind string
	Rev  int64
	At   time.Time // in anonymous surveys the beginning of the day
	Sent string
	Cut  bool // it is the beginning
}

// How much of the log of an answer is shown. All of it is in the export of a person.
const (
	LoggedAnswers = 50
	LoggedLetters = 4000
)

// ShownAnswer reads one answer; t holds the counts of the survey.
func (a *AskedSurvey) ShownAnswer(ctx context.Context, db *store.DB, t *SurveyTally, rid string) (x ShownAnswer, err error) {
	if x.Answer, err = db.Answer(ctx, a.Org, a.Survey.ID, rid); err != nil {
		return x, err
	}
	if t.SameText(rid) {
		x.Flags = append(slices.Clone(x.Flags), goalpost.FlagTexts)
	}
	tags, err := db.AnswerTags(ctx, a.Org, a.Survey.ID)
	if err != nil {
		return x, fmt.Errorf("assess survey %d: %w", a.Survey.ID, err)
	}
	events, err := db.LastAnswerEvents(ctx, a.Org, a.Survey.ID, rid, LoggedAnswers+1, LoggedLetters+1)
	if err != nil {
		return x, fmt.Errorf("assess survey %d: %w", a.Survey.ID, err)
	}
	if x.LogCut = len(events) > LoggedAnswers; x.LogCut {
		events = events[:LoggedAnswers]
	}
	for _, e := range slices.Backward(events) {
		l := LoggedAnswer{Kind: e.Kind, Rev: e.Rev, At: e.At, Sent: e.Raw}
		if letters := []rune(e.Raw); len(letters) > LoggedLetters {
			l.Sent, l.Cut = string(letters[:LoggedLetters]), true
		}
		x.Log = append(x.Log, l)
	}
	if x.State != goalpost.AnswerErased {
		x.Questions = a.answered(x.Answer, tags)
	}
	return x, nil
}

// answered lists all questions that the answer's form asked of this respondent, and those
// with a reply that it would not ask any more.
func (a *AskedSurvey) answered(x goalpost.Answer, tags []store.AnswerTag) (list []AnsweredQuestion) {
	form, _ := a.Form(x.Version)
	shown := form.Shown(x.Replies)
	for i, q := range form.Questions {
		reply, replied := x.Replies[q.Code]
		if !shown[i] && !replied {
			continue
		}
		one := AnsweredQuestion{Question: q, Reply: reply, Asked: shown[i], Valid: q.Valid(reply)}
		for _, t := range tags {
			if t.Answer == x.ID && t.Question == q.Code {
				one.Tags = append(one.Tags, t.Tag)
			}
		}
		list = append(list, one)
	}
	return list
}
