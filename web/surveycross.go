package web

import (
	"net/url"
	"slices"
	"strconv"

	"goalpost"
	"goalpost/assess"
)

// CrossView is a question in groups of respondents.
type CrossView struct {
	Title    string
	Region   string // names the table among those of the page
	Sentence string
	Option   string // what the rows are
	Base     string
	Columns  []string
	Bases    []CrossText
	Rows     []CrossLine
	Letters  string // what letters mean; empty where there are none
}

// CrossLine is one answer in all groups.
type CrossLine struct {
	Label string
	Note  string // what is said of it alone
	Cells []CrossText
}

// CrossText is the share in one group; Head repeats the group's name on narrow screens.
type CrossText struct {
	Head, Text, Letters string
	Muted               bool
}

// groupName is the name of a group of respondents.
func (s shareSay) groupName(a *assess.AskedSurvey, by string, c assess.CrossColumn) string {
	switch {
	case c.Rest:
		return s.T("surveyshare.cross.rest")
	case c.Option.Code != "":
		return s.printer.Option(c.Option)
	}
	return s.cameFrom(a, by, c.Code)
}

// cameFrom is the name of a channel, a language or a kind of device.
func (p Page) cameFrom(a *assess.AskedSurvey, kind, code string) string {
	switch kind {
	case assess.FilterChannel:
		return p.cameBy(a, code, "")
	case assess.FilterLanguage:
		return p.printer.LanguageName(code)
	}
	return p.T("web.surveyanswers.device." + string(deviceWord(code)))
}

// rarely says how often chance alone makes groups differ like this.
func (p Page) rarely(probability float64) string {
	const sure, border = 0.01, 0.05
	switch {
	case probability < sure:
		return p.T("surveyshare.cross.differ.sure")
	case probability < border:
		return p.say("surveyshare.cross.differ", goalpost.PlainArg(int(100*probability)+1))
	}
	return p.say("surveyshare.cross.same", goalpost.PlainArg(min(int(100*probability+0.5), 99)))
}

// crossed writes a question in groups.
func (s shareSay) crossed(a *assess.AskedSurvey, by string, x assess.CrossedShares) *CrossView {
	v := &CrossView{Option: s.T("web.surveyresults.option"), Base: s.T("surveyshare.cross.bases"), Title: s.say("surveyshare.cross.title", goalpost.TextArg(s.byName(a, by)))}
	v.Region = x.Question.Wording.In(s.lang) + " – " + v.Title
	if x.P != nil {
		v.Sentence = s.rarely(*x.P)
	}
	for _, c := range x.Columns {
		v.Columns = append(v.Columns, s.say("surveyshare.cross.column", goalpost.TextArg(c.Letter), goalpost.TextArg(s.groupName(a, by, c))))
		v.Bases = append(v.Bases, CrossText{Head: v.Columns[len(v.Columns)-1], Text: s.say("surveyshare.cross.base", goalpost.NumberArg(float64(c.Base)), goalpost.TextArg(s.printer.Decimal(min(c.EffectiveN, float64(c.Base)), 0)))})
	}
	for _, row := range x.Rows {
		l := CrossLine{Label: s.label(assess.QuestionShares{Question: x.Question}, row.OptionShare)}
		if row.P != nil {
			l.Note = s.rarely(*row.P)
		}
		for k, c := range row.Cells {
			text := CrossText{Head: v.Columns[k], Text: s.printer.PercentDecimals(c.Share.Value, 0), Letters: c.Letters}
			switch {
			case c.Hidden:
				text.Text, text.Muted = s.T("surveyshare.cell.hidden"), true
			case c.Uncertain && !s.reading.Exact:
				text.Text, text.Muted, text.Letters = s.T("surveyshare.cell.uncertain"), true, ""
			}
			if text.Letters != "" {
				v.Letters = s.T("surveyshare.cross.letters")
			}
			l.Cells = append(l.Cells, text)
		}
		v.Rows = append(v.Rows, l)
	}
	return v
}

// byName is what the groups are made by.
func (p Page) byName(a *assess.AskedSurvey, by string) string {
	if slices.Contains(assess.CrossKinds(), by) {
		return p.T("web.surveyresults." + by)
	}
	q, _ := a.Survey.Form.Question(by)
	return p.quote(shortened(q.Wording.In(p.lang)))
}

// ShareForm chooses whose answers are shown, and in which groups.
type ShareForm struct {
	Action   string
	Only, By []OptionGroup
	Reset    string // address of everybody; empty where that is shown
	Refused  string // why the choice is not followed
	Help     string
}

// shareForm offers the filters that may be used, and the groups.
func (p Page) shareForm(a *assess.AskedSurvey, shares assess.SurveyShares, only assess.ShareFilter, by string) ShareForm {
	f := ShareForm{Action: p.surveyHref(a.Survey.ID, ""), Help: p.T("surveyshare.form.help")}
	kinds := map[string]*OptionGroup{}
	var order []string
	group := func(name, title string) *OptionGroup {
		if kinds[name] == nil {
			kinds[name] = &OptionGroup{Title: title}
			order = append(order, name)
		}
		return kinds[name]
	}
	for _, c := range shares.Filters {
		if !c.Allowed || c.N == shares.All && c.Filter.Kind != assess.FilterClean {
			continue
		}
		text := ""
		g := (*OptionGroup)(nil)
		switch c.Filter.Kind {
		case assess.FilterAnswer:
			g, text = group(c.Filter.Question, shortened(c.Question.Wording.In(p.lang))), p.printer.Option(c.Option)
		case assess.FilterClean:
			if c.N == shares.All {
				continue
			}
			g, text = group("clean", p.T("surveyshare.form.clean")), p.T("web.surveyresults.unflagged")
		default:
			g, text = group(c.Filter.Kind, p.T("web.surveyresults.by."+c.Filter.Kind)), p.cameFrom(a, c.Filter.Kind, c.Filter.Value)
		}
		g.Options = append(g.Options, Option{Value: c.Filter.String(), Text: text + " (" + p.printer.Number(float64(c.N)) + ")", Selected: c.Filter == only})
	}
	for _, name := range order {
		f.Only = append(f.Only, *kinds[name])
	}
	places := OptionGroup{Title: p.T("surveyshare.form.origin")}
	for _, kind := range assess.CrossKinds() {
		places.Options = append(places.Options, Option{Value: kind, Text: p.T("web.surveyresults." + kind), Selected: kind == by})
	}
	answers := OptionGroup{Title: p.T("surveyshare.form.answers")}
	for i, q := range a.Survey.Form.Questions {
		if assess.Crossable(q) {
			answers.Options = append(answers.Options, Option{Value: q.Code, Text: strconv.Itoa(i+1) + ". " + shortened(q.Wording.In(p.lang)), Selected: q.Code == by})
		}
	}
	f.By = []OptionGroup{places}
	if len(answers.Options) > 0 {
		f.By = append(f.By, answers)
	}
	if !only.Empty() || by != "" {
		f.Reset = f.Action
	}
	return f
}

// onlyQuery is a filter as the end of an address.
func onlyQuery(f assess.ShareFilter) string {
	if f.Empty() {
		return ""
	}
	return "?" + url.Values{"only": {f.String()}}.Encode()
}
