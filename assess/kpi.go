package assess

import (
	"context"
	"fmt"
	"maps"
	"slices"
	"time"

	"goalpost"
	"goalpost/store"
)

// KPI computes one KPI of a period: a sum, a ratio of sums, a mean of ratios, the
// newest value of a stock, its growth, or the largest single value of what may not
// be added. It counts; it never estimates.
func KPI(ctx context.Context, db *store.DB, org goalpost.Organisation, q KPIQuery) (KPIResult, error) {
	k, catalogued := goalpost.KPIByCode(q.Code)
	if !catalogued {
		known, err := knownKPI(ctx, db, org.ID, q.Code)
		if err != nil {
			return KPIResult{}, err
		}
		if !known {
			return KPIResult{}, &goalpost.Error{Kind: goalpost.Invalid, Key: "error.goal.unknown-kpi", Field: "kpi", Args: []goalpost.Arg{goalpost.TextArg(q.Code), goalpost.TextArg(kpiCodes())}}
		}
	}
	before := q.Period.End
	if q.AsOf != 0 {
		before = min(before, q.AsOf)
	}
	look := query{kpi: k, scope: q.Scope, before: before, since: q.Period.Start, seen: q.Seen, zone: org.Zone()}
	if q.Seen && q.AsOf != 0 {
		look.before = q.AsOf
	}
	if k.Aggregation != goalpost.AggGrowth { // growth looks back to the level before
		look.from = q.Period.Start
	}
	o, err := observe(ctx, db, org.ID, look)
	if err != nil {
		return KPIResult{}, fmt.Errorf("assess kpi %s: %w", q.Code, err)
	}
	r := KPIResult{Code: k.Code, Version: k.Version, Definition: k.Source, Unit: k.Unit, Currency: o.Currency,
		From: q.Period.Start, Until: q.Period.Last(), NotAvailable: o.Missing, Sources: o.Sources, ObservedAt: o.ObservedAt}
	r.Sources = append(r.Sources, o.Doubts...)
	r.Doubts = o.Doubts
	if r.NotAvailable == nil {
		r.NotAvailable = []Unavailable{}
	}
	if r.Sources == nil {
		r.Sources = []goalpost.Note{}
	}
	if k.Aggregation == goalpost.AggElse || o.Empty() || len(o.Currencies) > 1 {
		return r, nil
	}
	r.value(o, goalpost.Period{Start: q.Period.Start, End: before})
	return r, nil
}

// value fills value, numerator and denominator from the days of a period.
func (r *KPIResult) value(o Observed, p goalpost.Period) {
	var num, den, ratios, largest float64
	for d := p.Start; d < p.End; d++ {
		day := o.At(d)
		if day.Missing {
			if o.Grain == goalpost.Daily {
				r.MissingDays++
			}
			continue
		}
		r.Days++
		r.Posts += day.Posts
		num, den, ratios = num+day.Num, den+day.Den, ratios+day.RatioSum
		if day.Largest > largest || r.LargestOn == nil {
			largest, r.LargestOn = day.Largest, &d
		}
	}
	if r.Days == 0 {
		r.LargestOn = nil
		return
	}
	set := func(x float64) *float64 { return &x }
	if o.KPI.Aggregation != goalpost.AggLargest {
		r.LargestOn = nil
	}
	switch o.KPI.Aggregation {
	case goalpost.AggSum, goalpost.AggCount:
		r.Value, r.Numerator = set(num), set(num)
	case goalpost.AggRatio:
		if den > 0 {
			r.Value, r.Numerator, r.Denominator = set(num/den), set(num), set(den)
		}
	case goalpost.AggMean:
		if r.Posts > 0 {
			r.Value, r.Numerator, r.Denominator = set(ratios/float64(r.Posts)), set(ratios), set(float64(r.Posts))
		}
	case goalpost.AggLargest:
		r.Value, r.Numerator = set(largest), set(num)
		r.Basis = "day"
		n := float64(r.Days)
		if !o.fromSeries() {
			r.Basis, n = "post", float64(max(1, r.Posts))
		}
		r.Mean = set(num / n)
	case goalpost.AggLast, goalpost.AggGrowth:
		r.stock(o, p)
	default:
	}
}

