package web

import (
	"math"
	"net/http"
	"net/url"
	"strconv"
	"strings"

	"goalpost"
	"goalpost/assess"
)

// BeliefsPage asks a member of the team what they believe that respondents answer, or shows
// them what they said.
type BeliefsPage struct {
	Page
	Head      SurveyHead
	Self      string
	Said      string
	Late      string // it is too late to be scored; empty for no
	None      string // the survey has nothing to guess
	Own       string // when it was said; empty where it was not
	OwnLate   string
	Hash      string
	Changed   []string // items that are asked otherwise by now
	Claim     BeliefClaim
	Revision  int64
	Questions []BeliefQuestionView
	Believers Believers
	Next      MenuItem // the score, once there are answers
}

// BeliefClaim is the question whether one understands the customers.
type BeliefClaim struct {
	Wording string
	Options []Option
	Answer  string // what was said
}

// BeliefQuestionView is a question with what there is to guess.
type BeliefQuestionView struct {
	Wording, Note string
	Items         []BeliefItemView
}

// BeliefItemView is one share: inputs while it is open, words once it was said.
type BeliefItemView struct {
	Key, Label          string
	Guess, Low, High    string // as typed
	NoIdea              bool
	WrongField, Problem string
	Said                string
}

// Wrong says whether a field holds what is wrong.
func (i BeliefItemView) Wrong(part string) bool {
	return i.Problem != "" && (i.WrongField == i.Key+"."+part || i.WrongField == i.Key && part == "guess")
}

// beliefs shows the form, or what the member said.
func (s *Server) beliefs(w http.ResponseWriter, r *http.Request, v visitor) error {
	p, view, err := s.beliefsPage(r, v)
	if err != nil {
		return err
	}
	if r.URL.Query().Get("kept") != "" && view.Own != nil {
		p.Said = p.T("web.belief.kept")
	}
	p.fillBeliefs(view, nil)
	return s.render(w, http.StatusOK, "beliefs", p)
}

func (s *Server) beliefsPage(r *http.Request, v visitor) (BeliefsPage, assess.BeliefView, error) {
	p := BeliefsPage{Page: s.newPage(r, &v, "")}
	e, err := s.editedSurvey(r, v)
	if err != nil {
		return p, assess.BeliefView{}, err
	}
	p.Head = s.surveyHead(p.Page, v, e, "beliefs")
	p.Title = p.say("web.belief.title", goalpost.TextArg(p.Head.Name))
	p.Self = p.surveyHref(e.ID, "/beliefs")
	view, err := assess.Beliefs(r.Context(), s.DB, v.org.ID, e.ID, v.user.ID)
	if err != nil {
		return p, view, err
	}
	p.Revision = view.Survey.Revision
	if p.Claim, err = p.beliefClaim(view, r.PostForm); err != nil {
		return p, view, err
	}
	p.Believers = p.believers(view.Givers, view.Silent, v.org)
	if view.Answered {
		p.Next = MenuItem{Href: p.surveyHref(e.ID, "/understanding"), Text: p.T("web.belief.next")}
	}
	switch own := view.Own; {
	case own != nil:
		p.Own, p.Hash = p.say("web.belief.own", goalpost.TextArg(p.printer.Time(own.MadeAt, v.org.Zone()))), own.SHA256
		if own.Late {
			p.OwnLate = p.T("web.belief.own.late")
		}
	case len(view.Questions()) == 0:
		p.None = p.T("web.belief.none")
	case view.Answered:
		p.Late = p.T("web.belief.late")
	}
	for _, i := range view.Changed {
		p.Changed = append(p.Changed, p.beliefLabel(view.Own.Asked, i, true))
	}
	return p, view, nil
}

