package web

import (
	"context"
	"html"
	"net/http"
	"net/url"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"goalpost"
	"goalpost/assess"
	"goalpost/store"
)

func said(en, de string) goalpost.Text { return goalpost.Text{"en": en, "de": de} }

func question(code string, kind goalpost.QuestionType, en, de string) goalpost.SurveyQuestion {
	return goalpost.SurveyQuestion{Question: goalpost.Question{Code: code, Type: kind, Wording: said(en, de)}}
}

func number(v float64) *float64 { return &v }

// customerSurvey has a question of every type, on three pages, and two with conditions: one on
// the same page, one on a later page.
func customerSurvey() goalpost.Survey {
	why := question("why", goalpost.SingleChoice, "Why do you follow us?", "Warum folgen Sie uns?")
	why.Required = true
	why.Help = said("The most important reason.", "Der wichtigste Grund.")
	why.Options = []goalpost.Item{{Code: "offers", Label: said("Offers", "Angebote")}, {Code: "news", Label: said("News", "Neuigkeiten")}, {Code: "other", Label: said("Something else", "Etwas anderes"), Role: goalpost.RoleOther}}
	which := question("which", goalpost.TextQuestion, "Which offers do you miss?", "Welche Angebote fehlen Ihnen?")
	which.Required = true
	which.ShowIf = &goalpost.Condition{Rules: []goalpost.Rule{{Question: "why", Is: []string{"offers"}}}}
	wishes := question("wishes", goalpost.MultipleChoice, "What would you like to see more of?", "Wovon möchten Sie mehr sehen?")
	wishes.NewPage, wishes.Shuffle, wishes.Max = true, true, number(2)
	wishes.Options = []goalpost.Item{{Code: "how", Label: said("How things are made", "Wie etwas gemacht wird")}, {Code: "people", Label: said("People", "Menschen")}, {Code: "prices", Label: said("Prices", "Preise")}, {Code: "none", Label: said("None of these", "Nichts davon"), Role: goalpost.RoleNone}}
	satisfied := question("satisfied", goalpost.ScaleQuestion, "How satisfied are you with our answers?", "Wie zufrieden sind Sie mit unseren Antworten?")
	satisfied.Scale = &goalpost.Scale{Low: 1, High: 5, Labels: []goalpost.Text{said("very dissatisfied", "sehr unzufrieden"), said("very satisfied", "sehr zufrieden")}}
	satisfied.Options = []goalpost.Item{{Code: "dk", Label: said("Don’t know", "Weiß nicht"), Role: goalpost.RoleDontKnow}}
	stars := question("stars", goalpost.ScaleQuestion, "How do you like our pictures?", "Wie gefallen Ihnen unsere Bilder?")
	stars.Scale = &goalpost.Scale{Low: 1, High: 5, Look: goalpost.LookStars}
	nps := question("nps", goalpost.NPSQuestion, "How likely are you to recommend us?", "Wie wahrscheinlich ist es, dass Sie uns empfehlen?")
	nps.NewPage = true
	hours := question("hours", goalpost.NumberQuestion, "How many hours a week are you on social media?", "Wie viele Stunden pro Woche sind Sie in sozialen Medien?")
	hours.Min, hours.Max, hours.Decimals, hours.Unit = number(0), number(168), 1, said("hours", "Stunden")
	order := question("order", goalpost.RankingQuestion, "What matters most?", "Was ist am wichtigsten?")
	order.Options = []goalpost.Item{{Code: "price", Label: said("Price", "Preis")}, {Code: "quality", Label: said("Quality", "Qualität")}, {Code: "speed", Label: said("Speed", "Tempo")}}
	sad := question("sad", goalpost.TextQuestion, "What went wrong?", "Was ist schiefgegangen?")
	sad.Long, sad.NewPage = true, true
	sad.ShowIf = &goalpost.Condition{Rules: []goalpost.Rule{{Question: "nps", Max: number(6)}}}
	agree := question("agree", goalpost.ConsentQuestion, "You may quote me without my name.", "Sie dürfen mich ohne Namen zitieren.")
	return goalpost.Survey{Slug: "wishes", Form: goalpost.Form{Languages: []string{"en", "de"}, Title: said("What would you like from us?", "Was wünschen Sie sich von uns?"),
		Intro: said("You help us to post what is worth your time.", "Sie helfen uns zu zeigen, was Ihre Zeit wert ist."), Questions: []goalpost.SurveyQuestion{why, which, wishes, satisfied, stars, nps, hours, order, agree, sad}},
		Settings: goalpost.SurveySettings{Address: goalpost.FormalAddress, Anonymous: true, Sample: goalpost.SampleSelfSelected, Channels: []goalpost.Channel{{Code: "ig", Network: goalpost.Instagram, Campaign: "spring"}},
			Responsible: said("Tide Ltd, 1 Harbour Street", "Tide GmbH, Hafenstraße 1")}}
}

// askCustomers makes an open survey.
func (s *site) askCustomers(t *testing.T, change func(*goalpost.Survey)) goalpost.Survey {
	t.Helper()
	x := customerSurvey()
	if change != nil {
		change(&x)
	}
	made, err := assess.CreateSurvey(t.Context(), s.server.DB, 1, assess.SurveyInput{Survey: x, Secret: [32]byte{7}, By: "anna", Now: testNow})
	if err != nil {
		t.Fatal(err)
	}
	s.changeSurvey(t, made.ID, func(c *store.SurveyChange) { open := goalpost.SurveyOpen; c.State = &open })
	return made
}

