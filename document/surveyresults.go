package document

import (
	"time"

	"goalpost"
	"goalpost/assess"
	"goalpost/infer"
	"goalpost/locale"
)

// SurveyResults are the figures of a survey as its page shows them.
type SurveyResults struct {
	Survey    goalpost.SurveyID            `json:"survey"`
	Slug      string                       `json:"slug"`
	Title     string                       `json:"title"`
	Phase     goalpost.SurveyPhase         `json:"phase"`
	Sample    goalpost.SampleKind          `json:"sample_kind"`
	Kept      bool                         `json:"kept" doc:"They are the figures of single answers that were erased."`
	ErasedAt  *time.Time                   `json:"erased_at,omitempty" doc:"When single answers were erased; absent: never."`
	States    map[goalpost.AnswerState]int `json:"states" doc:"How many answers there are, by state; absent: none."`
	Started   int                          `json:"started" doc:"All that are kept, but for erased ones."`
	Complete  int                          `json:"complete" doc:"Those that the figures count."`
	Finished  *float64                     `json:"finished" doc:"The share of the started that sent the last page."`
	Seconds   *Quartiles                   `json:"seconds,omitempty" doc:"How long complete answers took; absent where nobody knows."`
	Flagged   int                          `json:"flagged" doc:"Complete answers that stand out."`
	Flags     []SurveyFlag                 `json:"flags" nullable:"false"`
	Channels  []SurveyGroup                `json:"channels" nullable:"false"`
	Languages []SurveyGroup                `json:"languages" nullable:"false"`
	Devices   []SurveyGroup                `json:"devices" nullable:"false"`
	Forms     []SurveyReach                `json:"forms" nullable:"false" doc:"How far respondents came in each version of the form, the newest first."`
	Questions []SurveyFigures              `json:"questions" nullable:"false" doc:"Those of the newest form, then those that were asked otherwise before and have answers."`
	Quotas    []SurveyQuota                `json:"quotas" nullable:"false"`
	Contacts  SurveyContacts               `json:"contacts"`
}

// SurveyFlag is how many complete answers have a flag.
type SurveyFlag struct {
	Flag     string `json:"flag"`
	Sentence string `json:"sentence"`
	Number   int    `json:"number"`
}

// SurveyGroup is how many answers came from somewhere.
type SurveyGroup struct {
	Code     string `json:"code" doc:"Of a channel, language or kind of device; empty: the plain link, or not known."`
	Campaign string `json:"campaign" doc:"Of a channel."`
	Started  int    `json:"started"`
	Complete int    `json:"complete"`
}

// SurveyReach is how far respondents came in one version of the form.
type SurveyReach struct {
	FormVersion int                   `json:"form_version"`
	Started     int                   `json:"started"`
	Complete    int                   `json:"complete"`
	Before      int                   `json:"before" doc:"Left without any answer."`
	Questions   []SurveyQuestionReach `json:"questions" nullable:"false"`
}

// SurveyQuestionReach is how many were asked a question, and how many went after it.
type SurveyQuestionReach struct {
	Question string `json:"question"`
	Asked    int    `json:"asked"`
	Answered int    `json:"answered"`
	Last     int    `json:"last" doc:"Answered it, and nothing after it, and did not finish."`
}

// SurveyFigures are the counts of one question.
type SurveyFigures struct {
	Question  string                `json:"question"`
	Version   int                   `json:"version" doc:"Of its trend: answers to another one are not compared."`
	Type      goalpost.QuestionType `json:"type"`
	Wording   string                `json:"wording"`
	Earlier   bool                  `json:"earlier" doc:"It is not asked so any more."`
	All       SurveyCounts          `json:"all"`
	Unflagged SurveyCounts          `json:"unflagged" doc:"Without the answers that stand out."`
}

// SurveyCounts are the counts of the replies to one question.
type SurveyCounts struct {
	Replies int            `json:"replies"`
	Base    int            `json:"base" doc:"Those that say something: without \"don't know\" and what cannot be right."`
	Invalid int            `json:"invalid"`
	Texts   int            `json:"texts"`
	Options []SurveyOption `json:"options" nullable:"false"`
	Grades  []SurveyGrade  `json:"grades" nullable:"false"`
	NPS     *SurveyNPS     `json:"nps,omitempty"`
	Numbers *Quartiles     `json:"numbers,omitempty"`
}

// SurveyOption is how many chose an option.
type SurveyOption struct {
	Option string          `json:"option"`
	Label  string          `json:"label"`
	Count  int             `json:"count"`
	First  int             `json:"first" doc:"In a ranking: how many put it first."`
	Share  *infer.Estimate `json:"share,omitempty" doc:"Of the base; absent where that is small, and for options beside it."`
}

