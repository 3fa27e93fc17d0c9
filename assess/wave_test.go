package assess

import (
	"context"
	"encoding/csv"
	"encoding/json"
	"errors"
	"math"
	"math/rand/v2"
	"reflect"
	"strconv"
	"strings"
	"testing"
	"time"

	"goalpost"
	"goalpost/ingest"
	"goalpost/store"
)

// twoWaves simulates the answers of n respondents in each of two waves: the share of
// brands shifts from 38 to 60 per cent, within each group the wish to sell falls by drop
// and engagement stays.
func twoWaves(rng *rand.Rand, n int, drop float64) (goalpost.Study, map[string][]goalpost.Response) {
	text := goalpost.Text{"en": "?"}
	s := goalpost.Study{ID: "own", Title: text, Waves: []goalpost.Wave{{ID: "1", N: n, Sample: goalpost.SampleProbability}, {ID: "2", N: n, Sample: goalpost.SampleProbability}},
		References: []goalpost.Reference{{ID: "1", Wave: "1", Kind: goalpost.ReferenceCurrent}, {ID: "2", Wave: "2", Kind: goalpost.ReferenceCurrent}},
		Questions: []goalpost.Question{
			{Code: "goals", Version: 1, Type: goalpost.MultipleChoice, Wording: text, Options: []goalpost.Item{{Code: "sales"}, {Code: "engagement"}}},
			{Code: "metrics", Version: 1, Type: goalpost.MultipleChoice, Wording: text, Options: []goalpost.Item{{Code: "revenue"}}},
			{Code: "business", Version: 1, Type: goalpost.SingleChoice, Profile: true, Wording: text, Options: []goalpost.Item{{Code: "brand"}, {Code: "agency"}}}},
		Pairs: []goalpost.Pair{{Goals: "goals", Metrics: "metrics", Measures: map[string][]string{"sales": {"revenue"}}}}}
	responses := map[string][]goalpost.Response{}
	for i, ref := range s.References {
		for _, q := range s.Questions {
			s.Asked = append(s.Asked, goalpost.Asked{Question: q.Code, Version: 1, Reference: ref.ID})
		}
		for range n {
			group, sales, engagement := "agency", 0.6, 0.45
			if rng.Float64() < []float64{0.38, 0.60}[i] {
				group, sales, engagement = "brand", 0.8, 0.80
			}
			r := goalpost.Response{Weight: 0.7 + 0.6*rng.Float64(), Choices: map[string][]string{"business": {group}, "goals": {}, "metrics": {}}}
			if rng.Float64() < sales-drop*float64(i) {
				r.Choices["goals"] = append(r.Choices["goals"], "sales")
				if rng.Float64() < 0.6 {
					r.Choices["metrics"] = []string{"revenue"}
				}
			}
			if rng.Float64() < engagement {
				r.Choices["goals"] = append(r.Choices["goals"], "engagement")
			}
			responses[ref.Wave] = append(responses[ref.Wave], r)
		}
	}
	return s, responses
}

// Recovery and coverage: with the mix held fixed the interval covers the true change as
// often as it says, where the plain one does not; a goal without its metric is counted
// within the respondents.
func TestSameMixCovers(t *testing.T) {
	if testing.Short() {
		t.Skip("a simulation")
	}
	const seed, runs = 41, 400
	for _, n := range []int{181, 5000} {
		rng := rand.New(rand.NewPCG(seed, uint64(n)))
		hit := map[string]int{}
		for range runs {
			s, responses := twoWaves(rng, n, 0.2)
			v := ViewStudy(s, responses)
			q, _ := v.Question("goals")
			count := func(name string, covered bool) {
				if covered {
					hit[name]++
				}
			}
			sales, _ := q.Change("1", "2", "sales")
			engagement, _ := q.Change("1", "2", "engagement")
			count("sales", sales.SameMix.Lo <= -20 && -20 <= sales.SameMix.Hi)
			count("engagement", engagement.SameMix.Lo <= 0 && 0 <= engagement.SameMix.Hi)
			count("plain engagement", *engagement.Lo <= 0 && 0 <= *engagement.Hi)
			for _, u := range q.Unserved {
				if u.Goal == "sales" && u.Reference == "1" {
					count("unserved", u.Share.Lo <= 0.4 && 0.4 <= u.Share.Hi)
				}
			}
		}
		// Three standard errors of a rate of 0.95 in so many runs.
		slack := 3 * math.Sqrt(0.95*0.05/runs)
		for _, name := range []string{"sales", "engagement", "unserved"} {
			if rate := float64(hit[name]) / runs; math.Abs(rate-0.95) > slack {
				t.Errorf("n = %d, seed %d, %s\ngot:  covered in %.3f\nwant: 0.95 ± %.3f", n, seed, name, rate, slack)
			}
		}
		if rate := float64(hit["plain engagement"]) / runs; n == 5000 && rate > 0.05 {
			t.Errorf("the plain change should be the mix, or this test shows nothing: covered in %.3f", rate)
		}
	}
}

