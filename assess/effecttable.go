package assess

import (
	"cmp"
	"context"
	"slices"
	"strconv"
	"strings"

	"goalpost"
	"goalpost/ingest"
)

// EffectTable says which columns of a table are what, and when the activity ran. Moments
// are written as in the table: a date, or a whole number; without Date rows count from 1.
type EffectTable struct {
	Date, Y, Active    string
	X                  []string
	From, Until        string
	PreFrom, PreUntil  string
	Decimal, DateOrder string
	Sheet              string
	EveryControl       bool // without X: every other column of numbers

	// Where keeps some rows of a table with several a date: "COLUMN=VALUE" or
	// "COLUMN!=VALUE". Sum adds those of a date.
	Where []string
	Sum   bool
}

// longestTable is how many rows a table's calendar may have; mostRows of them can be asked
// about.
const longestTable = 100_000

// ReadEffectTable reads a table and makes the question of it. What was done to the rows is
// in the notes of the input. Errors name file, line and column.
func ReadEffectTable(ctx context.Context, source ingest.Source, t EffectTable) (EffectInput, error) {
	names := append([]string{t.Date, t.Y, t.Active}, append(t.whereColumns(), t.X...)...)
	names = slices.DeleteFunc(names, func(s string) bool { return strings.TrimSpace(s) == "" })
	c, err := ingest.ReadColumns(ctx, source, t.Sheet, names)
	if err != nil {
		return EffectInput{}, err
	}
	f := effectFrame{t: t, c: c}
	if err := f.only(); err != nil {
		return EffectInput{}, err
	}
	if err := f.find(); err != nil {
		return EffectInput{}, err
	}
	if err := f.order(); err != nil {
		return EffectInput{}, err
	}
	in := EffectInput{Outcome: goalpost.TextArg(c.Header[f.y]), Calendar: f.calendar}
	if err := f.fill(&in); err != nil {
		return EffectInput{}, err
	}
	if err := f.periods(&in); err != nil {
		return EffectInput{}, err
	}
	in.Notes = f.notes
	return in, nil
}

// effectFrame is a table on its way to a calendar.
type effectFrame struct {
	t EffectTable
	c *ingest.Columns

	date, y, active int // columns; −1: none
	x               []int
	used            []int // columns of --where
	calendar        Calendar
	place           []int // row of the calendar by row of the table
	rows            int   // of the calendar
	notes           []goalpost.Note
}

func (f *effectFrame) note(key string, args ...goalpost.Arg) {
	f.notes = append(f.notes, goalpost.NewNote(key, args...))
}

// fault is an error of the table's file.
func (f *effectFrame) fault(key, flag string, args ...goalpost.Arg) *goalpost.Error {
	return &goalpost.Error{Kind: goalpost.Invalid, Key: "error.effect." + key, File: f.c.Name, Flag: flag, Args: args}
}

// find finds the columns.
func (f *effectFrame) find() error {
	f.date, f.active = -1, -1
	var err error
	if f.t.Date != "" {
		if f.date, err = f.c.Find(f.t.Date, "--date"); err != nil {
			return err
		}
	}
	if f.t.Active != "" {
		if f.active, err = f.c.Find(f.t.Active, "--active"); err != nil {
			return err
		}
	}
	if f.t.Y == "" {
		var numbers []string
		for i, h := range f.c.Header {
			if !slices.Contains([]int{f.date, f.active}, i) && !slices.Contains(f.used, i) && h != "" && f.c.IsNumeric(i) {
				numbers = append(numbers, h)
			}
		}
		return f.fault("y-missing", "--y", goalpost.TextArg(strings.Join(numbers, ", ")))
	}
	if f.y, err = f.c.Find(f.t.Y, "--y"); err != nil {
		return err
	}
	for _, name := range f.t.X {
		i, err := f.c.Find(name, "--x")
		if err != nil {
			return err
		}
		f.x = append(f.x, i)
	}
	if len(f.x) == 0 && f.t.EveryControl {
		f.everyControl()
	}
	used := append([]int{f.y}, f.x...)
	for _, i := range []int{f.date, f.active} {
		if i >= 0 {
			used = append(used, i)
		}
	}
	for k, i := range used {
		if slices.Contains(used[:k], i) {
			return f.fault("twice", "", goalpost.TextArg(f.c.Header[i]))
		}
	}
	return nil
}

// everyControl takes every other column of numbers, and says which.
func (f *effectFrame) everyControl() {
	var names []string
	for i, h := range f.c.Header {
		if h != "" && !f.takes(i) && !slices.Contains(f.used, i) && f.c.IsNumeric(i) {
			f.x, names = append(f.x, i), append(names, h)
		}
	}
	if len(names) > 0 {
		f.note("effect.note.controls", goalpost.TextArg(strings.Join(names, ", ")))
	}
}

