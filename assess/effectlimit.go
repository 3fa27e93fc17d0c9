package assess

import "goalpost"

// What one question may cost: each keeps an answer within a minute or so, and the draws
// within half a gigabyte, on a machine of two cores.
const (
	mostControls = 100
	mostRows     = 20_000     // from the first that is learned from to the last of the activity
	mostDrawn    = 50_000_000 // numbers that CausalImpact's model draws and keeps: rows times iterations times chains
)

// tooMuch refuses a question that would take too long to answer, before anything is computed.
func (in EffectInput) tooMuch(method string) error {
	refuse := func(key, flag string, n, most float64) error {
		return &goalpost.Error{Kind: goalpost.Invalid, Key: "error.effect." + key, Flag: flag, Args: []goalpost.Arg{goalpost.NumberArg(n), goalpost.NumberArg(most)}}
	}
	rows := float64(in.Post.Until - in.Pre.From)
	switch {
	case len(in.Controls) > mostControls:
		return refuse("many-controls", "--x", float64(len(in.Controls)), mostControls)
	case rows > mostRows:
		return refuse("many-rows", "--pre-from", rows, mostRows)
	}
	o := in.Sampler
	if o.Iterations == 0 {
		o.Iterations = 1000
	}
	if drawn := rows * float64(o.Iterations) * float64(max(o.Chains, 1)); method == goalpost.MethodCausalImpact && drawn > mostDrawn {
		return refuse("many-draws", "--iterations", drawn, mostDrawn)
	}
	return nil
}
