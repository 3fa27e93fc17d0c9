package ingest

import (
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"reflect"
	"strings"
	"testing"
	"time"

	"goalpost"
	"goalpost/locale"
)

func berlin(t testing.TB) *time.Location {
	t.Helper()
	zone, err := time.LoadLocation("Europe/Berlin")
	if err != nil {
		t.Fatal(err)
	}
	return zone
}

func said(key string) string { return locale.New(locale.English, "").T(key) }

// golden is a survey with everything that the plain form can say, as a person writes it.
const golden = "wishes.yaml"

func readGolden(t testing.TB) []byte {
	t.Helper()
	data, err := os.ReadFile(filepath.Join("testdata", "survey", golden))
	if err != nil {
		t.Fatal(err)
	}
	return data
}

// What a person wrote is read as it was meant; GOALPOST_UPDATE=1 writes anew what is read
// and how it is written.
func TestReadSurvey(t *testing.T) {
	s, err := ReadSurvey(golden, readGolden(t), berlin(t))
	if err != nil {
		t.Fatal(locale.New(locale.English, "").Error(err))
	}
	read, err := json.MarshalIndent(s, "", " ")
	if err != nil {
		t.Fatal(err)
	}
	written, err := WriteSurvey(s, berlin(t), said)
	if err != nil {
		t.Fatal(err)
	}
	for name, got := range map[string][]byte{"wishes.json": append(read, '\n'), "wishes-written.yaml": written} {
		file := filepath.Join("testdata", "survey", name)
		if os.Getenv("GOALPOST_UPDATE") == "1" {
			if err := os.WriteFile(file, got, 0o644); err != nil {
				t.Fatal(err)
			}
		}
		want, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		if string(got) != string(want) {
			t.Errorf("%s\ngot:\n%s\nwant:\n%s", name, got, want)
		}
	}
	again, err := ReadSurvey("again.yaml", written, berlin(t))
	if err != nil || !reflect.DeepEqual(again, s) {
		t.Errorf("written and read again: %v\ngot:  %+v\nwant: %+v", err, again, s)
	}
}

// Every field of form and settings is written and read again. The rules of surveys do not
// let everything stand in one, so that the reader is asked before them.
func TestSurveyRoundTrip(t *testing.T) {
	s := goalpost.Survey{Slug: "wishes"}
	fill(t, reflect.ValueOf(&s.Form).Elem(), "Form")
	fill(t, reflect.ValueOf(&s.Settings).Elem(), "Settings")
	s.Form.Languages = []string{"en", "de"}
	got := rewritten(t, s)
	if !reflect.DeepEqual(got, s) {
		t.Errorf("\ngot:  %+v\nwant: %+v", asJSON(t, got), asJSON(t, s))
	}
	// The zero of every flag is read as well where the default is another one.
	s.Settings.Anonymous = false
	if got := rewritten(t, s); got.Settings.Anonymous {
		t.Error("a survey that is not anonymous became so")
	}
	s.Form.Questions[0].ShowIf.Any, s.Form.Questions[1].ShowIf.Any = false, false
	s.Form.Questions[1].ShowIf.Rules = s.Form.Questions[1].ShowIf.Rules[:1]
	if got := rewritten(t, s); !reflect.DeepEqual(got, s) {
		t.Errorf("\ngot:  %+v\nwant: %+v", asJSON(t, got), asJSON(t, s))
	}
}

