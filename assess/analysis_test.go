package assess_test

import (
	"context"
	"errors"
	"fmt"
	"math/rand/v2"
	"reflect"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"goalpost"
	"goalpost/assess"
	"goalpost/store"
)

// The activity of these tests: three weeks in the north.
var (
	giveaway = goalpost.Period{Start: goalpost.NewDay(2025, time.July, 1), End: goalpost.NewDay(2025, time.July, 22)}
	history  = goalpost.NewDay(2024, time.September, 1)
)

// shopFile is a shop's table of two regions with the same ups and downs; in the north the
// activity adds lift to the revenue of every day. Days in gap are left out.
func shopFile(until goalpost.Day, lift float64, gap goalpost.Period) string {
	rng := rand.New(rand.NewPCG(7, 7))
	var b strings.Builder
	b.WriteString("date,revenue,region\n")
	for d := history; d < until; d++ {
		common := 1000 + 150*float64(d.Weekday()) + 60*rng.NormFloat64()
		north, south := common+30*rng.NormFloat64(), 0.8*common+30*rng.NormFloat64()
		if giveaway.Contains(d) {
			north += lift
		}
		if gap.Contains(d) {
			continue
		}
		fmt.Fprintf(&b, "%s,%.2f,north\n%s,%.2f,south\n", d, north, d, south)
	}
	return b.String()
}

func importText(t *testing.T, db *store.DB, org goalpost.Organisation, name, text string, at time.Time) goalpost.ImportID {
	t.Helper()
	in := input(name, text)
	in.Answers.Currency, in.Now = "EUR", at
	r, err := assess.Import(context.Background(), db, org, in, nil)
	if err != nil {
		t.Fatalf("%s: %v", name, err)
	}
	return r.Import
}

const giveawayFile = "name,from,until,network,region,cost\nGiveaway,2025-07-01,2025-07-21,instagram,north,900\nAds,2025-07-10,2025-07-12,facebook,south,\n"

// sold is a shop with an activity and figures up to a day.
func sold(t *testing.T, until goalpost.Day, lift float64) (*store.DB, goalpost.Organisation, goalpost.Activity) {
	t.Helper()
	db, org := open(t)
	importText(t, db, org, "shop.csv", shopFile(until, lift, goalpost.Period{}), now)
	importText(t, db, org, "activities.csv", giveawayFile, now)
	list, err := assess.Activities(context.Background(), db, org.ID, false)
	if err != nil || len(list) != 2 || list[1].Name != "Giveaway" {
		t.Fatalf("%v %+v", err, list)
	}
	return db, org, list[1]
}

func confirmed(t *testing.T, db *store.DB, org goalpost.Organisation, in assess.AnalysisInput) goalpost.Analysis {
	t.Helper()
	in.By, in.Now = "Ada", now
	a, err := assess.ConfirmAnalysis(context.Background(), db, org, in)
	if err != nil {
		t.Fatal(err)
	}
	return a
}

func run(t *testing.T, db *store.DB, org goalpost.Organisation, id goalpost.AnalysisID, at time.Time) (goalpost.AnalysisResult, assess.AnalysisView) {
	t.Helper()
	x, err := assess.RunAnalysis(context.Background(), db, org, id, assess.RunOptions{Now: at})
	if err != nil {
		t.Fatal(err)
	}
	v, err := assess.ViewAnalysis(context.Background(), db, org, id, at)
	if err != nil {
		t.Fatal(err)
	}
	return x, v
}

// What is proposed: the series where the activity ran, the other region as a control, and
// the other activity that ran there.
func TestProposeAnalysis(t *testing.T) {
	db, org, a := sold(t, giveaway.End+10, 300)
	p, err := assess.ProposeAnalysis(context.Background(), db, org, assess.AnalysisInput{Activity: a.ID, Now: now})
	if err != nil {
		t.Fatal(err)
	}
	plan := p.Plan
	if plan.Series.KPI != "revenue" || !slices.Equal(plan.Series.Scope.Regions, []string{"north"}) || plan.Pre.Start != history || plan.Pre.End != giveaway.Start || *plan.CostMin != 90000 {
		t.Errorf("the plan: %+v", plan)
	}
	if len(plan.Controls) != 1 || !slices.Equal(plan.Controls[0].Scope.Regions, []string{"south"}) || plan.Controls[0].Touched {
		t.Errorf("the controls: %+v", plan.Controls)
	}
	if len(p.Others) != 1 || p.Others[0].Days != 3 || p.Others[0].Series || !p.Others[0].Controls {
		t.Errorf("other activities: %+v", p.Others)
	}
	var e *goalpost.Error
	if _, err := assess.ProposeAnalysis(context.Background(), db, org, assess.AnalysisInput{Activity: a.ID, KPI: "reach", Now: now}); !errors.As(err, &e) || e.Key != "error.analysis.kpi" {
		t.Errorf("what is not added cannot be analysed: %v", err)
	}
}

