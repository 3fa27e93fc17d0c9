package web

import (
	"cmp"
	"html/template"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"time"

	"goalpost"
	"goalpost/assess"
)

// GoalPage is everything about one goal.
type GoalPage struct {
	Page
	Kind        string
	Name        string
	Scope       string
	Self        string
	AsOf        string // ISO date of the form
	AsOfText    string // set when the page looks back
	Given       string // the verdict that was given then, where it differs
	Seen        bool
	Retired     string
	Verdict     VerdictView
	ChartTitle  string
	Chart       template.HTML
	ChartNarrow template.HTML
	Former      []string // targets that were given up; the narrow chart has no room for them
	SVG         string
	PNG         string
	CSV         string
	DayTitle    string
	TableNote   string
	PaperNote   string // which rows are printed
	HasSum      bool
	HasForecast bool
	Rows        []GoalRow
	Waves       []WaveRow // of a KPI that customers answer
	WaveRange   string    // heading of their intervals
	Versions    []VersionRow
	Earlier     []EarlierRow
	Facts       []Fact
	CanChange   bool
	ChangeHref  string
	RetireHref  string
}

// GoalRow is one day of a goal's table. Screen keeps it off paper.
type GoalRow struct {
	Day, Value, Sum, Forecast, Range string
	Screen                           bool
}

// VersionRow is a goal as it stood from a moment on.
type VersionRow struct {
	When, Who, KPI, Target, Period, Why string
}

// EarlierRow is a verdict that was given before.
type EarlierRow struct {
	Href, AsOf, Decision, Chance, Estimate, Target string
}

// tableRows is how many days the page's table shows, paperRows how many counted
// days are printed; of the days ahead paper shows one a week. The download has all.
const (
	tableRows = 120
	paperRows = 14
)

// goalOptions reads as of when a goal is to be judged: with what is dated before
// the day in the address.
func (s *Server) goalOptions(r *http.Request) (assess.GoalsOptions, error) {
	o := assess.GoalsOptions{Now: s.Now(), Seen: r.URL.Query().Get("seen") == "1"}
	text := r.URL.Query().Get("as-of")
	if text == "" {
		o.Seen = false
		return o, nil
	}
	d, err := goalpost.ReadDay(text)
	if err != nil {
		return o, &goalpost.Error{Kind: goalpost.Invalid, Key: "error.web.date", Field: "as-of", Args: []goalpost.Arg{goalpost.TextArg(text)}}
	}
	o.AsOf = d
	return o, nil
}

// detailOf judges the goal that an address names.
func (s *Server) detailOf(r *http.Request, v visitor) (assess.Detail, assess.GoalsOptions, error) {
	id, err := strconv.ParseInt(r.PathValue("id"), 10, 64)
	if err != nil {
		return assess.Detail{}, assess.GoalsOptions{}, notFound()
	}
	o, err := s.goalOptions(r)
	if err != nil {
		return assess.Detail{}, o, err
	}
	d, err := assess.GoalDetail(r.Context(), s.DB, v.org, goalpost.GoalID(id), o)
	return d, o, err
}

// goal shows one goal.
func (s *Server) goal(w http.ResponseWriter, r *http.Request, v visitor) error {
	d, o, err := s.detailOf(r, v)
	if err != nil {
		return err
	}
	accounts, err := s.accounts(r, v)
	if err != nil {
		return err
	}
	p := GoalPage{Page: s.newPage(r, &v, ""), Kind: "", Seen: o.Seen}
	p.Kind, p.Name = p.kindOf(d.Goal, d.Version), p.goalName(d.Goal.Code, d.Version)
	p.Title = p.Name
	p.Self = p.goalHref(d.Goal.ID)
	p.Scope = p.scopeText(d.Version, accounts)
	p.AsOf = d.Verdict.AsOf.String()
	if o.AsOf != 0 {
		key := "web.goal.as-of.note"
		if o.Seen {
			key = "web.goal.as-of.note-seen"
		}
		p.AsOfText = p.say(key, goalpost.DayArg(o.AsOf))
		p.Given = p.given(d)
	}
	current := d.Goal.Current()
	if current.Retired {
		p.Retired = p.say("web.goal.retired", goalpost.DayArg(goalpost.DayOf(current.At, v.org.Zone())), goalpost.TextArg(current.Why))
	}
	p.CanChange = p.CanEdit && !current.Retired && o.AsOf == 0
	p.ChangeHref, p.RetireHref = p.Self+"/change", p.Self+"/retire"
	p.Verdict = p.verdict(d.Judged)
	p.addChart(d, o)
	p.addTable(d)
	p.addHistory(d, v.org.Zone())
	p.addFacts(d, v.org.Zone())
	return s.render(w, http.StatusOK, "goal", p)
}

