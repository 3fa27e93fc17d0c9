package assess

// Difference is what was observed less what was expected, with its range; ok is false
// where one of them is not known.
func (d EffectDay) Difference() (r Range, ok bool) {
	if d.Observed == nil || d.Expected == nil || d.Lo == nil || d.Hi == nil {
		return Range{}, false
	}
	return Range{Value: *d.Observed - *d.Expected, Lo: *d.Observed - *d.Hi, Hi: *d.Observed - *d.Lo}, true
}