// order finds the calendar: what a row is, and where each row of the table stands.
func (f *effectFrame) order() error {
	n := f.c.Rows()
	if f.date < 0 && f.t.Sum {
		return f.fault("sum-date", "--sum")
	}
	if f.date < 0 {
		f.calendar, f.rows = Calendar{Grain: GrainRow, First: 1, Step: 1}, n
		for i := range n {
			f.place = append(f.place, i)
		}
		return nil
	}
	values, whole := f.c.Integers(f.date)
	if whole {
		f.calendar = Calendar{Grain: GrainRow}
	} else {
		days, err := f.c.Days(f.date, f.t.DateOrder)
		if err != nil {
			return err
		}
		values = f.daysToValues(days)
	}
	return f.lay(values)
}

// daysToValues chooses the grain of dates: months where all stand on one day of different
// months, else days, which lay makes weeks where they are seven apart.
func (f *effectFrame) daysToValues(days []goalpost.Day) []int64 {
	f.calendar = Calendar{Grain: GrainDay}
	values := make([]int64, len(days))
	first, months := days[0].Time(), len(days) > 1
	for i, d := range days {
		values[i] = int64(d)
		months = months && d.Time().Day() == first.Day()
	}
	if !months {
		return values
	}
	for i, d := range days {
		values[i] = int64(d.Time().Year())*12 + int64(d.Time().Month()) - 1
	}
	if sorted := slices.Sorted(slices.Values(values)); len(slices.Compact(sorted)) < 2 {
		for i, d := range days {
			values[i] = int64(d)
		}
		return values
	}
	f.calendar = Calendar{Grain: GrainMonth, DayOfMonth: first.Day()}
	f.note("effect.note.monthly")
	return values
}

// lay puts the rows on the calendar. Moments that stand twice are refused unless their rows
// are to be added, those without a row become missing, rows in a wrong order are sorted.
func (f *effectFrame) lay(values []int64) error {
	order := make([]int, len(values))
	for i := range order {
		order[i] = i
	}
	slices.SortStableFunc(order, func(a, b int) int { return cmp.Compare(values[a], values[b]) })
	step := int64(0)
	for k := 1; k < len(order); k++ {
		gap := values[order[k]] - values[order[k-1]]
		if gap == 0 && !f.t.Sum {
			return f.severalOf(order[k-1], order[k])
		}
		step = divisor(step, gap)
	}
	f.calendar.First, f.calendar.Step = values[order[0]], max(step, 1)
	if f.calendar.Grain == GrainDay && step > 1 {
		if step%7 != 0 {
			next := slices.IndexFunc(order, func(i int) bool { return values[i] != values[order[0]] })
			a, b := goalpost.Day(values[order[0]]), goalpost.Day(values[order[next]])
			return f.fault("uneven", "--date", goalpost.DayArg(a), goalpost.DayArg(b), goalpost.NumberArg(float64(b-a)))
		}
		f.calendar.Grain, f.calendar.Step = GrainWeek, 7
		f.note("effect.note.weekly")
	}
	span := (values[order[len(order)-1]]-f.calendar.First)/f.calendar.Step + 1
	if span > longestTable || span > 100 && span > 10*int64(len(values)) {
		return f.fault("too-long", "--date", goalpost.NumberArg(float64(span)))
	}
	f.rows, f.place = int(span), make([]int, len(values))
	for i, v := range values {
		f.place[i] = int((v - f.calendar.First) / f.calendar.Step)
	}
	if !slices.IsSorted(order) {
		f.note("effect.note.sorted")
	}
	return nil
}

// divisor is the greatest common divisor.
func divisor(a, b int64) int64 {
	for b != 0 {
		a, b = b, a%b
	}
	return a
}

// fill reads the numbers onto the calendar.
func (f *effectFrame) fill(in *EffectInput) error {
	decimal, err := f.c.Decimal(append([]int{f.y}, f.x...), f.t.Decimal)
	if err != nil {
		return err
	}
	y, missing, err := f.c.Numbers(f.y, decimal)
	if err != nil {
		return err
	}
	in.Y, in.Missing = make([]float64, f.rows), make([]bool, f.rows)
	for t := range in.Missing {
		in.Missing[t] = true
	}
	if err := f.together(y, missing); err != nil {
		return err
	}
	here, empty := make([]bool, f.rows), 0
	for row, t := range f.place {
		in.Missing[t] = here[t] && in.Missing[t] || missing[row] // a sum without one of its figures is not known
		here[t], in.Y[t] = true, in.Y[t]+y[row]
		if missing[row] {
			empty++
		}
	}
	if empty > 0 {
		f.note("effect.note.missing", goalpost.NumberArg(float64(empty)), goalpost.TextArg(f.c.Header[f.y]))
	}
	f.gaps(here)
	for _, i := range f.x {
		values, err := f.control(i, decimal, here)
		if err != nil {
			return err
		}
		in.Controls = append(in.Controls, EffectControl{Name: f.c.Header[i], Values: values})
	}
	if f.active < 0 {
		return nil
	}
	on, err := f.c.Switches(f.active)
	if err != nil {
		return err
	}
	in.Active = make([]bool, f.rows)
	for row, t := range f.place {
		in.Active[t] = in.Active[t] || on[row]
	}
	f.partly(in.Active, on)
	return nil
}

