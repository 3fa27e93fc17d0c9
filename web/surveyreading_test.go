package web

import (
	"context"
	"encoding/csv"
	"encoding/json"
	"fmt"
	"net/http"
	"net/url"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
	"time"

	"github.com/xuri/excelize/v2"

	"goalpost"
	"goalpost/assess"
	"goalpost/browsertest"
	"goalpost/store"
)

// readingSurvey makes an open survey with questions of all types; change may change it.
func (s *site) readingSurvey(t *testing.T, change func(*goalpost.Survey)) *assess.AskedSurvey {
	t.Helper()
	both := func(en, de string) goalpost.Text { return goalpost.Text{"en": en, "de": de} }
	item := func(code, en, de string, role goalpost.ItemRole) goalpost.Item {
		return goalpost.Item{Code: code, Label: both(en, de), Role: role}
	}
	ask := func(code string, of goalpost.QuestionType, wording goalpost.Text, options ...goalpost.Item) goalpost.SurveyQuestion {
		return goalpost.SurveyQuestion{Question: goalpost.Question{Code: code, Type: of, Wording: wording, Options: options}}
	}
	scale := ask("tone", goalpost.ScaleQuestion, both("How friendly was our support?", "Wie freundlich war unsere Beratung?"), item("dk", "Don’t know", "Weiß nicht", goalpost.RoleDontKnow))
	scale.Scale = &goalpost.Scale{Low: 1, High: 5, Labels: []goalpost.Text{both("not at all", "gar nicht"), both("very", "sehr")}}
	in := goalpost.Survey{Slug: "wishes", Form: goalpost.Form{Languages: []string{"en", "de"}, Title: both("What do you want from us?", "Was wünschen Sie sich von uns?"), Questions: []goalpost.SurveyQuestion{
		ask("why", goalpost.SingleChoice, both("Why do you follow us?", "Warum folgen Sie uns?"), item("offers", "Offers", "Angebote", ""), item("news", "News", "Neuigkeiten", ""), item("else", "Something else", "Etwas anderes", goalpost.RoleOther)),
		ask("wants", goalpost.MultipleChoice, both("What would you like to see?", "Was möchten Sie sehen?"), item("shoes", "Shoes", "Schuhe", ""), item("people", "People at work", "Menschen bei der Arbeit", "")),
		scale,
		ask("nps", goalpost.NPSQuestion, both("Would you recommend us?", "Würden Sie uns empfehlen?")),
		ask("pairs", goalpost.NumberQuestion, both("How many pairs do you have?", "Wie viele Paare haben Sie?")),
		ask("order", goalpost.RankingQuestion, both("What matters most?", "Was ist am wichtigsten?"), item("price", "Price", "Preis", ""), item("look", "Look", "Aussehen", "")),
		ask("more", goalpost.TextQuestion, both("Anything else?", "Möchten Sie noch etwas sagen?")),
	}}, Settings: goalpost.SurveySettings{Address: goalpost.FormalAddress, Anonymous: true, Sample: goalpost.SampleSelfSelected, KeepDays: 90, Channels: []goalpost.Channel{{Code: "ig", Network: goalpost.Instagram, Campaign: "spring"}},
		Results: true, Prize: true, Consent: both("You may write to me.", "Sie dürfen mir schreiben.")}}
	if change != nil {
		change(&in)
	}
	ctx := context.Background()
	made, err := assess.CreateSurvey(ctx, s.server.DB, firstOrg, assess.SurveyInput{Survey: in, Secret: [32]byte{7}, By: "anna", Now: testNow})
	if err != nil {
		t.Fatal(err)
	}
	open := goalpost.SurveyOpen
	if err := assess.ChangeSurvey(ctx, s.server.DB, firstOrg, made.ID, store.SurveyChange{Revision: 1, State: &open, By: "anna", At: testNow}); err != nil {
		t.Fatal(err)
	}
	a, err := assess.Asked(ctx, s.server.DB, in.Slug)
	if err != nil {
		t.Fatal(err)
	}
	return a
}

