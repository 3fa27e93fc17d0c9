package assess

import (
	"context"
	"fmt"
	"maps"
	"slices"
	"strings"
	"time"

	"goalpost"
	"goalpost/store"
)

// seriesParts puts the values of a metric on one calendar per account. Within an
// account and day the rows with the finest detail are added: rows with regions
// before a row without, and in each region rows with products before a row without.
// What the unused total says differently becomes a doubt of o.
func seriesParts(points []store.SeriesPoint, o *Observed) []part {
	type cell struct {
		account goalpost.AccountID
		day     goalpost.Day
	}
	cells := map[cell][]store.SeriesPoint{}
	network := map[goalpost.AccountID]goalpost.Network{}
	currencies := map[string]bool{}
	weekly := len(points) > 0
	for _, p := range points {
		weekly = weekly && p.Series.Grain == goalpost.Weekly
	}
	for _, p := range points {
		if (p.Series.Grain == goalpost.Weekly) != weekly {
			continue // weeks are never mixed with days
		}
		c := cell{p.Series.Account, p.Day}
		cells[c] = append(cells[c], p)
		network[p.Series.Account] = p.Series.Network
		if p.Series.Currency != "" {
			currencies[p.Series.Currency] = true
		}
	}
	if weekly {
		o.Grain = goalpost.Weekly
	}
	o.Currencies = slices.Sorted(maps.Keys(currencies))
	if len(o.Currencies) == 1 {
		o.Currency = o.Currencies[0]
	}
	parts := map[goalpost.AccountID]*part{}
	totals, sums := 0.0, 0.0
	for c, rows := range cells {
		pt := parts[c.account]
		if pt == nil {
			pt = &part{account: c.account, network: network[c.account], days: map[goalpost.Day]partDay{}}
			parts[c.account] = pt
		}
		value, total, hasTotal, seen := finest(rows)
		if hasTotal {
			totals, sums = totals+total, sums+value
		}
		pt.days[c.day] = partDay{ObservedDay: ObservedDay{Num: value, Largest: value}, observed: seen, fromSeries: true}
		pt.addRegions(c.day, rows)
		pt.series++
		if seen.After(pt.seenAt) {
			pt.seenAt = seen
		}
	}
	if diff := totals - sums; diff > 0.005*max(1, totals) || diff < -0.005*max(1, totals) {
		o.Doubts = append(o.Doubts, goalpost.NewNote("verdict.doubt.region-total", goalpost.NumberArg(totals), goalpost.NumberArg(sums)))
	}
	list := make([]part, 0, len(parts))
	for _, id := range slices.Sorted(maps.Keys(parts)) {
		list = append(list, *parts[id])
	}
	return list
}

// finest adds the rows of one account and day with the most detail. total is the
// row without region, if there are rows with regions beside it.
func finest(rows []store.SeriesPoint) (value, total float64, hasTotal bool, seen time.Time) {
	byRegion := map[string][]store.SeriesPoint{}
	for _, r := range rows {
		byRegion[r.Series.Region] = append(byRegion[r.Series.Region], r)
		if r.ObservedAt.After(seen) {
			seen = r.ObservedAt
		}
	}
	regionSum := func(list []store.SeriesPoint) (with float64) {
		products := slices.ContainsFunc(list, func(p store.SeriesPoint) bool { return p.Series.Product != "" })
		for _, p := range list {
			if !products || p.Series.Product != "" {
				with += p.Value
			}
		}
		return with
	}
	if list, ok := byRegion[""]; ok && len(byRegion) > 1 {
		total, hasTotal = regionSum(list), true
		delete(byRegion, "")
	}
	for _, region := range slices.Sorted(maps.Keys(byRegion)) { // a fixed order of additions gives the same digits
		value += regionSum(byRegion[region])
	}
	return value, total, hasTotal, seen
}

// postParts puts the posts of each account on the calendar, by the day on which
// they were published, with their newest counts.
func postParts(ctx context.Context, db *store.DB, org goalpost.OrgID, q query, o *Observed) ([]part, error) {
	rows, err := db.PostDays(ctx, org, store.PostFilter{Accounts: q.scope.Accounts, Networks: q.scope.Networks,
		Period: q.days(), SeenBefore: q.seenBefore(), Numerator: q.kpi.Numerator, Denominator: q.kpi.Denominator})
	if err != nil {
		return nil, err
	}
	coverage, err := db.Coverage(ctx, org)
	if err != nil {
		return nil, err
	}
	parts := map[goalpost.AccountID]*part{}
	for _, r := range rows {
		p := parts[r.Account]
		if p == nil {
			p = &part{account: r.Account, network: r.Network, days: map[goalpost.Day]partDay{}}
			parts[r.Account] = p
		}
		if r.ObservedUntil.After(p.seenAt) {
			p.seenAt = r.ObservedUntil
		}
		day, counted := postDay(q.kpi, r)
		p.lacking += r.Posts - r.NumPosts
		if q.kpi.Denominator != "" {
			p.lackDen += r.NumPosts - r.BothPosts
		}
		if counted == 0 && r.Posts > 0 {
			continue // posts that day, none of them measured: missing, not zero
		}
		p.posts += counted
		p.days[r.Day] = partDay{ObservedDay: day, observed: r.ObservedFrom}
	}
	for _, c := range coverage {
		p := parts[c.Account]
		if p == nil || p.posts == 0 {
			continue // the account never gave this metric: its days are not zero
		}
		if q.seen && !c.ObservedAt.Before(q.seenBefore()) {
			continue
		}
		if first, end := max(c.Period.Start, q.days().Start), min(c.Period.End, q.before); end > first {
			p.covered = append(p.covered, goalpost.Period{Start: first, End: end})
		}
	}
	list := make([]part, 0, len(parts))
	for _, id := range slices.Sorted(maps.Keys(parts)) {
		p := *parts[id]
		// A day whose posts all lack the metric lies in a covered period and would be
		// read as zero there: cut it out.
		p.covered = without(p.covered, rows, id, p.days)
		list = append(list, p)
	}
	return list, nil
}

