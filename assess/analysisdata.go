package assess

import (
	"context"
	"crypto/sha256"
	"encoding/binary"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"math"
	"slices"
	"strings"
	"time"

	"goalpost"
	"goalpost/store"
)

// effectVersion is part of the fingerprint of the data: a release that computes other
// digits from the same data raises it, so that results are computed again.
const effectVersion = 2

// analysisData is what an analysis is computed from.
type analysisData struct {
	in      EffectInput
	hash    string
	problem *goalpost.Error // why nothing can be computed; nil: it can
}

// observeFor reads a series for a plan: only days that are over, and a week more on both
// sides, so that weeks can be whole.
func observeFor(ctx context.Context, db *store.DB, org goalpost.Organisation, plan goalpost.AnalysisPlan, ref goalpost.SeriesRef, now time.Time) (Observed, error) {
	k, _ := goalpost.KPIByCode(ref.KPI)
	post := plan.Post()
	return observe(ctx, db, org.ID, query{kpi: k, scope: ref.Scope, from: plan.Pre.Start - 7, before: min(post.End+7, goalpost.DayOf(now, org.Zone())), since: post.Start, zone: org.Zone()})
}

// analysisRows is the calendar of an analysis: days, or weeks where the series has weeks.
type analysisRows struct {
	plan      goalpost.AnalysisPlan
	grain     goalpost.Grain
	first     goalpost.Day // of row 0
	pre, post RowSpan
}

// rowsOf puts a plan on the calendar of its series, up to the last complete row. A week
// that holds a day of the activity belongs to it; one that holds days of both sides is no
// week of the time before.
func rowsOf(plan goalpost.AnalysisPlan, y Observed) analysisRows {
	r := analysisRows{plan: plan, grain: y.Grain, first: plan.Pre.Start}
	post := plan.Post()
	if y.Grain != goalpost.Weekly {
		r.pre = RowSpan{From: 0, Until: plan.Pre.Days()}
		r.post = RowSpan{From: int(post.Start - r.first), Until: int(min(post.End, y.Last+1) - r.first)}
		r.post.Until = max(r.post.Until, r.post.From)
		return r
	}
	anchor := y.First
	for anchor <= y.Last && y.At(anchor).Missing {
		anchor++
	}
	r.first += goalpost.Day((int(anchor-r.first)%7 + 7) % 7) // the first week that begins in the plan's time before
	row := func(d goalpost.Day) int { return int(math.Floor(float64(d-r.first) / 7)) }
	r.pre = RowSpan{From: 0, Until: max(0, row(min(plan.Pre.End, post.Start)))}
	r.post.From = max(row(post.Start), r.pre.Until)
	r.post.Until = max(r.post.From, min(row(post.Last()), row(y.Last))+1)
	if y.Last < r.day(r.post.From) {
		r.post.Until = r.post.From
	}
	return r
}

// step is how many days a row has.
func (r analysisRows) step() int {
	if r.grain == goalpost.Weekly {
		return 7
	}
	return 1
}

// day is the first day of a row.
func (r analysisRows) day(row int) goalpost.Day {
	return r.first + goalpost.Day(row*r.step())
}

// total is the number of rows.
func (r analysisRows) total() int { return max(r.pre.Until, r.post.Until) }

// values puts a series on the calendar. A row without a figure is nil and counted; weeks
// are never spread over days, but seven known days are a week.
func (r analysisRows) values(o Observed) (list []*float64, missing int) {
	list = make([]*float64, r.total())
	for i := range list {
		d := r.day(i)
		switch same := r.grain == o.Grain; {
		case same:
			if v := o.At(d); !v.Missing && d <= o.Last {
				list[i] = &v.Num
			}
		case r.grain == goalpost.Weekly: // a weekly series beside a daily one gives nothing
			list[i] = weekOf(o, d)
		}
		if list[i] == nil {
			missing++
		}
	}
	return list, missing
}

// control puts a control on the calendar. Its gaps are counted only where the outcome is
// known: where both lack a figure, as on days on which a shop is closed, nothing is learned
// and nothing is asked, and the value beside it stands there.
func (r analysisRows) control(o Observed, outcome []*float64) (values []float64, holes int) {
	list, missing := r.values(o)
	if missing == len(list) {
		return nil, missing
	}
	last := *list[slices.IndexFunc(list, func(v *float64) bool { return v != nil })]
	values = make([]float64, len(list))
	for i, v := range list {
		switch {
		case v != nil:
			last = *v
		case outcome[i] != nil:
			holes++
		}
		values[i] = last
	}
	return values, holes
}

