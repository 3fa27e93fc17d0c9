package web

import (
	"context"
	"fmt"
	"net/http"
	"strings"
	"testing"

	"goalpost"
	"goalpost/browsertest"
	"goalpost/document"
	"goalpost/gptest"
)

// believerWords are what the way from beliefs to the score looks for in each language.
type believerWords struct {
	invite, hint, badRange, locked, silent, none, few, scored, asked, question, late string
}

var believers = map[string]believerWords{
	"en": {"Before you open it: what do you believe?", "own wishes", "The lower end of the range lies above your guess.", "Nobody can change it any more.", "Not yet", "No answer yet.", "Too uncertain: 10 complete answers", "Agreement with those who answered:", "Yes: 1 survey with answers", "Is a lower claim a more realistic one?", "too late to be scored"},
	"de": {"Bevor Sie öffnen: Was glauben Sie?", "eigenen Wünsche", "Das untere Ende der Spanne liegt über Ihrer Schätzung.", "Niemand kann es mehr ändern.", "Noch nicht", "Noch ist keine Antwort da.", "Zu unsicher: 10 vollständige Antworten", "Übereinstimmung mit denen, die geantwortet haben:", "Ja: 1 Umfrage mit Antworten", "Ist wer weniger behauptet realistischer?", "zu spät, um bewertet zu werden"},
}

// From the invitation over beliefs and answers to the score, in both languages, on a phone,
// with and without scripts.
func TestBrowserFromBeliefsToTheScore(t *testing.T) {
	for _, c := range []struct {
		lang    string
		scripts bool
	}{{"en", true}, {"de", true}, {"de", false}} {
		name := c.lang
		if !c.scripts {
			name += "-without-scripts"
		}
		t.Run(name, func(t *testing.T) { believeOnAPhone(t, c.lang, c.scripts, "belief-"+name) })
	}
}

func believeOnAPhone(t *testing.T, lang string, scripts bool, shot string) {
	s, a := beliefSite(t, lang)
	w, b := believers[lang], browsertest.New(t)
	if !scripts {
		b.ScriptsOff()
	}
	b.Allow("422")
	b.Viewport(390, 844, true)
	logIn(b, s, lang, "anna")
	at := "/" + lang + "/surveys/1"
	browse(t, b, s, at+"/publish")
	if !strings.Contains(b.Text("main"), w.invite) || !strings.Contains(b.Text("main"), "vic") {
		t.Errorf("the page that opens a survey does not invite: %s", b.Text("main"))
	}
	b.Follow("main a[href$='/beliefs'].button")
	b.WaitText("main", w.hint)
	check(t, b, "the form")
	picture(b, shot+"-form")
	for i, item := range a.Survey.Form.BeliefItems() {
		if i == 1 {
			b.Click("[name='" + item.Key() + ".none']")
			continue
		}
		low := "40"
		if i == 2 {
			low = "70" // above the guess
		}
		fillPart(b, item, "guess", "50,5")
		fillPart(b, item, "low", low)
		fillPart(b, item, "high", "60 %")
	}
	b.Click("[name=claims][value=yes]")
	b.Follow(".beliefs button")
	b.WaitText("#problems", w.badRange)
	check(t, b, "a range that does not fit")
	picture(b, shot+"-problem")
	third := a.Survey.Form.BeliefItems()[2]
	if !b.Exists("[name=claims][value=yes]:checked") || !b.Exists("[id='"+third.Key()+".low'][value='70'][aria-invalid=true]") || !b.Exists("[name='"+a.Survey.Form.BeliefItems()[1].Key()+".none']:checked") {
		t.Error("what was typed is gone, or the field is not marked")
	}
	fillPart(b, third, "low", "45")
	b.Follow(".beliefs button")
	b.WaitText("main", w.locked)
	check(t, b, "what was said")
	picture(b, shot+"-said")
	kept, err := s.server.DB.BeliefsOf(context.Background(), firstOrg, 1, 1)
	if err != nil || kept.Beliefs[0].Guess != 0.505 || kept.Beliefs[0].High != 0.6 || !kept.Beliefs[1].NoIdea || kept.Beliefs[2].Low != 0.45 || kept.Claims == nil || !*kept.Claims || kept.Late {
		t.Errorf("%+v %v", kept, err)
	}
	browse(t, b, s, at+"/understanding")
	if text := b.Text("main"); !strings.Contains(text, w.none) || !strings.Contains(text, w.silent) {
		t.Errorf("before the first answer: %s", text)
	}
	answerSome(t, s, 0, 10)
	browse(t, b, s, at+"/understanding")
	if text := b.Text("main"); !strings.Contains(text, w.few) {
		t.Errorf("of ten answers: %s", text)
	}
	answerSome(t, s, 10, 120)
	browse(t, b, s, at+"/understanding")
	picture(b, shot+"-score")
	text := b.Text("main")
	for _, want := range []string{w.scored, w.asked, w.question, "2011: 77", "2012: 62", "anna"} {
		if !strings.Contains(text, want) {
			t.Errorf("no %q on the page: %s", want, text)
		}
	}
	b.Viewport(1280, 900, false)
	browse(t, b, s, at+"/understanding")
	picture(b, shot+"-desk")
	b.Viewport(390, 844, true)
	logIn(b, s, lang, "vic")
	browse(t, b, s, at+"/beliefs")
	fillPart(b, third, "guess", "50")
	fillPart(b, third, "low", "40")
	fillPart(b, third, "high", "60")
	b.Follow(".beliefs button")
	b.WaitText("main", w.locked)
	browse(t, b, s, at+"/understanding")
	if !strings.Contains(b.Text("main"), w.late) {
		t.Error("a late belief is not marked")
	}
}