// Of hundreds of towns only the first are offered, and a note says so.
func TestProposalOfManyControls(t *testing.T) {
	db, org := open(t)
	var b strings.Builder
	b.WriteString("date,revenue,region\n")
	for d := giveaway.Start - 30; d < giveaway.End; d++ {
		for town := range 70 {
			fmt.Fprintf(&b, "%s,%d,town %d\n", d, 100+town+int(d)%7, town)
		}
	}
	importText(t, db, org, "towns.csv", b.String(), now)
	a, err := assess.AddActivity(context.Background(), db, org, assess.ActivityInput{Name: "Giveaway", Runs: []assess.RunInput{{From: "2025-07-01", Until: "2025-07-21"}}, Region: "town 3", By: "Ada", Now: now})
	if err != nil {
		t.Fatal(err)
	}
	p, err := assess.ProposeAnalysis(context.Background(), db, org, assess.AnalysisInput{Activity: a.ID, Now: now})
	if err != nil {
		t.Fatal(err)
	}
	if said := slices.ContainsFunc(p.Notes, func(n goalpost.Note) bool {
		return n.Key == "analysis.note.controls-left" && n.Args[0].Number == 69 && n.Args[1].Number == float64(len(p.Controls))
	}); !said {
		t.Errorf("%d controls of 69 and these notes: %v", len(p.Controls), p.Notes)
	}
}

// A plan that is confirmed is kept with its hash, the result finds what was put in, and is
// not computed again before something changed.
func TestAnalysisFromPlanToResult(t *testing.T) {
	db, org, act := sold(t, giveaway.End+10, 300)
	a := confirmed(t, db, org, assess.AnalysisInput{Activity: act.ID, Margin: "40%"})
	if v, err := assess.ViewAnalysis(context.Background(), db, org, a.ID, now); err != nil || v.Result != nil || !v.Stale {
		t.Errorf("before it was run: %v %+v", err, v.Result)
	}
	x, v := run(t, db, org, a.ID, now)
	r := v.Report
	if x.Decision != goalpost.Increase || r.Average.Lo > 300 || r.Average.Hi < 300 || x.PlanHash != a.Plan().Hash() || v.Stale || v.Tried != 1 {
		t.Errorf("\ngot:  %s %+v, stale %v, tried %d\nwant: increase with 300 inside", x.Decision, r.Average, v.Stale, v.Tried)
	}
	if r.Money == nil || r.Money.Cost != 900 || r.Money.Gain.Lo >= r.Money.Gain.Hi {
		t.Errorf("was it worth it: %+v", r.Money)
	}
	if again, _ := run(t, db, org, a.ID, now.Add(time.Hour)); again.ID != x.ID || !again.ComputedAt.Equal(x.ComputedAt) {
		t.Errorf("nothing changed, and it was computed again: %+v", again)
	}
	in := assess.AnalysisInput{NoControls: true, Why: "without controls", By: "Ada", Now: now.Add(2 * time.Hour)}
	if _, err := assess.ChangeAnalysis(context.Background(), db, org, a.ID, in); err != nil {
		t.Fatal(err)
	}
	y, v := run(t, db, org, a.ID, now.Add(3*time.Hour))
	if y.ID != 2 || y.Plan != 2 || len(v.Results) != 2 || v.Tried != 2 || v.Changes[0].Key != "analysis.change.plan-after" {
		t.Errorf("a later change is shown as one: %+v, tried %d, %v", y.ID, v.Tried, v.Changes)
	}
}