func (s *site) changeSurvey(t *testing.T, id goalpost.SurveyID, change func(*store.SurveyChange)) {
	t.Helper()
	x, err := s.server.DB.Survey(t.Context(), 1, id)
	if err != nil {
		t.Fatal(err)
	}
	c := store.SurveyChange{Revision: x.Revision, By: "anna", At: testNow}
	change(&c)
	if err := assess.ChangeSurvey(t.Context(), s.server.DB, 1, id, c); err != nil {
		t.Fatal(err)
	}
}

// answersOf are all answers that are kept.
func (s *site) answersOf(t *testing.T, id goalpost.SurveyID) []goalpost.Answer {
	t.Helper()
	list, err := s.server.DB.AnswersSince(context.Background(), 1, id, 0, 1000)
	if err != nil {
		t.Fatal(err)
	}
	return list
}

var (
	hiddenOfForm = regexp.MustCompile(`<input type="hidden" name="([a-z]+)" value="([^"]*)">`)
	checkedBox   = regexp.MustCompile(`name="([^"]+)" value="([^"]*)"[^>]* checked`)
)

// formOf are the fields of a page of a survey that are filled in by themselves.
func formOf(page string) url.Values {
	form := url.Values{}
	for _, m := range hiddenOfForm.FindAllStringSubmatch(page, -1) {
		form.Set(m[1], unescape(m[2]))
	}
	for _, m := range checkedBox.FindAllStringSubmatch(page, -1) {
		form.Add(m[1], m[2])
	}
	return form
}

// step fills in a page and sends it, and returns what comes after it with its address.
func (s *site) step(t *testing.T, page, do string, fields ...string) (answer, string) {
	t.Helper()
	form := formOf(page)
	form.Set("do", do)
	for i := 0; i < len(fields); i += 2 {
		form.Del(fields[i])
	}
	for i := 0; i < len(fields); i += 2 {
		form.Add(fields[i], fields[i+1])
	}
	a := s.post("/s/wishes/r/"+form.Get("rid"), form)
	if a.status != http.StatusSeeOther {
		return a, ""
	}
	to, _, _ := strings.Cut(a.header.Get("Location"), "#")
	return s.get(to), a.header.Get("Location")
}

// Without scripts: from the first page to the receipt, with conditions on the same and on a
// later page. What was answered is on disk at every step.
func TestSurveyWithoutScripts(t *testing.T) {
	s := newSite(t, nil)
	s.setUp("en")
	x := s.askCustomers(t, nil)
	s.client = newClient()
	page := s.page("/s/wishes/ig?lang=de")
	for _, want := range []string{`lang="de"`, "Warum folgen Sie uns?", "(Pflicht)", "Etwa 2 Minuten.", "Niemand erfährt", "/s/wishes/privacy?lang=de", `name="website" tabindex="-1"`} {
		if !strings.Contains(page, want) {
			t.Errorf("no %q in %s", want, page)
		}
	}
	if len(s.answersOf(t, x.ID)) != 0 {
		t.Error("opening the page keeps an answer")
	}
	a, to := s.step(t, page, doNext, "c.why", "offers")
	if a.status != 200 || !strings.HasSuffix(to, "#q-which") || !strings.Contains(a.body, "Aus dieser Antwort ergibt sich noch eine Frage") || strings.Contains(a.body, `id="q-which" data-q="which" data-kind="short" data-if="{&#34;rules&#34;:[{&#34;question&#34;:&#34;why&#34;,&#34;is&#34;:[&#34;offers&#34;]}]}" hidden`) {
		t.Fatalf("a question that came up on the same page: %s\n%s", to, a.body)
	}
	a, _ = s.step(t, a.body, doNext)
	if a.status != http.StatusUnprocessableEntity || !strings.Contains(a.body, "Welche Angebote fehlen Ihnen? – Bitte diese Frage beantworten.") || !strings.Contains(a.body, `value="offers" checked`) && !strings.Contains(a.body, `value="offers" data-alone checked`) {
		t.Fatalf("a required question left out: %d\n%s", a.status, a.body)
	}
	a, _ = s.step(t, a.body, doNext, "t.which", "Mehr Mützen")
	if kept := s.answersOf(t, x.ID); len(kept) != 1 || kept[0].Replies["which"].Text != "Mehr Mützen" || kept[0].Channel != "ig" || kept[0].Campaign != "spring" || kept[0].State != goalpost.AnswerBegun || kept[0].Language != "de" {
		t.Fatalf("after the first page: %+v", kept)
	}
	a, _ = s.step(t, a.body, doNext, "c.wishes", "how", "c.wishes", "people", "n.satisfied", "o:dk", "n.stars", "4")
	if !strings.Contains(a.body, "Seite 3 von 4") || !strings.Contains(a.body, ">Weiter</button>") {
		t.Fatalf("page 3 may be followed by another: %s", a.body)
	}
	a, _ = s.step(t, a.body, doNext, "n.nps", "10", "n.hours", "7,5", "r.order.price", "2", "r.order.quality", "1", "c.agree", "yes")
	if !strings.Contains(a.body, "Das war die letzte Frage") {
		t.Fatalf("who is not asked more sends: %s", a.body)
	}
	a, to = s.step(t, a.body, doSend)
	receipt := regexp.MustCompile(`id="receipt">([0-9A-Z-]{19})<`).FindStringSubmatch(a.body)
	if receipt == nil || !strings.Contains(a.body, "Vielen Dank. Ihre Antworten sind gespeichert.") {
		t.Fatalf("thanks at %s: %s", to, a.body)
	}
	got := s.answersOf(t, x.ID)[0]
	if r := got.Replies; got.State != goalpost.AnswerComplete || *r["hours"].Number != 7.5 || !slices.Equal(r["order"].Choices, []string{"quality", "price"}) || *r["nps"].Number != 10 || r["agree"].Choices[0] != "yes" || len(r["wishes"].Choices) != 2 || r["satisfied"].Choices[0] != "dk" || *r["stars"].Number != 4 {
		t.Errorf("%+v", got)
	}
	for path, header := range map[string]string{"Cache-Control": "no-store", "Referrer-Policy": "no-referrer"} {
		if a.header.Get(path) != header {
			t.Errorf("%s of a page with a secret: %q", path, a.header.Get(path))
		}
	}
	if again := s.get(to); !strings.Contains(again.body, receipt[1]) {
		t.Error("the thanks are gone when the page is loaded again")
	}
	if len(a.header.Values("Set-Cookie")) > 0 {
		t.Error("a respondent gets a cookie")
	}
	s.tryReceipt(t, receipt[1], x.ID)
	if strings.Contains(s.log.String(), got.ID) {
		t.Error("the log holds an answer's id")
	}
}