func readingID(n int) string { return fmt.Sprintf("%08x-0000-4000-8000-%012x", n*2654435, n) }

// answered sends the answer of respondent n, a minute after the page was made.
func (s *site) answered(t *testing.T, a *assess.AskedSurvey, n int, replies string, done bool) assess.AnswerResult {
	t.Helper()
	r, err := a.SendAnswer(context.Background(), s.server.DB, assess.AnswerInput{ID: readingID(n), Secret: fmt.Sprint("resume-secret-", n), Rev: 1, Version: a.Survey.FormVersion, Raw: []byte(replies), Done: done,
		Page: a.SignPage(assess.SignedPage{Version: a.Survey.FormVersion, Channel: "ig", Campaign: "spring", At: testNow.Add(-time.Duration(n+1) * 10 * time.Second)}), Language: "de", Device: goalpost.DevicePhone, Network: fmt.Sprint("network-hash-", n), Now: testNow})
	if err != nil {
		t.Fatal(err)
	}
	return r
}

// someAnswers are 24 complete ones of different kinds and six that were not finished.
func (s *site) someAnswers(t *testing.T, a *assess.AskedSurvey) {
	t.Helper()
	for i := range 24 {
		s.answered(t, a, i, fmt.Sprintf(`{"why":{"choices":["%s"]},"wants":{"choices":["shoes"%s]},"tone":{"number":%d},"nps":{"number":%d},"pairs":{"number":%d},"order":{"choices":["price","look"]},"more":{"text":"Please open a shop in town number %d, <b>soon</b>"}}`,
			[]string{"offers", "news"}[i%2], []string{"", `,"people"`}[i%2], 1+i%5, i%11, i, i/2), true)
	}
	for i := 24; i < 30; i++ {
		s.answered(t, a, i, []string{`{}`, `{"why":{"choices":["news"]}}`, `{"why":{"choices":["news"]},"wants":{"choices":["shoes"]}}`}[i%3], false)
	}
}

// readingSite is set up, with a survey that was answered.
func readingSite(t *testing.T) (*site, *assess.AskedSurvey) {
	t.Helper()
	s := newSite(t, nil)
	s.setUp("en")
	a := s.readingSurvey(t, nil)
	s.someAnswers(t, a)
	return s, a
}

