package web

import (
	"strings"
	"testing"

	"goalpost"
	"goalpost/browsertest"
)

// What a respondent reads who has a survey open twice.
var tabWords = map[string]struct{ other, sent, late string }{
	"en": {"This survey is open in another tab.", "These answers have been sent already", "The answers had been sent before."},
	"de": {"Diese Umfrage ist in einem anderen Tab offen.", "Diese Antworten sind schon abgeschickt", "Die Antworten waren schon abgeschickt."},
}

// twoQuestions are both on the first page, neither has to be answered.
func twoQuestions(x *goalpost.Survey) {
	why, wishes := x.Form.Questions[0], x.Form.Questions[2]
	why.Required, wishes.NewPage, wishes.Shuffle = false, false, false
	x.Form.Questions = []goalpost.SurveyQuestion{why, wishes}
}

func chosen(a goalpost.Answer, code string) string { return strings.Join(a.Replies[code].Choices, " ") }

// In two tabs of one browser one saves at a time, and the other says so; what either was told
// is saved stays. After one of them sent the end, the other says that nothing counts any more.
func TestBrowserSurveyInTwoTabs(t *testing.T) {
	for lang, w := range tabWords {
		t.Run(lang, func(t *testing.T) {
			s, x, _ := surveySite(t, twoQuestions)
			saved := respondents[lang].saved
			b := browsertest.New(t)
			b.Language(lang)
			b.Open(s.base + "/s/wishes")
			b.Click("[name='c.why'][value=news]")
			b.WaitText("[data-state]", saved)
			tab := b.Tab()
			tab.Language(lang)
			tab.Open(s.base + "/s/wishes")
			tab.WaitText("[data-state]", w.other)
			tab.Click("[name='c.wishes'][value=people]")
			tab.Follow(".steps button[value=send]") // a form is a form: it is taken, with what the first tab saved
			tab.WaitText("main", respondents[lang].thanks)
			if a := s.answersOf(t, x.ID); len(a) != 1 || a[0].State != goalpost.AnswerComplete || chosen(a[0], "why") != "news" || chosen(a[0], "wishes") != "people" {
				t.Errorf("what was saved is gone, or is another answer: %+v", a)
			}
			b.Allow("409")
			b.Click("[name='c.why'][value=offers]")
			b.WaitText("[data-state]", w.sent)
			check(t, b, "sent in another tab")
			picture(b, "tabs-sent-"+lang)
			b.Follow(".steps button[value=send]")
			b.WaitText("main", w.late)
			if a := s.answersOf(t, x.ID); len(a) != 1 || chosen(a[0], "why") != "news" {
				t.Errorf("a change after the end counts: %+v", a)
			}
		})
	}
}

// On two devices at once, by the link to go on: each shows and keeps what the other saved, but
// for what it changed itself. Nothing that was told to be saved is lost.
func TestBrowserSurveyOnTwoDevices(t *testing.T) {
	s, x, _ := surveySite(t, twoQuestions)
	saved := respondents["en"].saved
	phone, desk := browsertest.New(t), browsertest.New(t)
	phone.Open(s.base + "/s/wishes")
	phone.Click("[name='c.why'][value=news]")
	phone.WaitText("[data-state]", saved)
	phone.Follow("button[value=later]")
	link := phone.Value("#link")
	phone.Open(link + "?at=0")
	desk.Open(link + "?at=0")
	phone.Click("[name='c.wishes'][value=how]")
	phone.WaitText("[data-state]", saved)
	phone.Click("[name='c.wishes'][value=people]")
	phone.WaitTrue("both are saved", "document.querySelector('[name=rev]').value > 3")
	phone.WaitText("[data-state]", saved)
	desk.Click("[name='c.why'][value=offers]") // this page has never seen the wishes
	desk.WaitText("[data-state]", saved)
	if a := s.answersOf(t, x.ID); len(a) != 1 || chosen(a[0], "why") != "offers" || chosen(a[0], "wishes") != "how people" {
		t.Errorf("what the phone saved is gone: %+v", a)
	}
	if !desk.Exists("[name='c.wishes'][value=people]:checked") {
		t.Error("the page does not show what counts")
	}
	phone.Click("[name='c.wishes'][value=people]") // taken back
	phone.WaitText("[data-state]", saved)
	if a := s.answersOf(t, x.ID); len(a) != 1 || chosen(a[0], "why") != "offers" || chosen(a[0], "wishes") != "how" {
		t.Errorf("what the desk saved is gone: %+v", a)
	}
}
