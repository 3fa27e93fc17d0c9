package assess_test

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"goalpost"
	"goalpost/assess"
)

// perDay is a table of engagements of one account.
func perDay(from goalpost.Day, days, value int) string {
	var b strings.Builder
	b.WriteString("date,engagements\n")
	for i := range days {
		fmt.Fprintf(&b, "%s,%d\n", from+goalpost.Day(i), value)
	}
	return b.String()
}

// twoAccounts imports a profile that has figures until the end of February and one that
// has them until the end of April.
func twoAccounts(t *testing.T) (goal goalpost.GoalID, judge func(asOf goalpost.Day) assess.Judged) {
	t.Helper()
	ctx := context.Background()
	db, org := open(t)
	start := goalpost.NewDay(2025, time.January, 1)
	for _, f := range []struct {
		name, account string
		network       goalpost.Network
		text          string
	}{{"facebook.csv", "Harbour", goalpost.Facebook, perDay(start, 59, 100)}, {"linkedin.csv", "Harbour AG", goalpost.LinkedIn, perDay(start, 120, 10)}} {
		in := input(f.name, f.text)
		in.Answers = goalpost.Answers{Account: f.account, Network: f.network, ObservedAt: now}
		if _, err := assess.Import(ctx, db, org, in, nil); err != nil {
			t.Fatal(err)
		}
	}
	g, err := assess.AddGoal(ctx, db, org, assess.GoalInput{Kind: "engagement", KPI: "engagements", Target: "9000", From: "2025-01-01", Until: "2025-04-30", By: "Ada", Now: now})
	if err != nil {
		t.Fatal(err)
	}
	return g.ID, func(asOf goalpost.Day) assess.Judged {
		list, err := assess.Goals(ctx, db, org, assess.GoalsOptions{AsOf: asOf, Now: now})
		if err != nil || len(list) != 1 {
			t.Fatalf("%d goals, %v", len(list), err)
		}
		return list[0]
	}
}

// A profile whose newest file ends within the period of a goal is not counted as zero
// from then on: its days are missing, and nothing is missed for certain.
func TestAnAccountThatStopsIsMissing(t *testing.T) {
	_, judge := twoAccounts(t)
	for _, asOf := range []goalpost.Day{goalpost.NewDay(2025, time.April, 10), goalpost.NewDay(2025, time.May, 20)} {
		v := judge(asOf).Verdict
		if v.Decision == goalpost.Missed || (v.Probability != nil && *v.Probability < 0.2) {
			t.Errorf("as of %s\ngot:  %s %v\nwant: not missed, 8,590 were counted and two months of one profile are missing", asOf, v.Decision, v.Probability)
		}
		if last := goalpost.NewDay(2025, time.February, 28); v.LastDay == nil || *v.LastDay != last {
			t.Errorf("as of %s, the last complete day\ngot:  %v\nwant: %s", asOf, v.LastDay, last)
		}
	}
	v := judge(goalpost.NewDay(2025, time.May, 20)).Verdict
	if v.Decision != goalpost.CannotTell || v.Reason.Key != "verdict.reason.missing-days" || v.Probability != nil || v.Estimate != nil {
		t.Errorf("over\ngot:  %s %v %v\nwant: cannot tell, days are missing, no chance", v.Decision, v.Reason, v.Probability)
	}
}

// One that stopped long before the period does not hold the others back, and the verdict
// names it. Days on which nobody has figures are missing, also between two accounts.
func TestAnAccountThatEndedIsNamed(t *testing.T) {
	ctx := context.Background()
	db, org := open(t)
	old, start := goalpost.NewDay(2023, time.January, 1), goalpost.NewDay(2025, time.January, 1)
	for _, f := range []struct{ name, account, text string }{{"old.csv", "Old harbour", perDay(old, 60, 100)}, {"new.csv", "Harbour", perDay(start, 200, 10)}} {
		in := input(f.name, f.text)
		in.Answers = goalpost.Answers{Account: f.account, Network: goalpost.Facebook, ObservedAt: now}
		if _, err := assess.Import(ctx, db, org, in, nil); err != nil {
			t.Fatal(err)
		}
	}
	if _, err := assess.AddGoal(ctx, db, org, assess.GoalInput{Kind: "engagement", KPI: "engagements", Target: "600", From: "2025-03-01", Until: "2025-04-30", By: "Ada", Now: now}); err != nil {
		t.Fatal(err)
	}
	list, err := assess.Goals(ctx, db, org, assess.GoalsOptions{Now: now})
	if err != nil {
		t.Fatal(err)
	}
	v := list[0].Verdict
	if v.Decision != goalpost.Reached || !slices.ContainsFunc(v.Doubts, func(n goalpost.Note) bool { return n.Key == "verdict.doubt.ended" }) {
		t.Errorf("\ngot:  %s %v\nwant: reached, and the profile that ended is named", v.Decision, v.Doubts)
	}
	if slices.ContainsFunc(v.Compared, func(n goalpost.Note) bool { return n.Key == "verdict.compared.year-ago" }) {
		t.Errorf("nobody had figures a year earlier\ngot:  %v", v.Compared)
	}
	d, err := assess.GoalDetail(ctx, db, org, list[0].Goal.ID, assess.GoalsOptions{Now: now})
	if err != nil {
		t.Fatal(err)
	}
	for _, p := range d.History {
		if between := p.Day > old+60 && p.Day < start; between && !p.Missing {
			t.Fatalf("%s\ngot:  %g\nwant: missing", p.Day, p.Value)
		}
	}
}

