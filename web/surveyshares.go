package web

import (
	"math"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"

	"goalpost"
	"goalpost/assess"
	"goalpost/chart"
	"goalpost/infer"
)

// ShareView is what is said of one question.
type ShareView struct {
	Title    string
	Sentence string
	Remarks  []string // ties, too few, what others may think
	Figure   FigureView
	Rows     []ShareLine
	Parts    []ShareLine // groups of grades
	Grades   *ShareView  // each grade, where the groups say what matters
	More     string      // what leads to them
	Facts    []Fact
	How      []Fact // how sure that is
	HowTitle string
	Tags     FigureView
	TagRows  []TagLine
	Cross    *CrossView
	Heads    ShareHeads
}

// ShareHeads are the columns of a table of shares; empty ones are not there.
type ShareHeads struct {
	Option, Share, Count                         string
	Interval, Unweighted, Mentions, Rank, Beside string
}

// ShareLine is one answer with its share.
type ShareLine struct {
	Label, Share, Range, Count, Unweighted, Mentions, Rank, Beside string
	Muted                                                          bool // said instead of a number
}

// TagLine is a tag with the texts that have it.
type TagLine struct {
	Href, Tag, Count, Share string
}

// shareSay writes shares in one language.
type shareSay struct {
	Page
	survey  goalpost.SurveyID
	reading assess.SampleReading
	query   string // of the filter, for addresses
}

// limits are those of a share: "52–66%", in whole percent.
func (p Page) limits(lo, hi float64) string {
	return p.printer.Decimal(100*lo, 0) + "–" + p.printer.PercentDecimals(hi, 0)
}

// about is a share as people say it: "about 6 of 10".
func (p Page) about(share float64) string {
	const edge, half = 0.05, 5
	switch tenths := int(math.Round(share * 10)); {
	case share == 0:
		return p.T("surveyshare.about.none")
	case share == 1:
		return p.T("surveyshare.about.all")
	case share < edge:
		return p.T("surveyshare.about.few")
	case share > 1-edge:
		return p.T("surveyshare.about.most")
	case tenths == half:
		return p.T("surveyshare.about.half")
	default:
		return p.say("surveyshare.about", goalpost.PlainArg(min(max(tenths, 1), 9)))
	}
}

// quote names an answer in a sentence.
func (p Page) quote(label string) string {
	return p.say("surveyshare.quote", goalpost.TextArg(label))
}

// label is the name of an answer.
func (s shareSay) label(q assess.QuestionShares, o assess.OptionShare) string {
	switch {
	case o.Grade != nil:
		label := strconv.Itoa(*o.Grade)
		if q.Question.Scale != nil {
			if word := q.Question.Scale.Grade(*o.Grade).In(s.lang); word != "" {
				label += " – " + word
			}
		}
		return label
	case q.Question.Type == goalpost.ConsentQuestion:
		return s.T("web.surveyresults.agreed")
	case o.Option.Code != "":
		return s.printer.Option(o.Option)
	}
	return s.part(q.Question, o.Key)
}

// part is the name of a group of grades.
func (s shareSay) part(q goalpost.SurveyQuestion, key string) string {
	if q.Scale == nil {
		return s.T("web.surveyresults.nps." + key)
	}
	n := func(v int) goalpost.Arg { return goalpost.PlainArg(v) }
	switch key {
	case "top":
		return s.say("surveyshare.part.top", n(q.Scale.High-1), n(q.Scale.High))
	case "bottom":
		return s.say("surveyshare.part.bottom", n(q.Scale.Low), n(q.Scale.Low+1))
	}
	return s.say("surveyshare.part.neutral", n((q.Scale.Low+q.Scale.High)/2))
}