// The largest form that there can be, in two languages, is read again after it was written.
func TestLargestSurvey(t *testing.T) {
	s := goalpost.Survey{Slug: "large", Form: goalpost.Form{Languages: []string{"en", "de"}, Title: goalpost.Text{"en": "x"}}, Settings: goalpost.SurveySettings{Address: goalpost.FormalAddress, Sample: goalpost.SampleSelfSelected}}
	for i := range goalpost.MaxSurveyQuestions {
		q := goalpost.SurveyQuestion{Question: goalpost.Question{Code: fmt.Sprintf("q%d", i), Version: 1, Type: goalpost.MultipleChoice, Wording: goalpost.Text{"en": "Which?", "de": "Welche?"}}}
		for j := range 100 {
			q.Options = append(q.Options, goalpost.Item{Code: fmt.Sprintf("o%d", j), Label: goalpost.Text{"en": "Yes", "de": "Ja"}})
		}
		s.Form.Questions = append(s.Form.Questions, q)
	}
	data, err := WriteSurvey(s, time.UTC, said)
	if err != nil {
		t.Fatal(err)
	}
	if got, err := ReadSurvey("large.yaml", data, time.UTC); err != nil || !reflect.DeepEqual(got, s) {
		t.Errorf("%d bytes: %v", len(data), err)
	}
}

// Texts that YAML would read as something else, or not at all, come back as they were.
func TestSurveyTextsSurvive(t *testing.T) {
	for _, text := range []string{"no", "yes", "null", "~", "12", "1.5e3", "0x1F", "true", "2026-03-15", "a: b", "a # b", "# a", "- a", "* a", "&a", "!a", "%a", "@a", "`a`", "{a", "[a]", "'a'", `"a"`, `\n`, "a\nb", "a\n\nb\n", "a\n  b", " a ", "\ta", "a\tb",
		"ü „ä“ 🙂", "<<", "=", "?", ":", "|", ">", "---", "...", "a\r\nb", "a\u2028b", "", strings.Repeat("long words ", 50) + "end"} {
		s := goalpost.Survey{Form: goalpost.Form{Languages: []string{"de", "no"}, Title: goalpost.Text{"de": text}, Intro: goalpost.Text{"de": "x", "no": text}}}
		s.Form.Questions = []goalpost.SurveyQuestion{{Question: goalpost.Question{Code: "q", Version: 1, Options: []goalpost.Item{{Code: "no", Label: goalpost.Text{"de": text}}, {Code: "1", Label: goalpost.Text{"de": "one"}}, {Code: "role", Label: goalpost.Text{"de": "x"}}}}}}
		s.Settings = goalpost.SurveySettings{Address: goalpost.FormalAddress, Sample: goalpost.SampleSelfSelected}
		if got := rewritten(t, s); !reflect.DeepEqual(got, s) {
			t.Errorf("%q\ngot:  %+v\nwant: %+v", text, asJSON(t, got), asJSON(t, s))
		}
	}
}

// rewritten is a survey after writing and reading, without the rules of surveys.
func rewritten(t *testing.T, s goalpost.Survey) (got goalpost.Survey) {
	t.Helper()
	data, err := WriteSurvey(s, berlin(t), said)
	if err != nil {
		t.Fatal(err)
	}
	root, fault := surveyNodes(data)
	if fault != nil {
		t.Fatalf("%v\n%s", fault, data)
	}
	r := &surveyReader{nodeReader{zone: berlin(t), lines: map[string]int{}}}
	if r.survey(root, &got); r.err != nil {
		t.Fatalf("%v\n%s", r.err, data)
	}
	return got
}

func asJSON(t *testing.T, v any) string {
	t.Helper()
	data, err := json.MarshalIndent(v, "", " ")
	if err != nil {
		t.Fatal(err)
	}
	return string(data)
}

