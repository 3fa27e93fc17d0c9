package document

import (
	"goalpost/assess"
	"goalpost/locale"
)

// Understanding is how well a team knew its customers, in numbers and words.
type Understanding struct {
	assess.UnderstandingReport
	Sentences    []string `json:"sentences"`
	Meaning      []string `json:"meaning"`
	MeaningCodes []string `json:"meaning_codes"`
	Warnings     []string `json:"warnings"`
	WarningCodes []string `json:"warning_codes"`
}

// UnderstandingOf makes the document of a report.
func UnderstandingOf(say *locale.Printer, r assess.UnderstandingReport) Understanding {
	d := Understanding{UnderstandingReport: r, Sentences: OrEmpty(say.Notes(r.Sentences))}
	d.Meaning, d.MeaningCodes = Sentences(say, r.Meaning)
	d.Warnings, d.WarningCodes = Sentences(say, r.Warnings)
	return d
}
