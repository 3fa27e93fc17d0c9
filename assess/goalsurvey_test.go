package assess_test

import (
	"fmt"
	"math"
	"slices"
	"strings"
	"testing"
	"time"

	"goalpost"
	"goalpost/assess"
	"goalpost/infer"
	"goalpost/store"
)

// csatWave is a survey that asks how satisfied customers are.
type csatWave struct {
	slug        string
	from, until goalpost.Day // until 0: open to the end
	kind        goalpost.SampleKind
	asked       int
	study       string
	happy, not  int // answers of 5 and of 2
}

func inAll(s string) goalpost.Text { return goalpost.Text{"en": s, "de": s} }

func csatForm() goalpost.Form {
	question := func(code string, kind goalpost.QuestionType, options ...goalpost.Item) goalpost.SurveyQuestion {
		return goalpost.SurveyQuestion{Question: goalpost.Question{Code: code, Version: 1, Type: kind, Wording: inAll("About " + code), Options: options}}
	}
	satisfied := question("satisfied", goalpost.ScaleQuestion)
	satisfied.Scale = &goalpost.Scale{Low: 1, High: 5}
	return goalpost.Form{Languages: []string{"en", "de"}, Title: inAll("Satisfaction"), Questions: []goalpost.SurveyQuestion{satisfied,
		question("recommend", goalpost.NPSQuestion),
		question("know", goalpost.SingleChoice, goalpost.Item{Code: "yes", Label: inAll("Yes")}, goalpost.Item{Code: "no", Label: inAll("No")}, goalpost.Item{Code: "unsure", Label: inAll("Unsure")}),
		question("seen", goalpost.SingleChoice, goalpost.Item{Code: "yes", Label: inAll("Yes")}, goalpost.Item{Code: "no", Label: inAll("No")})}}
}

var spring = goalpost.Period{Start: goalpost.NewDay(2026, time.March, 1), End: goalpost.NewDay(2026, time.June, 1)}

// ask runs a wave and returns its survey.
func (w csatWave) ask(t *testing.T, db *store.DB, org goalpost.Organisation, reply func(i int) string) *assess.AskedSurvey {
	t.Helper()
	begin := w.from.Start(time.UTC)
	s := goalpost.Survey{Slug: w.slug, Form: csatForm(), Settings: goalpost.SurveySettings{Address: goalpost.FormalAddress, Anonymous: true, Sample: w.kind, Asked: w.asked,
		OpensAt: begin, Study: w.study, Channels: []goalpost.Channel{{Code: "ig", Network: goalpost.Instagram}, {Code: "fb", Network: goalpost.Facebook}}}}
	if w.study != "" {
		s.Settings.Wave = w.slug
	}
	if w.until != 0 {
		s.Settings.ClosesAt = (w.until + 1).Start(time.UTC)
	}
	s, err := assess.CreateSurvey(t.Context(), db, org.ID, assess.SurveyInput{Survey: s, Secret: [32]byte{byte(len(w.slug))}, By: "Ada", Now: begin})
	if err != nil {
		t.Fatal(err)
	}
	open := goalpost.SurveyOpen
	changeSurvey(t, db, org.ID, s.ID, store.SurveyChange{State: &open, At: begin})
	a, err := assess.AskedByTeam(t.Context(), db, org.ID, s.ID)
	if err != nil {
		t.Fatal(err)
	}
	if reply == nil {
		reply = func(i int) string {
			if i < w.happy {
				return `{"satisfied":{"number":5}}`
			}
			return `{"satisfied":{"number":2}}`
		}
	}
	for i := range w.happy + w.not {
		at := begin.Add(time.Hour + time.Duration(i)*time.Second)
		channel := []string{"ig", "fb"}[i%2]
		in := assess.AnswerInput{ID: rid(int(s.ID)*100_000 + i), Secret: fmt.Sprint("secret ", i), Rev: 1, Version: 1, Raw: []byte(reply(i)), Done: true,
			Page: a.SignPage(assess.SignedPage{Version: 1, Channel: channel, At: at.Add(-time.Minute)}), Language: "en", Device: goalpost.DevicePhone, Now: at}
		if r := send(t, db, a, in); r.State != goalpost.AnswerComplete {
			t.Fatalf("answer %d is %s", i, r.State)
		}
	}
	return a
}