// beliefClaim is the study's question, as it was answered.
func (p Page) beliefClaim(view assess.BeliefView, typed url.Values) (BeliefClaim, error) {
	q, err := assess.ClaimQuestion()
	if err != nil {
		return BeliefClaim{}, err
	}
	c := BeliefClaim{Wording: q.Wording.In(p.lang)}
	for _, value := range []string{"yes", "no"} {
		c.Options = append(c.Options, Option{Value: value, Text: p.T("web.own." + value), Selected: typed.Get("claims") == value})
	}
	if own := view.Own; own != nil {
		switch {
		case own.Claims == nil:
			c.Answer = p.T("web.belief.claim.none")
		case *own.Claims:
			c.Answer = p.T("web.own.yes")
		default:
			c.Answer = p.T("web.own.no")
		}
	}
	return c, nil
}

// fillBeliefs lists what there is to guess, with what was typed or said.
func (p *BeliefsPage) fillBeliefs(view assess.BeliefView, typed url.Values) {
	questions := view.Questions()
	if view.Own != nil {
		questions = view.Own.Asked
	}
	for _, q := range questions {
		out := BeliefQuestionView{Wording: q.Wording.In(p.lang), Note: p.T("web.belief.kind." + string(q.Type))}
		if q.ShowIf != nil {
			out.Note += " " + p.T("web.belief.some")
		}
		for _, i := range q.BeliefItems() {
			key := i.Key()
			x := BeliefItemView{Key: key, Label: p.beliefLabel(questions, i, false), Guess: typed.Get(key + ".guess"), Low: typed.Get(key + ".low"), High: typed.Get(key + ".high"), NoIdea: typed.Get(key+".none") != ""}
			for _, problem := range p.Problems {
				if problem.Field == key || strings.HasPrefix(problem.Field, key+".") {
					x.WrongField, x.Problem = problem.Field, problem.Text
				}
			}
			if view.Own != nil {
				x.Said = p.saidBelief(*view.Own, key)
			}
			out.Items = append(out.Items, x)
		}
		p.Questions = append(p.Questions, out)
	}
}

// saidBelief writes one belief.
func (p Page) saidBelief(s goalpost.BeliefSheet, key string) string {
	for _, b := range s.Beliefs {
		if b.Key() == key && !b.NoIdea {
			return p.say("web.belief.said", goalpost.TextArg(p.printer.Percent(b.Guess)), goalpost.TextArg(p.printer.Percent(b.Low)), goalpost.TextArg(p.printer.Percent(b.High)))
		}
	}
	return p.T("web.belief.no-idea")
}

// beliefLabel names an item: its option, or its highest grades. With of the question stands
// before it.
func (p Page) beliefLabel(questions []goalpost.SurveyQuestion, i goalpost.BeliefItem, of bool) string {
	for _, q := range questions {
		if q.Code != i.Question {
			continue
		}
		label := i.Option
		if o, ok := q.Option(i.Option); ok {
			label = strings.TrimSuffix(p.printer.Option(o), ":")
		}
		if i.From != nil {
			high := goalpost.NPSHighest
			if q.Scale != nil {
				high = q.Scale.High
			}
			label = p.grades(*i.From, high)
		}
		if of {
			return p.say("web.belief.of", goalpost.TextArg(shortened(q.Wording.In(p.lang))), goalpost.TextArg(label))
		}
		return label
	}
	return i.Key()
}

func (p Page) grades(from, high int) string {
	if from == high {
		return p.say("web.belief.grade", goalpost.PlainArg(high))
	}
	return p.say("web.belief.grades", goalpost.PlainArg(from), goalpost.PlainArg(high))
}