// given says which verdict was given as of the day that the page looks back to, where
// the same is not said today: data may have come later.
func (p Page) given(d assess.Detail) string {
	g := d.Given
	if g == nil || p.decision(*g) == p.decision(d.Verdict) {
		return ""
	}
	k, _ := goalpost.KPIByCode(g.KPI)
	chance, target := "", ""
	if g.Probability != nil {
		chance = p.printer.VerdictChance(*g)
	}
	if g.Target != nil {
		target = p.amountOr(g.Target, k, d.Currency)
	}
	return p.say("web.goal.as-of.given", goalpost.TextArg(p.decision(*g)), goalpost.TextArg(chance), goalpost.TextArg(target))
}

// accounts are the organisation's accounts by id.
func (s *Server) accounts(r *http.Request, v visitor) (map[goalpost.AccountID]goalpost.Account, error) {
	list, err := s.DB.Accounts(r.Context(), v.org.ID)
	if err != nil {
		return nil, err
	}
	out := map[goalpost.AccountID]goalpost.Account{}
	for _, a := range list {
		out[a.ID] = a
	}
	return out, nil
}

// backQuery keeps the day that a page looks back to.
func backQuery(o assess.GoalsOptions) string {
	if o.AsOf == 0 {
		return ""
	}
	q := url.Values{"as-of": {o.AsOf.String()}}
	if o.Seen {
		q.Set("seen", "1")
	}
	return "?" + q.Encode()
}

func (p *GoalPage) addChart(d assess.Detail, o assess.GoalsOptions) {
	q := backQuery(o)
	p.SVG, p.PNG, p.CSV = p.Self+"/chart.svg"+q, p.Self+"/chart.png"+q, p.Self+"/table.csv"+q
	if len(d.Waves) > 0 {
		p.addWaves(d)
		return
	}
	if len(d.History) == 0 {
		return
	}
	p.ChartTitle = p.chartTitle(d)
	p.Chart, p.ChartNarrow = p.goalChart(d, false), p.goalChart(d, true)
	for i, t := range d.Targets[:max(0, len(d.Targets)-1)] {
		p.Former = append(p.Former, p.say("web.goal.former", goalpost.DayArg(d.Targets[i+1].From), assess.Amount(d.KPI, d.Currency, t.Target)))
	}
}

// amountOr writes a value in a KPI's unit, a dash for none.
func (p Page) amountOr(x *float64, k goalpost.KPI, currency string) string {
	if x == nil {
		return "–"
	}
	return p.printer.Amount(*x, k.Unit, currency)
}

// tableOf are the rows that the page shows: of the goal's period, as far as it has
// begun, and of all days the last ones, or those around the beginning of a forecast.
func tableOf(d assess.Detail) []assess.TableRow {
	rows := d.Table
	if p := d.Version.Period; p != nil {
		begun := slices.DeleteFunc(slices.Clone(rows), func(r assess.TableRow) bool { return !p.Contains(r.Day) })
		if len(begun) > 0 && begun[0].Forecast == nil {
			rows = begun
		}
	}
	if len(rows) <= tableRows {
		return rows
	}
	last := len(rows)
	if ahead := slices.IndexFunc(rows, isAhead); ahead >= 0 {
		last = min(last, ahead+tableRows/2)
	}
	return rows[max(0, last-tableRows):last]
}

func isAhead(r assess.TableRow) bool { return r.Forecast != nil }

func (p *GoalPage) addTable(d assess.Detail) {
	rows := tableOf(d)
	p.DayTitle = p.T("web.goal.table.day")
	if d.Grain == goalpost.Weekly {
		p.DayTitle = p.T("web.goal.table.week")
	}
	p.TableNote = p.say("web.goal.table.note", goalpost.NumberArg(float64(len(d.Table))))
	p.PaperNote = p.say("web.goal.table.printed", goalpost.NumberArg(paperRows))
	ahead := slices.IndexFunc(rows, isAhead)
	if ahead < 0 {
		ahead = len(rows)
	}
	for i, r := range rows {
		p.HasSum = p.HasSum || r.Cumulative != nil
		p.HasForecast = p.HasForecast || r.Forecast != nil
		row := GoalRow{Day: p.printer.Day(r.Day), Value: p.amountOr(r.Value, d.KPI, d.Currency), Sum: p.amountOr(r.Cumulative, d.KPI, d.Currency),
			Forecast: p.amountOr(r.Forecast, d.KPI, d.Currency), Range: "–",
			Screen: i < ahead-paperRows || (i >= ahead && (len(rows)-1-i)%7 != 0)}
		if r.Lo80 != nil && r.Hi80 != nil {
			row.Range = p.say("web.goal.table.from-to", assess.Amount(d.KPI, d.Currency, *r.Lo80), assess.Amount(d.KPI, d.Currency, *r.Hi80))
		}
		p.Rows = append(p.Rows, row)
	}
}

