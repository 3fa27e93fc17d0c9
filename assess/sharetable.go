package assess

import (
	"context"
	"errors"
	"math"
	"slices"
	"strconv"
	"strings"

	"goalpost"
	"goalpost/ingest"
	"goalpost/survey"
)

// ShareTable says what is asked of a table with one respondent a row, and how they were
// chosen. Columns are named as in the table.
type ShareTable struct {
	Questions []string
	Multiple  bool   // the questions are options of one question, each 1 or 0
	Blank     string // "no": an empty cell of a multiple question says no; "missing": it is no answer
	NPS       bool   // answers 0 to 10
	Scale     int    // levels from 1; 0: none
	Mean      bool   // numbers

	Design ShareDesign

	By      string // a domain for each value
	Changes bool   // the values of By are waves
	Person  string // who answers in several waves
	Cross   string
	Domain  []string // "COLUMN=VALUE": of whom is spoken; the others stay in the design
	Where   []string // which rows are the sample

	Interval   string // "auto", or the name of a method
	Level      float64
	SampleKind goalpost.SampleKind
	Invited    int // how many were asked in all; 0: not known
	Publish    bool

	Decimal, Sheet string
}

// ShareDesign is how respondents were chosen and weighted. Stages are in their order; a
// stage's strata are the combinations of some columns.
type ShareDesign struct {
	Weight  string
	Strata  [][]string // [stage][columns]
	Cluster []string   // [stage]; "" or "1": respondents themselves
	FPC     []string   // [stage]
	Nested  bool
	Lonely  string // "fail", "remove", "adjust" or "average"

	Replicates    []string // names of columns, with * for any signs
	ReplicateType ReplicateType
	Factors       bool // replicates are to be multiplied with the weight
	Scale         float64
	Each          []float64
	FayRho        float64
	AboutMean     bool
	DF            float64
	Bootstrap     int
	Seed          uint64
	Jackknife     bool

	Margins      *ingest.Source
	PostStratify bool
	KeepMissing  bool
	Cap          float64
	Trim         *[2]float64
}

// ReplicateType says by which scheme replicate weights were made.
type ReplicateType string

// Schemes of replicate weights, under the names of R's survey package.
const (
	ReplicateJK1        ReplicateType = "JK1"
	ReplicateJKn        ReplicateType = "JKn"
	ReplicateJK2        ReplicateType = "JK2"
	ReplicateBRR        ReplicateType = "BRR"
	ReplicateFay        ReplicateType = "Fay"
	ReplicateBootstrap  ReplicateType = "bootstrap"
	ReplicateACS        ReplicateType = "ACS"
	ReplicateSuccessive ReplicateType = "successive-difference"
	ReplicateOther      ReplicateType = "other"
)

// ReplicateTypes returns all schemes.
func ReplicateTypes() []ReplicateType {
	return []ReplicateType{ReplicateJK1, ReplicateJKn, ReplicateJK2, ReplicateBRR, ReplicateFay, ReplicateBootstrap, ReplicateACS, ReplicateSuccessive, ReplicateOther}
}

// shareFrame is a table on its way to estimates.
type shareFrame struct {
	t       ShareTable
	c       *ingest.Columns
	n       int
	decimal byte

	in     []bool // of whom is spoken; nil: all
	by     grouping
	waves  bool
	once   *survey.Design // without replicates
	base   *survey.Design // before the margins
	design *survey.Design
	weight ShareWeights
	how    ShareHow
	notes  []goalpost.Note
}

// grouping are the values of a column, sorted, and which each row has; −1: none.
type grouping struct {
	name  string
	code  []int
	names []string
}

func (g grouping) is(k int) []bool {
	in := make([]bool, len(g.code))
	for i, c := range g.code {
		in[i] = c == k
	}
	return in
}

// both is where two domains meet; nil is everybody.
func both(a, b []bool) []bool {
	if a == nil {
		return b
	}
	if b == nil {
		return a
	}
	out := make([]bool, len(a))
	for i := range a {
		out[i] = a[i] && b[i]
	}
	return out
}

