package assess_test

import (
	"fmt"
	"math"
	"reflect"
	"slices"
	"strings"
	"testing"
	"time"

	"goalpost"
	"goalpost/assess"
	"goalpost/store"
	"goalpost/survey"
)

// wishes asks one question of each kind that has shares.
func wishes(s *goalpost.Survey) {
	item := func(code string, role goalpost.ItemRole) goalpost.Item {
		return goalpost.Item{Code: code, Role: role, Label: goalpost.Text{"en": strings.ToUpper(code[:1]) + code[1:]}}
	}
	ask := func(code string, of goalpost.QuestionType, options ...goalpost.Item) goalpost.SurveyQuestion {
		return goalpost.SurveyQuestion{Question: goalpost.Question{Code: code, Type: of, Wording: goalpost.Text{"en": code + "?"}, Options: options}}
	}
	tone := ask("tone", goalpost.ScaleQuestion, item("dk", goalpost.RoleDontKnow))
	tone.Scale = &goalpost.Scale{Low: 1, High: 5}
	s.Form.Questions = []goalpost.SurveyQuestion{
		ask("why", goalpost.SingleChoice, item("offers", ""), item("news", ""), item("help", "")),
		ask("wants", goalpost.MultipleChoice, item("shoes", ""), item("hats", ""), item("none", goalpost.RoleNone)),
		tone,
		ask("nps", goalpost.NPSQuestion),
		ask("pairs", goalpost.NumberQuestion),
		ask("order", goalpost.RankingQuestion, item("price", ""), item("look", ""), item("speed", "")),
		ask("more", goalpost.TextQuestion),
	}
}

// answerAll sends what each respondent answers, from respondent from on.
func answerAll(t *testing.T, db *store.DB, a *assess.AskedSurvey, from, n int, body func(i int) string) {
	t.Helper()
	for i := range n {
		in := sentBy(a, from+i, body(i), true)
		in.Page = a.SignPage(assess.SignedPage{Version: a.Survey.FormVersion, Channel: "ig", Campaign: "spring", At: fieldDay.Add(-time.Duration(from+i+1) * 30 * time.Second)})
		send(t, db, a, in)
	}
}

func shares(t *testing.T, db *store.DB, a *assess.AskedSurvey, f assess.ShareFilter) assess.SurveyShares {
	t.Helper()
	x, err := a.Shares(t.Context(), db, f)
	if err != nil {
		t.Fatal(err)
	}
	return x
}

func optionShare(t *testing.T, q assess.QuestionShares, key string) assess.OptionShare {
	t.Helper()
	for _, o := range slices.Concat(q.Options, q.Parts) {
		if o.Key == key {
			return o
		}
	}
	t.Fatalf("%s has no %s", q.Question.Code, key)
	return assess.OptionShare{}
}

