package web

import (
	"html/template"
	"net/http"
	"net/url"
	"strconv"
	"strings"
	"time"

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
			names = append(names, p.printer.Wave(wave.ID))
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
	// Changed is what differs from another version, under ChangedTitle.
	Changed      []string
	ChangedTitle string
	Few          string // cells that are not public
	Lost         string // figures of single respondents that are not known any more
	Permanent    string // address of exactly this version, empty on the team's page
	Newest       string // address of the newest version, empty where this is it
	Tools        *StudyTools
}

// StudyTools are what editors can do with a study.
type StudyTools struct {
	Figure, Wave, Question, Upload string // addresses
	Public, Published, Slug        string // the public address; the form's target and value
	Withdraw                       string
	Withdrawn                      bool
}

// StatementView is a statement of the article and what it is worth.
type StatementView struct {
	Code, Claim, Worth string
	Published          []string
	Conclusions        []FoldedNote
	Figure             FigureView
	BreaksTitle        string // key of the heading above Figure.Breaks
}

// FigureView is a chart in both widths with its downloads; Title is empty where there
// is none.
type FigureView struct {
	Title         string
	Wide, Narrow  template.HTML
	SVG, PNG, CSV string
	Breaks        []string // numbered reasons
	Embed         string   // code for pages of others, empty where there is none
	EmbedID       string   // of its field
	EmbedTitle    string
	EmbedLabel    string
}

// QuestionView is a question with its figures.
type QuestionView struct {
	Code, Wording, Type string
	Paraphrase          string
	Base, Note          string
	Shares              FigureView
	Drawn               bool // a statement further up has the same chart: on paper once is enough
	Rows                []ResultRow
	Notes               []string // on single figures
	Changes             []string
	Doubts              []string
	Unserved            []string // who measures what they want
	Hints               []FoldedNote
	Enter               string // address of the form for a figure, empty for nobody
}

// ResultRow is one published figure.
type ResultRow struct {
	When, Option, Published, Range, Base, Quality, Flags, Source, SourceName string
	Correct                                                                  string // address of the form, empty for nobody
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
	p := s.newPage(r, &v, "")
	links := p.teamLinks(version, h)
	out := p.study(h, version, view, links, v.org.Zone())
	out.Own = p.Href("/studies/" + url.PathEscape(version.Study.ID) + "/own")
	if err := corrections(&out, func(other goalpost.StudyVersion) (assess.StudyView, error) {
		return assess.ViewStudyVersion(r.Context(), s.DB, v.org.ID, h, other)
	}, h, version, view); err != nil {
		return err
	}
	if v.rank >= editor {
		if err := s.studyTools(r.Context(), &out, v, h, version, view); err != nil {
			return err
		}
	}
	return s.render(w, http.StatusOK, "study", out)
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

// studyLinks are the addresses around the report on a study.
type studyLinks struct {
	version func(n int) string // the page of a version
	file    func(question, kind, suffix string, options []string) string
	figures func(suffix string) string // all figures: .csv, .json
	embed   func(question, kind string, options []string) string
}

// teamLinks are the addresses on the team's pages.
func (p Page) teamLinks(version goalpost.StudyVersion, h assess.StudyHistory) studyLinks {
	base, query := p.Href("/studies/"+url.PathEscape(version.Study.ID)), ""
	if version.Version != h.Current().Version {
		query = "?version=" + strconv.Itoa(version.Version)
	}
	return studyLinks{
		version: func(n int) string { return base + "?version=" + strconv.Itoa(n) },
		file: func(q, kind, suffix string, options []string) string {
			return fileAddress(base, q, kind, suffix, query, options)
		},
		figures: func(suffix string) string { return base + "/figures" + suffix + query },
	}
}

// study makes the report.
func (p Page) study(h assess.StudyHistory, version goalpost.StudyVersion, view assess.StudyView, links studyLinks, zone *time.Location) StudyPage {
	study := version.Study
	p.Title = study.Title.In(p.lang)
	out := StudyPage{Page: p, Publisher: study.Publisher, Note: study.Note.In(p.lang)}
	switch {
	case version.Version != h.Current().Version:
		out.Correction = p.say("web.study.superseded", goalpost.PlainArg(version.Version), goalpost.PlainArg(h.Current().Version))
	case version.Version > 1 && version.Why != "":
		out.Correction = p.say("web.study.corrected", goalpost.PlainArg(version.Version), goalpost.TextArg(version.Why))
	}
	if view.Few {
		out.Few = p.T("web.study.few")
	}
	if view.Lost {
		out.Lost = p.T("web.study.lost")
	}
	f := figures{page: p, study: study, address: links.file, embed: links.embed}
	drawn := map[string]bool{}
	for _, s := range assess.Article(view) {
		if s.Figure == assess.FigureShares && len(s.Options) == 0 {
			drawn[s.Question] = true
		}
		q, _ := view.Question(s.Question)
		title := "web.study.not-comparable"
		if s.Figure == assess.FigureTrend {
			title = "web.study.breaks"
		}
		out.Statements = append(out.Statements, StatementView{Code: s.Code, Claim: p.printer.Note(s.Claim), Worth: p.printer.Note(s.Worth), Published: p.printer.Notes(s.Published),
			Conclusions: p.folded(s.Conclusions), Figure: f.draw(q, s.Figure, s.Options, "s-"+s.Code), BreaksTitle: title})
	}
	for _, q := range view.Questions {
		row := p.studyQuestion(f, q)
		row.Drawn = drawn[q.Code]
		out.Questions = append(out.Questions, row)
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
			out.Versions = append(out.Versions, p.versionRow(old, links, old.Version == version.Version, zone))
		}
	}
	out.JSON, out.CSV = links.figures(".json"), links.figures(".csv")
	return out
}

func (p Page) versionRow(v goalpost.StudyVersion, links studyLinks, current bool, zone *time.Location) StudyVersionRow {
	row := StudyVersionRow{Number: strconv.Itoa(v.Version), Who: v.By, Why: v.Why, Current: current, Href: links.version(v.Version)}
	if v.At.IsZero() {
		row.When, row.Why = p.T("web.study.shipped"), p.T("web.study.shipped.why")
	} else {
		row.When = p.printer.Time(v.At, zone)
	}
	return row
}
