package web

import (
	"fmt"
	"net/http"
	"net/http/httptest"
	"testing"

	"goalpost"
	"goalpost/browsertest"
	"goalpost/store"
)

// A page that shows the survey inside itself: on a site that is named, it is answered there
// from the first question to the receipt.
func TestBrowserSurveyEmbedded(t *testing.T) {
	for lang, w := range respondents {
		t.Run(lang, func(t *testing.T) { answerInAFrame(t, lang, w) })
	}
}

func answerInAFrame(t *testing.T, lang string, w respondentWords) {
	s, x, _ := surveySite(t, func(x *goalpost.Survey) { x.Form.Questions = x.Form.Questions[:3] })
	s.changeSurvey(t, x.ID, func(c *store.SurveyChange) {
		set := x.Settings
		set.Frames = []string{s.base}
		c.Settings = &set
	})
	blog := http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Type", "text/html")
		_, _ = fmt.Fprintf(w, `<!doctype html><title>A blog</title><link rel="icon" href="data:,"><h1>A blog</h1><iframe id="in" title="f" width=360 height=1200 src="%s/s/wishes/embed/ig"></iframe>`, s.base) // the client went away
	})
	h := s.handler.Load().(http.Handler)
	s.handler.Store(http.Handler(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) { // a site of the same origin, so that the test can look into the frame
		if r.URL.Path == "/blog" {
			blog(w, r)
			return
		}
		h.ServeHTTP(w, r)
	})))
	b := browsertest.New(t)
	b.Viewport(390, 1300, true)
	b.Language(lang)
	b.Open(s.base + "/blog")
	const in = "document.getElementById('in').contentDocument"
	see := func(text string) {
		t.Helper()
		b.WaitTrue("see "+text, in+".body.innerText.includes("+fmt.Sprintf("%q", text)+")")
	}
	click := func(sel string) {
		t.Helper()
		b.WaitTrue("find "+sel, in+".querySelector("+fmt.Sprintf("%q", sel)+") !== null")
		b.Eval(in+".querySelector("+fmt.Sprintf("%q", sel)+").click()", nil)
	}
	click("[name='c.why'][value=news]")
	see(w.saved)
	picture(b, "embed-"+lang)
	click(".steps button")
	click("[name='c.wishes'][value=people]")
	click(".steps button")
	see(w.thanks)
	if kept := s.answersOf(t, x.ID); len(kept) != 1 || kept[0].State != goalpost.AnswerComplete || kept[0].Channel != "ig" {
		t.Errorf("%+v", kept)
	}
	click("form[action*=receipt] button")
	see(map[string]string{"en": "People", "de": "Menschen"}[lang])

	foreign := httptest.NewServer(blog)
	defer foreign.Close()
	s.changeSurvey(t, x.ID, func(c *store.SurveyChange) {
		set := x.Settings
		set.Frames = []string{foreign.URL}
		c.Settings = &set
	})
	b = browsertest.New(t) // a frame that is refused is a fault on the console, which fails the test
	b.Open(foreign.URL)
	picture(b, "embed-foreign-"+lang)
}
