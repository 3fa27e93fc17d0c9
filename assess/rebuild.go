package assess

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"slices"

	"goalpost"
	"goalpost/store"
)

// Rebuild computes everything derived again from the raw files, import by import
// in their order, to the same numbers. An interrupted rebuild is taken up again.
func Rebuild(ctx context.Context, db *store.DB, org goalpost.Organisation, progress func(done, all int)) error {
	unlock, err := db.LockImports(ctx, func() {})
	if err != nil {
		return fmt.Errorf("assess rebuild: %w", err)
	}
	defer unlock()
	all, err := db.Imports(ctx, org.ID)
	if err != nil {
		return fmt.Errorf("assess rebuild: %w", err)
	}
	var list []goalpost.Import
	for _, imp := range all {
		if imp.State == goalpost.ImportDone || imp.State == goalpost.ImportRebuild {
			list = append(list, imp)
		}
	}
	slices.SortFunc(list, func(a, b goalpost.Import) int { return cmp.Compare(a.ID, b.ID) })
	for _, imp := range list {
		if err := db.ResetImport(ctx, org.ID, imp.ID); err != nil {
			return fmt.Errorf("assess rebuild import %d: %w", imp.ID, err)
		}
	}
	for i, imp := range list {
		progress(i, len(list))
		if err := replay(ctx, db, org, imp); err != nil {
			return fmt.Errorf("assess rebuild import %d (%s): %w", imp.ID, imp.File, err)
		}
	}
	progress(len(list), len(list))
	return nil
}

// replay reads the raw file of an import again, with the answers that it was given.
func replay(ctx context.Context, db *store.DB, org goalpost.Organisation, imp goalpost.Import) (err error) {
	raw, err := db.OpenRaw(ctx, org.ID, imp.SHA256)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, raw.Close()) }()
	f, err := os.CreateTemp("", "goalpost-rebuild-*")
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, f.Close(), os.Remove(f.Name())) }()
	size, err := io.Copy(f, raw)
	if err != nil {
		return err
	}
	in := Input{Name: imp.File, R: f, Size: size, Answers: imp.Answers, Map: imp.Map, By: imp.By, Now: imp.StartedAt}
	plan, err := inspect(ctx, db, org, in)
	if err != nil {
		return err
	}
	if err := unanswered(plan, in); err != nil {
		return err
	}
	report, err := readInto(ctx, db, org.ID, imp.ID, plan, func(Progress) {})
	if err != nil {
		return err
	}
	report.Import, report.SHA256, report.File = imp.ID, imp.SHA256, imp.File
	report.Notes = append(assumed(imp.Report.Notes, report.Notes), report.Notes...)
	return db.FinishImport(ctx, org.ID, imp.ID, report, imp.FinishedAt)
}

// assumptions are the notes on what was taken for granted where the file does not say
// it. Read again, the file comes with these answers, so that it gives no such note.
var assumptions = []string{"import.note.observed-file", "import.note.observed-now", "import.note.zone-pacific", "import.note.zone-organisation",
	"import.note.currency", "import.note.sheets", "import.note.map-remembered"}

// assumed returns the notes of the first reading on what was assumed, without those that
// the second gives as well.
func assumed(before, now []goalpost.Note) []goalpost.Note {
	var kept []goalpost.Note
	for _, n := range before {
		again := slices.ContainsFunc(now, func(x goalpost.Note) bool { return x.Key == n.Key })
		if slices.Contains(assumptions, n.Key) && !again {
			kept = append(kept, n)
		}
	}
	return kept
}
