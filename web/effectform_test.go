package web

import (
	"context"
	"fmt"
	"html"
	"strings"
	"testing"

	"goalpost/assess"
)

// Who changes a plan finds what was said before: a margin that is not typed again is not
// lost.
func TestChangeOfAPlanKeepsWhatWasSaid(t *testing.T) {
	s := withSales(t)
	a, err := assess.ConfirmAnalysis(context.Background(), s.server.DB, s.org(t), assess.AnalysisInput{Activity: 1, Smallest: "7%", Margin: "12.5", By: "anna", Now: testNow})
	if err != nil {
		t.Fatal(err)
	}
	page := s.page(fmt.Sprintf("/de/effects/%d/change", a.ID))
	for _, want := range []string{`value="7%"`, `value="12,5"`} {
		if !strings.Contains(page, want) {
			t.Errorf("%s is missing in\n%s", want, page)
		}
	}
}

// What is proposed stands open; what a person may add is folded away, and comes up once it
// is chosen.
func TestFurtherControlsAreFolded(t *testing.T) {
	s := withSales(t)
	key := "kpi=orders&region=West"
	open := func(page string) string {
		_, controls, _ := strings.Cut(page, `id="controls"`)
		controls, _, _ = strings.Cut(controls, "</fieldset>")
		before, _, _ := strings.Cut(controls, "<details>")
		return html.UnescapeString(before)
	}
	page := s.page("/en/effects/new?activity=1")
	if got := open(page); !strings.Contains(got, key) {
		t.Errorf("what is proposed is folded away:\n%s", got)
	}
	p := EffectFormPage{Page: Page{printer: printerFor("en", nil)}}
	options := []assess.ControlOption{{Key: "a", Chosen: true}, {Key: "b"}, {Key: "c", Touched: true}}
	p.addChoices(assess.AnalysisProposal{Controls: options}, assess.AnalysisInput{}, nil)
	if len(p.Controls) != 1 || len(p.Further) != 2 || p.Further[1].Touched == "" || p.FurtherTitle != "2 more series" {
		t.Errorf("%+v, and %s: %+v", p.Controls, p.FurtherTitle, p.Further)
	}
	p = EffectFormPage{Page: Page{printer: printerFor("en", nil)}}
	p.addChoices(assess.AnalysisProposal{Controls: options}, assess.AnalysisInput{Controls: []string{"b"}}, nil)
	if len(p.Controls) != 2 || p.Controls[0].Checked || !p.Controls[1].Checked {
		t.Errorf("chosen instead: %+v", p.Controls)
	}
}
