package web

import (
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"goalpost"
	"goalpost/assess"
	"goalpost/browsertest"
)

// Each kind of answer in both languages, light and dark, on a phone and on paper: no
// accessibility faults, nothing wider than the window.
func TestBrowserEffectAnswers(t *testing.T) {
	s := newSite(t, nil)
	null := effectReport(0.4, 4)
	null.Decision, null.Dots, null.Settle = goalpost.EffectCannotTell, 1, []goalpost.Note{goalpost.NewNote("web.effect.tried", goalpost.NumberArg(2))}
	null.Checks = append(null.Checks, assess.EffectCheck{Name: "overlap", Sentence: goalpost.NewNote("web.effect.busy.text"), Value: 2})
	reports := map[string]assess.EffectReport{"sure": effectReport(11, 4), "null": null}
	pages := http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if file, ok := strings.CutPrefix(r.URL.Path, "/static/"); ok {
			r.SetPathValue("file", file)
			s.server.assets.serve(w, r)
			return
		}
		part := strings.Split(r.URL.Path, "/") // "", language, "effects", kind
		if len(part) != 4 {
			http.NotFound(w, r)
			return
		}
		r.SetPathValue("lang", part[1])
		p := EffectPage{Page: s.server.newPage(r, nil, ""), Self: r.URL.Path, Sub: "Orders, North", Tried: "x"}
		p.Title, p.Theme = testSubject.Activity, r.URL.Query().Get("theme")
		p.addEffect(reports[part[3]], testSubject)
		if err := s.server.render(w, http.StatusOK, "effect", p); err != nil {
			t.Error(err)
		}
	})
	ts := httptest.NewServer(s.server.secureHeaders(pages))
	defer ts.Close()
	b := browsertest.New(t)
	for _, lang := range languages {
		for kind := range reports {
			for _, theme := range []string{"light", "dark"} {
				where := "/" + lang + "/effects/" + kind + "?theme=" + theme
				if status := b.Open(ts.URL + where); status != http.StatusOK {
					t.Fatalf("%s: %d", where, status)
				}
				check(t, b, where)
				picture(b, "effect-"+lang+"-"+kind+"-"+theme)
			}
		}
		b.Viewport(360, 800, true)
		b.Open(ts.URL + "/" + lang + "/effects/null")
		check(t, b, lang+" on a phone")
		picture(b, "effect-"+lang+"-phone")
		b.PrintMedia(true)
		picture(b, "effect-"+lang+"-paper")
		b.PrintMedia(false)
		b.Viewport(1200, 900, false)
	}
}