// question says and draws the shares of one question.
func (s shareSay) question(q assess.QuestionShares, id string) *ShareView {
	v := &ShareView{Title: q.Question.Wording.In(s.lang), HowTitle: s.T("surveyshare.how")}
	switch q.Withheld {
	case assess.NothingAsked:
		v.Sentence = s.T("surveyshare.nobody")
		return v
	case assess.TooFewAsked, assess.TooNear:
		v.Sentence = s.T("surveyshare.withheld." + string(q.Withheld))
		return v
	case assess.NotWithheld:
	}
	v.Sentence = s.sentence(q)
	v.Remarks = s.remarks(q)
	v.Heads = s.heads(q)
	for _, o := range q.Options {
		v.Rows = append(v.Rows, s.line(q, o))
	}
	for _, o := range q.Parts {
		v.Parts = append(v.Parts, s.line(q, o))
	}
	if q.Question.Type == goalpost.NPSQuestion {
		v.Grades = &ShareView{Title: v.Title + " – " + s.T("surveyshare.grades"), Heads: v.Heads, Rows: v.Rows}
		v.More, v.Rows, v.Parts = s.T("surveyshare.grades"), v.Parts, nil
	}
	v.Facts, v.How = s.facts(q), s.how(q)
	if len(q.Options) > 0 && q.Question.Type != goalpost.ConsentQuestion && !s.uncertain(q) {
		wide, narrow := s.scene(q, chart.Wide), s.scene(q, chart.Narrow)
		at := func(suffix string) string {
			return s.surveyHref(s.survey, "/shares/"+q.Question.Code+suffix+s.query)
		}
		v.Figure = FigureView{Title: wide.Title, Wide: inline(wide, id, false), Narrow: inline(narrow, id, true), SVG: at(".svg"), PNG: at(".png"), CSV: at(".csv")}
		if q.Earlier {
			v.Figure.SVG, v.Figure.PNG, v.Figure.CSV = "", "", ""
		}
	}
	return v
}

// with writes a share with its range: "about 6 of 10 (52–66%)".
func (s shareSay) with(o assess.OptionShare) string {
	if s.reading.Exact {
		return s.printer.PercentDecimals(o.Share.Value, 0)
	}
	return s.say("surveyshare.with", goalpost.TextArg(s.about(o.Share.Value)), goalpost.TextArg(s.limits(o.Share.Lo, o.Share.Hi)))
}

// sentence says the answer to the question.
func (s shareSay) sentence(q assess.QuestionShares) string {
	text := goalpost.TextArg
	switch {
	case q.NPS != nil && q.NPS.N > 0:
		if s.uncertain(q) {
			return s.say("surveyshare.uncertain", goalpost.NumberArg(float64(q.Base)))
		}
		return s.say("surveyshare.nps", text(s.printer.Decimal(q.NPS.Value, 0)), text(s.span(*q.NPS, 0)))
	case q.Question.Type == goalpost.ScaleQuestion && len(q.Parts) > 1:
		if top := q.Parts[0]; top.Known() {
			return s.say("surveyshare.scale", text(s.label(q, top)), text(s.with(top)))
		}
	case q.Question.Type == goalpost.NumberQuestion && q.Median != nil:
		return s.say("surveyshare.median", text(s.unit(q, q.Median.Value)), text(s.unit(q, q.Median.Lo)), text(s.unit(q, q.Median.Hi)))
	case q.Question.Type == goalpost.TextQuestion:
		return s.say("surveyshare.texts", goalpost.NumberArg(float64(q.Written)))
	case len(q.Options) > 0 && q.Options[0].Known():
		first := q.Options[0]
		switch {
		case q.Question.Type == goalpost.ConsentQuestion:
			return s.say("surveyshare.agreed", text(s.with(first)))
		case q.Question.Type == goalpost.RankingQuestion:
			return s.say("surveyshare.first", text(s.quote(s.label(q, first))), text(s.with(first)))
		case q.BySize && len(q.Tied) > 0:
			return s.say("surveyshare.tied", text(s.names(q, append([]string{first.Key}, q.Tied...))), text(s.quote(s.label(q, first))), text(s.with(first)))
		case q.BySize:
			return s.say("surveyshare.most", text(s.quote(s.label(q, first))), text(s.with(first)))
		}
		return s.say("surveyshare.base", goalpost.NumberArg(float64(q.Base)))
	case slices.ContainsFunc(q.Options, func(o assess.OptionShare) bool { return o.Hidden }):
		return s.say("surveyshare.base", goalpost.NumberArg(float64(q.Base)))
	case q.Base == 0:
		return s.T("surveyshare.nobody")
	}
	return s.say("surveyshare.uncertain", goalpost.NumberArg(float64(q.Base)))
}

