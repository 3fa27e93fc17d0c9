package goalpost

// EffectDecision is what can be said of an activity's effect on a series.
type EffectDecision string

// Decisions of effects. EffectCannotTell is a full answer.
const (
	Increase         EffectDecision = "increase"
	Decrease         EffectDecision = "decrease"
	Negligible       EffectDecision = "negligible"
	EffectCannotTell EffectDecision = "cannot_tell"
)

// Methods that an effect can be estimated with.
const (
	MethodAuto         = "auto"
	MethodBMA          = "bma"
	MethodCausalImpact = "causalimpact"
	MethodSwitched     = "switched" // the default's models for an activity that ran several times
)