// What the pages about a survey say, to whom, in both languages.
func TestSurveyReadingPages(t *testing.T) {
	s, _ := readingSite(t)
	one := "/en/surveys/1/answers/" + readingID(3)
	for _, c := range []struct {
		path    string
		present []string
	}{
		{"/en/surveys/1", []string{"What do you want from us?", "24 complete answers", "30", "80%", "Instagram (ig) · spring", "Still too uncertain for a share: 24 answers count.", "Promoters", "a margin of error for all customers cannot be computed", "German", "Phone or tablet", "24 answers look suspicious"}},
		{"/de/surveys/1", []string{"Was wünschen Sie sich von uns?", "24 vollständige Antworten", "Für einen Anteil noch zu unsicher: 24 Antworten zählen.", "eine Fehlerspanne für alle Kundinnen und Kunden lässt sich nicht berechnen", "Wo Menschen abbrechen", "90 Tage nach dem Ende"}},
		{"/en/surveys/1?beside=1", []string{"Without suspicious ones"}},
		{"/en/surveys/1/answers", []string{"Answer ", "Complete", "Not finished", "the same text as in another answer"}},
		{"/en/surveys/1/answers?state=begun&channel=ig&version=1", []string{"Not finished"}},
		{"/en/surveys/1/answers?flag=trap", []string{"No answer fits"}},
		{"/en/surveys/1/answers?flag=same_text&state=complete", []string{"the same text as in another answer"}},
		{one, []string{"News", "4", "1. Price", "Please open a shop in town number 1, &lt;b&gt;soon", "What was sent", "Erase this answer", "15 March 2026"}},
		{"/de/surveys/1/answers/" + readingID(3), []string{"Neuigkeiten", "1. Preis", "Abgeschickt (Stand 1)"}},
		{"/en/surveys/1/answers/open", []string{"24 of 24 texts", "Save and go on"}},
		{"/en/surveys/1/answers/open?question=more&q=TOWN+number+11", []string{"2 of 24 texts"}},
		{"/en/surveys/1/answers/open?question=why", []string{"Nobody has written anything here yet"}},
	} {
		page := s.page(c.path)
		contains(t, c.path, page, c.present, []string{"ZgotmplZ", "network-hash", "resume-secret", "web.survey", "<b>soon"})
	}
	s.addUser(t, firstOrg, "vic", goalpost.RoleViewer)
	s.addUser(t, firstOrg, "ed", goalpost.RoleEditor)
	s.secondOrganisation(t)
	pages := []string{"", "/live", "/answers", "/answers/open", "/answers.csv", "/answers.xlsx", "/answers.json", "/answers.sav", "/answers.sss", "/answers.ddi", "/answers/" + readingID(3)}
	for name, want := range map[string]int{"vic": 200, "eve": 404} {
		s.loginAs(t, name)
		for _, path := range pages {
			if a := s.get("/en/surveys/1" + path); a.status != want {
				t.Errorf("%s at %s: %d, want %d", name, path, a.status, want)
			}
		}
	}
	tag := url.Values{"answer": {readingID(3)}, "question": {"more"}, "tags": {"shop"}}
	sure := url.Values{"sure": {"1"}}
	for _, c := range []struct {
		name, path string
		form       url.Values
		want       int
	}{{"vic", "/answers/tag", tag, 403}, {"ed", "/answers/tag", tag, 303}, {"eve", "/answers/tag", tag, 404}, {"ed", "/answers/" + readingID(3) + "/erase", sure, 403}, {"eve", "/answers/" + readingID(3) + "/erase", sure, 404}} {
		s.loginAs(t, c.name)
		if a := s.post("/en/surveys/1"+c.path, c.form); a.status != c.want {
			t.Errorf("%s at %s: %d, want %d", c.name, c.path, a.status, c.want)
		}
	}
	s.client = newClient()
	for _, path := range pages {
		if a := s.get("/en/surveys/1" + path); a.status != http.StatusSeeOther {
			t.Errorf("a stranger at %s: %d", path, a.status)
		}
	}
}

// The figures alone are sent again only when they changed.
func TestSurveyLive(t *testing.T) {
	s, a := readingSite(t)
	ask := func(tag string) answer {
		r, err := http.NewRequest(http.MethodGet, s.base+"/en/surveys/1/live", nil)
		if err != nil {
			t.Fatal(err)
		}
		r.Header.Set("If-None-Match", tag)
		return s.do(r)
	}
	first := ask("")
	contains(t, "live", first.body, []string{"24 complete answers"}, []string{"<html"})
	if again := ask(first.header.Get("ETag")); again.status != http.StatusNotModified || again.body != "" {
		t.Errorf("nothing changed: %d", again.status)
	}
	s.answered(t, a, 77, `{"why":{"choices":["news"]}}`, true)
	if next := ask(first.header.Get("ETag")); next.status != 200 || !strings.Contains(next.body, "25 complete answers") {
		t.Errorf("an answer came: %d", next.status)
	}
}

// A survey without answers says what to do next.
func TestSurveyWithoutAnswers(t *testing.T) {
	s := newSite(t, nil)
	s.setUp("en")
	s.readingSurvey(t, nil)
	contains(t, "empty", s.page("/en/surveys/1"), []string{"No answers yet", "/en/surveys/1/channels"}, []string{"Where people break off"})
	contains(t, "no answers", s.page("/de/surveys/1/answers"), []string{"Noch keine Antworten"}, nil)
	contains(t, "none of these", s.page("/de/surveys/1/answers?state=late"), []string{"Keine Antwort passt"}, nil)
	contains(t, "no texts", s.page("/de/surveys/1/answers/open"), []string{"Hier hat noch niemand etwas geschrieben"}, nil)
}

