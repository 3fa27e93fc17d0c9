package assess

// Difference is what was observed less what was expected, with its range; ok is false
// where one of them is not known.
func (d EffectDay) Difference() (r Range, ok bool) {
	if d.Observed == nil || d.Expected == nil || d.Lo == nil || d.Hi == nil {
		return Range{}, false
	}
	return Range{Value: *d.Observed - *d.Expected, Lo: *d.Observed - *d.Hi, Hi: *d.Observed - *d.Lo}, true
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
