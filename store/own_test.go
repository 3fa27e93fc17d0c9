package store

import (
	"errors"
	"testing"

	"goalpost"
)

// Own answers are only added, in their order; two people who answer at once do not
// overwrite each other unseen, and a refused list leaves nothing behind.
func TestOwnAnswers(t *testing.T) {
	db := open(t, Options{})
	org := organisation(t, db)
	answer := func(wave string, choices ...string) goalpost.OwnAnswer {
		return goalpost.OwnAnswer{Question: "goals", Version: 1, Wave: wave, Choices: choices, At: when, By: "Ada"}
	}
	if err := db.AddOwnAnswers(ctx, org, "trade", 0, []goalpost.OwnAnswer{answer("2025", "sales"), answer("2026")}); err != nil {
		t.Fatal(err)
	}
	if err := db.AddOwnAnswers(ctx, org, "trade", 2, []goalpost.OwnAnswer{answer("2026", "brand")}); err != nil {
		t.Fatal(err)
	}
	var e *goalpost.Error
	if err := db.AddOwnAnswers(ctx, org, "trade", 2, []goalpost.OwnAnswer{answer("2026", "leads")}); !errors.As(err, &e) || e.Kind != goalpost.Conflict {
		t.Errorf("an answer from an old page\ngot:  %v\nwant: a conflict", err)
	}
	if err := db.AddOwnAnswers(ctx, org, "other", 0, []goalpost.OwnAnswer{answer("2026")}); err != nil {
		t.Fatal(err)
	}
	all, err := db.OwnAnswers(ctx, org, "")
	if err != nil || len(all["trade"]) != 3 || len(all["other"]) != 1 {
		t.Fatalf("\ngot:  %v %v", all, err)
	}
	if last := all["trade"][2]; last.Choices[0] != "brand" || last.By != "Ada" || !last.At.Equal(when) {
		t.Errorf("\ngot:  %+v", last)
	}
	if one, err := db.OwnAnswers(ctx, org, "trade"); err != nil || len(one) != 1 {
		t.Errorf("\ngot:  %v %v", one, err)
	}
	if err := db.AddOwnAnswers(ctx, org+7, "trade", 0, nil); !errors.As(err, &e) || e.Kind != goalpost.NotFound {
		t.Errorf("no such organisation\ngot:  %v", err)
	}
}
