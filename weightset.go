package goalpost

import (
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"time"
)

// WeightMethod is how weights were found.
type WeightMethod string

// WeightRaking changes weights by as little as possible until all margins fit.
const WeightRaking WeightMethod = "raking"

// WeightRules are what weights were found with, beside the answers and the population.
type WeightRules struct {
	Method      WeightMethod `json:"method"`
	Cap         float64      `json:"cap"` // largest weight, in means of all
	Tolerance   float64      `json:"tolerance"`
	KeepMissing bool         `json:"keep_missing"` // who is in no known group keeps the share of the sample
}

// WeightSet says how the answers of a survey were weighted to a population. Every weighted
// figure cites one. It never changes: the same population, rules and answers give the same
// id, others another one.
type WeightSet struct {
	ID         string           `json:"id"`
	Population int              `json:"population"` // version
	Rules      WeightRules      `json:"rules"`
	DataHash   string           `json:"data_hash"` // of the answers' ids and groups
	Change     int64            `json:"change"`    // of the newest answer
	N          int              `json:"n"`
	MadeAt     time.Time        `json:"made_at,omitzero"` // when it was first cited
	Diagnosis  WeightDiagnosis  `json:"diagnosis"`
	Margins    []WeightedMargin `json:"margins"`
}

// WeightDiagnosis says what weighting costs.
type WeightDiagnosis struct {
	EffectiveN   float64 `json:"n_eff"` // Kish
	DesignEffect float64 `json:"deff"`  // Kish
	Least        float64 `json:"least"` // smallest weight, in means of all
	Largest      float64 `json:"largest"`
	AtCap        int     `json:"at_cap"` // answers with the largest weight allowed
	Cycles       int     `json:"cycles"`
	Worst        float64 `json:"worst"` // largest relative difference of a group from its target
}

// WeightedMargin holds a margin of the population beside the sample.
type WeightedMargin struct {
	Question string          `json:"question"`
	Groups   []WeightedGroup `json:"groups"`
	Unknown  WeightedGroup   `json:"unknown"` // answers without a group
}

// WeightedGroup is a group of the population in the sample. Shares are fractions: that of
// the population is of the groups, the others are of the answers whose group is known; of
// the unknown of all answers.
type WeightedGroup struct {
	Options    []string `json:"options,omitempty"`
	N          int      `json:"n"`
	Population float64  `json:"population"`
	Sample     float64  `json:"sample"`
	Weighted   float64  `json:"weighted"`
}

// Factor is by how much weighting changes the share of a group; 0 where nobody is in it.
func (g WeightedGroup) Factor() float64 {
	if g.Sample == 0 {
		return 0
	}
	return g.Population / g.Sample
}

// WeightSetID is the id of the weights that rules make of a version of a population and
// of answers.
func WeightSetID(population int, rules WeightRules, dataHash string) (string, error) {
	body, err := json.Marshal(struct {
		Population int         `json:"population"`
		Rules      WeightRules `json:"rules"`
		Data       string      `json:"data"`
	}{population, rules, dataHash})
	if err != nil {
		return "", err
	}
	sum := sha256.Sum256(body)
	return hex.EncodeToString(sum[:16]), nil
}

// Difference is by how many points more of the answers than of the population are in a group.
func (g WeightedGroup) Difference() float64 { return 100 * (g.Sample - g.Population) }

// Known is how many answers have a group.
func (m WeightedMargin) Known() (n int) {
	for _, g := range m.Groups {
		n += g.N
	}
	return n
}

// Whole is the effective number of answers, rounded down.
func (d WeightDiagnosis) Whole() float64 { return float64(int(d.EffectiveN)) }
