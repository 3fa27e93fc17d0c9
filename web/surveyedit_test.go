package web

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"net/http"
	"net/url"
	"regexp"
	"slices"
	"strings"
	"testing"

	"goalpost"
	"goalpost/store"
)

// makeSurvey makes a survey from a template, in both languages.
func (s *site) makeSurvey(t *testing.T, template string) {
	t.Helper()
	a := s.post("/en/surveys/new", url.Values{"template": {template}, "title": {"Ask"}, "language": {"en", "de"}, "address": {"sie"}, "who": {"Musterwerk"}})
	if a.status != http.StatusSeeOther || !strings.HasPrefix(a.header.Get("Location"), "/en/surveys/1/edit") {
		t.Fatalf("the survey is not made: %d %s", a.status, textOf(a.body))
	}
}

func (s *site) survey(t *testing.T) goalpost.Survey {
	t.Helper()
	x, err := s.server.DB.Survey(context.Background(), firstOrg, 1)
	if err != nil {
		t.Fatal(err)
	}
	return x
}

func (s *site) revision(t *testing.T) string { t.Helper(); return fmt.Sprint(s.survey(t).Revision) }

// state opens, pauses or closes the survey, confirmed.
func (s *site) state(t *testing.T, do string) {
	t.Helper()
	a := s.post("/en/surveys/1/state", url.Values{"revision": {s.revision(t)}, "do": {do}, "sure": {"1"}})
	if a.status != http.StatusSeeOther {
		t.Fatalf("%s: %d %s", do, a.status, textOf(a.body))
	}
}

// answerSurvey lets somebody answer, so that the form becomes a version for good.
func (s *site) answerSurvey(t *testing.T, n int) {
	t.Helper()
	x := s.survey(t)
	for i := range n {
		sum := sha256.Sum256([]byte(fmt.Sprint(i)))
		sent := store.SentAnswer{Answer: goalpost.Answer{ID: fmt.Sprintf("00000000-0000-4000-8000-%012d", i), Rev: 1, Version: x.FormVersion, BegunAt: testNow, Replies: map[string]goalpost.QuestionReply{}},
			Done: true, Open: true, Revision: x.Revision, Secret: "s", Hash: hex.EncodeToString(sum[:]), Raw: []byte("{}"), At: testNow}
		if kept, err := s.server.DB.KeepAnswer(context.Background(), firstOrg, x.ID, sent); err != nil || kept.State != goalpost.AnswerComplete {
			t.Fatal(kept.State, err)
		}
	}
}

var (
	textareas  = regexp.MustCompile(`(?s)<textarea[^>]* name="([^"]+)"[^>]*>(.*?)</textarea>`)
	inputTags  = regexp.MustCompile(`<input[^>]*>`)
	nameOf     = regexp.MustCompile(` name="([^"]*)"`)
	selectTags = regexp.MustCompile(`(?s)<select[^>]* name="([^"]+)"[^>]*>(.*?)</select>`)
	chosenTag  = regexp.MustCompile(`<option value="([^"]*)" selected`)
	anyOption  = regexp.MustCompile(`<option value="([^"]*)"`)
)

// browserForm is the form of a page as a browser sends it that nobody touched.
func browserForm(page string) url.Values {
	main := page[strings.Index(page, "<main"):]
	form := url.Values{}
	for _, m := range textareas.FindAllStringSubmatch(main, -1) {
		form.Add(m[1], unescaped(m[2]))
	}
	for _, tag := range inputTags.FindAllString(main, -1) {
		name := nameOf.FindStringSubmatch(tag)
		box := strings.Contains(tag, `type="checkbox"`) || strings.Contains(tag, `type="radio"`)
		if name == nil || box && !strings.Contains(tag, " checked") {
			continue
		}
		value := ""
		if v := values.FindStringSubmatch(tag); v != nil {
			value = unescaped(v[1])
		}
		form.Add(name[1], value)
	}
	for _, m := range selectTags.FindAllStringSubmatch(main, -1) {
		if c := chosenTag.FindStringSubmatch(m[2]); c != nil {
			form.Add(m[1], c[1])
		} else if c := anyOption.FindStringSubmatch(m[2]); c != nil {
			form.Add(m[1], c[1])
		}
	}
	return form
}