// csatGoal is a goal about satisfaction in spring, made the day before it.
func csatGoal(t *testing.T, db *store.DB, org goalpost.Organisation, in assess.GoalInput) goalpost.Goal {
	t.Helper()
	if in.Kind == "" {
		in.Kind, in.KPI = "support", "csat"
	}
	if in.Survey.IsEmpty() {
		in.Survey = assess.GoalSurveyInput{Survey: "wave-a", Question: "satisfied"}
	}
	in.From, in.Until, in.By, in.Now = spring.Start.String(), spring.Last().String(), "Ada", (spring.Start - 1).Start(time.UTC)
	g, err := assess.AddGoal(t.Context(), db, org, in)
	if err != nil {
		t.Fatal(err)
	}
	return g
}

func verdictOn(t *testing.T, db *store.DB, org goalpost.Organisation, asOf goalpost.Day) assess.Detail {
	t.Helper()
	list, err := db.Goals(t.Context(), org.ID)
	if err != nil || len(list) == 0 {
		t.Fatalf("goals: %v", err)
	}
	d, err := assess.GoalDetail(t.Context(), db, org, list[len(list)-1].ID, assess.GoalsOptions{AsOf: asOf, Now: asOf.Start(time.UTC)})
	if err != nil {
		t.Fatal(err)
	}
	return d
}

func has(notes []goalpost.Note, key string) bool {
	return slices.ContainsFunc(notes, func(n goalpost.Note) bool { return n.Key == key })
}

