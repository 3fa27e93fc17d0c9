package web

import (
	"context"
	"encoding/csv"
	"fmt"
	"net/http"
	"net/url"
	"strings"
	"testing"
	"time"

	"goalpost"
	"goalpost/assess"
	"goalpost/browsertest"
	"goalpost/document"
	"goalpost/store"
)

// sharedSite has a survey with public results that 120 people answered, and one of the year
// before in the same study.
func sharedSite(t *testing.T) (*site, *assess.AskedSurvey) {
	t.Helper()
	s := newSite(t, nil)
	s.setUp("en")
	study := func(wave string) func(*goalpost.Survey) {
		return func(x *goalpost.Survey) {
			x.Settings.PublicResults, x.Settings.Study, x.Settings.Wave = true, "wishes", wave
			x.Settings.Frames = []string{"https://shop.example"}
			if wave != "2026" {
				x.Slug = "wishes-" + wave
			}
		}
	}
	before := s.readingSurveyOf(t, "wishes-2025", study("2025"))
	for i := range 60 {
		s.answered(t, before, 1000+i, fmt.Sprintf(`{"why":{"choices":["%s"]},"tone":{"number":%d},"nps":{"number":%d}}`, []string{"news", "news", "offers"}[i%3], 1+i%5, i%11), true)
	}
	a := s.readingSurveyOf(t, "wishes", study("2026"))
	for i := range 120 {
		why := []string{"offers", "offers", "offers", "news", "news"}[i%5]
		if i > 117 {
			why = "else"
		}
		body := fmt.Sprintf(`{"why":{"choices":["%s"]%s},"wants":{"choices":["shoes"%s]}%s,"nps":{"number":%d},"pairs":{"number":%d},"order":{"choices":["price","look"]},"more":{"text":"%s"}}`,
			why, map[bool]string{true: `,"text":"a map"`}[why == "else"], []string{"", `,"people"`, ""}[i%3], []string{`,"tone":{"number":` + fmt.Sprint(3+i%3) + `}`, ""}[i/80], []int{9, 10, 7, 3, 9, 10}[i%6], i%9, []string{"Open a shop", "Be quicker", ""}[i%3])
		in := assess.AnswerInput{ID: readingID(i), Secret: fmt.Sprint("resume-secret-", i), Rev: 1, Version: a.Survey.FormVersion, Raw: []byte(body), Done: true,
			Page: a.SignPage(assess.SignedPage{Version: a.Survey.FormVersion, Channel: []string{"ig", "ig", ""}[i%3], At: testNow.Add(-time.Duration(i+9) * 10 * time.Second)}), Language: []string{"de", "de", "en"}[i/45], Device: goalpost.DevicePhone, Network: fmt.Sprint("network-hash-", i), Now: testNow}
		if _, err := a.SendAnswer(context.Background(), s.server.DB, in); err != nil {
			t.Fatal(err)
		}
		if i%3 != 2 && i < 60 {
			if err := a.TagAnswer(context.Background(), s.server.DB, readingID(i), "more", []string{[]string{"shop", "speed"}[i%3]}, "anna", testNow); err != nil {
				t.Fatal(err)
			}
		}
	}
	s.server.publishOnce(context.Background())
	return s, a
}

// readingSurveyOf is readingSurvey under another address.
func (s *site) readingSurveyOf(t *testing.T, slug string, change func(*goalpost.Survey)) *assess.AskedSurvey {
	t.Helper()
	return s.readingSurvey(t, func(x *goalpost.Survey) {
		x.Slug = slug
		change(x)
	})
}

