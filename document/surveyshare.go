package document

import (
	"math"

	"goalpost"
	"goalpost/assess"
	"goalpost/infer"
	"goalpost/locale"
)

// SurveyShares are the shares of the answers to a survey.
type SurveyShares struct {
	Survey    goalpost.SurveyID     `json:"survey"`
	Slug      string                `json:"slug"`
	Sample    goalpost.SampleKind   `json:"sample_kind"`
	N         int                   `json:"n" doc:"Complete answers that count here."`
	All       int                   `json:"all" doc:"Complete answers without the filter."`
	Only      string                `json:"only" doc:"The filter; empty for none."`
	Change    int64                 `json:"change" doc:"Number of the newest change of an answer that is in the shares."`
	WeightSet *string               `json:"weight_set" doc:"The weights that the shares were made with; null without."`
	Notes     []string              `json:"notes" doc:"What the intervals mean."`
	Questions []SurveyQuestionShare `json:"questions"`
}

// SurveyQuestionShare are the shares of one question.
type SurveyQuestionShare struct {
	Question     string              `json:"question"`
	Version      int                 `json:"version" doc:"Of its trend: the same code and version ask the same."`
	Wording      string              `json:"wording"`
	Type         string              `json:"type"`
	Earlier      bool                `json:"earlier" doc:"It is not asked so any more."`
	Base         int                 `json:"base" doc:"Respondents whose answer counts."`
	EffectiveN   *float64            `json:"n_eff" doc:"Respondents drawn at random who would be as precise, the fewest of all options."`
	DesignEffect *float64            `json:"deff" doc:"The largest of all options."`
	Method       string              `json:"method" doc:"Of the intervals."`
	Sample       goalpost.SampleKind `json:"sample_kind"`
	Withheld     string              `json:"withheld" doc:"Why there are no shares: few, near, no_answer; else empty."`
	Options      []SurveyOptionShare `json:"options"`
	Parts        []SurveyOptionShare `json:"parts" doc:"Groups of grades: top, bottom, neutral; promoters, passives, detractors."`
	Tied         []string            `json:"tied" doc:"Options that cannot be told apart from the first."`
	Net          *infer.Estimate     `json:"net,omitempty" doc:"The two highest grades less the two lowest, as a fraction."`
	NPS          *infer.Estimate     `json:"nps,omitempty" doc:"In points."`
	Mean         *infer.Estimate     `json:"mean,omitempty"`
	Median       *infer.Estimate     `json:"median,omitempty"`
	Tags         []SurveyTagShare    `json:"tags"`
	Response     SurveyResponse      `json:"response"`
	Changes      []SurveyShareChange `json:"changes" doc:"Against the other surveys of the same study."`
	Warnings     []string            `json:"warnings"`
}

// SurveyOptionShare is the share of one answer. Where it is hidden or too uncertain there are
// no numbers.
type SurveyOptionShare struct {
	Key        string   `json:"key"`
	Label      string   `json:"label"`
	State      string   `json:"state" doc:"shown, uncertain or hidden."`
	Share      *float64 `json:"share"`
	Lo         *float64 `json:"lo"`
	Hi         *float64 `json:"hi"`
	SE         *float64 `json:"se"`
	N          *int     `json:"n" doc:"Respondents who gave it; null where that is hidden."`
	EffectiveN *float64 `json:"n_eff"`
	Unweighted *float64 `json:"share_unweighted" doc:"Null without weights."`
	Mentions   *float64 `json:"share_of_mentions" doc:"Of all that was ticked."`
	Rank       *float64 `json:"mean_rank"`
	Lowest     *float64 `json:"lowest" doc:"Between lowest and highest the share lies whatever those who did not answer would have said."`
	Highest    *float64 `json:"highest"`
}

// SurveyTagShare is the share of those who wrote something that got a tag.
type SurveyTagShare struct {
	Tag   string   `json:"tag"`
	N     int      `json:"n"`
	Share *float64 `json:"share"`
	Lo    *float64 `json:"lo"`
	Hi    *float64 `json:"hi"`
}

// SurveyResponse is how many of those asked answered.
type SurveyResponse struct {
	Asked    int     `json:"asked"`
	Answered int     `json:"answered"`
	DontKnow int     `json:"dont_know"`
	Invalid  int     `json:"invalid"`
	Skipped  int     `json:"skipped"`
	Rate     float64 `json:"rate" doc:"Weighted."`
}

// SurveyShareChange is how a share moved between two surveys of a study.
type SurveyShareChange struct {
	From   goalpost.SurveyID `json:"from"`
	To     goalpost.SurveyID `json:"to"`
	Option string            `json:"option"`
	State  string            `json:"state" doc:"shown or uncertain."`
	Points *float64          `json:"points"`
	Lo     *float64          `json:"lo"`
	Hi     *float64          `json:"hi"`
	P      *float64          `json:"p"`
	PHolm  *float64          `json:"p_holm" doc:"Adjusted for the number of options."`
}

// finite is a number that JSON can hold.
func finite(v float64) *float64 {
	if math.IsNaN(v) || math.IsInf(v, 0) {
		return nil
	}
	return &v
}

