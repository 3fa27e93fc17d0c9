package web

import (
	"crypto/rand"
	"net/http"
	"strconv"
	"time"

	"goalpost"
	"goalpost/assess"
)

// shownDeliveries is how many of the last messages to a system are listed.
const shownDeliveries = 10

// HooksPage lists the systems that are told of a survey's answers, and adds some.
type HooksPage struct {
	Page
	Tabs   SurveyTabs
	Survey string // its title
	Back   string
	Done   string // what happened
	Failed string // what did not
	Secret string // of the system that was just added, shown this once
	URL    string
	Action string
	Hooks  []HookView
}

// HookView is one system.
type HookView struct {
	URL, About, State string
	Off               bool
	Action            string // address of its forms
	TestLabel         string
	SwitchLabel       string
	RemoveLabel       string
	Deliveries        []DeliveryRow
}

// DeliveryRow is one message.
type DeliveryRow struct{ When, Answer, Tries, State string }

// hooks shows which systems are told.
func (s *Server) hooks(w http.ResponseWriter, r *http.Request, v visitor) error {
	return s.showHooks(w, r, v, HooksPage{}, nil)
}

func (s *Server) showHooks(w http.ResponseWriter, r *http.Request, v visitor, p HooksPage, problem error) error {
	p.Page = s.newPage(r, &v, "survey.hook.title")
	status, err := p.refused(problem)
	if err != nil {
		return err
	}
	survey, err := s.hookSurvey(r, v)
	if err != nil {
		return err
	}
	p.Survey = survey.Form.Title.In(p.lang)
	p.Back, p.Tabs = p.surveyHref(survey.ID, ""), p.tabsOf(v, survey.ID, "hooks")
	p.Action = p.Back + "/hooks"
	list, err := s.DB.Hooks(r.Context(), v.org.ID, survey.ID)
	if err != nil {
		return err
	}
	for _, h := range list {
		view, err := s.hookView(r, v, p, h, survey.Settings.Anonymous)
		if err != nil {
			return err
		}
		p.Hooks = append(p.Hooks, view)
	}
	w.Header().Set("Cache-Control", "no-store")
	return s.render(w, status, "surveyhook", p)
}

func (s *Server) hookView(r *http.Request, v visitor, p HooksPage, h goalpost.Hook, dayOnly bool) (HookView, error) {
	name := goalpost.TextArg(h.URL)
	view := HookView{URL: h.URL, Off: h.Off, Action: p.Action + "/" + strconv.FormatInt(int64(h.ID), 10), State: p.T("survey.hook.on"), TestLabel: p.say("survey.hook.test.label", name),
		SwitchLabel: p.say("survey.hook.off.label", name), RemoveLabel: p.say("survey.hook.remove.label", name)}
	if h.Off {
		view.State, view.SwitchLabel = p.T("survey.hook.is-off"), p.say("survey.hook.on.label", name)
	}
	counts, err := s.DB.CountDeliveries(r.Context(), v.org.ID, h.ID)
	if err != nil {
		return view, err
	}
	view.About = p.say("survey.hook.about", goalpost.DayArg(goalpost.DayOf(h.MadeAt, v.org.Zone())), goalpost.TextArg(h.By),
		goalpost.NumberArg(float64(counts.Sent)), goalpost.NumberArg(float64(counts.Waiting)), goalpost.NumberArg(float64(counts.Failed)))
	last, err := s.DB.LastDeliveries(r.Context(), v.org.ID, h.ID, shownDeliveries)
	for _, d := range last {
		row := DeliveryRow{When: p.printer.Time(d.At, v.org.Zone()), Answer: d.Answer, Tries: p.printer.Number(float64(d.Tries)), State: p.T("survey.hook.state." + string(d.State))}
		if dayOnly { // the message went when somebody answered
			row.When = p.printer.Day(goalpost.DayOf(d.At, time.UTC))
		}
		if d.Problem != goalpost.NoProblem {
			row.State += ": " + p.sayProblem(d.Problem)
		}
		view.Deliveries = append(view.Deliveries, row)
	}
	return view, err
}

