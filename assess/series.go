package assess

import (
	"context"
	"fmt"
	"time"

	"goalpost"
	"goalpost/store"
)

// SeriesKnown is a series with what is known of it.
type SeriesKnown struct {
	goalpost.Series
	AccountName string // empty for own data
	First, Last goalpost.Day
	Days        int // (or weeks) with a value
	ObservedAt  time.Time
}

// SeriesPeriod says which days of a series are wanted, both inclusive; 0: all.
type SeriesPeriod struct{ From, Until goalpost.Day }

// SeriesList lists every series of an organisation, by metric.
func SeriesList(ctx context.Context, db *store.DB, org goalpost.OrgID) ([]SeriesKnown, error) {
	list, err := db.SeriesList(ctx, org)
	if err != nil {
		return nil, fmt.Errorf("assess series: %w", err)
	}
	accounts, err := db.Accounts(ctx, org)
	if err != nil {
		return nil, fmt.Errorf("assess series: %w", err)
	}
	names := map[goalpost.AccountID]string{}
	for _, a := range accounts {
		names[a.ID] = a.Name
	}
	var out []SeriesKnown
	for _, s := range list {
		out = append(out, SeriesKnown{Series: s.Series, AccountName: names[s.Account], First: s.First, Last: s.Last, Days: s.Days, ObservedAt: s.ObservedAt})
	}
	return out, nil
}

// SeriesValues returns one series with the newest value of each of its days. Days without
// a value are left out: not measured is not zero.
func SeriesValues(ctx context.Context, db *store.DB, org goalpost.OrgID, id goalpost.SeriesID, p SeriesPeriod) (s SeriesKnown, values []goalpost.DayValue, err error) {
	list, err := SeriesList(ctx, db, org)
	if err != nil {
		return s, nil, err
	}
	found := false
	for _, x := range list {
		if x.ID == id {
			s, found = x, true
		}
	}
	if !found {
		return s, nil, goalpost.Errorf(goalpost.NotFound, "error.not-found")
	}
	period := goalpost.Period{Start: s.First, End: s.Last + 1}
	if p.From != 0 {
		period.Start = p.From
	}
	if p.Until != 0 {
		period.End = p.Until + 1
	}
	if p.From != 0 && p.Until != 0 && p.Until < p.From {
		return s, nil, &goalpost.Error{Kind: goalpost.Invalid, Key: "error.range.backwards", Field: "until", Flag: "--until"}
	}
	points, err := db.SeriesValues(ctx, org, store.SeriesFilter{Metric: s.Metric, Period: period})
	if err != nil {
		return s, nil, fmt.Errorf("assess series %d: %w", id, err)
	}
	for _, x := range points {
		if x.Series.ID == id {
			values = append(values, goalpost.DayValue{Day: x.Day, Value: x.Value, ObservedAt: x.ObservedAt})
		}
	}
	return s, values, nil
}
