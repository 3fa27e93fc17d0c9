package web

import (
	"encoding/json"
	"net/http"
	"net/url"
	"strconv"

	"goalpost"
	"goalpost/assess"
)

// SurveyPage asks the questions of one page of a survey.
type SurveyPage struct {
	RespondentPage
	Intro     SaidText
	Minutes   string // how long it takes; on the first page alone
	Anonymous string
	Step      string // page 2 of 5
	Turn      int
	Of        int
	Busy      string // why it could not be saved; what was typed is still there
	Notice    string
	Questions []AskedView
	Action    string
	RID       string
	Secret    string
	Token     string
	Version   int
	Rev       int64
	State     string // the other pages' replies
	Invited   string // token of an invitation
	Asked     string // the questions on this page
	Last      bool   // nothing comes after this page
	End       bool   // all questions are answered: it is to be sent
	Back      bool
	Saved     bool // it is on disk, so the page can be left
	Script    string
}

// surveyStart is how somebody comes to a survey.
type surveyStart struct {
	Channel    string // code
	Invitation string
	Replies    map[string]goalpost.QuestionReply // filled in already; nothing is kept before it is sent
}

// surveyStep is where somebody stands in a survey.
type surveyStep struct {
	rid, secret, token, invitation string
	rev                            int64
	version                        int
	form                           goalpost.Form
	at                             int
	replies                        map[string]goalpost.QuestionReply
	check                          bool // name what is missing
	busy                           string
	notice                         string
	saved                          bool
	typed                          url.Values
	tied                           map[string]bool
	preview                        string // where a team looks at it: the address that pages are sent to, and nothing is kept
}

// survey asks. Nothing is kept before the page is sent.
func (s *Server) survey(w http.ResponseWriter, r *http.Request) error {
	a, err := s.askedSurvey(r, r.PathValue("slug"))
	if err != nil {
		return err
	}
	start := surveyStart{Channel: r.PathValue("channel")}
	if _, known := a.Survey.Settings.Channel(start.Channel); start.Channel != "" && !known {
		return notFound()
	}
	return s.startSurvey(w, r, a, start)
}

// startSurvey shows the first page to somebody new, or says why there is none.
func (s *Server) startSurvey(w http.ResponseWriter, r *http.Request, a *assess.AskedSurvey, start surveyStart) error {
	now := s.Now()
	phase, err := a.Phase(r.Context(), s.DB, now)
	if err != nil {
		return err
	}
	form, version := a.Form(a.Survey.FormVersion)
	p := s.newRespondentPage(r, a, form, surveyLanguage(r, form, ""))
	p.choices(form, func(lang string) string { return p.hereIn(r, lang) })
	if start.Invitation == "" { // the link of one person is nobody's to pass on
		p.Meta = s.surveyMeta(a, form, p)
	}
	if phase != goalpost.PhaseOpen {
		return s.surveyNote(w, http.StatusOK, p, p.phaseNote(a.Survey.Settings, phase))
	}
	signed := assess.SignedPage{Version: version, At: now}
	if c, known := a.Survey.Settings.Channel(start.Channel); known {
		signed.Channel, signed.Campaign = c.Code, c.Campaign
	}
	step := surveyStep{rid: newUUID(), secret: newSecret(), token: a.SignPage(signed), invitation: start.Invitation, rev: 1, version: version, form: form, at: form.Turns(start.Replies).After(-1), replies: start.Replies}
	return s.showSurvey(w, http.StatusOK, a, p, step)
}

// hereIn is the page itself in another language.
func (p RespondentPage) hereIn(r *http.Request, lang string) string {
	q := r.URL.Query()
	q.Set("lang", lang)
	u := url.URL{Path: r.URL.Path, RawQuery: q.Encode()}
	return u.String()
}

