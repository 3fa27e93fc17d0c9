package document

import (
	"time"

	"goalpost"
	"goalpost/assess"
	"goalpost/infer"
	"goalpost/locale"
)

// SurveyUnderstanding is how well a team knew what was answered to a survey, in the words of
// Understanding.
type SurveyUnderstanding struct {
	Survey     goalpost.SurveyID         `json:"survey"`
	Slug       string                    `json:"slug"`
	Title      string                    `json:"title"`
	State      assess.UnderstandingState `json:"state"`
	Base       int                       `json:"base"`
	EffectiveN float64                   `json:"n_eff"`
	WeightSet  string                    `json:"weight_set"` // empty: not weighted
	Report     *Understanding            `json:"report"`
	NotScored  []NotScored               `json:"not_scored"`
	Sheets     []BeliefSheet             `json:"sheets"` // none before the first answer
	Given      []BeliefGiver             `json:"given"`
	Missing    []string                  `json:"missing"` // names of members who have not said it
	Waves      []UnderstandingWave       `json:"waves"`
	Claim      UnderstandingClaim        `json:"claim"`
}

// NotScored is an item that beliefs are not scored for.
type NotScored struct {
	Item   string `json:"item"`
	Reason string `json:"reason"` // changed, few_answers, entered (as a size of the population)
}

// BeliefGiver is who said what they believe.
type BeliefGiver struct {
	Member string    `json:"member"`
	MadeAt time.Time `json:"made_at"`
	Late   bool      `json:"late"`
}

// BeliefSheet is what one member believes.
type BeliefSheet struct {
	Survey  goalpost.SurveyID `json:"survey"`
	Member  string            `json:"member"`
	MadeAt  time.Time         `json:"made_at"`
	Late    bool              `json:"late"`
	Intact  bool              `json:"intact"` // it is still what was sent
	SHA256  string            `json:"sha256"`
	Claims  *bool             `json:"claims"`
	Beliefs []BeliefEntry     `json:"beliefs"`
}

// BeliefEntry is one belief; its numbers are nil where there is no idea.
type BeliefEntry struct {
	Item   string   `json:"item"`
	NoIdea bool     `json:"no_idea"`
	Guess  *float64 `json:"guess"`
	Low    *float64 `json:"low"`
	High   *float64 `json:"high"`
}

// UnderstandingWave is the score of one survey of the study.
type UnderstandingWave struct {
	Survey goalpost.SurveyID         `json:"survey"`
	Wave   string                    `json:"wave"`
	State  assess.UnderstandingState `json:"state"`
	Base   int                       `json:"base"`
	Score  *infer.Estimate           `json:"score"`
}

// UnderstandingClaim is what is claimed beside what is measured.
type UnderstandingClaim struct {
	Claiming     int               `json:"claiming"`
	Denying      int               `json:"denying"`
	MeanClaiming *float64          `json:"mean_claiming"`
	MeanDenying  *float64          `json:"mean_denying"`
	Asked        int               `json:"surveys_with_answers"`
	LastSurvey   goalpost.SurveyID `json:"last_survey"` // 0: none
	LastDays     *int              `json:"days_since_last_answer"`
	Trade        []goalpost.Result `json:"trade"`
	Points       *float64          `json:"trade_points"`
	Lo           *float64          `json:"trade_points_lo"`
	Hi           *float64          `json:"trade_points_hi"`
	Sentences    []string          `json:"sentences"`
}

// BeliefSheetOf makes the document of what one member believes.
func BeliefSheetOf(s goalpost.BeliefSheet) BeliefSheet {
	d := BeliefSheet{Survey: s.Survey, Member: s.By, MadeAt: s.MadeAt, Late: s.Late, Intact: !s.Broken, SHA256: s.SHA256, Claims: s.Claims, Beliefs: []BeliefEntry{}}
	for _, b := range s.Beliefs {
		e := BeliefEntry{Item: b.Key(), NoIdea: b.NoIdea}
		if !b.NoIdea {
			e.Guess, e.Low, e.High = &b.Guess, &b.Low, &b.High
		}
		d.Beliefs = append(d.Beliefs, e)
	}
	return d
}

// SurveyUnderstandingOf makes the document of a team's understanding.
func SurveyUnderstandingOf(say *locale.Printer, u assess.SurveyUnderstanding) SurveyUnderstanding {
	d := SurveyUnderstanding{Survey: u.Survey.ID, Slug: u.Survey.Slug, Title: u.Survey.Form.Title.In(string(say.Language())), State: u.State, Base: u.Base, EffectiveN: u.EffectiveN, WeightSet: u.WeightSet,
		NotScored: []NotScored{}, Sheets: []BeliefSheet{}, Given: []BeliefGiver{}, Missing: OrEmpty(u.Silent), Waves: []UnderstandingWave{}}
	if u.Report != nil {
		r := UnderstandingOf(say, *u.Report)
		d.Report = &r
	}
	for _, x := range []struct {
		reason string
		items  []goalpost.BeliefItem
	}{{"changed", u.Changed}, {"few_answers", u.Thin}, {"entered", u.Entered}} {
		for _, i := range x.items {
			d.NotScored = append(d.NotScored, NotScored{i.Key(), x.reason})
		}
	}
	for _, s := range u.Sheets {
		d.Sheets = append(d.Sheets, BeliefSheetOf(s))
	}
	for _, g := range u.Givers {
		d.Given = append(d.Given, BeliefGiver{g.Name, g.MadeAt, g.Late})
	}
	for _, w := range u.Waves {
		d.Waves = append(d.Waves, UnderstandingWave{w.Survey, w.Wave, w.State, w.Base, w.Score})
	}
	c := u.Claim
	d.Claim = UnderstandingClaim{Claiming: c.Claiming, Denying: c.Denying, MeanClaiming: c.MeanClaiming, MeanDenying: c.MeanDenying, Asked: c.Asked, Trade: OrEmpty(c.Trade), Sentences: OrEmpty(say.Notes(c.Sentences))}
	if c.Last != nil {
		d.Claim.LastSurvey, d.Claim.LastDays = c.Last.Survey, &c.Last.Days
	}
	if c.Change != nil {
		d.Claim.Points, d.Claim.Lo, d.Claim.Hi = c.Change.Points, c.Change.Lo, c.Change.Hi
	}
	return d
}
