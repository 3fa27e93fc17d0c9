package goalpost

import (
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"time"
)

// AnalysisID is an analysis.
type AnalysisID int64

// SeriesRef names a series: a KPI in a scope.
type SeriesRef struct {
	KPI   string `json:"kpi"`
	Scope Scope  `json:"scope"`
}

// Same reports whether two references name the same series.
func (r SeriesRef) Same(o SeriesRef) bool { return r.KPI == o.KPI && r.Scope.Same(o.Scope) }

// AnalysisControl is a series that says how the analysed one would have gone on.
type AnalysisControl struct {
	SeriesRef
	// Touched is true when the activity itself could have moved the control; a person
	// wanted it nevertheless.
	Touched bool `json:"touched,omitempty"`
}

// Margin is what is left of sales after what the goods cost: a share of the revenue,
// or an amount for each order or lead.
type Margin struct {
	Share    float64 `json:"share,omitempty"`
	PerUnit  float64 `json:"per_unit,omitempty"` // major units
	Currency string  `json:"currency,omitempty"` // of PerUnit
}

// AnalysisPlan says what is going to be computed. It is written down before anybody
// sees a result. Versions are only added: a later change is shown as one.
type AnalysisPlan struct {
	Version  int        `json:"version"` // from 1
	Activity ActivityID `json:"activity"`
	// What the activity was when the plan was confirmed.
	Name    string   `json:"name"`
	Runs    []Period `json:"runs"`
	Network Network  `json:"network,omitempty"`
	Region  string   `json:"region,omitempty"`
	Product string   `json:"product,omitempty"`
	Design  Design   `json:"design,omitempty"`

	Series         SeriesRef         `json:"series"`
	Controls       []AnalysisControl `json:"controls"`
	Method         string            `json:"method"`
	Level          float64           `json:"level"`
	SmallestEffect *Target           `json:"smallest_effect,omitempty"` // per day (or week), or a share of the mean before
	Margin         *Margin           `json:"margin,omitempty"`
	CostMin        *int64            `json:"amount_minor,omitempty"` // of the activity; nil: not known
	Currency       string            `json:"currency,omitempty"`     // of the cost
	Pre            Period            `json:"pre"`                    // what is learned from
	LagDays        int               `json:"lag_days,omitempty"`     // how long after a run an effect is looked for
	Seed           uint64            `json:"seed"`

	At  time.Time `json:"at"` // when it was confirmed
	By  string    `json:"by"`
	Why string    `json:"why,omitempty"` // of a change
}

// Post is the days in which an effect is looked for: from the first run to LagDays
// after the last.
func (p AnalysisPlan) Post() Period {
	h := Hull(p.Runs)
	h.End += Day(p.LagDays)
	return h
}

// ActiveOn reports whether a day belongs to a run or to the days after one in which an
// effect is looked for.
func (p AnalysisPlan) ActiveOn(d Day) bool {
	for _, r := range p.Runs {
		if d >= r.Start && d < r.End+Day(p.LagDays) {
			return true
		}
	}
	return false
}

// Hash is the SHA-256 of the plan with who confirmed it and when: whoever has the plan
// can compute it again.
func (p AnalysisPlan) Hash() string {
	p.At = p.At.UTC().Truncate(time.Microsecond)
	body, err := json.Marshal(p)
	if err != nil {
		return "" // only a number that is none could fail, and none is accepted
	}
	sum := sha256.Sum256(body)
	return hex.EncodeToString(sum[:])
}

// SameQuestion reports whether two plans ask for the same computation, whoever confirmed
// them, when and why.
func (p AnalysisPlan) SameQuestion(o AnalysisPlan) bool {
	for _, x := range []*AnalysisPlan{&p, &o} {
		x.Version, x.At, x.By, x.Why = 0, time.Time{}, "", ""
	}
	return p.Hash() == o.Hash()
}

// Analysis asks what one activity changed in one series, with every plan that was
// confirmed for it.
type Analysis struct {
	ID       AnalysisID
	Activity ActivityID
	Series   SeriesRef
	Plans    []AnalysisPlan // [n], oldest first, n ≥ 1
}

// Plan returns the plan in force.
func (a Analysis) Plan() AnalysisPlan { return a.Plans[len(a.Plans)-1] }

// AnalysisResult is what an analysis gave with one plan and one state of the data.
// Results are only added: one that was computed again leaves the earlier.
type AnalysisResult struct {
	ID         int             `json:"id"` // from 1, within the analysis
	Plan       int             `json:"plan"`
	PlanHash   string          `json:"plan_sha256"`
	DataHash   string          `json:"data_sha256"` // of everything that it was computed from
	Method     string          `json:"method"`
	Seed       uint64          `json:"seed"`
	Decision   EffectDecision  `json:"decision"`
	ComputedAt time.Time       `json:"computed_at"`
	Report     json.RawMessage `json:"report"` // the JSON of goalpost effect
}
