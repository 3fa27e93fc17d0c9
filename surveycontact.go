package goalpost

// SurveyContact is the e-mail address of a respondent who wants to be told the results, or
// to win something. In anonymous surveys nothing leads from it to an answer.
type SurveyContact struct {
	ID             string // random
	Survey         SurveyID
	Answer         string // id of the answer; empty in anonymous surveys
	Email          PrivateEmail
	Results        bool
	Prize          bool
	SettingVersion int // of the settings: whose text was agreed to
	Day            Day // no time, which would tell whose answer it is
}
