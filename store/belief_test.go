package store

import (
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"goalpost"
)

// sheetOf is what somebody believes of a survey.
func sheetOf(s goalpost.Survey, user goalpost.UserID, by string) goalpost.BeliefSheet {
	yes := true
	return goalpost.BeliefSheet{Survey: s.ID, User: user, By: by, Claims: &yes, FormVersion: 1, MadeAt: when}
}

// beliefTries are the methods about beliefs, called with the id of another organisation.
func beliefTries(t *testing.T, db *DB, mine, other goalpost.OrgID, s goalpost.Survey, refused func(error) error, empty func(int, error) error) map[string]func() error {
	t.Helper()
	now, err := db.Survey(ctx, mine, s.ID)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := db.AddBeliefs(ctx, mine, now.Revision, sheetOf(s, 1, "Ada")); err != nil {
		t.Fatal(err)
	}
	return map[string]func() error{
		"AddBeliefs": func() error {
			_, err := db.AddBeliefs(ctx, other, now.Revision, sheetOf(s, 2, "Eve"))
			return refused(err)
		},
		"Beliefs":      func() error { l, err := db.Beliefs(ctx, other, s.ID); return empty(len(l), err) },
		"BeliefsOf":    func() error { _, err := db.BeliefsOf(ctx, other, s.ID, 1); return refused(err) },
		"BeliefGivers": func() error { l, err := db.BeliefGivers(ctx, other, s.ID); return empty(len(l), err) },
		"HasAnswers": func() error {
			has, err := db.HasAnswers(ctx, other, s.ID)
			return empty(bit(has), err)
		},
		"LastAnswered": func() error {
			at, err := db.LastAnswered(ctx, other, s.ID)
			return empty(bit(!at.IsZero()), err)
		},
	}
}

func TestBeliefsAreClosedUntilTheFirstAnswer(t *testing.T) {
	db := open(t, Options{})
	org := organisation(t, db)
	s, err := db.CreateSurvey(ctx, org, goalpost.Survey{Slug: "wishes", State: goalpost.SurveyOpen, CreatedAt: when, Form: goalpost.Form{Languages: []string{"en"}}}, "secret")
	if err != nil {
		t.Fatal(err)
	}
	given, err := db.AddBeliefs(ctx, org, s.Revision, sheetOf(s, 1, "Ada"))
	if err != nil || given.Late || len(given.SHA256) != 64 {
		t.Fatalf("%+v %v", given, err)
	}
	second := sheetOf(s, 1, "Ada")
	second.Claims = nil
	if _, err := db.AddBeliefs(ctx, org, s.Revision, second); !goalpost.IsKind(err, goalpost.Conflict) {
		t.Errorf("given twice: %v", err)
	}
	if _, err := db.AddBeliefs(ctx, org, s.Revision+1, sheetOf(s, 2, "Ben")); !goalpost.IsKind(err, goalpost.Conflict) {
		t.Errorf("of another revision: %v", err)
	}
	if list, err := db.Beliefs(ctx, org, s.ID); err != nil || len(list) != 0 {
		t.Errorf("before the first answer: %v %v", list, err)
	}
	if own, err := db.BeliefsOf(ctx, org, s.ID, 1); err != nil || own.Claims == nil || own.Broken || own.SHA256 != given.SHA256 {
		t.Errorf("one's own: %+v %v", own, err)
	}
	if has, err := db.HasAnswers(ctx, org, s.ID); has || err != nil {
		t.Errorf("answers: %v %v", has, err)
	}
	keepAnswer(t, db, org, s, 1, 1, "Tide", false) // begun is enough
	if list, err := db.Beliefs(ctx, org, s.ID); err != nil || len(list) != 1 || list[0].By != "Ada" || list[0].Late {
		t.Errorf("after it: %+v %v", list, err)
	}
	late, err := db.AddBeliefs(ctx, org, s.Revision, sheetOf(s, 2, "Ben"))
	if err != nil || !late.Late {
		t.Errorf("late: %+v %v", late, err)
	}
	if err := db.EraseAnswer(ctx, org, s.ID, answerID(1), nil); err != nil {
		t.Fatal(err)
	}
	if list, err := db.Beliefs(ctx, org, s.ID); err != nil || len(list) != 2 {
		t.Errorf("once the answer is erased: %v %v", list, err)
	}
	if late, err := db.AddBeliefs(ctx, org, s.Revision, sheetOf(s, 3, "Cleo")); err != nil || !late.Late {
		t.Errorf("the erased answer was seen all the same: %+v %v", late, err)
	}
	givers, err := db.BeliefGivers(ctx, org, s.ID)
	if err != nil || len(givers) != 3 || givers[0].Late || !givers[1].Late {
		t.Errorf("%+v %v", givers, err)
	}
	if at, err := db.LastAnswered(ctx, org, s.ID); err != nil || !at.IsZero() {
		t.Errorf("an erased answer has a time: %v %v", at, err)
	}
}

// Whatever is changed in the file beside the program is noticed.
func TestChangedBeliefIsNoticed(t *testing.T) {
	db := open(t, Options{})
	org := organisation(t, db)
	s := keptSurvey(t, db, org)
	for user := range goalpost.UserID(2) {
		if _, err := db.AddBeliefs(ctx, org, s.Revision, sheetOf(s, user+1, "Ada")); err != nil {
			t.Fatal(err)
		}
	}
	for _, change := range []string{"UPDATE belief SET body = REPLACE(body, 'true', 'null') WHERE user_id = 1", "UPDATE belief SET late = 0 WHERE user_id = 2"} {
		if err := db.do(ctx, func(tx *tx) error { _, err := tx.exec(change); return err }); err != nil {
			t.Fatal(err)
		}
	}
	list, err := db.Beliefs(ctx, org, s.ID)
	if err != nil || len(list) != 2 || !list[0].Broken || !list[1].Broken {
		t.Errorf("%+v %v", list, err)
	}
}

var changesBelief = regexp.MustCompile(`(?is)(update|delete\s+from|replace\s+into|insert\s+or\s+\w+\s+into)\s+belief\b|into\s+belief\b[^";]*on\s+conflict`)

// No statement of the program changes or removes a belief.
func TestNothingChangesABelief(t *testing.T) {
	for _, s := range []string{"UPDATE belief SET late = 0", "DELETE FROM belief", "INSERT INTO belief (a) VALUES (1) ON CONFLICT DO NOTHING"} {
		if !changesBelief.MatchString(s) {
			t.Errorf("%s is not found, so this test shows nothing", s)
		}
	}
	read := 0
	for _, pattern := range []string{"*.go", "query/*.sql", "migrate/*.sql"} {
		names, err := filepath.Glob(pattern)
		if err != nil {
			t.Fatal(err)
		}
		for _, name := range names {
			if strings.HasSuffix(name, "_test.go") {
				continue
			}
			text, err := os.ReadFile(name)
			if err != nil {
				t.Fatal(err)
			}
			if read++; changesBelief.Match(text) {
				t.Errorf("%s changes beliefs", name)
			}
		}
	}
	if read < 50 {
		t.Errorf("only %d files", read)
	}
}
