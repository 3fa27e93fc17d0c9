package assess

import (
	"maps"
	"math"
	"slices"
	"strings"

	"goalpost"
)

// rowFilter is what --where says of one column: one of some values, none of others.
type rowFilter struct {
	column int
	is     []string
	isNot  []string
}

func (w rowFilter) keeps(cell string) bool {
	return (len(w.is) == 0 || slices.Contains(w.is, cell)) && !slices.Contains(w.isNot, cell)
}

// splitWhere splits "region=North" or "region!=total".
func splitWhere(text string) (column, value string, not, ok bool) {
	column, value, ok = strings.Cut(text, "=")
	column, not = strings.CutSuffix(column, "!")
	column, value = strings.TrimSpace(column), strings.TrimSpace(value)
	return column, value, not, ok && column != ""
}

// whereColumns are the columns that --where names.
func (t EffectTable) whereColumns() (names []string) {
	for _, w := range t.Where {
		if column, _, _, ok := splitWhere(w); ok {
			names = append(names, column)
		}
	}
	return names
}

// only keeps the rows that --where asks for. Two values of one column mean either of them.
func (f *effectFrame) only() error {
	var filters []rowFilter
	for _, text := range f.t.Where {
		name, value, not, ok := splitWhere(text)
		if !ok {
			return f.fault("where-form", "--where", goalpost.TextArg(text))
		}
		column, err := f.c.Find(name, "--where")
		if err != nil {
			return err
		}
		at := slices.IndexFunc(filters, func(w rowFilter) bool { return w.column == column })
		if at < 0 {
			at, filters = len(filters), append(filters, rowFilter{column: column})
		}
		if values := f.values(column); !not && !slices.Contains(values, value) {
			return f.fault("where-none", "--where", goalpost.TextArg(value), goalpost.TextArg(f.c.Header[column]), goalpost.TextArg(listed(values)))
		}
		if not {
			filters[at].isNot = append(filters[at].isNot, value)
		} else {
			filters[at].is = append(filters[at].is, value)
		}
	}
	if len(filters) == 0 {
		return nil
	}
	all := f.c.Rows()
	f.c.Keep(func(row int) bool {
		return !slices.ContainsFunc(filters, func(w rowFilter) bool { return !w.keeps(f.text(row, w.column)) })
	})
	for _, w := range filters {
		f.used = append(f.used, w.column)
	}
	said := goalpost.TextArg(strings.Join(f.t.Where, ", "))
	if f.c.Rows() == 0 {
		return f.fault("where-nothing", "--where", said)
	}
	f.note("effect.note.where", said, goalpost.NumberArg(float64(f.c.Rows())), goalpost.NumberArg(float64(all)))
	return nil
}

func (f *effectFrame) text(row, column int) string { return strings.TrimSpace(f.c.Cell(row, column)) }

// values are the different ones of a column, sorted.
func (f *effectFrame) values(column int) []string {
	seen := map[string]bool{}
	for row := range f.c.Rows() {
		seen[f.text(row, column)] = true
	}
	return slices.Sorted(maps.Keys(seen))
}

// mostListed is how many values of a column a message names.
const mostListed = 12

func listed(values []string) string {
	if len(values) > mostListed {
		values = append(slices.Clone(values[:mostListed]), "…")
	}
	return strings.Join(values, ", ")
}

// severalOf is the refusal of two rows of one date. Where a column tells them apart the
// table has a row for each of its values, and the flags that help are named.
func (f *effectFrame) severalOf(first, second int) error {
	e := f.fault("duplicate", "", goalpost.TextArg(f.text(second, f.date)), goalpost.PlainArg(f.c.Line(first)))
	if key := f.tellingApart(first, second); key >= 0 {
		e = f.fault("several", "", goalpost.TextArg(f.text(second, f.date)), goalpost.PlainArg(f.c.Line(first)), goalpost.TextArg(f.c.Header[key]),
			goalpost.TextArg(f.text(first, key)), goalpost.TextArg(f.text(second, key)))
	}
	e.Line, e.Field = f.c.Line(second), f.c.Header[f.date]
	return e
}

// mostKeys is how many different numbers a column of shops or products may have.
const mostKeys = 200

// tellingApart is the column by which two rows of one date differ, the one with the fewest
// values; texts go before numbers such as those of shops. −1: there is none.
func (f *effectFrame) tellingApart(first, second int) int {
	best, fewest := -1, 0
	for i, h := range f.c.Header {
		a, b := f.text(first, i), f.text(second, i)
		if h == "" || a == b || a == "" || b == "" || f.takes(i) {
			continue
		}
		n := len(f.values(i))
		if f.c.IsNumeric(i) {
			if n > mostKeys || n > f.c.Rows()/3 || !f.whole(i) {
				continue
			}
			n += f.c.Rows() // behind every text
		}
		if best < 0 || n < fewest {
			best, fewest = i, n
		}
	}
	return best
}

func (f *effectFrame) whole(column int) bool {
	_, ok := f.c.Integers(column)
	return ok
}

