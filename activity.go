package goalpost

import (
	"cmp"
	"slices"
	"strings"
	"time"
	"unicode"
	"unicode/utf8"
)

// ActivityID is an activity. It stays the same when the file that brought the activity
// is undone and imported again, and through a rebuild.
type ActivityID int64

// Activity is what we did: a campaign, a giveaway, a change of the shop. It was entered
// here, or rows of imported files say it; a row for each run.
type Activity struct {
	ID       ActivityID
	Name     string
	Period   Period   // from the first day of the first run to the last day of the last
	Runs     []Period // [n] oldest first, without overlap; nil in a row of a file: Period
	Network  Network  // empty: not on one network
	Region   string   // empty: everywhere
	Product  string
	Media    Media  // empty: not said
	Design   Design // empty means observed
	CostMin  int64  // amount_minor, of all runs together
	Currency string
	HasCost  bool // false: the cost was not said, which is not zero
	// CostPartly is true when only some rows say what they cost, or say it in another
	// currency than the first: CostMin is then the cost of those in Currency.
	CostPartly bool
	Imports    []ImportID        // whose rows say it; empty: entered here, or undone
	Versions   []ActivityVersion // what was entered here, oldest first; empty: only imported
}

// Limits of an activity, wherever it comes from.
const (
	MaxActivityName = 200  // characters of a name, a region or a product
	MaxRunDays      = 3660 // ten years; beyond it stands a slip of the hand
	MaxCost         = 1e12 // major units
)

// Media says whose space was used.
type Media string

// Kinds of media.
const (
	Paid   Media = "paid"
	Earned Media = "earned"
	Shared Media = "shared"
	Owned  Media = "owned"
)

// AllMedia returns the kinds of media in the order in which pages list them.
func AllMedia() []Media { return []Media{Paid, Earned, Shared, Owned} }

// Valid reports whether m is one of AllMedia.
func (m Media) Valid() bool { return slices.Contains(AllMedia(), m) }

// Design says how it was decided when and where an activity ran.
type Design string

// Designs. An observed activity ran when somebody thought it right; a switchback was on
// and off on days drawn by lot, a geo test in regions drawn by lot.
const (
	ObservedDesign Design = "observed"
	Switchback     Design = "switchback"
	Geo            Design = "geo"
)

// Designs returns the designs in the order in which pages list them.
func Designs() []Design { return []Design{ObservedDesign, Switchback, Geo} }

// Valid reports whether d is one of Designs.
func (d Design) Valid() bool { return slices.Contains(Designs(), d) }

// ActivityVersion is an activity as a person entered it, from a moment on. Versions are
// only added; the newest one counts, also before what imported rows say.
type ActivityVersion struct {
	Version  int       `json:"version"` // from 1
	Name     string    `json:"name"`
	Runs     []Period  `json:"runs"`
	Network  Network   `json:"network,omitempty"`
	Region   string    `json:"region,omitempty"`
	Product  string    `json:"product,omitempty"`
	Media    Media     `json:"media,omitempty"`
	Design   Design    `json:"design,omitempty"`
	CostMin  *int64    `json:"amount_minor,omitempty"` // nil: not said
	Currency string    `json:"currency,omitempty"`
	At       time.Time `json:"at"`
	By       string    `json:"by"`
	Why      string    `json:"why"`               // may be empty for version 1
	Removed  bool      `json:"removed,omitempty"` // no longer counts; a later version brings it back
}

// Removed reports whether a person took the activity out.
func (a Activity) Removed() bool {
	return len(a.Versions) > 0 && a.Versions[len(a.Versions)-1].Removed
}

// Version is the activity as a version that could follow what is in force.
func (a Activity) Version() ActivityVersion {
	v := ActivityVersion{Version: len(a.Versions) + 1, Name: a.Name, Runs: slices.Clone(a.Runs), Network: a.Network, Region: a.Region, Product: a.Product, Media: a.Media, Design: a.Design, Currency: a.Currency}
	if a.HasCost {
		cost := a.CostMin
		v.CostMin = &cost
	}
	return v
}

// Apply puts the newest version over what imported rows say.
func (a *Activity) Apply() {
	if len(a.Versions) == 0 {
		return
	}
	v := a.Versions[len(a.Versions)-1]
	a.Name, a.Runs, a.Network, a.Region, a.Product, a.Media, a.Design = v.Name, v.Runs, v.Network, v.Region, v.Product, v.Media, v.Design
	a.CostMin, a.Currency, a.HasCost, a.CostPartly = 0, v.Currency, v.CostMin != nil, false
	if v.CostMin != nil {
		a.CostMin = *v.CostMin
	}
	a.Period = Hull(a.Runs)
}

// JoinRuns sorts runs and joins those that overlap or follow each other without a day
// between them.
func JoinRuns(runs []Period) []Period {
	sorted := slices.Clone(runs)
	slices.SortFunc(sorted, func(a, b Period) int { return cmp.Or(cmp.Compare(a.Start, b.Start), cmp.Compare(a.End, b.End)) })
	var out []Period
	for _, r := range sorted {
		if n := len(out); n > 0 && r.Start <= out[n-1].End {
			out[n-1].End = max(out[n-1].End, r.End)
			continue
		}
		out = append(out, r)
	}
	return out
}

// Hull is the period from the first day of the first run to the last day of the last.
func Hull(runs []Period) Period {
	if len(runs) == 0 {
		return Period{}
	}
	p := runs[0]
	for _, r := range runs[1:] {
		p.Start, p.End = min(p.Start, r.Start), max(p.End, r.End)
	}
	return p
}

// What keeps a text of an activity from being kept.
const (
	TextLong   = "long"   // more characters than are taken
	TextHidden = "hidden" // a character that no reader sees: of control, or one that turns what stands around it
)

// TextFault says what keeps a text from being kept, where most is its largest number of
// characters; empty: nothing does. Tabs and ends of lines are no fault.
func TextFault(s string, most int) string {
	hidden := func(r rune) bool {
		turns := '\u202a' <= r && r <= '\u202e' || '\u2066' <= r && r <= '\u2069' // the direction of what stands around them
		return turns || unicode.IsControl(r) && r != '\n' && r != '\r' && r != '\t'
	}
	switch {
	case utf8.RuneCountInString(s) > most:
		return TextLong
	case strings.ContainsFunc(s, hidden) || !utf8.ValidString(s):
		return TextHidden
	}
	return ""
}
