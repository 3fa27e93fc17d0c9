package assess

import (
	"strconv"

	"goalpost"
)

// EffectAnswer is what is said of an effect. The page, the command line, the file of
// goalpost effect --html and the goals page show these sentences, and make none of their
// own. Sentences that do not apply are zero.
type EffectAnswer struct {
	Dots        int
	Badge       goalpost.Note // how good the evidence is
	BadgeHelp   goalpost.Note
	Headline    goalpost.Note
	Span        goalpost.Note // the interval
	Doubt       goalpost.Note // the strongest
	Reason      goalpost.Note
	Chance      goalpost.Note // that the effect is above 0
	Compared    goalpost.Note // with what
	Money       goalpost.Note
	Placebo     goalpost.Note
	SettleTitle goalpost.Note
	Settle      []goalpost.Note
}

// Answer puts a report into the sentences that are shown.
func (r EffectReport) Answer() EffectAnswer {
	dots := min(max(r.Dots, 1), 3) // an effect that cannot be told was looked at all the same
	n := strconv.Itoa(dots)
	a := EffectAnswer{Dots: dots, Badge: goalpost.NewNote("verdict.badge." + n), BadgeHelp: goalpost.NewNote("effect.dots." + n), Headline: r.Headline, Reason: r.Reason, Chance: r.Chance,
		SettleTitle: goalpost.NewNote("effect.settle.could"), Settle: r.Settle}
	if r.Decision == goalpost.Negligible {
		a.Badge, a.BadgeHelp = goalpost.NewNote("effect.badge.negligible"), goalpost.NewNote("effect.badge.negligible.help")
	}
	if r.Decision == goalpost.EffectCannotTell {
		a.SettleTitle = goalpost.NewNote("effect.settle.title")
	}
	if a.Headline.IsZero() { // of a result that was kept before every report had one
		a.Headline = r.headline()
	}
	if r.Estimated() {
		a.Span, a.Compared = r.Span, r.Compared
	}
	if c, ok := r.Doubt(); ok {
		a.Doubt = c.Sentence
	}
	if r.Money != nil {
		a.Money = r.Money.Sentence
	}
	if r.Placebo != nil {
		a.Placebo = r.Placebo.Sentence
	}
	return a
}

// Doubt is what most weakens an answer: the first check that failed, those that refuse an
// answer before those that cap its badge. ok is false where none did.
func (r EffectReport) Doubt() (c EffectCheck, ok bool) {
	for _, x := range r.Checks {
		if !x.Passed && (!ok || x.Refuses && !c.Refuses) {
			c, ok = x, true
		}
	}
	return c, ok
}

// Estimated reports whether there is an estimate at all: data that cannot be analysed have
// no rows.
func (r EffectReport) Estimated() bool { return len(r.Series) > 0 }

// Outcomes of a check.
const (
	CheckSkipped = "skipped" // the data do not allow it
	CheckPassed  = "passed"
	CheckRefuses = "refuses" // it overturns the answer
	CheckCaps    = "caps"    // it takes the third dot
)

// Outcome is how a check ended, as it is named to people: effect.check.outcome has the words.
func (c EffectCheck) Outcome() string {
	switch {
	case c.Skipped:
		return CheckSkipped
	case c.Passed:
		return CheckPassed
	case c.Refuses:
		return CheckRefuses
	}
	return CheckCaps
}