func unescaped(s string) string {
	return strings.NewReplacer("&#34;", `"`, "&#39;", "'", "&amp;", "&", "&lt;", "<", "&gt;", ">").Replace(s)
}

// sendQuestion changes a question as a person does: the page is opened and changed.
func (s *site) sendQuestion(t *testing.T, code string, change func(map[string][]string), do string) answer {
	t.Helper()
	path := "/en/surveys/1/question/" + code
	form := browserForm(s.page(path))
	if change != nil {
		change(form)
	}
	form.Set("do", do)
	return s.post(path, form)
}

// Opening a question and saving it changes nothing, whatever its type: every field that
// the model has is in the form. So for settings.
func TestSurveyFormKeepsEverything(t *testing.T) {
	for _, template := range goalpost.SurveyTemplates() {
		s := newSite(t, nil)
		s.setUp("en")
		s.makeSurvey(t, template.Code)
		before := s.survey(t)
		for _, q := range before.Form.Questions {
			if a := s.sendQuestion(t, q.Code, nil, "save"); a.status != http.StatusSeeOther {
				t.Errorf("%s %s: %d %s", template.Code, q.Code, a.status, textOf(a.body))
			}
		}
		if a := s.post("/en/surveys/1/settings", browserForm(s.page("/en/surveys/1/settings"))); a.status != http.StatusSeeOther {
			t.Errorf("%s settings: %d %s", template.Code, a.status, textOf(a.body))
		}
		if a := s.post("/en/surveys/1/texts", browserForm(s.page("/en/surveys/1/texts"))); a.status != http.StatusSeeOther {
			t.Errorf("%s texts: %d %s", template.Code, a.status, textOf(a.body))
		}
		after := s.survey(t)
		for i, q := range before.Form.Questions {
			if got, want := fmt.Sprintf("%+v", plainQuestion(after.Form.Questions[i])), fmt.Sprintf("%+v", plainQuestion(q)); got != want {
				t.Errorf("%s\ngot:  %s\nwant: %s", template.Code, got, want)
			}
		}
		if got, want := fmt.Sprintf("%+v", after.Settings), fmt.Sprintf("%+v", before.Settings); got != want {
			t.Errorf("%s settings\ngot:  %s\nwant: %s", template.Code, got, want)
		}
	}
}

// plainQuestion writes a question with what its pointers point to.
func plainQuestion(q goalpost.SurveyQuestion) string {
	scale, rules, bounds := "", "", typedNumber(q.Min)+" "+typedNumber(q.Max)
	if q.Scale != nil {
		scale = fmt.Sprintf("%+v", *q.Scale)
	}
	if q.ShowIf != nil {
		for _, r := range q.ShowIf.Rules {
			rules += fmt.Sprint(r.Question, r.Is, r.Not, typedNumber(r.Min), typedNumber(r.Max), r.Answered)
		}
	}
	q.Scale, q.ShowIf, q.Min, q.Max = nil, nil, nil, nil
	if len(q.Options) == 0 {
		q.Options = nil
	}
	return fmt.Sprintf("%+v", q) + scale + rules + bounds
}

