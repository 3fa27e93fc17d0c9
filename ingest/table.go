package ingest

import (
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"math"
	"slices"
	"strings"
	"time"

	"goalpost"
)

// tableRows reads a table through its map.
type tableRows struct {
	p       *Plan
	m       *Map
	header  int // line of the header
	decimal byte
	order   string
	grain   goalpost.Grain
	account goalpost.AccountRef
	money   string // currency of amounts whose column does not say it
	zone    *time.Location

	at      map[string]int // column of each role
	metrics []tableMetric
	seen    map[string]int // rows without an id that are alike
}

type tableMetric struct {
	column int
	Column
	own bool // not a profile's
}

// totalWords are words in the first cell of rows that add up the rows above.
var totalWords = []string{"total", "totals", "sum", "summe", "gesamt", "grand total", "insgesamt", "gesamtergebnis", "gesamtsumme"}

func (t *tableRows) row(rec record, out *recorder) error {
	if rec.line <= t.header || len(rec.fields) == 0 {
		return nil
	}
	f := rec.fields
	first := normalHeader(cell(f, 0))
	switch {
	case strings.HasPrefix(first, "#"):
		return nil
	case slices.Contains(totalWords, strings.TrimRight(first, ":")):
		out.report("total_row", rec.line)
		return nil
	case t.repeated(f):
		return nil
	case !t.p.layout.workbook && len(f) > len(t.p.Header) && !blank(f[len(t.p.Header):]):
		// An unquoted comma in a number or a text moves every cell behind it into the
		// wrong column. A cell beside the table of a workbook is only somebody's note.
		out.report("extra_cells", rec.line)
		return nil
	}
	switch t.m.Kind {
	case KindPosts:
		return t.post(rec, out)
	case KindActivities:
		return t.activity(rec, out)
	default:
		return t.values(rec, out)
	}
}

// repeated reports whether a row is the header again.
func (t *tableRows) repeated(f []string) bool {
	if len(f) != len(t.p.Header) {
		return false
	}
	for i := range f {
		if normalHeader(f[i]) != normalHeader(t.p.Header[i]) {
			return false
		}
	}
	return true
}

// numberIn reads a metric's cell. missing: nothing was measured; bad names what is
// wrong.
func (t *tableRows) numberIn(rec record, column int) (v float64, missing bool, bad string) {
	s := cell(rec.fields, column)
	if isMissing(s) {
		return 0, true, ""
	}
	if column < len(rec.dates) && rec.dates[column] {
		return 0, false, "date_for_number"
	}
	v, ok := number(s, t.decimalOf())
	if !ok {
		return 0, false, "bad_number"
	}
	if math.Abs(v) > maxNumber {
		return 0, false, "too_large"
	}
	return v, false, ""
}

// maxNumber is the largest figure of a table: more is no count and no amount of anything,
// and sums of it would not be exact.
const maxNumber = 1e15

func (t *tableRows) decimalOf() byte {
	if t.p.layout.workbook {
		return '.'
	}
	return t.decimal
}

// when reads the row's date. A row with one cell only is a footnote.
func (t *tableRows) when(rec record, column int) (moment, string) {
	s := cell(rec.fields, column)
	m, ok := date(s, t.order, t.p.layout.workbook)
	switch {
	case ok:
		return m, ""
	case blank(rec.fields[min(1, len(rec.fields)):]) && len(t.p.Header) > 1:
		return m, "footnote"
	case s == "":
		return m, "no_date"
	}
	return m, "bad_date"
}

