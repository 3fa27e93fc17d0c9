package web

import (
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"

	"goalpost"
	"goalpost/locale"
)

// SurveyPrintPage is a survey on paper.
type SurveyPrintPage struct {
	Page
	TextLang  string // of the survey's own texts
	Asker     string
	Intro     string
	Questions []PrintQuestion
	Link, QR  string
	Online    string
	Languages []LangLink
	Thanks    string
}

// LangLink leads to the page in another language.
type LangLink struct{ Code, Text, Href string }

// PrintQuestion is a question as it is answered with a pen.
type PrintQuestion struct {
	Number  int
	Wording string
	Only    string // of whom it is asked
	Hint    string // how to answer
	Help    string
	Kind    string // boxes, circles, grades, ranks, lines, number
	Grades  []string
	Ends    []string // what the lowest and the highest grade mean
	Options []PrintOption
	Lines   []int
	Unit    string
}

// PrintOption is an answer; Own leaves room for words.
type PrintOption struct {
	Text string
	Own  bool
}

// teamPrint is the questionnaire for the team, also of drafts.
func (s *Server) teamPrint(w http.ResponseWriter, r *http.Request, v visitor) error {
	x, err := s.channelSurvey(r, v)
	if err != nil {
		return err
	}
	base := "/" + langOf(r) + channelsPath(x, "/channels")
	return s.writePrint(w, r, x, v.org.Name, base+"/print", base+"/qr.svg")
}

// writePrint answers with the questionnaire. self and qr are the addresses of the page and
// of QR codes.
func (s *Server) writePrint(w http.ResponseWriter, r *http.Request, x goalpost.Survey, asker, self, qr string) error {
	lang := x.Form.Languages[0]
	if l := r.URL.Query().Get("lang"); slices.Contains(x.Form.Languages, l) {
		lang = l
	}
	p := SurveyPrintPage{Page: s.newPage(r, nil, ""), TextLang: lang, Asker: asker}
	p.Theme, p.lang, p.printer, p.Framed = "", wordsIn(lang), locale.New(locale.Language(wordsIn(lang)), ""), true // without the team's menu
	p.Title, p.Intro = x.Form.Title.In(lang), x.Form.Intro.In(lang)
	p.Thanks = p.T("web.channels.print.thanks." + x.Settings.Address)
	channel := ownChannel(x, goalpost.ChannelPaper)
	p.Link, p.QR = s.linkOf(x, channel), qr
	if channel != "" {
		p.QR += "?channel=" + url.QueryEscape(channel)
	}
	p.Online = p.T("web.channels.print.online." + x.Settings.Address)
	for _, l := range x.Form.Languages {
		if l != lang {
			p.Languages = append(p.Languages, LangLink{Code: l, Text: languageName(l), Href: self + "?lang=" + url.QueryEscape(l)})
		}
	}
	for i, q := range x.Form.Questions {
		p.Questions = append(p.Questions, p.printQuestion(i+1, q, x))
	}
	return s.render(w, http.StatusOK, "surveyprint", p)
}

// printQuestion says how a question is answered on paper.
func (p SurveyPrintPage) printQuestion(number int, q goalpost.SurveyQuestion, x goalpost.Survey) PrintQuestion {
	lang := p.TextLang
	v := PrintQuestion{Number: number, Wording: q.Wording.In(lang), Help: q.Help.In(lang), Unit: q.Unit.In(lang), Only: p.onlyIf(q.ShowIf, x)}
	for _, o := range q.Options {
		v.Options = append(v.Options, PrintOption{Text: o.Label.In(lang), Own: o.Role == goalpost.RoleOther})
	}
	hint := func(key string) string { return p.T("web.channels.print." + key + "." + x.Settings.Address) }
	grades := func(low, high int) {
		v.Kind, v.Hint = "grades", hint("one")
		for g := low; g <= high; g++ {
			v.Grades = append(v.Grades, strconv.Itoa(g))
		}
	}
	switch q.Type {
	case goalpost.SingleChoice:
		v.Kind, v.Hint = "circles", hint("one")
	case goalpost.MultipleChoice:
		v.Kind, v.Hint = "boxes", hint("many")
	case goalpost.RankingQuestion:
		v.Kind, v.Hint = "ranks", hint("rank")
	case goalpost.ConsentQuestion:
		v.Kind, v.Options = "boxes", []PrintOption{{Text: p.T("web.channels.print.agree")}}
	case goalpost.NPSQuestion:
		grades(goalpost.NPSLowest, goalpost.NPSHighest)
		v.Ends = []string{p.T("web.channels.print.nps.low"), p.T("web.channels.print.nps.high")}
	case goalpost.ScaleQuestion:
		grades(q.Scale.Low, q.Scale.High)
		v.scaleWords(*q.Scale, lang)
	case goalpost.NumberQuestion:
		v.Kind = "number"
	default:
		const short, long = 1, 5
		v.Kind, v.Lines = "lines", make([]int, short)
		if q.Long {
			v.Lines = make([]int, long)
		}
	}
	return v
}

// scaleWords puts the words of a scale at its grades or at its ends.
func (v *PrintQuestion) scaleWords(s goalpost.Scale, lang string) {
	switch len(s.Labels) {
	case 0:
	case 2:
		v.Ends = []string{s.Labels[0].In(lang), s.Labels[1].In(lang)}
	default:
		for i := range v.Grades {
			v.Grades[i] += " " + s.Labels[i].In(lang)
		}
	}
}

// onlyIf says of whom a question is asked, in words instead of by showing it.
func (p SurveyPrintPage) onlyIf(c *goalpost.Condition, x goalpost.Survey) string {
	if c == nil || len(c.Rules) == 0 {
		return ""
	}
	var parts []string
	for _, r := range c.Rules {
		parts = append(parts, p.rule(r, x))
	}
	join := "web.channels.print.all"
	if c.Any {
		join = "web.channels.print.any"
	}
	return p.say("web.channels.print.only."+x.Settings.Address, goalpost.TextArg(strings.Join(parts, " "+p.T(join)+" ")))
}

func (p SurveyPrintPage) rule(r goalpost.Rule, x goalpost.Survey) string {
	place := slices.IndexFunc(x.Form.Questions, func(q goalpost.SurveyQuestion) bool { return q.Code == r.Question })
	number := goalpost.PlainArg(place + 1)
	labels := func(codes []string) goalpost.Arg {
		var list []string
		for _, code := range codes {
			text := code
			if o, known := x.Form.Questions[place].Option(code); known {
				text = o.Label.In(p.TextLang)
			}
			list = append(list, p.say("web.channels.print.quoted", goalpost.TextArg(text)))
		}
		return goalpost.TextArg(strings.Join(list, " "+p.T("web.channels.print.any")+" "))
	}
	switch {
	case place < 0:
		return ""
	case len(r.Is) > 0:
		return p.say("web.channels.print.rule.is", number, labels(r.Is))
	case len(r.Not) > 0:
		return p.say("web.channels.print.rule.not", number, labels(r.Not))
	case r.Min != nil && r.Max != nil:
		return p.say("web.channels.print.rule.between", number, goalpost.NumberArg(*r.Min), goalpost.NumberArg(*r.Max))
	case r.Min != nil:
		return p.say("web.channels.print.rule.min", number, goalpost.NumberArg(*r.Min))
	case r.Max != nil:
		return p.say("web.channels.print.rule.max", number, goalpost.NumberArg(*r.Max))
	}
	return p.say("web.channels.print.rule.answered", number)
}
