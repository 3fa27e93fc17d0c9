package web

import (
	"strings"
	"testing"

	"goalpost"
	"goalpost/browsertest"
)

// What a team and a respondent read of quotas in each language.
var quotaWords = map[string]struct{ title, full, row, left, over, offers, news string }{
	"en": {"Quotas", "full", "Full: 1 of 1 places are taken.", "4 left", "Enough people of this group had answered already: “Offers”.", "Offers", "News"},
	"de": {"Quoten", "voll", "Voll: 1 von 1 Plätzen sind belegt.", "noch 4", "Aus dieser Gruppe hatten schon genug Menschen geantwortet: „Angebote“.", "Angebote", "Neuigkeiten"},
}

// The team sees how far each quota is filled, and a respondent whose group is full which one
// that is.
func TestBrowserQuotas(t *testing.T) {
	for lang, w := range quotaWords {
		t.Run(lang, func(t *testing.T) {
			s, x, _ := surveySite(t, func(x *goalpost.Survey) {
				x.Form.Questions = x.Form.Questions[:1]
				x.Settings.Quotas = []goalpost.Quota{{Question: "why", Option: "offers", Limit: 1}, {Question: "why", Option: "news", Limit: 5}}
			})
			for _, option := range []string{"offers", "news"} {
				s.step(t, s.page("/s/wishes"), doSend, "c.why", option)
			}
			b := browsertest.New(t)
			b.Viewport(390, 844, true)
			b.Language(lang)
			browse(t, b, s, "/s/wishes")
			b.Click("[name='c.why'][value=offers]")
			b.Follow(".steps button")
			b.WaitText("main", w.over)
			check(t, b, "the group is full")
			picture(b, "quota-over-"+lang)
			if kept := s.answersOf(t, x.ID); len(kept) != 3 || kept[2].State != goalpost.AnswerOverQuota {
				t.Errorf("%+v", kept)
			}
			enter(b, s)
			browse(t, b, s, "/"+lang+"/surveys/1")
			b.WaitText("main", w.title)
			for _, want := range []string{w.offers, w.full, w.news, w.left} {
				if !strings.Contains(b.Text("main"), want) {
					t.Errorf("no %q in %s", want, b.Text("main"))
				}
			}
			check(t, b, "the team's figures")
			picture(b, "quota-team-"+lang)
			browse(t, b, s, "/"+lang+"/surveys/1/settings")
			b.WaitText("main", w.row)
			check(t, b, "settings")
			picture(b, "quota-settings-"+lang)
		})
	}
}
