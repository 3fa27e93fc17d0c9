package store_test

import (
	"context"
	"fmt"
	"path/filepath"
	"sync"
	"testing"

	"goalpost/store"
)

// Programs that begin at the same moment on an empty directory wait for each other: the
// engine refuses at once, whatever its patience, while another one turns the file to its
// write-ahead log.
func TestOpenedTogether(t *testing.T) {
	root := t.TempDir()
	for round := range 40 {
		dir := filepath.Join(root, fmt.Sprint(round))
		var all sync.WaitGroup
		for range 12 {
			all.Go(func() {
				db, err := store.Open(context.Background(), dir, store.Options{})
				if err != nil {
					t.Errorf("round %d: %v", round, err)
					return
				}
				if err := db.Close(); err != nil {
					t.Errorf("round %d: close: %v", round, err)
				}
			})
		}
		all.Wait()
	}
}
