package assess

import (
	"math"

	"goalpost"
)

// nonResponsePoints is by how many points those who did not answer are taken to differ, to
// say how far that would move a share.
const nonResponsePoints = 10

// SampleReading says what the intervals of a survey mean, by how its respondents came about
// (AAPOR (2016), Guidance on reporting precision for nonprobability samples).
type SampleReading struct {
	Kind     goalpost.SampleKind
	Exact    bool          // everybody answered: shares have no interval
	Rate     *float64      // share of those asked who answered; nil where it is not known
	Interval goalpost.Note // what an interval is called
	Notes    []goalpost.Note
}

// ReadSample says what the intervals of a survey with so many complete answers mean.
func ReadSample(s goalpost.Survey, complete int) SampleReading {
	r := SampleReading{Kind: s.Settings.Sample, Rate: responseRate(s, complete)}
	add := func(key string, args ...goalpost.Arg) {
		r.Notes = append(r.Notes, goalpost.NewNote("surveysample."+key, args...))
	}
	word := "self"
	switch r.Kind {
	case goalpost.SampleCensus:
		if r.Exact = r.Rate != nil && *r.Rate == 1; r.Exact {
			word = "exact"
			add("census")
		} else {
			word = "list"
			add("census-part")
		}
	case goalpost.SampleProbability:
		word = "random"
		add("probability")
	case goalpost.SampleList:
		word = "list"
		add("list")
	case goalpost.SamplePanel:
		add("panel")
	case goalpost.SampleSelfSelected:
		add("self-selected")
	default:
		add("unknown")
	}
	r.Interval = goalpost.NewNote("surveysample.interval." + word)
	switch {
	case r.Exact:
	case r.Rate != nil:
		add("rate", goalpost.NumberArg(float64(complete)), goalpost.NumberArg(float64(s.Settings.Asked)), goalpost.RateArg(*r.Rate))
		add("shift", goalpost.NumberArg(nonResponsePoints), goalpost.NumberArg(math.Round((1-*r.Rate)*nonResponsePoints*10)/10))
	default:
		add("rate-unknown")
	}
	return r
}

// SampleNotes are the sentences that stand with the intervals of a survey.
func SampleNotes(s goalpost.Survey, complete int) []goalpost.Note {
	return ReadSample(s, complete).Notes
}

// ShareSensitivity says between what a share would lie if those who did not answer differed
// by ten points; a zero Note where everybody answered or nobody knows how many were asked.
func ShareSensitivity(s goalpost.Survey, complete int, share float64) goalpost.Note {
	rate := responseRate(s, complete)
	if rate == nil || *rate == 1 {
		return goalpost.Note{}
	}
	shift := (1 - *rate) * nonResponsePoints / 100
	return goalpost.NewNote("surveysample.share", goalpost.NumberArg(nonResponsePoints), goalpost.RateArg(max(0, share-shift)), goalpost.RateArg(min(1, share+shift)))
}

// responseRate is the share of those asked who answered; nil where it is not known, or fewer
// were asked than answered.
func responseRate(s goalpost.Survey, complete int) *float64 {
	asked := s.Settings.Asked
	if asked == 0 || complete == 0 || complete > asked {
		return nil
	}
	rate := float64(complete) / float64(asked)
	return &rate
}
