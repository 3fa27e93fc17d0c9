package assess_test

import (
	"context"
	"errors"
	"strings"
	"testing"

	"goalpost"
	"goalpost/assess"
	"goalpost/gptest"
	"goalpost/store"
)

// shop is an empty organisation in a temporary store.
func shop(t *testing.T) (*store.DB, goalpost.Organisation) {
	t.Helper()
	db := gptest.Store(t)
	org, err := db.CreateOrganisation(context.Background(), goalpost.Organisation{Name: "Shop", Language: "en", TimeZone: "Europe/Berlin", Adopted: true})
	if err != nil {
		t.Fatal(err)
	}
	return db, org
}

// Which of two values counts follows from when they were seen, not from which was imported
// first; rows of one day are added before they are compared, and money is compared as money.
func TestImportsAreCompared(t *testing.T) {
	db, org := shop(t)
	load := func(name, text, observed string) goalpost.FileReport {
		t.Helper()
		d, err := goalpost.ParseDay(observed)
		if err != nil {
			t.Fatal(err)
		}
		r, err := assess.Import(context.Background(), db, org, assess.Input{Name: name, R: strings.NewReader(text), Size: int64(len(text)), By: "test", Now: now,
			Answers: goalpost.Answers{Currency: "EUR", ObservedAt: d.Start(org.Zone())}}, nil)
		if err != nil {
			t.Fatal(err)
		}
		return r
	}
	load("a.csv", "date,revenue,region\n2020-01-01,1.10,zz\n2020-01-01,2.20,zz\n2020-01-02,5,zz\n", "2020-02-10")
	r := load("b.csv", "date,revenue,region\n2020-01-01,3.30,zz\n2020-01-02,6,zz\n2020-01-03,7,zz\n", "2020-02-01")
	if len(r.Overlap) != 1 || r.AlreadyKnown != 1 {
		t.Fatalf("%d known, %+v", r.AlreadyKnown, r.Overlap)
	}
	o := r.Overlap[0]
	if o.Same != 1 || o.Differ != 1 || o.Older != 1 || o.First == nil || o.First.Line != 3 || o.First.Before != 5 || o.First.Now != 6 || o.First.Currency != "EUR" {
		t.Errorf("%+v %+v", o, o.First)
	}
	if r.Again {
		t.Error("another file")
	}
}

// A rise needs a baseline; where nothing was imported for the KPI that is said, and not
// that some days are missing.
func TestBaselineWithoutAnyData(t *testing.T) {
	db, org := shop(t)
	_, err := assess.AddGoal(context.Background(), db, org, assess.GoalInput{Kind: "support", KPI: "applications", Target: "+10%", From: "2020-01-01", Until: "2020-12-31", By: "test", Now: now})
	if e, ok := errors.AsType[*goalpost.Error](err); !ok || e.Key != "error.goal.baseline-no-data" {
		t.Errorf("got: %v", err)
	}
}
