package chart

import (
	"strconv"
	"strings"
	"testing"
)

// Limits: what is drawn stays inside, at both widths, whatever the KPI's scale; the target
// stands in it too, and hollow marks are told from the one that decides.
func TestDrawWaves(t *testing.T) {
	number := func(v float64) string { return strconv.FormatFloat(v, 'g', 4, 64) }
	for _, d := range []WavesData{
		{Least: 0, Most: 1, Target: 0.8, HasTarget: true, Waves: []WaveMark{{Label: "Spring", Value: 0.62, Lo: 0.55, Hi: 0.69, HasRange: true, Hollow: true}, {Label: "Summer, with a long name that does not fit in any line of a phone", Value: 0.71, Lo: 0.64, Hi: 0.77, HasRange: true}}},
		{Least: -100, Most: 100, Target: 100, HasTarget: true, Waves: []WaveMark{{Label: "NPS", Value: -100}}},
		{Least: 0, Most: 1, Waves: []WaveMark{{Label: "Everybody", Value: 1}}},
	} {
		d.Title, d.Desc, d.TargetLabel, d.Level, d.Number = "Waves", "About waves.", "Target", "Lines: 95%", number
		for _, width := range []float64{Wide, Narrow} {
			s := DrawWaves(d, width)
			inside(t, s)
			text := s.Inline("w")
			if strings.Contains(text, "NaN") || strings.Contains(text, "Inf") {
				t.Errorf("not a number in %s", text)
			}
			if d.HasTarget != strings.Contains(text, ">Target<") {
				t.Errorf("the target is missing, or there is one too many, in %s", text)
			}
			if d.Waves[0].Hollow != strings.Contains(text, `class="`+string(Hope)+`"`) {
				t.Errorf("hollow marks: %s", text)
			}
		}
	}
}
