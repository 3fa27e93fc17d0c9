package assess_test

import (
	"context"
	"fmt"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"

	"goalpost"
	"goalpost/assess"
)

// doubtful is a shop's table of revenue and orders in two regions that follow each other;
// in the north an activity adds 300 a day. change alters a day before it is written; false
// leaves the row out.
func doubtful(change func(d goalpost.Day, region string, revenue *float64) bool) string {
	rng := rand.New(rand.NewPCG(5, 5))
	var b strings.Builder
	b.WriteString("date,revenue,orders,region\n")
	for d := history; d < giveaway.End; d++ {
		common := 1000 + 150*float64(d.Weekday()) + 60*rng.NormFloat64()
		north, south, west := common+30*rng.NormFloat64(), 0.8*common+30*rng.NormFloat64(), 0.02*common+2*rng.NormFloat64()
		if giveaway.Contains(d) {
			north += 300
		}
		for _, x := range []struct {
			region  string
			revenue float64
		}{{"north", north}, {"south", south}, {"west", west}} {
			if change(d, x.region, &x.revenue) {
				fmt.Fprintf(&b, "%s,%.2f,%.0f,%s\n", d, x.revenue, x.revenue/20, x.region)
			}
		}
	}
	return b.String()
}

// What the store knows is looked at: each of these data takes the third dot of a clear
// effect, stands among the checks that failed, and leaves the decision.
func TestDoubtsOfTheStore(t *testing.T) {
	ctx := context.Background()
	all := func(goalpost.Day, string, *float64) bool { return true }
	joined := giveaway.Start - 60
	for _, c := range []struct {
		name, doubt string
		change      func(goalpost.Day, string, *float64) bool
		region      string // of the activity; the series is that region's
		touched     bool   // a control that the activity could have moved is added
		other       bool
	}{
		{"nothing", "", all, "north", false, false},
		{"another activity", "other_activity", all, "north", false, true},
		{"a control that it could have moved", "movable_control", all, "north", true, false},
		{"a region joined", "changed_definition", func(d goalpost.Day, region string, _ *float64) bool { return region != "west" || d >= joined }, "", false, false},
		{"a region ended", "changed_definition", func(d goalpost.Day, region string, _ *float64) bool { return region != "west" || d < joined }, "", false, false},
		{"a file that ends a day early", "", func(d goalpost.Day, region string, _ *float64) bool { return region != "west" || d < giveaway.End-1 }, "north", false, false},
		{"missing days", "missing_rows", func(d goalpost.Day, region string, _ *float64) bool {
			return region != "north" || d%6 != 0 || d >= giveaway.Start
		}, "north", false, false},
		{"an outlying week", "outlying_rows", func(d goalpost.Day, region string, revenue *float64) bool {
			if d >= giveaway.Start-120 && d < giveaway.Start-113 && region == "north" {
				*revenue += 1500
			}
			return true
		}, "north", false, false},
	} {
		t.Run(c.name, func(t *testing.T) {
			db, org := open(t)
			importText(t, db, org, "shop.csv", doubtful(c.change), now)
			for _, name := range []string{"Giveaway", "Ads"}[:map[bool]int{false: 1, true: 2}[c.other]] {
				if _, err := assess.AddActivity(ctx, db, org, assess.ActivityInput{Name: name, Runs: []assess.RunInput{{From: "2025-07-01", Until: "2025-07-21"}}, Region: c.region, By: "Ada", Now: now}); err != nil {
					t.Fatal(err)
				}
			}
			in := assess.AnalysisInput{Activity: 1, NoControls: c.region == "", Now: now}
			if c.touched {
				p, err := assess.ProposeAnalysis(ctx, db, org, in)
				if err != nil {
					t.Fatal(err)
				}
				for _, o := range p.Controls {
					if o.Chosen || o.Touched && o.Ref.KPI == "orders" {
						in.Controls = append(in.Controls, o.Key)
					}
				}
			}
			_, v := run(t, db, org, confirmed(t, db, org, in).ID, now)
			r := v.Report
			var failed []string
			for _, x := range r.Checks {
				if !x.Passed {
					failed = append(failed, x.Name)
				}
			}
			dots := 3
			if c.doubt != "" {
				dots = 2
			}
			if c.doubt != "" && !slices.Contains(failed, c.doubt) || c.doubt == "" && len(failed) > 0 {
				t.Errorf("\ngot:  %v failed\nwant: %q", failed, c.doubt)
			}
			if r.Decision != goalpost.Increase || r.Dots != dots {
				t.Errorf("\ngot:  %s with %d dots, %v failed\nwant: increase with %d", r.Decision, r.Dots, failed, dots)
			}
			if _, said := r.Doubt(); said != (c.doubt != "") {
				t.Errorf("the strongest doubt: %v", said)
			}
		})
	}
}
