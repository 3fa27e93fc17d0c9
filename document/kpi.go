package document

import (
	"goalpost/assess"
	"goalpost/locale"
)

// KPIs are values of one period.
type KPIs struct {
	KPIs []KPI `json:"kpis"`
}

// KPI is a KPI's value: the result with its definition in words.
type KPI struct {
	assess.KPIResult
	Name       string   `json:"name"`
	Definition string   `json:"definition"`
	Sources    []string `json:"sources"`
}

// KPIsOf makes the document of values.
func KPIsOf(say *locale.Printer, list []assess.KPIResult) KPIs {
	d := KPIs{KPIs: []KPI{}}
	for _, r := range list {
		d.KPIs = append(d.KPIs, kpiOf(say, r))
	}
	return d
}

func kpiOf(say *locale.Printer, r assess.KPIResult) KPI {
	e := KPI{KPIResult: r, Name: say.Word("kpi." + r.Code), Definition: r.Definition, Sources: OrEmpty(say.Notes(r.Sources))}
	if key := "kpi." + r.Code + ".definition"; say.Has(key) {
		e.Definition = say.T(key)
	}
	return e
}
