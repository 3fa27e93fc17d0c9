package assess

import (
	"cmp"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"slices"
	"time"

	"goalpost"
	"goalpost/ingest"
	"goalpost/store"
)

// Inspect says what Goalpost makes of a file, without storing anything.
func Inspect(ctx context.Context, db *store.DB, org goalpost.Organisation, in Input) (Proposal, error) {
	sum, err := hashOf(ctx, in)
	if err != nil {
		return Proposal{}, err
	}
	plan, err := inspect(ctx, db, org, in)
	if err != nil {
		return Proposal{}, err
	}
	p := proposalOf(plan)
	if p.Known, err = knownImport(ctx, db, org, in, sum); err != nil || p.Known != nil || !plan.NeedsMap || len(in.Map) > 0 {
		return p, err
	}
	return againAsked(ctx, db, org, in, sum, p)
}

// againAsked proposes for a file that was undone what was said of it then. It is still
// only a proposal: something was wrong with it.
func againAsked(ctx context.Context, db *store.DB, org goalpost.Organisation, in Input, sum string, p Proposal) (Proposal, error) {
	all, err := db.Imports(ctx, org.ID)
	if err != nil {
		return p, fmt.Errorf("assess inspect %s: %w", in.Name, err)
	}
	i := slices.IndexFunc(all, func(i goalpost.Import) bool {
		return i.State == goalpost.ImportUndone && i.SHA256 == sum && len(i.Map) > 0 && (in.Answers.Sheet == "" || in.Answers.Sheet == i.Answers.Sheet)
	})
	if i < 0 {
		return p, nil
	}
	before, err := ingest.ParseMap(all[i].Map)
	if err != nil {
		return p, nil //nolint:nilerr // a map of an older version; the plain proposal stands
	}
	o := options(ctx, db, org, in)
	o.Proposed = before
	plan, err := ingest.Inspect(ctx, ingest.Source{Name: in.Name, R: in.R, Size: in.Size}, o)
	if err != nil {
		return p, err
	}
	p = proposalOf(plan)
	p.Before = all[i].Answers
	return p, nil
}

// Import reads a file into the store: each row is kept or reported with line and
// reason. The same file a second time changes nothing. A file that asks something
// which nobody answered is refused with the question. Imports of several processes
// are queued; the verdicts are made anew afterwards.
func Import(ctx context.Context, db *store.DB, org goalpost.Organisation, in Input, progress func(Progress)) (goalpost.FileReport, error) {
	if progress == nil {
		progress = func(Progress) {}
	}
	sum, err := hashOf(ctx, in)
	if err != nil {
		return goalpost.FileReport{}, err
	}
	unlock, err := db.LockImports(ctx, func() { progress(Progress{Waiting: true, Size: in.Size}) })
	if err != nil {
		return goalpost.FileReport{}, fmt.Errorf("assess import %s: %w", in.Name, err)
	}
	defer unlock()
	known, err := knownImport(ctx, db, org, in, sum)
	if err != nil {
		return goalpost.FileReport{}, err
	}
	if known != nil {
		return again(*known, in, org.Zone())
	}
	plan, err := inspect(ctx, db, org, in)
	if err != nil {
		return goalpost.FileReport{}, err
	}
	if err := unanswered(plan, in); err != nil {
		return goalpost.FileReport{}, err
	}
	report, err := load(ctx, db, org, in, plan, sum, progress)
	if err != nil {
		return report, err
	}
	if err := Refresh(ctx, db, org, in.Now); err != nil {
		return report, err
	}
	return report, nil
}

// UndoImport takes the rows of an import out again. The raw file and the ledger's
// row stay; importing the file again brings it back.
func UndoImport(ctx context.Context, db *store.DB, org goalpost.Organisation, id goalpost.ImportID, by string, now time.Time) error {
	unlock, err := db.LockImports(ctx, func() {})
	if err != nil {
		return fmt.Errorf("assess undo import %d: %w", id, err)
	}
	defer unlock()
	if err := db.UndoImport(ctx, org.ID, id, by, now); err != nil {
		return fmt.Errorf("assess undo import %d: %w", id, err)
	}
	return Refresh(ctx, db, org, now)
}

