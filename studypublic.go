package goalpost

import (
	"slices"
	"time"

	"goalpost/infer"
)

// StudyPublication is the public address of a study. The address is never given to
// another study, so that a link that somebody printed leads nowhere else.
type StudyPublication struct {
	Study string // id
	Slug  string // of the address, unique in the installation
	From  int    // the first version that the public sees
	// Unseen are versions that were made while the report was withdrawn, from the first to
	// the last of each time: nobody but the team ever sees them.
	Unseen [][2]int
	On     bool // false: withdrawn
	At     time.Time
	By     string
}

// Shows reports whether the public sees a version.
func (p StudyPublication) Shows(version int) bool {
	return version >= p.From && !slices.ContainsFunc(p.Unseen, func(r [2]int) bool { return r[0] <= version && version <= r[1] })
}

// Check returns what is wrong with a publication.
func (p StudyPublication) Check() error {
	if !pollSlug.MatchString(p.Slug) {
		return wrong("slug", "slug", TextArg(p.Slug))
	}
	return nil
}

// Counted is what the answers of single respondents came to when a version of a study was
// made. It is kept with the version, because the answers themselves may be replaced or
// erased later: what a version once said stays what it says.
type Counted struct {
	Results  []CountedResult   `json:"results"`
	Mix      []CountedMix      `json:"mix,omitempty"`
	Unserved []CountedUnserved `json:"unserved,omitempty"`
}

// CountedResult is a share that was counted here.
type CountedResult struct {
	Question string `json:"question"`
	Result
}

// CountedMix is a change with the mix of respondents held fixed.
type CountedMix struct {
	Question string   `json:"question"`
	From     string   `json:"from"`
	To       string   `json:"to"`
	Option   string   `json:"option"`
	Profile  string   `json:"profile"` // the question on who answered
	SameMix  *SameMix `json:"same_mix"`
	// SameMix is nil where a group has nobody in one of the waves.
}

// CountedUnserved is how many pursue a goal that they do not measure.
type CountedUnserved struct {
	Question  string          `json:"question"`
	Reference string          `json:"reference"`
	Goal      string          `json:"goal"`
	Share     *infer.Estimate `json:"share"` // nil where only totals are known
}
