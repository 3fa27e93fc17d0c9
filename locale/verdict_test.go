package locale

import (
	"flag"
	"fmt"
	"os"
	"slices"
	"strings"
	"testing"

	"goalpost"
	"goalpost/infer"
)

var update = flag.Bool("update", false, "rewrite testdata/verdict.golden; review the diff")

// verdictCase is one verdict as assess makes them.
type verdictCase struct {
	title    string
	name     map[Language]string
	v        goalpost.Verdict
	unit     goalpost.Unit
	currency string
}

func ptr[T any](v T) *T { return &v }

var (
	asOf    = goalpost.NewDay(2026, 8, 24)
	due     = goalpost.NewDay(2026, 12, 31)
	dueGone = goalpost.NewDay(2026, 6, 30)
)

func named(code string) map[Language]string {
	return map[Language]string{English: New(English, "").T("goal." + code), German: New(German, "").T("goal." + code)}
}

// exactly is a value that can no longer change.
func exactly(d goalpost.Decision, kpi string, value, target float64, reason goalpost.Note) goalpost.Verdict {
	e := infer.Counted(value, 12)
	return goalpost.Verdict{KPI: kpi, Decision: d, Estimate: &e, SoFar: &value, Target: &target, Due: &dueGone, AsOf: asOf, Reason: reason}
}

// expected is a running goal with a forecast.
func expected(d goalpost.Decision, kpi string, probability, value, lo, hi, target float64) goalpost.Verdict {
	return goalpost.Verdict{KPI: kpi, Decision: d, Probability: &probability, SoFar: ptr(value * 0.6), Target: &target, Due: &due, AsOf: asOf,
		Estimate: &infer.Estimate{Value: value, Lo: lo, Hi: hi, Level: 0.8, Kind: infer.Prediction, N: 200},
		Reason:   goalpost.NewNote("verdict.reason.forecast", goalpost.NumberArg(130), goalpost.DayArg(asOf-1)),
		Settle:   goalpost.NewNote("verdict.settle.due", goalpost.DayArg(due)),
		Doubts:   []goalpost.Note{goalpost.NewNote("verdict.doubt.long-horizon"), goalpost.NewNote("verdict.doubt.planned")}}
}

// unknown is a goal that nothing can be said about.
func unknown(d goalpost.Decision, kpi string, reason, settle goalpost.Note) goalpost.Verdict {
	return goalpost.Verdict{KPI: kpi, Decision: d, Target: ptr(100.0), Due: &due, AsOf: asOf, Reason: reason, Settle: settle}
}

func with(v goalpost.Verdict, change func(*goalpost.Verdict)) goalpost.Verdict {
	change(&v)
	return v
}

func standsInFor(better string) func(*goalpost.Verdict) {
	return func(v *goalpost.Verdict) {
		v.Substitute, v.BetterKPI = true, better
		v.Doubts = append(v.Doubts, goalpost.NewNote("verdict.doubt.substitute", goalpost.WordArg("kpi."+v.KPI), goalpost.WordArg("kpi."+better)))
	}
}

func soFarOnly(v *goalpost.Verdict) {
	e := infer.Counted(*v.SoFar, 40)
	v.Probability, v.Estimate, v.Due = nil, &e, &due
	v.Reason = goalpost.NewNote("verdict.reason.rate-so-far", goalpost.TextArg("…"))
	v.Settle = goalpost.NewNote("verdict.settle.due", goalpost.DayArg(due))
}