// tryReceipt sees the own answers and deletes them, after being asked.
func (s *site) tryReceipt(t *testing.T, receipt string, id goalpost.SurveyID) {
	t.Helper()
	wrong := s.post("/s/wishes/receipt?lang=de", url.Values{"receipt": {"AAAA-BBBB-CCCC-DDDD"}})
	if wrong.status != http.StatusUnprocessableEntity || !strings.Contains(wrong.body, "AAAA-BBBB-CCCC-DDDD") {
		t.Errorf("a wrong receipt: %d\n%s", wrong.status, wrong.body)
	}
	seen := s.post("/s/wishes/receipt?lang=de", url.Values{"receipt": {strings.ToLower(receipt)}})
	for _, want := range []string{"Mehr Mützen", "1. Qualität", "7,5 Stunden", "Weiß nicht", "Meine Antworten löschen"} {
		if !strings.Contains(seen.body, want) {
			t.Errorf("no %q in the own answers: %s", want, textOf(seen.body))
		}
	}
	sure := s.post("/s/wishes/receipt?lang=de", url.Values{"receipt": {receipt}, "do": {"delete"}})
	if !strings.Contains(sure.body, "Wirklich löschen?") || s.answersOf(t, id)[0].State != goalpost.AnswerComplete {
		t.Fatal("deleted without being asked")
	}
	gone := s.post("/s/wishes/receipt?lang=de", url.Values{"receipt": {receipt}, "do": {"sure"}})
	if !strings.Contains(gone.body, "Ihre Antworten sind gelöscht") || s.answersOf(t, id)[0].State != goalpost.AnswerErased || len(s.answersOf(t, id)[0].Replies) != 0 {
		t.Errorf("not deleted: %s", textOf(gone.body))
	}
}

func unescape(s string) string { return html.UnescapeString(s) }

// Every step can be taken back, left and gone on with; an older page that is sent later takes
// nothing away that was answered after it.
func TestSurveyBackAndLater(t *testing.T) {
	s := newSite(t, nil)
	s.setUp("en")
	x := s.askCustomers(t, nil)
	first := s.page("/s/wishes")
	a, _ := s.step(t, first, doNext, "c.why", "news")
	second := a.body
	a, _ = s.step(t, second, doNext, "c.wishes", "prices", "n.satisfied", "2")
	a, to := s.step(t, a.body, doLater, "n.nps", "3")
	link := regexp.MustCompile(`http://[^<]+/s/wishes/r/[^<?]+`).FindString(a.body)
	if link == "" || !strings.Contains(to, "later=1") {
		t.Fatalf("no link to go on with at %s: %s", to, a.body)
	}
	s.client = newClient()
	resumed := s.page(strings.TrimPrefix(link, s.base))
	if !strings.Contains(resumed, `name="c.why"`) && !strings.Contains(resumed, `name="n.stars"`) {
		t.Errorf("the link leads to a page without an open question: %s", textOf(resumed))
	}
	back := s.page(strings.TrimPrefix(link, s.base) + "?at=2")
	if !strings.Contains(back, `name="n.nps" value="3" checked`) {
		t.Errorf("what was typed is not filled in: %s", back)
	}
	a, _ = s.step(t, back, doBack)
	if !strings.Contains(a.body, `name="c.wishes" value="prices" checked`) {
		t.Errorf("back: %s", a.body)
	}
	a, _ = s.step(t, first, doNext, "c.why", "other", "t.why", "Friends")
	if kept := s.answersOf(t, x.ID)[0]; *kept.Replies["nps"].Number != 3 || kept.Replies["why"].Text != "Friends" || kept.Replies["wishes"].Choices[0] != "prices" {
		t.Errorf("an older page, sent later: %+v", kept.Replies)
	}
	if wrong := s.get(strings.TrimPrefix(link, s.base) + "x"); wrong.status != http.StatusNotFound {
		t.Errorf("a wrong secret: %d", wrong.status)
	}
	form := formOf(first)
	form.Set("secret", "of-somebody-else")
	if other := s.post("/s/wishes/r/"+form.Get("rid"), form); other.status != http.StatusForbidden {
		t.Errorf("another secret: %d", other.status)
	}
}

