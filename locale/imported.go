package locale

import (
	"strconv"
	"strings"

	"goalpost"
)

// BadCell says which cell of a file could not be read: where it stands and what it holds.
func (p *Printer) BadCell(reason string, c goalpost.BadCell) string {
	return p.T("import.cell."+reason, goalpost.PlainArg(c.Line), goalpost.TextArg(c.Column), goalpost.TextArg(c.Value))
}

// Overlap says for each metric of a file how it agrees with earlier imports: what is new,
// known, or different. It is empty where no other import has the same series and days.
func (p *Printer) Overlap(r goalpost.FileReport) []string {
	if len(r.Overlap) == 0 {
		return nil
	}
	var out []string
	seen := map[goalpost.Metric]bool{}
	for _, o := range r.Overlap {
		seen[o.Metric] = true
		word := goalpost.WordArg("metric." + string(o.Metric))
		if o.Same > 0 {
			out = append(out, p.T("import.overlap.same", word, goalpost.NumberArg(float64(o.Same))))
		}
		if o.Differ > 0 {
			out = append(out, p.differ(o, word))
		}
	}
	for _, m := range r.Metrics() {
		if !seen[m] {
			out = append(out, p.T("import.overlap.new", goalpost.WordArg("metric."+string(m))))
		}
	}
	return out
}

// differ says how many values another import states otherwise, which of them counts, and
// shows the first.
func (p *Printer) differ(o goalpost.Overlap, word goalpost.Arg) string {
	key := "import.overlap.differ"
	switch {
	case o.Older == o.Differ:
		key = "import.overlap.differ-older"
	case o.Older > 0:
		key = "import.overlap.differ-mixed"
	}
	s := p.T(key, word, goalpost.NumberArg(float64(o.Differ)))
	if f := o.First; f != nil {
		value := func(v float64) goalpost.Arg {
			if f.Currency != "" {
				return goalpost.MoneyArg(v, f.Currency)
			}
			return goalpost.NumberArg(v)
		}
		s += " " + p.T("import.overlap.first", goalpost.PlainArg(f.Line), goalpost.DayArg(f.Day), value(f.Before), value(f.Now))
	}
	if o.Differ > 1 && len(o.Lines) > 1 {
		const shown = 8
		var lines []string
		for _, l := range o.Lines[:min(shown, len(o.Lines))] {
			lines = append(lines, strconv.Itoa(l))
		}
		if len(o.Lines) > shown {
			lines = append(lines, "…")
		}
		s += " " + p.T("import.overlap.lines", goalpost.TextArg(strings.Join(lines, ", ")))
	}
	return s
}