func TestGoalBySurvey(t *testing.T) {
	march := goalpost.NewDay(2026, time.March, 10)
	after := spring.End
	for _, c := range []struct {
		name    string
		wave    csatWave
		target  string
		asOf    goalpost.Day
		want    goalpost.Decision
		reason  string
		settle  string
		caution string
	}{
		{"reached", csatWave{kind: goalpost.SampleProbability, happy: 180, not: 20}, "80%", after, goalpost.Reached, "goalsurvey.reason.wave", "", ""},
		{"missed", csatWave{kind: goalpost.SampleProbability, happy: 120, not: 80}, "80%", after, goalpost.Missed, "goalsurvey.reason.wave", "", ""},
		{"cannot tell", csatWave{kind: goalpost.SampleProbability, happy: 82, not: 18}, "80%", after, goalpost.CannotTell, "goalsurvey.reason.wave", "goalsurvey.settle.answers.over", ""},
		{"on track while it runs", csatWave{kind: goalpost.SampleProbability, happy: 180, not: 20}, "80%", march + 30, goalpost.OnTrack, "goalsurvey.reason.wave", "goalsurvey.settle.answers", "goalsurvey.doubt.until-due"},
		{"at risk while it runs", csatWave{kind: goalpost.SampleProbability, asked: 1000, happy: 82, not: 18}, "80%", march + 30, goalpost.AtRisk, "goalsurvey.reason.wave", "goalsurvey.settle.ask", ""},
		{"in the field", csatWave{kind: goalpost.SampleProbability, happy: 180, not: 20}, "80%", march + 3, goalpost.OnTrack, "goalsurvey.reason.field", "goalsurvey.settle.answers", ""},
		{"self-selected", csatWave{kind: goalpost.SampleSelfSelected, happy: 180, not: 20}, "80%", after, goalpost.Reached, "goalsurvey.reason.wave", "", "goalsurvey.doubt.no-sample"},
		{"too uncertain", csatWave{kind: goalpost.SampleProbability, happy: 20, not: 1}, "50%", after, goalpost.CannotTell, "goalsurvey.reason.uncertain", "goalsurvey.settle.answers.over", ""},
		{"too few to show", csatWave{kind: goalpost.SampleProbability, happy: 3, not: 1}, "50%", after, goalpost.CannotTell, "goalsurvey.reason.few", "goalsurvey.settle.first.over", ""},
		{"nobody answered", csatWave{kind: goalpost.SampleProbability}, "50%", after, goalpost.NotMeasured, "goalsurvey.reason.no-answers", "goalsurvey.settle.first.over", ""},
		{"everybody answered", csatWave{kind: goalpost.SampleCensus, asked: 100, happy: 81, not: 19}, "80%", after, goalpost.Reached, "goalsurvey.reason.wave", "", ""},
		{"the whole list cannot settle it", csatWave{kind: goalpost.SampleList, asked: 200, happy: 83, not: 17}, "80%", after, goalpost.CannotTell, "goalsurvey.reason.wave", "goalsurvey.settle.whole", ""},
		{"on the target", csatWave{kind: goalpost.SampleProbability, happy: 80, not: 20}, "80%", after, goalpost.CannotTell, "goalsurvey.reason.wave", "goalsurvey.settle.too-close", ""},
		{"not started", csatWave{kind: goalpost.SampleProbability}, "80%", spring.Start - 2, goalpost.NotMeasured, "verdict.reason.not-started", "", ""},
	} {
		t.Run(c.name, func(t *testing.T) {
			db, org := open(t)
			c.wave.slug, c.wave.from, c.wave.until = "wave-a", march, march+14
			c.wave.ask(t, db, org, nil)
			csatGoal(t, db, org, assess.GoalInput{Target: c.target})
			v := verdictOn(t, db, org, c.asOf).Verdict
			if v.Decision != c.want || v.Reason.Key != c.reason || (c.settle != "" || c.want == goalpost.Reached || c.want == goalpost.Missed) && v.Settle.Key != c.settle {
				t.Fatalf("\ngot:  %s, %s, %s\nwant: %s, %s, %s", v.Decision, v.Reason.Key, v.Settle.Key, c.want, c.reason, c.settle)
			}
			if c.caution != "" && !has(v.Doubts, c.caution) {
				t.Errorf("no doubt %s in %v", c.caution, v.Doubts)
			}
			exact := c.wave.kind == goalpost.SampleCensus
			if v.Estimate != nil && v.Reason.Key == "goalsurvey.reason.wave" {
				if v.Estimate.N != c.wave.happy+c.wave.not || v.Method != assess.MethodShare || exact != (v.Estimate.Kind == infer.Exact) || exact != (v.Probability == nil) {
					t.Errorf("estimate %+v by %s", *v.Estimate, v.Method)
				}
				if share := float64(c.wave.happy) / float64(c.wave.happy+c.wave.not); math.Abs(v.Estimate.Value-share) > 1e-12 {
					t.Errorf("share %g, want %g", v.Estimate.Value, share)
				}
			}
			if p := v.Probability; p != nil && (*p < 0.001 || *p > 0.999) {
				t.Errorf("probability %g", *p)
			}
		})
	}
}

