package web

import (
	"net/http"
	"strings"
	"sync/atomic"
	"testing"

	"goalpost"
	"goalpost/assess"
	"goalpost/browsertest"
	"goalpost/store"
)

// cut is a connection that breaks instead of a status.
const cut = -1

// surveySite is a site with the customers' survey; refuse may hold a status that all that is
// sent gets instead of being kept, or cut.
func surveySite(t *testing.T, change func(*goalpost.Survey)) (s *site, x goalpost.Survey, refuse *atomic.Int32) {
	t.Helper()
	s = newSite(t, nil)
	s.setUp("en")
	x = s.askCustomers(t, change)
	refuse = &atomic.Int32{}
	h := s.handler.Load().(http.Handler)
	s.handler.Store(http.Handler(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		switch status := refuse.Load(); {
		case status == 0 || r.Method == http.MethodGet:
		case status == cut:
			panic(http.ErrAbortHandler)
		default:
			w.WriteHeader(int(status))
			return
		}
		h.ServeHTTP(w, r)
	})))
	return s, x, refuse
}

// respondentWords are what the way through a survey looks for in each language.
type respondentWords struct{ which, missing, page2, end, thanks, receipt, saved string }

var respondents = map[string]respondentWords{
	"en": {"Which offers do you miss?", "Please answer this question.", "Page 2 of 4", "That was the last question", "Thank you. Your answers are saved.", "Your receipt", "Saved."},
	"de": {"Welche Angebote fehlen Ihnen?", "Bitte diese Frage beantworten.", "Seite 2 von 4", "Das war die letzte Frage", "Vielen Dank. Ihre Antworten sind gespeichert.", "Ihre Quittung", "Gespeichert."},
}

// On a phone, in both languages, with and without scripts: from the first question to the
// receipt, with a question that comes up, one that is left out, and a page that is taken back.
func TestBrowserSurveyOnAPhone(t *testing.T) {
	for _, c := range []struct {
		lang    string
		scripts bool
	}{{"en", true}, {"de", true}, {"en", false}, {"de", false}} {
		name := c.lang
		if !c.scripts {
			name += "-without-scripts"
		}
		t.Run(name, func(t *testing.T) { answerOnAPhone(t, c.lang, c.scripts) })
	}
}

