package store

import (
	"errors"
	"fmt"
	"strings"
	"testing"

	"goalpost"
)

// Whoever sends another answer again and again after it was complete, always with the same
// revision, does not fill the disk with it: what does not fit is refused, not dropped.
func TestLateEditsAreBounded(t *testing.T) {
	db := open(t, Options{})
	org := organisation(t, db)
	s := keptSurvey(t, db, org)
	keepAnswer(t, db, org, s, 2, 1, "first", true)
	refused := 0
	for i := range maxLateEdits + 20 {
		text := fmt.Sprint("other ", i)
		in := SentAnswer{Done: true, Secret: "hash", Hash: text, Raw: []byte(`{"more":{"text":"` + text + `"}}`), Revision: s.Revision, Open: true, At: when}
		in.Answer = goalpost.Answer{ID: answerID(2), Rev: 1, Version: s.FormVersion, Language: "en", BegunAt: when, Replies: map[string]goalpost.QuestionReply{"more": {Text: text}}}
		kept, err := db.KeepAnswer(ctx, org, s.ID, in)
		if e, said := errors.AsType[*goalpost.Error](err); said && e.Kind == goalpost.Unavailable {
			refused++
		} else if err != nil || !kept.Conflict {
			t.Fatalf("%d: %+v %v", i, kept, err)
		}
	}
	events, err := db.AnswerEvents(ctx, org, s.ID, answerID(2))
	if err != nil || len(events) != 1+maxLateEdits || refused != 20 {
		t.Errorf("%d events, %d refused, %v", len(events), refused, err)
	}
	keepAnswer(t, db, org, s, 3, 1, "of somebody else", true)
}

// Of the log of an answer as much is read as a page shows, however much a stranger sent.
func TestLastAnswerEvents(t *testing.T) {
	db := open(t, Options{})
	org := organisation(t, db)
	s := keptSurvey(t, db, org)
	for rev := range 5 {
		keepAnswer(t, db, org, s, 2, int64(rev+1), strings.Repeat("ü", 100+rev), false)
	}
	last, err := db.LastAnswerEvents(ctx, org, s.ID, answerID(2), 3, 30)
	if err != nil || len(last) != 3 || last[0].Rev != 5 || last[2].Rev != 3 || len([]rune(last[0].Raw)) != 30 {
		t.Errorf("%+v %v", last, err)
	}
}