// Every number is that of package survey on columns that are written here by hand.
func TestSharesAreThoseOfTheDesign(t *testing.T) {
	db, a := askedSurvey(t, wishes)
	const n = 60
	body := func(i int) string {
		tone := fmt.Sprintf(`"tone":{"number":%d},`, 1+i%5)
		if i < 6 {
			tone = `"tone":{"choices":["dk"]},`
		}
		if i >= 6 && i < 26 {
			tone = ""
		}
		return fmt.Sprintf(`{"why":{"choices":["%s"]},"wants":{"choices":[%s]},%s"nps":{"number":%d},"pairs":{"number":%d},"order":{"choices":[%s]}}`,
			[]string{"offers", "offers", "news"}[i%3], []string{`"shoes"`, `"shoes","hats"`, `"none"`}[i%3], tone, i%11, i*i%37, []string{`"price","look"`, `"look","price","speed"`}[i%2])
	}
	answerAll(t, db, a, 1, n, body)
	x := shares(t, db, a, assess.ShareFilter{})
	d, err := survey.NewDesign(survey.Spec{N: n})
	if err != nil {
		t.Fatal(err)
	}
	column := func(value func(i int) float64) []float64 {
		y := make([]float64, n)
		for i := range y {
			y[i] = value(i)
		}
		return y
	}
	is := func(b bool) float64 {
		if b {
			return 1
		}
		return 0
	}
	tone := column(func(i int) float64 {
		if i < 26 {
			return math.NaN()
		}
		return float64(1 + i%5)
	})
	nps := column(func(i int) float64 { return float64(i % 11) })
	for _, c := range []struct {
		question int
		key      string
		y        []float64
		count    int
	}{
		{0, "offers", column(func(i int) float64 { return is(i%3 < 2) }), 40},
		{0, "help", column(func(int) float64 { return 0 }), 0},
		{1, "hats", column(func(i int) float64 { return is(i%3 == 1) }), 20},
		{1, "none", column(func(i int) float64 { return is(i%3 == 2) }), 20},
		{2, "5", column(func(i int) float64 { return tone[i]*0 + is(tone[i] == 5) }), 7},
		{2, "top", column(func(i int) float64 { return tone[i]*0 + is(tone[i] >= 4) }), 14},
		{3, "promoters", column(func(i int) float64 { return is(i%11 > 8) }), 10},
		{5, "look", column(func(i int) float64 { return is(i%2 == 1) }), 30},
	} {
		want, err := d.Share(c.y, nil, survey.ShareOptions{Level: 0.95, Cap: true})
		if err != nil {
			t.Fatal(err)
		}
		got := optionShare(t, x.Questions[c.question], c.key)
		if got.Count != c.count || fmt.Sprint(got.Share) != fmt.Sprint(want) || got.Uncertain != want.TooUncertain() {
			t.Errorf("%s\ngot:  %d %+v\nwant: %d %+v", c.key, got.Count, got.Share, c.count, want)
		}
	}
	score, err := d.NPSInterval(nps, nil, 0.95)
	if err != nil || x.Questions[3].NPS == nil || *x.Questions[3].NPS != score {
		t.Errorf("NPS\ngot:  %+v\nwant: %+v %v", x.Questions[3].NPS, score, err)
	}
	if m := optionShare(t, x.Questions[1], "shoes").Mentions; m == nil || math.Abs(m.Value-40.0/60) > 1e-12 {
		t.Errorf("40 of 60 mentions: %+v", m)
	}
	if r := optionShare(t, x.Questions[5], "price").Rank; r == nil || r.Value != 1.5 {
		t.Errorf("price is first or second: %+v", r)
	}
	if want := (assess.ItemResponse{Asked: 60, Answered: 34, DontKnow: 6, Skipped: 20, Rate: 34.0 / 60}); math.Abs(x.Questions[2].Reply.Rate-want.Rate) > 1e-12 {
		t.Errorf("response: %+v", x.Questions[2].Reply)
	} else if got := x.Questions[2].Reply; got.Asked != want.Asked || got.Answered != want.Answered || got.DontKnow != want.DontKnow || got.Skipped != want.Skipped {
		t.Errorf("response: %+v", got)
	}
	top := optionShare(t, x.Questions[2], "top")
	if math.Abs(top.Lowest-14.0/60) > 1e-12 || math.Abs(top.Highest-(14+26)/60.0) > 1e-12 {
		t.Errorf("14 to 40 of 60, whatever the 26 would have said: %g %g", top.Lowest, top.Highest)
	}
	if got := x.Questions[0].Options[0].Key; got != "offers" || len(x.Questions[0].Tied) != 0 {
		t.Errorf("40 of 60 lead: %s %v", got, x.Questions[0].Tied)
	}
	if q := x.Questions[5]; !slices.Equal(q.Tied, []string{"look"}) {
		t.Errorf("30 and 30 cannot be told apart: %v", q.Tied)
	}
}

