package store

import (
	"errors"
	"testing"

	"goalpost"
)

// A token is found by its hash until it is removed; names are unique whatever their case.
func TestToken(t *testing.T) {
	db := open(t, Options{})
	org := organisation(t, db)
	x, err := db.CreateToken(ctx, org, goalpost.Token{Name: "Shop", Role: goalpost.RoleEditor, MadeAt: when, MadeBy: "Ada"}, "hash")
	if err != nil {
		t.Fatal(err)
	}
	kind := func(err error) goalpost.ErrorKind {
		e, _ := errors.AsType[*goalpost.Error](err)
		if e == nil {
			return ""
		}
		return e.Kind
	}
	if _, err := db.CreateToken(ctx, org, goalpost.Token{Name: "SHOP", MadeAt: when}, "other"); kind(err) != goalpost.Conflict {
		t.Errorf("the same name twice: %v", err)
	}
	if err := db.UseToken(ctx, org, x.ID, 20000); err != nil {
		t.Fatal(err)
	}
	x.UsedDay = 20000
	got, err := db.TokenByHash(ctx, org, "hash")
	if err != nil || got != x {
		t.Errorf("\ngot:  %+v %v\nwant: %+v", got, err, x)
	}
	if err := db.RemoveToken(ctx, org, x.ID); err != nil {
		t.Fatal(err)
	}
	if _, err := db.TokenByHash(ctx, org, "hash"); kind(err) != goalpost.NotFound {
		t.Errorf("a removed token is found: %v", err)
	}
	if list, err := db.Tokens(ctx, org); err != nil || len(list) != 0 {
		t.Errorf("%v %v", list, err)
	}
}

// The same request adds one activity, however often it comes; another with its key none.
func TestActivityOfOneRequest(t *testing.T) {
	db := open(t, Options{})
	org := organisation(t, db)
	request := ActivityRequest{Key: "k", Hash: "h"}
	results := make(chan bool, 8)
	for range cap(results) {
		go func() {
			_, created, err := db.CreateActivityOnce(ctx, org, campaign(1), request)
			if err != nil {
				t.Error(err)
			}
			results <- created
		}()
	}
	made := 0
	for range cap(results) {
		if <-results {
			made++
		}
	}
	list, err := db.Activities(ctx, org)
	if made != 1 || err != nil || len(list) != 1 {
		t.Errorf("%d were told that they made it, there are %d, %v", made, len(list), err)
	}
	if a, err := db.ActivityByRequest(ctx, org, request); err != nil || a.ID != list[0].ID {
		t.Errorf("%v %v", a, err)
	}
	for _, err := range []error{
		func() error {
			_, _, err := db.CreateActivityOnce(ctx, org, campaign(1), ActivityRequest{Key: "k", Hash: "x"})
			return err
		}(),
		func() error {
			_, err := db.ActivityByRequest(ctx, org, ActivityRequest{Key: "k", Hash: "x"})
			return err
		}(),
	} {
		if e, ok := errors.AsType[*goalpost.Error](err); !ok || e.Key != "error.activity.key-used" {
			t.Errorf("another request with the key: %v", err)
		}
	}
}
