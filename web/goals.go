package web

import (
	"cmp"
	"net/http"
	"strconv"
	"strings"

	"goalpost"
	"goalpost/assess"
	"goalpost/locale"
)

// GoalsPage is the first page: one card a goal, what needs a decision first.
type GoalsPage struct {
	Page
	AsOf         string
	NoData       bool
	Cards        []GoalCard
	Dots         []Fact
	Alignment    []AlignmentLine
	MoreTitle    string
	More         string // KPIs that serve no goal
	RetiredTitle string
	Retired      []RetiredGoal
	Beside       string // address of the own goals beside the trade's
}

// GoalCard is one goal with its verdict.
type GoalCard struct {
	ID      int64
	Href    string
	Kind    string
	Name    string
	Scope   string // KPI, where and when
	Verdict VerdictView
}

// AlignmentLine is one line of the alignment table.
type AlignmentLine struct {
	Href   string
	Goal   string
	KPI    string
	Symbol string
	State  string
	Class  string
}

// RetiredGoal is a goal that is no longer pursued.
type RetiredGoal struct {
	Href string
	Name string
	When string
	Why  string
}

// goals shows how every goal stands.
func (s *Server) goals(w http.ResponseWriter, r *http.Request, v visitor) error {
	ctx := r.Context()
	p := GoalsPage{Page: s.newPage(r, &v, "web.goals.title")}
	o := assess.GoalsOptions{Now: s.Now()}
	judged, err := assess.Goals(ctx, s.DB, v.org, o)
	if err != nil {
		return err
	}
	accounts, err := s.accounts(r, v)
	if err != nil {
		return err
	}
	for _, j := range judged {
		p.Cards = append(p.Cards, GoalCard{ID: int64(j.Goal.ID), Href: p.goalHref(j.Goal.ID), Kind: p.kindOf(j.Goal, j.Version),
			Name: p.goalName(j.Goal.Code, j.Version), Scope: p.scopeText(j.Version, accounts), Verdict: p.card(j)})
	}
	rows, err := assess.Alignment(ctx, s.DB, v.org, judged)
	if err != nil {
		return err
	}
	var more []string
	for _, row := range rows {
		if row.Problem == assess.AlignNoGoal {
			more = append(more, p.printer.Word("kpi."+row.KPI))
			continue
		}
		p.Alignment = append(p.Alignment, p.alignmentLine(row))
	}
	p.More, p.MoreTitle = strings.Join(more, ", "), p.say("web.alignment.more", goalpost.NumberArg(float64(len(more))))
	for dots := 3; dots > 0; dots-- {
		word, help := p.printer.Badge(dots)
		p.Dots = append(p.Dots, Fact{Name: locale.Dots(dots) + " " + word, Text: help})
	}
	codes, err := assess.KPICodes(ctx, s.DB, v.org.ID)
	if err != nil {
		return err
	}
	p.NoData = len(codes) == 0
	all, err := s.DB.Goals(ctx, v.org.ID)
	if err != nil {
		return err
	}
	for _, g := range all {
		if c := g.Current(); c.Retired {
			p.Retired = append(p.Retired, RetiredGoal{Href: p.goalHref(g.ID), Name: p.goalName(g.Code, c),
				When: p.printer.Day(goalpost.DayOf(c.At, v.org.Zone())), Why: c.Why})
		}
	}
	p.Beside = p.Href("/studies/" + assess.PivotStudy + "/own#goals-history")
	p.RetiredTitle = p.say("web.goals.retired", goalpost.NumberArg(float64(len(p.Retired))))
	return s.render(w, http.StatusOK, "goals", p)
}

// goalHref is the address of a goal's page.
func (p Page) goalHref(id goalpost.GoalID) string {
	return p.Href("/goals/" + strconv.FormatInt(int64(id), 10))
}

// goalName is the name that a goal was given, else that of its kind: a KPI is no goal.
func (p Page) goalName(code string, v goalpost.GoalVersion) string {
	if v.Name != "" {
		return v.Name
	}
	return p.T("goal." + code)
}

// kindOf is the line above a goal's own name, "Goal: Sell more"; empty where the name
// is that of the kind.
func (p Page) kindOf(g goalpost.Goal, v goalpost.GoalVersion) string {
	if v.Name == "" {
		return ""
	}
	return p.say("web.goal.kind", goalpost.WordArg("goal."+g.Code))
}

func (p Page) alignmentLine(row assess.AlignmentRow) AlignmentLine {
	l := AlignmentLine{Href: p.goalHref(row.Goal.Goal.ID), Goal: p.goalName(row.Goal.Goal.Code, row.Goal.Version), KPI: p.T("web.alignment.no-kpi.kpi")}
	if row.KPI != "" {
		l.KPI = p.printer.Word("kpi." + row.KPI)
	}
	switch row.Problem {
	case assess.AlignOK:
		l.Symbol, l.State, l.Class = "●", p.T("web.alignment.ok"), "t-ok"
	case assess.AlignNoKPI:
		l.Symbol, l.State, l.Class = "○", p.T("web.alignment.no-kpi"), "t-gap"
	case assess.AlignNoData:
		l.Symbol, l.State, l.Class = "○", p.T("web.alignment.no-data"), "t-gap"
	default:
		l.Symbol, l.State, l.Class = "◐", p.say("web.alignment.lower-layer", goalpost.WordArg("kpi."+row.Better)), "t-gap"
	}
	return l
}

// scopeText says what a goal's KPI counts: KPI, where, and when.
func (p Page) scopeText(v goalpost.GoalVersion, accounts map[goalpost.AccountID]goalpost.Account) string {
	var parts []string
	if v.KPI != "" {
		parts = append(parts, p.printer.Word("kpi."+v.KPI))
	}
	for _, n := range v.Scope.Networks {
		parts = append(parts, p.printer.Word("network."+string(n)))
	}
	for _, id := range v.Scope.Accounts {
		a := accounts[id]
		parts = append(parts, cmp.Or(a.Name, strconv.FormatInt(int64(id), 10)))
	}
	parts = append(append(parts, v.Scope.Regions...), v.Scope.Products...)
	if v.Period != nil {
		parts = append(parts, p.printer.Period(*v.Period))
	}
	if len(parts) == 0 {
		return p.T("web.goal.no-scope")
	}
	return strings.Join(parts, " · ")
}
