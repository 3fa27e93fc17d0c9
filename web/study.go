package web

import (
	"html/template"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"

	"goalpost"
	"goalpost/assess"
)

// StudiesPage lists the studies.
type StudiesPage struct {
	Page
	Studies []StudyRow
}

// StudyRow is one study of the list.
type StudyRow struct {
	Href, Title, Publisher, Waves, Figures string
	OwnHref, Own                           string // what the organisation itself answered
}

// studies lists what others published and what was entered here.
func (s *Server) studies(w http.ResponseWriter, r *http.Request, v visitor) error {
	list, err := assess.Studies(r.Context(), s.DB, v.org.ID)
	if err != nil {
		return err
	}
	waves, err := assess.OwnWaves(r.Context(), s.DB, v.org.ID)
	if err != nil {
		return err
	}
	p := StudiesPage{Page: s.newPage(r, &v, "web.studies.title")}
	for _, h := range list {
		study := h.Current().Study
		row := StudyRow{Href: p.Href("/studies/" + study.ID), Title: study.Title.In(p.lang), Publisher: study.Publisher, Figures: p.printer.Number(float64(len(study.Figures)))}
		var names []string
		for _, wave := range study.Waves {
			names = append(names, wave.ID)
		}
		row.Waves = strings.Join(names, ", ")
		row.OwnHref, row.Own = row.Href+"/own", p.T("web.own.link.answer")
		if n := len(waves[study.ID]); n > 0 || !p.CanEdit {
			row.Own = p.say("web.own.link.waves", goalpost.NumberArg(float64(n)))
		}
		p.Studies = append(p.Studies, row)
	}
	return s.render(w, http.StatusOK, "studies", p)
}

// StudyPage is the report on a study.
type StudyPage struct {
	Page
	Publisher  string
	Note       string
	Correction string // what the version shown is, where there are several
	Statements []StatementView
	Questions  []QuestionView
	Waves      []StudyWaveRow
	Moments    []string // what must be known of single reference periods
	Versions   []StudyVersionRow
	JSON, CSV  string
	Own        string // address of the organisation's own answers; empty in a file of its own
}

// StatementView is a statement of the article and what it is worth.
type StatementView struct {
	Code, Claim, Worth     string
	Published, Conclusions []string
	Figure                 FigureView
	BreaksTitle            string // key of the heading above Figure.Breaks
}

// FigureView is a chart in both widths with its downloads; Title is empty where there
// is none.
type FigureView struct {
	Title         string
	Wide, Narrow  template.HTML
	SVG, PNG, CSV string
	Breaks        []string // numbered reasons
}

// QuestionView is a question with its figures.
type QuestionView struct {
	Code, Wording, Type string
	Paraphrase          string
	Base, Note          string
	Shares, Trend       FigureView
	Rows                []ResultRow
	Notes               []string // on single figures
	Changes             []string
	Doubts              []string
	Unserved            []string // who measures what they want
	Hints               []string
}

// ResultRow is one published figure.
type ResultRow struct {
	When, Option, Published, Range, Base, Quality, Flags, Source, SourceName string
}

// StudyWaveRow is a row of sources and methods.
type StudyWaveRow struct {
	ID, Field, N, Who, Sample, How, Source, SourceName, Note string
}

// StudyVersionRow is one version of the study.
type StudyVersionRow struct {
	Number, When, Who, Why, Href string
	Current                      bool
}

// study shows the report on a study.
func (s *Server) study(w http.ResponseWriter, r *http.Request, v visitor) error {
	h, version, err := s.studyOf(r, v)
	if err != nil {
		return err
	}
	view, err := assess.ViewStudyVersion(r.Context(), s.DB, v.org.ID, h, version)
	if err != nil {
		return err
	}
	p, base := s.newPage(r, &v, ""), "/studies/"+url.PathEscape(version.Study.ID)
	page := p.study(h, version, view, base, v.org)
	page.Own = p.Href(base + "/own")
	return s.render(w, http.StatusOK, "study", page)
}