// The list of results says the same as the list that reads the data too, only not what was
// changed since.
func TestComputedAnalyses(t *testing.T) {
	db, org, act := sold(t, giveaway.End+10, 300)
	a := confirmed(t, db, org, assess.AnalysisInput{Activity: act.ID})
	run(t, db, org, a.ID, now)
	confirmed(t, db, org, assess.AnalysisInput{Activity: act.ID, NoControls: true, Method: goalpost.MethodBMA})
	whole, err := assess.Analyses(context.Background(), db, org, now)
	if err != nil {
		t.Fatal(err)
	}
	list, err := assess.ComputedAnalyses(context.Background(), db, org, now)
	if err != nil || len(list) != 2 || list[0].Report != nil || list[1].Report == nil || list[1].Analysis.ID != a.ID {
		t.Fatalf("%v %+v", err, list)
	}
	for i := range whole {
		whole[i].Tried, whole[i].Others, whole[i].Changes, whole[i].Stale = 0, nil, nil, false
		if !reflect.DeepEqual(list[i], whole[i]) {
			t.Errorf("%d\ngot:  %+v\nwant: %+v", i, list[i], whole[i])
		}
	}
}

// New data compute it again and keep the old result; the same data give the same digits;
// an undo of the activity's import leaves the result as it was.
func TestAnalysisFollowsItsData(t *testing.T) {
	ctx := context.Background()
	db, org, act := sold(t, giveaway.Start+10, 300) // the activity is running
	a := confirmed(t, db, org, assess.AnalysisInput{Activity: act.ID})
	first, v := run(t, db, org, a.ID, now)
	if v.Report.Post.Rows != 10 {
		t.Fatalf("\ngot:  %d rows since the start\nwant: 10", v.Report.Post.Rows)
	}
	if err := assess.Refresh(ctx, db, org, now.AddDate(0, 0, 3)); err != nil {
		t.Fatal(err)
	}
	if list, err := db.AnalysisResults(ctx, org.ID, a.ID); err != nil || len(list) != 1 {
		t.Errorf("a day passed and nothing changed: %v, %d results", err, len(list))
	}
	longer := importText(t, db, org, "shop2.csv", shopFile(giveaway.End+10, 300, goalpost.Period{}), now.Add(time.Hour))
	list, err := db.AnalysisResults(ctx, org.ID, a.ID)
	if err != nil || len(list) != 2 || list[0].DataHash == first.DataHash {
		t.Fatalf("new data: %v, %d results", err, len(list))
	}
	if err := assess.UndoImport(ctx, db, org, longer, "Ada", now.Add(2*time.Hour)); err != nil {
		t.Fatal(err)
	}
	back, err := db.AnalysisResults(ctx, org.ID, a.ID)
	if err != nil || len(back) != 3 || back[0].DataHash != first.DataHash {
		t.Fatalf("the undo: %v, %d results", err, len(back))
	}
	if digits(string(back[0].Report)) != digits(string(first.Report)) {
		t.Errorf("the same data gave other digits\ngot:  %s\nwant: %s", back[0].Report, first.Report)
	}
	if err := assess.Rebuild(ctx, db, org, func(int, int) {}); err != nil {
		t.Fatal(err)
	}
	if err := assess.Refresh(ctx, db, org, now.Add(3*time.Hour)); err != nil {
		t.Fatal(err)
	}
	if same, err := db.AnalysisResults(ctx, org.ID, a.ID); err != nil || len(same) != 3 {
		t.Errorf("a rebuild keeps analyses and computes nothing anew: %v, %d results", err, len(same))
	}
	if err := assess.UndoImport(ctx, db, org, act.Imports[0], "Ada", now.Add(4*time.Hour)); err != nil {
		t.Fatal(err)
	}
	v, err = assess.ViewAnalysis(ctx, db, org, a.ID, now.Add(5*time.Hour))
	if err != nil || v.Activity != nil || len(v.Results) != 3 || !slices.ContainsFunc(v.Changes, func(n goalpost.Note) bool { return n.Key == "analysis.change.activity-gone" }) {
		t.Errorf("the activity is gone: %v %v, %d results", err, v.Changes, len(v.Results))
	}
}

// digits leaves out how long it took.
func digits(report string) string {
	i := strings.Index(report, `"seconds":`)
	return report[:i] + report[i+strings.IndexAny(report[i:], ",}"):]
}