func verdictCases() []verdictCase {
	day, number, money, word, note := goalpost.DayArg, goalpost.NumberArg, goalpost.MoneyArg, goalpost.WordArg, goalpost.NewNote
	count := goalpost.UnitCount
	list := []verdictCase{
		{"reached, counted", named("leads"), exactly(goalpost.Reached, "leads", 120, 100, note("verdict.reason.period-over", number(120))), count, ""},
		{"missed, counted", named("leads"), exactly(goalpost.Missed, "leads", 88, 100, note("verdict.reason.period-over", number(88))), count, ""},
		{"reached, the rest can only add to it", named("leads"), exactly(goalpost.Reached, "leads", 120, 100, note("verdict.reason.target-passed", number(120))), count, ""},
		{"missed, an upper bound is passed", named("cost"), with(exactly(goalpost.Missed, "spend", 12400.5, 12000, note("verdict.reason.target-passed", money(12400.5, "EUR"))),
			func(v *goalpost.Verdict) { v.AtMost = true }), goalpost.UnitMoney, "EUR"},
		{"on track", named("leads"), with(expected(goalpost.OnTrack, "leads", 0.86, 319, 184, 457, 200), func(v *goalpost.Verdict) {
			v.Compared = []goalpost.Note{note("verdict.compared.baseline", number(150)), note("verdict.compared.before", number(170), day(dueGone-364), day(dueGone)), note("verdict.compared.pace", number(0.61), number(1.24))}
			v.Sources = []goalpost.Note{note("verdict.source.series", word("metric.leads"), goalpost.TextArg(""), word("network."))}
		}), count, ""},
		{"on track, next to certain", named("reach"), expected(goalpost.OnTrack, "impressions", 0.97, 152950, 127220, 184590, 100000), count, ""},
		{"at risk, open", named("leads"), expected(goalpost.AtRisk, "leads", 0.55, 319, 184, 457, 310), count, ""},
		{"at risk, unlikely", named("leads"), expected(goalpost.AtRisk, "leads", 0.12, 319, 184, 457, 450), count, ""},
		{"at risk, will be missed", named("leads"), expected(goalpost.AtRisk, "leads", 0.03, 319, 184, 457, 900), count, ""},
		{"on track, rate so far", named("engagement"), with(exactly(goalpost.OnTrack, "engagement_rate_by_reach", 0.0312, 0.025, goalpost.Note{}), soFarOnly), goalpost.UnitRate, ""},
		{"at risk, rate so far", named("engagement"), with(exactly(goalpost.AtRisk, "engagement_rate_by_reach", 0.0212, 0.025, goalpost.Note{}), soFarOnly), goalpost.UnitRate, ""},
		{"cannot tell, too little history", named("leads"), with(unknown(goalpost.CannotTell, "leads", note("verdict.reason.too-few-weeks", number(14), number(28), day(asOf+14)),
			note("verdict.settle.more-history", day(asOf+14))), func(v *goalpost.Verdict) { v.SoFar = ptr(41.0) }), count, ""},
		{"cannot tell, days are missing", named("leads"), with(unknown(goalpost.CannotTell, "leads", note("verdict.reason.missing-days", number(1), number(90)),
			note("verdict.settle.import", word("kpi.leads"), day(dueGone-3))), func(v *goalpost.Verdict) { v.SoFar, v.Due = ptr(88.0), &dueGone }), count, ""},
		{"not measured, no data", named("leads"), unknown(goalpost.NotMeasured, "leads", note("verdict.reason.no-data", word("kpi.leads")), note("verdict.settle.import", word("kpi.leads"), day(asOf-90))), count, ""},
		{"not measured, survey", named("awareness"), unknown(goalpost.NotMeasured, "aided_awareness", note("verdict.reason.needs-survey", word("kpi.aided_awareness")), note("verdict.settle.survey")), goalpost.UnitRate, ""},
		{"not measured, wish", named("support"), goalpost.Verdict{Decision: goalpost.NotMeasured, AsOf: asOf, Reason: note("verdict.reason.no-kpi"), Settle: note("verdict.settle.set-kpi", word("kpi."))}, "", ""},
		{"imported series, own name", map[Language]string{English: "Tins", German: "Dosen"}, expected(goalpost.OnTrack, "tins_sold", 0.9, 40.2, 39, 41.5, 30), count, ""},
		{"followers, level", named("reach"), with(expected(goalpost.AtRisk, "followers", 0.4, 12345, 12100, 12600, 12500), standsInFor("reach")), goalpost.UnitPeople, ""},
	}
	return append(append(list, substituteCases()...), doubtCases()...)
}

