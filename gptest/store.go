package gptest

import (
	"context"
	"testing"

	"goalpost"
	"goalpost/store"
)

// Store opens a store in a temporary directory with one organisation in UTC, and
// closes it when the test ends.
func Store(t testing.TB) *store.DB {
	t.Helper()
	db, err := store.Open(context.Background(), t.TempDir(), store.Options{})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := db.Close(); err != nil {
			t.Error(err)
		}
	})
	if _, err := db.CreateOrganisation(context.Background(), goalpost.Organisation{Name: "Harbour Shoes", Language: "en", TimeZone: "UTC", Currency: "EUR", Adopted: true}); err != nil {
		t.Fatal(err)
	}
	return db
}
