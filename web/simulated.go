package web

import (
	"net/http"

	"goalpost"
	"goalpost/assess"
	"goalpost/infer"
)

// Simulation is the truth behind a simulated organisation.
type Simulation struct {
	Seed    uint64
	Period  goalpost.Period // simulated days
	Outage  goalpost.Period // days that the web analytics lost
	Launch  goalpost.Day    // first day of the newest product
	Effects []SimulatedEffect
	Wishes  *SimulatedWishes
}

// SimulatedWishes are what all customers truly want, by the options of a question of a survey
// that some of them answered.
type SimulatedWishes struct {
	Slug, Question string
	Shares         map[string]float64
}

// SimulatedEffect is what an activity truly did to the orders of a region.
type SimulatedEffect struct {
	Activity string
	Region   string
	Network  goalpost.Network
	Period   goalpost.Period
	Relative float64 // 0.30: 30 % more orders than without it
	Cost     float64 // major units of the organisation's currency
}

// SimulatedPage says how a simulated organisation was made.
type SimulatedPage struct {
	Page
	Facts   []Fact
	Effects []SimulatedRow
	Wishes  []SimulatedWish
	Survey  string // address of the weights
}

// SimulatedWish is what all customers want of one option, beside what those say who answered.
type SimulatedWish struct{ Option, Truth, Weighted, Plain string }

// SimulatedRow is one activity.
type SimulatedRow struct {
	Activity, Region, Network, Period, Effect, Cost string
	Found, Href                                     string // what the analysis says; empty: there is none
}

// simulated shows the truth, so that whoever looks at the verdicts can compare.
func (s *Server) simulated(w http.ResponseWriter, r *http.Request, v visitor) error {
	if s.Truth == nil {
		return notFound()
	}
	p := SimulatedPage{Page: s.newPage(r, &v, "web.simulated.title")}
	say := p.printer
	p.Facts = []Fact{
		{Name: p.T("web.simulated.seed"), Text: say.Note(goalpost.NewNote("web.simulated.seed.text", goalpost.PlainArg(int(s.Truth.Seed))))},
		{Name: p.T("web.simulated.period"), Text: say.Period(s.Truth.Period)},
		{Name: p.T("web.simulated.outage"), Text: say.Period(s.Truth.Outage)},
		{Name: p.T("web.simulated.launch"), Text: say.Day(s.Truth.Launch)},
	}
	found, err := assess.ComputedAnalyses(r.Context(), s.DB, v.org, s.Now())
	if err != nil {
		return err
	}
	for _, e := range s.Truth.Effects {
		effect := p.T("web.simulated.nothing")
		if e.Relative != 0 {
			effect = p.say("web.simulated.more", goalpost.TextArg(say.Percent(e.Relative)))
		}
		row := SimulatedRow{Activity: e.Activity, Region: e.Region, Network: say.Word("network." + string(e.Network)),
			Period: say.Period(e.Period), Effect: effect, Cost: say.Money(e.Cost, v.org.Currency)}
		for _, a := range found {
			if a.Plan.Name == e.Activity && a.Report != nil { // newest first: the last one is the one asked for first
				row.Found, row.Href = p.T("decision."+string(a.Report.Decision)), p.effectHref(a.Analysis.ID)
			}
		}
		p.Effects = append(p.Effects, row)
	}
	if err := s.simulatedWishes(r, v, &p); err != nil {
		return err
	}
	return s.render(w, http.StatusOK, "simulated", p)
}

// simulatedWishes sets what customers truly want beside what those say who answered.
func (s *Server) simulatedWishes(r *http.Request, v visitor, p *SimulatedPage) error {
	wishes := s.Truth.Wishes
	if wishes == nil {
		return nil
	}
	x, err := assess.FindSurvey(r.Context(), s.DB, v.org.ID, wishes.Slug)
	if goalpost.IsKind(err, goalpost.NotFound) { // it was removed, or has another address
		return nil
	}
	if err != nil {
		return err
	}
	a, err := assess.AskedByTeam(r.Context(), s.DB, v.org.ID, x.ID)
	if err != nil {
		return err
	}
	list, err := a.WeighedOptions(r.Context(), s.DB, wishes.Question)
	if err != nil {
		return err
	}
	share := func(e infer.Estimate) string {
		if e.Lo == e.Hi { // the weights were made so
			return p.printer.PercentDecimals(e.Value, 0)
		}
		return p.printer.PercentDecimals(e.Value, 0) + " (" + p.fromTo(p.printer.Decimal(100*e.Lo, 0), p.printer.PercentDecimals(e.Hi, 0)) + ")"
	}
	for _, o := range list {
		if truth, ok := wishes.Shares[o.Option.Code]; ok {
			p.Wishes = append(p.Wishes, SimulatedWish{Option: o.Option.Label.In(p.lang), Truth: p.printer.PercentDecimals(truth, 0), Weighted: share(o.Weighted.Estimate), Plain: share(o.Plain.Estimate)})
		}
	}
	p.Survey = p.surveyHref(x.ID, "/population")
	return nil
}