// stock fills the newest level of a period, or its growth since the level before.
func (r *KPIResult) stock(o Observed, p goalpost.Period) {
	last, ok := lastLevel(o, p.Start, p.End-1)
	if !ok {
		return
	}
	if o.KPI.Aggregation == goalpost.AggLast {
		r.Value, r.Numerator = &last, &last
		return
	}
	start, ok := lastLevel(o, o.First, p.Start-1)
	if !ok {
		if start, ok = firstLevel(o, p); !ok {
			return
		}
	}
	if start > 0 {
		gain := last - start
		growth := gain / start
		r.Value, r.Numerator, r.Denominator = &growth, &gain, &start
	}
}

func lastLevel(o Observed, from, until goalpost.Day) (float64, bool) {
	for d := until; d >= from; d-- {
		if day := o.At(d); !day.Missing {
			return day.Num, true
		}
	}
	return 0, false
}

func firstLevel(o Observed, p goalpost.Period) (float64, bool) {
	for d := p.Start; d < p.End; d++ {
		if day := o.At(d); !day.Missing {
			return day.Num, true
		}
	}
	return 0, false
}

// KPIsQuery asks for KPIs of a period, as a person names it.
type KPIsQuery struct {
	Codes       []string     // none: all that the data can supply
	From, Until goalpost.Day // both inclusive; 0: until yesterday, from kpiDays before the end
	Accounts    []string     // by name, or network:name
	Networks    []string
	Regions     []string
	Products    []string
	AsOf        goalpost.Day // 0: now
	Seen        bool
	Now         time.Time
}

// kpiDays is the length of a period whose beginning was not named.
const kpiDays = 30

// period fills the ends that were not named.
func (q KPIsQuery) period(zone *time.Location) (goalpost.Period, error) {
	p := goalpost.Period{Start: q.From, End: q.Until + 1}
	if q.Until == 0 {
		p.End = goalpost.DayOf(q.Now, zone)
	}
	if q.From == 0 {
		p.Start = p.End - kpiDays
	}
	if p.End <= p.Start {
		if q.Until != 0 {
			return p, &goalpost.Error{Kind: goalpost.Invalid, Key: "error.range.backwards", Field: "until", Flag: "--until"}
		}
		p.End = p.Start + 1
	}
	return p, nil
}

// KPIs computes the named KPIs of one period, or all that the data can supply.
func KPIs(ctx context.Context, db *store.DB, org goalpost.Organisation, q KPIsQuery) ([]KPIResult, error) {
	p, err := q.period(org.Zone())
	if err != nil {
		return nil, err
	}
	scope, err := ScopeOf(ctx, db, org.ID, q.Accounts, q.Networks)
	if err != nil {
		return nil, err
	}
	scope.Regions, scope.Products = q.Regions, q.Products
	codes := q.Codes
	if len(codes) == 0 {
		if codes, err = KPICodes(ctx, db, org.ID); err != nil {
			return nil, err
		}
	}
	var list []KPIResult
	for _, code := range codes {
		r, err := KPI(ctx, db, org, KPIQuery{Code: code, Period: p, Scope: scope, AsOf: q.AsOf, Seen: q.Seen})
		if err != nil {
			return nil, err
		}
		list = append(list, r)
	}
	return list, nil
}

// KPICodes lists what an organisation can ask for: the KPIs of the catalogue that
// its data can supply, then its own series.
func KPICodes(ctx context.Context, db *store.DB, org goalpost.OrgID) ([]string, error) {
	list, err := db.SeriesList(ctx, org)
	if err != nil {
		return nil, fmt.Errorf("assess kpi codes: %w", err)
	}
	have := map[goalpost.Metric]bool{}
	for _, s := range list {
		have[s.Metric] = true
	}
	posts, err := db.MeasuredMetrics(ctx, org)
	if err != nil {
		return nil, fmt.Errorf("assess kpi codes: %w", err)
	}
	measured := map[goalpost.Metric]bool{goalpost.SeriesPosts: len(posts) > 0}
	for _, m := range posts {
		measured[m] = true
	}
	var codes []string
	for _, k := range goalpost.KPIs() {
		fromSeries := k.FromSeries && have[k.Numerator]
		fromPosts := k.FromPosts && measured[k.Numerator] && (k.Denominator == "" || measured[k.Denominator])
		if fromSeries || fromPosts {
			codes = append(codes, k.Code)
		}
		delete(have, k.Numerator)
	}
	for _, m := range slices.Sorted(maps.Keys(have)) {
		codes = append(codes, string(m))
	}
	return codes, nil
}