// weekOf adds seven days that are all known.
func weekOf(o Observed, first goalpost.Day) *float64 {
	sum := 0.0
	for d := first; d < first+7; d++ {
		v := o.At(d)
		if v.Missing || d > o.Last {
			return nil
		}
		sum += v.Num
	}
	return &sum
}

// active marks the rows in which the activity ran; nil: all of them.
func (r analysisRows) active() []bool {
	list := make([]bool, r.total())
	all := true
	for i := r.post.From; i < r.post.Until; i++ {
		for d := r.day(i); d < r.day(i+1); d++ {
			list[i] = list[i] || r.plan.ActiveOn(d)
		}
		all = all && list[i]
	}
	if all {
		return nil
	}
	return list
}

// span returns the rows of the calendar that a period touches.
func (r analysisRows) span(p goalpost.Period) (RowSpan, bool) {
	s := RowSpan{From: r.total(), Until: 0}
	for i := range r.total() {
		if r.day(i) < p.End && r.day(i+1) > p.Start {
			s.From, s.Until = min(s.From, i), i+1
		}
	}
	return s, s.Until > s.From
}

// outcomeOf names what a plan looks for an effect in.
func outcomeOf(plan goalpost.AnalysisPlan) goalpost.Arg {
	return goalpost.WordArg("kpi." + plan.Series.KPI)
}

// gather puts a plan, its series and its controls on one calendar.
func gather(ctx context.Context, db *store.DB, org goalpost.Organisation, plan goalpost.AnalysisPlan, now time.Time) (analysisData, error) {
	y, err := observeFor(ctx, db, org, plan, plan.Series, now)
	if err != nil {
		return analysisData{}, err
	}
	rows := rowsOf(plan, y)
	d := analysisData{in: EffectInput{Outcome: outcomeOf(plan), Currency: y.Currency, Activity: plan.Name, Calendar: DailyCalendar(rows.first),
		Pre: rows.pre, Post: rows.post, Active: rows.active(), Method: plan.Method, Level: plan.Level, Seed: plan.Seed}}
	if y.Grain == goalpost.Weekly {
		d.in.Calendar = WeeklyCalendar(rows.first)
	}
	values, missing := rows.values(y)
	d.in.Y, d.in.Missing = make([]float64, len(values)), make([]bool, len(values))
	for i, v := range values {
		if v == nil {
			d.in.Missing[i] = true
			continue
		}
		d.in.Y[i] = *v
	}
	if missing == 0 {
		d.in.Missing = nil
	}
	if len(y.Currencies) > 1 {
		d.problem = goalpost.Errorf(goalpost.Invalid, "error.analysis.currencies", goalpost.TextArg(strings.Join(y.Currencies, ", ")))
	} else if y.Empty() || rows.pre.Len() < 1 || rows.post.Len() < 1 {
		d.problem = goalpost.Errorf(goalpost.Invalid, "error.analysis.not-yet", goalpost.DayArg(plan.Post().Start))
	}
	if err := d.addControls(ctx, db, org, plan, rows, values, now); err != nil {
		return d, err
	}
	d.addChanged(rows, y)
	others, err := othersBeside(ctx, db, org.ID, plan)
	if err != nil {
		return d, err
	}
	for _, o := range others {
		for _, run := range o.Activity.Runs {
			if s, ok := rows.span(run); ok {
				d.in.Others = append(d.in.Others, EffectOther{Name: o.Activity.Name, Rows: s})
			}
		}
	}
	d.addMoney(plan, y)
	d.in.SmallestEffect = smallestPerRow(plan.SmallestEffect, d.in)
	d.hash = d.fingerprint()
	return d, nil
}

// addControls puts the controls on the calendar. One without a figure in a row in which the
// outcome has one is left out, and a note says so.
func (d *analysisData) addControls(ctx context.Context, db *store.DB, org goalpost.Organisation, plan goalpost.AnalysisPlan, rows analysisRows, outcome []*float64, now time.Time) error {
	accounts, err := db.Accounts(ctx, org.ID)
	if err != nil {
		return fmt.Errorf("assess analysis: %w", err)
	}
	for _, c := range plan.Controls {
		o, err := observeFor(ctx, db, org, plan, c.SeriesRef, now)
		if err != nil {
			return err
		}
		name := controlName(plan, c, accounts)
		values, missing := rows.control(o, outcome)
		if missing > 0 {
			d.in.Notes = append(d.in.Notes, goalpost.NewNote("analysis.note.control-left-out", goalpost.TextArg(name), goalpost.NumberArg(float64(missing))))
			continue
		}
		d.addChanged(rows, o)
		d.in.Controls = append(d.in.Controls, EffectControl{Name: name, Values: values, Movable: c.Touched})
	}
	return nil
}