func answerOnAPhone(t *testing.T, lang string, scripts bool) {
	s, x, _ := surveySite(t, nil)
	w, b := respondents[lang], browsertest.New(t)
	if !scripts {
		b.ScriptsOff()
	}
	b.Allow("422")
	b.Viewport(390, 844, true)
	b.Language(lang)
	name := "survey-" + lang
	if !scripts {
		name += "-nojs"
	}
	browse(t, b, s, "/s/wishes/ig")
	picture(b, name+"-1")
	if strings.Contains(b.Text("main"), w.which) {
		t.Error("a question is shown before its condition holds")
	}
	b.Click("[name='c.why'][value=offers]")
	if scripts {
		b.WaitText("main", w.which)
		b.WaitText("[data-state]", w.saved)
		if kept := s.answersOf(t, x.ID); len(kept) != 1 || kept[0].Replies["why"].Choices[0] != "offers" {
			t.Errorf("it says saved, and is not: %+v", kept)
		}
	} else {
		b.Follow(".steps button")
		b.WaitText("main", w.which)
		picture(b, name+"-more")
	}
	b.Follow(".steps button")
	b.WaitText("#problems", w.missing)
	check(t, b, "a question left out")
	picture(b, name+"-problem")
	if !b.Exists("[name='c.why'][value=offers]:checked") {
		t.Error("what was chosen is gone")
	}
	b.Fill("#f-which", "Mützen & <Schals>")
	b.Follow(".steps button")
	b.WaitText("main", w.page2)
	check(t, b, "page 2")
	b.Click("[name='c.wishes'][value=how]")
	b.Click("[name='n.satisfied'][value='4']")
	b.Click("[name='n.stars'][value='3']")
	picture(b, name+"-2")
	b.Follow(".steps button")
	b.WaitFor("#q-nps")
	b.Follow("button[value=back]:not(.hide)")
	if !b.Exists("[name='c.wishes'][value=how]:checked") || !b.Exists("[name='n.stars'][value='3']:checked") {
		t.Error("the page before is not filled in")
	}
	b.Follow(".steps button")
	b.Click("[name='n.nps'][value='9']")
	b.Fill("#f-hours", "7,5")
	if scripts {
		b.Click("#q-order .rank:nth-child(2) button:nth-child(4)")
		b.Click("#q-order .rank:nth-child(2) button:nth-child(4)")
	} else {
		b.Select("[name='r.order.quality']", "1")
		b.Select("[name='r.order.price']", "2")
	}
	b.Click("#f-agree")
	if scripts { // the script reads the page as the server does
		b.WaitText("[data-state]", w.saved)
		kept := s.answersOf(t, x.ID)[0].Replies
		if *kept["nps"].Number != 9 || *kept["hours"].Number != 7.5 || strings.Join(kept["order"].Choices, " ") != "quality price" || strings.Join(kept["agree"].Choices, " ") != goalpost.Agreed || kept["which"].Text != "Mützen & <Schals>" || *kept["stars"].Number != 3 {
			t.Errorf("saved before the page is sent: %+v", kept)
		}
	}
	check(t, b, "page 3")
	picture(b, name+"-3")
	b.Follow(".steps button")
	b.WaitText("main", w.end)
	check(t, b, "end")
	b.Follow(".steps button")
	b.WaitText("main", w.thanks)
	check(t, b, "thanks")
	picture(b, name+"-thanks")
	if !strings.Contains(b.Text("main"), w.receipt) {
		t.Errorf("no receipt: %s", b.Text("main"))
	}
	a := s.answersOf(t, x.ID)
	if len(a) != 1 || a[0].State != goalpost.AnswerComplete || a[0].Channel != "ig" || a[0].Replies["which"].Text != "Mützen & <Schals>" || *a[0].Replies["hours"].Number != 7.5 || len(a[0].Replies["order"].Choices) != 2 || a[0].Replies["order"].Choices[0] != "quality" || a[0].Device != goalpost.DeviceDesk {
		t.Errorf("%+v", a)
	}
	b.Follow("main form button")
	check(t, b, "own answers")
	b.Follow("button[value=delete]")
	check(t, b, "really delete")
	picture(b, name+"-delete")
	b.Follow("button[value=sure]")
	check(t, b, "deleted")
	if s.answersOf(t, x.ID)[0].State != goalpost.AnswerErased {
		t.Error("not deleted")
	}
}

// While the server takes nothing, everything stays on the device and on the page, also when
// the page is loaded again; nothing says "saved". Afterwards it is sent by itself.
func TestBrowserSurveyLosesNothing(t *testing.T) {
	s, x, refuse := surveySite(t, nil)
	b := browsertest.New(t)
	b.Allow("503")
	b.Viewport(390, 844, true)
	b.Language("de")
	b.Open(s.base + "/s/wishes")
	refuse.Store(http.StatusServiceUnavailable)
	b.Click("[name='c.why'][value=other]")
	b.Fill(".other", "Die Bilder")
	b.WaitText("[data-state]", "Noch nicht gespeichert")
	b.WaitText("[data-state] button", "Antworten kopieren")
	check(t, b, "not saved")
	picture(b, "survey-de-unsaved")
	b.Click(".steps button")
	b.WaitFor("#q-why")
	if len(s.answersOf(t, x.ID)) != 0 {
		t.Fatal("the server took something, so this test shows nothing")
	}
	b.Open(s.base + "/s/wishes")
	b.WaitText(".note", "Was auf diesem Gerät schon beantwortet war")
	if b.Value(".other") != "Die Bilder" || !b.Exists("[name='c.why'][value=other]:checked") {
		t.Error("what was typed is gone after the page is loaded again")
	}
	check(t, b, "filled in again")
	picture(b, "survey-de-restored")
	b.WaitText("[data-state]", "Noch nicht gespeichert")
	refuse.Store(0)
	b.WaitText("[data-state]", "Gespeichert.")
	if a := s.answersOf(t, x.ID); len(a) != 1 || a[0].Replies["why"].Text != "Die Bilder" {
		t.Errorf("%+v", a)
	}
	b.Follow("button[value=later]")
	b.WaitFor("#link")
	check(t, b, "later")
	picture(b, "survey-de-later")
	link := b.Value("#link")
	b.Open(link)
	b.WaitFor("#q-wishes")
	b.Follow("button[value=back]:not(.hide)")
	if b.Value(".other") != "Die Bilder" {
		t.Error("the link does not lead to what was answered")
	}
}

