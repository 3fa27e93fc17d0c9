package document

import (
	"goalpost/assess"
	"goalpost/locale"
)

// Share is what a table says, with its sentences in the reader's language.
type Share struct {
	assess.ShareReport
	Meaning      []string `json:"meaning"` // what the intervals may be called
	MeaningCodes []string `json:"meaning_codes"`
	Warnings     []string `json:"warnings"`
	WarningCodes []string `json:"warning_codes"`
}

// ShareOf makes the document of a report.
func ShareOf(say *locale.Printer, r assess.ShareReport) Share {
	d := Share{ShareReport: r}
	d.Meaning, d.MeaningCodes = Sentences(say, r.Meaning)
	d.Warnings, d.WarningCodes = Sentences(say, r.Warnings)
	return d
}
