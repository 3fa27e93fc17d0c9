package web

import (
	"net/http"

	"goalpost"
	"goalpost/assess"
)

// SurveyMeta is what other sites show of a link to a survey (Open Graph, and the cards of
// X): nothing of who opens it.
type SurveyMeta struct {
	Title, Text, URL, Image, Language, By string
	Others                                []LangLink // the page in other languages
}

// surveyMeta describes the public page of a survey. Its address is the plain one: what
// somebody passes on came by no channel.
func (s *Server) surveyMeta(a *assess.AskedSurvey, form goalpost.Form, p RespondentPage) *SurveyMeta {
	link := s.linkOf(a.Survey, "")
	text := p.say("web.channels.minutes", goalpost.NumberArg(float64(form.Minutes(p.FormLang)))) + "."
	if intro := oneLine(p.said(form.Intro).Text); intro != "" {
		text = intro + " " + text
	}
	m := &SurveyMeta{Title: p.Title, Text: text, URL: link + "?lang=" + p.FormLang,
		Image: link + "/image.png?lang=" + p.FormLang, Language: p.FormLang, By: a.Name}
	for _, l := range form.Languages {
		if l != p.FormLang {
			m.Others = append(m.Others, LangLink{Code: l, Href: link + "?lang=" + l})
		}
	}
	return m
}

// prefilled is the reply that a link in a mail gives. A link to a question or an answer
// that there is no more asks everything.
func prefilled(a *assess.AskedSurvey, r *http.Request) map[string]goalpost.QuestionReply {
	form, _ := a.Form(a.Survey.FormVersion)
	q, known := form.Question(r.PathValue("question"))
	if !known {
		return nil
	}
	reply, ok := q.ReplyOf(r.PathValue("option"))
	if !ok {
		return nil
	}
	return map[string]goalpost.QuestionReply{q.Code: reply}
}

// fromMail shows the survey with the answer of a link chosen. Nothing is kept before it is
// sent: programs that look for harmful links open every one of them.
func (s *Server) fromMail(w http.ResponseWriter, r *http.Request) error {
	a, err := s.askedSurvey(r, r.PathValue("slug"))
	if err != nil {
		return err
	}
	return s.startSurvey(w, r, a, surveyStart{Channel: ownChannel(a.Survey, goalpost.ChannelMail), Replies: prefilled(a, r)})
}

// invited shows the survey to somebody with an invitation. It is spent when the answer is
// kept, and never by looking.
func (s *Server) invited(w http.ResponseWriter, r *http.Request) error {
	secretPage(w)
	a, err := s.askedSurvey(r, r.PathValue("slug"))
	if err != nil {
		return err
	}
	token := r.PathValue("token")
	i, err := a.Invitation(r.Context(), s.DB, token)
	unknown := goalpost.IsKind(err, goalpost.NotFound)
	switch {
	case err != nil && !unknown:
		return err
	case unknown || i.Used():
		form, _ := a.Form(a.Survey.FormVersion)
		p := s.newRespondentPage(r, a, form, surveyLanguage(r, form, ""))
		if unknown {
			return s.surveyNote(w, http.StatusNotFound, p, p.own("web.invited.unknown."+p.address))
		}
		p.Title = p.T("web.invited.used.title")
		return s.surveyNote(w, http.StatusGone, p, p.own("web.invited.used."+p.address))
	}
	return s.startSurvey(w, r, a, surveyStart{Channel: ownChannel(a.Survey, goalpost.ChannelMail), Invitation: token, Replies: prefilled(a, r)})
}

// publicQR is the QR code of a survey's link.
func (s *Server) publicQR(suffix string) func(http.ResponseWriter, *http.Request) error {
	return func(w http.ResponseWriter, r *http.Request) error {
		a, err := s.askedSurvey(r, r.PathValue("slug"))
		if err != nil {
			return err
		}
		return s.writeQR(w, r, a.Survey, suffix)
	}
}

// publicPreview is the picture that networks show for a survey's link.
func (s *Server) publicPreview(w http.ResponseWriter, r *http.Request) error {
	a, err := s.askedSurvey(r, r.PathValue("slug"))
	if err != nil {
		return err
	}
	return s.writePreview(w, r, a.Survey, a.Name, surveyLanguage(r, a.Survey.Form, ""))
}

// publicPrint is the questionnaire on paper.
func (s *Server) publicPrint(w http.ResponseWriter, r *http.Request) error {
	a, err := s.askedSurvey(r, r.PathValue("slug"))
	if err != nil {
		return err
	}
	base := surveyPath + a.Survey.Slug
	return s.writePrint(w, r, a.Survey, a.Name, base+"/print", base+"/qr.svg")
}