// What is kept with a version gives the same view as the answers did, also after a way
// through JSON.
func TestCountedIsTheView(t *testing.T) {
	s, responses := twoWaves(rand.New(rand.NewPCG(1, 2)), 60, 0.2)
	s.References = append(s.References, goalpost.Reference{ID: "0", Wave: "1", Kind: goalpost.ReferencePast})
	s.Figures = []goalpost.Figure{{Question: "goals", Reference: "0", Option: "sales", Percent: "62.5", Base: 60, Kind: goalpost.BaseStated, Quality: goalpost.QualitySeen}}
	want := ViewStudy(s, responses)
	data, err := json.Marshal(countedOf(want))
	if err != nil {
		t.Fatal(err)
	}
	var c goalpost.Counted
	if err := json.Unmarshal(data, &c); err != nil {
		t.Fatal(err)
	}
	got := ViewCounted(s, &c)
	if len(c.Mix) == 0 || len(c.Unserved) == 0 || len(c.Results) == 0 {
		t.Fatalf("\ngot:  %+v", c)
	}
	if !reflect.DeepEqual(got, want) {
		for i := range want.Questions {
			if !reflect.DeepEqual(got.Questions[i], want.Questions[i]) {
				t.Errorf("%s\ngot:  %+v\nwant: %+v", want.Questions[i].Code, got.Questions[i], want.Questions[i])
			}
		}
	}
}

// A version from before shares were kept says honestly that they are lost, and a newer
// one never does.
func TestLostAnswersAreSaid(t *testing.T) {
	ctx := context.Background()
	db, err := store.Open(ctx, t.TempDir(), store.Options{})
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = db.Close() }()
	org, err := db.CreateOrganisation(ctx, goalpost.Organisation{Name: "O", Language: "en", TimeZone: "UTC", Currency: "EUR"})
	if err != nil {
		t.Fatal(err)
	}
	s, responses := twoWaves(rand.New(rand.NewPCG(1, 2)), 40, 0.2)
	now := time.Date(2026, 1, 2, 3, 4, 5, 0, time.UTC)
	if err := db.AddStudyVersion(ctx, org.ID, goalpost.StudyVersion{Study: s, Version: 1, At: now}, responses); err != nil {
		t.Fatal(err)
	}
	s.Publisher = "Another"
	if _, _, err := ImportStudy(ctx, db, org.ID, s, "a", "publisher", now); err != nil {
		t.Fatal(err)
	}
	h, err := Study(ctx, db, org.ID, "own")
	if err != nil {
		t.Fatal(err)
	}
	for _, v := range h.Versions {
		view, err := ViewStudyVersion(ctx, db, org.ID, h, v)
		if err != nil {
			t.Fatal(err)
		}
		q, _ := view.Question("goals")
		if view.Lost != (v.Version == 1) || (len(q.Results) == 0) != (v.Version == 1) {
			t.Errorf("version %d\ngot:  lost %v, %d results", v.Version, view.Lost, len(q.Results))
		}
	}
}

// Tables as survey programs write them: what the columns are is found, people's names and
// free text are left out.
func TestProposeWave(t *testing.T) {
	rows := [][]string{{"Timestamp", "E-Mail", "Gewicht", "Branche", "Ziele [Mehr Umsatz]", "Ziele [Dialog]", "Kennzahlen", "Wie gut kennen Sie Ihre Kunden?", "Kommentar", "Fragen Sie Ihre Kunden?", "Leer"}}
	for i := range 60 {
		tick := func(n int) string {
			if i%n == 0 {
				return "Ja"
			}
			return ""
		}
		metrics := []string{"Follower", "Follower, Umsatz", "Interaktionen, Umsatz"}[i%3]
		rows = append(rows, []string{"2026-01-02", "a" + strconv.Itoa(i) + "@example.org", "1," + strconv.Itoa(i%9), []string{"Handel", "Industrie"}[i%2], tick(2), tick(3), metrics, strconv.Itoa(1 + i%5), "Satz " + strconv.Itoa(i), []string{"ja", "nein"}[i%2], ""})
	}
	var b strings.Builder
	w := csv.NewWriter(&b)
	w.Comma = ';'
	if err := w.WriteAll(rows); err != nil {
		t.Fatal(err)
	}
	text := b.String()
	p, err := ProposeWave(context.Background(), "x.csv", strings.NewReader(text), int64(len(text)), goalpost.Study{}, "de")
	if err != nil {
		t.Fatal(err)
	}
	want := []string{UseIgnore, UseIgnore, UseWeight, UseSingle, UseOption, UseOption, UseMultiple, UseScale, UseIgnore, UseSingle, UseIgnore}
	for i, c := range p.Choices {
		if c.Use != want[i] {
			t.Errorf("%s\ngot:  %s (%s)\nwant: %s", c.Header, c.Use, c.Why, want[i])
		}
	}
	m, columns := MapOf(WaveHead{Study: "own", TitleEN: "Own", Wave: goalpost.Wave{ID: "2026", Sample: goalpost.SampleUnknown}, Kind: goalpost.ReferenceCurrent}, p.Choices)
	if err := CheckMap(m, columns); err != nil {
		t.Fatal(err)
	}
	list, report, err := ReadWave(context.Background(), ingest.Source{Name: "x.csv", R: strings.NewReader(text), Size: int64(len(text))}, m)
	if err != nil || len(list) != 60 || len(report.Reasons) != 0 {
		t.Errorf("\ngot:  %d of 60, %+v %v", len(list), report.Reasons, err)
	}
	if strings.Contains(string(mustJSON(t, m))+string(mustJSON(t, list)), "example.org") {
		t.Error("people are kept")
	}
}

