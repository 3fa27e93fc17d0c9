package store

import (
	"context"
	"database/sql"
	"math"
	"time"

	"goalpost"
)

// SeriesFilter says which values of a metric are wanted. Empty lists mean all.
type SeriesFilter struct {
	Metric     goalpost.Metric
	Accounts   []goalpost.AccountID
	Networks   []goalpost.Network
	Regions    []string
	Products   []string
	Period     goalpost.Period
	SeenBefore time.Time // zero: everything that is known
	Grain      goalpost.Grain
}

// SeriesPoint is the newest value of a series and day. Money is in major units.
type SeriesPoint struct {
	Series     goalpost.Series
	Day        goalpost.Day
	Value      float64
	ObservedAt time.Time
	Import     goalpost.ImportID
}

// SeriesValues returns the newest value of each series and day, ordered by both. Of
// two observations the later one counts, then the later import.
func (db *DB) SeriesValues(ctx context.Context, org goalpost.OrgID, f SeriesFilter) ([]SeriesPoint, error) {
	before := int64(math.MaxInt64)
	if !f.SeenBefore.IsZero() {
		before = f.SeenBefore.UnixMicro()
	}
	var list []SeriesPoint
	err := db.rows(ctx, "series.SeriesValues", func(r *sql.Rows) error {
		var p SeriesPoint
		k := &p.Series.SeriesKey
		k.Metric = f.Metric
		var quantity sql.NullFloat64
		var minor sql.NullInt64
		var at int64
		if err := r.Scan(&p.Series.ID, &k.Account, &k.Network, &k.Region, &k.Product, &k.Grain, &k.Currency, &p.Day, &quantity, &minor, &at, &p.Import); err != nil {
			return err
		}
		if !within(f.Accounts, k.Account) || !within(f.Networks, k.Network) || !within(f.Regions, k.Region) || !within(f.Products, k.Product) || (f.Grain != "" && f.Grain != k.Grain) {
			return nil
		}
		p.Value, p.ObservedAt = quantity.Float64, micros(at)
		if minor.Valid {
			p.Value = goalpost.ToMajor(minor.Int64, k.Currency)
		}
		if n := len(list); n > 0 && list[n-1].Series.ID == p.Series.ID && list[n-1].Day == p.Day {
			list[n-1] = p
			return nil
		}
		list = append(list, p)
		return nil
	}, org, string(f.Metric), f.Period.Start, f.Period.End, before)
	return list, err
}

// SeriesInfo is a series with what it covers.
type SeriesInfo struct {
	goalpost.Series
	First, Last goalpost.Day
	Days        int // with a value
	ObservedAt  time.Time
}

// SeriesList returns every series that has values, by metric.
func (db *DB) SeriesList(ctx context.Context, org goalpost.OrgID) ([]SeriesInfo, error) {
	var list []SeriesInfo
	err := db.rows(ctx, "series.SeriesList", func(r *sql.Rows) error {
		var s SeriesInfo
		var at int64
		err := r.Scan(&s.ID, &s.Account, &s.Network, &s.Metric, &s.Region, &s.Product, &s.Grain, &s.Currency, &s.First, &s.Last, &s.Days, &at)
		s.ObservedAt = micros(at)
		list = append(list, s)
		return err
	}, org)
	return list, err
}