// What is wrong is said at its field, and nothing that was typed is lost.
func TestSurveyQuestionProblems(t *testing.T) {
	s := newSite(t, nil)
	s.setUp("en")
	s.makeSurvey(t, "follow")
	for name, c := range map[string]struct {
		question string
		change   url.Values
		want     string // in the page, beside what was typed
		field    string
	}{
		"no wording":       {"why", url.Values{"wording_en": {""}, "wording_de": {"Nur deutsch"}}, "first language", `href="#wording"`},
		"empty option":     {"why", url.Values{"label_0_en": {""}, "label_0_de": {""}, "wording_de": {"Nur deutsch"}}, "no text", `href="#option-0"`},
		"not a number":     {"why", url.Values{"max": {"zwei"}, "wording_de": {"Nur deutsch"}}, "zwei", `href="#max"`},
		"too many wanted":  {"why", url.Values{"min": {"90"}, "wording_de": {"Nur deutsch"}}, "90", `href="#min"`},
		"no choice at all": {"since", url.Values{"choice_0": nil, "wording_de": {"Nur deutsch"}}, "Tick at least one", `href="#rule-0"`},
	} {
		a := s.sendQuestion(t, c.question, func(f map[string][]string) {
			for k, v := range c.change {
				f[k] = v
			}
		}, "save")
		if a.status != http.StatusUnprocessableEntity || !strings.Contains(a.body, c.want) || !strings.Contains(a.body, c.field) || !strings.Contains(a.body, "Nur deutsch") {
			t.Errorf("%s\ngot:  %d %s", name, a.status, textOf(a.body))
		}
	}
	if q, _ := s.survey(t).Form.Question("why"); q.Wording["de"] != "Warum folgen Sie uns?" {
		t.Errorf("something wrong was kept: %v", q.Wording)
	}
	form := browserForm(s.page("/en/surveys/1/add?type=single"))
	form.Set("wording_en", "Half a question")
	form.Set("do", "save")
	if a := s.post("/en/surveys/1/add", form); a.status != http.StatusUnprocessableEntity || !strings.Contains(a.body, "Half a question") || !strings.Contains(a.body, "at least two") {
		t.Errorf("half a question\ngot:  %d %s", a.status, textOf(a.body))
	}
}

// Options are moved, removed and added without losing their codes.
func TestSurveyOptions(t *testing.T) {
	s := newSite(t, nil)
	s.setUp("en")
	s.makeSurvey(t, "follow")
	codes := func() string {
		q, _ := s.survey(t).Form.Question("since")
		var list []string
		for _, o := range q.Options {
			list = append(list, o.Code)
		}
		return strings.Join(list, " ")
	}
	s.sendQuestion(t, "since", nil, "down-0")
	if got, want := codes(), "year month longer dont_know"; got != want {
		t.Errorf("\ngot:  %s\nwant: %s", got, want)
	}
	s.sendQuestion(t, "since", func(f map[string][]string) {
		f["label_4_en"], f["label_4_de"] = []string{"Über Nacht!"}, []string{"Über Nacht!"}
	}, "up-4")
	s.sendQuestion(t, "since", nil, "drop-0")
	s.sendQuestion(t, "since", nil, "role-no_answer")
	if got, want := codes(), "month longer ueber_nacht dont_know no_answer"; got != want {
		t.Errorf("\ngot:  %s\nwant: %s", got, want)
	}
	a := s.sendQuestion(t, "since", func(f map[string][]string) { f["label_0_en"] = []string{""}; f["label_0_de"] = []string{""} }, "down-1")
	if a.status != http.StatusOK || !strings.Contains(a.body, "Not saved yet") {
		t.Errorf("what cannot be kept yet\ngot:  %d %s", a.status, textOf(a.body))
	}
	s.sendQuestion(t, "since", func(f map[string][]string) { f["label_0_en"] = []string{"Renamed"} }, "save")
	if got, want := codes(), "month longer ueber_nacht dont_know no_answer"; got != want {
		t.Errorf("other words make another code\ngot:  %s\nwant: %s", got, want)
	}
}

