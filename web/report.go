package web

import (
	"net/http"
	"slices"
	"strconv"
	"strings"

	"goalpost"
	"goalpost/document"
)

// linesShown is how many lines of a reason the page lists; the download has all.
const linesShown = 20

// cellsShown is how many cells of a reason the page shows; the download has more.
const cellsShown = 5

// ReportPage is what an import found in a file.
type ReportPage struct {
	Page
	File     string
	Sub      string
	Known    string
	Undone   string
	Summary  string
	Facts    []Fact
	CSV      string
	JSON     string
	Reasons  []ReasonRow
	Overlap  []string // how the numbers agree with earlier imports
	Notes    []string
	Totals   []Fact
	UndoHref string
}

// ReasonRow is why rows were not kept.
type ReasonRow struct {
	Text  string
	Count string
	Lines string
	Cells []string // the first cells that could not be read
}

// report shows what became of a file's rows.
func (s *Server) report(w http.ResponseWriter, r *http.Request, v visitor) error {
	i, err := s.importOf(r, v)
	if err != nil {
		return err
	}
	p := ReportPage{Page: s.newPage(r, &v, "web.report.title"), File: i.File}
	p.nav = "import"
	href := p.Href("/imports/" + strconv.FormatInt(int64(i.ID), 10))
	p.CSV, p.JSON = href+"/report.csv", href+"/report.json"
	p.Title = p.Title + ": " + i.File
	p.Sub = p.say("web.report.sub", goalpost.TextArg(p.printer.Time(i.StartedAt, v.org.Zone())), goalpost.TextArg(i.By))
	switch i.State {
	case goalpost.ImportDone:
		if p.CanEdit {
			p.UndoHref = href + "/undo"
		}
	case goalpost.ImportUndone:
		p.Undone = p.say("web.report.undone", goalpost.TextArg(p.printer.Time(i.UndoneAt, v.org.Zone())), goalpost.TextArg(i.UndoneBy))
	default:
		p.Undone = p.T("web.import.state." + string(i.State))
	}
	if r.URL.Query().Get("known") != "" && i.State == goalpost.ImportDone {
		p.Known = p.T("web.report.known")
	}
	p.fill(i, v.org)
	return s.render(w, http.StatusOK, "report", p)
}

func (p *ReportPage) fill(i goalpost.Import, org goalpost.Organisation) {
	rep := i.Report
	number := func(n int) string { return p.printer.Number(float64(n)) }
	fact := func(key, text string) {
		if text != "" {
			p.Facts = append(p.Facts, Fact{Name: p.T(key), Text: text})
		}
	}
	p.Summary = p.say("web.batch.done", goalpost.NumberArg(float64(rep.Kept)), goalpost.NumberArg(float64(rep.Reported)))
	fact("web.report.rows", number(rep.Rows))
	fact("web.report.kept", number(rep.Kept))
	fact("web.report.reported", number(rep.Reported))
	fact("web.report.already-known", number(rep.AlreadyKnown))
	fact("web.report.dialect", p.dialect(i.Dialect))
	fact("web.report.dates", p.dates(rep.FirstDate, rep.LastDate))
	if !rep.ObservedAt.IsZero() {
		fact("web.report.observed", p.printer.Time(rep.ObservedAt, org.Zone()))
	}
	var accounts []string
	for _, a := range rep.Accounts {
		accounts = append(accounts, strings.TrimSpace(a.Name+" ("+p.printer.Word("network."+string(a.Network))+")"))
	}
	fact("web.report.accounts", strings.Join(accounts, ", "))
	p.Facts = append(p.Facts, Fact{Name: p.T("web.report.hash"), Text: i.SHA256, Hash: true})
	p.Notes, p.Overlap = p.printer.Notes(rep.Notes), p.printer.Overlap(rep)
	for _, reason := range rep.Reasons {
		row := ReasonRow{Text: p.T("import.reason." + reason.Reason), Count: number(reason.Count), Lines: linesOf(reason)}
		for _, c := range reason.Cells[:min(cellsShown, len(reason.Cells))] {
			row.Cells = append(row.Cells, p.printer.BadCell(reason.Reason, c))
		}
		p.Reasons = append(p.Reasons, row)
	}
	for _, m := range sortedMetrics(rep.Totals) {
		if m == goalpost.Reach || m == goalpost.DurationS || m == goalpost.Followers {
			continue // never added: the sum means nothing but to a program that checks the file
		}
		text := p.printer.Number(rep.Totals[m])
		k, known := goalpost.KPIByCode(string(m))
		if money := known && k.Unit == goalpost.UnitMoney || m == costMetric; money && rep.Currency != "" {
			text = p.printer.Money(rep.Totals[m], rep.Currency)
		}
		p.Totals = append(p.Totals, Fact{Name: p.printer.Word("metric." + string(m)), Text: text})
	}
}

// costMetric is what activities cost, in the totals of their file.
const costMetric goalpost.Metric = "cost"

// dates writes the first and last date of a file; what is no day is written as it is.
func (p Page) dates(first, last string) string {
	if first == "" {
		return ""
	}
	a, errA := goalpost.ParseDay(first)
	b, errB := goalpost.ParseDay(last)
	if errA != nil || errB != nil {
		return first + " – " + last
	}
	return p.printer.Range(a, b)
}

// sortedMetrics lists metrics in the order of the catalogue, unknown ones last.
func sortedMetrics(totals map[goalpost.Metric]float64) []goalpost.Metric {
	var out []goalpost.Metric
	for _, m := range goalpost.PostMetrics() {
		if _, ok := totals[m]; ok {
			out = append(out, m)
		}
	}
	known := len(out)
	for m := range totals {
		if !slices.Contains(out[:known], m) {
			out = append(out, m)
		}
	}
	slices.Sort(out[known:])
	return out
}

func linesOf(r goalpost.Reason) string {
	var b strings.Builder
	for i, line := range r.Lines[:min(linesShown, len(r.Lines))] {
		if i > 0 {
			b.WriteString(", ")
		}
		b.WriteString(strconv.Itoa(line))
	}
	if r.Count > linesShown {
		b.WriteString(" …")
	}
	return b.String()
}

// reportCSV is the report for spreadsheets: one row a reported line, and one for
// those of a reason whose lines are not listed.
func (s *Server) reportCSV(w http.ResponseWriter, r *http.Request, v visitor) error {
	i, err := s.importOf(r, v)
	if err != nil {
		return err
	}
	p := s.newPage(r, &v, "")
	rows := [][]string{{"file", "line", "reason", "text", "count", "column", "value"}}
	for _, reason := range i.Report.Reasons {
		text := p.T("import.reason." + reason.Reason)
		for _, line := range reason.Lines {
			column, value := reason.Cell(line)
			rows = append(rows, []string{escapeFormula(i.File), strconv.Itoa(line), reason.Reason, escapeFormula(text), "1", escapeFormula(column), escapeFormula(value)})
		}
		if rest := reason.Count - len(reason.Lines); rest > 0 {
			rows = append(rows, []string{escapeFormula(i.File), "", reason.Reason, escapeFormula(text), strconv.Itoa(rest), "", ""})
		}
	}
	return writeCSV(w, "report-"+strconv.FormatInt(int64(i.ID), 10)+".csv", rows)
}

// reportJSON is the report for programs, as goalpost import prints it.
func (s *Server) reportJSON(w http.ResponseWriter, r *http.Request, v visitor) error {
	i, err := s.importOf(r, v)
	if err != nil {
		return err
	}
	attach(w, "report-"+strconv.FormatInt(int64(i.ID), 10)+".json")
	return writeJSON(w, document.ReportOf(i.Report))
}
