package ingest

import (
	"context"
	"io"
	"time"

	"goalpost"
)

// Source is a file. Name is its base name: some exports say only there when they
// were made.
type Source struct {
	Name string
	R    io.ReaderAt
	Size int64 // bytes
}

// Options is what is known beside the file.
type Options struct {
	Answers    goalpost.Answers              // what flags or the page said
	Zone       *time.Location                // the organisation's zone, which cuts days; nil means UTC
	Currency   string                        // the organisation's currency; empty: not set
	Map        *Map                          // given by --map or the page
	AsTable    bool                          // propose a map also for an export that is known and not read by itself
	Remembered func(fingerprint string) *Map // maps that were confirmed before; nil: none
	Proposed   *Map                          // what was confirmed for this file before it was undone; nil: none
	Now        time.Time                     // the moment of the import
}

// Question is something that the file does not say. Field is the name in
// goalpost.Answers ("account", "network", "time_zone", "date_order", "currency",
// "observed_at", "sheet"), or "decimal", which a column map answers.
type Question struct {
	Field   string
	Flag    string   // the command line's flag that answers it
	Choices []string // possible answers; empty: any text
	Why     goalpost.Note
}

// Plan is what Inspect made of a file.
type Plan struct {
	Source
	Dialect     string           // "meta-content-facebook", …, "table" for a column map
	Answers     goalpost.Answers // those given, and what was assumed for the rest
	Map         *Map             // nil for a platform's dialect
	Fingerprint string           // of the header, for remembering the map; empty without one
	NeedsMap    bool             // Map is only a proposal: a person has to confirm it
	Questions   []Question       // unanswered: Read refuses until they are answered
	Header      []string
	Sample      [][]string      // first rows below the header, for the page; long cells are cut
	Notes       []goalpost.Note // what was assumed

	options Options
	layout  layout
	// brokenLine is the first line above or among the first rows whose quotes do not fit.
	brokenLine int
	rows       func() handler // makes the dialect's state for one reading
}

// Dialects. Files that are something else are refused by name, or read as a table.
const (
	DialectFacebook  = "meta-content-facebook"
	DialectInstagram = "meta-content-instagram"
	DialectMetaDaily = "meta-daily"
	DialectXOverview = "x-overview"
	DialectXContent  = "x-content"
	DialectTwitter   = "twitter-by-tweet"
	DialectTable     = "table" // any table, through a column map
)

// Inspect reads as much of a file as it needs to say what it is: the head, and
// all of it where only all values together show the order of dates or the sign
// of decimals. A file that cannot be imported fails with a *goalpost.Error.
func Inspect(ctx context.Context, s Source, o Options) (*Plan, error) {
	p, err := inspect(ctx, s, o)
	if err != nil {
		return nil, inFile(err, s.Name)
	}
	return p, nil
}

// Read streams the file: sink gets its rows in batches of about 2,000, in the
// file's order, and owns them. It refuses with an Ask error while a question is
// open or the map is not confirmed. The report is complete only without an error.
func (p *Plan) Read(ctx context.Context, sink func(goalpost.Batch) error) (goalpost.FileReport, error) {
	report, err := p.read(ctx, sink)
	return report, inFile(err, p.Name)
}