// The three files hold the same answers, one row a respondent; nothing of a stranger begins
// a formula, and nothing leads to a person.
func TestSurveyDownloads(t *testing.T) {
	s, a := readingSite(t)
	s.answered(t, a, 40, `{"why":{"choices":["else"],"text":"=HYPERLINK(\"http://evil.example\")"},"tone":{"choices":["dk"]},"more":{"text":"+1;=2"}}`, true)
	if got := s.post("/en/surveys/1/answers/tag", url.Values{"answer": {readingID(40)}, "question": {"more"}, "tags": {"@shop, town"}}); got.status != http.StatusSeeOther {
		t.Fatalf("tag: %d", got.status)
	}
	file := func(kind string) string {
		got := s.get("/en/surveys/1/answers." + kind)
		if got.status != 200 || got.header.Get("Content-Disposition") != `attachment; filename="wishes.`+kind+`"` || got.header.Get("Cache-Control") != "no-store" {
			t.Errorf("%s: %d %v", kind, got.status, got.header)
		}
		contains(t, kind, got.body, nil, []string{"network-hash", "resume-secret"})
		return got.body
	}
	rows, err := csv.NewReader(strings.NewReader(file("csv"))).ReadAll()
	if err != nil || len(rows) != 32 {
		t.Fatalf("%d rows, %v", len(rows), err)
	}
	want := "answer,number,state,form_version,channel,campaign,language,device,begun_at,changed_at,seconds,flags,invalid,why,why.else.text,wants.shoes,wants.people,tone,tone.dk,nps,pairs,order.price,order.look,more,why.tags,more.tags"
	if got := strings.Join(rows[0], ","); got != want {
		t.Errorf("\ngot:  %s\nwant: %s", got, want)
	}
	last := rows[31]
	for name, want := range map[string]string{"why": "else", "why.else.text": `'=HYPERLINK("http://evil.example")`, "tone": "", "tone.dk": "1", "more": "'+1;'=2", "more.tags": "'@shop; town", "wants.shoes": "", "begun_at": testNow.UTC().Format(time.DateOnly), "state": "complete"} {
		if got := last[indexOf(rows[0], name)]; got != want {
			t.Errorf("%s\ngot:  %q\nwant: %q", name, got, want)
		}
	}
	book, err := excelize.OpenReader(strings.NewReader(file("xlsx")))
	if err != nil {
		t.Fatal(err)
	}
	cells, err := book.GetRows("Sheet1")
	if err != nil || len(cells) != 32 || cells[31][14] != `'=HYPERLINK("http://evil.example")` || cells[1][19] != "0" {
		t.Errorf("%d %v %q", len(cells), err, cells[len(cells)-1])
	}
	var d surveyAnswersJSON
	if err := json.Unmarshal([]byte(file("json")), &d); err != nil || len(d.Answers) != 31 || d.Answers[0]["nps"] != 0.0 || d.Answers[30]["why.else.text"] != `=HYPERLINK("http://evil.example")` {
		t.Errorf("%v %v", err, d.Answers)
	}
}

func indexOf(list []string, s string) int {
	for i, x := range list {
		if x == s {
			return i
		}
	}
	return 0
}