// addHistory lists the moved goalposts and the verdicts given before, newest first.
func (p *GoalPage) addHistory(d assess.Detail, zone *time.Location) {
	for _, v := range slices.Backward(d.Goal.Versions) {
		k, _ := goalpost.KPIByCode(v.KPI)
		row := VersionRow{When: p.printer.Time(v.At, zone), Who: v.By, KPI: "–", Target: "–", Period: "–", Why: cmp.Or(v.Why, "–")}
		if v.KPI != "" {
			row.KPI = p.printer.Word("kpi." + v.KPI)
		}
		if v.Target != nil {
			row.Target = p.targetText(*v.Target, v.Baseline, k, d.Currency)
		}
		if v.Period != nil {
			row.Period = p.printer.Period(*v.Period)
		}
		if v.Retired {
			row.Target = p.T("web.goal.history.retired")
		}
		p.Versions = append(p.Versions, row)
	}
	for _, e := range d.Earlier {
		k, _ := goalpost.KPIByCode(e.KPI)
		row := EarlierRow{Href: p.Self + "?as-of=" + e.AsOf.String(), AsOf: p.printer.Day(e.AsOf), Decision: p.decision(e), Chance: "–",
			Estimate: "–", Target: p.amountOr(e.Target, k, d.Currency)}
		if e.Probability != nil {
			row.Chance = p.printer.VerdictChance(e)
		}
		if e.Estimate != nil {
			row.Estimate, _, _ = p.printer.Interval(*e.Estimate, k.Unit, d.Currency)
		}
		p.Earlier = append(p.Earlier, row)
	}
}

// targetText writes a target: a number, or a change with what it comes to.
func (p Page) targetText(t goalpost.Target, baseline *float64, k goalpost.KPI, currency string) string {
	x, ok := t.Resolve(baseline)
	if t.Kind != goalpost.TargetChange {
		return p.printer.Amount(x, k.Unit, currency)
	}
	sign := "+"
	if t.Value < 0 {
		sign = ""
	}
	text := sign + p.printer.Percent(t.Value)
	if !ok {
		return text
	}
	return text + " (" + p.printer.Amount(x, k.Unit, currency) + ")"
}

// addFacts says how the verdict was made, so that anybody can make it again.
func (p *GoalPage) addFacts(d assess.Detail, zone *time.Location) {
	v := d.Verdict
	fact := func(key, text string) {
		if text != "" {
			p.Facts = append(p.Facts, Fact{Name: p.T(key), Text: text})
		}
	}
	fact("web.goal.fact.state", p.T("state."+string(d.Version.State())))
	fact("web.goal.fact.owner", d.Version.Owner)
	if d.Version.KPI != "" {
		fact("web.goal.fact.definition", p.definition(d.KPI))
	}
	p.addSurveyFacts(d)
	fact("web.goal.fact.sources", strings.Join(p.printer.Notes(v.Sources), " "))
	if v.LastDay != nil {
		fact("web.goal.fact.last-day", p.printer.Day(*v.LastDay))
	}
	if !v.ObservedAt.IsZero() {
		fact("web.goal.fact.observed", p.printer.Time(v.ObservedAt, zone))
	}
	fact("web.goal.fact.method", p.T("web.method."+v.Method))
	fact("web.goal.fact.seed", strconv.FormatUint(v.Seed, 10))
	if v.DataHash != "" {
		p.Facts = append(p.Facts, Fact{Name: p.T("web.goal.fact.hash"), Text: v.DataHash, Hash: true})
	}
}

// goalCSV is the goal's table for spreadsheets.
func (s *Server) goalCSV(w http.ResponseWriter, r *http.Request, v visitor) error {
	d, _, err := s.detailOf(r, v)
	if err != nil {
		return err
	}
	if len(d.Waves) > 0 {
		return writeCSV(w, "goal-"+strconv.FormatInt(int64(d.Goal.ID), 10)+".csv", s.newPage(r, &v, "").waveRows(d))
	}
	rows := [][]string{{"date", "value", "cumulative", "forecast", "lo80", "hi80"}}
	for _, t := range d.Table {
		rows = append(rows, []string{t.Day.String(), exactOr(t.Value), exactOr(t.Cumulative), exactOr(t.Forecast), exactOr(t.Lo80), exactOr(t.Hi80)})
	}
	return writeCSV(w, "goal-"+strconv.FormatInt(int64(d.Goal.ID), 10)+".csv", rows)
}