// hookSurvey is the survey of an address.
func (s *Server) hookSurvey(r *http.Request, v visitor) (goalpost.Survey, error) {
	id, err := strconv.ParseInt(r.PathValue("id"), 10, 64)
	if err != nil {
		return goalpost.Survey{}, notFound()
	}
	survey, err := s.DB.Survey(r.Context(), v.org.ID, goalpost.SurveyID(id))
	if goalpost.IsKind(err, goalpost.NotFound) {
		err = notFound()
	}
	return survey, err
}

// addHook adds a system and shows its secret, this once.
func (s *Server) addHook(w http.ResponseWriter, r *http.Request, v visitor) error {
	if err := parseForm(r); err != nil {
		return err
	}
	survey, err := s.hookSurvey(r, v)
	if err != nil {
		return err
	}
	in := assess.HookInput{Survey: survey.ID, URL: r.PostForm.Get("url"), By: v.user.Name, Now: s.Now()}
	_, _ = rand.Read(in.Secret[:]) // it never fails (crypto/rand)
	_, secret, err := assess.AddHook(r.Context(), s.DB, v.org.ID, in)
	if err != nil {
		return s.showHooks(w, r, v, HooksPage{URL: in.URL}, err)
	}
	return s.showHooks(w, r, v, HooksPage{Secret: secret}, nil)
}

// hookOf is the system of an address; that of another survey is not found.
func (s *Server) hookOf(r *http.Request, v visitor) (h goalpost.Hook, err error) {
	survey, err := s.hookSurvey(r, v)
	if err != nil {
		return h, err
	}
	list, err := s.DB.Hooks(r.Context(), v.org.ID, survey.ID)
	if err != nil {
		return h, err
	}
	for _, h := range list {
		if strconv.FormatInt(int64(h.ID), 10) == r.PathValue("hook") {
			return h, nil
		}
	}
	return h, notFound()
}

// testHook sends a message without an answer and says whether it arrived.
func (s *Server) testHook(w http.ResponseWriter, r *http.Request, v visitor) error {
	h, err := s.hookOf(r, v)
	if err != nil {
		return err
	}
	p := HooksPage{Page: s.newPage(r, &v, "survey.hook.title")}
	m, err := assess.TestMessage(r.Context(), s.DB, v.org.ID, h.ID, s.Now())
	if err != nil {
		return s.showHooks(w, r, v, p, err)
	}
	if problem := s.sendHook(r.Context(), m); problem != goalpost.NoProblem {
		p.Failed = p.say("survey.hook.test.failed", goalpost.TextArg(h.URL), goalpost.TextArg(p.sayProblem(problem)))
	} else {
		p.Done = p.say("survey.hook.test.done", goalpost.TextArg(h.URL))
	}
	return s.showHooks(w, r, v, p, nil)
}

// switchHook switches a system off or on.
func (s *Server) switchHook(w http.ResponseWriter, r *http.Request, v visitor) error {
	if err := parseForm(r); err != nil {
		return err
	}
	h, err := s.hookOf(r, v)
	if err != nil {
		return err
	}
	if err := s.DB.SwitchHook(r.Context(), v.org.ID, h.ID, r.PostForm.Get("off") == "1"); err != nil {
		return err
	}
	return s.backToHooks(w, r, v)
}

// removeHook removes a system.
func (s *Server) removeHook(w http.ResponseWriter, r *http.Request, v visitor) error {
	h, err := s.hookOf(r, v)
	if err != nil {
		return err
	}
	if err := s.DB.RemoveHook(r.Context(), v.org.ID, h.ID); err != nil {
		return err
	}
	return s.backToHooks(w, r, v)
}

func (s *Server) backToHooks(w http.ResponseWriter, r *http.Request, v visitor) error {
	http.Redirect(w, r, s.newPage(r, &v, "").Href("/surveys/"+r.PathValue("id")+"/hooks"), http.StatusSeeOther)
	return nil
}