// Two people change the same survey: the second is told, and what was typed stays.
func TestSurveyConflict(t *testing.T) {
	s := newSite(t, nil)
	s.setUp("en")
	s.makeSurvey(t, "csat")
	old := s.page("/en/surveys/1/question/solved")
	oldSettings, oldTexts, oldEdit := s.page("/en/surveys/1/settings"), s.page("/en/surveys/1/texts"), s.revision(t)
	s.sendQuestion(t, "csat", func(f map[string][]string) { f["help_en"] = []string{"Theirs"} }, "save")
	for path, c := range map[string]struct {
		form  url.Values
		field string
	}{
		"/en/surveys/1/question/solved": {browserForm(old), "wording_en"},
		"/en/surveys/1/settings":        {browserForm(oldSettings), "responsible_en"},
		"/en/surveys/1/texts":           {browserForm(oldTexts), "intro_en"},
	} {
		c.form.Set(c.field, "My long typed text")
		c.form.Set("do", "save")
		a := s.post(path, c.form)
		if a.status != http.StatusConflict || !strings.Contains(a.body, "My long typed text") || !strings.Contains(a.body, "else changed") {
			t.Errorf("%s\ngot:  %d %s", path, a.status, textOf(a.body))
			continue
		}
		again := browserForm(a.body)
		again.Set("do", "save")
		if b := s.post(path, again); b.status != http.StatusSeeOther {
			t.Errorf("%s sent once more\ngot:  %d %s", path, b.status, textOf(b.body))
		}
	}
	if a := s.post("/en/surveys/1/edit", url.Values{"revision": {oldEdit}, "question": {"csat"}, "do": {"remove"}}); a.status != http.StatusConflict {
		t.Errorf("an old list removes a question\ngot:  %d", a.status)
	}
	x := s.survey(t)
	if q, _ := x.Form.Question("csat"); q.Help["en"] != "Theirs" || x.Form.Intro["en"] != "My long typed text" {
		t.Errorf("one change overwrote another: %v %v", q.Help, x.Form.Intro)
	}
	form := browserForm(s.page("/en/surveys/1/question/open"))
	s.post("/en/surveys/1/edit", url.Values{"revision": {s.revision(t)}, "question": {"open"}, "do": {"remove"}})
	form.Set("wording_en", "Typed while it was removed")
	form.Set("do", "save")
	if a := s.post("/en/surveys/1/question/open", form); a.status != http.StatusConflict || !strings.Contains(a.body, "Typed while it was removed") || !strings.Contains(a.body, `action="/en/surveys/1/add"`) {
		t.Errorf("a question that somebody removed\ngot:  %d %s", a.status, textOf(a.body))
	}
}

// Once there are answers a change waits until it is published as a new version; a question
// loses its trend unless a person declares that it asks the same.
func TestSurveyVersions(t *testing.T) {
	s := newSite(t, nil)
	s.setUp("en")
	s.makeSurvey(t, "csat")
	s.state(t, "open")
	s.answerSurvey(t, 2)
	reword := func(code, text string) {
		s.sendQuestion(t, code, func(f map[string][]string) { f["wording_en"] = []string{text} }, "save")
	}
	reword("csat", "How satisfied are you?")
	reword("solved", "Is it settled?")
	if x := s.survey(t); x.FormVersion != 1 || x.Form.Questions[0].Wording["en"] == "How satisfied are you?" {
		t.Fatalf("respondents see a change that nobody published: version %d", x.FormVersion)
	}
	page := s.page("/en/surveys/1/publish")
	for _, want := range []string{"become version 2", "The wording is another.", `value="csat"`, `value="solved"`} {
		if !strings.Contains(page, want) {
			t.Errorf("no %q in %s", want, textOf(page))
		}
	}
	if a := s.post("/en/surveys/1/publish", url.Values{"revision": {s.revision(t)}, "keep": {"csat"}, "do": {"publish"}}); a.status != http.StatusSeeOther {
		t.Fatalf("publish: %d %s", a.status, textOf(a.body))
	}
	x := s.survey(t)
	csat, _ := x.Form.Question("csat")
	solved, _ := x.Form.Question("solved")
	if x.FormVersion != 2 || csat.Version != 1 || solved.Version != 2 {
		t.Errorf("\ngot:  version %d, trends %d and %d\nwant: version 2, trends 1 and 2", x.FormVersion, csat.Version, solved.Version)
	}
	for _, want := range []string{"Version 2", "declared to ask the same", "its trend begins anew"} {
		if page := s.page("/en/surveys/1/versions"); !strings.Contains(page, want) {
			t.Errorf("no %q in %s", want, textOf(page))
		}
	}
	reword("csat", "Dropped again")
	s.post("/en/surveys/1/publish", url.Values{"revision": {s.revision(t)}, "do": {"drop"}})
	if page := s.page("/en/surveys/1/edit"); strings.Contains(page, "Dropped again") {
		t.Error("a change that was dropped is still there")
	}
}