// One respondent is erased: no page, file, export or log holds a word of theirs, nor does a
// rebuild bring it back; the same page sent again finds only that somebody was there.
func TestEraseRespondent(t *testing.T) {
	s, a := readingSite(t)
	s.answered(t, a, 50, `{"more":{"text":"planted-saved"}}`, false)
	in := assess.AnswerInput{ID: readingID(50), Secret: "resume-secret-50", Rev: 2, Version: 1, Raw: []byte(`{"why":{"choices":["else"],"text":"planted-other"},"more":{"text":"planted-done"}}`), Done: true, Now: testNow}
	if _, err := a.SendAnswer(context.Background(), s.server.DB, in); err != nil {
		t.Fatal(err)
	}
	late := in
	late.Rev, late.Raw = 3, []byte(`{"more":{"text":"planted-late"}}`)
	if _, err := a.SendAnswer(context.Background(), s.server.DB, late); err != nil {
		t.Fatal(err)
	}
	s.post("/en/surveys/1/answers/tag", url.Values{"answer": {readingID(50)}, "question": {"more"}, "tags": {"planted-tag"}})
	self := "/en/surveys/1/answers/" + readingID(50)
	contains(t, "before", s.page(self), []string{"planted-done", "planted-late", "planted-saved", "planted-tag"}, nil)
	if got := s.post(self+"/erase", nil); got.status != http.StatusUnprocessableEntity || !strings.Contains(got.body, "planted-done") {
		t.Errorf("without being sure: %d", got.status)
	}
	if got := s.post(self+"/erase", url.Values{"sure": {"1"}}); got.status != http.StatusSeeOther {
		t.Errorf("erase: %d", got.status)
	}
	contains(t, "after", s.page(self), []string{"This answer is erased"}, []string{"planted"})
	if err := assess.Rebuild(context.Background(), s.server.DB, goalpost.Organisation{ID: firstOrg, Language: "en", TimeZone: "UTC", Currency: "EUR"}, func(int, int) {}); err != nil {
		t.Fatal(err)
	}
	for _, path := range []string{"", "/answers", "/answers?state=erased", "/answers/open", "/answers.csv", "/answers.xlsx", "/answers.json", "/answers.sav", "/answers.ddi"} {
		contains(t, path, s.page("/en/surveys/1"+path), nil, []string{"planted"})
	}
	if r, err := a.SendAnswer(context.Background(), s.server.DB, in); err != nil || r.State != goalpost.AnswerErased {
		t.Errorf("sent again: %+v %v", r, err)
	}
	contains(t, "log", s.log.String(), nil, []string{"planted"})
	found := 0
	err := filepath.WalkDir(s.server.DataDir, func(path string, d os.DirEntry, err error) error {
		if err != nil || d.IsDir() {
			return err
		}
		b, err := os.ReadFile(path)
		if strings.Contains(string(b), "planted") {
			t.Errorf("%s holds a word of the respondent", path)
		}
		if strings.Contains(string(b), "town number 4") {
			found++
		}
		return err
	})
	if err != nil || found == 0 {
		t.Errorf("somebody else is gone, or this test shows nothing: %v", err)
	}
}

// The team gives tags; the next text is then ready to be tagged, and a tag is a list.
func TestTagOpenAnswers(t *testing.T) {
	s, _ := readingSite(t)
	list := s.page("/en/surveys/1/answers/open?question=more")
	ids := regexp.MustCompile(`id="a-([0-9a-f-]{36})"`).FindAllStringSubmatch(list, -1)
	if len(ids) != 24 {
		t.Fatalf("%d texts", len(ids))
	}
	got := s.post("/en/surveys/1/answers/tag", url.Values{"answer": {ids[0][1]}, "question": {"more"}, "tags": {"shop,  Town hall"}, "next": {ids[1][1]}})
	to := got.header.Get("Location")
	if got.status != http.StatusSeeOther || !strings.Contains(to, "next="+ids[1][1]) {
		t.Fatalf("%d %s", got.status, to)
	}
	contains(t, "next", s.page(to), []string{"shop (1)", "Town hall (1)", "autofocus", `value="Town hall, shop"`}, nil)
	contains(t, "by tag", s.page("/en/surveys/1/answers/open?question=more&tag=shop"), []string{"1 of 24 texts"}, nil)
	contains(t, "untagged", s.page("/en/surveys/1/answers/open?question=more&tag=-"), []string{"23 of 24 texts"}, nil)
	if got := s.post("/en/surveys/1/answers/tag", url.Values{"answer": {ids[0][1]}, "question": {"more"}, "tags": {strings.Repeat("x", 41)}}); got.status != http.StatusUnprocessableEntity || !strings.Contains(got.body, "at most 40 letters") {
		t.Errorf("a long tag: %d", got.status)
	}
}