// A group is only shown alone where nobody can work out from other groups what fewer than
// five people answered.
func TestFiltersDoNotTellPeopleApart(t *testing.T) {
	db, a := askedSurvey(t, func(s *goalpost.Survey) {
		wishes(s)
		s.Form.Languages = []string{"en", "de"}
	})
	n := 0
	group := func(count int, channel, language string, device goalpost.DeviceClass, why string) {
		for range count {
			n++
			in := sentBy(a, n, `{"why":{"choices":["`+why+`"]},"wants":{"choices":["shoes"]}}`, true)
			in.Page, in.Language, in.Device = a.SignPage(assess.SignedPage{Version: 1, Channel: channel, At: fieldDay.Add(-time.Duration(n) * time.Minute)}), language, device
			send(t, db, a, in)
		}
	}
	group(20, "ig", "de", goalpost.DevicePhone, "offers")
	group(12, "ig", "en", goalpost.DeviceDesk, "news")
	group(3, "", "en", goalpost.DeviceDesk, "news")  // the desks are those who read English
	group(2, "", "de", goalpost.DevicePhone, "help") // and all but five came by Instagram
	x := shares(t, db, a, assess.ShareFilter{})
	got := map[string]string{}
	for _, f := range x.Filters {
		got[f.Filter.String()] = fmt.Sprint(f.N, f.Allowed)
	}
	want := map[string]string{
		"channel:ig": "32 true", "channel:": "5 true", // five and five
		"language:de": "22 true", "language:en": "15 true",
		"device:phone": "22 true", "device:desk": "15 true", // the same people as by language: nothing new
		"answer:why:offers": "20 false", // German without two
		"answer:why:news":   "15 true", "answer:why:help": "2 false",
		"clean": "37 true",
	}
	if !reflect.DeepEqual(got, want) {
		t.Errorf("\ngot:  %v\nwant: %v", got, want)
	}
	for _, f := range []string{"answer:why:offers", "answer:why:help", "channel:nowhere", "nonsense", "answer:why"} {
		if _, err := a.Shares(t.Context(), db, assess.ParseShareFilter(f)); !goalpost.IsKind(err, goalpost.Invalid) {
			t.Errorf("%s is shown: %v", f, err)
		}
	}
	ig := shares(t, db, a, assess.ParseShareFilter("channel:ig"))
	if ig.N != 32 || ig.All != 37 {
		t.Errorf("%d of %d", ig.N, ig.All)
	}
	// Two of the others said "help" and three "news": from the shares of all they would follow.
	if help := optionShare(t, ig.Questions[0], "help"); !help.Hidden {
		t.Errorf("nobody of Instagram said help, so the two of all are the others: %+v", help)
	}
	hidden := 0
	for _, o := range ig.Questions[0].Options {
		if o.Hidden {
			hidden++
		}
	}
	if hidden < 2 {
		t.Errorf("one hidden answer follows from the others")
	}
}

// Groups of a crosstab: letters and test are those of package survey, small groups come
// together, and cells of one or two people are hidden.
func TestCrossedShares(t *testing.T) {
	db, a := askedSurvey(t, wishes)
	answerAll(t, db, a, 1, 90, func(i int) string {
		why := []string{"offers", "news"}[i%2]
		if i >= 87 {
			why = "help"
		}
		wants := `"hats"`
		if i%2 == 0 && i%10 != 0 || i%20 == 1 {
			wants = `"shoes"`
		}
		return `{"why":{"choices":["` + why + `"]},"wants":{"choices":[` + wants + `]},"tone":{"number":` + fmt.Sprint(1+i%5) + `}}`
	})
	list, err := a.Cross(t.Context(), db, "why")
	if err != nil {
		t.Fatal(err)
	}
	x := list[0]
	if x.Question.Code != "wants" || len(x.Columns) != 2 || !x.Columns[1].Rest || x.Columns[0].Base+x.Columns[1].Base != 90 {
		t.Fatalf("three say help: they come together with the smallest group: %+v", x.Columns)
	}
	shoes := x.Rows[slices.IndexFunc(x.Rows, func(r assess.CrossRow) bool { return r.Key == "shoes" })]
	if shoes.P == nil || *shoes.P > 0.001 || shoes.Cells[0].Letters+shoes.Cells[1].Letters != "B" {
		t.Errorf("%+v", shoes)
	}
	if _, err := a.Cross(t.Context(), db, "wants"); !goalpost.IsKind(err, goalpost.Invalid) {
		t.Errorf("groups by several answers: %v", err)
	}
	if _, err := a.Cross(t.Context(), db, "channel"); !goalpost.IsKind(err, goalpost.Invalid) {
		t.Errorf("all came by one channel: %v", err)
	}
}