// What cannot be right is kept and asked again, with everything that was typed.
func TestSurveyProblemsKeepWhatWasTyped(t *testing.T) {
	s := newSite(t, nil)
	s.setUp("en")
	x := s.askCustomers(t, func(x *goalpost.Survey) { x.Form.Questions[9].NewPage = false })
	a, _ := s.step(t, s.page("/s/wishes"), doNext, "c.why", "news")
	a, _ = s.step(t, a.body, doNext, "c.wishes", "none", "c.wishes", "how")
	if a.status != 422 || !strings.Contains(a.body, "This answer stands alone") || strings.Count(a.body, " checked") != 2 {
		t.Errorf("none and another: %s", textOf(a.body))
	}
	a, _ = s.step(t, a.body, doNext, "c.wishes", "how")
	a, _ = s.step(t, a.body, doSend, "n.hours", "about twelve", "r.order.price", "1", "r.order.speed", "1", "n.nps", "10")
	for _, want := range []string{"Please give a number.", `value="about twelve"`, "Each place can be given once.", `href="#f-hours"`, `id="f-hours"`, `aria-invalid="true"`, "autofocus", `value="10" checked`} {
		if !strings.Contains(a.body, want) {
			t.Errorf("no %q in %s", want, a.body)
		}
	}
	if got := strings.Count(a.body, `<option value="1" selected>`); got != 2 {
		t.Errorf("both places that were chosen stay\ngot:  %d", got)
	}
	kept := s.answersOf(t, x.ID)[0]
	if kept.State != goalpost.AnswerBegun || kept.Replies["hours"].Text != "about twelve" {
		t.Errorf("what was typed is not kept: %+v", kept)
	}
	a, to := s.step(t, a.body, doSend, "n.hours", "1.234,5", "r.order.price", "1", "r.order.speed", "2")
	if !strings.Contains(a.body, "from 0 to 168") {
		t.Errorf("too many hours, at %q: %s", to, textOf(a.body))
	}
	a, _ = s.step(t, a.body, doSend, "n.hours", "12.5")
	if !strings.Contains(a.body, "Thank you. Your answers are saved.") || *s.answersOf(t, x.ID)[0].Replies["hours"].Number != 12.5 {
		t.Errorf("after it was put right: %s", textOf(a.body))
	}
	form := formOf(a.body)
	if len(form.Get("receipt")) != 19 {
		t.Errorf("no receipt: %v", form)
	}
}

// More than fits is not cut off: it is shown again.
func TestSurveyTooMuch(t *testing.T) {
	s := newSite(t, nil)
	s.setUp("en")
	x := s.askCustomers(t, nil)
	much := strings.Repeat("wörter ", goalpost.MaxAnswerBytes/7)
	a, _ := s.step(t, s.page("/s/wishes"), doNext, "c.why", "offers", "t.which", much)
	if a.status != http.StatusRequestEntityTooLarge || !strings.Contains(a.body, "Not saved yet") || !strings.Contains(a.body, strings.TrimSpace(much)) || len(s.answersOf(t, x.ID)) != 0 {
		t.Errorf("\ngot:  %d %.300s", a.status, textOf(a.body))
	}
	a, _ = s.step(t, s.page("/s/wishes"), doNext, "c.why", "offers", "t.which", strings.Repeat("ö", 501))
	if a.status != http.StatusUnprocessableEntity || !strings.Contains(a.body, "Up to 500 letters; there are 501.") || s.answersOf(t, x.ID)[0].Replies["which"].Text != strings.Repeat("ö", 501) {
		t.Errorf("\ngot:  %d %.300s", a.status, textOf(a.body))
	}
}

// Who sends the end twice, or changes something after it, gets the same receipt.
func TestSurveySentTwice(t *testing.T) {
	s := newSite(t, nil)
	s.setUp("en")
	x := s.askCustomers(t, func(x *goalpost.Survey) { x.Form.Questions, x.Settings.Limit = x.Form.Questions[:1], 1 })
	page, second := s.page("/s/wishes"), s.page("/s/wishes")
	first, _ := s.step(t, page, doSend, "c.why", "news")
	again, to := s.step(t, page, doSend, "c.why", "news")
	late, lateTo := s.step(t, page, doSend, "c.why", "offers")
	receipt := formOf(first.body).Get("receipt")
	if receipt == "" || formOf(again.body).Get("receipt") != receipt || formOf(late.body).Get("receipt") != receipt {
		t.Errorf("receipts: %q %q %q", receipt, formOf(again.body).Get("receipt"), formOf(late.body).Get("receipt"))
	}
	if strings.Contains(to, "late=1") || !strings.Contains(lateTo, "late=1") || !strings.Contains(late.body, "Those count; the change was noted.") {
		t.Errorf("after the end: %s, then %s", to, lateTo)
	}
	if a := s.answersOf(t, x.ID); len(a) != 1 || a[0].Replies["why"].Choices[0] != "news" {
		t.Errorf("%+v", a)
	}
	if full := s.get("/s/wishes"); full.status != 200 || !strings.Contains(full.body, "Enough people have answered already") {
		t.Errorf("as many as the limit: %d %s", full.status, textOf(full.body))
	}
	over, _ := s.step(t, second, doSend, "c.why", "news")
	if !strings.Contains(over.body, "do not count in the results") || s.answersOf(t, x.ID)[1].State != goalpost.AnswerOverQuota {
		t.Errorf("one too many is told so: %s", textOf(over.body))
	}
}

