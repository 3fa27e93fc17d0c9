package gptest

import (
	"testing"

	"goalpost/gptest/need"
)

// Shared is need.Shared, for tests that import gptest anyway. A test inside a
// package that gptest itself imports (store, ingest, assess, demo) calls
// gptest/need directly, else the imports form a circle.
func Shared(t testing.TB) string { t.Helper(); return need.Shared(t) }

// Chromium is need.Chromium.
func Chromium(t testing.TB) string { t.Helper(); return need.Chromium(t) }

// Postgres is need.Postgres.
func Postgres(t testing.TB) string { t.Helper(); return need.Postgres(t) }

// Skip is need.Skip.
func Skip(t testing.TB, reason string) { t.Helper(); need.Skip(t, reason) }
