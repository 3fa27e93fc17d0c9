package ingest

import (
	"strings"

	"goalpost"
)

// findMetaDaily reports whether a file is Meta's daily figures: a title that names a
// metric, below it "Date" and "Primary".
func findMetaDaily(head []record) bool {
	for i, r := range head {
		if i > 0 && isDailyHeader(r.fields) && titleOf(head[i-1].fields) != "" {
			return true
		}
	}
	return false
}

func isDailyHeader(f []string) bool {
	return len(f) >= 2 && normalHeader(f[0]) == "date" && normalHeader(f[1]) == "primary" && blank(f[2:])
}

// titleOf returns the title of a table: the only cell of its row.
func titleOf(f []string) string {
	if len(f) == 0 || !blank(f[1:]) {
		return ""
	}
	return strings.TrimSpace(strings.TrimPrefix(f[0], "\ufeff"))
}

// metaMetric reads a title such as "Instagram profile visits".
func metaMetric(title string) (goalpost.Network, goalpost.Metric, bool) {
	t := normalHeader(title)
	var network goalpost.Network
	for _, n := range []goalpost.Network{goalpost.Facebook, goalpost.Instagram} {
		if rest, ok := strings.CutPrefix(t, string(n)+" "); ok {
			network, t = n, rest
		}
	}
	metric, ok := map[string]goalpost.Metric{"reach": goalpost.Reach, "visits": goalpost.ProfileVisits, "page visits": goalpost.ProfileVisits, "profile visits": goalpost.ProfileVisits,
		"follows": goalpost.Follows, "new followers": goalpost.Follows, "unfollows": goalpost.Unfollows, "views": goalpost.Views, "impressions": goalpost.Impressions,
		"content interactions": goalpost.Engagements, "interactions": goalpost.Engagements, "link clicks": goalpost.LinkClicks, "followers": goalpost.Followers, "viewers": "viewers",
		"page reach": goalpost.Reach, "page views": goalpost.Views}[t]
	return network, metric, ok
}

// metaDaily plans Meta's daily figures. The title is the only place where the metric
// stands; where it does not say the network, that is asked.
func (p *Plan) metaDaily(head []record) error {
	p.observed()
	if p.Answers.Account == "" {
		p.ask("account", "--account", "ask-account", nil)
	}
	for i, r := range head {
		if i == 0 || !isDailyHeader(r.fields) {
			continue
		}
		title := titleOf(head[i-1].fields)
		network, _, ok := metaMetric(title)
		if !ok {
			e := refuse("meta-title", goalpost.TextArg(short(title)))
			e.Line = head[i-1].line
			return e
		}
		p.Header = []string{title, "Date", "Primary"}
		if network == "" && p.Answers.Network == "" {
			p.ask("network", "--network", "ask-network", []string{string(goalpost.Facebook), string(goalpost.Instagram)}, goalpost.TextArg(title))
		}
	}
	p.rows = func() handler { return &metaDays{p: p} }
	return nil
}

// metaDays reads the stacked tables of Meta's daily figures.
type metaDays struct {
	p       *Plan
	title   string
	line    int
	network goalpost.Network
	metric  goalpost.Metric
	inTable bool
	last    goalpost.Day
	gaps    map[string]int // days left out, by title
}

func (h *metaDays) row(rec record, out *recorder) error {
	f := rec.fields
	switch {
	case len(f) == 0:
		h.inTable = false
		return nil
	case isDailyHeader(f):
		network, metric, ok := metaMetric(h.title)
		if network == "" {
			network = h.p.Answers.Network
		}
		if !ok || network == "" {
			e := refuse("meta-title", goalpost.TextArg(short(h.title)))
			e.Line = h.line
			return e
		}
		h.network, h.metric, h.inTable, h.last = network, metric, true, 0
		return nil
	case !h.inTable || titleOf(f) != "" && len(f) < 2 || titleOf(f) != "" && !startsWithDigit(f[0]):
		h.title, h.line = titleOf(f), rec.line
		if h.inTable {
			h.inTable = false
		}
		return nil
	}
	m, ok := date(cell(f, 0), "ymd", h.p.layout.workbook)
	if !ok {
		out.bad("bad_date", rec, dailyHeader, 0)
		return nil
	}
	s := cell(f, 1)
	if isMissing(s) {
		out.report("no_value", rec.line)
		return nil
	}
	v, ok := number(s, '.')
	if !ok || (len(rec.dates) > 1 && rec.dates[1]) {
		out.bad("bad_number", rec, dailyHeader, 1)
		return nil
	}
	d := m.date()
	if h.last != 0 && d > h.last+1 {
		if h.gaps == nil {
			h.gaps = map[string]int{}
		}
		h.gaps[h.title] += int(d-h.last) - 1
	}
	h.last = d
	out.day(d)
	out.add(h.metric, v)
	out.batch.Values = append(out.batch.Values, goalpost.ValueRecord{Line: rec.line, Account: goalpost.AccountRef{Network: h.network, Name: h.p.Answers.Account}, Day: d, Value: v,
		Key: goalpost.SeriesKey{Network: h.network, Metric: h.metric, Grain: goalpost.Daily}})
	return out.keep()
}

// dailyHeader is what Meta calls the two columns of a daily figure.
var dailyHeader = []string{"Date", "Primary"}

func startsWithDigit(s string) bool {
	s = strings.TrimSpace(s)
	return s != "" && s[0] >= '0' && s[0] <= '9'
}

func (h *metaDays) done(out *recorder) {
	for title, n := range h.gaps {
		out.notes = append(out.notes, goalpost.NewNote("import.note.days-left-out", goalpost.NumberArg(float64(n)), goalpost.TextArg(title)))
	}
}
