package web

import (
	"net/http"
	"slices"

	"goalpost"
)

// SurveyVersionsPage shows what changed from version to version.
type SurveyVersionsPage struct {
	Page
	Head     SurveyHead
	Versions []VersionLine
}

// VersionLine is one version of a form.
type VersionLine struct {
	Title, When string
	First       bool
	Changes     []TrendLine
}

// surveyVersions lists the versions of a form, newest first.
func (s *Server) surveyVersions(w http.ResponseWriter, r *http.Request, v visitor) error {
	e, err := s.editedSurvey(r, v)
	if err != nil {
		return err
	}
	p := SurveyVersionsPage{Page: s.newPage(r, &v, "")}
	p.Head = s.surveyHead(p.Page, v, e, "versions")
	p.Title = p.say("web.survey-versions.title", goalpost.TextArg(p.Head.Name))
	for i, f := range e.Forms {
		line := VersionLine{Title: p.say("web.survey-versions.version", goalpost.PlainArg(f.Version)), First: i == 0,
			When: p.say("web.surveys.changed-by", goalpost.TextArg(p.printer.Time(f.At, v.org.Zone())), goalpost.TextArg(f.By))}
		for _, t := range e.VersionTrends(i) {
			line.Changes = append(line.Changes, p.trendLine(e, t))
		}
		p.Versions = append(p.Versions, line)
	}
	slices.Reverse(p.Versions)
	return s.render(w, http.StatusOK, "surveyversions", p)
}