// uncertain reports whether no share of a question is known well enough.
func (s shareSay) uncertain(q assess.QuestionShares) bool {
	return !slices.ContainsFunc(append(slices.Clone(q.Options), q.Parts...), assess.OptionShare.Known)
}

// names lists answers: “Offers” and “News”.
func (s shareSay) names(q assess.QuestionShares, keys []string) string {
	var list []string
	for _, o := range q.Options {
		if slices.Contains(keys, o.Key) {
			list = append(list, s.quote(s.label(q, o)))
		}
	}
	if len(list) < 2 {
		return strings.Join(list, "")
	}
	return s.say("surveyshare.and", goalpost.TextArg(strings.Join(list[:len(list)-1], ", ")), goalpost.TextArg(list[len(list)-1]))
}

// remarks are what has to be read with a figure.
func (s shareSay) remarks(q assess.QuestionShares) []string {
	var list []string
	if q.Earlier {
		list = append(list, s.T("web.surveyresults.earlier"))
	}
	if q.Question.Type == goalpost.RankingQuestion && len(q.Tied) > 0 {
		list = append(list, s.say("surveyshare.tied.first", goalpost.TextArg(s.names(q, append([]string{q.Options[0].Key}, q.Tied...)))))
	}
	if q.Reply.Asked > 0 && q.Reply.Rate < assess.LeastAnswered && q.Question.Type != goalpost.TextQuestion {
		list = append(list, s.say("surveyshare.response.low", goalpost.RateArg(math.Round(100*q.Reply.Rate)/100)))
		if shown := s.leading(q); shown != nil {
			list = append(list, s.bounds(q, *shown))
		}
	}
	if q.Reply.Invalid > 0 {
		list = append(list, s.say("web.surveyresults.invalid", goalpost.NumberArg(float64(q.Reply.Invalid))))
	}
	return list
}

// leading is the answer that a sentence is about.
func (s shareSay) leading(q assess.QuestionShares) *assess.OptionShare {
	for _, list := range [][]assess.OptionShare{q.Parts, q.Options} {
		if len(list) > 0 && list[0].Known() {
			return &list[0]
		}
	}
	return nil
}

// bounds say between what a share lies whatever the others would have said.
func (s shareSay) bounds(q assess.QuestionShares, o assess.OptionShare) string {
	return s.say("surveyshare.bounds", goalpost.TextArg(s.quote(s.label(q, o))), goalpost.TextArg(s.limits(o.Lowest, o.Highest)))
}

// heads are the columns that a table of shares has.
func (s shareSay) heads(q assess.QuestionShares) ShareHeads {
	h := ShareHeads{Option: s.T("web.surveyresults.option"), Share: s.T("surveyshare.share"), Count: s.T("web.surveyresults.number"), Interval: s.T("web.surveyresults.range")}
	if s.reading.Exact {
		h.Interval = ""
	}
	for _, o := range q.Options {
		if o.Unweighted != nil {
			h.Unweighted = s.T("surveyshare.unweighted")
		}
		if o.Mentions != nil {
			h.Mentions = s.T("surveyshare.mentions")
		}
		if o.Rank != nil {
			h.Rank = s.T("surveyshare.rank")
		}
	}
	return h
}

