package web

import (
	"math"
	"net/http"
	"strconv"
	"strings"

	"goalpost"
	"goalpost/assess"
	"goalpost/chart"
)

// UnderstandingPage holds what a team believed against what was answered.
type UnderstandingPage struct {
	Page
	Head      SurveyHead
	Lead      string // the result in a sentence, or what is missing
	Sub       string
	Do        MenuItem // what to do next
	Sentences []string // what stands beside the score
	Meaning   []string
	Figure    FigureView
	Rows      []UnderstandingRow
	Members   []UnderstandingMember
	NotScored []NotScoredView
	Waves     []UnderstandingWaveRow
	Study     string
	Claim     *ClaimView
	Believers Believers
	Broken    []string // names of those whose sheet is not what was sent
	JSON      string
}

// UnderstandingRow is one item.
type UnderstandingRow struct {
	Item, Believed, Range, Answered, Interval, Apart string
}

// NotScoredView are items that are not scored, and why.
type NotScoredView struct {
	Title string
	Items []string
}

// UnderstandingMember is one member of the team.
type UnderstandingMember struct {
	Name, Score, Range, Optimism, Covered, Factor, Claims string
}

// UnderstandingWaveRow is one survey of the study.
type UnderstandingWaveRow struct {
	Href, Name, Answers, Score, Range string
}

// ClaimView is what is claimed, measured, asked, and claimed by the trade.
type ClaimView struct {
	Question, Claimed, Measured, Asked, AskedHref, AskedTitle string
	Trade                                                     []string
	Sentences                                                 []string
}

// understanding shows the page.
func (s *Server) understanding(w http.ResponseWriter, r *http.Request, v visitor) error {
	p := UnderstandingPage{Page: s.newPage(r, &v, "")}
	e, err := s.editedSurvey(r, v)
	if err != nil {
		return err
	}
	u, err := assess.UnderstandingOfSurvey(r.Context(), s.DB, v.org.ID, e.ID, s.Now())
	if err != nil {
		return err
	}
	p.Head = s.surveyHead(p.Page, v, e, "understanding")
	p.Title = p.say("web.understanding.title", goalpost.TextArg(p.Head.Name))
	p.JSON = p.Head.Self + "/understanding.json"
	p.state(u)
	p.report(u, v.org)
	for _, wave := range u.Waves {
		p.Waves = append(p.Waves, p.understandingWave(wave))
	}
	p.Study = u.Survey.Settings.Study
	p.Claim = p.claim(u)
	p.Believers = p.believers(u.Givers, u.Silent, v.org)
	return s.render(w, http.StatusOK, "understanding", p)
}

// state says what there is, and what to do about what is missing.
func (p *UnderstandingPage) state(u assess.SurveyUnderstanding) {
	if u.Report != nil && len(u.Report.Sentences) > 0 {
		first := u.Report.Sentences[0]
		if first.Key == "understanding.score" && !u.Survey.Settings.Sample.Random() {
			first.Key = "web.understanding.agreement"
		}
		p.Lead, p.Sentences = p.printer.Note(first), p.printer.Notes(u.Report.Sentences[1:])
	} else {
		p.Lead = p.say("web.understanding.state."+string(u.State), goalpost.NumberArg(float64(u.Base)))
	}
	p.Sub = p.T("web.understanding.random")
	if !u.Survey.Settings.Sample.Random() {
		p.Sub = p.T("web.understanding.respondents")
	}
	if u.Report == nil {
		p.Sub = p.T("web.understanding.help." + string(u.State))
	}
	switch u.State {
	case assess.UnderstandingClosed:
		p.Do = MenuItem{Href: p.Head.Self + "/beliefs", Text: p.T("web.belief.invite.do")}
	case assess.UnderstandingFew:
		p.Do = MenuItem{Href: p.Head.Self + "/channels", Text: p.T("web.surveyresults.link.channels")}
	default: // the page itself is what there is to do
	}
}

