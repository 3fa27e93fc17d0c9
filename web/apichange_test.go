package web

import (
	"strings"
	"testing"
)

// A change of a plan whose reason cannot be kept or read, or that was made of a version that
// there is not, is refused: what stands in a plan stays.
func TestAPIRefusesChangeOfPlan(t *testing.T) {
	s, editorToken, _, _ := apiSite(t)
	s.awaitAnalysis(editorToken, 1)
	before := s.ofFirst(editorToken)
	for body, want := range map[string]int{
		`{"why":"a\u0000b","lag_days":3}`: 422, `{"why":"` + strings.Repeat("x", 1001) + `","lag_days":3}`: 422, `{"why":"later","plan":0,"lag_days":3}`: 409,
	} {
		if a := s.callAPI("PUT", "/effects/1", editorToken, body); a.status != want {
			t.Errorf("%.40s: %d %.200s, want %d", body, a.status, a.body, want)
		}
	}
	if after := s.ofFirst(editorToken); after != before {
		t.Errorf("\ngot:  %s\nwant: %s", after, before)
	}
}
