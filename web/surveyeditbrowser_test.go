package web

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"goalpost/browsertest"
)

// clicks counts what a person does, and how long the pages take.
type clicks struct {
	*browsertest.Browser
	n int
}

func (c *clicks) follow(sel string) { c.n++; c.Follow(sel) }

// twoMinutes is what a person has for a survey; perClick is what a tired one needs to find
// and press a button (a generous 5 seconds, Card, Moran and Newell (1983) count 1.1 to
// point, and reading comes on top).
const (
	twoMinutes = 2 * time.Minute
	perClick   = 5 * time.Second
)

// From a template to a published survey, in both languages, with and without scripts.
func TestBrowserSurveyBuilderInTwoMinutes(t *testing.T) {
	for _, c := range []struct {
		lang    string
		scripts bool
	}{{"de", true}, {"en", true}, {"de", false}} {
		t.Run(fmt.Sprint(c.lang, " scripts ", c.scripts), func(t *testing.T) {
			s := newSite(t, nil)
			s.setUp("en")
			b := &clicks{Browser: browsertest.New(t)}
			if !c.scripts {
				b.ScriptsOff()
			}
			enter(b.Browser, s)
			b.Open(s.base + "/" + c.lang + "/goals")
			begun := time.Now()
			b.follow("nav a[href$='/surveys']")
			check(t, b.Browser, "empty list")
			picture(b.Browser, "surveys-empty-"+c.lang)
			b.follow("main a.button")
			check(t, b.Browser, "templates")
			picture(b.Browser, "surveys-templates-"+c.lang)
			b.follow("a[href$='template=csat']")
			check(t, b.Browser, "new survey")
			picture(b.Browser, "survey-new-"+c.lang)
			b.follow("main form button")
			check(t, b.Browser, "builder")
			picture(b.Browser, "survey-edit-"+c.lang)
			b.follow("main > p > a.button[href$='/publish']")
			check(t, b.Browser, "publish")
			b.follow("main form button[value=open]")
			check(t, b.Browser, "published")
			picture(b.Browser, "survey-open-"+c.lang)
			took := time.Since(begun)
			link := b.Value("#link")
			if !strings.Contains(link, "/s/") {
				t.Errorf("no link: %q", link)
			}
			need := time.Duration(b.n)*perClick + took
			t.Logf("%d clicks, %.1f s of pages with every check: %.0f s for a tired person, link %s", b.n, took.Seconds(), need.Seconds(), link)
			if need > twoMinutes || b.n > 7 {
				t.Errorf("\ngot:  %d clicks, %s\nwant: at most 7 clicks and %s", b.n, need, twoMinutes)
			}
		})
	}
}

// Every page of the builder on a phone in German, in the dark, and on a desk.
func TestBrowserSurveyBuilderPages(t *testing.T) {
	s := newSite(t, nil)
	s.setUp("en")
	s.makeSurvey(t, "follow")
	s.state(t, "open")
	s.answerSurvey(t, 1)
	s.sendQuestion(t, "since", func(f map[string][]string) { f["wording_de"] = []string{"Wie lange folgen Sie uns schon?"} }, "save")
	b := browsertest.New(t)
	enter(b, s)
	for _, path := range []string{"", "/1/edit", "/1/texts", "/1/question/why", "/1/question/since", "/1/add?type=scale", "/1/add?type=number", "/1/settings", "/1/preview", "/1/preview/form", "/1/publish", "/1/versions", "/new", "/new?template=brand"} {
		name := "survey" + strings.NewReplacer("/", "-", "?", "-", "=", "-").Replace(path)
		b.Dark(false)
		b.Viewport(390, 844, true)
		browse(t, b, s, "/de/surveys"+path)
		picture(b, name+"-de-phone")
		var small []string
		b.Eval(`[...document.querySelectorAll("main button, main .button, main select, main summary, main input:not([type=checkbox]):not([type=radio]):not([type=hidden])")]
			.filter(e => e.getClientRects().length && !e.closest(".hide") && !e.classList.contains("hide") && e.getBoundingClientRect().height < 43.5).map(e => e.tagName + " " + (e.innerText || e.name))`, &small)
		if len(small) > 0 {
			t.Errorf("%s: lower than 44 px: %v", path, small)
		}
		b.Dark(true)
		browse(t, b, s, "/de/surveys"+path)
		b.Viewport(1280, 900, false)
		browse(t, b, s, "/en/surveys"+path)
		b.Dark(false)
		browse(t, b, s, "/de/surveys"+path)
		picture(b, name+"-de-desk")
	}
}

// By keyboard alone: a question is made, gets its options and a condition, is moved and
// removed, and comes back.
func TestBrowserSurveyBuilderByKeyboard(t *testing.T) {
	s := newSite(t, nil)
	s.setUp("en")
	s.makeSurvey(t, "csat")
	b := browsertest.New(t)
	enter(b, s)
	b.Open(s.base + "/en/surveys/1/edit")
	to := func(sel string) { // the focus goes there by the Tab key alone
		t.Helper()
		for range 120 {
			var there bool
			b.Eval(`document.activeElement.matches(`+fmt.Sprintf("%q", sel)+`)`, &there)
			if there {
				return
			}
			b.Press("Tab")
		}
		t.Fatalf("the Tab key does not lead to %s", sel)
	}
	press := func(sel string) {
		t.Helper()
		to(sel)
		b.Load(func() { b.Press("Enter") })
	}
	write := func(sel, text string) {
		t.Helper()
		to(sel)
		for _, c := range text {
			b.Press(string(c))
		}
	}
	press("a[href$='/add?type=single']")
	write("#wording_en", "Shop")
	write("#wording_de", "Laden")
	write("#label_0_en", "Yes")
	write("#label_0_de", "Ja")
	write("#label_1_en", "No")
	write("#label_1_de", "Nein")
	press("button[value=role-dont_know]")
	press("p.acts button[value=save]")
	if text := b.Text("#q-shop"); !strings.Contains(text, "Yes · No · Don’t know") {
		t.Fatalf("the question is not made: %s", text)
	}
	press("#q-shop a.button")
	press("button[value=rule]")
	to("[name=choice_0]")
	b.Press("Space")
	press("p.acts button[value=save]")
	if text := b.Text("#q-shop"); !strings.Contains(text, "Only if question 1 is:") {
		t.Errorf("the condition is not kept: %s", text)
	}
	press("#q-shop button[value=up]")
	press("#q-shop button[value=remove]")
	if b.Exists("#q-shop") {
		t.Error("the question is still there")
	}
	press("button[value=undo]")
	if !b.Exists("#q-shop") {
		t.Error("the question does not come back")
	}
	check(t, b, "builder by keyboard")
}
