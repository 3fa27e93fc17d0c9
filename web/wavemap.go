package web

import (
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"

	"goalpost"
	"goalpost/assess"
)

// WaveMapPage asks what the columns of a table of respondents mean, or says what became
// of its rows.
type WaveMapPage struct {
	Page
	File    string
	Rows    string
	Action  string
	Discard string
	Groups  []FormGroup
	Columns []WaveColumnForm
	More    string
	Pair    FormGroup
	Why     FormField
	Map     string // as JSON, for the command line
	Report  *WaveReportView
}

// WaveColumnForm is one column with what it seems to mean.
type WaveColumnForm struct {
	ID, Header, Summary, Samples string
	Open                         bool
	Use                          FormField
	Question, Option, Cells      []FormField
}

// WaveReportView says what became of the rows.
type WaveReportView struct {
	Sentence string
	Reasons  []string
	Study    string // address
}

// columnFields are the parts of a choice, by the names of their fields.
func writeChoice(form url.Values, i int, c assess.ColumnChoice) {
	set := func(name, value string) { form.Set(name+"-"+strconv.Itoa(i), value) }
	set("use", c.Use)
	set("question", c.Question)
	set("question_version", strconv.Itoa(max(c.Version, 1)))
	set("column_wording_en", c.WordingEN)
	set("column_wording_de", c.WordingDE)
	set("column_option", c.Option)
	set("label_en", c.LabelEN)
	set("label_de", c.LabelDE)
	set("column_options", c.Options)
	set("separator", c.Separator)
	if c.Profile {
		set("column_profile", "1")
	}
	if c.EmptyIsNo {
		set("empty_is_no", "1")
	}
}

// readChoices takes what was chosen for each column; the headers are those of the file.
func readChoices(form url.Values, list []assess.ColumnChoice) []assess.ColumnChoice {
	out := make([]assess.ColumnChoice, len(list))
	for i := range list {
		get := func(name string) string { return strings.TrimSpace(form.Get(name + "-" + strconv.Itoa(i))) }
		version, err := strconv.Atoi(get("question_version"))
		if err != nil {
			version = 1
		}
		out[i] = assess.ColumnChoice{Header: list[i].Header, Use: get("use"), Question: get("question"), Version: version, WordingEN: get("column_wording_en"), WordingDE: get("column_wording_de"),
			Option: get("column_option"), LabelEN: get("label_en"), LabelDE: get("label_de"), Options: get("column_options"), Separator: get("separator"), Profile: get("column_profile") != "", EmptyIsNo: get("empty_is_no") != ""}
		if list[i].Header == "" {
			out[i].Use = assess.UseIgnore // it cannot be named
		}
	}
	return out
}

// readHead takes what a wave map says beside its columns. study is the one that was
// chosen before, empty for a new one.
func readHead(t typed, study string) (assess.WaveHead, error) {
	wave, ref, err := readWave(t)
	h := assess.WaveHead{Study: study, Wave: wave, Kind: ref.Kind, Goals: t.get("goals"), Metrics: t.get("metrics"), Measures: t.get("measures")}
	if study == "" {
		h.Study, h.TitleEN, h.TitleDE, h.Publisher = t.get("id"), t.get("title_en"), t.get("title_de"), t.get("publisher")
	}
	return h, err
}

func (s *Server) showWaveMap(w http.ResponseWriter, r *http.Request, v visitor, f upload, proposal assess.WaveProposal, form url.Values, problem error) error {
	p := WaveMapPage{Page: s.newPage(r, &v, "web.wave.map"), File: f.name}
	p.Action = p.Href("/studies-wave/" + f.id)
	p.Discard = p.Action + "/discard"
	p.Rows = p.say("web.wave.rows", goalpost.NumberArg(float64(proposal.Rows)), goalpost.PlainArg(len(proposal.Columns)))
	status, err := p.refused(problem)
	if err != nil {
		return err
	}
	if proposal.More > 0 {
		p.More = p.say("web.wave.more", goalpost.PlainArg(proposal.More))
	}
	fields := fieldsOf{p.Page, form}
	if f.study == "" {
		p.Groups = append(p.Groups, FormGroup{Title: p.T("web.entry.group.study"), Fields: []FormField{fields.needed("title_" + p.lang), fields.text("title_" + p.OtherLang()), fields.text("publisher"), fields.needed("id")}})
	}
	wave := slices.DeleteFunc(p.waveFields(fields), func(x FormField) bool { return x.Name == "n" || x.Name == "reference" })
	p.Groups = append(p.Groups, FormGroup{Title: p.T("web.entry.group.wave"), Help: p.T("web.wave.wave.help"), Fields: wave})
	for i := range proposal.Columns {
		p.Columns = append(p.Columns, p.column(i, proposal, form, problem))
	}
	measures := fields.field("lines", "measures")
	p.Pair = FormGroup{Title: p.T("web.wave.pair"), Help: p.T("web.wave.pair.help"), Fields: []FormField{fields.text("goals"), fields.text("metrics"), measures}}
	p.Why = fields.text("why")
	p.Why.Help = p.T("web.wave.why.help")
	head, err := readHead(typed(form), f.study)
	if err == nil {
		m, _ := assess.MapOf(head, readChoices(form, proposal.Choices))
		p.Map = mapJSON(m)
	}
	return s.render(w, status, "wavemap", p)
}