// What the figures say in both languages: in words, with ranges, in groups, without telling
// single people apart, and in files.
func TestSurveyShares(t *testing.T) {
	s, _ := sharedSite(t)
	for _, c := range []struct {
		path            string
		present, absent []string
	}{
		{"/en/surveys/2", []string{"Most often “Offers”: about 6 of 10 (51–68%).", "95% interval", "Net Promoter Score 50 (", "Mean place"}, []string{"ZgotmplZ", "surveyshare.", "NaN", "Inf"}},
		{"/en/surveys/2", []string{"Careful: only 67% of those who were asked answered this.", "Whatever the others would have said, “The two highest (4 and 5)” lies somewhere in", "What people wrote, by tag", "shop"}, nil},
		{"/de/surveys/2", []string{"Am häufigsten „Angebote“: etwa 6 von 10 (51–68\u00a0%).", "Vorsicht: Nur 67\u00a0% der Gefragten haben darauf geantwortet.", "Öffentliche Ergebnisse:", "/s/wishes/results"}, []string{"surveyshare."}},
		{"/en/surveys/2?only=channel:ig", []string{"Shown are 80 of 120 answers."}, nil},
		{"/en/surveys/2?only=answer:why:else", []string{"This group cannot be shown alone"}, []string{"Shown are"}},
		{"/en/surveys/2?by=channel", []string{"By Channel", "Whether the groups differ cannot be told", "A: The plain link", "B: Instagram (ig)", "80 (worth"}, nil},
		{"/de/surveys/2?by=why", []string{"Nach „Warum folgen Sie uns?“", "Alle anderen"}, nil},
		{"/en/surveys/2?by=order", []string{"Groups cannot be made by that."}, nil},
		{"/en/surveys/2?beside=1", []string{"Without suspicious ones"}, nil},
		{"/en/surveys/2/waves", []string{"2025", "2026", "More: ", "26.7\u00a0pts", "Nobody was drawn at random"}, []string{"surveyshare."}},
		{"/de/surveys/2/waves", []string{"Mehr: ", "26,7"}, nil},
		{"/en/surveys/2/shares/why.svg", []string{"<svg", "Offers"}, nil},
	} {
		contains(t, c.path, s.page(c.path), c.present, c.absent)
	}
	file := s.get("/en/surveys/2/shares/why.csv")
	rows, err := csv.NewReader(strings.NewReader(file.body)).ReadAll()
	if err != nil || len(rows) != 4 || rows[1][1] != "offers" || rows[1][8] != "72" || rows[1][9] != "120" || !strings.HasPrefix(rows[1][4], "0.6") {
		t.Errorf("%v %v", rows, err)
	}
	if png := s.get("/de/surveys/2/shares/nps.png"); png.status != 200 || png.header.Get("Content-Type") != "image/png" {
		t.Errorf("png: %d", png.status)
	}
	for path, want := range map[string]int{"/shares/none.svg": 404, "/shares/more.svg": 404, "/shares/why.exe": 404, "/shares/why.csv?only=answer:why:else": 422} {
		if a := s.get("/en/surveys/2" + path); a.status != want {
			t.Errorf("%s: %d, want %d", path, a.status, want)
		}
	}
	s.secondOrganisation(t)
	s.loginAs(t, "eve")
	for _, path := range []string{"", "/waves", "/shares/why.csv", "/live?by=channel"} {
		if a := s.get("/en/surveys/2" + path); a.status != 404 {
			t.Errorf("another organisation at %s: %d", path, a.status)
		}
	}
}