// Without a connection nothing leaves the page: it says so, offers a copy, and sends by itself
// once the connection is back.
func TestBrowserSurveyOffline(t *testing.T) {
	s, x, refuse := surveySite(t, nil)
	b := browsertest.New(t)
	b.Allow("ERR_EMPTY_RESPONSE")
	b.Language("de")
	b.Open(s.base + "/s/wishes")
	refuse.Store(cut)
	b.Offline(true)
	b.Click("[name='c.why'][value=news]")
	b.WaitText("[data-state]", "Keine Verbindung")
	b.Click("button[value=next]:not(.hide)")
	b.WaitText("[data-state] button", "Antworten kopieren")
	if !strings.HasSuffix(b.URL(), "/s/wishes") || !b.Exists("[name='c.why'][value=news]:checked") {
		t.Errorf("the page is gone without a connection: %s", b.URL())
	}
	check(t, b, "offline")
	b.Load(func() { refuse.Store(0); b.Offline(false) })
	b.WaitText("main", "Seite 2 von 4")
	if a := s.answersOf(t, x.ID); len(a) != 1 || a[0].Replies["why"].Choices[0] != "news" {
		t.Errorf("%+v", a)
	}
}

// By keyboard alone, with rankings by buttons; and the page's computation is done by the time
// it is sent.
func TestBrowserSurveyByKeyboard(t *testing.T) {
	s, x, _ := surveySite(t, func(x *goalpost.Survey) {
		q := x.Form.Questions
		q[0].Required, q[2].NewPage = false, false
		x.Form.Questions = []goalpost.SurveyQuestion{q[0], q[2], q[7], q[8]}
		x.Settings.Work = true
	})
	b := browsertest.New(t)
	b.Language("en")
	b.Open(s.base + "/s/wishes")
	tab := func(sel string) {
		t.Helper()
		for range 60 {
			b.Press("Tab")
			var there bool
			b.Eval("document.activeElement.matches("+quoteJS(sel)+")", &there)
			if there {
				return
			}
			var trap bool
			b.Eval("document.activeElement.closest('[aria-hidden=true]') !== null", &trap)
			if trap {
				t.Fatal("the keyboard reaches what nobody sees")
			}
		}
		t.Fatalf("the keyboard does not reach %s", sel)
	}
	tab("[name='c.why']")
	b.Press("ArrowDown")
	tab("[name='c.wishes'][value=none]")
	b.Press("Space")
	tab("#q-order button")
	b.Press("Enter")
	tab("#q-order button[aria-label='Add: Quality']")
	b.Press("Space")
	b.WaitText("#q-order .rank:nth-child(2) .place", "2")
	tab("#q-order button[aria-label='Move up: Quality']") // goes round the page
	b.Press("Enter")
	b.WaitText("#q-order .rank:nth-child(1)", "Quality")
	tab("#f-agree")
	b.Press("Space")
	tab("button[value=send]")
	b.Load(func() { b.Press("Enter") })
	b.WaitText("main", "Your receipt")
	a := s.answersOf(t, x.ID)
	if len(a) != 1 || a[0].State != goalpost.AnswerComplete || a[0].Replies["why"].Choices[0] != "news" || strings.Join(a[0].Replies["order"].Choices, " ") != "quality price" || a[0].Replies["agree"].Choices[0] != goalpost.Agreed {
		t.Errorf("%+v", a)
	}
	for _, flag := range a[0].Flags {
		if flag == goalpost.FlagNoWork || flag == goalpost.FlagNoPage || flag == goalpost.FlagTrap {
			t.Errorf("a person's page is flagged: %v", a[0].Flags)
		}
	}
}