// line is one answer in the table.
func (s shareSay) line(q assess.QuestionShares, o assess.OptionShare) ShareLine {
	l := ShareLine{Label: s.label(q, o), Count: s.printer.Number(float64(o.Count)), Share: s.T("surveyshare.cell.uncertain"), Muted: true}
	if o.Hidden {
		l.Share, l.Count = s.T("surveyshare.cell.hidden"), ""
		return l
	}
	if o.Known() {
		l.Share, l.Muted = s.printer.PercentDecimals(o.Share.Value, 0), false
		if !s.reading.Exact {
			l.Range = s.limits(o.Share.Lo, o.Share.Hi)
		}
		if o.Unweighted != nil {
			l.Unweighted = s.printer.PercentDecimals(o.Unweighted.Value, 0)
		}
		if o.Mentions != nil {
			l.Mentions = s.printer.PercentDecimals(o.Mentions.Value, 0)
		}
	}
	if o.Rank != nil {
		l.Rank = s.printer.Decimal(o.Rank.Value, 1)
	}
	return l
}

// span are the limits of a number: "4 to 21".
func (s shareSay) span(e infer.Estimate, decimals int) string {
	return s.say("surveyshare.span", goalpost.TextArg(s.printer.Decimal(e.Lo, decimals)), goalpost.TextArg(s.printer.Decimal(e.Hi, decimals)))
}

// unit writes a number as it was asked for.
func (s shareSay) unit(q assess.QuestionShares, v float64) string {
	decimals := q.Question.Decimals
	if v != math.Trunc(v) {
		decimals = max(decimals, 1)
	}
	return strings.TrimSpace(s.printer.Decimal(v, decimals) + " " + q.Question.Unit.In(s.lang))
}

// facts are the numbers of a question that no option has.
func (s shareSay) facts(q assess.QuestionShares) []Fact {
	var list []Fact
	add := func(key, text string) {
		list = append(list, Fact{Name: s.T("surveyshare.fact." + key), Text: text})
	}
	ranged := func(value, span string) string {
		if s.reading.Exact {
			return value
		}
		return s.say("surveyshare.value", goalpost.TextArg(value), goalpost.TextArg(span))
	}
	if q.Net != nil && !s.uncertain(q) {
		points := infer.Estimate{Value: 100 * q.Net.Value, Lo: 100 * q.Net.Lo, Hi: 100 * q.Net.Hi}
		add("net", ranged(s.printer.SignedPoints(math.Round(points.Value)), s.span(points, 0)))
	}
	if q.Mean != nil && q.Question.Type != goalpost.NPSQuestion && (q.Question.Type == goalpost.NumberQuestion || !s.uncertain(q)) {
		decimals := max(1, q.Question.Decimals)
		add("mean", ranged(s.printer.Decimal(q.Mean.Value, decimals), s.span(*q.Mean, decimals)))
	}
	if q.Written > 0 && q.Question.Type != goalpost.TextQuestion {
		list = append(list, Fact{Name: s.T("web.surveyresults.texts"), Text: s.printer.Number(float64(q.Written))})
	}
	return list
}

// how says how sure the shares of a question are, and who is in them.
func (s shareSay) how(q assess.QuestionShares) []Fact {
	n := func(v int) string { return s.printer.Number(float64(v)) }
	list := []Fact{{Name: s.T("surveyshare.how.base"), Text: n(q.Base)}}
	add := func(key, text string) {
		list = append(list, Fact{Name: s.T("surveyshare.how." + key), Text: text})
	}
	if q.EffectiveN > 0 && !s.reading.Exact { // of respondents drawn one by one it is their number less one
		add("effective", s.printer.Decimal(min(q.EffectiveN, float64(q.Base)), 0))
	}
	if q.DesignEffect > 0 {
		add("effect", s.printer.Decimal(q.DesignEffect, 2))
	}
	add("asked", n(q.Reply.Asked))
	if q.Reply.DontKnow > 0 {
		add("dont-know", n(q.Reply.DontKnow))
	}
	if q.Reply.Skipped > 0 {
		add("skipped", n(q.Reply.Skipped))
	}
	if o := s.leading(q); o != nil && q.Reply.Answered < q.Reply.Asked && q.Reply.Rate >= assess.LeastAnswered {
		add("bounds", s.bounds(q, *o))
	}
	if q.Question.Type != goalpost.TextQuestion && !s.reading.Exact {
		add("interval", s.printer.Note(s.reading.Interval))
	}
	return list
}

