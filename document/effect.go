package document

import (
	"goalpost/assess"
	"goalpost/locale"
)

// Effect is the answer about an effect: the report, its sentences as text in the reader's
// language and the keys that programs act on.
type Effect struct {
	assess.EffectReport
	Outcome     string         `json:"outcome"`
	Headline    string         `json:"headline"`
	Span        string         `json:"span"`
	Chance      string         `json:"chance"`
	Compared    string         `json:"compared"`
	Doubt       string         `json:"doubt"`
	Reason      string         `json:"reason"`
	ReasonCode  string         `json:"reason_code"`
	Choice      string         `json:"choice"`
	Settle      []string       `json:"settle"`
	SettleCodes []string       `json:"settle_codes"`
	Notes       []string       `json:"notes"`
	Checks      []EffectCheck  `json:"checks"`
	Placebo     *EffectPlacebo `json:"placebo"`
	Money       *EffectMoney   `json:"money"`
}

// EffectCheck is one check in words.
type EffectCheck struct {
	assess.EffectCheck
	Sentence string `json:"sentence"`
}

// EffectPlacebo is what fake activities of the past gave, in words.
type EffectPlacebo struct {
	assess.EffectPlacebo
	Sentence string `json:"sentence"`
}

// EffectMoney is whether it was worth its cost, in words.
type EffectMoney struct {
	assess.EffectMoney
	Sentence string `json:"sentence"`
}

// EffectOf makes the document of a report.
func EffectOf(say *locale.Printer, r assess.EffectReport) Effect {
	a := r.Answer()
	d := Effect{EffectReport: r, Outcome: say.Arg(r.Outcome), Headline: say.Note(a.Headline), Span: say.Note(a.Span), Chance: say.Note(a.Chance), Compared: say.Note(a.Compared),
		Doubt: say.Note(a.Doubt), Reason: say.Note(a.Reason), ReasonCode: r.Reason.Key, Choice: say.Note(r.Choice), Notes: OrEmpty(say.Notes(r.Notes)), Checks: []EffectCheck{}}
	d.Settle, d.SettleCodes = Sentences(say, r.Settle)
	for _, c := range r.Checks {
		d.Checks = append(d.Checks, EffectCheck{c, say.Note(c.Sentence)})
	}
	if r.Placebo != nil {
		d.Placebo = &EffectPlacebo{*r.Placebo, say.Note(r.Placebo.Sentence)}
	}
	if r.Money != nil {
		d.Money = &EffectMoney{*r.Money, say.Note(r.Money.Sentence)}
	}
	return d
}
