package document

import (
	"cmp"
	"time"

	"goalpost"
)

// Activity is what we did.
type Activity struct {
	Activity   goalpost.ActivityID `json:"activity"`
	Name       string              `json:"name"`
	Runs       []Run               `json:"runs"`
	Network    goalpost.Network    `json:"network"`
	Region     string              `json:"region"`
	Product    string              `json:"product"`
	Media      goalpost.Media      `json:"media"`
	Design     goalpost.Design     `json:"design"`
	Cost       *float64            `json:"cost"` // major units; nil: not said
	CostPartly bool                `json:"cost_partly"`
	Currency   string              `json:"currency"`
	Imports    []goalpost.ImportID `json:"imports"`
	Removed    bool                `json:"removed"`
	History    []ActivityChange    `json:"history"`
}

// Run is one run of an activity.
type Run struct {
	From  goalpost.Day `json:"from"`
	Until goalpost.Day `json:"until"` // last day
}

// ActivityChange is one version of an activity.
type ActivityChange struct {
	Version int       `json:"version"`
	At      time.Time `json:"at"`
	By      string    `json:"by"`
	Why     string    `json:"why"`
	Removed bool      `json:"removed"`
}

// ActivityOf makes the document of an activity.
func ActivityOf(a goalpost.Activity) Activity {
	e := Activity{Activity: a.ID, Name: a.Name, Runs: []Run{}, Network: a.Network, Region: a.Region, Product: a.Product, Media: a.Media,
		Design: cmp.Or(a.Design, goalpost.ObservedDesign), CostPartly: a.CostPartly, Currency: a.Currency, Imports: OrEmpty(a.Imports), Removed: a.Removed(), History: []ActivityChange{}}
	for _, r := range a.Runs {
		e.Runs = append(e.Runs, Run{r.Start, r.Last()})
	}
	if a.HasCost {
		cost := goalpost.ToMajor(a.CostMin, a.Currency)
		e.Cost = &cost
	}
	for _, v := range a.Versions {
		e.History = append(e.History, ActivityChange{v.Version, v.At, v.By, v.Why, v.Removed})
	}
	return e
}

// ActivitiesOf makes the document of several activities.
func ActivitiesOf(list []goalpost.Activity) []Activity {
	out := []Activity{}
	for _, a := range list {
		out = append(out, ActivityOf(a))
	}
	return out
}
