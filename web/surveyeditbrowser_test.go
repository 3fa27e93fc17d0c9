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
	s.sendQuestion(t, "since", func(f map[string][]string) { f["wording_de"] = []string{"Seit wann folgen Sie uns?"} }, "save")
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
	// Buttons that change the page leave it where it is, and the focus on what goes on.
	act := func(sel, focus string) {
		t.Helper()
		to(sel)
		b.Eval(`window.here = true; document.activeElement.dataset.old = ""; undefined`, nil)
		b.Press("Enter")
		b.WaitFor(focus + ":focus:not([data-old])")
		var here bool
		if b.Eval(`window.here === true`, &here); !here {
			t.Errorf("%s loads the page anew", sel)
		}
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
	act("button[value=role-dont_know]", "#label_2_en")
	if wording := b.Value("#wording_en"); wording != "Shop" {
		t.Errorf("a button for an option takes the question's words away: %q", wording)
	}
	press("p.acts button[value=save]")
	if text := b.Text("#q-shop"); !strings.Contains(text, "Yes · No · Don’t know") {
		t.Fatalf("the question is not made: %s", text)
	}
	press("#q-shop a.button")
	act("button[value=rule]", "[name=relation_0]")
	to("[name=choice_0]")
	b.Press("Space")
	press("p.acts button[value=save]")
	if text := b.Text("#q-shop"); !strings.Contains(text, "Only if question 1 is:") {
		t.Errorf("the condition is not kept: %s", text)
	}
	act("#q-shop button[value=up]", "#q-shop button[value=up]")
	if text := b.Text("#q-shop"); !strings.HasPrefix(strings.TrimSpace(text), "5") {
		t.Errorf("the question did not move up: %s", text)
	}
	act("#q-shop button[value=remove]", "button[value=undo]")
	if b.Exists("#q-shop") {
		t.Error("the question is still there")
	}
	act("button[value=undo]", "#q-shop button")
	if !b.Exists("#q-shop") {
		t.Error("the question does not come back")
	}
	check(t, b, "builder by keyboard")
}

// With scripts a button of the builder stays under the finger, and what is typed while the
// server answers is kept; the Enter key goes from answer to answer and makes more of them.
func TestBrowserSurveyBuilderStaysInPlace(t *testing.T) {
	s := newSite(t, nil)
	s.setUp("en")
	s.makeSurvey(t, "follow")
	b := browsertest.New(t)
	enter(b, s)
	b.Viewport(390, 844, true)
	b.Open(s.base + "/de/surveys/1/edit")
	var before, after float64
	b.Eval(`document.querySelector("#q-since button[value=up]").scrollIntoView({block: "center", behavior: "instant"}); document.querySelector("#q-since button[value=up]").getBoundingClientRect().top`, &before)
	b.Click("#q-since button[value=up]")
	b.WaitFor("#q-since button[value=up]:focus")
	if b.Eval(`document.activeElement.getBoundingClientRect().top`, &after); after < before-2 || after > before+2 {
		t.Errorf("the button moved away under the finger: from %.0f to %.0f", before, after)
	}
	check(t, b, "moved")

	b.Open(s.base + "/de/surveys/1/question/main")
	b.Fill("#wording_de", "Wo denn?")
	b.Click("button[value=down-0]")
	b.WaitFor("button[value=down-1]:focus")
	if first := b.Value("#label_0_de"); first != "Facebook" || b.Value("#wording_de") != "Wo denn?" {
		t.Errorf("first answer %q, question %q", first, b.Value("#wording_de"))
	}
	b.Fill("#label_7_de", "Im Laden")
	b.Press("Enter")
	b.WaitFor("#label_8_de:focus")
	b.Press("Enter")
	b.WaitFor("#label_12_de")
	b.WaitFor("#label_8_en:focus") // the first language of a survey comes first
	if kept := b.Value("#label_7_de"); kept != "Im Laden" {
		t.Errorf("the answer that was typed: %q", kept)
	}
	check(t, b, "more answers")

	b.Eval(`document.querySelector("#wording_de").focus()`, nil)
	b.Eval(`(() => { const real = window.fetch; window.fetch = async (...a) => { const r = await real(...a); document.querySelector("#help_de").value = "Vor allem"; return r; }; })()`, nil)
	b.Click("button[value=more]")
	b.WaitFor("#label_8_en:focus")
	if late := b.Value("#help_de"); late != "Vor allem" {
		t.Errorf("what was typed meanwhile: %q", late)
	}

	b.Eval(`window.fetch = () => Promise.reject(new Error("no way")); undefined`, nil)
	b.Follow("button[value=more]") // the browser's own way
	if b.Value("#help_de") != "Vor allem" {
		t.Error("the browser's own way loses what was typed")
	}
}

// Without scripts the same buttons load the page, and nothing that was typed is lost.
func TestBrowserSurveyBuilderWithoutScripts(t *testing.T) {
	s := newSite(t, nil)
	s.setUp("en")
	s.makeSurvey(t, "follow")
	b := browsertest.New(t)
	b.ScriptsOff()
	enter(b, s)
	b.Open(s.base + "/de/surveys/1/question/main")
	b.Fill("#wording_de", "Wo denn?")
	b.Follow("button[value=down-0]")
	if b.Value("#label_0_de") != "Facebook" || b.Value("#wording_de") != "Wo denn?" {
		t.Errorf("%q, %q", b.Value("#label_0_de"), b.Value("#wording_de"))
	}
	b.Follow("button[value=more]")
	if !b.Exists("#label_11_de") {
		t.Error("there are no more rows")
	}
	check(t, b, "without scripts")
}

// The pages of a survey take two lines on a phone and one on a desk.
func TestBrowserSurveyTabsFit(t *testing.T) {
	s := newSite(t, nil)
	s.setUp("en")
	s.makeSurvey(t, "follow")
	b := browsertest.New(t)
	enter(b, s)
	for _, lang := range []string{"de", "en"} {
		for _, path := range []string{"", "/waves", "/population", "/answers", "/answers/open", "/edit", "/settings", "/preview", "/publish", "/channels", "/invitations", "/hooks", "/versions"} {
			b.Open(s.base + "/" + lang + "/surveys/1" + path)
			if b.Count(".tabs [aria-current=page]") != 1 || b.Count(".tabs [aria-current=true]") != 1 {
				t.Errorf("%s%s: one page and one step must be marked", lang, path)
			}
			for _, c := range []struct {
				width int
				most  float64
			}{{390, 93}, {1280, 49}} {
				b.Viewport(c.width, 844, c.width < 400)
				var height float64
				if b.Eval(`document.querySelector(".tabs").getBoundingClientRect().height`, &height); height > c.most {
					t.Errorf("%s%s: %.0f px high on %d px", lang, path, height, c.width)
				}
			}
		}
	}
}
