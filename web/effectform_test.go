package web

import (
	"context"
	"fmt"
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