// gaps says which moments have no row.
func (f *effectFrame) gaps(here []bool) {
	n, first := 0, -1
	for t, h := range here {
		if !h {
			if n++; first < 0 {
				first = t
			}
		}
	}
	if n > 0 {
		f.note("effect.note.gaps", goalpost.NumberArg(float64(n)), countWord("effect.rows.", f.calendar.Grain, float64(n)), f.calendar.Arg(first))
	}
}

// control reads a series to compare with. Where the table has no row its last value is
// repeated: the outcome is missing there, so that nothing is learned from it.
func (f *effectFrame) control(column int, decimal byte, here []bool) ([]float64, error) {
	x, missing, err := f.c.Numbers(column, decimal)
	if err != nil {
		return nil, err
	}
	values := make([]float64, f.rows)
	for row, t := range f.place {
		if missing[row] {
			e := f.fault("hole", "")
			e.Line, e.Field = f.c.Line(row), f.c.Header[column]
			return nil, e
		}
		values[t] += x[row]
	}
	for t := 1; t < f.rows; t++ {
		if !here[t] {
			values[t] = values[t-1]
		}
	}
	return values, nil
}

// periods reads when the activity ran and what is learned from.
func (f *effectFrame) periods(in *EffectInput) error {
	first, last := 0, f.rows-1
	from, until := -1, last
	preFrom, preUntil := first, -1
	for t := range in.Active {
		if in.Active[t] && from < 0 {
			from = t
		}
	}
	for _, m := range []struct {
		text, flag string
		at         *int
	}{{f.t.From, "--from", &from}, {f.t.Until, "--until", &until}, {f.t.PreFrom, "--pre-from", &preFrom}, {f.t.PreUntil, "--pre-until", &preUntil}} {
		if m.text == "" {
			continue
		}
		t, err := f.moment(m.text, m.flag)
		if err != nil {
			return err
		}
		*m.at = t
	}
	if f.t.Until == "" && f.active < 0 {
		f.note("effect.note.open-end", f.calendar.Arg(last))
	}
	if from < 0 && f.active >= 0 {
		return f.fault("never-on", "--active", goalpost.TextArg(f.c.Header[f.active]))
	}
	if from < 0 {
		return f.fault("from-missing", "--from")
	}
	if preUntil < 0 {
		preUntil = from - 1
	}
	switch {
	case until < from:
		return f.fault("backwards", "--until", f.calendar.Arg(from), f.calendar.Arg(until))
	case preUntil >= preFrom && preUntil >= from:
		return f.fault("periods-overlap", "--pre-until", f.calendar.Arg(preUntil), f.calendar.Arg(from))
	case preUntil < preFrom && from == first:
		return f.fromFirst(in)
	case preUntil < preFrom:
		return f.fault("period-empty", "--from")
	}
	in.Pre, in.Post = RowSpan{From: preFrom, Until: preUntil + 1}, RowSpan{From: from, Until: until + 1}
	for t := in.Pre.From; t < in.Pre.Until && in.Active != nil; t++ {
		if in.Active[t] {
			return f.fault("active-before", "--pre-until", f.calendar.Arg(t))
		}
	}
	for t := in.Post.From; t < in.Post.Until; t++ {
		if in.Active == nil || in.Active[t] {
			return nil
		}
	}
	return f.fault("never-on", "--active", goalpost.TextArg(f.c.Header[f.active]))
}

// moment finds a row by how the table writes it.
func (f *effectFrame) moment(text, flag string) (int, error) {
	v, err := f.value(text, flag)
	if err != nil {
		return 0, err
	}
	c := f.calendar
	t := int((v - c.First) / c.Step)
	if v < c.First || t >= f.rows {
		return 0, f.fault("outside", flag, goalpost.TextArg(strings.TrimSpace(text)), c.Arg(0), c.Arg(f.rows-1))
	}
	return t, nil
}

// written is how the table writes its first moment.
func (f *effectFrame) written() string {
	if f.date >= 0 {
		if s := f.text(0, f.date); s != "" {
			return s
		}
	}
	return f.calendar.Label(0)
}

// value reads a moment in the unit of the calendar.
func (f *effectFrame) value(text, flag string) (int64, error) {
	text = strings.TrimSpace(text)
	day, dayErr := goalpost.ReadDay(text)
	if f.calendar.Grain == GrainRow {
		v, err := strconv.ParseInt(text, 10, 64)
		switch {
		case err == nil && v > -(1<<53) && v < 1<<53:
			return v, nil
		case dayErr == nil && f.date < 0:
			return 0, f.fault("from-is-date", flag, goalpost.TextArg(text))
		}
		return 0, f.fault("moment", flag, goalpost.TextArg(text), goalpost.TextArg(f.written()))
	}
	if dayErr != nil {
		return 0, f.fault("moment", flag, goalpost.TextArg(text), goalpost.TextArg(f.written()))
	}
	if f.calendar.Grain == GrainMonth {
		return int64(day.Time().Year())*12 + int64(day.Time().Month()) - 1, nil
	}
	return int64(day), nil
}