func mustJSON(t testing.TB, v any) []byte {
	t.Helper()
	b, err := json.Marshal(v)
	if err != nil {
		t.Fatal(err)
	}
	return b
}

func FuzzWaveMap(f *testing.F) {
	f.Add(`{"study":"own","wave":{"id":"1"},"weight":"w","questions":[{"code":"q","type":"multiple","wording":{"en":"?"},"options":[{"code":"a"}],"column":"x"}]}`, "x,w\na;b,1\n")
	f.Add(`{"study":"own","wave":{"id":"1"},"questions":[{"code":"q","type":"multiple","wording":{"en":"?"},"options":[{"code":"a"}],"columns":{"a":"x"}}],"pairs":[{"goals":"q","metrics":"q"}]}`, "x;y\n1;\n")
	f.Add(`{}`, "")
	f.Fuzz(func(t *testing.T, plan, table string) {
		m, err := ParseWaveMap("m.json", []byte(plan))
		if err != nil {
			return
		}
		list, _, err := ReadWave(context.Background(), ingest.Source{Name: "x.csv", R: strings.NewReader(table), Size: int64(len(table))}, m)
		if err != nil {
			return
		}
		s, err := m.into(goalpost.Study{ID: m.Study, Title: goalpost.Text{"en": "x"}})
		if err != nil {
			return
		}
		v := ViewStudy(s, map[string][]goalpost.Response{m.Wave.ID: list})
		for _, q := range v.Questions {
			for _, r := range q.Results {
				if e, ok := r.Estimate(); ok && !(e.Lo <= e.Value && e.Value <= e.Hi) {
					t.Errorf("\ngot:  %+v", e)
				}
			}
		}
	})
}

func FuzzProposeWave(f *testing.F) {
	f.Add("weight,goal_sales,goal_brand,role\n1,x,,Boss\n2,,x,Staff\n", "en")
	f.Add("a;b\n1;2\n", "de")
	f.Add("Ziele [A];Ziele [B]\nja;nein\n", "de")
	f.Add("x\n|;|\n", "en")
	f.Fuzz(func(t *testing.T, table, language string) {
		if language != "de" {
			language = "en"
		}
		p, err := ProposeWave(context.Background(), "x.csv", strings.NewReader(table), int64(len(table)), StudyTemplate(), language)
		if err != nil {
			return
		}
		if len(p.Choices) != len(p.Columns) {
			t.Fatalf("%d choices of %d columns", len(p.Choices), len(p.Columns))
		}
		m, columns := MapOf(WaveHead{Study: "own", TitleEN: "x", Wave: goalpost.Wave{ID: "1", Sample: goalpost.SampleUnknown}, Kind: goalpost.ReferenceCurrent}, p.Choices)
		if len(m.Questions) != len(columns) {
			t.Fatalf("%d questions of %d columns", len(m.Questions), len(columns))
		}
		if CheckMap(m, columns) == nil {
			_, _, _ = ReadWave(context.Background(), ingest.Source{Name: "x.csv", R: strings.NewReader(table), Size: int64(len(table))}, m) // it must not fall over
		}
	})
}

// A table that is long and wide is refused before it fills the memory, with the row at
// which it was too much; one answer fewer is taken.
func TestWaveOfTooManyAnswers(t *testing.T) {
	q := MappedQuestion{Question: goalpost.Question{Code: "role", Version: 1, Type: goalpost.SingleChoice, Options: []goalpost.Item{{Code: "boss"}}}, Column: "role"}
	r := waveReader{m: WaveMap{Questions: []MappedQuestion{q}}, answers: waveAnswers - 1, report: WaveReport{Answered: map[string]int{}}, reasons: map[string]int{}}
	if err := r.header(ingest.Row{Line: 1, Cells: []string{"role"}}); err != nil {
		t.Fatal(err)
	}
	if err := r.row(ingest.Row{Line: 2, Cells: []string{"boss"}}); err != nil {
		t.Errorf("the last answer: %v", err)
	}
	err := r.row(ingest.Row{Line: 3, Cells: []string{"boss"}})
	if e, ok := errors.AsType[*goalpost.Error](err); !ok || e.Key != "error.study.wave-answers" || e.Line != 3 {
		t.Errorf("one answer more: %v", err)
	}
}
