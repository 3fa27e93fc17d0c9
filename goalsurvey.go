package goalpost

import (
	"reflect"
	"slices"
)

// GoalSurvey says in which question the KPI of a goal is asked, and what of the answers is
// the KPI.
type GoalSurvey struct {
	Survey SurveyID `json:"survey,omitempty"` // one survey, or
	Study  string   `json:"study,omitempty"`  // every survey that is a wave of this study
	// Question is its code, empty for the understanding score, which is about a whole survey.
	Question string `json:"question,omitempty"`
	// Trend is the version that the question had: answers to another one are not comparable.
	Trend     int              `json:"trend,omitempty"`
	Statistic SurveyStatistic  `json:"statistic"`
	Options   []string         `json:"options,omitempty"` // whoever chose one of them counts
	Exposed   *RespondentGroup `json:"exposed,omitempty"` // of a lift: who saw what was done
	Control   *RespondentGroup `json:"control,omitempty"` // and who did not
}

// Same reports whether two say the same.
func (s *GoalSurvey) Same(o *GoalSurvey) bool { return reflect.DeepEqual(s, o) }

// RespondentGroup is a part of the respondents: who came by a channel, or who chose an
// option of another question.
type RespondentGroup struct {
	Channel  string `json:"channel,omitempty"`
	Question string `json:"question,omitempty"`
	Option   string `json:"option,omitempty"`
}

// SurveyStatistic is what is made of the answers to a question.
type SurveyStatistic string

// Statistics of answers.
const (
	StatisticShare         SurveyStatistic = "share"         // who chose one of some options
	StatisticTopTwo        SurveyStatistic = "top2"          // the two best grades of a scale
	StatisticMean          SurveyStatistic = "mean"          // mean grade, as part of the way from the lowest to the highest
	StatisticNPS           SurveyStatistic = "nps"           // net promoter score
	StatisticLift          SurveyStatistic = "lift"          // share among the exposed less that in the control group
	StatisticUnderstanding SurveyStatistic = "understanding" // beliefs of the team against answers
)

// csatGrades is how many grades a CSAT question has.
const csatGrades = 5

// SurveyStatistics returns by what a KPI can be measured, the usual one first; nil for one
// that no survey can show.
func (k KPI) SurveyStatistics() []SurveyStatistic {
	switch {
	case !k.FromSurvey:
		return nil
	case k.Code == "csat":
		return []SurveyStatistic{StatisticTopTwo}
	case k.Code == "nps":
		return []SurveyStatistic{StatisticNPS}
	case k.Code == "brand_lift":
		return []SurveyStatistic{StatisticLift}
	case k.Code == "understanding_score":
		return []SurveyStatistic{StatisticUnderstanding}
	case k.Code == "reputation_score", k.Code == "product_satisfaction":
		return []SurveyStatistic{StatisticTopTwo, StatisticShare, StatisticMean}
	}
	return []SurveyStatistic{StatisticShare}
}

// SurveyStatistic returns what a KPI is made of in a question: the one that was asked for,
// or the usual one where none was. ok is false where the question cannot show the KPI.
func (k KPI) SurveyStatistic(q SurveyQuestion, wanted SurveyStatistic) (s SurveyStatistic, ok bool) {
	for _, s := range k.SurveyStatistics() {
		if (wanted == "" || wanted == s) && k.shownBy(q, s) {
			return s, true
		}
	}
	return "", false
}

func (k KPI) shownBy(q SurveyQuestion, s SurveyStatistic) bool {
	options := q.Type == SingleChoice || q.Type == MultipleChoice
	scale := q.Type == ScaleQuestion && q.Scale != nil && q.Scale.High-q.Scale.Low+1 >= csatGrades
	switch s {
	case StatisticShare:
		return options
	case StatisticTopTwo:
		return scale && (k.Code != "csat" || q.Scale.High-q.Scale.Low+1 == csatGrades)
	case StatisticMean:
		return q.Type == ScaleQuestion && q.Scale != nil
	case StatisticNPS:
		return q.Type == NPSQuestion
	case StatisticLift:
		return options || scale
	default:
		return false // it is about no single question
	}
}

// CountingOptions returns the options of a question whose share can be a KPI: "don't know"
// is not part of any share.
func (q SurveyQuestion) CountingOptions() []Item {
	return slices.DeleteFunc(slices.Clone(q.Options), func(o Item) bool { return o.Role == RoleDontKnow || o.Role == RoleNoOpinion })
}