// without takes out of the covered periods the days on which the account published
// but nothing was measured.
func without(covered []goalpost.Period, rows []store.PostDay, id goalpost.AccountID, days map[goalpost.Day]partDay) []goalpost.Period {
	for _, r := range rows {
		if _, measured := days[r.Day]; r.Account != id || measured || r.Posts == 0 {
			continue
		}
		var cut []goalpost.Period
		for _, c := range covered {
			if !c.Contains(r.Day) {
				cut = append(cut, c)
				continue
			}
			if c.Start < r.Day {
				cut = append(cut, goalpost.Period{Start: c.Start, End: r.Day})
			}
			if r.Day+1 < c.End {
				cut = append(cut, goalpost.Period{Start: r.Day + 1, End: c.End})
			}
		}
		covered = cut
	}
	return covered
}

// postDay makes a day out of the posts of one account; counted is how many of them
// have what the KPI needs.
func postDay(k goalpost.KPI, r store.PostDay) (day ObservedDay, counted int) {
	switch k.Aggregation {
	case goalpost.AggCount:
		return ObservedDay{Num: float64(r.Posts), Posts: r.Posts}, r.Posts
	case goalpost.AggRatio, goalpost.AggMean:
		return ObservedDay{Num: r.BothNum, Den: r.BothDen, RatioSum: r.RatioSum, Posts: r.BothPosts}, r.BothPosts
	default:
		return ObservedDay{Num: r.Num, Posts: r.NumPosts, Largest: r.Largest}, r.NumPosts
	}
}

// name says where the numbers come from and what was not available.
func name(ctx context.Context, db *store.DB, org goalpost.OrgID, parts []part, q query, o *Observed) error {
	accounts, err := db.Accounts(ctx, org)
	if err != nil {
		return fmt.Errorf("accounts: %w", err)
	}
	text := func(id goalpost.AccountID) string {
		for _, a := range accounts {
			if a.ID == id {
				return a.Name
			}
		}
		return ""
	}
	for _, p := range parts {
		who := strings.TrimSpace(text(p.account))
		if p.series > 0 {
			o.Sources = append(o.Sources, goalpost.NewNote("verdict.source.series",
				goalpost.WordArg("metric."+string(o.KPI.Numerator)), goalpost.TextArg(who), goalpost.WordArg("network."+string(p.network))))
		}
		if p.dropped > 0 {
			o.Sources = append(o.Sources, goalpost.NewNote("verdict.source.posts-left-out", goalpost.NumberArg(float64(p.dropped)), goalpost.TextArg(who), goalpost.WordArg("network."+string(p.network))))
		}
		if p.posts > 0 {
			o.Sources = append(o.Sources, goalpost.NewNote("verdict.source.posts", goalpost.NumberArg(float64(p.posts)),
				goalpost.TextArg(who), goalpost.DayArg(goalpost.DayOf(p.seenAt, time.UTC)), goalpost.WordArg("network."+string(p.network))))
		}
		for _, lack := range []struct {
			metric goalpost.Metric
			posts  int
		}{{o.KPI.Numerator, p.lacking}, {o.KPI.Denominator, p.lackDen}} {
			if lack.posts > 0 {
				o.Missing = append(o.Missing, Unavailable{Network: p.network, Account: who, Metric: lack.metric, Posts: lack.posts})
			}
		}
	}
	for _, e := range o.ended {
		o.Doubts = append(o.Doubts, goalpost.NewNote("verdict.doubt.ended", goalpost.TextArg(strings.TrimSpace(text(e.account))), goalpost.WordArg("network."+string(e.network)), goalpost.DayArg(e.last)))
	}
	if o.KPI.Aggregation != goalpost.AggCount {
		o.twice = maybeTwice(parts, q, *o, text)
		for _, t := range o.twice {
			o.Doubts = append(o.Doubts, goalpost.NewNote("verdict.doubt.maybe-twice", goalpost.TextArg(t.daily), goalpost.TextArg(t.posts), goalpost.WordArg("network."+string(t.network))))
		}
	}
	return nil
}

// maybeTwice finds what may be the same profile under two names: on one network the
// one gives only daily figures and the other only posts, of the same days. Goalpost
// cannot know, so it says so, and keeps what the KPI would be without the one or the other.
func maybeTwice(parts []part, q query, o Observed, name func(goalpost.AccountID) string) []twin {
	var list []twin
	for _, daily := range parts {
		for _, posts := range parts {
			if daily.network != posts.network || daily.account == 0 || posts.account == 0 || daily.series == 0 || daily.posts > 0 || posts.series > 0 || posts.posts == 0 {
				continue
			}
			a, b, ok := daily.span()
			c, d, also := posts.span()
			if ok && also && a <= d && c <= b {
				list = append(list, twin{name(daily.account), name(posts.account), daily.network, []Observed{o.without(parts, posts.account, q), o.without(parts, daily.account, q)}})
			}
		}
	}
	return list
}

// without is what would be observed if one account were not there.
func (o Observed) without(parts []part, account goalpost.AccountID, q query) Observed {
	rest := slices.DeleteFunc(slices.Clone(parts), func(p part) bool { return p.account == account })
	other := Observed{KPI: o.KPI, Currency: o.Currency, Currencies: o.Currencies, Grain: o.Grain}
	other.assemble(rest, q)
	return other
}