// An invitation goes along from page to page, and is used up by the end alone.
func TestSurveyInvitationGoesAlong(t *testing.T) {
	s := newSite(t, nil)
	s.setUp("en")
	x := s.askCustomers(t, func(x *goalpost.Survey) {
		x.Settings.Invited = true
		x.Form.Questions = x.Form.Questions[2:5]
		x.Form.Questions[1].NewPage = true
	})
	a, to := s.step(t, s.page("/s/wishes"), doNext, "invitation", "token-1")
	if !strings.Contains(to, "i=token-1") || formOf(a.body).Get("invitation") != "token-1" {
		t.Fatalf("the invitation is lost on the way: %s", to)
	}
	a, _ = s.step(t, a.body, doLater)
	if !strings.Contains(a.body, "i=token-1") {
		t.Error("the link to go on with has no invitation")
	}
	a, _ = s.step(t, s.page("/s/wishes"), doNext)
	a, _ = s.step(t, a.body, doSend)
	if !strings.Contains(a.body, "one answer for each invitation") || s.answersOf(t, x.ID)[1].State != goalpost.AnswerUninvited {
		t.Errorf("without an invitation: %s", textOf(a.body))
	}
}

// One question at a time, and a question on a page that was left out is come back to before the end.
func TestSurveyOneByOne(t *testing.T) {
	s := newSite(t, nil)
	s.setUp("en")
	x := s.askCustomers(t, func(x *goalpost.Survey) {
		x.Form.OneByOne = true
		x.Form.Questions = []goalpost.SurveyQuestion{x.Form.Questions[0], x.Form.Questions[5], x.Form.Questions[9]}
	})
	a, _ := s.step(t, s.page("/s/wishes"), doNext, "c.why", "news")
	if !strings.Contains(a.body, "recommend us") || strings.Contains(a.body, "Why do you follow") {
		t.Fatalf("not one at a time: %s", textOf(a.body))
	}
	form := formOf(a.body)
	form.Set("do", doSend)
	form.Set("n.nps", "9")
	form.Set("state", "{}")
	form.Set("rev", "9") // a page that lost what was answered before
	sent := s.post("/s/wishes/r/"+form.Get("rid"), form)
	if to := sent.header.Get("Location"); !strings.Contains(to, "at=0") || !strings.Contains(to, "check=1") {
		t.Fatalf("a required answer is missing: %d %s", sent.status, to)
	}
	to, _, _ := strings.Cut(sent.header.Get("Location"), "#")
	a, _ = s.step(t, s.get(to).body, doNext, "c.why", "offers")
	if !strings.Contains(a.body, `value="9" checked`) {
		t.Fatalf("on to the next: %s", textOf(a.body))
	}
	a, _ = s.step(t, a.body, doNext)
	a, _ = s.step(t, a.body, doSend)
	if !strings.Contains(a.body, "Your receipt") || s.answersOf(t, x.ID)[0].State != goalpost.AnswerComplete {
		t.Errorf("the end: %s", textOf(a.body))
	}
}

// A survey that takes no answers says why; a draft is nobody's business.
func TestSurveyPhases(t *testing.T) {
	s := newSite(t, nil)
	s.setUp("en")
	x := s.askCustomers(t, nil)
	first := s.page("/s/wishes")
	a, _ := s.step(t, first, doNext, "c.why", "news")
	begun := s.get(regexp.MustCompile(`/s/wishes/r/[^?]+`).FindString(mustLocation(t, s, first)))
	set := func(state goalpost.SurveyState, change func(*goalpost.SurveySettings)) {
		s.changeSurvey(t, x.ID, func(c *store.SurveyChange) {
			settings := customerSurvey().Settings
			if change != nil {
				change(&settings)
			}
			c.State, c.Settings = &state, &settings
		})
	}
	for _, c := range []struct {
		name   string
		state  goalpost.SurveyState
		change func(*goalpost.SurveySettings)
		status int
		want   string
	}{
		{"paused", goalpost.SurveyPaused, nil, 200, "Diese Umfrage macht gerade eine Pause"},
		{"closed", goalpost.SurveyClosed, nil, 200, "Diese Umfrage ist beendet"},
		{"own words", goalpost.SurveyClosed, func(x *goalpost.SurveySettings) { x.After = said("Over", "Aus und vorbei") }, 200, "Aus und vorbei"},
		{"waiting", goalpost.SurveyOpen, func(x *goalpost.SurveySettings) { x.OpensAt = testNow.Add(time.Hour) }, 200, "noch nicht begonnen"},
		{"over", goalpost.SurveyOpen, func(x *goalpost.SurveySettings) { x.ClosesAt = testNow }, 200, "Diese Umfrage ist beendet"},
		{"open", goalpost.SurveyOpen, nil, 200, "Warum folgen Sie uns?"},
		{"draft", goalpost.SurveyDraft, nil, 404, ""},
	} {
		set(c.state, c.change)
		if got := s.get("/s/wishes?lang=de"); got.status != c.status || !strings.Contains(got.body, c.want) {
			t.Errorf("%s: %d\n%s", c.name, got.status, textOf(got.body))
		}
	}
	set(goalpost.SurveyPaused, nil)
	if a, _ = s.step(t, a.body, doNext, "c.wishes", "how"); a.status != 200 || !strings.Contains(a.body, "recommend us") {
		t.Errorf("who has begun goes on while it pauses: %d %s", a.status, textOf(a.body))
	}
	if begun.status != 200 {
		t.Errorf("the link to go on: %d", begun.status)
	}
	for _, path := range []string{"/s/none", "/s/none/receipt", "/s/wishes/xx", "/s/none/privacy", "/s/wishes/r/x/y"} {
		if got := s.get(path); got.status != http.StatusNotFound || strings.Contains(got.body, "<nav") {
			t.Errorf("%s: %d\n%s", path, got.status, got.body)
		}
	}
}