// giveBeliefs keeps what was sent, or shows it again with what is wrong.
func (s *Server) giveBeliefs(w http.ResponseWriter, r *http.Request, v visitor) error {
	if err := parseForm(r); err != nil {
		return err
	}
	p, view, err := s.beliefsPage(r, v)
	if err != nil {
		return err
	}
	in := assess.BeliefInput{Survey: view.Survey.ID, User: v.user, Beliefs: readBeliefs(view.Survey.Form, r.PostForm), Now: s.Now()}
	if in.Revision, err = strconv.ParseInt(r.PostForm.Get("revision"), 10, 64); err != nil || in.Revision < 1 {
		return goalpost.Errorf(goalpost.Invalid, "error.web.form")
	}
	if claims := r.PostForm.Get("claims"); claims != "" {
		yes := claims == "yes"
		in.Claims = &yes
	}
	if _, err = assess.GiveBeliefs(r.Context(), s.DB, v.org.ID, in); err == nil {
		http.Redirect(w, r, "beliefs?kept=1", http.StatusSeeOther)
		return nil
	}
	problems := []error{err}
	if goalpost.IsKind(err, goalpost.Invalid) {
		problems = nil
		for _, problem := range in.Problems(view.Survey) {
			problems = append(problems, problem)
		}
	}
	for _, problem := range problems {
		if err := p.refuse(problem); err != nil {
			return err
		}
	}
	p.fillBeliefs(view, r.PostForm)
	return s.render(w, statusOfProblem(err), "beliefs", p)
}

// readBeliefs reads the inputs of the items of a form. What is left empty is not believed;
// what is no number is none.
func readBeliefs(f goalpost.Form, form url.Values) []goalpost.Belief {
	var list []goalpost.Belief
	for _, i := range f.BeliefItems() {
		b := goalpost.Belief{BeliefItem: i, NoIdea: form.Get(i.Key()+".none") != ""}
		typed := 0
		for part, to := range map[string]*float64{"guess": &b.Guess, "low": &b.Low, "high": &b.High} {
			text := strings.TrimSpace(form.Get(i.Key() + "." + part))
			if text == "" && b.NoIdea {
				continue
			}
			*to = percentTyped(text)
			if text != "" {
				typed++
			}
		}
		if typed == 0 {
			b.NoIdea, b.Guess, b.Low, b.High = true, 0, 0, 0
		} else if b.NoIdea {
			b.Guess = math.NaN() // both was said: asked again
		}
		list = append(list, b)
	}
	return list
}

// percentTyped is the fraction of a percentage as somebody typed it; NaN for none.
func percentTyped(text string) float64 {
	const decimals = 2
	v, ok := readNumber(strings.TrimSpace(strings.TrimSuffix(strings.TrimSpace(text), "%")), decimals)
	if !ok {
		return math.NaN()
	}
	return v / 100
}

// Believers are who has said what they believe, and who has not: only names.
type Believers struct {
	GiversTitle, SilentTitle string
	Givers, Silent           []string
}

func (p Page) believers(givers []goalpost.BeliefGiver, silent []string, org goalpost.Organisation) Believers {
	b := Believers{GiversTitle: p.T("web.belief.givers"), SilentTitle: p.T("web.belief.silent"), Silent: silent}
	for _, g := range givers {
		key := "web.belief.giver"
		if g.Late {
			key = "web.belief.giver.late"
		}
		b.Givers = append(b.Givers, p.say(key, goalpost.TextArg(g.Name), goalpost.TextArg(p.printer.Time(g.MadeAt, org.Zone()))))
	}
	return b
}

// BeliefInvite invites the team to say what it believes before the first answer.
type BeliefInvite struct {
	Href, Counts string
	Given        bool // the one who looks has said it
	Believers    Believers
}

// beliefInvite is nil where an answer has come in, or there is nothing to guess.
func (s *Server) beliefInvite(r *http.Request, p Page, v visitor, id goalpost.SurveyID) (*BeliefInvite, error) {
	view, err := assess.Beliefs(r.Context(), s.DB, v.org.ID, id, v.user.ID)
	if err != nil || view.Answered || len(view.Questions()) == 0 {
		return nil, err
	}
	return &BeliefInvite{Href: p.surveyHref(id, "/beliefs"), Given: view.Own != nil, Believers: p.believers(view.Givers, view.Silent, v.org),
		Counts: p.say("web.belief.invite.counts", goalpost.PlainArg(len(view.Givers)), goalpost.PlainArg(len(view.Silent)))}, nil
}