// doubtCases are goals that lack something, have not begun, or must not be read without
// a doubt.
func doubtCases() []verdictCase {
	day, number, word, note, text := goalpost.DayArg, goalpost.NumberArg, goalpost.WordArg, goalpost.NewNote, goalpost.TextArg
	reached := exactly(goalpost.Reached, "engagements", 120, 100, note("verdict.reason.period-over", number(120)))
	doubted := func(d ...goalpost.Note) goalpost.Verdict {
		return with(reached, func(v *goalpost.Verdict) { v.Doubts = append(v.Doubts, d...) })
	}
	twice := []goalpost.Arg{text("Harbour"), text("harbour.official"), word("network.facebook")}
	count := goalpost.UnitCount
	return []verdictCase{
		{"incomplete", named("engagement"), unknown(goalpost.NotMeasured, "engagements", note("verdict.reason.no-target-period"), note("verdict.settle.complete", word("kpi."))), count, ""},
		{"only a wish", named("brand"), goalpost.Verdict{Decision: goalpost.NotMeasured, AsOf: asOf, Reason: note("verdict.reason.no-kpi-target-period"), Settle: note("verdict.settle.complete", word("kpi.brand_lift"))}, "", ""},
		{"no KPI, a usual one", named("brand"), goalpost.Verdict{Decision: goalpost.NotMeasured, AsOf: asOf, Reason: note("verdict.reason.no-kpi"), Settle: note("verdict.settle.set-kpi", word("kpi.brand_lift"))}, "", ""},
		{"not started", named("launch"), unknown(goalpost.NotMeasured, "revenue", note("verdict.reason.not-started", day(asOf+9)), note("verdict.settle.due", day(due))), goalpost.UnitMoney, "EUR"},
		{"reached, maybe counted twice", named("engagement"), doubted(note("verdict.doubt.maybe-twice", twice...)), count, ""},
		{"cannot tell, maybe counted twice", named("engagement"), with(unknown(goalpost.CannotTell, "engagements", note("verdict.reason.maybe-twice", twice...), note("verdict.settle.one-profile")), func(v *goalpost.Verdict) {
			v.SoFar, v.Doubts = ptr(120.0), []goalpost.Note{note("verdict.doubt.maybe-twice", twice...)}
		}), count, ""},
		{"only zeros", named("leads"), with(expected(goalpost.AtRisk, "leads", 0.03, 319, 184, 457, 900), func(v *goalpost.Verdict) {
			v.Doubts = append(v.Doubts, note("verdict.doubt.only-zeros", day(asOf-24), number(100)))
		}), count, ""},
		{"moved, and looked back before it was set", named("engagement"), doubted(note("verdict.doubt.target-moved", number(2), day(asOf-9), number(140)), note("verdict.doubt.not-then")), count, ""},
		{"passed with days missing", named("leads"), exactly(goalpost.Reached, "leads", 120, 100, note("verdict.reason.target-passed-missing", number(90), number(7), number(90), number(120))), count, ""},
	}
}