// readShareFrame reads a table and makes its design.
func readShareFrame(ctx context.Context, source ingest.Source, t ShareTable) (*shareFrame, error) {
	c, err := ingest.ReadColumns(ctx, source, t.Sheet, t.columns())
	if err != nil {
		return nil, err
	}
	f := &shareFrame{t: t, c: c}
	keep, err := f.rows(t.Where, "--where")
	if err != nil {
		return nil, err
	}
	if keep != nil {
		all := c.Rows()
		c.Keep(func(row int) bool { return keep[row] })
		f.note("share.note.where", goalpost.TextArg(strings.Join(t.Where, ", ")), goalpost.NumberArg(float64(c.Rows())), goalpost.NumberArg(float64(all)))
	}
	f.n = c.Rows()
	if f.in, err = f.rows(t.Domain, "--domain"); err != nil {
		return nil, err
	}
	if t.By != "" {
		if f.by, err = f.group(t.By, "--by"); err != nil {
			return nil, err
		}
		f.waves = t.Changes || isWave(t.By)
	}
	if t.Person != "" && !f.waves {
		return nil, f.fault("person-waves", "--person")
	}
	if err := f.readDesign(ctx); err != nil {
		return nil, err
	}
	return f, nil
}

// columns are all names by which the header is known.
func (t ShareTable) columns() []string {
	names := append([]string{t.By, t.Person, t.Cross, t.Design.Weight}, t.Questions...)
	names = append(append(names, t.Design.Cluster...), t.Design.FPC...)
	for _, s := range t.Design.Strata {
		names = append(names, s...)
	}
	for _, w := range append(slices.Clone(t.Where), t.Domain...) {
		if column, _, _, ok := splitWhere(w); ok {
			names = append(names, column)
		}
	}
	return slices.DeleteFunc(names, func(s string) bool { return strings.TrimSpace(s) == "" || s == "1" })
}

// waveNames are how a column of waves is called.
var waveNames = []string{"wave", "waves", "welle", "wellen"}

func isWave(name string) bool {
	return slices.Contains(waveNames, strings.ToLower(strings.TrimSpace(name)))
}

func (f *shareFrame) note(key string, args ...goalpost.Arg) {
	n := goalpost.NewNote(key, args...)
	if !slices.ContainsFunc(f.notes, func(o goalpost.Note) bool { return o.Key == n.Key && slices.EqualFunc(o.Args, n.Args, sameArg) }) {
		f.notes = append(f.notes, n)
	}
}

func sameArg(a, b goalpost.Arg) bool {
	return a.Type == b.Type && a.Number == b.Number && a.Text == b.Text
}

// fault is an error of the table's file.
func (f *shareFrame) fault(key, flag string, args ...goalpost.Arg) *goalpost.Error {
	return &goalpost.Error{Kind: goalpost.Invalid, Key: "error.share." + key, File: f.c.Name, Flag: flag, Args: args}
}

// at adds a place to an error; row and column may be −1.
func (f *shareFrame) at(e *goalpost.Error, row, column int) *goalpost.Error {
	if row >= 0 {
		e.Line = f.c.Line(row)
	}
	if column >= 0 {
		e.Field = f.c.Header[column]
	}
	return e
}

func (f *shareFrame) text(row, column int) string { return strings.TrimSpace(f.c.Cell(row, column)) }

