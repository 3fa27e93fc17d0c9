package document

import (
	"time"

	"goalpost"
	"goalpost/assess"
)

// SeriesList are all series.
type SeriesList struct {
	Series []SeriesEntry `json:"series"`
}

// SeriesEntry is a series with what it covers.
type SeriesEntry struct {
	ID         goalpost.SeriesID `json:"id"`
	Metric     goalpost.Metric   `json:"metric"`
	Network    goalpost.Network  `json:"network"`
	Account    string            `json:"account"` // empty for own data
	Region     string            `json:"region"`
	Product    string            `json:"product"`
	Grain      goalpost.Grain    `json:"grain"`
	Currency   string            `json:"currency"`
	First      goalpost.Day      `json:"first"`
	Last       goalpost.Day      `json:"last"`
	Days       int               `json:"days"` // (or weeks) with a value
	ObservedAt time.Time         `json:"observed_at"`
}

// Series is one series with its values.
type Series struct {
	SeriesEntry
	Values []SeriesValue `json:"values"`
}

// SeriesValue is one value; money is in major units.
type SeriesValue struct {
	Date       goalpost.Day `json:"date"`
	Value      float64      `json:"value"`
	ObservedAt time.Time    `json:"observed_at"`
}

// SeriesListOf makes the list of series.
func SeriesListOf(list []assess.SeriesKnown) SeriesList {
	d := SeriesList{Series: []SeriesEntry{}}
	for _, s := range list {
		d.Series = append(d.Series, seriesEntry(s))
	}
	return d
}

// SeriesOf makes the document of one series.
func SeriesOf(s assess.SeriesKnown, values []goalpost.DayValue) Series {
	d := Series{SeriesEntry: seriesEntry(s), Values: []SeriesValue{}}
	for _, v := range values {
		d.Values = append(d.Values, SeriesValue{Date: v.Day, Value: v.Value, ObservedAt: v.ObservedAt})
	}
	return d
}

func seriesEntry(s assess.SeriesKnown) SeriesEntry {
	return SeriesEntry{ID: s.ID, Metric: s.Metric, Network: s.Network, Account: s.AccountName, Region: s.Region, Product: s.Product, Grain: s.Grain, Currency: s.Currency,
		First: s.First, Last: s.Last, Days: s.Days, ObservedAt: s.ObservedAt}
}