// What anybody may see: no cookie, no text, no small number; it can be kept for a minute, and
// stands in the frames of the sites that the team names.
func TestSurveyPublicResults(t *testing.T) {
	s, a := sharedSite(t)
	s.client = newClient()
	page := s.get("/s/wishes/results?lang=en")
	contains(t, "public", page.body, []string{"This is what 120 people have answered so far.", "60%", "51–68%", "not shown", "The figures move only when at least five new answers are there", "a margin of error for all customers cannot be computed", "Take part"},
		[]string{"a map", "Open a shop", "How many pairs", "surveypublic.", "ZgotmplZ", "Show the answers of"})
	h := page.header
	if page.status != 200 || h.Get("Set-Cookie") != "" || h.Get("Cache-Control") != "public, max-age=60" || h.Get("Vary") == "" || h.Get("ETag") == "" || h.Get("X-Frame-Options") != "DENY" {
		t.Errorf("%d %v", page.status, h)
	}
	contains(t, "in German", s.get("/s/wishes/results?lang=de").body, []string{"Bisher haben 120 Menschen geantwortet", "nicht gezeigt", "Angebote"}, nil)
	framed := s.get("/s/wishes/embed/results").header
	if framed.Get("X-Frame-Options") != "" || !strings.Contains(framed.Get("Content-Security-Policy"), "frame-ancestors https://shop.example") {
		t.Errorf("%v", framed)
	}
	r, err := http.NewRequest(http.MethodGet, s.base+"/s/wishes/results?lang=en", nil)
	if err != nil {
		t.Fatal(err)
	}
	r.Header.Set("If-None-Match", h.Get("ETag"))
	for i := range 4 {
		s.answered(t, a, 300+i, `{"why":{"choices":["news"]}}`, true)
		s.server.publishOnce(context.Background())
		if again := s.do(r); again.status != http.StatusNotModified {
			t.Errorf("%d more answers: %d", i+1, again.status)
		}
	}
	s.answered(t, a, 304, `{"why":{"choices":["news"]}}`, true)
	s.server.publishOnce(context.Background())
	if now := s.do(r); now.status != 200 || !strings.Contains(now.body, "125 people") {
		t.Errorf("five more answers: %d", now.status)
	}
	off := a.Survey.Settings
	off.PublicResults = false
	if err := assess.ChangeSurvey(context.Background(), s.server.DB, firstOrg, a.Survey.ID, store.SurveyChange{Revision: a.Survey.Revision, Settings: &off, By: "anna", At: testNow}); err != nil {
		t.Fatal(err)
	}
	for _, path := range []string{"/s/wishes/results", "/s/wishes/embed/results", "/s/nothing/results"} {
		if got := s.get(path); got.status != 404 {
			t.Errorf("%s: %d", path, got.status)
		}
	}
}

// A team switches the public results on in the settings, and who has answered is led there.
func TestSurveyPublicResultsAreChosen(t *testing.T) {
	s := newSite(t, nil)
	s.setUp("en")
	a := s.readingSurvey(t, nil)
	s.someAnswers(t, a)
	contains(t, "settings", s.page("/de/surveys/1/settings"), []string{"Allen die Ergebnisse zeigen"}, nil)
	form := url.Values{"revision": {fmt.Sprint(a.Survey.Revision)}, "address": {goalpost.FormalAddress}, "anonymous": {"1"}, "sample_kind": {string(goalpost.SampleSelfSelected)}, "public_results": {"1"}}
	if got := s.post("/en/surveys/1/settings", form); got.status != http.StatusSeeOther {
		t.Fatalf("%d %s", got.status, got.body)
	}
	contains(t, "results", textOf(s.get("/s/wishes/results?lang=en").body), []string{"24 people", "too uncertain"}, []string{"12"})
	contains(t, "privacy", s.get("/s/wishes/privacy?lang=en").body, []string{"anybody can see how many gave which answer"}, nil)
	contains(t, "thanks", s.get("/s/wishes/r/"+readingID(3)+"/resume-secret-3?lang=en").body, []string{"See the results so far", "/s/wishes/results?lang=en"}, nil)
}