// studyOf finds the study and version of an address.
func (s *Server) studyOf(r *http.Request, v visitor) (h assess.StudyHistory, version goalpost.StudyVersion, err error) {
	if h, err = assess.Study(r.Context(), s.DB, v.org.ID, r.PathValue("id")); err != nil {
		return h, version, notFound()
	}
	n := 0
	if text := r.URL.Query().Get("version"); text != "" {
		if n, err = strconv.Atoi(text); err != nil || n < 1 {
			return h, version, notFound()
		}
	}
	version, ok := h.Version(n)
	if !ok {
		return h, version, notFound()
	}
	return h, version, nil
}

// study makes the report; base is the address of the study below the language.
func (p Page) study(h assess.StudyHistory, version goalpost.StudyVersion, view assess.StudyView, base string, org goalpost.Organisation) StudyPage {
	study := version.Study
	p.Title = study.Title.In(p.lang)
	out := StudyPage{Page: p, Publisher: study.Publisher, Note: study.Note.In(p.lang)}
	query := ""
	if version.Version != h.Current().Version {
		query = "?version=" + strconv.Itoa(version.Version)
		out.Correction = p.say("web.study.superseded", goalpost.PlainArg(version.Version), goalpost.PlainArg(h.Current().Version))
	} else if version.Version > 1 {
		out.Correction = p.say("web.study.corrected", goalpost.PlainArg(version.Version), goalpost.TextArg(version.Why))
	}
	f := figures{page: p, study: study, address: func(q, kind, suffix string, options []string) string {
		return fileAddress(p.Href(base), q, kind, suffix, query, options)
	}}
	for _, s := range assess.Article(view) {
		q, _ := view.Question(s.Question)
		title := "web.study.not-comparable"
		if s.Figure == assess.FigureTrend {
			title = "web.study.breaks"
		}
		out.Statements = append(out.Statements, StatementView{Code: s.Code, Claim: p.printer.Note(s.Claim), Worth: p.printer.Note(s.Worth), Published: p.printer.Notes(s.Published),
			Conclusions: p.printer.Notes(s.Conclusions), Figure: f.draw(q, s.Figure, s.Options, "s-"+s.Code), BreaksTitle: title})
	}
	for _, q := range view.Questions {
		out.Questions = append(out.Questions, p.studyQuestion(f, q))
	}
	for _, ref := range study.References {
		if n := ref.Note.In(p.lang); n != "" {
			out.Moments = append(out.Moments, p.printer.Reference(ref.ID)+": "+n)
		}
	}
	for _, wave := range study.Waves {
		out.Waves = append(out.Waves, p.wave(wave))
	}
	if len(h.Versions) > 1 {
		for _, old := range h.Versions {
			out.Versions = append(out.Versions, p.versionRow(old, base, old.Version == version.Version, org))
		}
	}
	out.JSON, out.CSV = p.Href(base+"/figures.json")+query, p.Href(base+"/figures.csv")+query
	return out
}

func (p Page) versionRow(v goalpost.StudyVersion, base string, current bool, org goalpost.Organisation) StudyVersionRow {
	row := StudyVersionRow{Number: strconv.Itoa(v.Version), Who: v.By, Why: v.Why, Current: current, Href: p.Href(base) + "?version=" + strconv.Itoa(v.Version)}
	if v.At.IsZero() {
		row.When, row.Why = p.T("web.study.shipped"), p.T("web.study.shipped.why")
	} else {
		row.When = p.printer.Time(v.At, org.Zone())
	}
	return row
}