// A question that is removed takes the conditions with it that speak of it, and brings
// them back.
func TestSurveyRemoveAndUndo(t *testing.T) {
	s := newSite(t, nil)
	s.setUp("en")
	s.makeSurvey(t, "csat")
	before := s.survey(t).Form
	a := s.post("/en/surveys/1/edit", url.Values{"revision": {s.revision(t)}, "question": {"solved"}, "do": {"remove"}})
	if a.status != http.StatusOK || !strings.Contains(a.body, "one condition that spoke of it") {
		t.Fatalf("\ngot:  %d %s", a.status, textOf(a.body))
	}
	if q, _ := s.survey(t).Form.Question("open"); q.ShowIf != nil {
		t.Error("a condition speaks of a question that is gone")
	}
	form := url.Values{"revision": {s.revision(t)}, "do": {"undo"}, "removed": {unescaped(regexp.MustCompile(`name="removed" value="([^"]*)"`).FindStringSubmatch(a.body)[1])}}
	if a := s.post("/en/surveys/1/edit", form); a.status != http.StatusSeeOther {
		t.Fatalf("undo: %d %s", a.status, textOf(a.body))
	}
	after := s.survey(t).Form
	same := slices.EqualFunc(after.Questions, before.Questions, func(a, b goalpost.SurveyQuestion) bool { return plainQuestion(a) == plainQuestion(b) })
	if !same {
		t.Errorf("\ngot:  %+v\nwant: %+v", after.Questions, before.Questions)
	}
	for _, bad := range []string{"", "null", `{"place":3}`, `{"question":{"code":"x"}}`} {
		form.Set("removed", bad)
		form.Set("revision", s.revision(t))
		if a := s.post("/en/surveys/1/edit", form); a.status/100 != 4 {
			t.Errorf("undo of %q\ngot:  %d", bad, a.status)
		}
	}
	if a := s.post("/en/surveys/1/edit", url.Values{"revision": {s.revision(t)}, "question": {"solved"}, "do": {"down"}}); a.status != http.StatusSeeOther {
		t.Errorf("move: %d", a.status)
	}
	a = s.post("/en/surveys/1/edit", url.Values{"revision": {s.revision(t)}, "question": {"open"}, "do": {"up"}})
	for range 3 {
		a = s.post("/en/surveys/1/edit", url.Values{"revision": {s.revision(t)}, "question": {"open"}, "do": {"up"}})
	}
	if a.status != http.StatusUnprocessableEntity {
		t.Errorf("a question before the one that it depends on\ngot:  %d", a.status)
	}
}