// The public figures move with the fifth new answer and not before, question by question, and
// hide what one or two people said with what would give it away.
func TestPublicSteps(t *testing.T) {
	db, a := askedSurvey(t, func(s *goalpost.Survey) {
		wishes(s)
		s.Settings.PublicResults = true
	})
	at := 1
	say := func(n int, body string) {
		answerAll(t, db, a, at, n, func(int) string { return body })
		at += n
	}
	step := func(name string, n int) assess.PublicShares {
		t.Helper()
		if _, err := assess.PublishResults(t.Context(), db, a.Org, fieldDay); err != nil {
			t.Fatal(err)
		}
		p, _, ok, err := assess.PublicResultsOf(t.Context(), db, a.Org, a.Survey.ID)
		if err != nil || ok != (n > 0) || p.N != n {
			t.Fatalf("%s: %d answers, want %d: %v %v", name, p.N, n, ok, err)
		}
		return p
	}
	say(9, `{"why":{"choices":["offers"]},"nps":{"number":9},"more":{"text":"secret"},"pairs":{"number":77}}`)
	step("nine", 0)
	say(31, `{"why":{"choices":["news"]},"nps":{"number":3}}`)
	first := step("forty", 40)
	say(4, `{"why":{"choices":["help"]},"wants":{"choices":["shoes"]}}`)
	if again := step("four more", 40); !reflect.DeepEqual(first, again) {
		t.Errorf("it moved: %+v", again)
	}
	if len(first.Questions) != 5 { // neither numbers nor texts
		t.Fatalf("%d questions", len(first.Questions))
	}
	why := first.Questions[0]
	states := map[string]assess.PublicState{}
	for _, r := range why.Rows {
		states[r.Key] = r.State
		if r.State != assess.PublicShown && (r.Share != 0 || r.Hi != 0) {
			t.Errorf("%s is hidden and there: %+v", r.Key, r)
		}
	}
	if want := map[string]assess.PublicState{"news": assess.PublicShown, "help": assess.PublicFew, "offers": assess.PublicHidden}; !reflect.DeepEqual(states, want) {
		t.Errorf("nobody said help, which would follow from the others\ngot:  %v\nwant: %v", states, want)
	}
	say(1, `{"why":{"choices":["help"]}}`)
	moved := step("five more", 45)
	if got := moved.Questions[0]; got.Base != 45 || got.Rows[0].Share != 31.0/45 {
		t.Errorf("%+v", got)
	}
	if !reflect.DeepEqual(moved.Questions[3], first.Questions[3]) { // nobody of the five answered it
		t.Errorf("a question without new answers moved: %+v", moved.Questions[3])
	}
	if got := moved.Questions[1]; got.Base != 0 || got.Rows != nil {
		t.Errorf("four answers are shown: %+v", got)
	}
	say(6, `{"wants":{"choices":["shoes"]},"why":{"choices":["offers"]},"nps":{"number":10}}`)
	if got := step("of the second question", 51).Questions[1]; got.Base != 10 || slices.ContainsFunc(got.Rows, func(r assess.PublicRow) bool { return r.State == assess.PublicShown }) {
		t.Errorf("ten of ten want shoes, which says it of each of them: %+v", got)
	}
	off := a.Survey.Settings
	off.PublicResults = false
	changeSurvey(t, db, a.Org, a.Survey.ID, store.SurveyChange{Settings: &off})
	a = asked(t, db)
	say(9, `{"why":{"choices":["help"]}}`)
	step("switched off", 51)
}

