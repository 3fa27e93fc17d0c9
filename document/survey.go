package document

import (
	"slices"
	"time"

	"goalpost"
	"goalpost/assess"
	"goalpost/locale"
)

// Surveys are all surveys.
type Surveys struct {
	Surveys []SurveyEntry `json:"surveys"`
}

// SurveyEntry is a survey in the list.
type SurveyEntry struct {
	Survey      goalpost.SurveyID    `json:"survey"`
	Slug        string               `json:"slug"`
	Title       string               `json:"title"`
	State       goalpost.SurveyState `json:"state"`
	Phase       goalpost.SurveyPhase `json:"phase"`
	Complete    int                  `json:"complete"`
	Questions   int                  `json:"questions"`
	Languages   []string             `json:"languages"`
	FormVersion int                  `json:"form_version"`
	Revision    int64                `json:"revision"`
	CreatedAt   time.Time            `json:"created_at"`
	By          string               `json:"by"`
}

// Survey is a survey in full.
type Survey struct {
	SurveyEntry
	Form           goalpost.Form           `json:"form"`
	Settings       goalpost.SurveySettings `json:"settings"`
	SettingVersion int                     `json:"setting_version"`
	Answered       bool                    `json:"answered"`
	Minutes        int                     `json:"minutes"`
	Quotas         []SurveyQuota           `json:"quotas"`
	Missing        map[string][]string     `json:"missing"` // fields without a text, by language
}

// SurveyQuota is a quota with how far it is filled.
type SurveyQuota struct {
	goalpost.QuotaCount
	Full bool `json:"full"`
}

// SurveyQuotasOf says how far quotas are filled.
func SurveyQuotasOf(list []goalpost.QuotaCount) []SurveyQuota {
	out := []SurveyQuota{}
	for _, q := range list {
		out = append(out, SurveyQuota{q, q.Full()})
	}
	return out
}

// SurveyEntryOf makes the entry of a survey.
func SurveyEntryOf(say *locale.Printer, o assess.SurveyOverview) SurveyEntry {
	return SurveyEntry{Survey: o.ID, Slug: o.Slug, Title: o.Form.Title.In(string(say.Language())), State: o.State, Phase: o.Phase, Complete: o.Complete, Questions: len(o.Form.Questions), Languages: OrEmpty(o.Form.Languages),
		FormVersion: o.FormVersion, Revision: o.Revision, CreatedAt: o.CreatedAt, By: o.By}
}

// SurveysOf makes the list of surveys.
func SurveysOf(say *locale.Printer, list []assess.SurveyOverview) Surveys {
	d := Surveys{Surveys: []SurveyEntry{}}
	for _, o := range list {
		d.Surveys = append(d.Surveys, SurveyEntryOf(say, o))
	}
	return d
}

// SurveyOf makes the document of a survey.
func SurveyOf(say *locale.Printer, o assess.SurveyOverview) Survey {
	d := Survey{SurveyEntry: SurveyEntryOf(say, o), Form: o.Form, Settings: o.Settings, SettingVersion: o.SettingVersion, Answered: o.Answered, Minutes: o.Form.Minutes(string(say.Language())), Missing: o.Form.Missing(), Quotas: SurveyQuotasOf(o.Quotas)}
	d.Form.Questions = slices.Clone(d.Form.Questions)
	for i := range d.Form.Questions {
		d.Form.Questions[i].Options = OrEmpty(d.Form.Questions[i].Options)
	}
	return d
}

// SurveyChange is what became of a survey that was to change.
type SurveyChange struct {
	Survey     Survey        `json:"survey"`
	Created    bool          `json:"created"`
	Changed    bool          `json:"changed"`
	NewVersion bool          `json:"new_version"`
	Trends     []SurveyTrend `json:"trends"`
}

// SurveyTrend is what becomes of the trend of one question.
type SurveyTrend struct {
	assess.SurveyTrend
	Sentence string `json:"sentence"`
}

// SurveyTrendsOf says what becomes of trends.
func SurveyTrendsOf(say *locale.Printer, list []assess.SurveyTrend) []SurveyTrend {
	out := []SurveyTrend{}
	for _, t := range list {
		sentence := say.T("survey.trend."+t.Trend, goalpost.TextArg(t.Question))
		for _, c := range t.Changes {
			sentence += " " + say.T("survey.change."+c)
		}
		out = append(out, SurveyTrend{t, sentence})
	}
	return out
}

// SurveyAnswers are answers to a survey, with where to go on reading.
type SurveyAnswers struct {
	Survey  goalpost.SurveyID `json:"survey"`
	Slug    string            `json:"slug"`
	Answers []SurveyAnswer    `json:"answers"`
	Next    int64             `json:"next"` // since which change to ask for more
	More    bool              `json:"more"` // there are more already
}

// SurveyAnswer is what one respondent answered.
type SurveyAnswer struct {
	Answer      string                            `json:"answer"`
	Number      int64                             `json:"number"` // in the order in which they were begun
	Change      int64                             `json:"change"`
	State       goalpost.AnswerState              `json:"state"`
	FormVersion int                               `json:"form_version"`
	Replies     map[string]goalpost.QuestionReply `json:"replies"`
	Channel     string                            `json:"channel"`
	Campaign    string                            `json:"campaign"`
	Language    string                            `json:"language"`
	Device      goalpost.DeviceClass              `json:"device"`
	BegunAt     time.Time                         `json:"begun_at"`
	ChangedAt   time.Time                         `json:"changed_at"`
	Seconds     *int                              `json:"seconds"` // nil: not known
	Flags       []string                          `json:"flags"`
}

// SurveyAnswersOf makes the document of answers. After all of them were read, next is the
// highest change.
func SurveyAnswersOf(s goalpost.Survey, list []goalpost.Answer, since int64, more bool) SurveyAnswers {
	d := SurveyAnswers{Survey: s.ID, Slug: s.Slug, Answers: []SurveyAnswer{}, Next: since, More: more}
	for _, a := range list {
		e := SurveyAnswer{Answer: a.ID, Number: a.Seq, Change: a.Change, State: a.State, FormVersion: a.Version, Replies: a.Replies, Channel: a.Channel, Campaign: a.Campaign, Language: a.Language, Device: a.Device, BegunAt: a.BegunAt,
			ChangedAt: a.ChangedAt, Flags: OrEmpty(a.Flags)}
		if e.Replies == nil {
			e.Replies = map[string]goalpost.QuestionReply{}
		}
		if a.Seconds > 0 {
			e.Seconds = &a.Seconds
		}
		d.Answers = append(d.Answers, e)
		d.Next = max(d.Next, a.Change)
	}
	return d
}
