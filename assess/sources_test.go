package assess

import (
	"testing"
	"time"

	"goalpost"
	"goalpost/store"
)

func point(account goalpost.AccountID, region, product string, day goalpost.Day, value float64) store.SeriesPoint {
	return store.SeriesPoint{Series: goalpost.Series{SeriesKey: goalpost.SeriesKey{Account: account, Metric: goalpost.Orders, Region: region, Product: product, Grain: goalpost.Daily}},
		Day: day, Value: value, ObservedAt: time.Unix(int64(day)*86400, 0).AddDate(0, 1, 0)}
}

// A total without region is never added to rows with regions; a difference is said.
func TestRegionsAreNotAddedToTheirTotal(t *testing.T) {
	var o Observed
	parts := seriesParts([]store.SeriesPoint{
		point(0, "", "", 10, 100), point(0, "north", "", 10, 40), point(0, "south", "", 10, 50),
		point(0, "", "", 11, 70), // no regions that day: the total is all there is
		point(0, "north", "", 12, 5), point(0, "north", "shoes", 12, 3), point(0, "north", "hats", 12, 4), point(0, "south", "", 12, 1),
	}, &o)
	if len(parts) != 1 {
		t.Fatalf("parts: %+v", parts)
	}
	for day, want := range map[goalpost.Day]float64{10: 90, 11: 70, 12: 8} {
		if got := parts[0].days[day].Num; got != want {
			t.Errorf("day %d\ngot:  %g\nwant: %g", day, got, want)
		}
	}
	if len(o.Doubts) != 1 || o.Doubts[0].Key != "verdict.doubt.region-total" {
		t.Errorf("the total of 100 against 90 must be said: %+v", o.Doubts)
	}
}

// One source per account, metric and day: the series where there is one.
func TestSeriesBeforePosts(t *testing.T) {
	series := []part{{account: 7, series: 1, days: map[goalpost.Day]partDay{10: {ObservedDay: ObservedDay{Num: 100}, fromSeries: true}}}}
	posts := []part{{account: 7, posts: 5, days: map[goalpost.Day]partDay{10: {ObservedDay: ObservedDay{Num: 30, Posts: 2}}, 11: {ObservedDay: ObservedDay{Num: 20, Posts: 3}}}},
		{account: 8, posts: 1, days: map[goalpost.Day]partDay{10: {ObservedDay: ObservedDay{Num: 1, Posts: 1}}}}}
	got := mergeParts(series, posts)
	if len(got) != 2 || got[0].days[10].Num != 100 || got[0].days[11].Num != 20 || got[0].posts != 3 || got[1].days[10].Num != 1 {
		t.Errorf("merged: %+v", got)
	}
	if len(series[0].covered) != 0 {
		t.Errorf("the input was changed")
	}
}

// A gap is missing, not zero; an account that begins later was not there before; an
// account that ended long ago holds nothing back.
func TestAssembleGaps(t *testing.T) {
	day := func(x float64) partDay {
		return partDay{ObservedDay: ObservedDay{Num: x}, fromSeries: true, observed: time.Unix(1e10, 0)}
	}
	a := part{account: 1, series: 1, days: map[goalpost.Day]partDay{}}
	for d := goalpost.Day(100); d < 200; d++ {
		if d != 150 {
			a.days[d] = day(1)
		}
	}
	late := part{account: 2, series: 1, days: map[goalpost.Day]partDay{180: day(10), 181: day(10), 182: day(10), 199: day(10)}}
	ended := part{account: 3, series: 1, days: map[goalpost.Day]partDay{100: day(1000), 101: day(1000)}}
	var o Observed
	o.assemble([]part{a, late, ended}, query{before: 500, zone: time.UTC})
	for d, want := range map[goalpost.Day]ObservedDay{100: {Num: 1001}, 149: {Num: 1}, 150: {Missing: true}, 180: {Num: 11}, 190: {Num: 1, Missing: true}, 199: {Num: 11}} {
		if got := o.At(d); got.Num != want.Num && !want.Missing || got.Missing != want.Missing {
			t.Errorf("day %d\ngot:  %+v\nwant: %+v", d, got, want)
		}
	}
	if o.Last != 199 {
		t.Errorf("last complete day\ngot:  %d\nwant: 199", o.Last)
	}
}

// Figures that were seen too soon after the day may still move.
func TestSettlingDays(t *testing.T) {
	seen := goalpost.Day(110).Start(time.UTC)
	platform := part{account: 1, series: 1, days: map[goalpost.Day]partDay{}}
	own := part{account: 0, series: 1, days: map[goalpost.Day]partDay{}}
	for d := goalpost.Day(100); d <= 110; d++ {
		platform.days[d] = partDay{ObservedDay: ObservedDay{Num: 1}, fromSeries: true, observed: seen}
		own.days[d] = partDay{ObservedDay: ObservedDay{Num: 1}, fromSeries: true, observed: seen}
	}
	var o Observed
	o.assemble([]part{platform}, query{before: 500, zone: time.UTC})
	if o.Last != 107 {
		t.Errorf("a network's figures\ngot:  %d\nwant: 107", o.Last)
	}
	o = Observed{}
	o.assemble([]part{own}, query{before: 500, zone: time.UTC})
	if o.Last != 109 {
		t.Errorf("own figures: only the day that was still running is left out\ngot:  %d\nwant: 109", o.Last)
	}
}

// One profile under two names is found: daily figures here, posts of the same days
// there. Two profiles that both have posts are two.
func TestMaybeTwice(t *testing.T) {
	day := map[goalpost.Day]partDay{10: {}}
	later := map[goalpost.Day]partDay{50: {}}
	name := func(id goalpost.AccountID) string { return string(rune('A' + id)) }
	daily, posts := part{account: 1, network: goalpost.Facebook, series: 1, days: day}, part{account: 2, network: goalpost.Facebook, posts: 1, days: day}
	for _, c := range []struct {
		name  string
		parts []part
		want  int
	}{
		{"the same days", []part{daily, posts}, 1},
		{"another network", []part{daily, {account: 2, network: goalpost.X, posts: 1, days: day}}, 0},
		{"other days", []part{daily, {account: 2, network: goalpost.Facebook, posts: 1, days: later}}, 0},
		{"both have posts", []part{posts, {account: 3, network: goalpost.Facebook, posts: 4, days: day}}, 0},
		{"one has both", []part{{account: 1, network: goalpost.Facebook, series: 1, posts: 1, days: day}, posts}, 0},
	} {
		if got := maybeTwice(c.parts, query{before: 500, zone: time.UTC}, Observed{}, name); len(got) != c.want {
			t.Errorf("%s: %+v", c.name, got)
		}
	}
}
