package assess_test

import (
	"context"
	"errors"
	"strings"
	"testing"

	"goalpost"
	"goalpost/assess"
)

// Refused: texts of an activity that are too long, or that nobody can see; in characters,
// not bytes.
func TestActivityTexts(t *testing.T) {
	ctx := context.Background()
	db, org := open(t)
	add := func(name, region string) error {
		_, err := assess.AddActivity(ctx, db, org, assess.ActivityInput{Name: name, Region: region, Runs: []assess.RunInput{{From: "2025-07-01"}}, By: "Ada", Now: now})
		return err
	}
	if err := add(strings.Repeat("ü", goalpost.MaxActivityName), "Nord"); err != nil {
		t.Error(err)
	}
	for _, c := range [][4]string{{"", "", "name", "no-name"}, {strings.Repeat("ü", goalpost.MaxActivityName+1), "", "name", "long"}, {"a\x00b", "", "name", "hidden"}, {"a", "b\x1b[2J", "region", "hidden"}} {
		var e *goalpost.Error
		if err := add(c[0], c[1]); !errors.As(err, &e) || e.Field != c[2] || e.Key != "error.activity."+c[3] {
			t.Errorf("%q in %q\ngot:  %v\nwant: %s in field %s", c[0], c[1], err, c[3], c[2])
		}
	}
	var e *goalpost.Error
	if _, err := assess.RemoveActivity(ctx, db, org, 1, assess.ActivityInput{Why: "a\x00", By: "Ada", Now: now}); !errors.As(err, &e) || e.Field != "why" || e.Key != "error.activity.hidden" {
		t.Errorf("got: %v", err)
	}
}

// Who names an account before any network was imported is told what to do first.
func TestAccountBeforeAnyImport(t *testing.T) {
	db, org := open(t)
	var e *goalpost.Error
	if _, err := assess.ScopeOf(context.Background(), db, org.ID, []string{"Shop"}, nil); !errors.As(err, &e) || e.Key != "error.goal.no-account" || e.Field != "account" {
		t.Errorf("got: %v", err)
	}
}