// hashOf returns the SHA-256 of a file in hex.
func hashOf(ctx context.Context, in Input) (string, error) {
	h := sha256.New()
	r := io.NewSectionReader(in.R, 0, in.Size)
	buf := make([]byte, 1<<20)
	for {
		if err := ctx.Err(); err != nil {
			return "", err
		}
		n, err := r.Read(buf)
		h.Write(buf[:n])
		if errors.Is(err, io.EOF) {
			return hex.EncodeToString(h.Sum(nil)), nil
		}
		if err != nil {
			return "", fmt.Errorf("assess: read %s: %w", in.Name, err)
		}
	}
}

// knownImport returns the import of the same bytes, nil if there is none. Several
// sheets of one workbook are several imports: without a named sheet the bytes are
// known when no other sheet of them could be meant.
func knownImport(ctx context.Context, db *store.DB, org goalpost.Organisation, in Input, sum string) (*goalpost.Import, error) {
	list, err := db.DoneImportsByHash(ctx, org.ID, sum)
	if err != nil {
		return nil, fmt.Errorf("assess import: %w", err)
	}
	if len(list) == 0 {
		return nil, nil
	}
	if list[0].Answers.Sheet == "" {
		return &list[0], nil
	}
	sheet, err := sheetOf(in)
	if err != nil {
		return nil, err
	}
	if sheet == "" {
		plan, err := inspect(ctx, db, org, in)
		if err != nil || sheetLeft(plan, list) {
			return nil, err
		}
		return &list[0], nil
	}
	if i := slices.IndexFunc(list, func(i goalpost.Import) bool { return i.Answers.Sheet == sheet }); i >= 0 {
		return &list[i], nil
	}
	return nil, nil
}

// sheetOf is the sheet that an answer or the map names.
func sheetOf(in Input) (string, error) {
	if in.Answers.Sheet != "" || len(in.Map) == 0 {
		return in.Answers.Sheet, nil
	}
	m, err := ingest.ParseMap(in.Map)
	if err != nil {
		return "", err
	}
	return m.Sheet, nil
}

// sheetLeft reports whether a plan asks for a sheet that was not imported yet.
func sheetLeft(plan *ingest.Plan, done []goalpost.Import) bool {
	for _, q := range plan.Questions {
		if q.Field != "sheet" {
			continue
		}
		for _, name := range q.Choices {
			if !slices.ContainsFunc(done, func(i goalpost.Import) bool { return i.Answers.Sheet == name }) {
				return true
			}
		}
	}
	return false
}

// again answers the second import of the same bytes: nothing new, unless it comes
// with other answers, which would contradict the first.
func again(known goalpost.Import, in Input, zone *time.Location) (goalpost.FileReport, error) {
	was := known.Answers
	if m, err := ingest.ParseMap(known.Map); err == nil { // what its map said
		was.Account, was.Network, was.Currency = cmp.Or(was.Account, m.Account), cmp.Or(was.Network, m.Network), cmp.Or(was.Currency, m.Currency)
	}
	if flag := contradiction(was, in.Answers, zone); flag != "" {
		return goalpost.FileReport{}, &goalpost.Error{Kind: goalpost.Conflict, Key: "error.import.other-answers", File: in.Name, Flag: flag,
			Args: []goalpost.Arg{goalpost.PlainArg(int(known.ID)), goalpost.TextArg(flag)}}
	}
	if len(in.Map) > 0 {
		given, err := ingest.ParseMap(in.Map)
		if err != nil {
			return goalpost.FileReport{}, err
		}
		before, err := ingest.ParseMap(known.Map)
		if err != nil || string(given.JSON()) != string(before.JSON()) {
			return goalpost.FileReport{}, &goalpost.Error{Kind: goalpost.Conflict, Key: "error.import.other-answers", File: in.Name, Flag: "--map",
				Args: []goalpost.Arg{goalpost.PlainArg(int(known.ID)), goalpost.TextArg("--map")}}
		}
	}
	r := known.Report
	r.File, r.AlreadyKnown, r.Again = in.Name, r.Kept, true
	return r, nil
}

