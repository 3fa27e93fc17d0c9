package goalpost

import (
	"time"

	"goalpost/infer"
)

// Decision is how a goal turns out.
type Decision string

// Decisions of goals.
const (
	Reached     Decision = "reached"
	OnTrack     Decision = "on_track"
	AtRisk      Decision = "at_risk"
	Missed      Decision = "missed"
	CannotTell  Decision = "cannot_tell"
	NotMeasured Decision = "not_measured"
)

// Borders of the decisions. A running goal is on track when the probability is at
// least OnTrackFrom; a state changes only when it passes the border by Hysteresis.
const (
	OnTrackFrom   = 0.80
	Hysteresis    = 0.05
	UnlikelyBelow = 0.20
	MissedBelow   = 0.05
)

// Verdict is how a goal stands as of a day: the JSON of goalpost goals. Sentences
// are Notes; the command line and the pages write them in the reader's language.
type Verdict struct {
	Goal        GoalID          `json:"goal"`
	Version     int             `json:"version"`
	KPI         string          `json:"kpi"`
	Decision    Decision        `json:"decision"`
	Probability *float64        `json:"probability"` // nil when the value is certain, or nothing can be said
	Estimate    *infer.Estimate `json:"estimate"`    // final value at the due date; nil if not measured
	SoFar       *float64        `json:"so_far"`      // counted up to AsOf; nil if not measured
	Target      *float64        `json:"target"`      // in the KPI's unit
	AtMost      bool            `json:"at_most"`     // the target is an upper bound
	Due         *Day            `json:"due"`         // last day of the period
	Substitute  bool            `json:"substitute"`
	BetterKPI   string          `json:"better_kpi"`
	Reason      Note            `json:"reason"`
	Settle      Note            `json:"settle"`
	Compared    []Note          `json:"compared_with"`
	Doubts      []Note          `json:"doubts,omitempty"`
	Method      string          `json:"method"`
	Seed        uint64          `json:"seed"`
	AsOf        Day             `json:"as_of"` // only what is dated before this day was used
	Seen        bool            `json:"seen"`  // and only what was known then
	DataHash    string          `json:"data_hash"`
	Previous    Decision        `json:"previous,omitempty"` // decision that the hysteresis started from
	LastDay     *Day            `json:"last_day,omitempty"` // last complete day of the data
	ObservedAt  time.Time       `json:"observed_at,omitzero"`
	Sources     []Note          `json:"sources,omitempty"`
	// Incremental is what activities changed in sales, beside the counted number and never
	// added to it.
	Incremental []Incremental `json:"incremental,omitempty"`
}

// Incremental is what one activity changed in sales, as an analysis found it.
type Incremental struct {
	Analysis AnalysisID      `json:"analysis"`
	Activity string          `json:"activity"`
	KPI      string          `json:"kpi"`
	Currency string          `json:"currency"`
	From     Day             `json:"from"`
	Until    Day             `json:"until"` // last day
	Decision EffectDecision  `json:"decision"`
	Dots     int             `json:"dots"`     // of its badge, 0 to 3
	Estimate *infer.Estimate `json:"estimate"` // over the whole time; nil: nothing could be computed
	Headline Note            `json:"headline,omitzero"`
	Span     Note            `json:"span,omitzero"` // the interval in words; zero where there is none
}

// JudgeRunning decides a running goal from the probability of reaching it by the
// due date. previous is the goal's last decision; it is kept while p is within
// Hysteresis of the border.
func JudgeRunning(p float64, previous Decision) Decision {
	up, down := OnTrackFrom, OnTrackFrom
	switch previous {
	case OnTrack:
		down = OnTrackFrom - Hysteresis
	case AtRisk:
		up = OnTrackFrom + Hysteresis
	default:
	}
	if previous == OnTrack {
		if p >= down {
			return OnTrack
		}
		return AtRisk
	}
	if p >= up {
		return OnTrack
	}
	return AtRisk
}

// JudgeCertain decides a goal whose value can no longer change.
func JudgeCertain(value, target float64, atMost bool) Decision {
	if (atMost && value <= target) || (!atMost && value >= target) {
		return Reached
	}
	return Missed
}
