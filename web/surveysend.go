package web

import (
	"errors"
	"net/http"
	"slices"
	"strconv"
	"strings"

	"goalpost"
	"goalpost/assess"
)

// What a respondent can do with a page.
const (
	doNext  = "next"
	doBack  = "back"
	doSend  = "send"
	doLater = "later"
)

// sentStep is a page as it came back.
type sentStep struct {
	surveyStep
	lang   string
	do     string
	trap   bool
	work   string
	asked  []string // questions that stood on the page
	hidden []string // those of them that were not to be seen
}

// sendSurvey takes a page of a form. Whatever was answered is kept at once, all of it each
// time; only then the next page is shown, or what is still missing.
func (s *Server) sendSurvey(w http.ResponseWriter, r *http.Request) error {
	secretPage(w)
	last := s.asked.get(r.PathValue("slug"))
	a, err := s.askedSurvey(r, r.PathValue("slug"))
	if err != nil && last != nil && !goalpost.IsKind(err, goalpost.NotFound) {
		a, err = last, nil // the store does not answer: then it is said below that nothing was kept
	}
	if err != nil {
		return err
	}
	if err := parseForm(r); err != nil {
		return err
	}
	step := s.readStep(r, a)
	turn := step.form.Turns(step.replies)
	to := step.at
	problems := step.onThisPage(turn)
	switch {
	case step.do == doBack:
		to = max(turn.Before(step.at), 0)
	case step.do != doNext && step.do != doSend:
	case problems:
		step.check = true
	case len(step.appeared(turn)) > 0:
	default:
		to = turn.After(step.at)
	}
	done := step.do == doSend && !problems && to >= len(turn.Pages)
	missing := -1
	if done {
		if missing = firstProblem(step.form, step.replies); missing >= 0 {
			done = false
		}
	}
	res, err := s.keepStep(r, a, step, done)
	if err != nil {
		return s.notSaved(w, r, a, step, err)
	}
	if res.State == goalpost.AnswerErased {
		p := s.newRespondentPage(r, a, step.form, surveyLanguage(r, step.form, step.lang))
		return s.surveyNote(w, http.StatusGone, p, p.own("web.surveypage.erased"))
	}
	p := s.newRespondentPage(r, a, step.form, surveyLanguage(r, step.form, step.lang))
	if step.check && !res.State.Finished() {
		step.saved, step.rev = true, res.Rev+1
		p.choices(step.form, nil)
		return s.showSurvey(w, http.StatusUnprocessableEntity, a, p, step.surveyStep)
	}
	http.Redirect(w, r, p.goOn(step, turn, res, to, missing), http.StatusSeeOther)
	return nil
}

// goOn is the address of what comes after a page that was kept.
func (p RespondentPage) goOn(step sentStep, turn goalpost.Turn, res assess.AnswerResult, to, missing int) string {
	lang := p.FormLang
	if l, found := strings.CutPrefix(step.do, "lang-"); found && slices.Contains(step.form.Languages, l) {
		lang = l
	}
	path, query, place := "/r/"+step.rid+"/"+step.secret, []string{"lang", lang, "i", step.invitation}, ""
	switch {
	case res.Conflict:
		query = append(query, "late", "1")
	case res.State.Finished():
	case step.do == doLater:
		query = append(query, "later", "1")
	case missing >= 0:
		query = append(query, "at", strconv.Itoa(turn.Of(missing)), "check", "1")
		place = "#problems"
	default:
		query = append(query, "at", strconv.Itoa(to))
		if more := step.appeared(turn); len(more) > 0 && to == step.at && step.do != doBack {
			query, place = append(query, "more", "1"), "#q-"+more[0]
		}
	}
	return p.At(path, query...) + place
}