// The wave that decides is the last whose field ends in the period; the one before it is
// what it is compared with, and the baseline of a target that asks for a change.
func TestGoalWavesOfAStudy(t *testing.T) {
	db, org := open(t)
	day := func(m time.Month, d int) goalpost.Day { return goalpost.NewDay(2026, m, d) }
	for _, w := range []csatWave{
		{slug: "wave-a", from: day(time.January, 10), until: day(time.January, 20), happy: 100, not: 100},
		{slug: "wave-b", from: day(time.March, 10), until: day(time.March, 20), happy: 110, not: 90},
		{slug: "wave-c", from: day(time.May, 10), until: day(time.May, 20), happy: 140, not: 60},
		{slug: "wave-d", from: day(time.May, 25), until: day(time.June, 8), happy: 10, not: 90},
	} {
		w.kind, w.study = goalpost.SampleProbability, "csat-study"
		w.ask(t, db, org, nil)
	}
	g := csatGoal(t, db, org, assess.GoalInput{Target: "+20%", Survey: assess.GoalSurveyInput{Study: "csat-study", Question: "satisfied"}})
	if b := g.Current().Baseline; b == nil || *b != 0.5 {
		t.Fatalf("baseline %v, want that of January", b)
	}
	d := verdictOn(t, db, org, spring.End+20)
	if d.Verdict.Decision != goalpost.Reached || d.Verdict.Estimate.Value != 0.7 || *d.Verdict.Target != 0.6 {
		t.Errorf("%s, %+v, target %v", d.Verdict.Decision, d.Verdict.Estimate, *d.Verdict.Target)
	}
	if len(d.Waves) != 4 || !d.Waves[2].Counts || d.Waves[3].Counts {
		t.Errorf("waves %+v", d.Waves)
	}
	if !has(d.Verdict.Compared, "goalsurvey.compared.wave") || !has(d.Verdict.Compared, "goalsurvey.compared.change") {
		t.Errorf("compared with %v", d.Verdict.Compared)
	}
	if d := verdictOn(t, db, org, day(time.April, 1)); d.Verdict.Estimate.Value != 0.55 {
		t.Errorf("in April %+v", d.Verdict.Estimate)
	}
	rows := align(t, db, org, spring.End+20)
	if len(rows) != 1 || rows[0].Problem != assess.AlignOK {
		t.Errorf("alignment %+v: a goal that a survey measures is measured, a question that no goal needs is no fault", rows)
	}
}

func align(t *testing.T, db *store.DB, org goalpost.Organisation, asOf goalpost.Day) []assess.AlignmentRow {
	t.Helper()
	judged, err := assess.Goals(t.Context(), db, org, assess.GoalsOptions{AsOf: asOf, Now: asOf.Start(time.UTC)})
	if err != nil {
		t.Fatal(err)
	}
	rows, err := assess.Alignment(t.Context(), db, org, judged)
	if err != nil {
		t.Fatal(err)
	}
	return rows
}

// A question that is gone or asks something else by now measures nothing, and the verdict
// says which of both it is.
func TestGoalQuestionGone(t *testing.T) {
	march := goalpost.NewDay(2026, time.March, 10)
	for _, c := range []struct {
		reason string
		change func(f *goalpost.Form)
	}{
		{"goalsurvey.reason.question-gone", func(f *goalpost.Form) { f.Questions = f.Questions[1:] }},
		{"goalsurvey.reason.trend-broken", func(f *goalpost.Form) { f.Questions[0].Version, f.Questions[0].Wording = 2, inAll("Something else") }},
	} {
		db, org := open(t)
		w := csatWave{slug: "wave-a", from: march, until: march + 14, kind: goalpost.SampleProbability, happy: 90, not: 10}
		a := w.ask(t, db, org, nil)
		csatGoal(t, db, org, assess.GoalInput{Target: "80%"})
		form := csatForm()
		c.change(&form)
		changeSurvey(t, db, org.ID, a.Survey.ID, store.SurveyChange{Form: &form, At: march.Start(time.UTC)})
		v := verdictOn(t, db, org, spring.End).Verdict
		if v.Decision != goalpost.NotMeasured || v.Reason.Key != c.reason || v.Settle.Key != "goalsurvey.settle.choose" {
			t.Errorf("\ngot:  %s, %s, %s\nwant: %s", v.Decision, v.Reason.Key, v.Settle.Key, c.reason)
		}
	}
}