// contradiction returns the flag of the first answer that differs from what the
// first import was told. Where it was told no account, network or currency, the file has
// them itself or needs none, and an answer for all files of a call changes nothing. Of when the counts were seen only the day is asked; a day that
// is not over yet means now, which goes on.
func contradiction(was, now goalpost.Answers, zone *time.Location) string {
	switch {
	case was.Account != "" && now.Account != "" && now.Account != was.Account:
		return "--account"
	case was.Network != "" && now.Network != "" && now.Network != was.Network:
		return "--network"
	case now.TimeZone != "" && now.TimeZone != was.TimeZone:
		return "--time-zone"
	case now.DateOrder != "" && now.DateOrder != was.DateOrder:
		return "--date-order"
	case was.Currency != "" && now.Currency != "" && now.Currency != was.Currency:
		return "--currency"
	case !now.ObservedAt.IsZero() && goalpost.DayOf(now.ObservedAt, zone) != goalpost.DayOf(was.ObservedAt, zone):
		return "--observed-at"
	}
	return ""
}

// options is what is known beside a file.
func options(ctx context.Context, db *store.DB, org goalpost.Organisation, in Input) ingest.Options {
	return ingest.Options{AsTable: in.AsTable, Answers: in.Answers, Zone: org.Zone(), Currency: org.Currency, Now: in.Now,
		Remembered: func(fingerprint string) *ingest.Map {
			data, err := db.ColumnMap(ctx, org.ID, fingerprint)
			if err != nil {
				return nil // none remembered: the proposal is asked about
			}
			m, err := ingest.ParseMap(data)
			if err != nil {
				return nil
			}
			return m
		}}
}

func inspect(ctx context.Context, db *store.DB, org goalpost.Organisation, in Input) (*ingest.Plan, error) {
	o := options(ctx, db, org, in)
	if len(in.Map) > 0 {
		m, err := ingest.ParseMap(in.Map)
		if err != nil {
			return nil, err
		}
		o.Map = m
	}
	return ingest.Inspect(ctx, ingest.Source{Name: in.Name, R: in.R, Size: in.Size}, o)
}

// unanswered refuses a file that asks something, with the first question.
func unanswered(p *ingest.Plan, in Input) error {
	if p.NeedsMap {
		return &goalpost.Error{Kind: goalpost.Ask, Key: "error.import.needs-map", File: in.Name, Flag: "--map"}
	}
	for _, q := range p.Questions {
		e := &goalpost.Error{Kind: goalpost.Ask, Key: q.Why.Key, Args: q.Why.Args, File: in.Name, Flag: q.Flag}
		return e
	}
	return nil
}

// load stores a planned file. Whatever goes wrong, nothing half stays.
func load(ctx context.Context, db *store.DB, org goalpost.Organisation, in Input, plan *ingest.Plan, sum string, progress func(Progress)) (report goalpost.FileReport, err error) {
	imp := goalpost.Import{State: goalpost.ImportLoading, File: in.Name, Dialect: plan.Dialect, SHA256: sum,
		Answers: plan.Answers, StartedAt: in.Now.UTC(), By: in.By}
	if plan.Map != nil {
		imp.Map = plan.Map.JSON()
	}
	if imp.ID, err = db.BeginImport(ctx, org.ID, imp); err != nil {
		return report, fmt.Errorf("assess import %s: %w", in.Name, err)
	}
	defer func() {
		if err == nil {
			return
		}
		if undo := db.AbandonImport(context.WithoutCancel(ctx), org.ID, imp.ID); undo != nil {
			err = errors.Join(err, undo)
		}
	}()
	if err = db.PutRaw(ctx, org.ID, sum, io.NewSectionReader(in.R, 0, in.Size), in.Size); err != nil {
		return report, fmt.Errorf("assess import %s: %w", in.Name, err)
	}
	report, err = readInto(ctx, db, org.ID, imp.ID, plan, progress)
	if err != nil {
		return report, err
	}
	report.Import, report.SHA256, report.File = imp.ID, sum, in.Name
	if err = db.FinishImport(ctx, org.ID, imp.ID, report, in.Now.UTC()); err != nil {
		return report, fmt.Errorf("assess import %s: %w", in.Name, err)
	}
	if plan.Map != nil {
		if err = db.SaveColumnMap(ctx, org.ID, plan.Fingerprint, remembered(*plan.Map, in.Answers).JSON(), imp.ID); err != nil {
			return report, fmt.Errorf("assess import %s: %w", in.Name, err)
		}
	}
	return report, nil
}

