package web

import (
	"net/http"

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
	list, err := assess.ComputedAnalyses(r.Context(), s.DB, v.org, s.Now())
	if err != nil {
		return err
	}
	for _, a := range list {
		card := p.effectCard(a)
		if a.Report != nil {
			card.Truth = s.truthOf(p.Page, a.Plan)
		}
		p.Cards = append(p.Cards, card)
	}
	return s.render(w, http.StatusOK, "effects", p)
}

// effectCard is an analysis in short.
func (p Page) effectCard(a assess.AnalysisView) EffectCard {
	c := EffectCard{Href: p.effectHref(a.Analysis.ID), Title: p.say("web.effect.title", goalpost.TextArg(a.Plan.Name), goalpost.TextArg(p.printer.Note(a.Series))), Sub: p.runsText(a.Plan.Runs),
		Word: p.T("web.effect.not-yet")}
	if a.Report == nil {
		return c
	}
	say, answer := p.printer.Note, a.Report.Answer()
	c.Word, c.Sentence, c.Range = p.T("decision."+string(a.Report.Decision)), say(answer.Headline), say(answer.Span)
	c.Dots, c.Badge, c.BadgeClass = locale.Dots(answer.Dots), say(answer.Badge), badgeClass(answer.Dots)
	return c
}