// scene draws the shares of a question.
func (s shareSay) scene(q assess.QuestionShares, width float64) chart.Scene {
	d := chart.SharesData{Title: q.Question.Wording.In(s.lang), Percent: s.printer.Percent, Moments: []chart.Moment{{Class: chart.Dot}}}
	weighted := slices.ContainsFunc(q.Options, func(o assess.OptionShare) bool { return o.Unweighted != nil })
	if weighted {
		d.Moments = []chart.Moment{{Label: s.T("surveyshare.weighted"), Class: chart.Dot}, {Label: s.T("surveyshare.unweighted"), Class: chart.Ring}}
	}
	var said []string
	list := q.Options
	if len(q.Parts) > 0 && q.Question.Type == goalpost.NPSQuestion {
		list = q.Parts
	}
	ranged := false
	for _, o := range list {
		l := s.line(q, o)
		row := chart.ShareRow{Label: l.Label, Marks: make([]chart.ShareMark, len(d.Moments))}
		if !o.Known() {
			row.Note = l.Share
			said = append(said, l.Label+": "+l.Share)
		} else {
			row.Marks[0] = chart.ShareMark{Has: true, Value: o.Share.Value, Lo: o.Share.Lo, Hi: o.Share.Hi, HasRange: !s.reading.Exact, Note: l.Share}
			ranged = ranged || !s.reading.Exact
			said = append(said, strings.TrimSpace(l.Label+": "+l.Share+" "+l.Range))
			if weighted {
				row.Marks[1] = chart.ShareMark{Has: true, Value: o.Unweighted.Value}
			}
		}
		d.Rows = append(d.Rows, row)
	}
	d.Desc = strings.Join(said, "; ")
	if ranged {
		d.Level = s.T("surveyshare.level")
	}
	return chart.DrawShares(d, width)
}

// tags draws and lists the tags of what was written.
func (s shareSay) tags(v *ShareView, q assess.QuestionShares, id string) {
	if len(q.Tags) == 0 {
		return
	}
	draw := func(width float64) chart.Scene {
		d := chart.SharesData{Title: s.say("surveyshare.tags", goalpost.TextArg(q.Question.Wording.In(s.lang))), Percent: s.printer.Percent, Moments: []chart.Moment{{Class: chart.Dot}}}
		for _, t := range q.Tags {
			row := chart.ShareRow{Label: t.Tag, Marks: make([]chart.ShareMark, 1), Note: s.say("surveyshare.tag.count", goalpost.NumberArg(float64(t.Count)))}
			if t.Known {
				row.Marks[0] = chart.ShareMark{Has: true, Value: t.Share.Value, Lo: t.Share.Lo, Hi: t.Share.Hi, HasRange: true, Note: s.printer.Number(float64(t.Count))}
			}
			d.Rows = append(d.Rows, row)
		}
		d.Desc = s.T("surveyshare.tags.desc")
		return chart.DrawShares(d, width)
	}
	v.Tags = FigureView{Title: s.T("surveyshare.tags.title"), Wide: inline(draw(chart.Wide), id+"-tags", false), Narrow: inline(draw(chart.Narrow), id+"-tags", true)}
	for _, t := range q.Tags {
		l := TagLine{Href: s.surveyHref(s.survey, "/answers/open?"+tagQuery(q.Question.Code, t.Tag)), Tag: t.Tag, Count: s.printer.Number(float64(t.Count)), Share: s.T("surveyshare.cell.uncertain")}
		if t.Known {
			l.Share = s.say("surveyshare.value", goalpost.TextArg(s.printer.PercentDecimals(t.Share.Value, 0)), goalpost.TextArg(s.limits(t.Share.Lo, t.Share.Hi)))
		}
		v.TagRows = append(v.TagRows, l)
	}
}