// Missing is not zero: days that a file lacks are missing rows. A control that lacks the
// same days serves, one that lacks others is not offered.
func TestAnalysisOfDataWithGaps(t *testing.T) {
	db, org := open(t)
	gap := goalpost.Period{Start: giveaway.Start + 3, End: giveaway.Start + 6}
	importText(t, db, org, "shop.csv", shopFile(giveaway.End+10, 300, gap), now)
	act, err := assess.AddActivity(context.Background(), db, org, assess.ActivityInput{Name: "Giveaway", Runs: []assess.RunInput{{From: "2025-07-01", Until: "21.7.2025"}}, Region: "North", By: "Ada", Now: now})
	if err != nil {
		t.Fatal(err)
	}
	p, err := assess.ProposeAnalysis(context.Background(), db, org, assess.AnalysisInput{Activity: act.ID, Now: now})
	if err != nil || p.Controls[0].Missing != 0 || !p.Controls[0].Chosen {
		t.Fatalf("%v %+v", err, p.Controls)
	}
	a := confirmed(t, db, org, assess.AnalysisInput{Activity: act.ID})
	_, v := run(t, db, org, a.ID, now)
	if v.Report.Post.Rows != 21 || v.Report.Post.Missing != 3 || v.Report.Average.Hi < 300 || v.Report.Average.Lo > 300 {
		t.Errorf("\ngot:  %+v %+v\nwant: 3 of 21 missing, 300 inside", v.Report.Post, v.Report.Average)
	}
	if len(v.Report.Covariates) != 1 || v.Report.Covariates[0].Inclusion < .9 {
		t.Errorf("the control that lacks the same days\ngot:  %+v", v.Report.Covariates)
	}
}

// A control that has no figure on a day on which the outcome has one is not proposed, and
// who asks for it is told why not.
func TestControlWithAGapOfItsOwn(t *testing.T) {
	db, org := open(t)
	text := shopFile(giveaway.End+10, 300, goalpost.Period{})
	for d := giveaway.Start - 9; d < giveaway.Start-7; d++ {
		i := strings.Index(text, "\n"+d.String()) + 1
		south := i + strings.Index(text[i:], "\n") + 1
		text = text[:south] + text[south+strings.Index(text[south:], "\n")+1:]
	}
	importText(t, db, org, "shop.csv", text, now)
	act, err := assess.AddActivity(context.Background(), db, org, assess.ActivityInput{Name: "Giveaway", Runs: []assess.RunInput{{From: "2025-07-01", Until: "21.7.2025"}}, Region: "North", By: "Ada", Now: now})
	if err != nil {
		t.Fatal(err)
	}
	p, err := assess.ProposeAnalysis(context.Background(), db, org, assess.AnalysisInput{Activity: act.ID, Now: now})
	if err != nil || p.Controls[0].Missing != 2 || p.Controls[0].Chosen {
		t.Fatalf("%v %+v", err, p.Controls)
	}
	if _, err := assess.ConfirmAnalysis(context.Background(), db, org, assess.AnalysisInput{Activity: act.ID, Controls: []string{p.Controls[0].Key}, By: "Ada", Now: now}); err == nil || !strings.Contains(err.Error(), "control-holes") {
		t.Errorf("got: %v", err)
	}
}

// Without figures since the start the answer is "cannot tell", with the reason, and the
// import of the figures gives the answer by itself.
func TestAnalysisBeforeThereAreFigures(t *testing.T) {
	db, org, act := sold(t, giveaway.Start, 300)
	a := confirmed(t, db, org, assess.AnalysisInput{Activity: act.ID})
	x, v := run(t, db, org, a.ID, now)
	if x.Decision != goalpost.EffectCannotTell || v.Report.Reason.Key != "error.analysis.not-yet" {
		t.Errorf("\ngot:  %s %s\nwant: cannot_tell, not yet", x.Decision, v.Report.Reason.Key)
	}
	importText(t, db, org, "shop2.csv", shopFile(giveaway.End, 300, goalpost.Period{}), now.Add(time.Hour))
	if list, err := db.AnalysisResults(context.Background(), org.ID, a.ID); err != nil || list[0].Decision != goalpost.Increase {
		t.Errorf("%v %+v", err, list[0].Decision)
	}
}

