package assess_test

import (
	"context"
	"errors"
	"fmt"
	"math"
	"strings"
	"testing"
	"time"

	"goalpost"
	"goalpost/assess"
	"goalpost/gptest"
	"goalpost/store"
)

var now = time.Date(2025, 9, 1, 9, 0, 0, 0, time.UTC)

// sales is a table with canonical headers: it needs no map.
func sales(days int) string {
	var b strings.Builder
	b.WriteString("date,orders,revenue,region\n")
	d := goalpost.NewDay(2025, time.January, 1)
	for i := range days {
		for j, region := range []string{"north", "south"} {
			n := 10 + (i*7+j*3)%5
			fmt.Fprintf(&b, "%s,%d,%d.50,%s\n", d+goalpost.Day(i), n, n*20, region)
		}
	}
	return b.String()
}

const tweetsHead = `"Tweet id","Tweet permalink","Tweet text","time","impressions","engagements","engagement rate","retweets","replies","likes","user profile clicks","url clicks","hashtag clicks","detail expands","permalink clicks","app opens","app installs","follows","email tweet","dial phone","media views","media engagements"` + "\n"

func tweets(impressions int) string {
	var b strings.Builder
	b.WriteString(tweetsHead)
	for i := range 10 {
		at := time.Date(2025, 7, 1+i, 12, 0, 0, 0, time.UTC)
		id := (at.UnixMilli() - 1288834974657) << 22
		fmt.Fprintf(&b, `"%d","https://twitter.com/harbour/status/%d","Tide table %d","%s","%d.0","%d.0","0.01","1.0","2.0","3.0","0.0","4.0","0.0","0.0","0.0","0","0","0","0","0","0","0"`+"\n",
			id, id, i, at.Format("2006-01-02 15:04 +0000"), impressions+i, 10+i)
	}
	return b.String()
}

func input(name, text string) assess.Input {
	return assess.Input{Name: name, R: strings.NewReader(text), Size: int64(len(text)), By: "Ada", Now: now}
}

func open(t *testing.T) (*store.DB, goalpost.Organisation) {
	t.Helper()
	db := gptest.Store(t)
	list, err := db.Organisations(context.Background())
	if err != nil || len(list) == 0 {
		t.Fatalf("organisation: %v", err)
	}
	return db, list[0]
}

func sum(t *testing.T, db *store.DB, org goalpost.Organisation, code string, from, until goalpost.Day) float64 {
	t.Helper()
	r, err := assess.KPI(context.Background(), db, org, assess.KPIQuery{Code: code, Period: goalpost.Period{Start: from, End: until + 1}})
	if err != nil {
		t.Fatal(err)
	}
	if r.Value == nil {
		return math.NaN()
	}
	return *r.Value
}

// The same file twice changes nothing; undone it is gone; imported again it is back.
func TestImportTwiceUndoAgain(t *testing.T) {
	ctx := context.Background()
	db, org := open(t)
	first, last := goalpost.NewDay(2025, time.January, 1), goalpost.NewDay(2025, time.March, 31)
	text := sales(90)
	r, err := assess.Import(ctx, db, org, input("sales.csv", text), nil)
	if err != nil {
		t.Fatal(err)
	}
	if r.Rows != 180 || r.Kept != 180 || r.Reported != 0 || r.AlreadyKnown != 0 {
		t.Fatalf("report: %+v", r)
	}
	orders := sum(t, db, org, "orders", first, last)
	if orders != r.Totals[goalpost.Orders] {
		t.Errorf("KPI and report differ\ngot:  %g\nwant: %g", orders, r.Totals[goalpost.Orders])
	}
	again, err := assess.Import(ctx, db, org, input("sales.csv", text), nil)
	if err != nil || again.AlreadyKnown != 180 || sum(t, db, org, "orders", first, last) != orders {
		t.Errorf("a second import: %v %+v", err, again)
	}
	if err := assess.UndoImport(ctx, db, org, r.Import, "Ada", now); err != nil {
		t.Fatal(err)
	}
	if got := sum(t, db, org, "orders", first, last); !math.IsNaN(got) {
		t.Errorf("undone, but still there: %g", got)
	}
	if _, err := assess.Import(ctx, db, org, input("sales.csv", text), nil); err != nil {
		t.Fatal(err)
	}
	if got := sum(t, db, org, "orders", first, last); got != orders {
		t.Errorf("imported again\ngot:  %g\nwant: %g", got, orders)
	}
}