func substituteCases() []verdictCase {
	number, note := goalpost.NumberArg, goalpost.NewNote
	over := note("verdict.reason.period-over", goalpost.TextArg("…"))
	count := goalpost.UnitCount
	clicks, sales := standsInFor("sessions_social"), standsInFor("incremental_revenue")
	return []verdictCase{
		{"substitute reached", named("traffic"), with(exactly(goalpost.Reached, "clicks", 1234, 1000, over), clicks), count, ""},
		{"substitute missed", named("traffic"), with(exactly(goalpost.Missed, "clicks", 1234, 2000, over), clicks), count, ""},
		{"substitute on track", named("traffic"), with(expected(goalpost.OnTrack, "clicks", 0.83, 1520, 1230, 1870, 1300), clicks), count, ""},
		{"substitute unlikely", named("traffic"), with(expected(goalpost.AtRisk, "clicks", 0.08, 1520, 1230, 1870, 2300), clicks), count, ""},
		{"substitute will be missed", named("traffic"), with(expected(goalpost.AtRisk, "clicks", 0.03, 1520, 1230, 1870, 9300), clicks), count, ""},
		{"substitute cannot tell", named("traffic"), with(unknown(goalpost.CannotTell, "clicks", note("verdict.reason.no-scale"), goalpost.Note{}), clicks), count, ""},
		{"substitute cannot tell, over", named("traffic"), with(unknown(goalpost.CannotTell, "clicks", note("verdict.reason.missing-days", number(3), number(90)), goalpost.Note{}),
			func(v *goalpost.Verdict) { clicks(v); v.Due = &dueGone }), count, ""},
		{"substitute rate so far", named("traffic"), with(with(exactly(goalpost.OnTrack, "click_through_rate", 0.0312, 0.025, goalpost.Note{}), soFarOnly), clicks), goalpost.UnitRate, ""},
		{"substitute rate at risk so far", named("traffic"), with(with(exactly(goalpost.AtRisk, "click_through_rate", 0.0212, 0.025, goalpost.Note{}), soFarOnly), clicks), goalpost.UnitRate, ""},
		{"substitute not measured", named("traffic"), with(unknown(goalpost.NotMeasured, "clicks", note("verdict.reason.no-data", goalpost.WordArg("kpi.clicks")), goalpost.Note{}), clicks), count, ""},
		{"sales reached on revenue", named("sales"), with(exactly(goalpost.Reached, "revenue", 50210.4, 50000, over), sales), goalpost.UnitMoney, "EUR"},
		{"sales missed on revenue", named("sales"), with(exactly(goalpost.Missed, "revenue", 49210.4, 50000, over), sales), goalpost.UnitMoney, "EUR"},
		{"sales on track on orders", named("sales"), with(expected(goalpost.OnTrack, "orders", 0.81, 520, 470, 580, 480), sales), count, ""},
		{"sales at risk on revenue", named("sales"), with(expected(goalpost.AtRisk, "revenue", 0.41, 50210.4, 44100, 55900, 52000), sales), goalpost.UnitMoney, "EUR"},
		{"sales unlikely on revenue", named("sales"), with(expected(goalpost.AtRisk, "revenue", 0.11, 50210.4, 44100, 55900, 59000), sales), goalpost.UnitMoney, "EUR"},
		{"sales will be missed on revenue", named("sales"), with(expected(goalpost.AtRisk, "revenue", 0.03, 50210.4, 44100, 55900, 99000), sales), goalpost.UnitMoney, "EUR"},
		{"sales on track so far", named("sales"), with(with(exactly(goalpost.OnTrack, "orders", 52, 48, goalpost.Note{}), soFarOnly), sales), count, ""},
		{"sales at risk so far", named("sales"), with(with(exactly(goalpost.AtRisk, "orders", 42, 48, goalpost.Note{}), soFarOnly), sales), count, ""},
		{"sales on clicks", named("sales"), with(exactly(goalpost.Reached, "clicks", 1234, 1000, over), sales), count, ""},
		{"missed by a hair, money", named("sales"), with(exactly(goalpost.Missed, "revenue", 49999.7, 50000, goalpost.NewNote("verdict.reason.period-over", goalpost.MoneyArg(49999.7, "EUR"))), sales), goalpost.UnitMoney, "EUR"},
		{"missed by a hair, rate", named("engagement"), exactly(goalpost.Missed, "engagement_rate_by_reach", 0.024999, 0.025, goalpost.NewNote("verdict.reason.period-over", goalpost.RateArg(0.024999))), goalpost.UnitRate, ""},
		{"sales cannot tell", named("sales"), with(unknown(goalpost.CannotTell, "revenue", note("verdict.reason.mixed-currency", goalpost.TextArg("CHF, EUR")), goalpost.Note{}), sales), goalpost.UnitMoney, "EUR"},
		{"sales cannot tell, over", named("sales"), with(unknown(goalpost.CannotTell, "orders", note("verdict.reason.missing-days", number(3), number(90)), goalpost.Note{}),
			func(v *goalpost.Verdict) { sales(v); v.Due = &dueGone }), count, ""},
	}
}