// A look back uses the target of that day.
func TestLookingBackUsesTheTargetOfThatDay(t *testing.T) {
	ctx := context.Background()
	db, org := open(t)
	in := input("harbour.csv", perDay(goalpost.NewDay(2025, time.January, 1), 200, 10))
	in.Answers = goalpost.Answers{Account: "Harbour", Network: goalpost.Facebook, ObservedAt: now}
	if _, err := assess.Import(ctx, db, org, in, nil); err != nil {
		t.Fatal(err)
	}
	at := func(month time.Month) time.Time { return time.Date(2025, month, 2, 12, 0, 0, 0, time.UTC) }
	g, err := assess.AddGoal(ctx, db, org, assess.GoalInput{Kind: "engagement", KPI: "engagements", Target: "1000", From: "2025-01-01", Until: "2025-12-31", By: "Ada", Now: at(time.March)})
	if err != nil {
		t.Fatal(err)
	}
	if _, err := assess.ChangeGoal(ctx, db, org, g.ID, assess.GoalInput{Target: "5000", Why: "more", By: "Ada", Now: at(time.June)}); err != nil {
		t.Fatal(err)
	}
	for day, want := range map[goalpost.Day]float64{goalpost.NewDay(2025, time.February, 1): 5000, goalpost.NewDay(2025, time.April, 1): 1000, goalpost.NewDay(2025, time.July, 1): 5000} {
		list, err := assess.Goals(ctx, db, org, assess.GoalsOptions{AsOf: day, Now: now})
		if err != nil || len(list) != 1 || *list[0].Verdict.Target != want {
			t.Errorf("as of %s\ngot:  %v %v\nwant: %g (before the goal was set: as it is now)", day, err, list[0].Verdict.Target, want)
		}
		moved := slices.ContainsFunc(list[0].Verdict.Doubts, func(n goalpost.Note) bool { return n.Key == "verdict.doubt.target-moved" })
		if moved != (want == 5000) {
			t.Errorf("as of %s: says that the target was moved: %v", day, moved)
		}
	}
}

// Amounts in two currencies are never added: the verdict says so, and what to do.
func TestTwoCurrenciesAreNotAdded(t *testing.T) {
	ctx := context.Background()
	db, org := open(t)
	for currency, text := range map[string]string{"EUR": "date,revenue,region\n2025-01-01,10,North\n2025-01-02,10,North\n", "CHF": "date,revenue,region\n2025-01-01,10,South\n2025-01-02,10,South\n"} {
		in := input(currency+".csv", text)
		in.Answers = goalpost.Answers{Currency: currency, ObservedAt: now}
		if _, err := assess.Import(ctx, db, org, in, nil); err != nil {
			t.Fatal(err)
		}
	}
	if _, err := assess.AddGoal(ctx, db, org, assess.GoalInput{Kind: "sales", KPI: "revenue", Target: "600", From: "2025-01-01", Until: "2025-01-31", By: "Ada", Now: now}); err != nil {
		t.Fatal(err)
	}
	list, err := assess.Goals(ctx, db, org, assess.GoalsOptions{Now: now})
	if err != nil {
		t.Fatal(err)
	}
	v := list[0].Verdict
	if v.Decision != goalpost.CannotTell || v.Reason.Key != "verdict.reason.mixed-currency" || v.Settle.Key != "verdict.settle.one-currency" {
		t.Errorf("\ngot:  %s, %s, %s\nwant: cannot_tell, mixed-currency, one-currency", v.Decision, v.Reason.Key, v.Settle.Key)
	}
}