// rows are those that conditions keep; nil without any. Two values of one column mean
// either of them.
func (f *shareFrame) rows(conditions []string, flag string) ([]bool, error) {
	var filters []rowFilter
	for _, text := range conditions {
		name, value, not, ok := splitWhere(text)
		if !ok {
			return nil, f.fault("where-form", flag, goalpost.TextArg(text), goalpost.TextArg(flag))
		}
		column, err := f.c.Find(name, flag)
		if err != nil {
			return nil, err
		}
		at := slices.IndexFunc(filters, func(w rowFilter) bool { return w.column == column })
		if at < 0 {
			at, filters = len(filters), append(filters, rowFilter{column: column})
		}
		if not {
			filters[at].isNot = append(filters[at].isNot, value)
		} else {
			filters[at].is = append(filters[at].is, value)
		}
	}
	if len(filters) == 0 {
		return nil, nil
	}
	keep, some := make([]bool, f.c.Rows()), false
	for row := range keep {
		keep[row] = !slices.ContainsFunc(filters, func(w rowFilter) bool { return !w.keeps(f.text(row, w.column)) })
		some = some || keep[row]
	}
	if !some {
		return nil, f.fault("where-nothing", flag, goalpost.TextArg(strings.Join(conditions, ", ")), goalpost.TextArg(flag))
	}
	return keep, nil
}

// method is how intervals are made.
func (t ShareTable) method() survey.Method {
	if t.Interval == "auto" {
		return survey.Automatic
	}
	return survey.Method(t.Interval)
}

// lonely is how a stratum with one unit counts.
func (d ShareDesign) lonely() survey.Lonely {
	if d.Lonely == "fail" {
		return survey.LonelyFail
	}
	return survey.Lonely(d.Lonely)
}

// mostGroups is how many values a column of groups or options may have.
const mostGroups = 200

// group reads a column of groups.
func (f *shareFrame) group(name, flag string) (grouping, error) {
	column, err := f.c.Find(name, flag)
	if err != nil {
		return grouping{}, err
	}
	g := f.values(column)
	switch {
	case len(g.names) == 0:
		return g, f.at(f.fault("column-empty", flag), -1, column)
	case len(g.names) > mostGroups:
		return g, f.at(f.fault("too-many-values", "", goalpost.NumberArg(float64(len(g.names))), goalpost.NumberArg(mostGroups)), -1, column)
	}
	return g, nil
}

// values numbers the values of a column in their order: that of numbers where all are.
func (f *shareFrame) values(column int) grouping {
	g := grouping{name: f.c.Header[column], code: make([]int, f.n)}
	seen := map[string]bool{}
	for row := range f.n {
		if !f.c.Missing(row, column) {
			seen[f.text(row, column)] = true
		}
	}
	for name := range seen {
		g.names = append(g.names, name)
	}
	sortNames(g.names)
	place := map[string]int{}
	for k, name := range g.names {
		place[name] = k
	}
	for row := range f.n {
		g.code[row] = -1
		if !f.c.Missing(row, column) {
			g.code[row] = place[f.text(row, column)]
		}
	}
	return g
}

// sortNames sorts as numbers where all are, else as texts.
func sortNames(names []string) {
	values := map[string]float64{}
	for _, s := range names {
		v, err := strconv.ParseFloat(strings.Replace(s, ",", ".", 1), 64)
		if err != nil || math.IsNaN(v) {
			slices.Sort(names)
			return
		}
		values[s] = v
	}
	slices.SortFunc(names, func(a, b string) int {
		switch {
		case values[a] < values[b]:
			return -1
		case values[a] > values[b]:
			return 1
		}
		return strings.Compare(a, b)
	})
}

// numbers reads a column, NaN where a cell is empty. Which sign stands before decimals is
// seen in these columns, else in the whole table.
func (f *shareFrame) numbers(column int) ([]float64, error) {
	decimal, err := f.c.Decimal([]int{column}, f.t.Decimal)
	if e, ok := errors.AsType[*goalpost.Error](err); ok && e.Kind == goalpost.Ask {
		if f.decimal == 0 {
			all := make([]int, len(f.c.Header))
			for i := range all {
				all[i] = i
			}
			if f.decimal, err = f.c.Decimal(all, f.t.Decimal); err != nil {
				return nil, f.at(e, -1, column)
			}
		}
		decimal, err = f.decimal, nil
	}
	if err != nil {
		return nil, err
	}
	values, missing, err := f.c.Numbers(column, decimal)
	if err != nil {
		return nil, err
	}
	for row := range values {
		if missing[row] {
			values[row] = math.NaN()
		}
	}
	return values, nil
}