// An import does not wait for hundreds of analyses: the newest are computed again with it,
// the others say that their data changed and have their turn the next time.
func TestRefreshIsBounded(t *testing.T) {
	const most = 20
	ctx := context.Background()
	db, org, act := sold(t, giveaway.Start+14, 300)
	for i := range most + 2 { // the same plan twice would be one
		run(t, db, org, confirmed(t, db, org, assess.AnalysisInput{Activity: act.ID, NoControls: true, PreFrom: fmt.Sprintf("2025-05-%02d", 1+i)}).ID, now)
	}
	left := func() (stale []goalpost.AnalysisID) {
		list, err := assess.Analyses(ctx, db, org, now)
		if err != nil {
			t.Fatal(err)
		}
		for _, v := range list {
			if v.Stale {
				stale = append(stale, v.Analysis.ID)
			}
		}
		return stale
	}
	importText(t, db, org, "shop2.csv", shopFile(giveaway.End, 300, goalpost.Period{}), now.Add(time.Hour))
	if got := left(); !slices.Equal(got, []goalpost.AnalysisID{2, 1}) {
		t.Errorf("\ngot:  %v wait\nwant: the two oldest", got)
	}
	if err := assess.Refresh(ctx, db, org, now.Add(2*time.Hour)); err != nil || len(left()) != 0 {
		t.Errorf("%v: %v still wait", err, left())
	}
}

// A goal about sales says what the activity changed beside what was counted; a goal that
// asks for incremental revenue is judged by the interval.
func TestSalesGoalsAreJudgedByTheEffect(t *testing.T) {
	ctx := context.Background()
	db, org, act := sold(t, giveaway.End+20, 300)
	for _, in := range []assess.GoalInput{
		{Kind: "sales", KPI: "revenue", Target: "1000", From: "2025-07-01", Until: "2025-07-31"},
		{Kind: "sales", KPI: "incremental_revenue", Target: "3000", From: "2025-07-01", Until: "2025-07-31"},
		{Kind: "sales", KPI: "incremental_revenue", Target: "30000", From: "2025-07-01", Until: "2025-07-31"},
	} {
		in.By, in.Now = "Ada", now
		if _, err := assess.AddGoal(ctx, db, org, in); err != nil {
			t.Fatal(err)
		}
	}
	verdicts := func() map[goalpost.GoalID]goalpost.Verdict {
		list, err := assess.Goals(ctx, db, org, assess.GoalsOptions{Now: now})
		if err != nil {
			t.Fatal(err)
		}
		out := map[goalpost.GoalID]goalpost.Verdict{}
		for _, j := range list {
			out[j.Goal.ID] = j.Verdict
		}
		return out
	}
	before := verdicts()
	if before[1].Decision != goalpost.Reached || len(before[1].Incremental) != 0 || before[2].Decision != goalpost.NotMeasured {
		t.Errorf("without an analysis: %+v %s", before[1].Incremental, before[2].Decision)
	}
	a := confirmed(t, db, org, assess.AnalysisInput{Activity: act.ID})
	run(t, db, org, a.ID, now)
	v := verdicts()
	counted := v[1]
	if len(counted.Incremental) != 1 || counted.Estimate.Value != before[1].Estimate.Value || counted.Incremental[0].Estimate.Value >= counted.Estimate.Value/2 || counted.DataHash == before[1].DataHash {
		t.Errorf("counted and incremental are two numbers: %+v", counted.Incremental)
	}
	if v[2].Decision != goalpost.Reached || v[2].Method != assess.MethodEffect || v[3].Decision != goalpost.Missed || v[3].Probability != nil {
		t.Errorf("\ngot:  %s %s\nwant: reached missed", v[2].Decision, v[3].Decision)
	}
}

// An activity at either end of the days that can be typed can be analysed like another: it
// cannot be told, and everything that was written down can be read again.
func TestAnalysisAtTheEndOfTime(t *testing.T) {
	db, org, _ := sold(t, giveaway.End+10, 0)
	ctx := context.Background()
	for _, r := range []assess.RunInput{{From: "1900-01-01", Until: "1900-01-02"}, {From: "2999-12-30", Until: "2999-12-31"}} {
		a, err := assess.AddActivity(ctx, db, org, assess.ActivityInput{Name: "From " + r.From, Runs: []assess.RunInput{r}, By: "Ada", Now: now})
		if err != nil {
			t.Fatal(err)
		}
		_, v := run(t, db, org, confirmed(t, db, org, assess.AnalysisInput{Activity: a.ID}).ID, now)
		if v.Result.Decision != goalpost.EffectCannotTell || v.Stale {
			t.Errorf("%s: %s, stale %v", r.From, v.Result.Decision, v.Stale)
		}
	}
	if list, err := assess.Analyses(ctx, db, org, now); err != nil || len(list) != 2 {
		t.Errorf("%d analyses: %v", len(list), err)
	}
	if err := assess.Refresh(ctx, db, org, now); err != nil {
		t.Error(err)
	}
}

