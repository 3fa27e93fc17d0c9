package web

import (
	"net/http"
	"slices"
	"strconv"
	"strings"
	"time"

	"goalpost"
	"goalpost/assess"
)

// Attempts that one client has to name a receipt.
const (
	receiptAttempts = 20
	receiptWindow   = time.Minute
)

// SurveyReceiptPage lets a respondent see the own answers and delete them, by the receipt
// alone.
type SurveyReceiptPage struct {
	RespondentPage
	Receipt string
	Answers []AnsweredView
	Given   string // the day
	Found   bool
	Sure    bool // it is asked whether to delete
	Gone    bool
}

// AnsweredView is what was answered to one question.
type AnsweredView struct {
	Question SaidText
	Replies  []SaidText
}

func (s *Server) receiptPage(w http.ResponseWriter, r *http.Request) (*assess.AskedSurvey, SurveyReceiptPage, error) {
	secretPage(w)
	a, err := s.askedSurvey(r, r.PathValue("slug"))
	if err != nil {
		return nil, SurveyReceiptPage{}, err
	}
	form, _ := a.Form(a.Survey.FormVersion)
	p := SurveyReceiptPage{RespondentPage: s.newRespondentPage(r, a, form, surveyLanguage(r, form, ""))}
	p.Title = p.A("web.surveypage.receipt.title.")
	return a, p, nil
}

// receiptForm asks for a receipt. It never stands in an address.
func (s *Server) receiptForm(w http.ResponseWriter, r *http.Request) error {
	a, p, err := s.receiptPage(w, r)
	if err != nil {
		return err
	}
	p.choices(a.Survey.Form, func(lang string) string { return p.hereIn(r, lang) })
	return s.renderIn(w, http.StatusOK, "respondents", "surveyreceipt", p)
}

// receipt shows the answers of a receipt, asks whether they are to be deleted, and deletes
// them.
func (s *Server) receipt(w http.ResponseWriter, r *http.Request) error {
	a, p, err := s.receiptPage(w, r)
	if err != nil {
		return err
	}
	if err := parseForm(r); err != nil {
		return err
	}
	p.Receipt = strings.TrimSpace(r.PostForm.Get("receipt"))
	x, err := a.AnswerOfReceipt(r.Context(), s.DB, p.Receipt)
	if goalpost.IsKind(err, goalpost.NotFound) {
		p.Problems = append(p.Problems, Problem{Field: "receipt", Text: p.printer.Error(err)})
		return s.renderIn(w, http.StatusUnprocessableEntity, "respondents", "surveyreceipt", p)
	}
	if err != nil {
		return err
	}
	p.Found, p.Receipt = true, a.Receipt(x.ID)
	switch r.PostForm.Get("do") {
	case "delete":
		p.Sure = true
	case "sure":
		if err := a.EraseAnswer(r.Context(), s.DB, x.ID); err != nil && !goalpost.IsKind(err, goalpost.NotFound) {
			return err
		}
		p.Gone = true
		return s.renderIn(w, http.StatusOK, "respondents", "surveyreceipt", p)
	}
	form, _ := a.Form(x.Version)
	p.Given = p.printer.Arg(goalpost.DayArg(goalpost.DayOf(x.BegunAt, a.Zone)))
	if a.Survey.Settings.Anonymous { // only the day is kept, in world time
		p.Given = p.printer.Arg(goalpost.DayArg(goalpost.DayOf(x.BegunAt, time.UTC)))
	}
	for _, q := range form.Questions {
		if reply, there := x.Replies[q.Code]; there {
			p.Answers = append(p.Answers, AnsweredView{Question: p.said(q.Wording), Replies: p.replyTexts(q, reply)})
		}
	}
	return s.renderIn(w, http.StatusOK, "respondents", "surveyreceipt", p)
}

// replyTexts writes what was answered as its author would read it.
func (p RespondentPage) replyTexts(q goalpost.SurveyQuestion, r goalpost.QuestionReply) []SaidText {
	var list []SaidText
	for n, c := range r.Choices {
		o, known := q.Option(c)
		text := SaidText{Text: c}
		switch {
		case known:
			text = p.said(o.Label)
		case q.Type == goalpost.ConsentQuestion:
			text = p.own("web.surveypage.agreed")
		}
		if q.Type == goalpost.RankingQuestion && !o.Role.Alone() {
			text.Text = strconv.Itoa(n+1) + ". " + text.Text
		}
		list = append(list, text)
	}
	if r.Number != nil {
		text := SaidText{Text: p.printer.Number(*r.Number) + unitAfter(p.said(q.Unit).Text)}
		if q.Scale != nil && *r.Number == float64(int(*r.Number)) {
			if grade := p.said(q.Scale.Grade(int(*r.Number))); grade.Text != "" {
				text.Text += " (" + grade.Text + ")"
			}
		}
		list = append(list, text)
	}
	if r.Text != "" {
		list = append(list, SaidText{Text: r.Text})
	}
	return slices.Clip(list)
}

func unitAfter(unit string) string {
	if unit == "" {
		return ""
	}
	return " " + unit
}
