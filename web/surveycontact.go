package web

import (
	"net/http"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/go-chi/httprate"

	"goalpost"
	"goalpost/assess"
)

// SurveyContactPage is where a respondent leaves an e-mail address.
type SurveyContactPage struct {
	Page
	Heading string
	Action  string
	Done    string
	Results bool // can be asked for
	Prize   bool
	Consent string
	Form    ContactForm
	// Texts that address the respondent.
	Intro, Apart string
}

// Addresses that one connection may leave: a room full of people, and no machine.
const (
	contactsAtOnce = 60
	contactWindow  = time.Minute
)

// contactLimit keeps a machine from filling the list.
func (s *Server) contactLimit(h http.Handler) http.Handler {
	return httprate.LimitBy(contactsAtOnce, contactWindow, s.clientKey, httprate.WithLimitHandler(s.handle(tooMany).ServeHTTP))(h)
}

// ContactForm is what stands in the form. The address itself is not shown again.
type ContactForm struct {
	ID, Signed     string
	Setting        int
	Receipt        string
	Results, Prize bool
	Agreed         bool
}

// surveyContact shows the form for an address, and after it was sent that it is kept.
func (s *Server) surveyContact(w http.ResponseWriter, r *http.Request) error {
	respondentLanguage(r)
	w.Header().Set("Cache-Control", "no-store")
	a, err := s.askedSurvey(r, r.PathValue("slug"))
	if err != nil {
		return err
	}
	f := ContactForm{ID: newUUID()} // a receipt comes by the page of thanks, never by an address that somebody else made
	p := s.contactPage(r, a, f)
	if r.URL.Query().Get("done") != "" {
		p.Done = p.T("web.contact.done." + a.Survey.Settings.Address)
	} else if !p.Results && !p.Prize {
		return notFound()
	}
	return s.render(w, http.StatusOK, "surveycontact", p)
}

// respondentLanguage lets ?lang= decide about the words of the program.
func respondentLanguage(r *http.Request) {
	if l := r.URL.Query().Get("lang"); slices.Contains(languages, l) {
		r.SetPathValue("lang", l)
	}
}

// contactPage makes the page; what was ticked stays so.
func (s *Server) contactPage(r *http.Request, a *assess.AskedSurvey, f ContactForm) SurveyContactPage {
	set := a.Survey.Settings
	f.Signed = a.SignPage(assess.SignedPage{Version: a.Survey.FormVersion, At: s.Now(), Contact: true})
	f.Setting = a.Survey.SettingVersion
	if set.Results != set.Prize { // there is nothing to choose
		f.Results, f.Prize = set.Results, set.Prize
	}
	p := SurveyContactPage{Page: s.newPage(r, nil, "web.contact.title"), Results: set.Results, Prize: set.Prize, Form: f}
	p.Framed, p.Secret = true, true // no menu, and nothing that carries the address on
	p.Heading = a.Survey.Form.Title.In(p.lang)
	p.Action = surveyBase(a.Survey.Slug, isEmbedded(r)) + "/contact?lang=" + p.lang
	p.Consent = set.Consent.In(p.lang)
	p.Intro = p.T("web.contact.intro." + set.Address)
	apart := "web.contact.named."
	if set.Anonymous {
		apart = "web.contact.apart."
	}
	p.Apart = p.T(apart + set.Address)
	return p
}

// addContact takes an address. A 303 means that it is on disk.
func (s *Server) addContact(w http.ResponseWriter, r *http.Request) error {
	respondentLanguage(r)
	w.Header().Set("Cache-Control", "no-store")
	r.Body = http.MaxBytesReader(w, r.Body, formLimit)
	if err := parseForm(r); err != nil {
		return err
	}
	a, err := s.askedSurvey(r, r.PathValue("slug"))
	if err != nil {
		return err
	}
	get := r.PostForm.Get
	f := ContactForm{ID: get("id"), Receipt: get("receipt"), Results: get("results") != "", Prize: get("prize") != "", Agreed: get("agreed") != ""}
	setting, err := strconv.Atoi(get("setting"))
	if err != nil {
		setting = 0
	}
	in := assess.ContactInput{ID: f.ID, Page: get("render_token"), Results: f.Results, Prize: f.Prize, Agreed: f.Agreed, Setting: setting, Receipt: f.Receipt, Now: s.Now()}
	if in.Email, err = goalpost.ParsePrivateEmail(get("email")); err == nil {
		err = a.AddContact(r.Context(), s.DB, in)
	}
	if err == nil {
		http.Redirect(w, r, surveyBase(a.Survey.Slug, isEmbedded(r))+"/contact?done=1&lang="+langOf(r), http.StatusSeeOther)
		return nil
	}
	return s.refuseContact(w, r, a, f, err)
}

// refuseContact shows the form again with what has to be put right.
func (s *Server) refuseContact(w http.ResponseWriter, r *http.Request, a *assess.AskedSurvey, f ContactForm, problem error) error {
	e, said := asError(problem)
	if !said || e.Kind == goalpost.NotFound {
		return problem
	}
	if strings.HasPrefix(e.Key, "error.key.") {
		s.Log.ErrorContext(r.Context(), "e-mail addresses of respondents cannot be kept", "err", e)
		e = &goalpost.Error{Kind: goalpost.Unavailable, Key: "error.contact.unavailable", Field: "email"}
	}
	if !goalpost.ValidAnswerID(f.ID) {
		f.ID = newUUID()
	}
	if e.Kind == goalpost.Conflict { // another text has to be agreed to
		f.Agreed = false
	}
	p := s.contactPage(r, a, f)
	p.Problems = append(p.Problems, Problem{Field: e.Field, Text: p.printer.Error(unplaced(e))})
	status := statusOf[e.Kind]
	if status == http.StatusServiceUnavailable {
		w.Header().Set("Retry-After", retryAfter)
	}
	return s.render(w, status, "surveycontact", p)
}