// column makes the part of the form for one column.
func (p Page) column(i int, proposal assess.WaveProposal, form url.Values, problem error) WaveColumnForm {
	col, choice := proposal.Columns[i], proposal.Choices[i]
	n := "-" + strconv.Itoa(i)
	field := func(kind, name string) FormField {
		x := fieldsOf{page: p}.field(kind, name)
		x.Name, x.Value = name+n, form.Get(name+n)
		x.Checked = kind == "check" && x.Value != ""
		return x
	}
	c := WaveColumnForm{ID: "column" + n, Header: col.Header}
	if c.Header == "" {
		c.Header = p.say("web.wave.unnamed", goalpost.PlainArg(i+1))
	}
	use := form.Get("use" + n)
	c.Summary = p.T("web.wave.use." + use)
	if use == assess.UseIgnore && choice.Why != "" {
		c.Summary += ": " + p.T("web.wave.why."+choice.Why)
	}
	c.Open = use != assess.UseIgnore && use != assess.UseWeight
	if e, ok := asError(problem); ok {
		c.Open = c.Open || e.Field == c.ID
	}
	c.Samples = p.samples(col)
	c.Use = field("choice", "use")
	for _, u := range assess.ColumnUses() {
		c.Use.Options = append(c.Use.Options, Option{Value: u, Text: p.T("web.wave.use." + u), Selected: u == use})
	}
	c.Question = []FormField{field("text", "question"), field("number", "question_version"), field("text", "column_wording_"+p.lang), field("text", "column_wording_"+p.OtherLang()), field("check", "column_profile")}
	c.Option = []FormField{field("text", "column_option"), field("text", "label_"+p.lang), field("text", "label_"+p.OtherLang()), field("check", "empty_is_no")}
	c.Cells = []FormField{field("lines", "column_options"), field("text", "separator")}
	return c
}

// samples says what stands in a column and how often, the most frequent first.
func (p Page) samples(col assess.WaveColumn) string {
	const most, longest = 6, 40
	var list []string
	for i, v := range col.Values {
		if i == most {
			break
		}
		text := v.Text
		if r := []rune(text); len(r) > longest {
			text = string(r[:longest]) + "…"
		}
		list = append(list, p.say("web.wave.sample", goalpost.TextArg(text), goalpost.NumberArg(float64(v.Count))))
	}
	if len(list) == 0 {
		return p.T("web.wave.empty")
	}
	if len(col.Values) > most || col.Many {
		list = append(list, "…")
	}
	return strings.Join(list, ", ")
}

// showWaveReport says what became of the rows.
func (s *Server) showWaveReport(w http.ResponseWriter, r *http.Request, v visitor, f upload) error {
	k := f.kept
	p := WaveMapPage{Page: s.newPage(r, &v, "web.wave.done"), File: f.name}
	view := &WaveReportView{Study: p.Href("/studies/" + url.PathEscape(k.study))}
	view.Sentence = p.say("web.wave.kept", goalpost.TextArg(k.wave), goalpost.NumberArg(float64(k.report.Kept)), goalpost.PlainArg(k.version))
	if k.report.Reported > 0 {
		view.Reasons = append(view.Reasons, p.say("cli.study.wave-reported", goalpost.NumberArg(float64(k.report.Reported))))
	}
	for _, q := range k.fewer {
		view.Reasons = append(view.Reasons, p.say("cli.study.wave-fewer", goalpost.TextArg(q), goalpost.NumberArg(float64(k.report.Answered[q])), goalpost.NumberArg(float64(k.report.Kept))))
	}
	for _, x := range k.report.Reasons {
		view.Reasons = append(view.Reasons, p.say("cli.study.wave-reason."+x.Reason, goalpost.TextArg(x.Column), goalpost.TextArg(x.Value), goalpost.NumberArg(float64(x.Count)), goalpost.PlainArg(x.Line)))
	}
	p.Report = view
	return s.render(w, http.StatusOK, "wavemap", p)
}