// mustLocation sends a page again and returns where it leads.
func mustLocation(t *testing.T, s *site, page string) string {
	t.Helper()
	_, to := s.step(t, page, doNext, "c.why", "news")
	if to == "" {
		t.Fatal("the page leads nowhere")
	}
	return to
}

// A page that cannot be kept is shown again as it was typed, with a button to send it again.
func TestSurveyNotSaved(t *testing.T) {
	s := newSite(t, nil)
	s.setUp("en")
	x := s.askCustomers(t, nil)
	page := s.page("/s/wishes?lang=de")
	db := s.server.DB
	if err := db.Close(); err != nil {
		t.Fatal(err)
	}
	a, _ := s.step(t, page, doNext, "c.why", "other", "t.why", "Wegen der <Bilder>")
	for _, want := range []string{"Noch nicht gespeichert", "Noch einmal senden", "Wegen der &lt;Bilder&gt;", `value="other"`} {
		if !strings.Contains(a.body, want) {
			t.Errorf("no %q in %s", want, a.body)
		}
	}
	if a.status != http.StatusServiceUnavailable || a.header.Get("Retry-After") == "" {
		t.Errorf("\ngot:  %d %v", a.status, a.header)
	}
	var err error
	if s.server.DB, err = store.Open(t.Context(), s.server.DataDir, store.Options{}); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = s.server.DB.Close() })
	if a, _ = s.step(t, a.body, doNext, "t.why", "Wegen der <Bilder>"); a.status != 200 || s.answersOf(t, x.ID)[0].Replies["why"].Text != "Wegen der <Bilder>" {
		t.Errorf("sent again: %d %s", a.status, textOf(a.body))
	}
}

// Only the sites that the team names show a survey inside their pages.
func TestSurveyInAFrame(t *testing.T) {
	s := newSite(t, nil)
	s.setUp("en")
	x := s.askCustomers(t, func(x *goalpost.Survey) {
		x.Settings.Results = true
		x.Settings.Consent = said("You may write to me.", "Sie dürfen mir schreiben.")
		x.Settings.Frames = []string{"https://shop.example", "https://*.tide.example"}
	})
	framed := func(a answer) bool {
		return strings.HasSuffix(a.header.Get("Content-Security-Policy"), "frame-ancestors https://shop.example https://*.tide.example") && a.header.Get("X-Frame-Options") == "" && a.header.Get("Cross-Origin-Resource-Policy") == "cross-origin"
	}
	for _, path := range []string{"", "/ig", "/privacy", "/receipt", "/none", "/r/none/none", "/contact"} {
		if in, out := s.get("/s/wishes/embed"+path), s.get("/s/wishes"+path); !framed(in) || in.status != out.status || !strings.HasSuffix(out.header.Get("Content-Security-Policy"), "frame-ancestors 'none'") || out.header.Get("X-Frame-Options") != "DENY" {
			t.Errorf("%s: %d %v and %d %v", path, in.status, in.header, out.status, out.header)
		}
	}
	page := s.page("/s/wishes/embed/ig")
	for _, want := range []string{`action="/s/wishes/embed/r/`, `href="/s/wishes/embed/privacy?lang=en"`, `href="/s/wishes/embed/ig?lang=de"`} {
		if !strings.Contains(page, want) {
			t.Errorf("no %q: links leave the frame: %s", want, page)
		}
	}
	form := formOf(page)
	form.Set("c.why", "news")
	form.Set("do", doNext)
	sent := s.post("/s/wishes/embed/r/"+form.Get("rid"), form)
	to, _, _ := strings.Cut(sent.header.Get("Location"), "#")
	if next := s.get(to); sent.status != http.StatusSeeOther || !strings.HasPrefix(to, "/s/wishes/embed/r/") || !framed(sent) || !framed(next) || !strings.Contains(next.body, "Page 2 of") {
		t.Errorf("%d %s %d", sent.status, to, next.status)
	}
	if kept := s.answersOf(t, x.ID); len(kept) != 1 || kept[0].Channel != "ig" {
		t.Errorf("by which channel: %+v", kept)
	}
	later := s.page(to + "&later=1")
	if strings.Contains(later, s.base+"/s/wishes/embed/r/") || !strings.Contains(later, s.base+"/s/wishes/r/") {
		t.Error("the link to go on with leads into the frame")
	}
	other := newSite(t, nil)
	other.setUp("en")
	other.askCustomers(t, nil)
	if a := other.get("/s/wishes/embed"); a.status != 200 || !strings.Contains(a.header.Get("Content-Security-Policy"), "frame-ancestors 'none'") || a.header.Get("X-Frame-Options") != "DENY" {
		t.Error("a survey without sites can be framed")
	}
}

