package ingest

import (
	"cmp"
	"slices"
	"strings"
	"time"

	"goalpost"
)

const batchRows = 2000

// cellReasons are those for which one cell is to blame.
var cellReasons = []string{"bad_number", "below_zero", "date_for_number", "bad_date", "bad_network", "bad_currency", "too_large", "cost_below_zero", "too_long", "run_too_long", "hidden", "bad_media", "bad_design"}

// CellReasons lists the reasons for which one cell of a row is to blame.
func CellReasons() []string { return slices.Clone(cellReasons) }

const shownCell = 40 // runes of a cell or a column's name in a report

// handler turns the rows of one dialect into records. It is made anew for every
// reading, because it keeps what stands in the rows above.
type handler interface {
	// row handles one row below the header.
	row(rec record, out *recorder) error
	// done is called after the last row.
	done(out *recorder)
}

// recorder gathers records into batches, and what the report says.
type recorder struct {
	batch   goalpost.Batch
	sink    func(goalpost.Batch) error
	src     source
	rows    int
	kept    int
	totals  map[goalpost.Metric]float64
	reasons map[string]*goalpost.Reason
	first   goalpost.Day
	last    goalpost.Day
	dated   bool
	notes   []goalpost.Note
	zeros   map[goalpost.Metric]int // kept rows by metric, as long as all were zero
	seen    map[goalpost.Metric]bool
	spans   map[goalpost.AccountRef]*goalpost.Period // first and last post day
	money   string
}

func newRecorder(sink func(goalpost.Batch) error, src source) *recorder {
	return &recorder{sink: sink, src: src, totals: map[goalpost.Metric]float64{}, reasons: map[string]*goalpost.Reason{}, zeros: map[goalpost.Metric]int{},
		seen: map[goalpost.Metric]bool{}, spans: map[goalpost.AccountRef]*goalpost.Period{}}
}

// report counts a row that was not kept.
func (o *recorder) report(reason string, line int) {
	o.rows++
	o.remark(reason, line)
}

// bad counts a row that was not kept because of one of its cells, and shows the cell.
func (o *recorder) bad(reason string, rec record, header []string, column int) {
	o.report(reason, rec.line)
	r := o.reasons[reason]
	if column < 0 || column >= len(rec.fields) || len(r.Cells) == goalpost.MaxReasonCells || !slices.Contains(cellReasons, reason) {
		return
	}
	c := goalpost.BadCell{Line: rec.line, Column: cell(header, column), Value: cut(cell(rec.fields, column), shownCell)}
	if strings.Contains(c.Value, "@") { // an address of a person belongs in no report
		c.Value = "…@…"
	}
	c.Column = cut(c.Column, shownCell)
	r.Cells = append(r.Cells, c)
}

// remark counts something about a row without the row itself.
func (o *recorder) remark(reason string, line int) {
	r := o.reasons[reason]
	if r == nil {
		r = &goalpost.Reason{Reason: reason}
		o.reasons[reason] = r
	}
	r.Count++
	if len(r.Lines) < goalpost.MaxReasonLines {
		r.Lines = append(r.Lines, line)
	}
}

// keep counts a row that was kept.
func (o *recorder) keep() error {
	o.rows++
	o.kept++
	if len(o.batch.Posts)+len(o.batch.Values)+len(o.batch.Activities) < batchRows {
		return nil
	}
	return o.flush()
}

func (o *recorder) flush() error {
	if len(o.batch.Posts)+len(o.batch.Values)+len(o.batch.Activities) == 0 {
		return nil
	}
	b := o.batch
	o.batch = goalpost.Batch{}
	b.BytesRead, b.RowsRead = o.src.read(), o.rows
	return o.sink(b)
}

// add adds to a total and watches for columns that are zero throughout.
func (o *recorder) add(m goalpost.Metric, x float64) {
	o.totals[m] += x
	if x != 0 {
		o.seen[m] = true
	}
	o.zeros[m]++
}