// The document holds the same numbers as the page, and what is needed to read them.
func TestAPISurveyShares(t *testing.T) {
	s, _ := sharedSite(t)
	token := newToken(t, s, firstOrg, "Screen", goalpost.RoleViewer)
	d := decode[document.SurveyShares](t, s.callAPI("GET", "/surveys/2/shares", token, "").body)
	why := d.Questions[0]
	if d.N != 120 || d.WeightSet != nil || why.Base != 120 || why.Sample != goalpost.SampleSelfSelected || why.Method != "wilson" || why.Options[0].Key != "offers" || *why.Options[0].N != 72 || *why.Options[0].Share != 72.0/120 || *why.Options[0].Lo > 0.51 || *why.EffectiveN > 120 {
		t.Errorf("%+v", why)
	}
	if len(why.Changes) != 3 || why.Changes[0].From != 1 || why.Changes[0].To != 2 || why.Changes[0].Option != "offers" || *why.Changes[0].Points < 25 || *why.Changes[0].PHolm < *why.Changes[0].P {
		t.Errorf("%+v", why.Changes)
	}
	if tone := d.Questions[2]; len(tone.Warnings) != 1 || tone.Response.Skipped != 40 {
		t.Errorf("%+v", tone)
	}
	if a := s.callAPI("GET", "/surveys/2/shares?only=answer:why:else", token, ""); a.status != 422 {
		t.Errorf("%d %s", a.status, a.body)
	}
	if a := s.callAPI("GET", "/surveys/9/shares", token, ""); a.status != 404 {
		t.Errorf("%d", a.status)
	}
}

// In a browser: figures with and without scripts, groups, waves and the public page, on a wide
// screen, on a phone, in the dark and on paper.
func TestBrowserSurveyShares(t *testing.T) {
	s, a := sharedSite(t)
	for _, lang := range languages {
		t.Run(lang, func(t *testing.T) { walkShares(t, s, a, lang, true) })
	}
	t.Run("without scripts", func(t *testing.T) { walkShares(t, s, a, "de", false) })
}

func walkShares(t *testing.T, s *site, a *assess.AskedSurvey, lang string, scripts bool) {
	b := browsertest.New(t)
	if !scripts {
		b.ScriptsOff()
	}
	b.Language(lang)
	b.Open(s.base + "/" + lang + "/login")
	b.Fill("#name", "anna")
	b.Fill("#password", testPassword)
	b.Follow("main form button")
	survey := "/" + lang + "/surveys/2"
	name := "shares-" + lang
	if !scripts {
		name += "-nojs"
	}
	browse(t, b, s, survey)
	picture(b, name)
	b.Select("#by", "why")
	b.Follow("main form button")
	check(t, b, "groups")
	picture(b, name+"-groups")
	if !strings.Contains(b.Text("main"), map[string]string{"en": "All others", "de": "Alle anderen"}[lang]) {
		t.Error("no groups")
	}
	browse(t, b, s, survey+"?only=channel:ig")
	browse(t, b, s, survey+"/waves")
	picture(b, name+"-waves")
	if scripts && lang == "en" {
		browse(t, b, s, survey)
		s.answered(t, a, 901, `{"why":{"choices":["offers"]}}`, true)
		b.WaitText("main", "121 complete answers")
	}
	b.Open(s.base + "/s/wishes/results?lang=" + lang)
	check(t, b, "public")
	picture(b, name+"-public")
	b.Viewport(360, 740, true)
	for _, path := range []string{"", "?by=channel", "/waves"} {
		browse(t, b, s, survey+path)
		picture(b, name+"-phone-"+strings.Trim(strings.NewReplacer("?", "-", "=", "-", "/", "-").Replace(path), "-"))
	}
	b.Open(s.base + "/s/wishes/results?lang=" + lang)
	check(t, b, "public on a phone")
	picture(b, name+"-phone-public")
	b.Dark(true)
	browse(t, b, s, survey)
	picture(b, name+"-dark")
	b.Dark(false)
	b.Viewport(1280, 900, false)
	browse(t, b, s, survey)
	b.PrintMedia(true)
	if b.HorizontalScroll() {
		t.Error("on paper the page is wider than the sheet")
	}
	var onPaper []bool
	b.Eval(`[...document.querySelectorAll("main form.noprint, #q1 figure, #q1 table")].map((e) => e.getClientRects().length > 0)`, &onPaper)
	if len(onPaper) != 3 || onPaper[0] || !onPaper[1] || !onPaper[2] {
		t.Errorf("on paper stand figure and table, and no form: %v", onPaper)
	}
	picture(b, name+"-print")
}