func fillPart(b *browsertest.Browser, i goalpost.BeliefItem, part, text string) {
	b.Fill("[id='"+i.Key()+"."+part+"']", text)
}

// logIn goes on as somebody, without what the one before was logged in with.
func logIn(b *browsertest.Browser, s *site, lang, name string) {
	s.restart() // log-ins are limited
	if b.Open(s.base + "/" + lang + "/goals"); b.Exists("form[action$='/logout']") {
		b.Follow("form[action$='/logout'] button")
	}
	b.Open(s.base + "/" + lang + "/login")
	b.Fill("#name", name)
	b.Fill("#password", testPassword)
	b.Follow("main form button")
}

// answerSome lets respondents answer to the end: a half of them so, the other half otherwise,
// another half for each question.
func answerSome(t *testing.T, s *site, from, to int) {
	t.Helper()
	a := s.asked(t)
	for i := from; i < to; i++ {
		either := func(question int, texts ...string) string { return texts[i>>question&1] }
		s.answered(t, a, i, fmt.Sprintf(`{"why":{"choices":["%s"]},"wants":{"choices":["%s"]},"tone":{"number":%s},"nps":{"number":%s},"order":{"choices":["%s"]}}`,
			either(0, "offers", "else"), either(1, "shoes", "people"), either(2, "2", "4"), either(3, "3", "9"), either(4, `price","look`, `look","price`)), true)
	}
}

// The document of a score fits its schema, on the page and from the API.
func TestUnderstandingDocument(t *testing.T) {
	s, a := beliefSite(t, "en")
	s.loginAs(t, "anna")
	if got := s.post("/en/surveys/1/beliefs", beliefForm(s, a, "50", "40", "60")); got.status != http.StatusSeeOther {
		t.Fatal(got.status)
	}
	answerSome(t, s, 0, 60)
	s.loginAs(t, "vic")
	s.post("/en/surveys/1/beliefs", beliefForm(s, a, "10", "5", "20"))
	data, err := document.Schema("survey-understanding")
	if err != nil {
		t.Fatal(err)
	}
	schema := decode[map[string]any](t, string(data))
	token := newToken(t, s, firstOrg, "Shop", goalpost.RoleViewer)
	for _, got := range []answer{s.get("/de/surveys/1/understanding.json"), s.callAPI("GET", "/surveys/1/understanding", token, "")} {
		for _, fault := range gptest.SchemaFaults(schema, schema, decode[any](t, got.body), "$") {
			t.Error(fault)
		}
		d := decode[map[string]any](t, got.body)
		report, _ := d["report"].(map[string]any)
		if sheets, _ := d["sheets"].([]any); d["state"] != "scored" || d["base"] != 60.0 || len(sheets) != 2 || report["score"] == nil {
			t.Errorf("%v, %v answers: %s", d["state"], d["base"], got.body)
		}
	}
	for suffix, want := range map[string]string{"csv": "member,item,label", "svg": "<svg", "png": "\x89PNG"} {
		if got := s.get("/en/surveys/1/understanding." + suffix); got.status != 200 || !strings.Contains(got.body, want) {
			t.Errorf("%s: %d", suffix, got.status)
		}
	}
	if got := s.get("/en/surveys/9/understanding"); got.status != http.StatusNotFound {
		t.Errorf("a survey that is not there: %d", got.status)
	}
}
