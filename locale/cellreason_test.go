package locale

import (
	"strings"
	"testing"

	"goalpost"
	"goalpost/ingest"
)

// Every reason for which a cell is reported has a sentence of its own in both languages.
func TestCellReasons(t *testing.T) {
	for _, lang := range Languages() {
		p := New(lang, "")
		for _, reason := range ingest.CellReasons() {
			if text := p.BadCell(reason, goalpost.BadCell{Line: 7, Column: "orders", Value: "many"}); strings.Contains(text, "import.cell") || !strings.Contains(text, "many") {
				t.Errorf("%s, %s: %s", lang, reason, text)
			}
			if text := p.T("import.reason." + reason); strings.Contains(text, "import.reason") {
				t.Errorf("%s: %s", lang, text)
			}
		}
	}
}
