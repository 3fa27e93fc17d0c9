package web

import (
	"context"
	"fmt"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"

	"goalpost"
	"goalpost/assess"
	"goalpost/chart"
)

// figures draws the charts of a study.
type figures struct {
	page  Page
	study goalpost.Study
	// address is where a file of a chart is found.
	address func(question, kind, suffix string, options []string) string
	// embed makes the code for pages of others; nil where there is none.
	embed func(question, kind string, options []string) string
}

// fileAddress is the address of a file of a chart on the server.
func fileAddress(base, question, kind, suffix, query string, options []string) string {
	if len(options) > 0 {
		sep := "?"
		if query != "" {
			sep = "&"
		}
		query += sep + "option=" + url.QueryEscape(strings.Join(options, " "))
	}
	return base + "/" + url.PathEscape(question) + "/" + kind + suffix + query
}

// draw makes a chart of a question with its downloads; none where there is nothing to
// draw.
func (f figures) draw(q assess.QuestionView, kind string, options []string, id string) FigureView {
	if len(q.Versions) == 0 || q.Current().Type == goalpost.NumberQuestion {
		return FigureView{}
	}
	wide, breaks, ok := f.scene(q, kind, options, chart.Wide)
	if !ok {
		return FigureView{}
	}
	narrow, _, _ := f.scene(q, kind, options, chart.Narrow)
	at := func(suffix string) string { return f.address(q.Code, kind, suffix, options) }
	v := FigureView{Title: wide.Title, Wide: inline(wide, id, false), Narrow: inline(narrow, id, true), SVG: at(".svg"), PNG: at(".png"), CSV: at(".csv"), Breaks: breaks}
	if f.embed != nil {
		v.Embed, v.EmbedID = f.embed(q.Code, kind, options), "embed-"+id
		v.EmbedTitle, v.EmbedLabel = f.page.T("web.study.embed"), f.page.say("web.study.embed.label", goalpost.TextArg(v.Title))
	}
	return v
}

// scene draws a question: its shares side by side, or the way of one option.
func (f figures) scene(q assess.QuestionView, kind string, options []string, width float64) (s chart.Scene, breaks []string, ok bool) {
	if len(q.Results) == 0 {
		return s, nil, false
	}
	if kind == assess.FigureTrend {
		return f.trend(q, options, width)
	}
	p := f.page
	d := chart.SharesData{Title: q.Current().Wording.In(p.lang), Percent: p.printer.Percent}
	q = ofOneType(q)
	refs := f.references(q)
	var said []string
	d.Moments = p.moments(refs)
	for _, option := range optionsOf(q, options) {
		row := chart.ShareRow{Label: p.printer.Option(q.Option(option))}
		for _, r := range refs {
			row.Marks = append(row.Marks, f.mark(q, r.ID, option, &said))
		}
		d.Rows = append(d.Rows, row)
	}
	d.Desc = strings.Join(said, "; ")
	var marks []chart.ShareMark
	for _, row := range d.Rows {
		marks = append(marks, row.Marks...)
	}
	d.Level = p.legend("web.study.level", marks, false)
	return chart.DrawShares(d, width), f.apart(q, optionsOf(q, options)), true
}

// legend explains what a chart shows, and nothing that it does not.
func (p Page) legend(lines string, marks []chart.ShareMark, breaks bool) string {
	var said []string
	if slices.ContainsFunc(marks, func(m chart.ShareMark) bool { return m.HasRange }) {
		said = append(said, p.T(lines))
	}
	if slices.ContainsFunc(marks, func(m chart.ShareMark) bool { return m.Has && m.Below }) {
		said = append(said, p.T("web.study.level.below"))
	}
	if breaks {
		said = append(said, p.T("web.study.level.break"))
	}
	return strings.Join(said, " ")
}

// moments are the references of a chart: earlier ones, the newest, the expected.
func (p Page) moments(refs []goalpost.Reference) []chart.Moment {
	var out []chart.Moment
	for i, r := range refs {
		class := chart.Ring
		switch {
		case r.Kind == goalpost.ReferenceExpected:
			class = chart.Hope
		case i == len(refs)-1 || refs[i+1].Kind == goalpost.ReferenceExpected:
			class = chart.Dot
		}
		out = append(out, chart.Moment{Label: p.printer.Reference(r.ID), Class: class})
	}
	return out
}