// values stores the metrics of a row of a series table.
func (t *tableRows) values(rec record, out *recorder) error {
	m, bad := t.when(rec, t.at[AsDate])
	if bad != "" {
		out.bad(bad, rec, t.p.Header, t.at[AsDate])
		return nil
	}
	account, network, bad := t.whose(rec)
	if bad != "" {
		out.bad(bad, rec, t.p.Header, t.at[AsNetwork])
		return nil
	}
	list := make([]goalpost.ValueRecord, 0, len(t.metrics))
	for _, x := range t.metrics {
		v, missing, bad := t.numberIn(rec, x.column)
		if missing {
			continue
		}
		if bad == "" && belowZero(x.As, v) {
			bad = "below_zero"
		}
		if bad != "" {
			out.bad(bad, rec, t.p.Header, x.column)
			return nil
		}
		r := goalpost.ValueRecord{Line: rec.line, Day: m.date(), Value: v, Key: goalpost.SeriesKey{Metric: goalpost.Metric(x.As), Region: x.Region, Product: x.Product, Grain: t.grain, Network: network}}
		if !x.own {
			r.Account = account
			if x.Account != "" {
				r.Account.Name = x.Account
			}
			if x.Network != "" {
				r.Account.Network = x.Network
			}
			r.Key.Network = r.Account.Network
		} else if x.Network != "" {
			r.Key.Network = x.Network
		}
		if x.Region == "" {
			r.Key.Region = cell(rec.fields, t.at[AsRegion])
		}
		if x.Product == "" {
			r.Key.Product = cell(rec.fields, t.at[AsProduct])
		}
		if x.isMoney() {
			if r.Key.Currency, bad = t.currency(rec, x.Currency); bad != "" {
				out.bad(bad, rec, t.p.Header, t.at[AsCurrency])
				return nil
			}
			out.money = r.Key.Currency
		}
		list = append(list, r)
	}
	if len(list) == 0 {
		out.report("no_value", rec.line)
		return nil
	}
	for _, r := range list {
		out.add(r.Key.Metric, r.Value)
	}
	out.day(m.date())
	out.batch.Values = append(out.batch.Values, list...)
	return out.keep()
}

// whose reads the profile and the network of a row.
func (t *tableRows) whose(rec record) (goalpost.AccountRef, goalpost.Network, string) {
	a := t.account
	var own goalpost.Network
	if s := cell(rec.fields, t.at[AsNetwork]); s != "" {
		n, ok := networkOf(s)
		if !ok {
			return a, "", "bad_network"
		}
		a.Network, own = n, n
	}
	if s := cell(rec.fields, t.at[AsAccount]); s != "" {
		a.Name = s
	}
	if slices.ContainsFunc(t.metrics, func(x tableMetric) bool {
		return !x.own && (a.Name == "" && x.Account == "" || a.Network == "" && x.Network == "")
	}) {
		return a, own, "no_account"
	}
	return a, own, ""
}

// currency settles the currency of an amount.
func (t *tableRows) currency(rec record, column string) (string, string) {
	if column != "" {
		return column, ""
	}
	if s := strings.ToUpper(cell(rec.fields, t.at[AsCurrency])); s != "" {
		if c, ok := currencySigns[s]; ok {
			s = c
		}
		if !goalpost.IsCurrency(s) {
			return "", "bad_currency"
		}
		return s, ""
	}
	if t.money == "" {
		return "", "no_currency"
	}
	return t.money, ""
}

// post stores a row of a table of posts. A post without an id of its own gets one
// from its link, else from the whole row.
func (t *tableRows) post(rec record, out *recorder) error {
	f := rec.fields
	account, _, bad := t.whose(rec)
	if bad == "" && (account.Name == "" || account.Network == "") {
		bad = "no_account"
	}
	if bad != "" {
		out.bad(bad, rec, t.p.Header, t.at[AsNetwork])
		return nil
	}
	r := goalpost.PostRecord{Line: rec.line, Account: account, Counts: goalpost.Counts{},
		Post: goalpost.Post{ExternalID: cell(f, t.at[AsID]), Text: cell(f, t.at[AsText]), Permalink: cell(f, t.at[AsPermalink]), Kind: kindOf(cell(f, t.at[AsKind])), PublishedOn: goalpost.NoDay}}
	for _, x := range t.metrics {
		v, missing, bad := t.numberIn(rec, x.column)
		if missing {
			continue
		}
		if bad == "" && v != float64(int64(v)) {
			bad = "bad_number"
		}
		if bad == "" && belowZero(x.As, v) {
			bad = "below_zero"
		}
		if bad != "" {
			out.bad(bad, rec, t.p.Header, x.column)
			return nil
		}
		r.Counts[goalpost.Metric(x.As)] = int64(v)
	}
	if t.at[AsDate] >= 0 && cell(f, t.at[AsDate]) != "" {
		m, bad := t.when(rec, t.at[AsDate])
		if bad != "" {
			out.bad(bad, rec, t.p.Header, t.at[AsDate])
			return nil
		}
		r.Post.PublishedAt, r.Post.DayOnly, r.Post.PublishedOn = m.in(t.zone).UTC(), !m.timed, m.date()
		if m.timed {
			r.Post.PublishedOn = t.p.localDay(r.Post.PublishedAt)
		}
		out.day(m.date())
		out.post(account, r.Post.PublishedOn)
	}
	switch id := r.Post.ExternalID; {
	case spreadsheetID.MatchString(id):
		out.report("spreadsheet_id", rec.line)
		return nil
	case id == "" && r.Post.Permalink != "":
		r.Post.ExternalID = r.Post.Permalink
	case id == "":
		r.Post.ExternalID = t.madeID(f)
	}
	for m, v := range r.Counts {
		out.add(m, float64(v))
	}
	r.EngagementsDerived = goalpost.DeriveEngagements(r.Counts)
	out.batch.Posts = append(out.batch.Posts, r)
	return out.keep()
}