func (p Page) wave(w goalpost.Wave) StudyWaveRow {
	row := StudyWaveRow{ID: w.ID, Field: p.fieldDates(w), Who: w.Who.In(p.lang), Sample: p.printer.Word("sample." + string(w.Sample)), Source: w.Source, SourceName: siteOf(w.Source), Note: w.Note.In(p.lang)}
	if w.N > 0 {
		row.N = p.printer.Number(float64(w.N))
		if w.AtLeast {
			row.N = p.say("web.study.at-least", goalpost.NumberArg(float64(w.N)))
		}
	}
	var how []string
	for _, t := range []goalpost.Text{w.Recruiting, w.Mode, w.Incentive} {
		if s := t.In(p.lang); s != "" {
			how = append(how, s)
		}
	}
	row.How = strings.Join(how, "; ")
	return row
}

// fieldDates writes when a wave was in the field.
func (p Page) fieldDates(w goalpost.Wave) string {
	from, to := p.fieldDate(w.FieldFrom), p.fieldDate(w.FieldTo)
	if from == to || to == "" {
		return from
	}
	return from + " – " + to
}

func (p Page) fieldDate(s string) string {
	if d, err := goalpost.ParseDay(s); err == nil {
		return p.printer.Day(d)
	}
	if d, err := goalpost.ParseDay(s + "-01"); err == nil {
		return p.printer.Month(d)
	}
	if year, season, ok := strings.Cut(s, "-"); ok {
		return p.say("web.study.season", goalpost.TextArg(year), goalpost.WordArg("season."+season))
	}
	return s
}

// siteOf is the name of the site that a link leads to.
func siteOf(link string) string {
	u, err := url.Parse(link)
	if err != nil {
		return ""
	}
	return strings.TrimPrefix(u.Host, "www.")
}

func (p Page) studyQuestion(f figures, q assess.QuestionView) QuestionView {
	current := q.Current()
	out := QuestionView{Code: q.Code, Wording: current.Wording.In(p.lang), Type: p.printer.Word("question." + string(current.Type)), Base: current.Base.In(p.lang), Note: current.Note.In(p.lang),
		Shares: f.draw(q, assess.FigureShares, nil, "q-"+q.Code), Hints: p.printer.Notes(q.Hints)}
	if current.Paraphrase {
		out.Paraphrase = p.T("web.study.paraphrase")
	}
	for _, r := range q.Results {
		row := p.result(q, r)
		out.Rows = append(out.Rows, row)
		if n := r.Note.In(p.lang); n != "" && !slices.ContainsFunc(out.Notes, func(s string) bool { return strings.HasSuffix(s, n) }) {
			out.Notes = append(out.Notes, row.Option+", "+row.When+": "+n)
		}
	}
	for _, u := range q.Unserved {
		out.Unserved = append(out.Unserved, p.printer.Note(q.UnservedNote(u)))
	}
	seen := map[string]bool{}
	for _, c := range q.Changes {
		out.Changes = append(out.Changes, p.printer.StudyChange(c, p.printer.Option(q.Option(c.Option))))
		for _, d := range p.printer.Notes(c.Cautions) {
			if !seen[d] {
				seen[d] = true
				out.Doubts = append(out.Doubts, d)
			}
		}
	}
	return out
}

func (p Page) result(q assess.QuestionView, r goalpost.Result) ResultRow {
	row := ResultRow{When: p.printer.Reference(r.Reference), Option: p.printer.Option(q.Option(r.Option)), Published: p.printer.Published(r), Range: p.printer.ShareRange(r),
		Base: p.printer.Word("base." + string(r.BaseKind)), Quality: p.printer.Word("quality." + string(r.Quality)), Source: r.Source, SourceName: siteOf(r.Source)}
	if r.Base != nil {
		row.Base = p.say("web.study.base", goalpost.NumberArg(float64(*r.Base)), goalpost.TextArg(row.Base))
	}
	row.Flags = p.flags(r)
	return row
}

// flags says what is odd about a figure.
func (p Page) flags(r goalpost.Result) string {
	var flags []string
	for _, f := range r.Flags {
		if f == "probably_expected" {
			continue // the name of the moment says it, and its note why
		}
		flags = append(flags, p.printer.Flag(f))
	}
	return strings.Join(flags, ", ")
}