// The language is one's own choice, else the browser's, else the survey's first; the program's
// own words say so where they are in another one.
func TestSurveyLanguage(t *testing.T) {
	s := newSite(t, nil)
	s.setUp("en")
	s.askCustomers(t, func(x *goalpost.Survey) {
		x.Form.Languages = []string{"en", "de", "fr"}
		x.Form.Title["fr"] = "Que souhaitez-vous ?"
		x.Settings.Address = goalpost.FamiliarAddress
	})
	ask := func(path, accept string) string {
		r, err := http.NewRequest(http.MethodGet, s.base+path, nil)
		if err != nil {
			t.Fatal(err)
		}
		r.Header.Set("Accept-Language", accept)
		return s.do(r).body
	}
	for _, c := range []struct{ path, accept, want string }{
		{"/s/wishes", "de-AT", `<html lang="de">`}, {"/s/wishes", "ja", `<html lang="en">`}, {"/s/wishes", "", `<html lang="en">`},
		{"/s/wishes?lang=fr", "de", `<html lang="fr">`}, {"/s/wishes?lang=xx", "de", `<html lang="de">`},
		{"/s/wishes?lang=fr", "", `<span lang="en">Why do you follow us?</span>`}, {"/s/wishes?lang=fr", "", `<div lang="en"><p class="steps"><button name="do" value="next">Next`},
		{"/s/wishes?lang=fr", "", `hreflang="de" href="/s/wishes?lang=de">Deutsch`}, {"/s/wishes", "de", "Was mit deinen Antworten geschieht"},
	} {
		if page := ask(c.path, c.accept); !strings.Contains(page, c.want) {
			t.Errorf("%s %s: no %s in %s", c.path, c.accept, c.want, page)
		}
	}
	a, to := s.step(t, ask("/s/wishes?lang=en", ""), "lang-de", "c.why", "news")
	if !strings.Contains(to, "lang=de") || !strings.Contains(a.body, `value="news" checked`) {
		t.Errorf("another language on the way: %s", to)
	}
}

// The privacy page says what the survey does, and what it does not.
func TestSurveyPrivacy(t *testing.T) {
	s := newSite(t, nil)
	s.setUp("en")
	s.askCustomers(t, func(x *goalpost.Survey) {
		x.Settings.KeepDays, x.Settings.Privacy = 90, said("We are nice.", "Wir sind nett.")
	})
	for path, list := range map[string][]string{
		"/s/wishes/privacy?lang=en": {"Tide Ltd, 1 Harbour Street", "the day, not the time", "on which of our channels", "no cookies", "90 days after", "We are nice.", "/s/wishes/receipt?lang=en"},
		"/s/wishes/privacy?lang=de": {"Tide GmbH, Hafenstraße 1", "der Tag, nicht die Uhrzeit", "keine Cookies", "90 Tage nach", "Wir sind nett."},
	} {
		page := s.page(path)
		for _, want := range list {
			if !strings.Contains(page, want) {
				t.Errorf("%s: no %q in %s", path, want, textOf(page))
			}
		}
		if strings.Contains(page, "E-Mail") || strings.Contains(page, "e-mail") {
			t.Errorf("%s speaks of e-mail addresses, which nobody asks for", path)
		}
	}
}

// What is done with answers beyond the settings stands on the privacy page as well, and an
// address that can lead to answers is not said to be apart from them.
func TestSurveyPrivacyOfWhatIsDone(t *testing.T) {
	s := newSite(t, nil)
	s.setUp("en")
	x := s.askCustomers(t, func(x *goalpost.Survey) {
		x.Settings.Anonymous, x.Settings.Prize, x.Settings.Consent = false, true, said("For the prize.", "Für den Preis.")
	})
	const hooks, invited, apart = "other systems", "which invitation", "apart from your answers"
	contains(t, "before", s.page("/s/wishes/privacy?lang=en"), []string{"can be kept with your answers", "For the prize."}, []string{hooks, invited, apart})
	h, _, err := assess.AddHook(t.Context(), s.server.DB, 1, assess.HookInput{Survey: x.ID, URL: "https://example.org", By: "anna", Now: testNow})
	if err != nil {
		t.Fatal(err)
	}
	email, err := goalpost.ParsePrivateEmail("ada@example.com")
	if err != nil {
		t.Fatal(err)
	}
	if _, err := s.server.DB.AddInvitations(t.Context(), 1, x.ID, []goalpost.Invitation{{Email: email}}, testNow); err != nil {
		t.Fatal(err)
	}
	contains(t, "after", s.page("/s/wishes/privacy?lang=en"), []string{hooks, invited}, []string{apart})
	if err := s.server.DB.SwitchHook(t.Context(), 1, h.ID, true); err != nil {
		t.Fatal(err)
	}
	contains(t, "switched off", s.page("/s/wishes/privacy?lang=en"), []string{invited}, []string{hooks})
}

// Links of respondents are not logged, and their pages are not compressed.
func TestSurveySecretsStaySecret(t *testing.T) {
	for path, want := range map[string]string{"/s/wishes/r/id/secret": "/s/wishes/r/***", "/s/wishes/r/id": "/s/wishes/r/***", "/s/wishes/i/token": "/s/wishes/i/***", "/s/wishes/ig": "/s/wishes/ig", "/s/r/receipt": "/s/r/receipt",
		"/s/wishes/embed/r/id/secret": "/s/wishes/embed/r/***", "/s/wishes/embed/ig": "/s/wishes/embed/ig", "/s/embed/r/id/secret": "/s/embed/r/***"} {
		if got := loggedPath(path); got != want {
			t.Errorf("\ngot:  %s\nwant: %s", got, want)
		}
		if holdsSecret(path) != (path != want) {
			t.Errorf("%s is compressed: %v", path, !holdsSecret(path))
		}
	}
}