// fill gives every field below a value of its own kind; each text and number is another
// one, so that no field can stand for its neighbour.
func fill(t *testing.T, v reflect.Value, name string) {
	t.Helper()
	switch {
	case v.Type() == reflect.TypeFor[time.Time]():
		v.Set(reflect.ValueOf(time.Unix(1_700_000_000+int64(len(name))*60, 0).UTC()))
		return
	case v.Type() == reflect.TypeFor[goalpost.Text]():
		v.Set(reflect.ValueOf(goalpost.Text{"en": name, "de": "de " + name}))
		return
	}
	switch v.Kind() {
	case reflect.Struct:
		for i := range v.NumField() {
			fill(t, v.Field(i), name+"."+v.Type().Field(i).Name)
		}
	case reflect.Slice:
		v.Set(reflect.MakeSlice(v.Type(), 2, 2))
		for i := range v.Len() {
			fill(t, v.Index(i), name+string(rune('a'+i)))
		}
	case reflect.Pointer:
		v.Set(reflect.New(v.Type().Elem()))
		fill(t, v.Elem(), name)
	case reflect.String:
		v.SetString(name)
	case reflect.Bool:
		v.SetBool(true)
	case reflect.Int:
		v.SetInt(int64(1 + len(name)))
	case reflect.Float64:
		v.SetFloat(float64(len(name)) + 0.5)
	default:
		t.Fatalf("%s: the test cannot fill a %s", name, v.Kind())
	}
}

// A time is written in the organisation's zone, and comes back to the second wherever the
// clocks stand.
func TestSurveyTimes(t *testing.T) {
	zone := berlin(t)
	for text, want := range map[string]string{
		"2026-03-15 09:00": "2026-03-15T08:00:00Z", "2026-07-15 09:00:30": "2026-07-15T07:00:30Z", "2026-03-15T09:00": "2026-03-15T08:00:00Z", "2026-03-15T09:00:00+05:00": "2026-03-15T04:00:00Z", "2026-03-15": "2026-03-15T23:00:00Z",
	} {
		s, err := ReadSurvey("x", []byte("languages: en\ntitle: x\nquestions: [{code: q, type: text, wording: x}]\nsettings: {closes_at: "+text+"}\n"), zone)
		if err != nil || s.Settings.ClosesAt.Format(time.RFC3339) != want {
			t.Errorf("%s\ngot:  %v %v\nwant: %s", text, s.Settings.ClosesAt, err, want)
		}
	}
	w := surveyWriter{zone: zone}
	for _, at := range []time.Time{time.Date(2026, 10, 25, 0, 30, 0, 0, time.UTC), time.Date(2026, 10, 25, 1, 30, 0, 0, time.UTC), time.Date(2026, 1, 1, 12, 0, 7, 5, time.UTC)} {
		var back time.Time
		r := nodeReader{zone: zone, lines: map[string]int{}}
		if r.moment(&back, true)("at", w.moment(at)); !back.Equal(at) || r.err != nil {
			t.Errorf("%v came back as %v, %v", at, back, r.err)
		}
	}
}

