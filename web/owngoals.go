package web

import (
	"net/http"
	"slices"
	"strconv"
	"strings"

	"goalpost"
	"goalpost/assess"
	"goalpost/chart"
)

// OwnGoalsView is the own history of goals beside the trade's figures.
type OwnGoalsView struct {
	None       bool // no goals yet
	New        string
	Since      string
	Shift      []string // what was added, dropped, moved
	Trade      []string
	Apart      []string // why the trade's figures are not comparable
	Figure     FigureView
	Columns    []string
	Rows       []OwnRow
	MovesTitle string
	MovesOpen  bool // few enough to be shown without a click
	Moves      []OwnMove
}

// OwnMove is one change of a goal.
type OwnMove struct{ When, Href, Name, What, Who, Why string }

// openMoves is how many changes are shown without a click.
const openMoves = 12

// ownGoals writes the history; self is the address of the page.
func (p Page) ownGoals(view assess.OwnView, self string) OwnGoalsView {
	b := view.Goals
	h := b.History
	out := OwnGoalsView{None: len(h.Moves) == 0, New: p.Href("/goals/new")}
	if !out.None {
		out.Since = p.say("web.own.goals.since", goalpost.TextArg(h.Moments[0].Label))
		out.Shift = p.shift(h)
	}
	for _, row := range b.Rows {
		if len(row.Trade) > 1 {
			out.Trade = append(out.Trade, p.tradeLine(row))
		}
		for _, c := range row.Changes {
			for _, s := range p.printer.Notes(c.Reasons) {
				if !slices.Contains(out.Apart, s) {
					out.Apart = append(out.Apart, s)
				}
			}
		}
	}
	p.ownGoalsTable(&out, view)
	wide, narrow := p.besideScene(view, chart.Wide), p.besideScene(view, chart.Narrow)
	out.Figure = FigureView{Title: wide.Title, Wide: inline(wide, "own-goals", false), Narrow: inline(narrow, "own-goals", true), SVG: self + "/goals.svg", PNG: self + "/goals.png", CSV: self + "/goals.csv"}
	out.MovesTitle = p.say("web.own.goals.moves.title", goalpost.NumberArg(float64(len(h.Moves))))
	out.MovesOpen = len(h.Moves) <= openMoves
	for _, m := range h.Moves {
		out.Moves = append(out.Moves, OwnMove{When: p.printer.Day(m.Day), Href: p.goalHref(m.Goal), Name: p.printer.Arg(m.Name), What: strings.Join(p.printer.Notes(m.What), "; "), Who: m.By, Why: m.Why})
	}
	return out
}

// shift says what was added, dropped and moved.
func (p Page) shift(h assess.GoalHistory) []string {
	var list []string
	if len(h.Added) > 0 {
		list = append(list, p.say("web.own.goals.added", goalpost.TextArg(p.goalKinds(h.Added))))
	}
	if len(h.Dropped) > 0 {
		list = append(list, p.say("web.own.goals.dropped", goalpost.TextArg(p.goalKinds(h.Dropped))))
	}
	if h.Shifted > 0 {
		list = append(list, p.say("web.own.goals.moved", goalpost.NumberArg(float64(h.Shifted))))
	}
	switch {
	case len(h.Moments) < 2:
		list = append(list, p.T("web.own.goals.first"))
	case len(list) == 0:
		list = append(list, p.T("web.own.goals.still"))
	}
	return list
}

// tradeLine is the way of one goal in the trade: an arrow leads to a figure that can be
// compared with the one before, two strokes to one that cannot.
func (p Page) tradeLine(row assess.GoalBeside) string {
	var b strings.Builder
	b.WriteString(p.printer.Option(row.Option) + " – ")
	for i, r := range row.Trade {
		switch {
		case i == 0:
		case slices.ContainsFunc(row.Changes, func(c goalpost.Change) bool { return c.To == r.Reference && c.Comparable }):
			b.WriteString(" → ")
		default:
			b.WriteString(" // ")
		}
		b.WriteString(p.printer.Reference(r.Reference) + ": " + p.printer.Published(r))
		if extra := p.figureExtra(r); extra != "" {
			b.WriteString(" (" + extra + ")")
		}
	}
	return b.String()
}

// tradeMoments are the references of which the trade has figures for goals.
func tradeMoments(view assess.OwnView) []goalpost.Reference {
	return figures{study: view.Study}.references(ofOneType(view.Goals.Question))
}

