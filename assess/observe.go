package assess

import (
	"context"
	"fmt"
	"slices"
	"time"

	"goalpost"
	"goalpost/store"
)

// settlingDays is how many days after a day its figures still move, because
// networks restate them and posts go on collecting reactions (reference: forecast,
// part 7). Own tables are complete when they are written.
const settlingDays = 2

// liveWindow is how many days before the period an account's newest day must lie for
// the account to count as ended. One whose figures stop later may go on: nobody but a
// person knows, so its days are missing, not zero.
const liveWindow = 28

// Observed is a KPI day by day in a scope, with one source per account, metric and
// day: the account's daily series where there is one, else its posts.
type Observed struct {
	KPI      goalpost.KPI
	Currency string
	Grain    goalpost.Grain
	// First is the day of Days[0]; Last is the last complete day. Days after it were
	// seen too early to be final.
	First, Last goalpost.Day
	Days        []ObservedDay // [T], First … newest day seen
	Sources     []goalpost.Note
	Doubts      []goalpost.Note
	Missing     []Unavailable
	Posts       int // posts counted in Days
	ObservedAt  time.Time
	Currencies  []string       // more than one: nothing is added
	Changed     []goalpost.Day // from which on something else is counted, oldest first
	ended       []ended        // accounts that no longer count
	twice       []twin         // accounts that may be one profile
}

// ended is an account whose figures stopped before the period that is asked for.
type ended struct {
	account goalpost.AccountID
	network goalpost.Network
	last    goalpost.Day
}

// ObservedDay is one day (or week) of Observed. Num and Den are the parts of a
// ratio; for sums and stocks Num is the value and Den is 0.
type ObservedDay struct {
	Num, Den float64
	RatioSum float64 // for means of ratios
	Posts    int     // posts behind the day
	Largest  float64 // largest single value of an account that day
	Missing  bool
	// Unsettled days were seen so soon after that the figures may still move.
	Unsettled bool

	some bool // at least one account has a value
}

// Empty reports whether nothing was observed at all.
func (o Observed) Empty() bool {
	for _, d := range o.Days {
		if !d.Missing {
			return false
		}
	}
	return true
}

// At returns a day; a day outside the range is missing.
func (o Observed) At(d goalpost.Day) ObservedDay {
	if i := int(d - o.First); i >= 0 && i < len(o.Days) {
		return o.Days[i]
	}
	return ObservedDay{Missing: true}
}

// query says which observations are wanted.
type query struct {
	kpi    goalpost.KPI
	scope  goalpost.Scope
	from   goalpost.Day // only days from this one on; zero: from the first
	before goalpost.Day // only days before this one
	since  goalpost.Day // first day that matters, of a goal or a question; zero: the newest of all
	seen   bool         // and only what was known at its beginning
	zone   *time.Location
}

func (q query) seenBefore() time.Time {
	if !q.seen {
		return time.Time{}
	}
	return q.before.Start(q.zone)
}

// days reaches from the day asked for, or from before any network, to the day before
// which all lies.
func (q query) days() goalpost.Period {
	if q.from == 0 {
		q.from = goalpost.NewDay(1990, time.January, 1)
	}
	return goalpost.Period{Start: q.from, End: q.before}
}

// observe reads the observations of a KPI. KPIs that need a survey or an effect
// give an empty result.
func observe(ctx context.Context, db *store.DB, org goalpost.OrgID, q query) (Observed, error) {
	o := Observed{KPI: q.kpi, Grain: goalpost.Daily}
	if q.kpi.Aggregation == goalpost.AggElse {
		return o, nil
	}
	var parts []part
	if q.kpi.FromSeries {
		points, err := db.SeriesValues(ctx, org, store.SeriesFilter{Metric: q.kpi.Numerator, Accounts: q.scope.Accounts,
			Networks: q.scope.Networks, Regions: q.scope.Regions, Products: q.scope.Products,
			Period: q.days(), SeenBefore: q.seenBefore()})
		if err != nil {
			return o, fmt.Errorf("observe %s: %w", q.kpi.Code, err)
		}
		parts = seriesParts(points, &o)
		if len(o.Currencies) > 1 {
			return o, nil
		}
	}
	if q.kpi.FromPosts && len(q.scope.Regions) == 0 && len(q.scope.Products) == 0 {
		fromPosts, err := postParts(ctx, db, org, q, &o)
		if err != nil {
			return o, fmt.Errorf("observe %s: %w", q.kpi.Code, err)
		}
		parts = mergeParts(parts, fromPosts)
	}
	o.assemble(parts, q)
	if err := name(ctx, db, org, parts, q, &o); err != nil {
		return o, fmt.Errorf("observe %s: %w", q.kpi.Code, err)
	}
	return o, nil
}

