package assess

import (
	"io"
	"time"

	"goalpost"
)

// Input is a file that somebody wants imported, with what that person said of it.
type Input struct {
	Name    string // base name
	R       io.ReaderAt
	Size    int64 // bytes
	Answers goalpost.Answers
	Map     []byte // column map as JSON; empty: the dialect, a remembered map or the proposal decides
	AsTable bool   // propose a column map also for an export that is known and not read by itself
	By      string // who imports
	Now     time.Time
}

// Progress is how far an import has come.
type Progress struct {
	Waiting bool // another import runs first
	Bytes   int64
	Size    int64
	Rows    int
}

// Proposal is what Goalpost makes of a file before anything is stored.
type Proposal struct {
	File      string
	Dialect   string
	NeedsMap  bool   // Map is only proposed; a person has to confirm it
	Map       []byte // JSON of the column map; empty for a platform's dialect
	Kind      string // of the map: series, posts, activities
	Columns   []ProposedColumn
	Questions []Question
	Notes     []goalpost.Note
	Answers   goalpost.Answers
	Before    goalpost.Answers // what was said of the same file before it was undone
	Known     *goalpost.Import // the same bytes were imported before
}

// ProposedColumn is one column of a table: what it is taken for, and its first values.
type ProposedColumn struct {
	Header string
	Role   string // see Roles; "ignore" leaves it out
	Metric string // for Role "metric"
	Sample []string
}

// Question is something that the file does not say.
type Question struct {
	Field   string // account, network, time_zone, date_order, currency, observed_at, sheet
	Flag    string
	Choices []string
	Why     goalpost.Note
}

// KPIQuery asks for one KPI. Empty lists mean everything.
type KPIQuery struct {
	Code   string
	Period goalpost.Period
	Scope  goalpost.Scope
	AsOf   goalpost.Day // zero: no limit; else only what is dated before
	Seen   bool         // and only what was known before AsOf
}

// KPIResult is the value of a KPI in a period. Value, Numerator and Denominator are
// nil where nothing was measured.
type KPIResult struct {
	Code         string          `json:"kpi"`
	Version      int             `json:"version"`
	Definition   string          `json:"definition"`
	Unit         goalpost.Unit   `json:"unit"`
	Currency     string          `json:"currency,omitempty"`
	From         goalpost.Day    `json:"from"`
	Until        goalpost.Day    `json:"until"` // last day
	Value        *float64        `json:"value"`
	Numerator    *float64        `json:"numerator"`
	Denominator  *float64        `json:"denominator"`
	Posts        int             `json:"posts"` // posts counted
	Days         int             `json:"days"`  // days of series counted
	MissingDays  int             `json:"missing_days"`
	Mean         *float64        `json:"mean,omitempty"` // for reach: mean per day or post
	NotAvailable []Unavailable   `json:"not_available"`
	Sources      []goalpost.Note `json:"sources"`
	Doubts       []goalpost.Note `json:"-"` // what may be wrong with the value; also in Sources
	ObservedAt   time.Time       `json:"observed_at,omitzero"`
	ByNetwork    []NetworkPart   `json:"by_network,omitempty"`
	Basis        string          `json:"basis,omitempty"` // "day" or "post": of what the largest was taken
	LargestOn    *goalpost.Day   `json:"largest_on,omitempty"`
}

// NetworkPart is the share of one network in a KPI.
type NetworkPart struct {
	Network goalpost.Network `json:"network"`
	Value   *float64         `json:"value"`
}

// Unavailable says what a KPI could not count.
type Unavailable struct {
	Network goalpost.Network `json:"network,omitempty"`
	Account string           `json:"account,omitempty"`
	Metric  goalpost.Metric  `json:"metric"`
	Posts   int              `json:"posts,omitempty"` // posts without the metric
	Days    int              `json:"days,omitempty"`  // days without a value
}

// GoalsOptions say as of when goals are judged.
type GoalsOptions struct {
	AsOf goalpost.Day // judge with what is dated before this day; zero: today in the organisation's zone
	Seen bool         // leave out what was not yet known at AsOf
	Now  time.Time
}

// Judged is a goal with its verdict.
type Judged struct {
	Goal     goalpost.Goal
	Version  goalpost.GoalVersion // in force
	KPI      goalpost.KPI         // zero if the goal has none
	Currency string
	Verdict  goalpost.Verdict
	Urgency  int // pages sort by it, highest first: what needs a decision

	cited *GoalWave // the wave that the verdict is made from
}

// Detail is everything that the page of a goal shows.
type Detail struct {
	Judged
	History    []Point // [T] the KPI per day (or week, see Grain) before the as-of day, oldest first
	Grain      goalpost.Grain
	Cumulative []Point      // running sum within the goal's period; empty unless the KPI is a sum
	Ahead      []BandPoint  // forecast per coming day: cumulative for sums, level for stocks; ends on the due day
	AheadDaily []BandPoint  // for sums: what a single coming day (or week) may bring; may be empty
	Targets    []TargetStep // how the target moved, oldest first
	Earlier    []goalpost.Verdict
	Given      *goalpost.Verdict // of a look back: the verdict that was given as of that day
	Waves      []GoalWave        // of the survey that asks the KPI, the earliest first
	Table      []TableRow
}

// Point is one day of a series. Missing days have no value; that is not zero.
type Point struct {
	Day     goalpost.Day
	Value   float64
	Missing bool
}

// BandPoint is a day of a forecast with its 80 % and 95 % range.
type BandPoint struct {
	Day                         goalpost.Day
	Lo95, Lo80, Mid, Hi80, Hi95 float64
}

// TargetStep is the target from a moment on.
type TargetStep struct {
	From   goalpost.Day
	Target float64
	Due    goalpost.Day
	Why    string
	By     string
}

// TableRow is one row of a goal's table and CSV: what was counted on a day, the
// running sum, or what is forecast.
type TableRow struct {
	Day        goalpost.Day
	Value      *float64
	Cumulative *float64
	Lo80, Hi80 *float64
	Forecast   *float64
}

// GoalInput is what a person enters to make or change a goal; empty fields of a
// change keep what was there.
type GoalInput struct {
	Kind     string // goal code of the catalogue
	Name     string
	KPI      string // code; empty: not chosen yet
	Survey   GoalSurveyInput
	Target   string   // "5000", "2.5%" or "+10%" (against the baseline)
	From     string   // 2006-01-02
	Until    string   // last day
	Accounts []string // names, or network:name
	Networks []string
	Regions  []string
	Products []string
	Baseline string
	Owner    string
	Why      string
	By       string
	Retire   bool
	Now      time.Time
}

// AlignmentRow is a line of the alignment table.
type AlignmentRow struct {
	Problem string // no-kpi, no-data, no-goal, lower-layer, ok
	Goal    *Judged
	KPI     string          // code, for KPIs that serve no goal
	Metric  goalpost.Metric // the series or metric behind it
	Better  string          // KPI that would show the goal reached
}
