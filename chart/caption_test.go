package chart

import (
	"strings"
	"testing"
)

// A picture that stands alone says what was asked and who published it; foreign words are
// escaped, and the drawing below stays what it was.
func TestCaptioned(t *testing.T) {
	d := SharesData{Title: "Which <goals> do you & your company pursue on social media, as far as you can tell us in a very long question?", Percent: func(float64) string { return "%" },
		Moments: []Moment{{Label: "2026", Class: Dot}}, Rows: []ShareRow{{Label: "Sales", Marks: []ShareMark{{Has: true, Value: 0.5}}}}}
	for _, width := range []float64{Wide, Narrow} {
		plain := DrawShares(d, width)
		s := plain.Captioned("Source: A <study>, Publisher")
		svg := s.SVG()
		for _, want := range []string{"Which &lt;goals&gt; do you &amp;", "A &lt;study&gt;"} {
			if !strings.Contains(svg, want) {
				t.Errorf("no %q", want)
			}
		}
		if len(s.nodes) <= len(plain.nodes) || s.H <= plain.H || s.W != plain.W {
			t.Errorf("\ngot:  %v × %v of %v × %v", s.W, s.H, plain.W, plain.H)
		}
		for _, n := range s.nodes {
			for _, p := range n.pts {
				if p.y < 0 || p.y > s.H {
					t.Errorf("%q stands at %v of %v", n.text, p.y, s.H)
				}
			}
		}
		if _, err := s.PNG(1); err != nil {
			t.Error(err)
		}
	}
}