// A newer export of the same posts adds snapshots and overwrites nothing; what was
// known before can still be asked for.
func TestNewerExportAddsSnapshots(t *testing.T) {
	ctx := context.Background()
	db, org := open(t)
	first, last := goalpost.NewDay(2025, time.July, 1), goalpost.NewDay(2025, time.July, 31)
	for i, c := range []struct {
		impressions int
		observed    time.Time
		want        float64
	}{{100, time.Date(2025, 7, 20, 0, 0, 0, 0, time.UTC), 1045}, {200, time.Date(2025, 8, 20, 0, 0, 0, 0, time.UTC), 2045}} {
		in := input(fmt.Sprintf("tweets-%d.csv", i), tweets(c.impressions))
		in.Answers.ObservedAt = c.observed
		if _, err := assess.Import(ctx, db, org, in, nil); err != nil {
			t.Fatal(err)
		}
		if got := sum(t, db, org, "impressions", first, last); got != c.want {
			t.Errorf("after import %d\ngot:  %g\nwant: %g", i, got, c.want)
		}
	}
	posts, total, err := db.Posts(ctx, org.ID, store.PostQuery{})
	if err != nil || total != 10 || len(posts) != 10 {
		t.Fatalf("posts: %d, %v", total, err)
	}
	r, err := assess.KPI(ctx, db, org, assess.KPIQuery{Code: "impressions", Period: goalpost.Period{Start: first, End: last + 1},
		AsOf: goalpost.NewDay(2025, time.August, 1), Seen: true})
	if err != nil || r.Value == nil || *r.Value != 1045 {
		t.Errorf("what was known on 1 August: %v %+v", err, r.Value)
	}
}

// Other answers for the same bytes contradict the first import.
func TestOtherAnswersAreRefused(t *testing.T) {
	ctx := context.Background()
	db, org := open(t)
	in := input("tweets.csv", tweets(100))
	in.Answers.ObservedAt = time.Date(2025, 7, 20, 0, 0, 0, 0, time.UTC)
	if _, err := assess.Import(ctx, db, org, in, nil); err != nil {
		t.Fatal(err)
	}
	in.Answers.ObservedAt = time.Date(2025, 7, 25, 0, 0, 0, 0, time.UTC)
	_, err := assess.Import(ctx, db, org, in, nil)
	var e *goalpost.Error
	if !errors.As(err, &e) || e.Kind != goalpost.Conflict || e.Flag != "--observed-at" {
		t.Errorf("got: %v", err)
	}
}

// A table that nobody mapped is asked about, and nothing is stored.
func TestUnknownTableIsAskedAbout(t *testing.T) {
	ctx := context.Background()
	db, org := open(t)
	text := "When,Visits of the shop,Mood\n2025-01-01,10,good\n2025-01-02,12,bad\n2025-01-03,9,good\n"
	_, err := assess.Import(ctx, db, org, input("shop.csv", text), nil)
	var e *goalpost.Error
	if !errors.As(err, &e) || e.Kind != goalpost.Ask || e.Flag != "--map" {
		t.Fatalf("got: %v", err)
	}
	p, err := assess.Inspect(ctx, db, org, input("shop.csv", text))
	if err != nil || !p.NeedsMap || len(p.Columns) != 3 || len(p.Map) == 0 {
		t.Fatalf("proposal: %v %+v", err, p)
	}
	list, err := db.Imports(ctx, org.ID)
	if err != nil || len(list) != 0 {
		t.Errorf("something was stored: %v %+v", err, list)
	}
}