func (p Page) ownGoalsTable(out *OwnGoalsView, view assess.OwnView) {
	refs := tradeMoments(view)
	for _, m := range view.Goals.History.Moments {
		out.Columns = append(out.Columns, p.say("web.own.you", goalpost.TextArg(m.Label)))
	}
	for _, r := range refs {
		out.Columns = append(out.Columns, p.say("web.own.trade", goalpost.ReferenceArg(r.ID)))
	}
	for _, row := range view.Goals.Rows {
		line := OwnRow{Option: p.printer.Option(row.Option)}
		add := func(text, extra string) { line.cell(out.Columns, text, extra) }
		for _, s := range row.States {
			add(p.stateWord(s), "")
		}
		for _, ref := range refs {
			i := slices.IndexFunc(row.Trade, func(r goalpost.Result) bool { return r.Reference == ref.ID })
			if i < 0 {
				add("–", "")
				continue
			}
			add(p.printer.Published(row.Trade[i]), p.figureExtra(row.Trade[i]))
		}
		out.Rows = append(out.Rows, line)
	}
}

func (p Page) stateWord(s goalpost.GoalState) string {
	if s == "" {
		return "–"
	}
	return p.printer.Word("own.state." + string(s))
}

// stageOf is how large a state is drawn.
var stageOf = map[goalpost.GoalState]int{goalpost.Wish: 1, goalpost.Declared: 2, goalpost.Operational: 3}

// besideScene draws the history beside the figures.
func (p Page) besideScene(view assess.OwnView, width float64) chart.Scene {
	b := view.Goals
	q := ofOneType(b.Question)
	refs := tradeMoments(view)
	d := chart.BesideData{Title: p.T("web.own.chart.title"), OwnTitle: p.T("web.own.chart.you"), TradeTitle: p.T("web.own.chart.trade"), Percent: p.printer.Percent, Level: p.T("web.own.chart.level"), Moments: p.moments(refs)}
	for _, s := range []goalpost.GoalState{goalpost.Wish, goalpost.Declared, goalpost.Operational} {
		d.States = append(d.States, chart.Stage{Label: p.printer.Word("state." + string(s)), Size: stageOf[s]})
	}
	for _, m := range b.History.Moments {
		d.OwnMoments = append(d.OwnMoments, m.Label)
	}
	f := figures{page: p, study: view.Study}
	var said []string
	for _, row := range b.Rows {
		line := chart.BesideRow{Label: p.printer.Option(row.Option)}
		for i, s := range row.States {
			line.Own = append(line.Own, stageOf[s])
			if s != "" {
				said = append(said, line.Label+", "+b.History.Moments[i].Label+": "+p.stateWord(s))
			}
		}
		for _, r := range refs {
			line.Marks = append(line.Marks, f.mark(q, r.ID, row.Option.Code, &said))
		}
		d.Rows = append(d.Rows, line)
	}
	d.Desc = strings.Join(said, "; ")
	return chart.DrawBeside(d, width)
}

// ownFile answers with the history as a file: goals.svg, goals.png, goals.csv. A
// question of a study may have the code "own": its files are here too.
func (s *Server) ownFile(w http.ResponseWriter, r *http.Request, v visitor) error {
	kind, suffix, _ := strings.Cut(r.PathValue("file"), ".")
	if kind != "goals" {
		r.SetPathValue("question", "own")
		return s.studyFile(w, r, v)
	}
	view, err := s.ownOf(r, v)
	if err != nil {
		return err
	}
	if view.Goals == nil {
		return notFound()
	}
	p, name := s.newPage(r, &v, ""), view.Study.ID+"-own-goals"
	if suffix == "csv" {
		return writeCSV(w, name+".csv", p.besideRows(view))
	}
	return s.writeScene(w, r, p.besideScene(view, chart.Wide), name, suffix)
}

// besideRows is the table behind the chart, one row a mark.
func (p Page) besideRows(view assess.OwnView) [][]string {
	rows := [][]string{{"goal", "label", "side", "moment", "state", "share", "lo", "hi", "published", "published_max", "approximate", "base_kind", "flags"}}
	for _, row := range view.Goals.Rows {
		label := escapeFormula(p.printer.Option(row.Option))
		for i, s := range row.States {
			if s != "" {
				rows = append(rows, []string{row.Option.Code, label, "own", view.Goals.History.Moments[i].Label, string(s), "", "", "", "", "", "", "", ""})
			}
		}
		for _, r := range row.Trade {
			rows = append(rows, []string{row.Option.Code, label, "trade", escapeFormula(r.Reference), "", exactOr(r.Share), exactOr(r.Lo), exactOr(r.Hi), exactOr(r.Published), exactOr(r.PublishedMax),
				strconv.FormatBool(r.Approximate), string(r.BaseKind), strings.Join(r.Flags, " ")})
		}
	}
	return rows
}