// shareChoice is whose answers are asked for, or in which groups.
func shareChoice(r *http.Request) (only assess.ShareFilter, by string) {
	q := r.URL.Query()
	if by = q.Get("by"); by != "" {
		return only, by
	}
	return assess.ParseShareFilter(q.Get("only")), ""
}

// shareFigures says and draws what the single answers say.
func (s *Server) shareFigures(r *http.Request, f *SurveyFigures, a *assess.AskedSurvey, res assess.SurveyResults) error {
	only, by := shareChoice(r)
	shares, err := s.surveyShares(r, a, only)
	if goalpost.IsKind(err, goalpost.Invalid) { // the page says so, and shows everybody
		f.Filtered = f.printer.Error(err)
		only = assess.ShareFilter{}
		shares, err = s.surveyShares(r, a, only)
	} else if !only.Empty() && err == nil {
		f.Filtered = f.say("surveyshare.filtered", goalpost.NumberArg(float64(shares.N)), goalpost.NumberArg(float64(shares.All)))
	}
	if err != nil {
		return err
	}
	f.shares = &shares
	for _, n := range shares.Reading.Notes {
		f.Notes = append(f.Notes, f.printer.Note(n))
	}
	switch {
	case shares.Problem != nil:
		f.Weights = f.printer.Error(shares.Problem)
	case shares.Weighted:
		f.Weights = f.T("surveyshare.weights")
	}
	crossed := map[string]assess.CrossedShares{}
	if by != "" {
		list, err := s.surveyCross(r, a, by)
		if goalpost.IsKind(err, goalpost.Invalid) {
			f.Filtered, err = f.printer.Error(err), nil
		}
		if err != nil {
			return err
		}
		for _, x := range list {
			crossed[x.Question.Code] = x
		}
	}
	say := shareSay{Page: f.Page, survey: a.Survey.ID, reading: shares.Reading, query: onlyQuery(only)}
	for i, q := range shares.Questions {
		id := "q" + strconv.Itoa(i+1)
		v := QuestionFiguresView{Anchor: id, Wording: q.Question.Wording.In(f.lang), Shares: say.question(q, "share-"+id)}
		say.tags(v.Shares, q, "share-"+id)
		if x, ok := crossed[q.Question.Code]; ok && !q.Earlier {
			v.Shares.Cross = say.crossed(a, by, x)
		}
		if f.Beside {
			f.besides(v.Shares, q, res)
		}
		if assess.IsOpenQuestion(q.Question) && q.Written > 0 {
			v.Open = f.surveyHref(a.Survey.ID, "/answers/open?question="+url.QueryEscape(q.Question.Code))
		}
		f.Questions = append(f.Questions, v)
	}
	return nil
}

// besides adds the counts of answers without a flag.
func (f *SurveyFigures) besides(v *ShareView, q assess.QuestionShares, res assess.SurveyResults) {
	i := slices.IndexFunc(res.Questions, func(x assess.QuestionFigures) bool {
		return x.Question.Code == q.Question.Code && x.Question.Version == q.Question.Version
	})
	if i < 0 || len(v.Rows) == 0 {
		return
	}
	counts := map[string]string{}
	for _, o := range res.Questions[i].Unflagged.Options {
		counts[o.Option.Code] = f.count("", o.Count, o.Share, 0, nil).Count
		if q.Question.Type == goalpost.RankingQuestion {
			counts[o.Option.Code] = f.printer.Number(float64(o.First))
		}
	}
	for _, g := range res.Questions[i].Unflagged.Grades {
		counts[strconv.Itoa(g.Grade)] = f.count("", g.Count, g.Share, 0, nil).Count
	}
	if v.Grades != nil {
		v = v.Grades
	}
	v.Heads.Beside = f.T("web.surveyresults.unflagged")
	for j, o := range q.Options {
		v.Rows[j].Beside = counts[o.Key]
	}
}