// Whatever is wrong is said with its line, in a sentence of its own.
func TestReadSurveyRefuses(t *testing.T) {
	const head = "languages: [de, en]\ntitle: x\nquestions:\n" // three lines
	const q = head + "  - code: q\n    type: single\n    wording: x\n    options:\n"
	for name, c := range map[string]struct {
		text  string
		key   string
		line  int
		field string
	}{
		"empty":              {"", "form.nothing", 1, ""},
		"comments alone":     {"# nothing\n", "form.nothing", 1, ""},
		"a list":             {"- a\n- b\n", "form.no-survey", 1, ""},
		"a sentence":         {"hello\n", "form.no-survey", 1, ""},
		"two of them":        {head + "  - {code: q, type: text, wording: x}\n---\ntitle: y\n", "form.more", 5, ""},
		"a tab":              {head + "\t- code: q\n", "form.tab", 4, ""},
		"a colon":            {"languages: de\ntitle: Sagen Sie: warum?\n", "form.colon", 2, ""},
		"an open quote":      {"languages: de\ntitle: \"Hello\nquestions: []\n", "form.quote", 2, ""},
		"a bad beginning":    {"languages: de\ntitle: @you\n", "form.sign", 2, ""},
		"indented":           {"languages: de\n  title: x\n", "form.colon", 2, ""},
		"bad bytes":          {"languages: de\ntitle: \xff\xfe\n", "form.encoding", 2, ""},
		"unknown":            {"languages: de\ntitel: x\n", "form.unknown", 2, ""},
		"unknown below":      {head + "  - code: q\n    typ: single\n", "form.unknown", 5, "questions[0]"},
		"merge key":          {head + "  - <<: {code: q}\n", "form.unknown", 4, "questions[0]"},
		"twice":              {"languages: de\ntitle: x\ntitle: y\n", "form.twice", 3, "title"},
		"language twice":     {"languages: de\ntitle: {de: x, de: y}\n", "form.twice", 2, "title"},
		"alias":              {"languages: de\ntitle: *x\n", "", 2, ""},
		"anchor":             {"languages: de\ntitle: &x hello\n", "form.alias", 2, ""},
		"bomb":               {"a: &a [x,x]\nb: &b [*a,*a]\nc: [*b,*b]\n", "form.alias", 1, ""},
		"tag":                {"languages: de\ntitle: !!binary aGVsbG8=\n", "form.alias", 2, ""},
		"deep":               {"languages: de\ntitle: " + strings.Repeat("[", 500) + strings.Repeat("]", 500), "form.deep", 2, ""},
		"nothing there":      {"languages: de\ntitle:\n", "form.empty", 2, "title"},
		"a comment":          {"languages: de\ntitle: # 1 of us\n", "form.empty", 2, "title"},
		"yes":                {head + "  - code: q\n    required: yes\n", "form.flag", 5, "questions[0].required"},
		"on":                 {head + "  - code: q\n    required: on\n", "form.flag", 5, "questions[0].required"},
		"words for a number": {head + "  - code: q\n    decimals: two\n", "form.whole", 5, "questions[0].decimals"},
		"German decimals":    {head + "  - code: q\n    max: 2,5\n", "form.number", 5, "questions[0].max"},
		"not a number":       {head + "  - code: q\n    max: .nan\n", "form.number", 5, "questions[0].max"},
		"octal":              {head + "  - code: q\n    decimals: 010\n", "form.whole", 5, "questions[0].decimals"},
		"a list for a text":  {"languages: de\ntitle: [a]\n", "form.text", 2, "title"},
		"a text for a list":  {"languages: de\nquestions: none\n", "form.list", 2, "questions"},
		"a text for a map":   {"languages: de\nsettings: none\n", "form.map", 2, "settings"},
		"language":           {"languages: de\ntitle: {deutsch: x}\n", "form.language", 2, "title"},
		"option":             {q + "      - a: A\n      - B\n", "form.option", 9, "questions[0].options[1]"},
		"option key":         {q + "      - a: A\n        rolle: other\n", "form.unknown", 9, "questions[0].options[0]"},
		"time":               {"languages: de\nsettings:\n  opens_at: 15.3.2026\n", "form.time", 3, "settings.opens_at"},
		"no such day":        {"languages: de\nsettings:\n  opens_at: 2026-02-30\n", "form.time", 3, "settings.opens_at"},
		"no such time":       {"languages: de\nsettings:\n  opens_at: 2026-03-29 02:30\n", "form.no-time", 3, "settings.opens_at"},

		"no language":     {"title: x\n", ".languages", 1, "languages"},
		"missing text":    {head + "  - code: q\n    type: text\n    wording: {en: x}\n", ".text-missing", 6, "questions[0].wording"},
		"no wording":      {head + "  - code: q\n    type: text\n", ".text-missing", 4, "questions[0].wording"},
		"type":            {head + "  - code: q\n    type: likert\n", ".type", 5, "questions[0].type"},
		"option twice":    {q + "      - a: A\n      - b: B\n      - a: C\n", ".option-twice", 10, "questions[0].options[2].code"},
		"rule":            {head + "  - {code: p, type: text, wording: x}\n  - code: q\n    type: text\n    wording: x\n    show_if:\n      any:\n        - {question: p, answered: true}\n        - {question: z, max: 6}\n", ".rule-question", 11, "questions[1].show_if.rules[1].question"},
		"single rule":     {head + "  - code: q\n    type: text\n    wording: x\n    show_if: {question: z, max: 6}\n", ".rule-question", 7, "questions[0].show_if.rules[0].question"},
		"setting":         {head + "  - {code: q, type: text, wording: x}\nsettings:\n  sample_kind: all\n", ".sample", 6, "settings.sample_kind"},
		"quota":           {head + "  - {code: q, type: text, wording: x}\nsettings:\n  quotas:\n    - {question: q, option: a, limit: 3}\n", ".quota-option", 7, "settings.quotas[0].option"},
		"text of setting": {head + "  - {code: q, type: text, wording: x}\nsettings:\n  results: true\n", ".consent", 5, "settings.consent"},
	} {
		t.Run(name, func(t *testing.T) {
			_, err := ReadSurvey("wishes.yaml", []byte(c.text), berlin(t))
			e, ok := errors.AsType[*goalpost.Error](err)
			if !ok {
				t.Fatalf("%v", err)
			}
			if c.key != "" && e.Key != "error.survey"+c.key || e.Line != c.line || e.Field != c.field || e.File != "wishes.yaml" || e.Kind != goalpost.Invalid {
				t.Errorf("\ngot:  %v\nwant: error.survey%s line %d field %q", e, c.key, c.line, c.field)
			}
			for _, l := range []locale.Language{locale.English, locale.German} {
				if s := locale.New(l, "").Error(err); strings.Contains(s, "error.") || strings.Contains(s, "{0}") || strings.Contains(s, "\n") {
					t.Errorf("%s: no sentence: %s", l, s)
				}
			}
		})
	}
	if _, err := ReadSurvey("x", []byte("["+strings.Repeat("a,", maxSurveyForm/2-2)+"]"), time.UTC); err == nil || !strings.Contains(err.Error(), "error.surveyform.parts") {
		t.Errorf("a list of half a million entries: %v", err)
	}
	if _, err := ReadSurvey("x", []byte(strings.Repeat("# much\n", maxSurveyForm/7+1)), time.UTC); err == nil || !strings.Contains(err.Error(), "error.surveyform.large") {
		t.Errorf("a large file: %v", err)
	}
}

