package locale

import "goalpost"

// Incremental writes what activities changed in sales, a sentence each.
func (p *Printer) Incremental(list []goalpost.Incremental) []string {
	var out []string
	for _, i := range list {
		activity, days := goalpost.TextArg(i.Activity), goalpost.TextArg(p.Range(i.From, i.Until))
		if i.Estimate == nil {
			out = append(out, p.T("verdict.incremental.nothing", activity, days))
			continue
		}
		unit := goalpost.UnitCount
		if i.Currency != "" {
			unit = goalpost.UnitMoney
		}
		value, lo, hi := p.Interval(*i.Estimate, unit, i.Currency)
		out = append(out, p.T("verdict.incremental."+string(i.Decision), activity, days, goalpost.TextArg(value), goalpost.TextArg(lo), goalpost.TextArg(hi),
			goalpost.TextArg(p.Level(i.Estimate.Level)), goalpost.WordArg("kpi."+i.KPI)))
	}
	return out
}
