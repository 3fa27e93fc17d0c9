package goalpost

import (
	"maps"
	"slices"
	"time"
)

// ImportID is one accepted file.
type ImportID int64

// ImportState is where an import stands.
type ImportState string

// States of an import. What is loading or undoing when the program starts was cut
// off: it is removed, or taken out to the end.
const (
	ImportLoading ImportState = "loading"
	ImportDone    ImportState = "done"
	ImportUndoing ImportState = "undoing" // its rows are being taken out
	ImportUndone  ImportState = "undone"
	ImportRebuild ImportState = "rebuild" // its rows are being computed again from the raw file
)

// Import is the ledger's row of one accepted file.
type Import struct {
	ID         ImportID
	State      ImportState
	File       string // base name, as given
	Dialect    string // "meta-content-facebook", …, "table" for a column map
	SHA256     string // of the raw bytes, hex
	Answers    Answers
	Map        []byte // column map as JSON, empty for a platform's dialect
	StartedAt  time.Time
	FinishedAt time.Time
	UndoneAt   time.Time
	UndoneBy   string
	By         string // who imported
	Report     FileReport
}

// Answers are what a file does not say and a person, a flag or a setting did.
// Empty fields were not answered.
type Answers struct {
	Account    string    `json:"account,omitempty"`
	Network    Network   `json:"network,omitempty"`
	TimeZone   string    `json:"time_zone,omitempty"`  // of the times in the file
	DateOrder  string    `json:"date_order,omitempty"` // "dmy", "mdy", "ymd"
	Currency   string    `json:"currency,omitempty"`
	ObservedAt time.Time `json:"observed_at,omitzero"`
	Sheet      string    `json:"sheet,omitempty"` // of a workbook
}

// PostRecord is a row of a file about a post.
type PostRecord struct {
	Line    int // line of the file, from 1
	Account AccountRef
	Post    Post // ID and Account are not set
	Counts  Counts
	// EngagementsDerived is set as in Snapshot.
	EngagementsDerived bool
}

// ValueRecord is one value of a series. Records of one import with the same
// series and day are added.
type ValueRecord struct {
	Line    int
	Account AccountRef // zero for own data
	Key     SeriesKey  // Account is not set
	Day     Day
	Value   float64 // major units for money
}

// ActivityRecord is a row of a file about an activity.
type ActivityRecord struct {
	Line     int
	Activity Activity
}

// Batch is some rows of a file, at most a few thousand, in the file's order.
type Batch struct {
	Posts      []PostRecord
	Values     []ValueRecord
	Activities []ActivityRecord
	BytesRead  int64 // of the raw file so far, for progress
	RowsRead   int
}

// Coverage says that a file holds every post of an account in a period, so that
// a day without a post is a zero and not a gap.
type Coverage struct {
	Account AccountRef
	Period  Period
}

// Reason counts rows that were not kept, with the lines of the first ones.
type Reason struct {
	Reason string `json:"reason"` // code; locale says it: "import.reason.<code>"
	Count  int    `json:"count"`
	Lines  []int  `json:"lines"` // at most MaxReasonLines; from 1
	// Cells are the first cells that could not be read, where a single cell is to blame.
	Cells []BadCell `json:"cells,omitempty"`
}

// BadCell is a cell that could not be read, as it stands in the file; a long value is cut,
// and one that holds an address of a person is left out.
type BadCell struct {
	Line   int    `json:"line"`
	Column string `json:"column"`
	Value  string `json:"value"`
}

// Cell returns the column and the value of the cell that is to blame for a line, where it
// is listed.
func (r Reason) Cell(line int) (column, value string) {
	for _, c := range r.Cells {
		if c.Line == line {
			return c.Column, c.Value
		}
	}
	return "", ""
}

// MaxReasonCells is how many cells a Reason lists.
const MaxReasonCells = 20

// Overlap is how the values of one metric in a file agree with other imports of the same
// series and days.
type Overlap struct {
	Metric Metric      `json:"metric"`
	Same   int         `json:"same"`            // values that were known
	Differ int         `json:"differ"`          // values that another import states otherwise
	Older  int         `json:"older,omitempty"` // of Differ: the other import was seen later, and its value goes on counting
	Lines  []int       `json:"lines,omitempty"` // of the first values that differ
	First  *Difference `json:"first,omitempty"` // the first of them
}

// Difference is a value that two imports state differently.
type Difference struct {
	Line     int     `json:"line"`
	Day      Day     `json:"day"`
	Before   float64 `json:"before"`
	Now      float64 `json:"now"`
	Currency string  `json:"currency,omitempty"`
}

// MaxReasonLines is how many lines a Reason lists in full; Count always counts all.
const MaxReasonLines = 1000

// FileReport is what an import found in a file. Rows = Kept + Reported.
type FileReport struct {
	File         string             `json:"file"`
	Import       ImportID           `json:"import,omitempty"`
	Dialect      string             `json:"dialect"`
	SHA256       string             `json:"sha256"`
	Rows         int                `json:"rows"`
	Kept         int                `json:"kept"`
	Reported     int                `json:"reported"`
	AlreadyKnown int                `json:"already_known"` // rows that say nothing new
	Again        bool               `json:"-"`             // the very same file was imported before, and nothing was done
	Totals       map[Metric]float64 `json:"totals"`        // over kept rows, as the file states them; money in major units
	FirstDate    string             `json:"first_date,omitempty"`
	LastDate     string             `json:"last_date,omitempty"`
	Reasons      []Reason           `json:"reasons"`
	// Overlap is what other imports said of the same series and days.
	Overlap []Overlap `json:"overlap,omitempty"`
	// Notes say what was assumed and what to look at: the time zone, the observed
	// date, a zero column, a total that differs from its regions.
	Notes []Note `json:"notes,omitempty"`
	// Accounts are the profiles that the rows belong to.
	Accounts []AccountRef `json:"accounts,omitempty"`
	// Currency of money totals, empty without money.
	Currency string `json:"currency,omitempty"`
	// ObservedAt is the moment as of which the counts stand.
	ObservedAt time.Time `json:"observed_at,omitzero"`
	// Coverage is kept for the forecasts; see Coverage.
	Coverage []Coverage `json:"-"`
}

// Metrics lists the metrics of the kept rows in the order of their codes.
func (r FileReport) Metrics() []Metric { return slices.Sorted(maps.Keys(r.Totals)) }

// Report is what one or several files gave: the JSON of goalpost import.
type Report struct {
	Files []FileReport `json:"files"`
}