// Nothing that somebody sends makes the reader fail otherwise than with a place, and what it
// takes is the same after it was written.
func FuzzReadSurvey(f *testing.F) {
	f.Add(readGolden(f))
	for _, s := range []string{"", "a: *b", "languages: [de]\ntitle: {de: |\n  x\n}", "? {a: b}\n: c", "languages: de\ntitle: x\nquestions: [{code: q, type: text, wording: 'x'}]\nsettings: {opens_at: 2026-03-29}", "%YAML 1.2\n---\n", "\ufefflanguages: de"} {
		f.Add([]byte(s))
	}
	zone := berlin(f)
	f.Fuzz(func(t *testing.T, data []byte) {
		s, err := ReadSurvey("f.yaml", data, zone)
		if err != nil {
			if e, ok := errors.AsType[*goalpost.Error](err); !ok || e.Line < 1 && e.Key != "error.surveyform.large" || e.File != "f.yaml" {
				t.Fatalf("%v", err)
			}
			return
		}
		written, err := WriteSurvey(s, zone, said)
		if err != nil {
			t.Fatal(err)
		}
		again, err := ReadSurvey("g.yaml", written, zone)
		if err != nil {
			t.Fatalf("%v\n%s", err, written)
		}
		if a, b := keptForm(t, s), keptForm(t, again); a != b {
			t.Errorf("\nread:  %s\nagain: %s\n%s", a, b, written)
		}
	})
}

// keptForm is a survey as JSON keeps it, where an empty text and none are the same.
func keptForm(t *testing.T, s goalpost.Survey) string {
	for i := range s.Form.Questions {
		q := &s.Form.Questions[i]
		q.Version = max(1, q.Version)
	}
	data, err := json.Marshal(s)
	if err != nil {
		t.Fatal(err)
	}
	return string(data)
}