// Viewers read and never write; another organisation finds nothing.
func TestSurveyRights(t *testing.T) {
	s := newSite(t, nil)
	s.setUp("en")
	s.makeSurvey(t, "csat")
	s.addUser(t, firstOrg, "vic", goalpost.RoleViewer)
	s.secondOrganisation(t)
	revision := s.revision(t)
	posts := map[string]url.Values{
		"/edit": {"question": {"csat"}, "do": {"remove"}}, "/texts": {"title_en": {"x"}, "languages": {"en"}}, "/add": {"type": {"text"}, "wording_en": {"x"}, "do": {"save"}},
		"/question/csat": {"type": {"text"}, "wording_en": {"x"}, "do": {"save"}}, "/settings": {"address": {"du"}}, "/publish": {"do": {"publish"}}, "/state": {"do": {"open"}}, "/copy": {},
	}
	gets := []string{"/edit", "/texts", "/add?type=text", "/question/csat", "/settings", "/publish", "/preview", "/preview/form", "/versions"}
	for _, who := range []struct {
		name string
		want int
	}{{"vic", http.StatusForbidden}, {"eve", http.StatusNotFound}} {
		s.loginAs(t, who.name)
		for path, form := range posts {
			form.Set("revision", revision)
			if a := s.post("/en/surveys/1"+path, form); a.status != who.want {
				t.Errorf("%s POST %s\ngot:  %d\nwant: %d", who.name, path, a.status, who.want)
			}
		}
		for _, path := range gets {
			want := who.want
			if who.name == "vic" && (strings.HasPrefix(path, "/preview") || path == "/versions") {
				want = http.StatusOK
			}
			if a := s.get("/en/surveys/1" + path); a.status != want {
				t.Errorf("%s GET %s\ngot:  %d\nwant: %d", who.name, path, a.status, want)
			}
		}
	}
	s.loginAs(t, "vic")
	if page := s.page("/en/surveys"); strings.Contains(page, "/copy") || !strings.Contains(page, "/surveys/1/preview") {
		t.Errorf("what a viewer is offered: %s", textOf(page))
	}
	if got := s.revision(t); got != revision {
		t.Errorf("somebody changed it\ngot:  revision %s\nwant: %s", got, revision)
	}
}

// Opening says what to look at, refuses what cannot be, and pausing and closing ask once
// more; a copy has everything but answers and dates.
func TestSurveyStatesAndCopy(t *testing.T) {
	s := newSite(t, nil)
	s.setUp("en")
	s.makeSurvey(t, "brand")
	settings := browserForm(s.page("/en/surveys/1/settings"))
	settings.Set("closes_at", "2026-03-01T12:00")
	settings.Set("responsible_en", "")
	settings.Set("responsible_de", "")
	settings.Set("quota_0", "seen|yes")
	settings.Set("quota_limit_0", "50")
	if a := s.post("/en/surveys/1/settings", settings); a.status != http.StatusSeeOther {
		t.Fatalf("settings: %d %s", a.status, textOf(a.body))
	}
	page := s.page("/en/surveys/1/publish")
	for _, want := range []string{"closing date has passed", "square brackets", "not said who asks", "missing in: German"} {
		if !strings.Contains(page, want) {
			t.Errorf("no %q in %s", want, textOf(page))
		}
	}
	if a := s.post("/en/surveys/1/state", url.Values{"revision": {s.revision(t)}, "do": {"open"}}); a.status != http.StatusUnprocessableEntity {
		t.Errorf("opened after its end\ngot:  %d", a.status)
	}
	settings = browserForm(s.page("/en/surveys/1/settings"))
	settings.Set("closes_at", "2026-04-01T12:00")
	settings.Set("asked", "many")
	if a := s.post("/en/surveys/1/settings", settings); a.status != http.StatusUnprocessableEntity || !strings.Contains(a.body, `value="many"`) || !strings.Contains(a.body, "2026-04-01T12:00") {
		t.Errorf("a wrong number loses what was typed: %d", a.status)
	}
	settings.Set("asked", "200")
	s.post("/en/surveys/1/settings", settings)
	zone, _ := s.server.DB.Organisation(context.Background(), firstOrg)
	if x := s.survey(t).Settings; x.ClosesAt.In(zone.Zone()).Format(localTime) != "2026-04-01T12:00" || x.Asked != 200 || len(x.Quotas) != 1 || x.Quotas[0].Limit != 50 {
		t.Errorf("settings: %+v", x)
	}
	s.state(t, "open")
	if page := s.page("/en/surveys/1/publish"); !strings.Contains(page, "/s/ask\"") {
		t.Errorf("no link in %s", textOf(page))
	}
	if a := s.post("/en/surveys/1/state", url.Values{"revision": {s.revision(t)}, "do": {"close"}}); a.status != http.StatusOK || !strings.Contains(a.body, "Close the survey?") || s.survey(t).State != goalpost.SurveyOpen {
		t.Errorf("closing does not ask: %d", a.status)
	}
	s.state(t, "pause")
	s.answerSurvey(t, 1)
	if a := s.post("/en/surveys/1/copy", nil); a.status != http.StatusSeeOther || !strings.HasPrefix(a.header.Get("Location"), "/en/surveys/2/edit") {
		t.Fatalf("copy: %d %s", a.status, textOf(a.body))
	}
	list, err := s.server.DB.Surveys(context.Background(), firstOrg)
	if err != nil || len(list) != 2 || list[0].Slug != "ask-2" || list[0].State != goalpost.SurveyDraft || !list[0].Settings.ClosesAt.IsZero() || list[0].Settings.Asked != 200 || list[0].Answered {
		t.Errorf("the copy: %+v %v", list[0], err)
	}
}

