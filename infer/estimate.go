package infer

// Kind says what sort of interval an Estimate carries.
type Kind string

// Kinds of interval. Exact means counted completely: Lo = Hi = Value.
const (
	Exact      Kind = "exact"
	Confidence Kind = "confidence"
	Credible   Kind = "credible"
	Prediction Kind = "prediction"
)

// Estimate is a number together with how sure one can be of it. Value, Lo and Hi
// are in the unit of the quantity; Level is a fraction (0.95); N is the number of
// observations behind it (posts, days or respondents).
type Estimate struct {
	Value float64 `json:"value"`
	Lo    float64 `json:"lo"`
	Hi    float64 `json:"hi"`
	Level float64 `json:"level"`
	Kind  Kind    `json:"kind"`
	N     int     `json:"n"`
}

// Counted returns the Estimate of a quantity that was counted completely from n
// observations.
func Counted(value float64, n int) Estimate {
	return Estimate{Value: value, Lo: value, Hi: value, Level: 1, Kind: Exact, N: n}
}