// Waves: the change is that of package survey with each wave a stratum; a question that was
// asked in another way is not compared.
func TestSurveyWaves(t *testing.T) {
	db, a := askedSurvey(t, func(s *goalpost.Survey) {
		wishes(s)
		s.Settings.Study, s.Settings.Wave = "wishes", "2025"
	})
	if v, err := a.Trend(t.Context(), db); err != nil || len(v.Waves) != 0 {
		t.Fatalf("a single wave: %+v %v", v, err)
	}
	answer := func(offers int) func(i int) string {
		return func(i int) string {
			why := "news"
			if i < offers {
				why = "offers"
			}
			return `{"why":{"choices":["` + why + `"]},"tone":{"number":` + fmt.Sprint(1+i%5) + `},"nps":{"number":` + fmt.Sprint(map[bool]int{true: 9, false: 3}[i%10 < 9-offers/10]) + `}}`
		}
	}
	answerAll(t, db, a, 1, 100, answer(70))
	second := a.Survey.Copy("wishes-2")
	second.Settings.Wave, second.Settings.Sample = "2026", goalpost.SamplePanel
	second.Form.Questions[2].Version = 2 // asked in another way
	made, err := assess.CreateSurvey(t.Context(), db, a.Org, assess.SurveyInput{Survey: second, Secret: [32]byte{8}, By: "Ada", Now: fieldDay.AddDate(1, 0, 0)})
	if err != nil {
		t.Fatal(err)
	}
	open := goalpost.SurveyOpen
	changeSurvey(t, db, a.Org, made.ID, store.SurveyChange{State: &open})
	b, err := assess.AskedByTeam(t.Context(), db, a.Org, made.ID)
	if err != nil {
		t.Fatal(err)
	}
	answerAll(t, db, b, 500, 80, answer(30))
	v, err := b.Trend(t.Context(), db)
	if err != nil || len(v.Waves) != 2 || v.Waves[0].Wave != "2025" || !v.Waves[1].Current || len(v.Notes) != 1 || v.Notes[0].Key != "surveyshare.wave.sample" {
		t.Fatalf("%+v %v", v, err)
	}
	var y []float64
	stratum, early, late := make([]int, 180), make([]bool, 180), make([]bool, 180)
	for i := range 180 {
		early[i], late[i] = i < 100, i >= 100
		hit := i < 70
		if late[i] {
			stratum[i], hit = 1, i < 130
		}
		y = append(y, map[bool]float64{true: 1}[hit])
	}
	d, err := survey.NewDesign(survey.Spec{N: 180, Stages: []survey.Stage{{Stratum: stratum}}})
	if err != nil {
		t.Fatal(err)
	}
	want, err := d.ShareChange(y, early, late, survey.ShareOptions{Level: 0.95, Cap: true})
	if err != nil {
		t.Fatal(err)
	}
	i := slices.IndexFunc(v.Questions[0].Rows, func(r assess.WaveRow) bool { return r.Key == "offers" })
	got := v.Questions[0].Rows[i].Changes[0]
	if math.Abs(got.Points-100*want.Value) > 1e-9 || math.Abs(got.Lo-100*want.Lo) > 1e-9 || math.Abs(got.P-want.P) > 1e-12 || got.PHolm < got.P || !got.Sure() || got.Points > -32 {
		t.Errorf("\ngot:  %+v\nwant: %+v", got, want)
	}
	nps := v.Questions[slices.IndexFunc(v.Questions, func(q assess.WaveQuestion) bool { return q.Question.Code == "nps" })].Rows[0]
	promoters := nps.Shares[1].Share.Value - nps.Shares[0].Share.Value
	if c := nps.Changes[0]; nps.Key != "promoters" || math.Abs(c.Points-100*promoters) > 1e-9 || math.Abs(promoters-(0.6-0.2)) > 1e-9 {
		t.Errorf("a group of grades: %+v", nps)
	}
	tone := v.Questions[slices.IndexFunc(v.Questions, func(q assess.WaveQuestion) bool { return q.Question.Code == "tone" })]
	if len(tone.Broken) != 1 || tone.Broken[0].Why.Key != "surveyshare.wave.changed" || slices.ContainsFunc(tone.Rows, func(r assess.WaveRow) bool { return len(r.Changes) > 0 }) {
		t.Errorf("asked in another way, and compared: %+v", tone)
	}
}