// part is what one account (0: own data) gives, day by day.
type part struct {
	account goalpost.AccountID
	network goalpost.Network
	days    map[goalpost.Day]partDay
	covered []goalpost.Period // days without a post in here are zero
	series  int               // days from a series
	posts   int               // posts counted
	dropped int               // posts of days that the series has: one source a day
	lacking int               // posts without the metric
	lackDen int               // posts with it, but without the denominator
	seenAt  time.Time
	regions map[string]*presence // of the days from a series
}

type partDay struct {
	ObservedDay
	observed   time.Time
	fromSeries bool
}

// span returns the first and the last day of the part.
func (p part) span() (first, last goalpost.Day, ok bool) {
	grow := func(a, b goalpost.Day) {
		if !ok || a < first {
			first = a
		}
		if !ok || b > last {
			last = b
		}
		ok = true
	}
	for d := range p.days {
		grow(d, d)
	}
	for _, c := range p.covered {
		grow(c.Start, c.Last())
	}
	return first, last, ok
}

func (p part) at(d goalpost.Day) (partDay, bool) {
	if v, ok := p.days[d]; ok {
		return v, true
	}
	for _, c := range p.covered {
		if c.Contains(d) {
			return partDay{ObservedDay: ObservedDay{}, observed: p.seenAt}, true
		}
	}
	return partDay{}, false
}

// mergeParts adds the posts' days to the series' days of the same account, where
// the series has none: one source per account, metric and day.
func mergeParts(series, posts []part) []part {
	out := slices.Clone(series)
	for _, p := range posts {
		i := slices.IndexFunc(out, func(s part) bool { return s.account == p.account })
		if i < 0 {
			out = append(out, p)
			continue
		}
		for d, v := range p.days {
			if _, there := out[i].days[d]; there {
				p.posts -= v.Posts
				out[i].dropped += v.Posts
				continue
			}
			out[i].days[d] = v
		}
		out[i].covered = append(out[i].covered, p.covered...)
		out[i].posts, out[i].lacking, out[i].lackDen = p.posts, p.lacking, p.lackDen
		if p.seenAt.After(out[i].seenAt) {
			out[i].seenAt = p.seenAt
		}
	}
	return out
}

// assemble adds the parts day by day. A day on which a living account has a gap is
// missing; before an account's first day it counts as not yet there, after an ended
// account's last day as gone.
func (o *Observed) assemble(parts []part, q query) {
	var first, newest goalpost.Day
	some := false
	for _, p := range parts {
		if a, b, ok := p.span(); ok {
			if !some || a < first {
				first = a
			}
			if !some || b > newest {
				newest = b
			}
			some = true
		}
	}
	if !some {
		return
	}
	if newest >= q.before {
		newest = q.before - 1
	}
	if newest < first {
		return
	}
	o.First = first
	o.Days = make([]ObservedDay, newest-first+1)
	o.Last = newest
	for _, p := range parts {
		a, b, ok := p.span()
		if !ok {
			continue
		}
		b = min(b, newest)
		live := newest-b <= liveWindow || (q.since != 0 && b >= q.since-liveWindow)
		if live {
			o.Last = min(o.Last, b)
		} else {
			o.ended = append(o.ended, ended{p.account, p.network, b})
		}
		o.add(p, a, b, live, q)
	}
	o.Changed = o.changes(parts, newest)
	for i := range o.Days {
		if !o.Days[i].some {
			o.Days[i].Missing = true // before, between and after all accounts nothing was measured
		}
	}
	for o.Last >= o.First && o.At(o.Last).Unsettled {
		o.Last--
	}
	for i := range o.Days {
		o.Posts += o.Days[i].Posts
	}
}

// add puts one part, present from day a to day b, into the days.
func (o *Observed) add(p part, a, b goalpost.Day, live bool, q query) {
	for i := range o.Days {
		d := o.First + goalpost.Day(i)
		day := &o.Days[i]
		if d < a || (d > b && !live) {
			continue
		}
		v, ok := p.at(d)
		if !ok {
			day.Missing = true
			continue
		}
		settling := goalpost.Day(settlingDays)
		if v.fromSeries && p.account == 0 {
			settling = 0
		}
		if v.observed.Before((d + 1 + settling).Start(q.zone)) {
			day.Unsettled = true
		}
		day.some = true
		day.Num += v.Num
		day.Den += v.Den
		day.RatioSum += v.RatioSum
		day.Posts += v.Posts
		day.Largest = max(day.Largest, v.Largest)
		if v.observed.After(o.ObservedAt) {
			o.ObservedAt = v.observed
		}
	}
}
