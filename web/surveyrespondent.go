package web

import (
	"net/http"
	"net/url"
	"slices"
	"strings"

	"golang.org/x/text/language"
	"golang.org/x/text/language/display"

	"goalpost"
	"goalpost/assess"
)

// RespondentPage is what every page of a survey shows around its own content. The survey's
// texts stand in FormLang; the program's own words in German where that is it, else in
// English, and then Words says so in the page.
type RespondentPage struct {
	Page
	FormLang  string
	Direction string // rtl where the language runs so
	Words     string // language of the program's own words where it is another one
	Survey    SaidText
	Asker     string // who asks
	Languages []LanguageChoice
	Scripts   bool // the page loads the script
	Meta      *SurveyMeta

	slug    string
	address string // how German speaks to respondents
	first   string // language that every text has
}

// LanguageChoice is a language that the survey can be read in.
type LanguageChoice struct {
	Code, Name, Href string // without an address it is a button of the form
	Current          bool
}

// SaidText is a text of the survey; Lang is set where it is in another language than the
// page.
type SaidText struct{ Text, Lang string }

// rightToLeft are the languages of ISO 639-1 whose script runs from right to left.
var rightToLeft = []string{"ar", "dv", "fa", "he", "ku", "ps", "sd", "ug", "ur", "yi"}

// newRespondentPage starts a page for respondents.
func (s *Server) newRespondentPage(r *http.Request, a *assess.AskedSurvey, form goalpost.Form, lang string) RespondentPage {
	words := "en"
	if lang == "de" {
		words = "de"
	}
	p := RespondentPage{Page: s.newPage(r, nil, ""), FormLang: lang, slug: a.Survey.Slug, address: a.Survey.Settings.Address, first: form.Languages[0], Asker: a.Name}
	p.Theme, p.lang, p.printer = "", words, printerFor(words, nil)
	if words != lang {
		p.Words = words
	}
	if slices.Contains(rightToLeft, lang) {
		p.Direction = "rtl"
	}
	p.Survey = p.said(form.Title)
	p.Title = p.Survey.Text
	p.Framed = isEmbedded(r)
	return p
}

// surveyLanguage is the language for a respondent: the own choice, else that of an answer,
// else the best of what the browser asks for.
func surveyLanguage(r *http.Request, form goalpost.Form, before string) string {
	for _, l := range []string{r.URL.Query().Get("lang"), before} {
		if slices.Contains(form.Languages, l) {
			return l
		}
	}
	tags, _, err := language.ParseAcceptLanguage(r.Header.Get("Accept-Language"))
	if err != nil || len(tags) == 0 {
		return form.Languages[0]
	}
	var have []language.Tag
	for _, l := range form.Languages {
		have = append(have, language.Make(l))
	}
	_, i, sure := language.NewMatcher(have).Match(tags...)
	if sure == language.No {
		return form.Languages[0]
	}
	return form.Languages[i]
}

// languageName is the name of a language in itself.
func languageName(code string) string {
	tag := language.Make(code)
	if name := display.Self.Name(tag); name != "" {
		return strings.ToUpper(name[:1]) + name[1:]
	}
	return code
}

// choices are the languages of the form; with href they are links, else buttons.
func (p *RespondentPage) choices(form goalpost.Form, href func(lang string) string) {
	if len(form.Languages) < 2 {
		return
	}
	for _, l := range form.Languages {
		c := LanguageChoice{Code: l, Name: languageName(l), Current: l == p.FormLang}
		if href != nil {
			c.Href = href(l)
		}
		p.Languages = append(p.Languages, c)
	}
}

// said is a text of the survey in the page's language, else in the first one.
func (p RespondentPage) said(t goalpost.Text) SaidText {
	if s := t[p.FormLang]; s != "" || len(t) == 0 {
		return SaidText{Text: s}
	}
	if s := t[p.first]; s != "" {
		return SaidText{Text: s, Lang: p.first}
	}
	return SaidText{Text: t.In(p.FormLang)}
}

// own is one of the program's own words, as a text of the survey.
func (p RespondentPage) own(key string) SaidText { return SaidText{Text: p.T(key), Lang: p.Words} }

// A is the text of a key, up to its last dot, that speaks to the respondent: in German "Sie" or "du".
func (p RespondentPage) A(key string) string { return p.T(key + p.address) }

// At is an address below the survey's, inside a frame one that may stand there.
func (p RespondentPage) At(path string, query ...string) string {
	q := url.Values{}
	for i := 0; i+1 < len(query); i += 2 {
		if query[i+1] != "" {
			q.Set(query[i], query[i+1])
		}
	}
	u := url.URL{Path: surveyBase(p.slug, p.Framed) + path, RawQuery: q.Encode()}
	return u.String()
}

// In is At in the page's language.
func (p RespondentPage) In(path string) string { return p.At(path, "lang", p.FormLang) }

// SurveyNotePage says one thing: that a survey is not open, or that something went wrong.
type SurveyNotePage struct {
	RespondentPage
	Sentence SaidText
	Receipt  bool // there may be answers of one's own
}

// surveyNote shows a sentence instead of the questions.
func (s *Server) surveyNote(w http.ResponseWriter, status int, p RespondentPage, sentence SaidText) error {
	return s.renderIn(w, status, "respondents", "surveynote", SurveyNotePage{RespondentPage: p, Sentence: sentence, Receipt: p.slug != ""})
}

// phaseNote says why no questions are asked.
func (p RespondentPage) phaseNote(settings goalpost.SurveySettings, phase goalpost.SurveyPhase) SaidText {
	if t := settings.Message(phase); len(t) > 0 {
		return p.said(t)
	}
	if phase == goalpost.PhaseWaiting && !settings.OpensAt.IsZero() {
		return p.own("web.surveypage.phase.waiting")
	}
	return p.own("web.surveypage.phase." + string(phase))
}

// respond turns a handler for respondents into an http.Handler. What went wrong is said in
// a page without the team's menu.
func (s *Server) respond(h func(http.ResponseWriter, *http.Request) error) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		r.Body = http.MaxBytesReader(w, r.Body, formLimit)
		err := h(w, r)
		if err == nil {
			return
		}
		status, e := s.classify(r, err)
		if status == http.StatusServiceUnavailable {
			w.Header().Set("Retry-After", retryAfter)
		}
		p := RespondentPage{Page: s.newPage(r, nil, "web.error.title"), FormLang: langOf(r)}
		p.Theme = ""
		if status == http.StatusNotFound {
			p.Title = p.T("web.error.not-found")
		}
		if err := s.surveyNote(w, status, p, SaidText{Text: p.printer.Error(e)}); err != nil {
			s.Log.ErrorContext(r.Context(), "error page failed", "err", err)
			http.Error(w, http.StatusText(status), status)
		}
	})
}