// Weights to the population change the number and, with it, the verdict.
func TestGoalWeighted(t *testing.T) {
	db, org := open(t)
	march := goalpost.NewDay(2026, time.March, 10)
	w := csatWave{slug: "wave-a", from: march, until: march + 14, kind: goalpost.SampleProbability, happy: 300, not: 100}
	a := w.ask(t, db, org, func(i int) string { // those who have seen us are happier, and answer more often
		seen, grade := "yes", 5
		if i%4 == 3 {
			seen = "no"
		}
		if seen == "no" && i%8 == 3 || seen == "yes" && i%10 == 0 {
			grade = 2
		}
		return fmt.Sprintf(`{"satisfied":{"number":%d},"seen":{"choices":["%s"]}}`, grade, seen)
	})
	csatGoal(t, db, org, assess.GoalInput{Target: "72%"})
	if v := verdictOn(t, db, org, spring.End).Verdict; v.Decision != goalpost.Reached || !has(v.Sources, "goalsurvey.source.unweighted") {
		t.Fatalf("unweighted: %s, %+v", v.Decision, v.Estimate)
	}
	p := goalpost.Population{Version: 1, MadeAt: march.Start(time.UTC), MadeBy: "Ada", Margins: []goalpost.PopulationMargin{{Question: "seen", QuestionVersion: 1,
		Groups: []goalpost.PopulationGroup{{Option: "yes", Size: 4000}, {Option: "no", Size: 6000}}}}}
	if err := db.AddPopulation(t.Context(), org.ID, a.Survey.ID, p); err != nil {
		t.Fatal(err)
	}
	v := verdictOn(t, db, org, spring.End).Verdict
	if v.Decision != goalpost.Missed || !has(v.Sources, "goalsurvey.source.weighted") || v.Estimate.Value > 0.75 {
		t.Errorf("weighted: %s, %+v, %v", v.Decision, v.Estimate, v.Sources)
	}
}

// Every statistic: NPS and lift in points, means as a part of the way, shares of options.
func TestGoalStatistics(t *testing.T) {
	db, org := open(t)
	march := goalpost.NewDay(2026, time.March, 10)
	w := csatWave{slug: "wave-a", from: march, until: march + 14, kind: goalpost.SampleProbability, happy: 400}
	w.ask(t, db, org, func(i int) string {
		nps := []int{10, 9, 8, 3}[i%4]
		know, seen := "yes", "yes"
		if i%2 == 1 {
			seen = "no"
		}
		if seen == "yes" && i%8 == 0 || seen == "no" && i%4 == 1 {
			know = "no"
		}
		return fmt.Sprintf(`{"satisfied":{"number":%d},"recommend":{"number":%d},"know":{"choices":["%s"]},"seen":{"choices":["%s"]}}`, 3+i%2, nps, know, seen)
	})
	for _, c := range []struct {
		kind, kpi, target string
		in                assess.GoalSurveyInput
		method            string
		want              float64
	}{
		{"retention", "nps", "10", assess.GoalSurveyInput{Question: "recommend"}, assess.MethodNPS, 25},
		{"reputation", "reputation_score", "50%", assess.GoalSurveyInput{Question: "satisfied", Statistic: "mean"}, assess.MethodMean, 0.625},
		{"product", "product_satisfaction", "40%", assess.GoalSurveyInput{Question: "satisfied"}, assess.MethodShare, 0.5},
		{"awareness", "aided_awareness", "50%", assess.GoalSurveyInput{Question: "know", Options: []string{"yes"}}, assess.MethodShare, 0.625},
		{"brand", "brand_lift", "5", assess.GoalSurveyInput{Question: "know", Options: []string{"yes"}, Exposed: "seen:yes", Control: "seen:no"}, assess.MethodLift, 25},
		{"brand", "brand_lift", "6", assess.GoalSurveyInput{Question: "know", Options: []string{"yes"}, Exposed: "channel:ig", Control: "channel:fb"}, assess.MethodLift, 25},
	} {
		c.in.Survey = "wave-a"
		csatGoal(t, db, org, assess.GoalInput{Kind: c.kind, KPI: c.kpi, Target: c.target, Survey: c.in})
		v := verdictOn(t, db, org, spring.End).Verdict
		if v.Method != c.method || v.Estimate == nil || math.Abs(v.Estimate.Value-c.want) > 1e-9 || v.Decision != goalpost.Reached {
			t.Errorf("%s: %s, %s, %+v, want %g", c.kpi, v.Decision, v.Method, v.Estimate, c.want)
		}
		if c.method == assess.MethodLift && !has(v.Doubts, "goalsurvey.doubt.groups") {
			t.Errorf("%s: nothing says that chance did not make the groups", c.kpi)
		}
		if v.Substitute != (c.kpi == "nps") { // retention is shown by who buys again
			t.Errorf("%s: substitute %v", c.kpi, v.Substitute)
		}
	}
}

