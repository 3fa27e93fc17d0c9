package store

import "testing"

// A step counts only what came after it, and an older step never takes the place of a newer.
func TestPublishedSteps(t *testing.T) {
	db := open(t, Options{})
	org := organisation(t, db)
	s := keptSurvey(t, db, org)
	keepAnswer(t, db, org, s, 2, 1, "Sand", true)
	keepAnswer(t, db, org, s, 3, 1, "Salt", false)
	if n, err := db.NewComplete(ctx, org, s.ID, 0); n != 2 || err != nil {
		t.Fatalf("%d complete answers, want 2: %v", n, err)
	}
	list, err := db.AnswersSince(ctx, org, s.ID, 0, 1)
	if err != nil || len(list) != 1 {
		t.Fatal(list, err)
	}
	if n, err := db.NewComplete(ctx, org, s.ID, list[0].Change); n != 1 || err != nil {
		t.Errorf("%d after the first, want 1: %v", n, err)
	}
	for _, x := range []PublishedResults{{Change: 7, N: 5, Body: []byte("new")}, {Change: 6, N: 4, Body: []byte("old")}} {
		x.At = when
		if err := db.KeepPublished(ctx, org, s.ID, x); err != nil {
			t.Fatal(err)
		}
	}
	if p, err := db.PublishedResults(ctx, org, s.ID); err != nil || p.Change != 7 || p.N != 5 || p.Step != 2 || string(p.Body) != "new" || !p.At.Equal(when) {
		t.Errorf("%+v %v", p, err)
	}
}
