package locale

import (
	"strings"
	"testing"

	"goalpost"
)

// A goal without a name of its own is called by its KPI, once.
func TestUnnamedGoalIsNamedOnce(t *testing.T) {
	v := goalpost.Verdict{KPI: "engagements", Decision: goalpost.OnTrack, Substitute: true, BetterKPI: "engagement_rate_by_reach"}
	for lang, begin := range map[Language]string{English: "“Engagements” only stands in", German: "„Interaktionen“ ist nur ein Ersatz"} {
		p := New(lang, "")
		if got := p.Verdict(v, "", goalpost.UnitCount, "").Remark; !strings.HasPrefix(got, begin) {
			t.Errorf("%s\ngot:  %s\nwant: %s…", lang, got, begin)
		}
		if got := p.Verdict(v, "More talk", goalpost.UnitCount, "").Remark; !strings.Contains(got, "More talk") {
			t.Errorf("%s: the name is lost: %s", lang, got)
		}
	}
}
