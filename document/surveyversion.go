package document

import (
	"slices"
	"time"

	"goalpost"
	"goalpost/assess"
	"goalpost/locale"
)

// SurveyVersions are all versions of a survey's form, the newest first.
type SurveyVersions struct {
	Survey         goalpost.SurveyID `json:"survey"`
	Slug           string            `json:"slug"`
	FormVersion    int               `json:"form_version"`
	SettingVersion int               `json:"setting_version" doc:"Each from 1 to this one can be read."`
	Waiting        bool              `json:"waiting" doc:"A changed form waits to be published on the page."`
	Versions       []SurveyVersion   `json:"versions" nullable:"false"`
}

// SurveyVersion is a version of a form.
type SurveyVersion struct {
	FormVersion int           `json:"form_version"`
	At          time.Time     `json:"at"`
	By          string        `json:"by"`
	Trends      []SurveyTrend `json:"trends" nullable:"false" doc:"What it did to the trends of questions."`
	Form        goalpost.Form `json:"form"`
}

// SurveyVersionsOf makes the document of a form's versions.
func SurveyVersionsOf(say *locale.Printer, e assess.EditedSurvey) SurveyVersions {
	d := SurveyVersions{Survey: e.ID, Slug: e.Slug, FormVersion: e.FormVersion, SettingVersion: e.SettingVersion, Waiting: e.Waiting, Versions: []SurveyVersion{}}
	for i, f := range e.Forms {
		d.Versions = append(d.Versions, SurveyVersion{f.Version, f.At, f.By, SurveyTrendsOf(say, e.VersionTrends(i)), formOf(f.Form)})
	}
	slices.Reverse(d.Versions)
	return d
}

// formOf is a form whose questions all have a list of options.
func formOf(f goalpost.Form) goalpost.Form {
	f.Questions = slices.Clone(f.Questions)
	for i := range f.Questions {
		f.Questions[i].Options = OrEmpty(f.Questions[i].Options)
	}
	return f
}

// SurveySettingVersion is a version of how a survey runs.
type SurveySettingVersion struct {
	Survey         goalpost.SurveyID       `json:"survey"`
	SettingVersion int                     `json:"setting_version"`
	Settings       goalpost.SurveySettings `json:"settings"`
}

// SurveyLinks is how a survey gets to its respondents.
type SurveyLinks struct {
	Survey   goalpost.SurveyID `json:"survey"`
	Slug     string            `json:"slug"`
	Plain    SurveyLink        `json:"plain" doc:"The link that names no channel."`
	Channels []SurveyLink      `json:"channels" nullable:"false"`
	Image    string            `json:"image" doc:"Address of the picture that networks show beside the link."`
	Print    string            `json:"print" doc:"Address of the questionnaire on paper."`
	Embed    string            `json:"embed" doc:"What a page puts into its HTML; empty where no site may show the survey."`
}

// SurveyLink is one link with what belongs to it. The pictures are there from the day on
// which the survey is opened.
type SurveyLink struct {
	Channel  string            `json:"channel"`
	Network  goalpost.Network  `json:"network"`
	Campaign string            `json:"campaign"`
	Link     string            `json:"link"`
	QRSVG    string            `json:"qr_svg" doc:"Address of the QR code."`
	QRPNG    string            `json:"qr_png"`
	Texts    map[string]string `json:"texts" nullable:"false" doc:"What to post there, by language."`
}