// showSurvey draws a page of questions.
func (s *Server) showSurvey(w http.ResponseWriter, status int, a *assess.AskedSurvey, base RespondentPage, step surveyStep) error {
	turn := step.form.Turns(step.replies)
	p := SurveyPage{RespondentPage: base, Turn: step.at, Of: len(turn.Pages), RID: step.rid, Secret: step.secret, Token: step.token, Version: step.version, Rev: step.rev, Invited: step.invitation,
		Busy: step.busy, Notice: step.notice, Saved: step.saved, End: step.at >= len(turn.Pages), Back: turn.Before(step.at) >= 0}
	p.Action, p.Scripts = p.At("/r/"+step.rid), true
	if step.preview != "" {
		p.Action, p.Scripts = step.preview, false
	}
	problems := map[string]string{}
	if step.check {
		problems = p.surveyProblems(step)
	}
	carried := map[string]goalpost.QuestionReply{}
	for code, r := range step.replies {
		carried[code] = r
	}
	if !p.End {
		p.askPage(step, turn, problems, carried)
	}
	p.State = string(assess.RepliesDocument(carried))
	p.Last = !p.End && turn.After(step.at) >= len(turn.Pages) && !mayGoOn(step.form, turn, step.at)
	if step.at == turn.After(-1) {
		p.Intro = p.said(step.form.Intro)
		p.Minutes = p.say("web.surveypage.minutes", goalpost.NumberArg(float64(step.form.Minutes(p.FormLang))))
		p.Anonymous = p.T("web.surveypage.named")
		if a.Survey.Settings.Anonymous {
			p.Anonymous = p.T("web.surveypage.anonymous")
		}
	}
	if p.Of > 1 && !p.End {
		p.Step = p.say("web.surveypage.step", goalpost.NumberArg(float64(step.at+1)), goalpost.NumberArg(float64(p.Of)))
	}
	p.Script = p.scriptWords(a.Survey.Settings.Work && (p.Last || p.End), unasked(step.form, turn))
	return s.renderIn(w, status, "respondents", "surveypage", p)
}

// askPage fills in the questions of a page: those that are asked, and those that may be
// because of what is answered on the same page.
func (p *SurveyPage) askPage(step surveyStep, turn goalpost.Turn, problems map[string]string, carried map[string]goalpost.QuestionReply) {
	here := map[string]bool{}
	for _, i := range turn.Pages[step.at] {
		q := step.form.Questions[i]
		live := q.RuledBy(here)
		here[q.Code] = true
		if !turn.Shown(i) && !live {
			continue
		}
		v := p.asked(q, step.rid, step.replies[q.Code], step.typed)
		v.Hidden = !turn.Shown(i)
		if live {
			v.Rules = rulesOf(q)
		}
		if v.Problem = problems[q.Code]; v.Problem != "" {
			p.Problems = append(p.Problems, Problem{Field: "f-" + q.Code, Text: v.Wording.Text + " – " + v.Problem})
		}
		p.Questions = append(p.Questions, v)
		p.Asked += " " + q.Code
		delete(carried, q.Code)
	}
}

// unasked are the questions that somebody who answered so is not asked.
func unasked(form goalpost.Form, turn goalpost.Turn) []string {
	var list []string
	for i, q := range form.Questions {
		if !turn.Shown(i) {
			list = append(list, q.Code)
		}
	}
	return list
}

// surveyProblems are the sentences about what is wrong on a page, by question.
func (p SurveyPage) surveyProblems(step surveyStep) map[string]string {
	problems := map[string]string{}
	for _, x := range step.form.Problems(step.replies, true) {
		problems[x.Question] = p.printer.Error(unplaced(x.Err))
	}
	for code := range step.tied {
		problems[code] = p.T("web.surveypage.rank.tied")
	}
	return problems
}

// mayGoOn reports whether the answers of a page can bring up a later one.
func mayGoOn(form goalpost.Form, turn goalpost.Turn, at int) bool {
	codes := map[string]bool{}
	for n, page := range turn.Pages {
		for _, i := range page {
			q := form.Questions[i]
			if n == at || n > at && q.RuledBy(codes) {
				codes[q.Code] = true
			}
			if n > at && codes[q.Code] {
				return true
			}
		}
	}
	return false
}

// scriptWords is what the script needs to know, as JSON.
func (p SurveyPage) scriptWords(work bool, unasked []string) string {
	words := map[string]string{}
	for _, w := range []string{"saving", "saved", "unsaved", "offline", "restored", "anew", "copy", "copied", "other-tab", "sent", "wait"} {
		words[w] = p.T("web.surveypage.script." + w)
	}
	words["left"] = p.say("web.surveypage.left", goalpost.TextArg("{n}"))
	body, err := json.Marshal(struct {
		Put      string            `json:"put"`
		Key      string            `json:"key"`
		Language string            `json:"language"`
		Work     bool              `json:"work"`
		Fresh    bool              `json:"fresh"`
		Unasked  []string          `json:"unasked,omitempty"` // their replies count for nothing
		Words    map[string]string `json:"words"`
	}{answerPath + p.slug + "/r/", "goalpost-survey-" + p.slug, p.FormLang, work, !p.Saved && len(p.Busy) == 0, unasked, words})
	if err != nil {
		return "{}" // the page works without its script
	}
	return string(body)
}