// A confirmed map is remembered for files with the same header.
func TestMapIsRemembered(t *testing.T) {
	ctx := context.Background()
	db, org := open(t)
	head := "When,Visits of the shop,Mood\n"
	in := input("shop.csv", head+"2025-01-01,10,good\n2025-01-02,12,bad\n2025-01-03,9,good\n")
	p, err := assess.Inspect(ctx, db, org, in)
	if err != nil {
		t.Fatal(err)
	}
	for i := range p.Columns {
		switch p.Columns[i].Header {
		case "When":
			p.Columns[i].Role = "date"
		case "Mood":
			p.Columns[i].Role = "ignore"
		default:
			p.Columns[i].Role, p.Columns[i].Metric = "metric", "visits"
		}
	}
	if in.Map, err = assess.BuildMap(p, "series", p.Columns, "day", ""); err != nil {
		t.Fatal(err)
	}
	if _, err := assess.Import(ctx, db, org, in, nil); err != nil {
		t.Fatal(err)
	}
	if _, err := assess.Import(ctx, db, org, input("shop2.csv", head+"2025-01-04,10,good\n2025-01-05,12,bad\n"), nil); err != nil {
		t.Fatalf("the same header again: %v", err)
	}
	if got := sum(t, db, org, "visits", goalpost.NewDay(2025, 1, 1), goalpost.NewDay(2025, 1, 31)); got != 53 {
		t.Errorf("\ngot:  %g\nwant: 53", got)
	}
}

// What was answered beside a map is remembered with it.
func TestAnswersAreRememberedWithTheMap(t *testing.T) {
	ctx := context.Background()
	db, org := open(t)
	org.Currency = ""
	in := input("a.csv", "date,revenue\n2025-01-01,10\n")
	in.Answers.Currency = "CHF"
	if _, err := assess.Import(ctx, db, org, in, nil); err != nil {
		t.Fatal(err)
	}
	r, err := assess.Import(ctx, db, org, input("b.csv", "date,revenue\n2025-01-02,10\n"), nil)
	if err != nil || r.Currency != "CHF" {
		t.Errorf("asked again: %v %q", err, r.Currency)
	}
}

// Everything derived, computed again from the raw files, gives the same numbers and
// the same reports, also when the organisation has another currency by now.
func TestRebuildGivesTheSameNumbers(t *testing.T) {
	ctx := context.Background()
	db, org := open(t)
	for i, text := range []string{sales(120), tweets(100), tweets(200)} {
		in := input(fmt.Sprintf("file-%d.csv", i), text)
		if i > 0 {
			in.Answers.ObservedAt = time.Date(2025, 7, 20+i, 0, 0, 0, 0, time.UTC)
		}
		if _, err := assess.Import(ctx, db, org, in, nil); err != nil {
			t.Fatal(err)
		}
	}
	if _, err := assess.AddGoal(ctx, db, org, assess.GoalInput{Kind: "sales", KPI: "revenue", Target: "60000", From: "2025-01-01", Until: "2025-08-31", By: "Ada", Now: now}); err != nil {
		t.Fatal(err)
	}
	numbers := func() string {
		goals, err := assess.Goals(ctx, db, org, assess.GoalsOptions{Now: now, AsOf: goalpost.NewDay(2025, 9, 1)})
		if err != nil || len(goals) != 1 {
			t.Fatalf("goals: %v", err)
		}
		reports := ""
		imports, err := db.Imports(ctx, org.ID)
		if err != nil {
			t.Fatal(err)
		}
		for _, i := range imports {
			reports += fmt.Sprintf("\n%s %d kept, %v, %s, %v", i.File, i.Report.Kept, i.Report.Totals, i.Report.Currency, i.Report.Notes)
		}
		return fmt.Sprint(reports, goals[0].Verdict.DataHash, *goals[0].Verdict.Probability, *goals[0].Verdict.Estimate,
			sum(t, db, org, "impressions", goalpost.NewDay(2025, 7, 1), goalpost.NewDay(2025, 7, 31)))
	}
	before := numbers()
	if !strings.Contains(before, "import.note.currency") || org.Currency == "CHF" {
		t.Fatalf("this test shows nothing: %s", before)
	}
	org.Currency = "CHF"
	if err := db.UpdateOrganisation(ctx, org); err != nil {
		t.Fatal(err)
	}
	if err := assess.Rebuild(ctx, db, org, func(int, int) {}); err != nil {
		t.Fatal(err)
	}
	if after := numbers(); after != before {
		t.Errorf("\ngot:  %s\nwant: %s", after, before)
	}
}