// The address comes from the title, umlauts are spelt out, and no two surveys have one.
func TestSurveyNew(t *testing.T) {
	s := newSite(t, nil)
	s.setUp("en")
	for _, want := range []string{"was-wuenschen-sie-sich-groesse", "was-wuenschen-sie-sich-groesse-2"} {
		s.post("/de/surveys/new", url.Values{"template": {"wishes"}, "title": {"Was wünschen Sie sich? Größe!"}, "language": {"en", "de"}, "address": {"du"}})
		list, err := s.server.DB.Surveys(context.Background(), firstOrg)
		if err != nil || len(list) == 0 || list[0].Slug != want || list[0].Form.Languages[0] != "de" || list[0].Form.Intro["de"] != "Deine Antworten entscheiden, was wir als Nächstes machen." {
			t.Errorf("\ngot:  %+v %v\nwant: %s", list, err, want)
		}
	}
	for name, form := range map[string]url.Values{
		"no title":    {"title": {""}, "language": {"de"}, "address": {"sie"}},
		"no language": {"title": {"Typed title"}, "address": {"sie"}},
		"bad slug":    {"title": {"Typed title"}, "slug": {"Ä b"}, "language": {"de"}, "address": {"sie"}},
		"taken slug":  {"title": {"Typed title"}, "slug": {"was-wuenschen-sie-sich-groesse"}, "language": {"de"}, "address": {"sie"}},
	} {
		form.Set("template", "nps")
		a := s.post("/de/surveys/new", form)
		if a.status/100 != 4 || !strings.Contains(a.body, `role="alert"`) || !strings.Contains(a.body, form.Get("title")) {
			t.Errorf("%s\ngot:  %d %s", name, a.status, textOf(a.body))
		}
	}
	if a := s.get("/en/surveys/new?template=nothing"); a.status != http.StatusNotFound {
		t.Errorf("a template that is not there: %d", a.status)
	}
}

