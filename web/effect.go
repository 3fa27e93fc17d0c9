package web

import (
	"goalpost/assess"
)

// EffectPage is the effect of one activity on one series.
type EffectPage struct {
	Page
	Sub       string
	Self      string
	Query     string // names an earlier result, with its question mark
	Busy      bool   // it is being worked out
	Failed    string
	Has       bool   // there is a result
	Old       string // set when an earlier result is shown
	Changed   []string
	View      EffectView
	Truth     string // of a simulated activity
	Record    []Fact
	Tried     string
	Earlier   []EarlierEffect
	CanRepeat bool
}

// EarlierEffect is a result that was worked out before.
type EarlierEffect struct {
	Href, When, Decision, Effect, Range, Why string
}

// File is the address of a download.
func (p EffectPage) File(name string) string { return p.Self + "/" + name + p.Query }

// addEffect fills in a result.
func (p *EffectPage) addEffect(r assess.EffectReport, sub effectSubject) {
	p.Has, p.View = true, p.effectView(r, sub)
}
