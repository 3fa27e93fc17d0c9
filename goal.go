package goalpost

import (
	_ "embed" // the catalogue is data
	"encoding/csv"
	"slices"
	"strconv"
	"strings"
	"sync"
	"time"
)

// GoalID is a goal of an organisation.
type GoalID int64

// GoalKind is an entry of the catalogue of goals: what social media can be for.
type GoalKind struct {
	Code        string
	Dimension   string   // reach brand reputation engagement sales support product insight organisation
	Layer       Layer    // lowest layer of a KPI that can show it reached
	KPI         string   // default KPI
	Substitutes []string // accepted, and said to be substitutes
}

//go:embed goal.csv
var goalCSV string

var goalKinds = sync.OnceValue(func() []GoalKind {
	rows, err := csv.NewReader(strings.NewReader(goalCSV)).ReadAll()
	if err != nil {
		panic(err) // the embedded table is tested
	}
	var list []GoalKind
	for _, r := range rows[1:] {
		layer, err := strconv.Atoi(r[2])
		if err != nil {
			panic(err)
		}
		list = append(list, GoalKind{Code: r[0], Dimension: r[1], Layer: Layer(layer), KPI: r[3], Substitutes: strings.Fields(r[4])})
	}
	return list
})

// GoalKinds returns the catalogue of goals in its order. The slice is the caller's.
func GoalKinds() []GoalKind { return slices.Clone(goalKinds()) }

// GoalKindByCode returns the catalogue's entry of a code.
func GoalKindByCode(code string) (GoalKind, bool) {
	for _, g := range goalKinds() {
		if g.Code == code {
			return g, true
		}
	}
	return GoalKind{}, false
}

// SubstituteFor reports whether a KPI only stands in for a goal: the catalogue
// lists it so, or its layer is lower than the goal's. better is the KPI that
// would show the goal reached, empty if there is none.
func (g GoalKind) SubstituteFor(k KPI) (substitute bool, better string) {
	if g.KPI == "" || k.Code == g.KPI {
		return false, ""
	}
	if slices.Contains(g.Substitutes, k.Code) || k.Layer < g.Layer {
		return true, g.KPI
	}
	return false, ""
}

// GoalState says how far a goal has come from a wish to something that can be judged.
type GoalState string

// States of a goal.
const (
	Wish        GoalState = "wish"        // named
	Declared    GoalState = "declared"    // chosen, with a KPI or a period
	Operational GoalState = "operational" // KPI, target, due date and owner
)

// TargetKind says how a target was set.
type TargetKind string

// Kinds of target.
const (
	TargetValue  TargetKind = "value"  // a number in the KPI's unit (for rates a fraction)
	TargetChange TargetKind = "change" // a fraction against the baseline: +0.10
)

// Target is what is wanted of a KPI by the due date.
type Target struct {
	Kind  TargetKind `json:"kind"`
	Value float64    `json:"value"`
}

// Resolve returns the target as a number in the KPI's unit. ok is false for a
// change without a baseline.
func (t Target) Resolve(baseline *float64) (value float64, ok bool) {
	if t.Kind != TargetChange {
		return t.Value, true
	}
	if baseline == nil {
		return 0, false
	}
	return *baseline * (1 + t.Value), true
}

// Scope narrows a KPI. Empty lists mean everything.
type Scope struct {
	Accounts []AccountID `json:"accounts,omitempty"`
	Networks []Network   `json:"networks,omitempty"`
	Regions  []string    `json:"regions,omitempty"`
	Products []string    `json:"products,omitempty"`
}

// Same reports whether two scopes count the same.
func (s Scope) Same(o Scope) bool {
	return slices.Equal(s.Accounts, o.Accounts) && slices.Equal(s.Networks, o.Networks) && slices.Equal(s.Regions, o.Regions) && slices.Equal(s.Products, o.Products)
}

// GoalVersion is a goal as it stood from a moment on. Versions are only added.
type GoalVersion struct {
	Version int    `json:"version"` // from 1
	Name    string `json:"name,omitempty"`
	KPI     string `json:"kpi,omitempty"`
	Scope   Scope  `json:"scope"`
	// Survey says where a KPI that customers answer is asked; nil for any other.
	Survey   *GoalSurvey `json:"survey,omitempty"`
	Baseline *float64    `json:"baseline,omitempty"` // in the KPI's unit
	Target   *Target     `json:"target,omitempty"`
	Period   *Period     `json:"period,omitempty"`
	Owner    string      `json:"owner,omitempty"`
	At       time.Time   `json:"at"`  // when the version was made
	By       string      `json:"by"`  // who made it
	Why      string      `json:"why"` // why it was changed; may be empty for version 1
	Retired  bool        `json:"retired,omitempty"`
}

// State returns how far the version has come.
func (v GoalVersion) State() GoalState {
	switch {
	case v.KPI != "" && v.Target != nil && v.Period != nil && v.Owner != "":
		return Operational
	case v.KPI != "" || v.Period != nil || v.Target != nil:
		return Declared
	}
	return Wish
}

// Goal is what we want, with its whole history.
type Goal struct {
	ID       GoalID
	Code     string        // of the catalogue
	Versions []GoalVersion // [n], oldest first, n ≥ 1
}

// Current returns the newest version.
func (g Goal) Current() GoalVersion { return g.Versions[len(g.Versions)-1] }

// AsOf returns the version in force at an instant; ok is false before the first.
func (g Goal) AsOf(t time.Time) (v GoalVersion, ok bool) {
	for _, w := range g.Versions {
		if w.At.Before(t) {
			v, ok = w, true
		}
	}
	return v, ok
}