// SurveySharesOf makes the document of shares, with changes against other surveys.
func SurveySharesOf(say *locale.Printer, s goalpost.Survey, x assess.SurveyShares, trend assess.SurveyTrendView) SurveyShares {
	d := SurveyShares{Survey: s.ID, Slug: s.Slug, Sample: x.Sample, N: x.N, All: x.All, Only: x.Filter.String(), Change: x.Change, Notes: OrEmpty(say.Notes(x.Reading.Notes)), Questions: []SurveyQuestionShare{}}
	if x.WeightSet != "" {
		d.WeightSet = &x.WeightSet
	}
	if x.Problem != nil {
		d.Notes = append(d.Notes, say.Error(x.Problem))
	}
	for _, q := range x.Questions {
		d.Questions = append(d.Questions, surveyQuestionShare(say, x, q, trend))
	}
	return d
}

func surveyQuestionShare(say *locale.Printer, x assess.SurveyShares, q assess.QuestionShares, trend assess.SurveyTrendView) SurveyQuestionShare {
	d := SurveyQuestionShare{Question: q.Question.Code, Version: q.Question.Version, Wording: q.Question.Wording.In(string(say.Language())), Type: string(q.Question.Type), Earlier: q.Earlier, Base: q.Base,
		EffectiveN: finite(q.EffectiveN), DesignEffect: finite(q.DesignEffect), Sample: x.Sample, Withheld: string(q.Withheld), Tied: OrEmpty(q.Tied), Net: q.Net, NPS: q.NPS, Mean: q.Mean, Median: q.Median,
		Tags: []SurveyTagShare{}, Options: []SurveyOptionShare{}, Parts: []SurveyOptionShare{}, Changes: []SurveyShareChange{}, Warnings: []string{},
		Response: SurveyResponse{q.Reply.Asked, q.Reply.Answered, q.Reply.DontKnow, q.Reply.Invalid, q.Reply.Skipped, q.Reply.Rate}}
	if q.Withheld != assess.NotWithheld {
		d.Base, d.EffectiveN, d.Response = 0, nil, SurveyResponse{}
		return d
	}
	for _, o := range q.Options {
		d.Options = append(d.Options, surveyOptionShare(say, q, o))
		if o.Known() && d.Method == "" {
			d.Method = string(o.Share.Method)
		}
	}
	for _, o := range q.Parts {
		d.Parts = append(d.Parts, surveyOptionShare(say, q, o))
	}
	for _, t := range q.Tags {
		s := SurveyTagShare{Tag: t.Tag, N: t.Count}
		if t.Known {
			s.Share, s.Lo, s.Hi = finite(t.Share.Value), finite(t.Share.Lo), finite(t.Share.Hi)
		}
		d.Tags = append(d.Tags, s)
	}
	if q.Reply.Rate < assess.LeastAnswered && q.Reply.Asked > 0 && q.Question.Type != goalpost.TextQuestion {
		d.Warnings = append(d.Warnings, say.T("surveyshare.response.low", goalpost.RateArg(math.Round(100*q.Reply.Rate)/100)))
	}
	d.addChanges(say, q, trend)
	return d
}

// addChanges adds how the shares moved, and why some waves are not comparable.
func (d *SurveyQuestionShare) addChanges(say *locale.Printer, q assess.QuestionShares, trend assess.SurveyTrendView) {
	for _, w := range trend.Questions {
		if w.Question.Code != q.Question.Code || q.Earlier {
			continue
		}
		for _, b := range w.Broken {
			d.Warnings = append(d.Warnings, say.Note(b.Why))
		}
		for _, row := range w.Rows {
			for _, c := range row.Changes {
				e := SurveyShareChange{From: trend.Waves[c.From].ID, To: trend.Waves[c.To].ID, Option: row.Key, State: "uncertain"}
				if !c.Uncertain {
					e.State, e.Points, e.Lo, e.Hi, e.P, e.PHolm = "shown", finite(c.Points), finite(c.Lo), finite(c.Hi), finite(c.P), finite(c.PHolm)
				}
				d.Changes = append(d.Changes, e)
			}
		}
	}
}

func surveyOptionShare(say *locale.Printer, q assess.QuestionShares, o assess.OptionShare) SurveyOptionShare {
	d := SurveyOptionShare{Key: o.Key, State: "shown", Label: o.Key}
	switch {
	case o.Option.Code != "" && q.Question.Type != goalpost.ConsentQuestion:
		d.Label = say.Option(o.Option)
	case o.Grade != nil && q.Question.Scale != nil:
		if word := q.Question.Scale.Grade(*o.Grade).In(string(say.Language())); word != "" {
			d.Label = word
		}
	}
	if o.Hidden {
		d.State = "hidden"
		return d
	}
	d.N = &o.Count
	if o.Uncertain {
		d.State = "uncertain"
		return d
	}
	d.Share, d.Lo, d.Hi, d.SE, d.EffectiveN = finite(o.Share.Value), finite(o.Share.Lo), finite(o.Share.Hi), finite(o.Share.SE), finite(o.Share.EffectiveN)
	d.Lowest, d.Highest = finite(o.Lowest), finite(o.Highest)
	for to, e := range map[**float64]*infer.Estimate{&d.Unweighted: o.Unweighted, &d.Mentions: o.Mentions, &d.Rank: o.Rank} {
		if e != nil {
			*to = finite(e.Value)
		}
	}
	return d
}