func TestGoalSurveyRefused(t *testing.T) {
	db, org := open(t)
	march := goalpost.NewDay(2026, time.March, 10)
	csatWave{slug: "wave-a", from: march, until: march + 14, kind: goalpost.SampleProbability}.ask(t, db, org, nil)
	other, err := db.CreateOrganisation(t.Context(), goalpost.Organisation{Name: "Other", TimeZone: "UTC"})
	if err != nil {
		t.Fatal(err)
	}
	for _, c := range []struct {
		org goalpost.Organisation
		kpi string
		in  assess.GoalSurveyInput
		key string
	}{
		{org, "csat", assess.GoalSurveyInput{Survey: "wave-z", Question: "satisfied"}, "survey"},
		{other, "csat", assess.GoalSurveyInput{Survey: "wave-a", Question: "satisfied"}, "survey"},
		{other, "csat", assess.GoalSurveyInput{Survey: "1", Question: "satisfied"}, "survey"},
		{org, "csat", assess.GoalSurveyInput{Study: "none", Question: "satisfied"}, "study"},
		{org, "csat", assess.GoalSurveyInput{Survey: "wave-a", Study: "none", Question: "satisfied"}, "one-of"},
		{org, "csat", assess.GoalSurveyInput{Question: "satisfied"}, "survey-missing"},
		{org, "csat", assess.GoalSurveyInput{Survey: "wave-a"}, "question-missing"},
		{org, "csat", assess.GoalSurveyInput{Survey: "wave-a", Question: "nothing"}, "question"},
		{org, "csat", assess.GoalSurveyInput{Survey: "wave-a", Question: "recommend"}, "unsuited.csat"},
		{org, "csat", assess.GoalSurveyInput{Survey: "wave-a", Question: "satisfied", Statistic: "mean"}, "statistic"},
		{org, "nps", assess.GoalSurveyInput{Survey: "wave-a", Question: "satisfied"}, "unsuited.nps"},
		{org, "aided_awareness", assess.GoalSurveyInput{Survey: "wave-a", Question: "satisfied"}, "unsuited.options"},
		{org, "aided_awareness", assess.GoalSurveyInput{Survey: "wave-a", Question: "know"}, "option-missing"},
		{org, "aided_awareness", assess.GoalSurveyInput{Survey: "wave-a", Question: "know", Options: []string{"perhaps"}}, "option"},
		{org, "brand_lift", assess.GoalSurveyInput{Survey: "wave-a", Question: "know", Options: []string{"yes"}}, "exposed-missing"},
		{org, "brand_lift", assess.GoalSurveyInput{Survey: "wave-a", Question: "know", Options: []string{"yes"}, Exposed: "seen:yes"}, "control-missing"},
		{org, "brand_lift", assess.GoalSurveyInput{Survey: "wave-a", Question: "know", Options: []string{"yes"}, Exposed: "seen:yes", Control: "seen:yes"}, "same-group"},
		{org, "brand_lift", assess.GoalSurveyInput{Survey: "wave-a", Question: "know", Options: []string{"yes"}, Exposed: "seen:yes", Control: "channel:tv"}, "group"},
	} {
		_, err := assess.AddGoal(t.Context(), db, c.org, assess.GoalInput{Kind: "other", KPI: c.kpi, Survey: c.in, By: "Ada", Now: march.Start(time.UTC)})
		if got := strings.TrimPrefix(keyOf(err), "error.goalsurvey."); got != c.key {
			t.Errorf("%s of %+v\ngot:  %v\nwant: %s", c.kpi, c.in, err, c.key)
		}
	}
	_, err = assess.AddGoal(t.Context(), db, org, assess.GoalInput{Kind: "support", KPI: "csat", Target: "+10%", From: "2026-03-01", Until: "2026-05-31", By: "Ada", Now: march.Start(time.UTC),
		Survey: assess.GoalSurveyInput{Survey: "wave-a", Question: "satisfied"}})
	if keyOf(err) != "error.goalsurvey.baseline" {
		t.Errorf("a change without a wave before it: %v", err)
	}
}
