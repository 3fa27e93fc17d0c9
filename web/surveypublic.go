package web

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"net/http"
	"strconv"
	"strings"
	"time"

	"goalpost"
	"goalpost/assess"
	"goalpost/chart"
)

// publishEvery is how often is looked whether public figures have enough new answers.
const publishEvery = 15 * time.Second

// publicAge is how long others may keep the public figures, in seconds.
const publicAge = "public, max-age=60"

// publicWidth is that of charts on pages for respondents, whose column is narrow, in pixels.
const publicWidth = 620

// SurveyPublicPage is what anybody may see of a survey.
type SurveyPublicPage struct {
	RespondentPage
	Soon      string // while there is nothing yet
	Sentence  string
	Notes     []string
	Questions []PublicQuestionView
	Answer    string // address of the survey while it takes answers
}

// PublicQuestionView is one question with closed answers.
type PublicQuestionView struct {
	Wording SaidText
	Note    string
	NPS     string
	Figure  FigureView
	Rows    []PublicLine
}

// PublicLine is one answer.
type PublicLine struct {
	Label        SaidText
	Share, Range string
	Muted        bool
}

// surveyPublic shows the public results. They move in steps, and who asks for them changes
// nothing.
func (s *Server) surveyPublic(w http.ResponseWriter, r *http.Request) error {
	a, err := s.askedSurvey(r, r.PathValue("slug"))
	if err != nil {
		return err
	}
	if !a.Survey.Settings.PublicResults {
		return notFound()
	}
	form, _ := a.Form(a.Survey.FormVersion)
	p := SurveyPublicPage{RespondentPage: s.newRespondentPage(r, a, form, surveyLanguage(r, form, ""))}
	p.choices(form, func(lang string) string { return p.hereIn(r, lang) })
	p.Title = p.T("surveypublic.title") + " – " + p.Survey.Text
	results, kept, ok, err := assess.PublicResultsOf(r.Context(), s.DB, a.Org, a.Survey.ID)
	if err != nil {
		return err
	}
	phase, err := a.Phase(r.Context(), s.DB, s.Now())
	if err != nil {
		return err
	}
	if phase == goalpost.PhaseOpen && !a.Survey.Settings.Invited {
		p.Answer = p.In("")
	}
	h := w.Header()
	h.Set("Cache-Control", publicAge)
	h.Add("Vary", "Accept-Language")
	sum := sha256.Sum256([]byte(strings.Join([]string{strconv.Itoa(kept.Step), strconv.FormatInt(a.Survey.Revision, 10), string(phase), p.FormLang, r.URL.Path, s.assets.path("app.css")}, " ")))
	tag := `"` + hex.EncodeToString(sum[:12]) + `"`
	h.Set("ETag", tag)
	if r.Header.Get("If-None-Match") == tag {
		w.WriteHeader(http.StatusNotModified)
		return nil
	}
	if !ok {
		p.Soon = p.T("surveypublic.soon")
		return s.renderIn(w, http.StatusOK, "respondents", "surveypublic", p)
	}
	p.public(a, results)
	return s.renderIn(w, http.StatusOK, "respondents", "surveypublic", p)
}