// A file that breaks off in the middle of a write leaves nothing half.
func TestCancelledImportLeavesNothing(t *testing.T) {
	db, org := open(t)
	ctx, cancel := context.WithCancel(context.Background())
	defer cancel()
	_, err := assess.Import(ctx, db, org, input("sales.csv", sales(20000)), func(p assess.Progress) {
		if p.Rows > 0 {
			cancel()
		}
	})
	if err == nil {
		t.Fatal("a cancelled import reported success")
	}
	list, err := db.SeriesValues(context.Background(), org.ID, store.SeriesFilter{Metric: goalpost.Orders, Period: goalpost.Period{Start: 0, End: 100000}})
	if err != nil || len(list) != 0 {
		t.Errorf("%d values stayed, %v", len(list), err)
	}
}

// A year that slipped is refused, and does not spoil the other goals.
func TestAPeriodOfTenThousandYearsIsRefused(t *testing.T) {
	ctx := context.Background()
	db, org := open(t)
	for _, until := range []string{"9999-12-31", "2999-12-31", "20205-01-01"} {
		_, err := assess.AddGoal(ctx, db, org, assess.GoalInput{Kind: "reach", KPI: "impressions", Target: "5", From: "2025-01-01", Until: until, By: "Ada", Now: now})
		var e *goalpost.Error
		if !errors.As(err, &e) || e.Kind != goalpost.Invalid {
			t.Errorf("%s: %v", until, err)
		}
	}
	var e *goalpost.Error
	if _, err := assess.Goals(ctx, db, org, assess.GoalsOptions{Now: now, AsOf: goalpost.NewDay(2999, 1, 1)}); !errors.As(err, &e) || e.Kind != goalpost.Invalid {
		t.Errorf("looking back from a day to come: %v", err)
	}
}

// A rate is over the posts for which both its parts are known, today and as known then.
func TestRateLeavesOutPostsWithoutOneOfItsParts(t *testing.T) {
	ctx := context.Background()
	db, org := open(t)
	in := input("posts.csv", "date,id,text,reach,engagements\n2025-03-01,a,Both,100,10\n2025-03-01,b,No engagements,900,\n2025-03-01,c,No reach,,500\n")
	in.Answers = goalpost.Answers{Account: "Harbour", Network: goalpost.LinkedIn, ObservedAt: now}
	if _, err := assess.Import(ctx, db, org, in, nil); err != nil {
		t.Fatal(err)
	}
	day := goalpost.NewDay(2025, 3, 1)
	for _, q := range []assess.KPIQuery{{}, {AsOf: goalpost.DayOf(now, time.UTC) + 2, Seen: true}} {
		q.Code, q.Period = "engagement_rate_by_reach", goalpost.Period{Start: day, End: day + 1}
		r, err := assess.KPI(ctx, db, org, q)
		if err != nil || r.Value == nil || *r.Value != 0.1 || *r.Denominator != 100 {
			t.Errorf("seen %v: %v\ngot:  %v of %v\nwant: 0.1 of 100", q.Seen, err, r.Value, r.Denominator)
		}
	}
}

// The same bytes with another answer are refused, and the flag of the answer is named.
func TestAnotherAnswerIsRefused(t *testing.T) {
	ctx := context.Background()
	db, org := open(t)
	in := input("followers.csv", "date,followers\n01/02/2025,100\n02/02/2025,101\n")
	in.Answers = goalpost.Answers{Account: "Harbour", Network: goalpost.X, TimeZone: "Europe/Berlin", DateOrder: "dmy", Currency: "EUR", ObservedAt: now}
	if _, err := assess.Import(ctx, db, org, in, nil); err != nil {
		t.Fatal(err)
	}
	for flag, other := range map[string]goalpost.Answers{
		"":              {Account: "Harbour", DateOrder: "dmy"},
		"--account":     {Account: "Tower"},
		"--network":     {Network: goalpost.Facebook},
		"--time-zone":   {TimeZone: "Europe/Paris"},
		"--date-order":  {DateOrder: "mdy"},
		"--currency":    {Currency: "CHF"},
		"--observed-at": {ObservedAt: now.AddDate(0, 0, -1)},
	} {
		again := in
		again.Answers = other
		_, err := assess.Import(ctx, db, org, again, nil)
		var e *goalpost.Error
		if got := errors.As(err, &e); got != (flag != "") || got && (e.Key != "error.import.other-answers" || e.Flag != flag) {
			t.Errorf("%q: %v", flag, err)
		}
	}
}