func (t VerdictText) lines() string {
	var b strings.Builder
	line := func(label, text string) {
		if text != "" {
			fmt.Fprintf(&b, "  %-9s %s\n", label, strings.ReplaceAll(text, "\u00a0", "~"))
		}
	}
	line("word", t.Word)
	line("sentence", t.Sentence)
	line("remark", t.Remark)
	for _, s := range t.First {
		line("first", s)
	}
	line("range", t.Range)
	line("badge", Dots(t.BadgeDots)+" "+t.Badge)
	line("chance", t.Chance)
	line("reason", t.Reason)
	for _, s := range t.Compared {
		line("compared", s)
	}
	line("settle", t.Settle)
	line("moved", t.Moved)
	for _, s := range t.Doubts {
		line("doubt", s)
	}
	for _, s := range t.Sources {
		line("source", s)
	}
	return b.String()
}

// The golden file shows "~" for a space that does not break.
func TestVerdictGolden(t *testing.T) {
	const file = "testdata/verdict.golden"
	var b strings.Builder
	for _, c := range verdictCases() {
		fmt.Fprintf(&b, "== %s\n", c.title)
		for _, lang := range Languages() {
			p := New(lang, "")
			p.Missing = func(key string) { t.Errorf("%s %s: no text for %s", lang, c.title, key) }
			fmt.Fprintf(&b, "%s\n%s", lang, p.Verdict(c.v, c.name[lang], c.unit, c.currency).lines())
		}
	}
	if *update {
		if err := os.WriteFile(file, []byte(b.String()), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	got, wanted := strings.Split(b.String(), "\n"), strings.Split(string(want), "\n")
	for i := range max(len(got), len(wanted)) {
		var g, w string
		if i < len(got) {
			g = got[i]
		}
		if i < len(wanted) {
			w = wanted[i]
		}
		if g != w {
			t.Fatalf("%s:%d\ngot:  %s\nwant: %s", file, i+1, g, w)
		}
	}
}

// Every outcome of the catalogue is one that a verdict can have.
func TestEveryOutcomeIsUsed(t *testing.T) {
	used := map[string]bool{}
	for _, c := range verdictCases() {
		used[verdictFacts{v: c.v}.outcome()] = true
	}
	for _, key := range Keys(English) {
		if strings.HasPrefix(key, "verdict.outcome.") && !used[key] {
			t.Errorf("no case of verdictCases has %s", key)
		}
	}
}

// Whatever a verdict holds, it gets a sentence, and what must not be said is not said.
func TestVerdictNeverClaims(t *testing.T) {
	forbidden := map[Language][]string{
		English: {"significant", "p-value", "proved", " 0%", "100%", "NaN", "Inf"},
		German:  {"signifik" + "ant", "bewiesen", " 0\u00a0%", "100\u00a0%", "NaN", "Inf"},
	}
	claims := map[Language]string{English: "goal reached", German: "Ziel erreicht"}
	decisions := []goalpost.Decision{goalpost.Reached, goalpost.OnTrack, goalpost.AtRisk, goalpost.Missed, goalpost.CannotTell, goalpost.NotMeasured}
	probabilities := []*float64{nil, ptr(0.0), ptr(0.03), ptr(0.1), ptr(0.5), ptr(0.97), ptr(1.0)}
	estimates := []*infer.Estimate{nil, {Value: 5, Lo: 5, Hi: 5, Level: 1, Kind: infer.Exact}, {Value: 319, Lo: 184, Hi: 457, Level: 0.8, Kind: infer.Prediction}}
	for _, lang := range Languages() {
		p := New(lang, "")
		p.Missing = func(key string) { t.Errorf("%s: no text for %s", lang, key) }
		for _, d := range decisions {
			for _, probability := range probabilities {
				for _, e := range estimates {
					for _, better := range []string{"", "sessions_social", "incremental_revenue"} {
						for _, soFar := range []*float64{nil, ptr(3.0)} {
							v := goalpost.Verdict{KPI: "clicks", Decision: d, Probability: probability, Estimate: e, SoFar: soFar, Target: ptr(4.0), Due: &due, AsOf: asOf, Substitute: better != "", BetterKPI: better}
							text := p.Verdict(v, "X", goalpost.UnitCount, "")
							whole := text.lines()
							for _, word := range forbidden[lang] {
								if strings.Contains(whole, word) {
									t.Errorf("%s says %q:\n%s", lang, word, whole)
								}
							}
							if text.Sentence == "" || text.Badge == "" || text.Word == "" {
								t.Errorf("%s: nothing is said of %+v", lang, v)
							}
							if better != "" && d != goalpost.NotMeasured && text.Remark == "" {
								t.Errorf("%s: nothing says that it is a substitute: %s", lang, text.Sentence)
							}
							if better != "" && (strings.Contains(text.Sentence, claims[lang]) || text.Word == p.T("decision.reached")) {
								t.Errorf("%s: a substitute is taken for the goal: %s: %s", lang, text.Word, text.Sentence)
							}
						}
					}
				}
			}
		}
	}
}

// Published rule: the sentences that the design prints word by word.
func TestFixedSentences(t *testing.T) {
	p := New(English, "")
	find := func(title string) VerdictText {
		list := verdictCases()
		c := list[slices.IndexFunc(list, func(c verdictCase) bool { return c.title == title })]
		return p.Verdict(c.v, c.name[English], c.unit, c.currency)
	}
	tests := []struct{ title, got, want string }{
		{"substitute reached", find("substitute reached").Sentence, "1,234 in the end, target at least 1,000: target reached."},
		{"substitute reached", find("substitute reached").Remark, "whether the goal itself is reached is not measured. “Visits from social media” would show it."},
		{"sales reached on revenue", find("sales reached on revenue").Sentence, "target reached."},
		{"sales reached on revenue", find("sales reached on revenue").Remark, "Whether social media caused it is not measured."},
		{"on track", find("on track").Range, "It could be as few as 180 or as many as 460 (80% interval)."},
		{"cannot tell", find("cannot tell, too little history").Reason, "14 of 28 days collected"},
		{"cannot tell", find("cannot tell, too little history").Badge, "Not enough evidence"},
		{"not measured", find("not measured, no data").Badge, "Not measured"},
	}
	for _, test := range tests {
		if !strings.Contains(test.got, test.want) {
			t.Errorf("%s\ngot:  %s\nwant: %s", test.title, test.got, test.want)
		}
	}
}

func TestDots(t *testing.T) {
	for n, want := range map[int]string{-1: "○○○", 0: "○○○", 1: "●○○", 2: "●●○", 3: "●●●", 9: "●●●"} {
		same(t, "dots", Dots(n), want)
	}
	tests := []struct {
		v    goalpost.Verdict
		want int
	}{
		{goalpost.Verdict{Decision: goalpost.OnTrack, Probability: ptr(0.95)}, 3},
		{goalpost.Verdict{Decision: goalpost.OnTrack, Probability: ptr(0.94)}, 2},
		{goalpost.Verdict{Decision: goalpost.OnTrack, Probability: ptr(0.8)}, 2},
		{goalpost.Verdict{Decision: goalpost.OnTrack, Probability: ptr(0.77)}, 1},
		{goalpost.Verdict{Decision: goalpost.AtRisk, Probability: ptr(0.2)}, 2},
		{goalpost.Verdict{Decision: goalpost.AtRisk, Probability: ptr(0.05)}, 3},
		{goalpost.Verdict{Decision: goalpost.AtRisk}, 1},
		{goalpost.Verdict{Decision: goalpost.Reached}, 3},
		{goalpost.Verdict{Decision: goalpost.CannotTell}, 1},
		{goalpost.Verdict{Decision: goalpost.NotMeasured}, 0},
	}
	for _, test := range tests {
		if got := (verdictFacts{v: test.v}).dots(); got != test.want {
			t.Errorf("%+v\ngot:  %d\nwant: %d", test.v, got, test.want)
		}
	}
}