// A button that is pressed twice, even at the same moment, is one look: one analysis, one
// plan. Another choice is another.
func TestConfirmTwice(t *testing.T) {
	db, org, a := sold(t, giveaway.End+10, 300)
	ctx := context.Background()
	in := assess.AnalysisInput{Activity: a.ID, Margin: "35%", By: "Ada", Now: now}
	var all sync.WaitGroup
	for i := range 4 {
		all.Go(func() {
			in := in
			in.Now = now.Add(time.Duration(i) * time.Second)
			if x, err := assess.ConfirmAnalysis(ctx, db, org, in); err != nil || x.ID != 1 || len(x.Plans) != 1 {
				t.Errorf("%v %+v", err, x)
			}
		})
	}
	all.Wait()
	if p, err := assess.ProposeAnalysis(ctx, db, org, in); err != nil || p.Tried != 1 {
		t.Errorf("tried %d times: %v", p.Tried, err)
	}
	in.Margin = "30%"
	if other := confirmed(t, db, org, in); other.ID != 2 {
		t.Errorf("another plan is analysis %d", other.ID)
	}
	in.Why = "again"
	if same, err := assess.ChangeAnalysis(ctx, db, org, 2, in); err != nil || len(same.Plans) != 1 {
		t.Errorf("a change of nothing: %v, %d plans", err, len(same.Plans))
	}
}

// Who confirms what has changed meanwhile is shown it again, and of two changes of the same
// plan the second is refused.
func TestConfirmWhatWasSeen(t *testing.T) {
	db, org, a := sold(t, giveaway.End+10, 300)
	ctx := context.Background()
	refused := func(err error, key string) {
		t.Helper()
		if e, ok := errors.AsType[*goalpost.Error](err); !ok || e.Key != key || e.Kind != goalpost.Conflict {
			t.Errorf("\ngot:  %v\nwant: %s", err, key)
		}
	}
	p, err := assess.ProposeAnalysis(ctx, db, org, assess.AnalysisInput{Activity: a.ID, Now: now})
	if err != nil {
		t.Fatal(err)
	}
	change := assess.ActivityInputOf(a)
	change.Cost, change.Why, change.By, change.Now = "1200", "the invoice came", "Ben", now
	if _, err := assess.ChangeActivity(ctx, db, org, a.ID, change); err != nil {
		t.Fatal(err)
	}
	_, err = assess.ConfirmAnalysis(ctx, db, org, assess.AnalysisInput{Activity: a.ID, Seen: p.Seen, By: "Ada", Now: now})
	refused(err, "error.analysis.seen")
	if p, err = assess.ProposeAnalysis(ctx, db, org, assess.AnalysisInput{Activity: a.ID, Now: now}); err != nil {
		t.Fatal(err)
	}
	x := confirmed(t, db, org, assess.AnalysisInput{Activity: a.ID, Seen: p.Seen, Smallest: "7%", Margin: "35%", Lag: "2"})
	for _, lag := range []string{"3", "4"} {
		in := assess.AnalysisInputOf(x.Plan())
		in.Lag, in.Why, in.By, in.Now = lag, "another view", "Ada", now
		y, err := assess.ChangeAnalysis(ctx, db, org, x.ID, in)
		if lag == "4" {
			refused(err, "error.conflict")
		} else if p := y.Plan(); err != nil || p.LagDays != 3 || p.Margin == nil || p.Margin.Share != 0.35 || p.SmallestEffect == nil || p.SmallestEffect.Value != 0.07 || len(p.Controls) != 1 {
			t.Errorf("what was not changed is lost: %v %+v", err, p)
		}
	}
}