// madeID makes an id from a row; rows that are alike are counted.
func (t *tableRows) madeID(f []string) string {
	h := sha256.Sum256([]byte(strings.Join(f, "\x00")))
	id := "row:" + hex.EncodeToString(h[:12])
	t.seen[id]++
	if n := t.seen[id]; n > 1 {
		id = fmt.Sprint(id, "-", n)
	}
	return id
}

// activity stores a row of a table of what we did. Without an end it ran one day.
func (t *tableRows) activity(rec record, out *recorder) error {
	f := rec.fields
	name := cell(f, t.at[AsName])
	at := t.at[AsFrom] // the column that is to blame
	from, bad := t.when(rec, at)
	until := from
	if bad == "" && cell(f, t.at[AsUntil]) != "" {
		at = t.at[AsUntil]
		until, bad = t.when(rec, at)
	}
	if bad == "" && until.date() < from.date() {
		bad = "backwards"
	}
	if bad == "" && until.date()-from.date() >= goalpost.MaxRunDays {
		bad = "run_too_long"
	}
	if bad == "" && name == "" {
		bad, at = "no_name", -1
	}
	a := goalpost.Activity{Name: name, Period: goalpost.Period{Start: from.date(), End: until.date() + 1}, Region: cell(f, t.at[AsRegion]), Product: cell(f, t.at[AsProduct]),
		Media: goalpost.Media(strings.ToLower(cell(f, t.at[AsMedia]))), Design: goalpost.Design(strings.ToLower(cell(f, t.at[AsDesign])))}
	if s := cell(f, t.at[AsNetwork]); bad == "" && s != "" {
		n, ok := networkOf(s)
		if a.Network = n; !ok {
			bad, at = "bad_network", t.at[AsNetwork]
		}
	}
	if bad == "" {
		bad, at = t.badWords(f, a)
	}
	if t.at[AsCost] >= 0 && bad == "" {
		v, missing, wrong := t.numberIn(rec, t.at[AsCost])
		switch {
		case wrong == "" && v < 0:
			wrong = "cost_below_zero"
		case wrong == "" && v > goalpost.MaxCost:
			wrong = "too_large"
		}
		if bad, at = wrong, t.at[AsCost]; !missing && wrong == "" {
			if a.Currency, bad = t.currency(rec, t.m.find(AsCost).Currency); bad != "" {
				at = t.at[AsCurrency]
			} else {
				a.CostMin, a.HasCost = goalpost.ToMinor(v, a.Currency), true
				out.add("cost", v)
				out.money = a.Currency
			}
		}
	}
	if bad != "" {
		out.bad(bad, rec, t.p.Header, at)
		return nil
	}
	out.day(from.date())
	out.day(until.date())
	out.batch.Activities = append(out.batch.Activities, goalpost.ActivityRecord{Line: rec.line, Activity: a})
	return out.keep()
}

// badWords says which word of an activity is none that can be kept, and in which column.
func (t *tableRows) badWords(f []string, a goalpost.Activity) (bad string, at int) {
	for _, column := range []int{t.at[AsName], t.at[AsRegion], t.at[AsProduct]} {
		switch goalpost.TextFault(cell(f, column), goalpost.MaxActivityName) {
		case goalpost.TextLong:
			return "too_long", column
		case goalpost.TextHidden:
			return "hidden", column
		}
	}
	switch {
	case a.Media != "" && !a.Media.Valid():
		return "bad_media", t.at[AsMedia]
	case a.Design != "" && !a.Design.Valid():
		return "bad_design", t.at[AsDesign]
	}
	return "", 0
}

func (t *tableRows) done(*recorder) {}