// apart says which references of a chart cannot be compared with each other, and why.
func (f figures) apart(q assess.QuestionView, options []string) []string {
	p := f.page
	var out []string
	changes, _ := q.ShownChanges()
	for _, c := range changes {
		if c.Comparable || !slices.Contains(options, c.Option) {
			continue
		}
		for _, n := range c.Reasons {
			if !strings.HasPrefix(n.Key, "study.break.") {
				continue // a bound: the mark says so itself
			}
			s := p.say("web.study.apart", goalpost.TextArg(p.printer.Reference(c.From)), goalpost.TextArg(p.printer.Reference(c.To)), goalpost.TextArg(p.printer.Note(n)))
			if !slices.Contains(out, s) {
				out = append(out, s)
			}
		}
	}
	return out
}

// ofOneType leaves out the figures of versions that were asked in another way than the
// newest: shares of different types of question never stand on one scale.
func ofOneType(q assess.QuestionView) assess.QuestionView {
	kind := q.Current().Type
	same := map[int]bool{}
	for _, v := range q.Versions {
		same[v.Version] = v.Type == kind
	}
	q.Results = slices.DeleteFunc(slices.Clone(q.Results), func(r goalpost.Result) bool { return !same[r.Version] })
	return q
}

// references are those that a question has figures for.
func (f figures) references(q assess.QuestionView) []goalpost.Reference {
	var refs []goalpost.Reference
	for _, r := range f.study.References {
		for _, x := range q.Results {
			if x.Reference == r.ID {
				refs = append(refs, r)
				break
			}
		}
	}
	return refs
}

// optionsOf are the options that have a figure, of those that are wanted.
func optionsOf(q assess.QuestionView, wanted []string) []string {
	var out []string
	for _, v := range q.Versions {
		for _, o := range v.Options {
			if len(wanted) > 0 && !slices.Contains(wanted, o.Code) || slices.Contains(out, o.Code) {
				continue
			}
			for _, r := range q.Results {
				if r.Option == o.Code {
					out = append(out, o.Code)
					break
				}
			}
		}
	}
	return out
}

// mark is one figure of a chart; said collects what it says, for people who cannot see.
func (f figures) mark(q assess.QuestionView, reference, option string, said *[]string) chart.ShareMark {
	p := f.page
	r, ok := q.Result(reference, option)
	if !ok || r.Mean != nil {
		return chart.ShareMark{}
	}
	*said = append(*said, p.printer.Option(q.Option(option))+", "+p.printer.Reference(reference)+": "+p.printer.Published(r))
	m := chart.ShareMark{Has: true}
	switch {
	case r.PublishedMax != nil:
		m.Value, m.Below, m.Note = *r.PublishedMax, true, p.printer.Published(r)
	case r.Approximate:
		m.Value, m.Note = *r.Published, p.printer.Published(r)
	case r.Share != nil:
		m.Value, m.HasRange, m.Lo, m.Hi = *r.Share, true, *r.Lo, *r.Hi
	default:
		m.Value, m.Note = *r.Published, p.T("web.study.no-range")
	}
	return m
}

// trend draws the way of options over the references, broken with its reasons.
func (f figures) trend(q assess.QuestionView, options []string, width float64) (s chart.Scene, breaks []string, ok bool) {
	q = ofOneType(q)
	p, refs := f.page, f.references(q)
	d := chart.TrendData{Title: q.Current().Wording.In(p.lang), Percent: p.printer.Percent}
	for _, r := range refs {
		d.Moments = append(d.Moments, p.printer.Reference(r.ID))
	}
	var said []string
	var marks []chart.ShareMark
	number, changes := map[string]string{}, q.ChangesByPlace()
	for _, option := range optionsOf(q, options) {
		line := chart.TrendLine{Label: p.printer.Option(q.Option(option)), Joined: make([]bool, len(refs)), Breaks: make([]string, len(refs))}
		last := -1
		for i, r := range refs {
			m := f.mark(q, r.ID, option, &said)
			line.Marks = append(line.Marks, m)
			if !m.Has {
				continue
			}
			if last >= 0 {
				c := changes[[3]string{refs[last].ID, r.ID, option}]
				line.Joined[last] = c.Comparable
				if !c.Comparable {
					why := strings.Join(p.printer.Notes(c.Reasons), " ")
					if number[why] == "" {
						number[why] = strconv.Itoa(len(number) + 1)
						breaks = append(breaks, why)
					}
					line.Breaks[last] = number[why]
				}
			}
			last = i
		}
		d.Lines = append(d.Lines, line)
		marks = append(marks, line.Marks...)
	}
	d.Desc = strings.Join(said, "; ")
	d.Level = p.legend("web.study.level.trend", marks, len(breaks) > 0)
	return chart.DrawTrend(d, width), breaks, len(d.Lines) > 0
}