// Mail programs and search engines open every link: nothing changes by it.
func TestSurveyGETsChangeNothing(t *testing.T) {
	s := newSite(t, nil)
	s.setUp("en")
	x := s.askCustomers(t, nil)
	_, to := s.step(t, s.page("/s/wishes"), doNext, "c.why", "news")
	before, rows := s.dump(t), s.answersOf(t, x.ID)
	seen, queue := map[string]bool{}, []string{"/s/wishes", "/s/wishes/ig", to, strings.Replace(to, "at=1", "later=1", 1), strings.Replace(to, "at=1", "check=1", 1), "/s/wishes/receipt", "/s/wishes/privacy"}
	link := regexp.MustCompile(`href="(/s/[^"#]+)`)
	for len(queue) > 0 {
		path := unescape(queue[0])
		queue = queue[1:]
		if seen[path] {
			continue
		}
		seen[path] = true
		a := s.get(path)
		if a.status != 200 {
			t.Errorf("%s: %d", path, a.status)
		}
		for _, m := range link.FindAllStringSubmatch(a.body, -1) {
			queue = append(queue, m[1])
		}
	}
	if len(seen) < 12 {
		t.Errorf("only %d addresses were found", len(seen))
	}
	if s.dump(t) != before || len(s.answersOf(t, x.ID)) != len(rows) {
		t.Error("opening pages changed what is kept")
	}
}

// The first page stays under 40 KB as it is sent, with style and script.
func TestSurveyPageIsSmall(t *testing.T) {
	s := newSite(t, nil)
	s.setUp("en")
	s.askCustomers(t, func(x *goalpost.Survey) {
		for i := range x.Form.Questions {
			x.Form.Questions[i].NewPage = false
		}
	})
	total := 0
	for _, path := range []string{"/s/wishes", s.server.assets.path("app.css"), s.server.assets.path("survey.css"), s.server.assets.path("survey.js"), s.server.assets.path("icon.svg")} {
		r, err := http.NewRequest(http.MethodGet, s.base+path, nil)
		if err != nil {
			t.Fatal(err)
		}
		r.Header.Set("Accept-Encoding", "gzip")
		a := s.do(r)
		if a.status != 200 || a.header.Get("Content-Encoding") != "gzip" {
			t.Errorf("%s: %d, encoding %q", path, a.status, a.header.Get("Content-Encoding"))
		}
		total += len(a.body)
	}
	t.Logf("%d bytes compressed", total)
	if total > 40_000 {
		t.Errorf("%d bytes compressed, at most 40,000 are allowed", total)
	}
}

// What is called by receipt is not guessed: one client has a few attempts a minute.
func TestReceiptAttempts(t *testing.T) {
	s := newSite(t, nil)
	s.setUp("en")
	s.askCustomers(t, nil)
	for i := range receiptAttempts + 1 {
		a := s.post("/s/wishes/receipt", url.Values{"receipt": {"AAAA-BBBB-CCCC-DDDD"}})
		want := http.StatusUnprocessableEntity
		if i == receiptAttempts {
			want = http.StatusTooManyRequests
		}
		if a.status != want {
			t.Fatalf("attempt %d\ngot:  %d\nwant: %d", i+1, a.status, want)
		}
	}
}

// Numbers are read with comma and with point, in any language.
func TestReadNumber(t *testing.T) {
	for _, c := range []struct {
		typed    string
		decimals int
		want     float64
		ok       bool
	}{
		{"7", 0, 7, true}, {"7,5", 1, 7.5, true}, {"7.5", 1, 7.5, true}, {"1.234,5", 1, 1234.5, true}, {"1,234.5", 1, 1234.5, true}, {"1.000", 0, 1000, true}, {"1,000", 2, 1000, true},
		{"1.234", 3, 1.234, true}, {"1 000", 0, 1000, true}, {"1’000", 0, 1000, true}, {"−3", 0, -3, true}, {",5", 1, 0.5, true}, {"12.", 0, 12, true}, {"0.500", 1, 0.5, true},
		{"", 0, 0, false}, {"ten", 0, 0, false}, {"NaN", 0, 0, false}, {"1e5", 0, 0, false}, {"0x10", 0, 0, false}, {"Inf", 0, 0, false}, {"1,2,3", 0, 0, false}, {"-", 0, 0, false}, {"7 h", 0, 0, false},
	} {
		if got, ok := readNumber(c.typed, c.decimals); got != c.want || ok != c.ok {
			t.Errorf("%q\ngot:  %v %v\nwant: %v %v", c.typed, got, ok, c.want, c.ok)
		}
	}
}

// Every text that speaks to respondents exists in both forms of address.
func TestSurveySpeaksBothWays(t *testing.T) {
	files, err := filepath.Glob("tmpl/survey*.gohtml")
	if err != nil {
		t.Fatal(err)
	}
	sources, err := filepath.Glob("survey*.go")
	if err != nil {
		t.Fatal(err)
	}
	key, found := regexp.MustCompile(`\.A(?: |\()"([^"]+)"`), 0
	for _, name := range append(files, sources...) {
		text, err := os.ReadFile(name)
		if err != nil {
			t.Fatal(err)
		}
		for _, m := range key.FindAllStringSubmatch(string(text), -1) {
			found++
			for _, lang := range languages {
				for _, form := range []string{goalpost.FormalAddress, goalpost.FamiliarAddress} {
					if p := printerFor(lang, nil); !p.Has(m[1] + form) {
						t.Errorf("%s: no text %q in %s", name, m[1]+form, lang)
					}
				}
			}
		}
	}
	if found < 15 {
		t.Errorf("only %d texts found: the search is broken", found)
	}
}