// sortedValues is how many values of series are gathered and sorted before they are
// stored: values of one series lie side by side in the store, so that sorted ones
// touch few pages a commit. A table of 900 series in the order of days touched 1,800
// pages for 4,000 values (measured on a busy machine: 1 M rows 69 s, sorted 11 s). It takes 8 MB.
const sortedValues = 40_000

// valuesAtOnce is how many values one short transaction stores.
const valuesAtOnce = 4_000

// readInto reads in one goroutine and stores in another, so that two cores are used.
func readInto(ctx context.Context, db *store.DB, org goalpost.OrgID, id goalpost.ImportID, plan *ingest.Plan, progress func(Progress)) (goalpost.FileReport, error) {
	ctx, cancel := context.WithCancel(ctx)
	defer cancel()
	batches := make(chan goalpost.Batch, sortedValues/valuesAtOnce+1) // the writer goes on while the next values are read and sorted
	stored := make(chan error, 1)
	known := 0
	go func() {
		stored <- func() error {
			for b := range batches {
				n, err := db.AppendBatch(ctx, org, id, b, plan.Answers.ObservedAt)
				if err != nil {
					cancel()
					return err
				}
				known += n
				progress(Progress{Bytes: b.BytesRead, Size: plan.Size, Rows: b.RowsRead})
			}
			return nil
		}()
	}()
	send := func(b goalpost.Batch) error {
		select {
		case batches <- b:
			return nil
		case <-ctx.Done():
			return ctx.Err()
		}
	}
	values := make([]goalpost.ValueRecord, 0, sortedValues+8192)
	flush := func(last goalpost.Batch) error {
		slices.SortStableFunc(values, bySeries)
		for chunk := range slices.Chunk(values, valuesAtOnce) {
			if err := send(goalpost.Batch{Values: chunk, BytesRead: last.BytesRead, RowsRead: last.RowsRead}); err != nil {
				return err
			}
		}
		values = make([]goalpost.ValueRecord, 0, sortedValues+8192) // what was sent belongs to the other side
		return nil
	}
	var last goalpost.Batch
	report, err := plan.Read(ctx, func(b goalpost.Batch) error {
		values, last = append(values, b.Values...), b
		b.Values = nil
		if len(b.Posts)+len(b.Activities) > 0 {
			if err := send(b); err != nil {
				return err
			}
		}
		if len(values) < sortedValues {
			return nil
		}
		return flush(b)
	})
	if err == nil {
		err = flush(last)
	}
	close(batches)
	if storeErr := <-stored; storeErr != nil {
		return report, fmt.Errorf("assess import %s: %w", plan.Name, storeErr)
	}
	if err != nil {
		return report, err
	}
	rows, overlap := db.Overlap(org, id)
	report.AlreadyKnown, report.Overlap = known+rows, overlap
	return report, nil
}

// bySeries orders values as the store keeps them.
func bySeries(a, b goalpost.ValueRecord) int {
	return cmp.Or(cmp.Compare(a.Key.Metric, b.Key.Metric), cmp.Compare(a.Account.Name, b.Account.Name), cmp.Compare(a.Key.Network, b.Key.Network),
		cmp.Compare(a.Key.Region, b.Key.Region), cmp.Compare(a.Key.Product, b.Key.Product), cmp.Compare(a.Day, b.Day))
}

// remembered is a confirmed map together with what a person answered about the form
// of the file, so that the next one with the same header is not asked again. Whose
// figures they are is asked each time: two profiles have tables with the same header.
func remembered(m ingest.Map, a goalpost.Answers) *ingest.Map {
	m.Currency = cmp.Or(a.Currency, m.Currency)
	m.TimeZone = cmp.Or(a.TimeZone, m.TimeZone)
	m.DateOrder = cmp.Or(a.DateOrder, m.DateOrder)
	return &m
}