func quoteJS(s string) string { return "\"" + strings.ReplaceAll(s, `"`, `\"`) + "\"" }

// Every page of a survey in every combination of language, colours, size and medium.
func TestBrowserSurveyMatrix(t *testing.T) {
	s, x, _ := surveySite(t, func(x *goalpost.Survey) {
		x.Form.Languages, x.Form.Title["fr"] = append(x.Form.Languages, "fr"), "Que souhaitez-vous de nous ?"
		for i := range x.Form.Questions {
			x.Form.Questions[i].NewPage = false
		}
	})
	shut, err := assess.CreateSurvey(t.Context(), s.server.DB, 1, assess.SurveyInput{Survey: func() goalpost.Survey { y := customerSurvey(); y.Slug = "shut"; return y }(), Secret: [32]byte{8}, By: "anna", Now: testNow})
	if err != nil {
		t.Fatal(err)
	}
	s.changeSurvey(t, shut.ID, func(c *store.SurveyChange) { closed := goalpost.SurveyClosed; c.State = &closed })
	b := browsertest.New(t)
	sizes := []struct {
		name          string
		width, height int
		phone         bool
	}{{"desk", 1280, 900, false}, {"phone", 390, 844, true}, {"small", 320, 640, true}}
	for name, path := range map[string]string{"all": "/s/wishes?lang=", "privacy": "/s/wishes/privacy?lang=", "receipt": "/s/wishes/receipt?lang=", "shut": "/s/shut?lang="} {
		for _, lang := range []string{"en", "de", "fr"} {
			for _, dark := range []bool{false, true} {
				for _, size := range sizes {
					b.Viewport(size.width, size.height, size.phone)
					b.Dark(dark)
					browse(t, b, s, path+lang)
					label := "survey-" + name + "-" + lang + "-" + size.name
					if dark {
						label += "-dark"
					}
					picture(b, label)
					smallTargets(t, b, label)
				}
			}
		}
		b.Viewport(794, 1123, false)
		b.PrintMedia(true)
		browse(t, b, s, path+"de")
		picture(b, "survey-"+name+"-de-print")
		if pdf := b.Print(); len(pdf) < 5000 {
			t.Errorf("%s prints %d bytes", path, len(pdf))
		}
		b.PrintMedia(false)
	}
	if len(s.answersOf(t, x.ID)) != 0 {
		t.Error("looking at pages keeps answers")
	}
}

// smallTargets fails on what a finger cannot hit: buttons, options and fields under 44 px.
func smallTargets(t *testing.T, b *browsertest.Browser, where string) {
	t.Helper()
	var small []string
	b.Eval(`[...document.querySelectorAll("button, a:not(.skip, li a:only-child, p > a:not(.tap)), .opt, .grades label, select, input:not([type=radio],[type=checkbox],[type=hidden]), textarea")]
		.filter((e) => !e.closest("[aria-hidden=true], .hide, [hidden]") && e.getClientRects().length)
		.filter((e) => { const r = e.getBoundingClientRect(); return r.height < 43.5 || r.width < 43.5 })
		.map((e) => e.outerHTML.slice(0, 80))`, &small)
	for _, e := range small {
		t.Errorf("%s: too small for a finger: %s", where, e)
	}
}
