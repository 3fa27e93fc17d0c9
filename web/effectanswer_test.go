package web

import (
	"context"
	"strings"
	"testing"

	"goalpost"
	"goalpost/assess"
)

// One answer, one sentence: the page, the list, the goals, the caption of the chart and the
// file for passing on say the same.
func TestEffectSaysOneSentence(t *testing.T) {
	ctx := context.Background()
	s := withSales(t)
	a, err := assess.ConfirmAnalysis(ctx, s.server.DB, s.org(t), assess.AnalysisInput{Activity: 1, By: "anna", Now: testNow})
	if err != nil {
		t.Fatal(err)
	}
	if _, err := assess.RunAnalysis(ctx, s.server.DB, s.org(t), a.ID, assess.RunOptions{Now: testNow}); err != nil {
		t.Fatal(err)
	}
	v, err := assess.ViewAnalysis(ctx, s.server.DB, s.org(t), a.ID, testNow)
	if err != nil || v.Report.Decision != goalpost.Increase {
		t.Fatalf("%v %+v", err, v.Report)
	}
	if _, err := assess.AddGoal(ctx, s.server.DB, s.org(t), assess.GoalInput{Kind: "sales", KPI: "orders", Target: "100", From: "2026-02-01", Until: "2026-03-31", By: "anna", Now: testNow}); err != nil {
		t.Fatal(err)
	}
	for _, lang := range []string{"en", "de"} {
		say, answer := printerFor(lang, nil), v.Report.Answer()
		var file strings.Builder
		if err := NewEffectFile(say, *v.Report, "sales.csv").Write(&file); err != nil {
			t.Fatal(err)
		}
		for where, page := range map[string]string{"page": s.page("/" + lang + "/effects/1"), "list": s.page("/" + lang + "/effects"), "goals": s.page("/" + lang + "/goals"), "goal": s.page("/" + lang + "/goals/1"),
			"chart": s.get("/" + lang + "/effects/1/chart.svg").body, "file": file.String()} {
			text := textOf(page)
			for _, sentence := range []goalpost.Note{answer.Headline, answer.Span} {
				if !strings.Contains(strings.Join(strings.Fields(text), " "), say.Note(sentence)) {
					t.Errorf("%s (%s): %q is missing in\n%.1500s", where, lang, say.Note(sentence), text)
				}
			}
		}
	}
}
