package web

import (
	"net/http"
	"strings"

	"goalpost"
	"goalpost/assess"
)

// QuotaLine is how far one quota is filled.
type QuotaLine struct {
	Question, Option, Taken, Limit, State string
	Full                                  bool
}

// quotas shows the quotas of a survey with how far they are filled.
func (s *Server) quotas(r *http.Request, f *SurveyFigures, a *assess.AskedSurvey) error {
	list, err := assess.QuotaCounts(r.Context(), s.DB, a.Org, a.Survey)
	if err != nil {
		return err
	}
	for _, c := range list {
		q, _ := a.Survey.Form.Question(c.Question)
		o, _ := q.Option(c.Option)
		line := QuotaLine{Question: q.Wording.In(f.lang), Option: o.Label.In(f.lang), Taken: f.printer.Number(float64(c.Complete)), Limit: f.printer.Number(float64(c.Limit)), Full: c.Full(),
			State: f.T("web.surveyquota.full")}
		if !line.Full {
			line.State = f.say("web.surveyquota.left", goalpost.NumberArg(float64(c.Left())))
		}
		f.Quotas = append(f.Quotas, line)
	}
	return nil
}

// taken says how far a quota is filled.
func (p Page) taken(c goalpost.QuotaCount) string {
	key := "web.surveyquota.row"
	if c.Full() {
		key = "web.surveyquota.row.full"
	}
	return p.say(key, goalpost.NumberArg(float64(c.Complete)), goalpost.NumberArg(float64(c.Limit)))
}

// overQuota says why an answer does not count that came when enough had answered: which of
// the groups that it belongs to are full.
func (s *Server) overQuota(r *http.Request, p RespondentPage, a *assess.AskedSurvey, form goalpost.Form, x goalpost.Answer) (string, error) {
	full, err := a.FullQuotas(r.Context(), s.DB, x)
	if err != nil || len(full) == 0 {
		return p.T("web.surveypage.state." + string(x.State)), err
	}
	var groups []string
	for _, quota := range full {
		q, _ := form.Question(quota.Question)
		o, _ := q.Option(quota.Option)
		groups = append(groups, p.say("web.surveyquota.said", goalpost.TextArg(p.said(o.Label).Text)))
	}
	return p.say("web.surveyquota.over", goalpost.TextArg(strings.Join(groups, ", ")), goalpost.NumberArg(float64(len(groups)))), nil
}
