package main

import (
	"testing"

	"goalpost/gptest/need"
)

// TestReaders lets a small crowd loose; with --long the whole one.
func TestReaders(t *testing.T) {
	if testing.Short() {
		t.Skip("starts the real program several times")
	}
	crowd(t, Options{N: 400, Clients: 8, Kills: 3, Seed: 1})
}

// TestReadersLong is the crowd of 10,000.
func TestReadersLong(t *testing.T) {
	need.Long(t)
	crowd(t, Options{N: 10_000, Clients: 16, Kills: 20, Seed: 2})
}

func crowd(t *testing.T, o Options) {
	t.Helper()
	r, err := Run(t.Context(), o)
	if err != nil {
		t.Fatalf("seed %d: %v", o.Seed, err)
	}
	t.Log(r)
	for _, f := range r.Faults {
		t.Errorf("seed %d: %s", o.Seed, f)
	}
}