// A clock that jumps erases nothing: it is looked at again when it has gone on for an hour.
func TestJumped(t *testing.T) {
	const hour = time.Hour
	for name, c := range map[string]struct {
		shows time.Duration
		want  bool
	}{
		"goes on":          {hour, false},
		"is set a little":  {hour + 5*time.Minute, false},
		"jumps a year":     {hour + 365*24*hour, true},
		"jumps back":       {-24 * hour, true},
		"stands, or hangs": {0, true},
	} {
		if got := jumped(testNow, testNow.Add(c.shows), hour); got != c.want {
			t.Errorf("%s: %v", name, got)
		}
	}
}

// At the end of their time single answers are erased by the server itself; the page keeps
// the numbers and says so.
func TestForgetAnswers(t *testing.T) {
	s, a := readingSite(t)
	closed := goalpost.SurveyClosed
	if err := assess.ChangeSurvey(context.Background(), s.server.DB, firstOrg, 1, store.SurveyChange{Revision: a.Survey.Revision, State: &closed, By: "anna", At: testNow}); err != nil {
		t.Fatal(err)
	}
	contains(t, "before", s.page("/en/surveys/1"), []string{"on single answers and e-mail addresses are erased"}, nil)
	s.server.forgetOnce(context.Background(), testNow.AddDate(0, 0, 90))
	contains(t, "after", s.page("/en/surveys/1"), []string{"24 complete answers", "The single answers were erased on", "12 (50%)"}, []string{"town number"})
	contains(t, "texts", s.page("/en/surveys/1/answers/open"), nil, []string{"town number"})
	contains(t, "log", s.log.String(), []string{"answers erased at the end of their time", "answers=30"}, []string{"level=ERROR"})
}

// Reading in a browser: figures that change by themselves, tags by the keyboard, on a wide
// screen and on a phone, in both languages.
func TestBrowserSurveyReading(t *testing.T) {
	for _, lang := range languages {
		t.Run(lang, func(t *testing.T) { walkSurveyReading(t, lang) })
	}
}

func walkSurveyReading(t *testing.T, lang string) {
	s, a := readingSite(t)
	b := browsertest.New(t)
	b.Language(lang)
	b.Open(s.base + "/" + lang + "/login")
	b.Fill("#name", "anna")
	b.Fill("#password", testPassword)
	b.Follow("main form button")
	survey := "/" + lang + "/surveys/1"
	browse(t, b, s, survey)
	picture(b, "survey-"+lang)
	s.answered(t, a, 90, `{"why":{"choices":["news"]}}`, true)
	b.WaitText("main .sentence", "25")
	check(t, b, "figures that changed")
	browse(t, b, s, survey+"?beside=1")
	browse(t, b, s, survey+"/answers")
	picture(b, "survey-answers-"+lang)
	browse(t, b, s, survey+"/answers/"+readingID(3))
	picture(b, "survey-answer-"+lang)
	browse(t, b, s, survey+"/answers/open?question=more")
	b.Fill("article:nth-of-type(1) input[name=tags]", "shop")
	b.Load(func() { b.Press("Enter") })
	b.WaitFor("article:nth-of-type(2) input[name=tags]:focus") // the next text is ready to be tagged
	check(t, b, "tagged")
	picture(b, "survey-open-"+lang)
	b.Open(s.base + "/s/wishes/contact?lang=" + lang)
	check(t, b, "address")
	picture(b, "survey-contact-"+lang)
	b.Viewport(360, 740, true)
	for _, path := range []string{"", "?beside=1", "/answers", "/answers/" + readingID(3), "/answers/open?question=more"} {
		browse(t, b, s, survey+path)
		picture(b, "survey-phone-"+lang+"-"+strings.Trim(regexp.MustCompile(`[^a-z]+`).ReplaceAllString(path, "-"), "-"))
	}
	b.Open(s.base + "/s/wishes/contact?lang=" + lang)
	check(t, b, "address on a phone")
	b.Dark(true)
	browse(t, b, s, survey)
}
