package goalpost

// ActivityID is an activity.
type ActivityID int64

// Activity is what we did: a campaign, a giveaway, a change of the shop. Period
// is the days it ran.
type Activity struct {
	ID       ActivityID
	Name     string
	Period   Period
	Network  Network // empty: not on one network
	Region   string  // empty: everywhere
	Product  string
	Media    string // paid, earned, shared, owned; empty: not said
	Design   string // observed, switchback, geo; empty means observed
	CostMin  int64  // amount_minor
	Currency string
	HasCost  bool // false: the cost was not said, which is not zero
}
