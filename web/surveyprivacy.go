package web

import (
	"net/http"

	"goalpost"
)

// SurveyPrivacyPage says what happens to the answers. It is made from what the survey does,
// so that it cannot say anything else.
type SurveyPrivacyPage struct {
	RespondentPage
	Responsible SaidText
	Kept        []string
	NotKept     []string
	Device      string
	Long        string
	Contact     []SaidText
	More        SaidText
	Receipt     string
}

// surveyPrivacy says who asks, what is kept and for how long.
func (s *Server) surveyPrivacy(w http.ResponseWriter, r *http.Request) error {
	a, err := s.askedSurvey(r, r.PathValue("slug"))
	if err != nil {
		return err
	}
	form, _ := a.Form(a.Survey.FormVersion)
	set := a.Survey.Settings
	p := SurveyPrivacyPage{RespondentPage: s.newRespondentPage(r, a, form, surveyLanguage(r, form, ""))}
	p.choices(form, func(lang string) string { return p.hereIn(r, lang) })
	p.Title = p.A("web.surveypage.privacy.title.")
	p.Responsible, p.More = p.said(set.Responsible), p.said(set.Privacy)
	if p.Responsible.Text == "" {
		p.Responsible = SaidText{Text: a.Name}
	}
	say := func(key string) string { return p.T("web.surveypage.privacy." + key) }
	p.Kept = []string{say("answers"), say("language"), say("device")}
	if set.Anonymous {
		p.Kept = append(p.Kept, say("day"))
	} else {
		p.Kept = append(p.Kept, say("time"))
	}
	if len(set.Channels) > 0 {
		p.Kept = append(p.Kept, say("channel"))
	}
	used, err := a.Uses(r.Context(), s.DB)
	if err != nil {
		return err
	}
	switch {
	case used.Invitations && set.Anonymous:
		p.Kept = append(p.Kept, say("invited-anonymous"))
	case used.Invitations:
		p.Kept = append(p.Kept, say("invited"))
	}
	if set.PublicResults {
		p.Kept = append(p.Kept, p.T("surveypublic.privacy"))
	}
	if used.Hooks {
		p.Kept = append(p.Kept, say("hooks"))
	}
	p.NotKept = []string{say("no-address"), say("no-cookie"), say("no-outside")}
	if set.Anonymous {
		p.NotKept = append(p.NotKept, say("no-name"))
	}
	p.Device = p.A("web.surveypage.privacy.local.")
	p.Long = say("kept-always")
	if set.KeepDays > 0 {
		p.Long = p.say("web.surveypage.privacy.kept-days", goalpost.NumberArg(float64(set.KeepDays)))
	}
	if set.Results || set.Prize {
		apart := "web.contact.named."
		if set.Anonymous {
			apart = "web.contact.apart."
		}
		p.Contact = []SaidText{{Text: p.A("web.surveypage.privacy.contact.") + " " + p.A(apart), Lang: p.Words}, p.said(set.Consent)}
	}
	p.Receipt = p.In("/receipt")
	return s.renderIn(w, http.StatusOK, "respondents", "surveyprivacy", p)
}