// report writes the items and the members.
func (p *UnderstandingPage) report(u assess.SurveyUnderstanding, org goalpost.Organisation) {
	for _, x := range []struct {
		key   string
		items []goalpost.BeliefItem
	}{{"changed", u.Changed}, {"thin", u.Thin}, {"entered", u.Entered}} {
		list := NotScoredView{Title: p.T("web.understanding.not-scored." + x.key)}
		for _, i := range x.items {
			list.Items = append(list.Items, p.beliefLabel(u.Survey.Form.Questions, i, true))
		}
		if len(list.Items) > 0 {
			p.NotScored = append(p.NotScored, list)
		}
	}
	for _, s := range u.Sheets {
		if s.Broken {
			p.Broken = append(p.Broken, s.By)
		}
	}
	r := u.Report
	if r == nil {
		return
	}
	for _, n := range r.Meaning {
		if n.Key != "share.kind.unknown" && n.Key != "understanding.respondents" { // one speaks of the command line, the other stands above
			p.Meaning = append(p.Meaning, p.printer.Note(n))
		}
	}
	switch {
	case u.WeightSet != "":
		p.Meaning = append(p.Meaning, p.say("web.understanding.weighted", goalpost.NumberArg(math.Floor(u.EffectiveN)), goalpost.NumberArg(float64(u.Base))))
	case u.Unweighted != nil:
		p.Meaning = append(p.Meaning, p.T("web.understanding.unweighted")+" "+p.printer.Error(u.Unweighted))
	}
	for _, at := range u.Farthest() {
		p.Rows = append(p.Rows, p.understandingRow(u, at))
	}
	for k, m := range r.Members {
		row := UnderstandingMember{Name: m.Member, Score: "–", Optimism: "–", Factor: "–", Claims: "–", Covered: p.say("web.understanding.covered", goalpost.PlainArg(m.Beside.Covered), goalpost.PlainArg(m.Beside.Guessed))}
		if m.Score != nil {
			row.Score = p.printer.Decimal(*m.Shown, 0)
			row.Range = p.say("web.understanding.range", goalpost.TextArg(p.printer.Decimal(*m.Lo, 0)), goalpost.TextArg(p.printer.Decimal(math.Min(*m.Hi, 100), 0)))
		}
		if m.Beside.Optimism != nil {
			row.Optimism = p.printer.SignedPoints(100 * *m.Beside.Optimism)
		}
		switch f := m.Beside.RangeFactor; {
		case f != nil && *f <= 1:
			row.Factor = p.T("web.understanding.wide-enough")
		case f != nil:
			row.Factor = p.say("web.understanding.factor", goalpost.TextArg(p.printer.Decimal(*f, 1)))
		}
		if claims := u.Held[k].Claims; claims != nil {
			row.Claims = p.T("web.own." + map[bool]string{true: "yes", false: "no"}[*claims])
		}
		p.Members = append(p.Members, row)
	}
	wide, narrow := p.dumbbell(u, chart.Wide), p.dumbbell(u, chart.Narrow)
	at := p.Head.Self + "/understanding"
	p.Figure = FigureView{Title: wide.Title, Wide: inline(wide, "understanding", false), Narrow: inline(narrow, "understanding", true), SVG: at + ".svg", PNG: at + ".png", CSV: at + ".csv"}
}

func (p Page) whole(share float64) string { return p.printer.PercentDecimals(share, 0) }

func (p Page) wholeRange(lo, hi float64) string {
	return p.say("web.understanding.range", goalpost.TextArg(p.whole(lo)), goalpost.TextArg(p.whole(hi)))
}

func (p Page) understandingRow(u assess.SurveyUnderstanding, at int) UnderstandingRow {
	i := u.Report.Items[at]
	row := UnderstandingRow{Item: p.beliefName(u, at), Believed: p.T("web.belief.no-idea"), Answered: p.whole(i.Answered), Interval: p.wholeRange(i.Lo, i.Hi), Apart: "–"}
	if i.Guess != nil {
		row.Believed, row.Range, row.Apart = p.whole(*i.Guess), p.wholeRange(*i.Low, *i.High), p.apart(*i.Points)
	}
	return row
}

// apart is a difference in whole points, with its sign.
func (p Page) apart(points float64) string {
	sign := ""
	if math.Round(points) > 0 {
		sign = "+"
	}
	return p.say("unit.points.amount", goalpost.TextArg(sign+p.printer.Decimal(points, 0)))
}

// beliefName names an item of a report: grades and options of several questions with the
// question.
func (p Page) beliefName(u assess.SurveyUnderstanding, at int) string {
	i := u.Scored[at]
	of := i.From != nil
	label := p.beliefLabel(u.Survey.Form.Questions, i, false)
	for k, other := range u.Scored {
		if k != at && p.beliefLabel(u.Survey.Form.Questions, other, false) == label {
			of = true
		}
	}
	return p.beliefLabel(u.Survey.Form.Questions, i, of)
}

// dumbbell draws the items, the farthest apart first.
func (p Page) dumbbell(u assess.SurveyUnderstanding, width float64) chart.Scene {
	d := chart.DumbbellData{Title: p.T("web.understanding.figure"), Believed: p.T("web.understanding.believed"), Answered: p.T("web.understanding.answered"), Percent: p.printer.Percent, Level: p.T("web.understanding.level")}
	var said []string
	for _, at := range u.Farthest() {
		i := u.Report.Items[at]
		row := p.understandingRow(u, at)
		r := chart.DumbbellRow{Label: row.Item, Note: row.Apart, Answered: chart.ShareMark{Has: true, Value: i.Answered, HasRange: true, Lo: i.Lo, Hi: i.Hi}}
		if i.Guess == nil {
			r.Note = row.Believed
		} else {
			r.Believed = chart.ShareMark{Has: true, Value: *i.Guess, HasRange: true, Lo: *i.Low, Hi: *i.High}
		}
		d.Rows = append(d.Rows, r)
		said = append(said, p.say("web.understanding.said", goalpost.TextArg(row.Item), goalpost.TextArg(row.Believed), goalpost.TextArg(row.Answered)))
	}
	d.Desc = strings.Join(said, " ")
	return chart.DrawDumbbell(d, width)
}