// addChanged notes the rows from which on a series or a control counts something else.
func (d *analysisData) addChanged(rows analysisRows, o Observed) {
	for _, day := range o.Changed {
		s, ok := rows.span(goalpost.Period{Start: day, End: day + 1})
		if ok && !slices.Contains(d.in.Changed, s.From) {
			d.in.Changed = append(d.in.Changed, s.From)
		}
	}
	slices.Sort(d.in.Changed)
}

// controlName tells a control from the others: by its place where it is the same KPI,
// else by its code too.
func controlName(plan goalpost.AnalysisPlan, c goalpost.AnalysisControl, accounts []goalpost.Account) string {
	where := whereOf(c.Scope, accounts)
	switch {
	case where == "":
		return c.KPI
	case c.KPI == plan.Series.KPI:
		return where
	}
	return c.KPI + " · " + where
}

// addMoney says what it takes to judge whether the activity was worth it, where margin and
// cost are known and in the currency of the series.
func (d *analysisData) addMoney(plan goalpost.AnalysisPlan, y Observed) {
	m := plan.Margin
	if m == nil || plan.CostMin == nil {
		return
	}
	margin, currency := m.Share, y.Currency
	if y.Currency == "" {
		margin, currency = m.PerUnit, m.Currency
	}
	if margin == 0 {
		return
	}
	if currency != plan.Currency {
		d.in.Notes = append(d.in.Notes, goalpost.NewNote("analysis.note.cost-currency", goalpost.TextArg(plan.Currency), goalpost.TextArg(currency)))
		return
	}
	d.in.Worth = &EffectWorth{Margin: margin, Cost: goalpost.ToMajor(*plan.CostMin, plan.Currency), Currency: currency}
}

// smallestPerRow turns "from what size on would it matter?" into the series' unit per row:
// a share is one of the mean before the activity.
func smallestPerRow(t *goalpost.Target, in EffectInput) *float64 {
	if t == nil {
		return nil
	}
	if t.Kind != goalpost.TargetChange {
		v := t.Value
		return &v
	}
	sum, n := 0.0, 0
	for i := in.Pre.From; i < in.Pre.Until && i < len(in.Y); i++ {
		if in.known(i) {
			sum, n = sum+in.Y[i], n+1
		}
	}
	if n == 0 || sum <= 0 {
		return nil
	}
	v := t.Value * sum / float64(n)
	return &v
}

// fingerprint is the SHA-256 of everything that the result is computed from, except what
// the plan's own hash covers.
func (d analysisData) fingerprint() string {
	in := d.in
	h := sha256.New()
	head := struct {
		Version        int
		Calendar       Calendar
		Pre, Post      RowSpan
		Active         []bool
		Currency       string
		SmallestEffect *float64
		Worth          *EffectWorth
		Others         []EffectOther
		Changed        []int
		Notes          []goalpost.Note
		Problem        string
	}{effectVersion, in.Calendar, in.Pre, in.Post, in.Active, in.Currency, in.SmallestEffect, in.Worth, in.Others, in.Changed, in.Notes, ""}
	if d.problem != nil {
		head.Problem = d.problem.Key
	}
	body, err := json.Marshal(head)
	if err != nil {
		return "" // only a number that is none could fail, and the store has none
	}
	h.Write(body)
	var b [8]byte
	write := func(values []float64) {
		for _, x := range values {
			binary.LittleEndian.PutUint64(b[:], math.Float64bits(x))
			h.Write(b[:])
		}
	}
	write(in.Y)
	for _, m := range in.Missing {
		h.Write([]byte{map[bool]byte{true: 1}[m]})
	}
	for _, c := range in.Controls {
		h.Write([]byte(c.Name))
		write(c.Values)
	}
	return hex.EncodeToString(h.Sum(nil))
}

// analysisSeed gives every question its own stream of random numbers, the same on every
// machine. It fits a number that every program reads from JSON.
func analysisSeed(org goalpost.OrgID, activity goalpost.ActivityID, ref goalpost.SeriesRef) uint64 {
	sum := sha256.Sum256(fmt.Appendf(nil, "%d %d %s", org, activity, SeriesKey(ref)))
	return uint64(binary.LittleEndian.Uint32(sum[:4]))
}

// sameRuns reports whether an activity still is what the plan was confirmed for.
func sameRuns(a goalpost.Activity, p goalpost.AnalysisPlan) bool {
	return a.Name == p.Name && slices.Equal(a.Runs, p.Runs) && a.Network == p.Network && a.Region == p.Region && a.Product == p.Product
}