// public writes the figures of the last step.
func (p *SurveyPublicPage) public(a *assess.AskedSurvey, x assess.PublicShares) {
	p.Sentence = p.say("surveypublic.sentence", goalpost.NumberArg(float64(x.N)))
	asked := a.Survey
	asked.Settings.Sample = x.Sample
	for _, n := range assess.SampleNotes(asked, x.N) {
		p.Notes = append(p.Notes, p.printer.Note(n))
	}
	if x.Weighted {
		p.Notes = append(p.Notes, p.T("surveypublic.weighted"))
	}
	p.Notes = append(p.Notes, p.T("surveypublic.steps"))
	exact := assess.ReadSample(asked, x.N).Exact
	for i, q := range x.Questions {
		v := PublicQuestionView{Wording: p.said(q.Question.Wording), Note: p.say("surveypublic.base", goalpost.NumberArg(float64(q.Base)))}
		if len(q.Rows) == 0 {
			v.Note = p.T("surveypublic.few")
			p.Questions = append(p.Questions, v)
			continue
		}
		if q.NPS != nil {
			v.NPS = p.say("surveyshare.nps", goalpost.TextArg(p.printer.Decimal(q.NPS.Value, 0)), goalpost.TextArg(p.say("surveyshare.span", goalpost.TextArg(p.printer.Decimal(q.NPS.Lo, 0)), goalpost.TextArg(p.printer.Decimal(q.NPS.Hi, 0)))))
		}
		shown := false
		for _, row := range q.Rows {
			l := PublicLine{Label: p.publicLabel(q.Question, row), Share: p.T("surveypublic.state." + string(row.State)), Muted: true}
			if row.State == assess.PublicShown {
				l.Share, l.Muted, shown = p.printer.PercentDecimals(row.Share, 0), false, true
				if !exact {
					l.Range = p.limits(row.Lo, row.Hi)
				}
			}
			v.Rows = append(v.Rows, l)
		}
		if shown {
			id := "public-" + strconv.Itoa(i+1)
			wide, narrow := p.publicScene(q, v, publicWidth, exact), p.publicScene(q, v, chart.Narrow, exact)
			v.Figure = FigureView{Title: wide.Title, Wide: inline(wide, id, false), Narrow: inline(narrow, id, true)}
		}
		p.Questions = append(p.Questions, v)
	}
}

// publicLabel is the name of an answer, in the language of the respondent.
func (p SurveyPublicPage) publicLabel(q goalpost.SurveyQuestion, row assess.PublicRow) SaidText {
	switch {
	case row.Grade != nil:
		text := strconv.Itoa(*row.Grade)
		if q.Scale != nil {
			if word := p.said(q.Scale.Grade(*row.Grade)); word.Text != "" {
				return SaidText{Text: text + " – " + word.Text, Lang: word.Lang}
			}
		}
		return SaidText{Text: text}
	case row.Item.Code != "":
		return p.said(row.Item.Label)
	}
	return p.own("web.surveyresults.nps." + row.Key)
}

// publicScene draws what is shown of a question.
func (p SurveyPublicPage) publicScene(q assess.PublicQuestion, v PublicQuestionView, width float64, exact bool) chart.Scene {
	d := chart.SharesData{Title: v.Wording.Text, Percent: p.printer.Percent, Moments: []chart.Moment{{Class: chart.Dot}}}
	if !exact {
		d.Level = p.T("surveyshare.level")
	}
	var said []string
	for i, row := range q.Rows {
		x := chart.ShareRow{Label: v.Rows[i].Label.Text, Marks: make([]chart.ShareMark, 1), Note: v.Rows[i].Share}
		if row.State == assess.PublicShown {
			x.Marks[0] = chart.ShareMark{Has: true, Value: row.Share, Lo: row.Lo, Hi: row.Hi, HasRange: !exact, Note: v.Rows[i].Share}
		}
		said = append(said, strings.TrimSpace(x.Label+": "+v.Rows[i].Share+" "+v.Rows[i].Range))
		d.Rows = append(d.Rows, x)
	}
	d.Desc = strings.Join(said, "; ")
	return chart.DrawShares(d, width)
}

// publishResults moves public figures as answers come. A survey with very many answers takes
// long to work out: the longer it took, the longer it rests.
func (s *Server) publishResults() {
	tick := time.NewTicker(publishEvery)
	defer tick.Stop()
	var rest time.Time
	for {
		now := s.Now()
		if !now.Before(rest) {
			s.publishOnce(s.running)
			end := s.Now()
			rest = end.Add(min(shareRest*end.Sub(now), time.Hour))
		}
		select {
		case <-s.running.Done():
			return
		case <-tick.C:
		}
	}
}

func (s *Server) publishOnce(ctx context.Context) {
	orgs, err := s.DB.Organisations(ctx)
	for _, org := range orgs {
		if _, err = assess.PublishResults(ctx, s.DB, org.ID, s.Now()); err != nil {
			break
		}
	}
	if err != nil && ctx.Err() == nil {
		s.Log.ErrorContext(ctx, "public results of surveys are not brought up to date", "err", err)
	}
}
