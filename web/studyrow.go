package web

import (
	"net/url"
	"slices"
	"strings"

	"goalpost"
	"goalpost/assess"
)

func (p Page) wave(w goalpost.Wave) StudyWaveRow {
	row := StudyWaveRow{ID: p.printer.Wave(w.ID), Field: p.fieldDates(w), Who: w.Who.In(p.lang), Sample: p.printer.Word("sample." + string(w.Sample)), Source: w.Source, SourceName: siteOf(w.Source), Note: w.Note.In(p.lang)}
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
		Shares: f.draw(q, assess.FigureShares, nil, "q-"+q.Code), Hints: p.folded(q.Hints)}
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
	changes, all := q.ShownChanges()
	if !all {
		out.Changes = append(out.Changes, p.T("web.study.changes.next"))
	}
	for _, c := range changes {
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

// FoldedNote is a sentence, and what only those read who ask.
type FoldedNote struct {
	Text, Title, More string
}

// folded writes notes; the bases that would fit are folded into the hint before them.
func (p Page) folded(notes []goalpost.Note) []FoldedNote {
	var list []FoldedNote
	for _, n := range notes {
		if n.Key == assess.NoteBases && len(list) > 0 {
			last := &list[len(list)-1]
			last.Title, last.More = p.T("web.study.bases"), p.printer.Note(n)
			continue
		}
		list = append(list, FoldedNote{Text: p.printer.Note(n)})
	}
	return list
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
