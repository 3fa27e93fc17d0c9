package assess

import (
	"maps"
	"slices"

	"goalpost"
	"goalpost/store"
)

const (
	// joinDays is how much later than the rest a part of a sum may begin, or earlier end,
	// without being one that joined: the first or last days of a file are often cut off.
	joinDays = 7
	// joinShare is on which share of its days a region must have figures to be a part that
	// is always counted: one that sells now and then neither joins nor ends.
	joinShare = 0.9
)

// presence says when a region had figures.
type presence struct {
	first, last goalpost.Day
	days        int
}

func (p *presence) add(d goalpost.Day) {
	if p.days == 0 || d < p.first {
		p.first = d
	}
	if p.days == 0 || d > p.last {
		p.last = d
	}
	p.days++
}

// addRegions notes which regions the figures of a day were added from. A total counts as
// the region "" where nothing finer stands beside it.
func (p *part) addRegions(d goalpost.Day, rows []store.SeriesPoint) {
	if p.regions == nil {
		p.regions = map[string]*presence{}
	}
	seen := map[string]bool{}
	for _, r := range rows {
		seen[r.Series.Region] = true
	}
	if len(seen) > 1 {
		delete(seen, "")
	}
	for r := range seen {
		if p.regions[r] == nil {
			p.regions[r] = &presence{}
		}
		p.regions[r].add(d)
	}
}

// changes lists the days from which on a sum counts something else than before: an account
// or a region joined or ended, a total took the place of regions, or posts that of an
// account's own series. The figures may then jump without anybody having done anything.
func (o *Observed) changes(parts []part, newest goalpost.Day) []goalpost.Day {
	days := map[goalpost.Day]bool{}
	for _, p := range parts {
		first, last, ok := p.span()
		if !ok {
			continue
		}
		last = min(last, newest)
		if first > o.First+joinDays {
			days[first] = true
		}
		if slices.ContainsFunc(o.ended, func(e ended) bool { return e.account == p.account }) {
			days[last+1] = true
		}
		p.regionChanges(days)
		p.sourceChanges(days)
	}
	return slices.Sorted(maps.Keys(days))
}

// regionChanges adds the days on which a region joined or ended.
func (p part) regionChanges(days map[goalpost.Day]bool) {
	var all presence
	dates := make([]goalpost.Day, 0, len(p.days))
	for d, v := range p.days {
		if v.fromSeries {
			dates = append(dates, d)
			all.add(d)
		}
	}
	within := func(from, until goalpost.Day) (n int) {
		for _, d := range dates {
			if d >= from && d <= until {
				n++
			}
		}
		return n
	}
	for _, r := range p.regions {
		if r.first > all.first+joinDays && float64(r.days) >= joinShare*float64(within(r.first, all.last)) {
			days[r.first] = true
		}
		if r.last < all.last-joinDays && float64(r.days) >= joinShare*float64(within(all.first, r.last)) {
			days[r.last+1] = true
		}
	}
}

// sourceChanges adds the days on which posts take the place of a series, or a series that
// of posts.
func (p part) sourceChanges(days map[goalpost.Day]bool) {
	first, last, _ := p.span()
	before, known := false, false
	for d := first; d <= last && p.series > 0; d++ {
		v, ok := p.at(d)
		if !ok {
			continue
		}
		if known && v.fromSeries != before {
			days[d] = true
		}
		before, known = v.fromSeries, true
	}
}