// A control that is named twice is one.
func TestControlNamedTwice(t *testing.T) {
	db, org, a := sold(t, giveaway.End+10, 300)
	key := assess.SeriesKey(goalpost.SeriesRef{KPI: "revenue", Scope: goalpost.Scope{Regions: []string{"south"}}})
	x := confirmed(t, db, org, assess.AnalysisInput{Activity: a.ID, Controls: slices.Repeat([]string{key}, 500)})
	if n := len(x.Plan().Controls); n != 1 {
		t.Errorf("%d controls", n)
	}
}

// One analysis that fails keeps no other from being computed again.
func TestRefreshGoesOnAfterAFailure(t *testing.T) {
	db, org, a := sold(t, giveaway.End+10, 300)
	ctx := context.Background()
	first, second := confirmed(t, db, org, assess.AnalysisInput{Activity: a.ID}), confirmed(t, db, org, assess.AnalysisInput{Activity: a.ID, NoControls: true})
	for _, x := range []goalpost.Analysis{first, second} {
		run(t, db, org, x.ID, now)
	}
	importText(t, db, org, "corrected.csv", shopFile(giveaway.End+10, 100, goalpost.Period{}), now.Add(time.Hour)) // refreshes both
	change := assess.ActivityInputOf(a)
	for i, name := range []string{"Beside", "Beside it"} { // other data for both
		change.Name, change.By, change.Now, change.Region = name, "Ada", now.Add(time.Duration(i)*time.Hour), "north"
		if _, err := assess.AddActivity(ctx, db, org, change); err != nil {
			t.Fatal(err)
		}
	}
	broken := errors.New("broken")
	err := assess.RefreshBy(ctx, db, org, now.Add(2*time.Hour), func(ctx context.Context, in assess.EffectInput) (assess.EffectReport, error) {
		if len(in.Controls) > 0 {
			return assess.EffectReport{}, broken
		}
		return assess.Effect(ctx, in)
	})
	if !errors.Is(err, broken) {
		t.Errorf("the failure is not told: %v", err)
	}
	for id, want := range map[goalpost.AnalysisID]int{first.ID: 2, second.ID: 3} {
		if list, err := db.AnalysisResults(ctx, org.ID, id); err != nil || len(list) != want {
			t.Errorf("analysis %d: %d results, want %d: %v", id, len(list), want, err)
		}
	}
}

// What changes while an analysis is computed is in its result: an import that is undone, a
// plan that is changed. A plan that changes every time is answered in the end.
func TestRunWhileDataAndPlanChange(t *testing.T) {
	db, org, a := sold(t, giveaway.End+10, 300)
	ctx := context.Background()
	x := confirmed(t, db, org, assess.AnalysisInput{Activity: a.ID})
	more := importText(t, db, org, "corrected.csv", shopFile(giveaway.End+10, 900, goalpost.Period{}), now.Add(time.Hour))
	calls := 0
	meanwhile := func(steps ...func()) func(context.Context, assess.EffectInput) (assess.EffectReport, error) {
		calls = 0
		return func(ctx context.Context, in assess.EffectInput) (assess.EffectReport, error) {
			if calls++; calls <= len(steps) {
				steps[calls-1]()
			}
			return assess.Effect(ctx, in)
		}
	}
	change := func(lag string) func() {
		return func() {
			if _, err := assess.ChangeAnalysis(ctx, db, org, x.ID, assess.AnalysisInput{Lag: lag, Why: "another view", By: "Ben", Now: now}); err != nil {
				t.Error(err)
			}
		}
	}
	undo := func() {
		if err := db.UndoImport(ctx, org.ID, more, "Ada", now); err != nil {
			t.Error(err)
		}
	}
	kept, err := assess.RunBy(ctx, db, org, x.ID, now, meanwhile(undo, change("1")))
	if err != nil || kept.Plan != 2 || calls != 3 {
		t.Errorf("plan %d after %d times: %v", kept.Plan, calls, err)
	}
	if v, err := assess.ViewAnalysis(ctx, db, org, x.ID, now); err != nil || v.Stale || len(v.Results) != 1 {
		t.Errorf("stale %v, %d results: %v", v.Stale, len(v.Results), err)
	}
	change("2")()
	if kept, err = assess.RunBy(ctx, db, org, x.ID, now, meanwhile(change("3"), change("4"), change("5"))); err != nil || kept.Plan != 5 || calls != 3 {
		t.Errorf("plan %d after %d times: %v", kept.Plan, calls, err)
	}
}
