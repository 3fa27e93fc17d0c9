package goalpost

import (
	_ "embed" // the catalogue is data
	"encoding/csv"
	"fmt"
	"slices"
	"strconv"
	"strings"
	"sync"
)

// Layer is AMEC's layer of what is measured, from activity (3) to impact (7).
type Layer int

// Layers. Unclassified is that of a series which the catalogue does not know.
const (
	Unclassified Layer = 0
	ActivityMade Layer = 3
	Output       Layer = 4
	OutTake      Layer = 5
	Outcome      Layer = 6
	Impact       Layer = 7
)

// Unit says what a KPI's number is.
type Unit string

// Units. A rate is a fraction; money is in major units.
const (
	UnitCount   Unit = "count"
	UnitPeople  Unit = "people"
	UnitRate    Unit = "rate"
	UnitPerPost Unit = "per_post"
	UnitMoney   Unit = "money"
	UnitHours   Unit = "hours"
	UnitPoints  Unit = "points"
)

// Aggregation says how the numbers of posts or days become the KPI of a period.
type Aggregation string

// Aggregations.
const (
	AggSum     Aggregation = "sum"
	AggCount   Aggregation = "count"   // number of posts
	AggRatio   Aggregation = "ratio"   // sum of numerators / sum of denominators
	AggMean    Aggregation = "mean"    // mean over posts of numerator / denominator
	AggLast    Aggregation = "last"    // newest value of a stock
	AggGrowth  Aggregation = "growth"  // (last − first) / first of a stock
	AggLargest Aggregation = "largest" // largest single day, or post: people are never added
	AggElse    Aggregation = "else"    // needs a survey, an effect or coded texts: not computed here
)

// KPI is a named, versioned definition over metrics. It is data: kpi.csv lists all.
type KPI struct {
	Code        string
	Version     int
	Numerator   Metric // metric of posts or series
	Denominator Metric // for ratios: a metric, or "posts"
	Unit        Unit
	Aggregation Aggregation
	Layer       Layer
	Additive    bool
	LowerBetter bool // the target is "at most"
	FromPosts   bool // posts can supply it
	FromSeries  bool // a series can supply it
	FromSurvey  bool // answers of customers can supply it; see GoalSurvey
	Source      string
}

//go:embed kpi.csv
var kpiCSV string

var kpis = sync.OnceValue(func() []KPI {
	list, err := parseKPIs(kpiCSV)
	if err != nil {
		panic(err) // the embedded table is tested
	}
	return list
})

// LevelSuffix ends the code of an own series that is a level, such as members_level: its
// days are never added, the newest value counts.
const LevelSuffix = "_level"

// KPIs returns the catalogue in its order. The slice is the caller's.
func KPIs() []KPI { return slices.Clone(kpis()) }

// KPIByCode returns the definition of a code. A code that the catalogue does not
// know is taken as the sum of an imported series of that name, unclassified, or as its
// newest value where the code ends in LevelSuffix; ok is false then.
func KPIByCode(code string) (KPI, bool) {
	for _, k := range kpis() {
		if k.Code == code {
			return k, true
		}
	}
	if strings.HasSuffix(code, LevelSuffix) {
		return KPI{Code: code, Version: 1, Numerator: Metric(code), Unit: UnitCount, Aggregation: AggLast, FromSeries: true, Source: "imported series, a level"}, false
	}
	return KPI{Code: code, Version: 1, Numerator: Metric(code), Unit: UnitCount, Aggregation: AggSum,
		Additive: true, FromSeries: true, Source: "imported series"}, false
}

func parseKPIs(text string) ([]KPI, error) {
	rows, err := csv.NewReader(strings.NewReader(text)).ReadAll()
	if err != nil {
		return nil, fmt.Errorf("goalpost: kpi.csv: %w", err)
	}
	var list []KPI
	for i, r := range rows[1:] {
		version, err := strconv.Atoi(r[1])
		if err != nil {
			return nil, fmt.Errorf("goalpost: kpi.csv line %d: version %q", i+2, r[1])
		}
		layer, err := strconv.Atoi(r[6])
		if err != nil {
			return nil, fmt.Errorf("goalpost: kpi.csv line %d: layer %q", i+2, r[6])
		}
		list = append(list, KPI{Code: r[0], Version: version, Numerator: Metric(r[2]), Denominator: Metric(r[3]),
			Unit: Unit(r[4]), Aggregation: Aggregation(r[5]), Layer: Layer(layer), Additive: r[7] == "yes",
			LowerBetter: r[8] == "down", FromPosts: strings.Contains(r[9], "posts"),
			FromSeries: strings.Contains(r[9], "series"), FromSurvey: strings.Contains(r[9], "survey"), Source: r[10]})
	}
	return list, nil
}
