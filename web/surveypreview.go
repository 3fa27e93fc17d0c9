package web

import (
	"net/http"
	"slices"
	"strconv"

	"goalpost"
)

// SurveyPreviewPage shows the form as on a phone and as on a desk.
type SurveyPreviewPage struct {
	Page
	Head      SurveyHead
	Forms     []Option // address by language
	Frame     string
	Languages []MenuItem
}

// surveyPreview shows the form in frames of both widths.
func (s *Server) surveyPreview(w http.ResponseWriter, r *http.Request, v visitor) error {
	e, err := s.editedSurvey(r, v)
	if err != nil {
		return err
	}
	p := SurveyPreviewPage{Page: s.newPage(r, &v, "")}
	p.Head = s.surveyHead(p.Page, v, e, "preview")
	p.Title = p.say("web.survey-preview.title", goalpost.TextArg(p.Head.Name))
	chosen := previewLanguage(r, e.Form)
	p.Frame = p.Head.Self + "/preview/form?in=" + chosen
	for _, l := range e.Form.Languages {
		m := MenuItem{Href: p.Head.Self + "/preview?in=" + l, Text: p.languageName(l)}
		if l == chosen {
			m.Current = "true"
		}
		p.Languages = append(p.Languages, m)
	}
	w.Header().Set("Content-Security-Policy", contentSecurityPolicy+"; frame-src 'self'")
	return s.render(w, http.StatusOK, "surveypreview", p)
}

// previewLanguage is the language that was asked for, that of the page, or the form's
// first.
func previewLanguage(r *http.Request, f goalpost.Form) string {
	for _, l := range []string{r.URL.Query().Get("in"), langOf(r)} {
		if slices.Contains(f.Languages, l) {
			return l
		}
	}
	return f.Languages[0]
}

// PreviewFormPage is the form inside a frame; it sends nothing.
type PreviewFormPage struct {
	Page
	Name, Intro, Length string
	In                  string // language
	Pages               []PreviewPart
}

// PreviewPart is a page of the form.
type PreviewPart struct {
	Title     string
	Questions []PreviewQuestion
}

// PreviewQuestion is a question as respondents see it.
type PreviewQuestion struct {
	ID, Wording, Help, When string
	Required, Long          bool
	Kind                    string // one, many, text, number, rank, consent
	Options                 []string
	Low, High               string // words at the ends of a scale
	Unit                    string
}

// surveyPreviewForm shows the form that is being worked on, to be seen inside a frame.
func (s *Server) surveyPreviewForm(w http.ResponseWriter, r *http.Request, v visitor) error {
	e, err := s.editedSurvey(r, v)
	if err != nil {
		return err
	}
	p := PreviewFormPage{Page: s.newPage(r, nil, ""), In: previewLanguage(r, e.Form)}
	p.Framed, p.Simulated, p.Unsettled = true, false, false
	f := e.Form
	p.Name, p.Intro = f.Title.In(p.In), f.Intro.In(p.In)
	p.Title = p.Name
	p.Length = p.say("web.survey.size", goalpost.NumberArg(float64(len(f.Questions))), goalpost.NumberArg(float64(f.Minutes(p.In))))
	pages := f.Pages()
	for n, places := range pages {
		part := PreviewPart{}
		if len(pages) > 1 {
			part.Title = p.say("web.survey-preview.page", goalpost.PlainArg(n+1), goalpost.PlainArg(len(pages)))
		}
		for _, i := range places {
			part.Questions = append(part.Questions, p.previewQuestion(f, f.Questions[i]))
		}
		p.Pages = append(p.Pages, part)
	}
	h := w.Header()
	h.Set("Content-Security-Policy", framedHere)
	h.Set("X-Frame-Options", "SAMEORIGIN")
	return s.render(w, http.StatusOK, "surveypreviewform", p)
}

// framedHere lets a page be shown inside one of our own.
const framedHere = "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; form-action 'none'; base-uri 'none'; frame-ancestors 'self'"

func (p PreviewFormPage) previewQuestion(f goalpost.Form, q goalpost.SurveyQuestion) PreviewQuestion {
	x := PreviewQuestion{ID: q.Code, Wording: q.Wording.In(p.In), Help: q.Help.In(p.In), Required: q.Required, Long: q.Long, Kind: "one", Unit: q.Unit.In(p.In)}
	if q.ShowIf != nil {
		x.When = p.conditionText(f, *q.ShowIf)
	}
	low, high := 0, -1
	switch q.Type {
	case goalpost.MultipleChoice:
		x.Kind = "many"
	case goalpost.TextQuestion:
		x.Kind = "text"
	case goalpost.NumberQuestion:
		x.Kind = "number"
	case goalpost.RankingQuestion:
		x.Kind = "rank"
	case goalpost.ConsentQuestion:
		x.Kind, x.Options = "many", []string{p.T("web.survey.agreed")}
	case goalpost.NPSQuestion:
		low, high = goalpost.NPSLowest, goalpost.NPSHighest
		x.Kind = "grades"
	case goalpost.ScaleQuestion:
		low, high = q.Scale.Low, q.Scale.High
		x.Kind = "grades"
	default:
	}
	for g := low; g <= high; g++ {
		text := strconv.Itoa(g)
		if q.Scale != nil && len(q.Scale.Labels) > 0 {
			if label := q.Scale.Grade(g).In(p.In); label != "" {
				text += " – " + label
			}
		}
		x.Options = append(x.Options, text)
	}
	for _, o := range q.Options {
		x.Options = append(x.Options, o.Label.In(p.In))
	}
	return x
}