// readStep reads a page that came back, together with what is on disk of the same answer.
func (s *Server) readStep(r *http.Request, a *assess.AskedSurvey) sentStep {
	get := func(name string) string { return strings.TrimSpace(r.PostForm.Get(name)) }
	step := sentStep{lang: get("lang"), do: get("do"), trap: get("website") != "", work: get("work"), asked: strings.Fields(get("asked")), hidden: strings.Fields(get("hidden"))}
	step.rid, step.secret, step.token, step.invitation = r.PathValue("rid"), get("secret"), get("page"), get("invitation")
	step.version, _ = strconv.Atoi(get("version")) // anything else is the newest
	step.rev, _ = strconv.ParseInt(get("rev"), 10, 64)
	step.form, step.version = a.Form(step.version)
	step.at, _ = strconv.Atoi(get("at"))
	step.at = min(max(step.at, 0), len(step.form.Pages()))
	step.rev = max(step.rev, 1)
	step.typed, step.tied = r.PostForm, map[string]bool{}
	base := assess.ReadReplies(step.form, get("state"))
	x, err := a.Resume(r.Context(), s.DB, step.rid, step.secret)
	switch {
	case err == nil && x.Rev >= step.rev: // another page of the same answer was sent after this one was made
		base, step.rev = x.Replies, x.Rev+1
	case err != nil && !goalpost.IsKind(err, goalpost.NotFound):
		s.Log.WarnContext(r.Context(), "answer on disk not read", "err", err) // what the page carries is enough
	}
	step.replies = map[string]goalpost.QuestionReply{}
	for code, reply := range base {
		step.replies[code] = reply
	}
	for _, code := range step.asked {
		q, known := step.form.Question(code)
		if !known {
			continue
		}
		reply, tied := readReply(q, r.PostForm)
		delete(step.replies, code)
		if !reply.IsEmpty() {
			step.replies[code] = reply
		}
		if tied {
			step.tied[code] = true
		}
	}
	return step
}

// keepStep keeps a page that came back; done is true where it is the end.
func (s *Server) keepStep(r *http.Request, a *assess.AskedSurvey, step sentStep, done bool) (assess.AnswerResult, error) {
	in := assess.AnswerInput{ID: step.rid, Secret: step.secret, Rev: step.rev, Version: step.version, Raw: assess.RepliesDocument(step.replies), Done: done, Page: step.token, Work: step.work,
		Trap: step.trap, Elsewhere: r.Header.Get("Sec-Fetch-Site") == "cross-site", Invitation: step.invitation, Language: step.lang, Device: deviceOf(r.UserAgent()), Network: s.networkOf(r, a.Survey.Slug), Now: s.Now()}
	if len(in.Raw) > goalpost.MaxAnswerBytes {
		return assess.AnswerResult{}, goalpost.Errorf(goalpost.Invalid, "error.api.large", goalpost.NumberArg(goalpost.MaxAnswerBytes>>10))
	}
	_, res, err := s.sendAnswer(r.Context(), a.Survey.Slug, in)
	return res, err
}

// shownAgain are the errors of kinds that no page makes, which people can run into all the
// same: they see what they typed beside them.
var shownAgain = []string{"error.answer.revisions", "error.api.large"}

// onThisPage reports whether something on the page has to be put right.
func (step sentStep) onThisPage(turn goalpost.Turn) bool {
	if len(step.tied) > 0 {
		return true
	}
	hidden := step.appeared(turn) // whoever did not see a question is not told that it is missing
	return slices.ContainsFunc(step.form.Problems(step.replies, true), func(x goalpost.Problem) bool {
		return slices.Contains(step.asked, x.Question) && !slices.Contains(hidden, x.Question)
	})
}

// appeared are the questions that could not be seen on the page, and that are asked after
// what was answered on it.
func (step sentStep) appeared(turn goalpost.Turn) []string {
	var list []string
	for i, q := range step.form.Questions {
		if slices.Contains(step.hidden, q.Code) && turn.Shown(i) && step.replies[q.Code].IsEmpty() {
			list = append(list, q.Code)
		}
	}
	return list
}

// firstProblem is the place of the first question that has to be put right before the end,
// -1 if there is none.
func firstProblem(form goalpost.Form, replies map[string]goalpost.QuestionReply) int {
	problems := form.Problems(replies, true)
	if len(problems) == 0 {
		return -1
	}
	return slices.IndexFunc(form.Questions, func(q goalpost.SurveyQuestion) bool { return q.Code == problems[0].Question })
}

// notSaved shows a page again that could not be kept, with everything that was typed and a
// button to send it once more.
func (s *Server) notSaved(w http.ResponseWriter, r *http.Request, a *assess.AskedSurvey, step sentStep, err error) error {
	e, known := errors.AsType[*goalpost.Error](err)
	if known && e.Kind != goalpost.Unavailable && !slices.Contains(shownAgain, e.Key) {
		return err
	}
	p := s.newRespondentPage(r, a, step.form, surveyLanguage(r, step.form, step.lang))
	status := http.StatusServiceUnavailable
	step.busy = p.A("web.surveypage.busy.")
	switch {
	case !known:
		s.Log.ErrorContext(r.Context(), "answer not kept", "path", loggedPath(r.URL.Path), "err", err)
	case e.Kind != goalpost.Unavailable:
		status, _ = s.classify(r, err)
		step.busy = p.printer.Error(e)
	}
	if status == http.StatusServiceUnavailable {
		w.Header().Set("Retry-After", retryAfter)
	}
	p.choices(step.form, nil)
	return s.showSurvey(w, status, a, p, step.surveyStep)
}
