package locale

import "goalpost"

// Incremental writes what activities changed in sales, as the page of each says it.
func (p *Printer) Incremental(list []goalpost.Incremental) []string {
	var out []string
	for _, i := range list {
		out = append(out, p.T("verdict.incremental.entry", goalpost.TextArg(p.Range(i.From, i.Until)), goalpost.TextArg(p.Note(i.Headline)), goalpost.TextArg(p.Note(i.Span))))
	}
	return out
}