// day notes a date of the file.
func (o *recorder) day(d goalpost.Day) {
	if !o.dated || d < o.first {
		o.first = d
	}
	if !o.dated || d > o.last {
		o.last = d
	}
	o.dated = true
}

// post notes that an account published on a day.
func (o *recorder) post(a goalpost.AccountRef, d goalpost.Day) {
	s := o.spans[a]
	if s == nil {
		o.spans[a] = &goalpost.Period{Start: d, End: d + 1}
		return
	}
	s.Start, s.End = min(s.Start, d), max(s.End, d+1)
}

const zeroRows = 10 // from how many rows on a column of nothing but zeros is remarked on

// file makes the report.
func (o *recorder) file(p *Plan, window *goalpost.Period) goalpost.FileReport {
	r := goalpost.FileReport{File: p.Name, Dialect: p.Dialect, Rows: o.rows, Kept: o.kept, Reported: o.rows - o.kept, Totals: o.totals,
		Reasons: []goalpost.Reason{}, Currency: o.money, ObservedAt: p.Answers.ObservedAt}
	for _, x := range o.reasons {
		r.Reasons = append(r.Reasons, *x)
	}
	slices.SortFunc(r.Reasons, func(a, b goalpost.Reason) int { return cmp.Compare(a.Reason, b.Reason) })
	if o.dated {
		r.FirstDate, r.LastDate = o.first.String(), o.last.String()
	}
	r.Notes = append(slices.Clone(p.Notes), o.notes...)
	for _, m := range goalpost.PostMetrics() {
		if o.zeros[m] >= zeroRows && !o.seen[m] && m != goalpost.DurationS && len(o.spans) > 0 {
			r.Notes = append(r.Notes, goalpost.NewNote("import.note.zero-column", goalpost.WordArg("metric."+string(m)), goalpost.NumberArg(float64(o.zeros[m]))))
		}
	}
	for a, s := range o.spans {
		r.Accounts = append(r.Accounts, a)
		c := goalpost.Coverage{Account: a, Period: *s}
		if window != nil {
			c.Period = *window
		}
		r.Coverage = append(r.Coverage, c)
	}
	slices.SortFunc(r.Accounts, func(a, b goalpost.AccountRef) int {
		return cmp.Or(strings.Compare(string(a.Network), string(b.Network)), strings.Compare(a.Name, b.Name))
	})
	slices.SortFunc(r.Coverage, func(a, b goalpost.Coverage) int {
		return cmp.Or(strings.Compare(string(a.Account.Network), string(b.Account.Network)), strings.Compare(a.Account.Name, b.Account.Name))
	})
	return r
}

// columns finds cells by the name of their column.
type columns struct {
	index map[string]int // first column of each normal header
	width int
}

func columnsOf(header []string) columns {
	c := columns{index: map[string]int{}, width: len(header)}
	for i, h := range header {
		n := normalHeader(h)
		if _, twice := c.index[n]; !twice && n != "" {
			c.index[n] = i
		}
	}
	return c
}

// of returns the column of the first name that is there, or −1.
func (c columns) of(names ...string) int {
	for _, n := range names {
		if i, ok := c.index[n]; ok {
			return i
		}
	}
	return -1
}

func (c columns) has(names ...string) bool {
	for _, n := range names {
		if _, ok := c.index[n]; !ok {
			return false
		}
	}
	return true
}

// cell returns a trimmed cell; ragged rows are padded with nothing.
func cell(fields []string, i int) string {
	if i < 0 || i >= len(fields) {
		return ""
	}
	return strings.TrimSpace(fields[i])
}

func blank(fields []string) bool {
	for _, f := range fields {
		if strings.TrimSpace(f) != "" {
			return false
		}
	}
	return true
}

// localDay is the day of an instant in the organisation's zone.
func (p *Plan) localDay(t time.Time) goalpost.Day { return goalpost.DayOf(t, p.zone()) }

func (p *Plan) zone() *time.Location {
	if p.options.Zone == nil {
		return time.UTC
	}
	return p.options.Zone
}
