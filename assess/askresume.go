package assess

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"time"

	"goalpost"
	"goalpost/store"
)

// Resume returns the answer of whoever has its secret; NotFound for everybody else.
func (a *AskedSurvey) Resume(ctx context.Context, db *store.DB, rid, secret string) (goalpost.Answer, error) {
	if !goalpost.ValidAnswerID(rid) || secret == "" {
		return goalpost.Answer{}, goalpost.Errorf(goalpost.NotFound, "error.answer.receipt")
	}
	x, err := db.ResumeAnswer(ctx, a.Org, a.Survey.ID, rid, hashText(secret))
	if _, known := errors.AsType[*goalpost.Error](err); err != nil && !known {
		return x, fmt.Errorf("assess survey %d: %w", a.Survey.ID, err)
	}
	return x, err
}

// Takes reports whether an answer that was begun can still be finished.
func (a *AskedSurvey) Takes(now time.Time) bool {
	return a.Survey.Phase(now) == goalpost.PhaseOpen || a.grace(now)
}

// SignResumed signs a page on which somebody goes on: the time that was spent counts on, the
// pause does not.
func (a *AskedSurvey) SignResumed(x goalpost.Answer, now time.Time) string {
	return a.SignPage(SignedPage{Version: x.Version, Channel: x.Channel, Campaign: x.Campaign, At: now.Add(-time.Duration(x.Seconds) * time.Second)})
}

// RepliesDocument writes replies as SendAnswer reads them.
func RepliesDocument(replies map[string]goalpost.QuestionReply) []byte {
	if replies == nil {
		return []byte("{}")
	}
	body, err := json.Marshal(replies)
	if err != nil {
		return []byte("{}") // no number that JSON does not know comes from a form
	}
	return body
}

// ReadReplies reads replies as a page carries them along; what cannot be read is left out.
func ReadReplies(form goalpost.Form, raw string) map[string]goalpost.QuestionReply {
	replies, _, err := readReplies(form, []byte(raw))
	if err != nil {
		return map[string]goalpost.QuestionReply{}
	}
	return replies
}
