package dataset

import (
	"errors"
	"math"
	"slices"
	"strings"
	"time"
)

// Table is one row for each respondent, with what the columns and their values mean.
type Table struct {
	Name      string // short, of the files
	Title     string
	Program   string // what made it
	Language  string // of the labels, ISO 639-1; empty if unknown
	At        time.Time
	Variables []Variable
	Sets      []MultiSet
	Rows      [][]Value // as long as Variables, in their order
}

// Variable is a column.
type Variable struct {
	Name     string // made valid and unique in every file
	Label    string
	Text     bool // strings; else numbers
	Measure  Measure
	Format   Format
	Decimals int
	Values   []Label
	Serial   bool // tells the rows apart: a whole number above 0, or a text, never missing
	Weight   bool // what a row counts; of several the first one is used
}

// Label is what a value means. A missing one counts for nothing: "not asked".
type Label struct {
	Value   Value
	Label   string
	Missing bool
}

// Value is a number or a string. A number that is not known is NaN.
type Value struct {
	Number float64
	Text   string
}

// Number is a value.
func Number(v float64) Value { return Value{Number: v} }

// Text is a value.
func Text(s string) Value { return Value{Text: s} }

// Nothing is the value of a number that is not known, without a reason.
func Nothing() Value { return Value{Number: math.NaN()} }

// MultiSet is a question with several answers: a variable for each, which has the counted
// value where it was chosen. All are numbers.
type MultiSet struct {
	Name, Label string
	Members     []int // places in Variables
	Counted     int
}

// Measure says what can be computed with values.
type Measure int

// Levels of measurement.
const (
	Nominal Measure = 1 + iota
	Ordinal
	Scale
)

// Format says what a number is.
type Format int

// Formats of numbers.
const (
	Plain  Format = iota
	Day           // seconds since 1970, UTC; only the day is known
	Moment        // seconds since 1970, UTC
)

// ErrNoVariable is of a table without variables: no file holds it.
var ErrNoVariable = errors.New("dataset: a table without variables")

// ErrRow is of a row that is not as long as the variables.
var ErrRow = errors.New("dataset: a row that does not fit the variables")

// check returns why a table cannot be written.
func (t Table) check() error {
	if len(t.Variables) == 0 {
		return ErrNoVariable
	}
	for _, r := range t.Rows {
		if len(r) != len(t.Variables) {
			return ErrRow
		}
	}
	return nil
}

// weight is the place of the variable that weights, or -1.
func (t Table) weight() int {
	return slices.IndexFunc(t.Variables, func(v Variable) bool { return v.Weight && !v.Text })
}

// known reports whether a number is one: files have no infinity, and for SPSS the lowest
// number is none.
func (v Value) known() bool {
	return !math.IsNaN(v.Number) && !math.IsInf(v.Number, 0) && v.Number != -math.MaxFloat64
}

// labels are the labels of a variable that say something, each value once.
func (v Variable) labels() []Label {
	var list []Label
	for _, l := range v.Values {
		l.Label = line(l.Label)
		l.Value.Text = strings.TrimRight(clean(l.Value.Text), " ")
		if v.Text {
			l.Value.Number = 0
		} else {
			l.Value.Text = ""
		}
		double := slices.ContainsFunc(list, func(o Label) bool { return o.Value == l.Value })
		if l.Label != "" && !double && (v.Text || l.Value.known()) {
			list = append(list, l)
		}
	}
	return list
}

// labelOf finds the label of a value.
func labelOf(list []Label, v Value, text bool) (Label, bool) {
	for _, l := range list {
		if text && l.Value.Text == v.Text || !text && l.Value.Number == v.Number {
			return l, true
		}
	}
	return Label{}, false
}

// sets are the sets whose members are different numbers of this table.
func (t Table) sets() []MultiSet {
	var list []MultiSet
	for _, s := range t.Sets {
		var members []int
		for _, m := range s.Members {
			if m >= 0 && m < len(t.Variables) && !t.Variables[m].Text && !slices.Contains(members, m) {
				members = append(members, m)
			}
		}
		if s.Members = members; len(members) > 0 {
			list = append(list, s)
		}
	}
	return list
}

// categories are the names of what can be chosen in a set: the labels of the counted value,
// or those of the variables where these do not tell the members apart.
func (t Table) categories(s MultiSet) (names []string, ofValues bool) {
	ofValues = true
	for _, m := range s.Members {
		l, ok := labelOf(t.Variables[m].labels(), Number(float64(s.Counted)), false)
		ofValues = ofValues && ok && !slices.Contains(names, l.Label)
		names = append(names, l.Label)
	}
	if !ofValues {
		names = names[:0]
		for _, m := range s.Members {
			name := line(t.Variables[m].Label)
			if name == "" {
				name = t.Variables[m].Name
			}
			names = append(names, name)
		}
	}
	return names, ofValues
}