// resume shows the page that somebody goes on with, or the thanks where all was sent. The
// link alone is enough, and opening it changes nothing.
func (s *Server) resume(w http.ResponseWriter, r *http.Request) error {
	secretPage(w)
	a, err := s.askedSurvey(r, r.PathValue("slug"))
	if err != nil {
		return err
	}
	x, err := a.Resume(r.Context(), s.DB, r.PathValue("rid"), r.PathValue("secret"))
	if goalpost.IsKind(err, goalpost.NotFound) {
		return notFound()
	}
	if err != nil {
		return err
	}
	secretPage(w)
	form, version := a.Form(x.Version)
	p := s.newRespondentPage(r, a, form, surveyLanguage(r, form, x.Language))
	p.choices(form, func(lang string) string { return p.hereIn(r, lang) })
	if x.State.Finished() {
		return s.surveyThanks(w, r, a, p, form, x)
	}
	if !a.Takes(s.Now()) {
		phase, err := a.Phase(r.Context(), s.DB, s.Now())
		if err != nil {
			return err
		}
		return s.surveyNote(w, http.StatusOK, p, p.phaseNote(a.Survey.Settings, phase))
	}
	if r.URL.Query().Get("later") != "" {
		return s.surveyLater(w, r, p)
	}
	step := surveyStep{rid: x.ID, secret: r.PathValue("secret"), invitation: r.URL.Query().Get("i"), rev: x.Rev + 1, version: version, form: form, replies: x.Replies, saved: true}
	step.token = a.SignResumed(x, s.Now())
	turn := form.Turns(x.Replies)
	step.at = firstOpen(form, turn, x.Replies)
	if n, err := strconv.Atoi(r.URL.Query().Get("at")); err == nil && n >= 0 && n <= len(turn.Pages) {
		step.at = n
	}
	step.check = r.URL.Query().Get("check") != ""
	if r.URL.Query().Get("more") != "" {
		step.notice = p.T("web.surveypage.more")
	}
	return s.showSurvey(w, http.StatusOK, a, p, step)
}

// firstOpen is the first page with a question that is asked and not answered.
func firstOpen(form goalpost.Form, turn goalpost.Turn, replies map[string]goalpost.QuestionReply) int {
	for i, q := range form.Questions {
		if turn.Shown(i) && replies[q.Code].IsEmpty() {
			return turn.Of(i)
		}
	}
	return len(turn.Pages)
}

// SurveyLaterPage shows the link with which somebody goes on later.
type SurveyLaterPage struct {
	RespondentPage
	Link string
	On   string
}

func (s *Server) surveyLater(w http.ResponseWriter, r *http.Request, base RespondentPage) error {
	p := SurveyLaterPage{RespondentPage: base}
	path := "/r/" + r.PathValue("rid") + "/" + r.PathValue("secret")
	p.Scripts = true
	p.On = p.At(path, "lang", p.FormLang, "i", r.URL.Query().Get("i"))
	bare := p.RespondentPage
	bare.Framed = false
	p.Link = s.outsideURL() + bare.At(path, "i", r.URL.Query().Get("i"))
	return s.renderIn(w, http.StatusOK, "respondents", "surveylater", p)
}

// SurveyThanksPage says that everything is kept, and gives the receipt.
type SurveyThanksPage struct {
	RespondentPage
	Thanks  SaidText
	Note    string // when the answers do not count, or others came before
	Receipt string
	Key     string // of the copy on the device that is now to go
	Results string // address of the public results; empty where nobody sees them
	// Contact asks for an e-mail address, apart from the answers; nil where none is asked for.
	Contact *SurveyContactPage
}

// surveyThanks says what became of an answer. It is shown only after it is on disk.
func (s *Server) surveyThanks(w http.ResponseWriter, r *http.Request, a *assess.AskedSurvey, base RespondentPage, form goalpost.Form, x goalpost.Answer) error {
	p := SurveyThanksPage{RespondentPage: base, Receipt: a.Receipt(x.ID), Key: "goalpost-survey-" + base.slug, Thanks: base.said(form.Thanks)}
	p.Scripts = true
	if a.Survey.Settings.PublicResults {
		p.Results = p.In("/results")
	}
	if p.Thanks.Text == "" {
		p.Thanks = SaidText{Text: p.A("web.surveypage.thanks."), Lang: p.Words}
	}
	switch x.State {
	case goalpost.AnswerOverQuota:
		var err error
		if p.Note, err = s.overQuota(r, p.RespondentPage, a, form, x); err != nil {
			return err
		}
	case goalpost.AnswerLate, goalpost.AnswerUninvited:
		p.Note = p.T("web.surveypage.state." + string(x.State))
	default:
		if r.URL.Query().Get("late") != "" {
			p.Note = p.T("web.surveypage.late-edit")
		}
	}
	if set := a.Survey.Settings; set.Results || set.Prize {
		f := ContactForm{ID: newUUID()}
		if !set.Anonymous {
			f.Receipt = p.Receipt
		}
		r.SetPathValue("lang", base.lang)
		contact := s.contactPage(r, a, f)
		p.Contact = &contact
	}
	return s.renderIn(w, http.StatusOK, "respondents", "surveythanks", p)
}