func (p Page) understandingWave(w assess.UnderstandingWave) UnderstandingWaveRow {
	row := UnderstandingWaveRow{Href: p.surveyHref(w.Survey, "/understanding"), Name: w.Title.In(p.lang), Answers: p.printer.Number(float64(w.Base)), Score: p.T("web.understanding.wave." + string(w.State))}
	if w.Wave != "" {
		row.Name = p.say("web.understanding.wave.name", goalpost.TextArg(p.printer.Wave(w.Wave)), goalpost.TextArg(row.Name))
	}
	if w.Score != nil {
		row.Score = p.printer.Decimal(w.Score.Value, 0)
		row.Range = p.say("web.understanding.range", goalpost.TextArg(p.printer.Decimal(w.Score.Lo, 0)), goalpost.TextArg(p.printer.Decimal(math.Min(w.Score.Hi, 100), 0)))
	}
	return row
}

// claim sets claim and measurement side by side.
func (p Page) claim(u assess.SurveyUnderstanding) *ClaimView {
	if u.State == assess.UnderstandingClosed {
		return nil // until then nobody learns what others claim
	}
	c := u.Claim
	v := &ClaimView{Question: c.Question.Wording.In(p.lang), Claimed: p.say("web.understanding.claim.team", goalpost.PlainArg(c.Claiming), goalpost.PlainArg(c.Claiming+c.Denying)), Measured: p.T("web.understanding.claim.unmeasured"),
		Asked: p.T("web.understanding.claim.never"), Sentences: p.printer.Notes(c.Sentences)}
	if c.Claiming+c.Denying == 0 {
		v.Claimed = p.T("web.understanding.claim.none")
	}
	if r := u.Report; r != nil && r.Score != nil {
		v.Measured = p.say("web.understanding.claim.score", goalpost.TextArg(p.printer.Decimal(*r.Shown, 0)), goalpost.TextArg(p.printer.Decimal(*r.Lo, 0)), goalpost.TextArg(p.printer.Decimal(math.Min(*r.Hi, 100), 0)))
	}
	if last := c.Last; last != nil {
		v.Asked = p.say("web.understanding.claim.asked", goalpost.NumberArg(float64(c.Asked)), goalpost.NumberArg(float64(last.Days)), goalpost.NumberArg(float64(last.Complete)))
		if last.Days == 0 {
			v.Asked = p.say("web.understanding.claim.asked-today", goalpost.NumberArg(float64(c.Asked)), goalpost.NumberArg(float64(last.Complete)))
		}
		v.AskedHref, v.AskedTitle = p.surveyHref(last.Survey, ""), last.Title.In(p.lang)
	}
	for _, r := range c.Trade {
		v.Trade = append(v.Trade, p.say("web.understanding.claim.trade", goalpost.TextArg(p.printer.Reference(r.Reference)), goalpost.TextArg(p.printer.Published(r)), goalpost.TextArg(p.printer.ShareRange(r))))
	}
	return v
}

// understandingFile answers with the figure, or with the table behind it.
func (s *Server) understandingFile(suffix string) pageHandler {
	return func(w http.ResponseWriter, r *http.Request, v visitor) error {
		e, err := s.editedSurvey(r, v)
		if err != nil {
			return err
		}
		u, err := assess.UnderstandingOfSurvey(r.Context(), s.DB, v.org.ID, e.ID, s.Now())
		if err != nil {
			return err
		}
		p := s.newPage(r, &v, "")
		name := e.Slug + "-understanding"
		switch {
		case suffix == "json":
			return s.writeUnderstanding(w, p, u, name)
		case u.Report == nil:
			return notFound()
		case suffix == "csv":
			return writeCSV(w, name+".csv", p.understandingCSV(u))
		}
		return s.writeScene(w, r, p.dumbbell(u, chart.Wide), name, suffix)
	}
}

// understandingCSV is the table behind the figure: the team's pooled beliefs, then those of
// each member.
func (p Page) understandingCSV(u assess.SurveyUnderstanding) [][]string {
	rows := [][]string{{"member", "item", "label", "no_idea", "guess", "low", "high", "answered", "lo", "hi", "se", "n", "points"}}
	add := func(member string, items []assess.UnderstandingItem) {
		for k, i := range items {
			rows = append(rows, []string{escapeFormula(member), i.Item, escapeFormula(p.beliefName(u, k)), strconv.FormatBool(i.NoIdea), exactOr(i.Guess), exactOr(i.Low), exactOr(i.High), exact(i.Answered), exact(i.Lo), exact(i.Hi), exact(i.SE),
				strconv.Itoa(i.N), exactOr(i.Points)})
		}
	}
	add("", u.Report.Items)
	for _, m := range u.Report.Members {
		add(m.Member, m.Beliefs)
	}
	return rows
}