// The preview is the respondents' page with what is being worked on: it goes from page to
// page, names what is missing, and keeps nothing.
func TestSurveyPreview(t *testing.T) {
	s := newSite(t, nil)
	s.setUp("en")
	s.makeSurvey(t, "brand")
	s.state(t, "open")
	s.sendQuestion(t, "recall", func(f map[string][]string) {
		f["wording_en"], f["required"] = []string{"Which brands, in the draft?"}, []string{"1"}
	}, "save")
	before := s.dump(t)
	a := s.get("/en/surveys/1/preview/form?in=en")
	if a.status != http.StatusOK || !strings.Contains(a.body, "Which brands, in the draft?") || strings.Contains(a.body, "survey.js") || !strings.Contains(a.header.Get("Content-Security-Policy"), "frame-ancestors 'self'") {
		t.Fatalf("\ngot:  %d %s", a.status, textOf(a.body))
	}
	send := func(change url.Values) answer {
		form := browserForm(a.body)
		form.Set("do", "next")
		for k, v := range change {
			form[k] = v
		}
		return s.post("/en/surveys/1/preview/form", form)
	}
	if b := send(nil); !strings.Contains(b.body, `role="alert"`) {
		t.Errorf("an empty answer to what must be answered\ngot:  %d %s", b.status, textOf(b.body))
	}
	a = send(url.Values{"t.recall": {"Tide"}})
	if !strings.Contains(a.body, "Which of these brands") {
		t.Fatalf("the second page\ngot:  %d %s", a.status, textOf(a.body))
	}
	a = send(url.Values{"c.known": {"none"}})
	if strings.Contains(a.body, "What do you think of") {
		t.Errorf("a question is asked although its condition does not hold: %s", textOf(a.body))
	}
	for range 2 {
		a = send(url.Values{"do": {"send"}})
	}
	if !strings.Contains(a.body, "Nothing was sent") {
		t.Errorf("the end\ngot:  %d %s", a.status, textOf(a.body))
	}
	if s.dump(t) != before {
		t.Error("the preview wrote something")
	}
}

// A new survey is in the language of the page alone, unless somebody wants more: in each
// further one every text is written again.
func TestSurveyBeginsInOneLanguage(t *testing.T) {
	s := newSite(t, nil)
	s.setUp("en")
	for lang, other := range map[string]string{"de": "en", "en": "de"} {
		page := s.get("/" + lang + "/surveys/new?template=wishes").body
		if !strings.Contains(page, `value="`+lang+`" checked`) || strings.Contains(page, `value="`+other+`" checked`) {
			t.Errorf("%s: not this language alone is chosen", lang)
		}
		if strings.Index(page, `name="language" value="`+lang) > strings.Index(page, `name="language" value="`+other) {
			t.Errorf("%s: the other language comes first", lang)
		}
	}
	got := s.post("/de/surveys/new", url.Values{"template": {"wishes"}, "title": {"Wünsche"}, "language": {"de"}, "address": {"sie"}, "slug": {"wuensche"}})
	if got.status != http.StatusSeeOther {
		t.Fatalf("new survey: %d", got.status)
	}
	page := s.get("/de/surveys/1/question/more_of").body
	if !strings.Contains(page, `<label for="wording_de">Frage</label>`) || strings.Contains(page, "Deutsch</label>") {
		t.Error("of a single language its name is said at each field")
	}
	opened := s.post("/de/surveys/1/state", url.Values{"revision": {"1"}, "do": {"open"}})
	if opened.status != http.StatusSeeOther {
		t.Fatalf("open: %d", opened.status)
	}
	if !strings.Contains(s.get("/de/surveys/1/publish").body, `<a class="button" href="/de/surveys/1/channels">`) {
		t.Error("from an open survey nothing leads to the links")
	}
}

// Moving a question or an option leads back to the button that moves it further.
func TestSurveyBuilderLeadsOn(t *testing.T) {
	for _, c := range []struct {
		do, want string
		options  int
	}{{"up-1", "down-0", 3}, {"up-2", "up-1", 3}, {"down-0", "down-1", 3}, {"down-1", "up-2", 3}, {"drop-2", "drop-1", 3}, {"drop-0", "more", 1}, {"more", "text-3", 3}, {"role-other", "text-3", 3}, {"save", "", 3}} {
		x := questionEntry{}
		for i := range c.options {
			x.q.Options = append(x.q.Options, goalpost.Item{Code: string(rune('a' + i)), Label: goalpost.Text{"de": "x"}})
		}
		if x.act(c.do, "", []string{"de"}); x.focus != c.want {
			t.Errorf("%s of %d leads to %q, want %q", c.do, c.options, x.focus, c.want)
		}
	}
}