// SurveyGrade is how many gave a grade.
type SurveyGrade struct {
	Grade int             `json:"grade"`
	Label string          `json:"label"`
	Count int             `json:"count"`
	Share *infer.Estimate `json:"share,omitempty"`
}

// SurveyNPS are the three groups of a Net Promoter Score.
type SurveyNPS struct {
	Detractors int `json:"detractors"`
	Passives   int `json:"passives"`
	Promoters  int `json:"promoters"`
}

// Quartiles are the middle and the quarters of numbers.
type Quartiles struct {
	N      int     `json:"n"`
	Lower  float64 `json:"lower"`
	Median float64 `json:"median"`
	Upper  float64 `json:"upper"`
}

// SurveyContacts is how many left an address. The addresses themselves leave by the command
// line alone.
type SurveyContacts struct {
	Results int `json:"results" doc:"Want to be told the results."`
	Prize   int `json:"prize" doc:"Want to win something."`
}

// SurveyResultsOf makes the document of a survey's figures; phase, quotas and contacts are
// as they stand now.
func SurveyResultsOf(say *locale.Printer, o assess.SurveyOverview, r assess.ShownResults, contacts SurveyContacts) SurveyResults {
	lang := string(say.Language())
	d := SurveyResults{Survey: o.ID, Slug: o.Slug, Title: o.Form.Title.In(lang), Phase: o.Phase, Sample: o.Settings.Sample, Kept: r.Kept, States: r.States, Started: r.Started, Complete: r.Complete, Finished: r.Finished, Flagged: r.Flagged,
		Seconds: quartilesOf(r.Seconds), Flags: []SurveyFlag{}, Channels: surveyGroups(r.Channels), Languages: surveyGroups(r.Language), Devices: surveyGroups(r.Device), Forms: []SurveyReach{}, Questions: []SurveyFigures{},
		Quotas: SurveyQuotasOf(o.Quotas), Contacts: contacts}
	if !r.ErasedAt.IsZero() {
		d.ErasedAt = &r.ErasedAt
	}
	for _, f := range r.Flags {
		d.Flags = append(d.Flags, SurveyFlag{f.Flag, say.T("web.surveyanswers.flag." + f.Flag), f.Number})
	}
	for _, f := range r.Forms {
		reach := SurveyReach{FormVersion: f.Version, Started: f.Started, Complete: f.Complete, Before: f.Before, Questions: []SurveyQuestionReach{}}
		for _, q := range f.Questions {
			reach.Questions = append(reach.Questions, SurveyQuestionReach{q.Question.Code, q.Asked, q.Answered, q.Last})
		}
		d.Forms = append(d.Forms, reach)
	}
	for _, q := range r.Questions {
		d.Questions = append(d.Questions, SurveyFigures{Question: q.Question.Code, Version: q.Question.Version, Type: q.Question.Type, Wording: q.Question.Wording.In(lang), Earlier: q.Earlier,
			All: surveyCounts(say, q.Question, q.All), Unflagged: surveyCounts(say, q.Question, q.Unflagged)})
	}
	return d
}

func quartilesOf(q *assess.Quartiles) *Quartiles {
	if q == nil {
		return nil
	}
	return &Quartiles{q.N, q.Lower, q.Median, q.Upper}
}

func surveyGroups(list []assess.AnswerGroup) []SurveyGroup {
	out := []SurveyGroup{}
	for _, g := range list {
		out = append(out, SurveyGroup{g.Code, g.Campaign, g.Started, g.Complete})
	}
	return out
}

func surveyCounts(say *locale.Printer, q goalpost.SurveyQuestion, r assess.ReplyCounts) SurveyCounts {
	c := SurveyCounts{Replies: r.Gave, Base: r.Base, Invalid: r.Invalid, Texts: r.Texts, Options: []SurveyOption{}, Grades: []SurveyGrade{}, Numbers: quartilesOf(r.Numbers)}
	for _, o := range r.Options {
		label := say.Option(o.Option)
		if q.Type == goalpost.ConsentQuestion {
			label = say.T("web.surveyresults.agreed")
		}
		c.Options = append(c.Options, SurveyOption{o.Option.Code, label, o.Count, o.First, o.Share})
	}
	for _, g := range r.Grades {
		label := ""
		if q.Scale != nil {
			label = q.Scale.Grade(g.Grade).In(string(say.Language()))
		}
		c.Grades = append(c.Grades, SurveyGrade{g.Grade, label, g.Count, g.Share})
	}
	if r.NPS != nil {
		c.NPS = &SurveyNPS{r.NPS.Detractors, r.NPS.Passives, r.NPS.Promoters}
	}
	return c
}