// studyFile answers with a chart or a table of one question: shares.svg, trend.png,
// shares.csv.
func (s *Server) studyFile(w http.ResponseWriter, r *http.Request, v visitor) error {
	h, version, err := s.studyOf(r, v)
	if err != nil {
		return err
	}
	view, err := assess.ViewStudyVersion(r.Context(), s.DB, v.org.ID, h, version)
	if err != nil {
		return err
	}
	q, ok := view.Question(r.PathValue("question"))
	kind, suffix, _ := strings.Cut(r.PathValue("file"), ".")
	if !ok || (kind != assess.FigureShares && kind != assess.FigureTrend) {
		return notFound()
	}
	p := s.newPage(r, &v, "")
	name := version.Study.ID + "-" + q.Code + "-" + kind
	if suffix == "csv" {
		return writeCSV(w, name+".csv", p.resultRows(q))
	}
	f := figures{page: p, study: version.Study}
	scene, _, ok := f.scene(q, kind, strings.Fields(r.URL.Query().Get("option")), chart.Wide)
	if !ok {
		return notFound()
	}
	return s.writeScene(w, r, f.alone(scene), name, suffix)
}

// alone makes a picture that says by itself what was asked and where it comes from.
func (f figures) alone(scene chart.Scene) chart.Scene {
	return scene.Captioned(f.page.say("web.frame.source", goalpost.TextArg(f.study.Title.In(f.page.lang)), goalpost.TextArg(f.study.Publisher)))
}

// draw makes a picture. Each takes megabytes and a core while it is made, so there are
// only so many at once.
func (s *Server) draw(ctx context.Context, scene chart.Scene) ([]byte, error) {
	return s.drawAt(ctx, scene, pngScale)
}

// drawAt is draw at a size of its own.
func (s *Server) drawAt(ctx context.Context, scene chart.Scene, scale float64) ([]byte, error) {
	select {
	case s.drawing <- struct{}{}:
		defer func() { <-s.drawing }()
		return scene.PNG(scale)
	case <-ctx.Done():
		return nil, ctx.Err()
	}
}

// writeScene answers with a chart as a file of its own.
func (s *Server) writeScene(w http.ResponseWriter, r *http.Request, scene chart.Scene, name, suffix string) error {
	switch suffix {
	case "svg":
		w.Header().Set("Content-Type", "image/svg+xml")
		attach(w, name+".svg")
		_, _ = w.Write([]byte(scene.SVG())) // the client went away; there is nobody to tell
		return nil
	case "png":
		b, err := s.draw(r.Context(), scene)
		if err != nil {
			return fmt.Errorf("web: %s: %w", name, err)
		}
		writePNG(w, b, name)
		return nil
	}
	return notFound()
}

// writePNG answers with a picture.
func writePNG(w http.ResponseWriter, b []byte, name string) {
	w.Header().Set("Content-Type", "image/png")
	attach(w, name+".png")
	_, _ = w.Write(b) // the client went away; there is nobody to tell
}

// studyFigures answers with the figures of a study as they can be imported.
func (s *Server) studyFigures(w http.ResponseWriter, r *http.Request, v visitor) error {
	_, version, err := s.studyOf(r, v)
	if err != nil {
		return err
	}
	return writeStudy(w, version.Study, strings.HasSuffix(r.URL.Path, ".json"))
}

// writeStudy answers with a study as it can be imported.
func writeStudy(w http.ResponseWriter, study goalpost.Study, asJSON bool) error {
	if asJSON {
		attach(w, study.ID+".json")
		return writeJSON(w, study)
	}
	return writeCSV(w, study.ID+".csv", studyRows(study))
}

// studyRows is the table of a study's figures, safe for spreadsheets.
func studyRows(study goalpost.Study) [][]string {
	rows := [][]string{assess.StudyColumns()}
	for _, row := range assess.StudyRows(study) {
		for i := range row {
			row[i] = escapeFormula(row[i])
		}
		rows = append(rows, row)
	}
	return rows
}

// resultRows is the table behind a chart.
func (p Page) resultRows(q assess.QuestionView) [][]string {
	rows := [][]string{{"question", "reference", "option", "label", "share", "lo", "hi", "published", "published_max", "approximate", "base", "base_kind", "quality", "flags", "source"}}
	for _, r := range q.Results {
		base := ""
		if r.Base != nil {
			base = strconv.Itoa(*r.Base)
		}
		row := []string{q.Code, r.Reference, r.Option, p.printer.Option(q.Option(r.Option)), exactOr(r.Share), exactOr(r.Lo), exactOr(r.Hi), exactOr(r.Published), exactOr(r.PublishedMax),
			strconv.FormatBool(r.Approximate), base, string(r.BaseKind), string(r.Quality), strings.Join(r.Flags, " "), r.Source}
		for i := range row {
			row[i] = escapeFormula(row[i])
		}
		rows = append(rows, row)
	}
	return rows
}
