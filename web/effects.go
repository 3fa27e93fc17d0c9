package web

import (
	"net/http"
	"slices"

	"goalpost"
	"goalpost/assess"
	"goalpost/locale"
)

// EffectsPage lists what was looked into.
type EffectsPage struct {
	Page
	Cards []EffectCard
}

// EffectCard is one analysis in short.
type EffectCard struct {
	Href, Title, Sub, Word, Dots, Badge, BadgeClass, Sentence, Range, Truth string
}

// effects lists the analyses, newest first.
func (s *Server) effects(w http.ResponseWriter, r *http.Request, v visitor) error {
	p := EffectsPage{Page: s.newPage(r, &v, "web.effects.title")}
	list, err := s.DB.Analyses(r.Context(), v.org.ID)
	if err != nil {
		return err
	}
	for _, a := range slices.Backward(list) {
		results, err := s.DB.AnalysisResults(r.Context(), v.org.ID, a.ID)
		if err != nil {
			return err
		}
		var report assess.EffectReport
		if len(results) > 0 {
			if report, err = reportOf(results[0]); err != nil {
				return err
			}
		}
		p.Cards = append(p.Cards, p.effectCard(a, report, v.org.Currency, s.truthOf(p.Page, a.Plan())))
	}
	return s.render(w, http.StatusOK, "effects", p)
}

// effectCard is an analysis in short; a report without a decision is still to come.
func (p Page) effectCard(a goalpost.Analysis, r assess.EffectReport, currency, truth string) EffectCard {
	plan := a.Plan()
	sub := p.subjectOf(plan, r, currency)
	c := EffectCard{Href: p.effectHref(a.ID), Title: p.say("web.effect.title", goalpost.TextArg(plan.Name), p.seriesArg(sub)), Sub: p.runsText(plan.Runs), Word: p.T("web.effect.busy")}
	if r.Decision == "" {
		return c
	}
	c.Truth, c.Word, c.Sentence, c.Range, c.Dots = truth, p.T("decision."+string(r.Decision)), p.effectSentence(r, sub), p.effectRange(r, sub), locale.Dots(r.Dots)
	c.Badge, c.BadgeClass = p.effectBadge(r)
	return c
}