// takes says whether a column has a meaning already.
func (f *effectFrame) takes(column int) bool {
	return column == f.date || column == f.y || column == f.active || slices.Contains(f.x, column)
}

// totalWords are how tables call the row that holds the others' sum.
var totalWords = []string{"total", "totals", "grand total", "all", "sum", "gesamt", "insgesamt", "summe", "alle", "gesamtsumme"}

// together checks whether the rows of a date can be added, and says what that does.
func (f *effectFrame) together(y []float64, missing []bool) error {
	groups := make([][]int, f.rows)
	for row, t := range f.place {
		groups[t] = append(groups[t], row)
	}
	fewest, most := 0, 0
	for _, g := range groups {
		if n := len(g); n > 0 {
			if most = max(most, n); fewest == 0 || n < fewest {
				fewest = n
			}
		}
	}
	if most < 2 {
		return nil
	}
	if err := f.totals(groups, y, missing); err != nil {
		return err
	}
	moments := 0
	for _, g := range groups {
		if len(g) > 0 {
			moments++
		}
	}
	f.note("effect.note.summed", goalpost.NumberArg(float64(f.c.Rows())), goalpost.NumberArg(float64(moments)), countWord("effect.rows.", f.calendar.Grain, float64(moments)))
	if fewest < most {
		f.note("effect.note.summed-uneven", goalpost.NumberArg(float64(fewest)), goalpost.NumberArg(float64(most)))
	}
	return nil
}

// leastTotals is on how many dates one row must be the sum of the others to be a total:
// on one it may be chance.
const leastTotals = 5

// totals refuses rows that hold the sum of the others: they would count twice. They are
// known by their name, or because they are that sum on every date.
func (f *effectFrame) totals(groups [][]int, y []float64, missing []bool) error {
	tried, found, at, beside := 0, 0, -1, -1
	for _, g := range groups {
		if row, column := f.namedTotal(g); column >= 0 {
			return f.totalFault(row, column)
		}
		sum, known := 0.0, len(g) > 2
		for _, row := range g {
			sum, known = sum+y[row], known && !missing[row]
		}
		if !known || sum == 0 {
			continue
		}
		tried++
		for k, row := range g {
			if math.Abs(2*y[row]-sum) <= 1e-6*math.Abs(sum) {
				found, at, beside = found+1, row, g[(k+1)%len(g)]
				break
			}
		}
	}
	if tried < leastTotals || found < tried {
		return nil
	}
	column := -1
	for i, h := range f.c.Header {
		if h != "" && !f.takes(i) && !f.c.IsNumeric(i) && f.text(at, i) != f.text(beside, i) {
			column = i
		}
	}
	return f.totalFault(at, column)
}

// namedTotal is a row that a column calls a total where it calls another row of the same
// date something else; column is −1 without one.
func (f *effectFrame) namedTotal(group []int) (row, column int) {
	for i := range f.c.Header {
		if f.takes(i) {
			continue
		}
		total, other := -1, false
		for _, r := range group {
			if !slices.Contains(totalWords, strings.ToLower(f.text(r, i))) {
				other = true
			} else if total < 0 {
				total = r
			}
		}
		if total >= 0 && other {
			return total, i
		}
	}
	return -1, -1
}

// totalFault names the rows that hold a sum by the column that tells them apart, be it only
// by its gap; −1: none does.
func (f *effectFrame) totalFault(row, column int) error {
	e := f.fault("total-unnamed", "--sum")
	if column >= 0 {
		e = f.fault("total", "--sum", goalpost.TextArg(f.c.Header[column]), goalpost.TextArg(f.text(row, column)))
	}
	e.Line = f.c.Line(row)
	return e
}

// partly says on how many dates only some of the rows say that the activity ran.
func (f *effectFrame) partly(active, on []bool) {
	off := make([]bool, f.rows)
	for row, t := range f.place {
		off[t] = off[t] || !on[row]
	}
	n := 0.0
	for t := range off {
		if off[t] && active[t] {
			n++
		}
	}
	if n > 0 {
		f.note("effect.note.partly", goalpost.NumberArg(n), countWord("effect.rows.dative.", f.calendar.Grain, n))
	}
}

// fromFirst is the refusal of an activity that is on from the first row: nothing before it
// can be learned from. Where it paused later, what is left without its first run can be.
func (f *effectFrame) fromFirst(in *EffectInput) error {
	first := f.calendar.Arg(0)
	if in.Active == nil || f.t.From != "" {
		return f.fault("from-first", "--from", first)
	}
	off := slices.Index(in.Active, false)
	if off < 0 {
		return f.fault("always-on", "--active", first, goalpost.TextArg(f.c.Header[f.active]))
	}
	again := slices.Index(in.Active[off:], true)
	if again < 0 {
		return f.fault("from-first", "--active", first)
	}
	return f.fault("on-from-first", "--active", first, goalpost.TextArg(f.calendar.Label(off)), goalpost.TextArg(f.calendar.Label(off+again)))
}
