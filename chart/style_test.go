package chart

import (
	"image/color"
	"math"
	"strings"
	"testing"
)

func linear(c uint8) float64 {
	v := float64(c) / 255
	if v <= 0.04045 {
		return v / 12.92
	}
	return math.Pow((v+0.055)/1.055, 2.4)
}

func rgb(hex string) [3]float64 {
	c, _ := parseColor(hex, 1).(color.NRGBA)
	return [3]float64{linear(c.R), linear(c.G), linear(c.B)}
}

// contrast is WCAG 2.2's ratio of two colours.
func contrast(a, b string) float64 {
	l := func(h string) float64 { c := rgb(h); return 0.2126*c[0] + 0.7152*c[1] + 0.0722*c[2] }
	x, y := l(a), l(b)
	return (max(x, y) + 0.05) / (min(x, y) + 0.05)
}

// Published limits: WCAG 2.2, 1.4.3 text 4.5:1 and 1.4.11 graphic parts 3:1. axe
// cannot judge text in SVG, so this test does.
func TestContrast(t *testing.T) {
	for name, tokens := range map[string]map[string]string{"light": light, "dark": dark} {
		for class, s := range styles {
			for _, ground := range []string{"surface", "shade"} {
				switch {
				case s.size > 0:
					if c := contrast(tokens[s.fill], tokens[ground]); c < 4.5 {
						t.Errorf("%s: text %s on %s: %.2f", name, class, ground, c)
					}
				case s.stroke != "" && class != Grid:
					if c := contrast(tokens[s.stroke], tokens[ground]); c < 3 {
						t.Errorf("%s: %s on %s: %.2f", name, class, ground, c)
					}
				}
			}
		}
	}
	if contrast("#777777", "#888888") > 3 {
		t.Error("this test cannot fail")
	}
}

// Published values: Machado, Oliveira and Fernandes (2009), IEEE TVCG 15(6),
// 1291–1298, table of matrices at severity 1.0.
var blindness = map[string][3][3]float64{
	"protanopia":   {{0.152286, 1.052583, -0.204868}, {0.114503, 0.786281, 0.099216}, {-0.003882, -0.048116, 1.051998}},
	"deuteranopia": {{0.367322, 0.860646, -0.227968}, {0.280085, 0.672501, 0.047413}, {-0.011820, 0.042940, 0.968881}},
}

// What is expected stays apart from what happened and from an effect for people who see
// less red or green.
func TestColourBlind(t *testing.T) {
	lab := func(c [3]float64) [3]float64 {
		xyz := [3]float64{(0.4124*c[0] + 0.3576*c[1] + 0.1805*c[2]) / 0.9505, 0.2126*c[0] + 0.7152*c[1] + 0.0722*c[2], (0.0193*c[0] + 0.1192*c[1] + 0.9505*c[2]) / 1.089}
		for i, v := range xyz {
			if v > 0.008856 {
				xyz[i] = math.Cbrt(v)
			} else {
				xyz[i] = 7.787*v + 16.0/116
			}
		}
		return [3]float64{116*xyz[1] - 16, 500 * (xyz[0] - xyz[1]), 200 * (xyz[1] - xyz[2])}
	}
	for name, m := range blindness {
		for theme, tokens := range map[string]map[string]string{"light": light, "dark": dark} {
			var seen [3][3]float64
			for i, k := range []string{"exp", "obs", "eff"} {
				c := rgb(tokens[k])
				var d [3]float64
				for r := range 3 {
					d[r] = min(1, max(0, m[r][0]*c[0]+m[r][1]*c[1]+m[r][2]*c[2]))
				}
				seen[i] = lab(d)
			}
			for i, other := range seen[1:] { // what happened and effects never share a panel
				e := math.Hypot(math.Hypot(seen[0][0]-other[0], seen[0][1]-other[1]), seen[0][2]-other[2])
				if e < 31 {
					t.Errorf("%s, %s, pair %d: distance %.1f", name, theme, i, e)
				}
			}
		}
	}
}

// Every class of a scene has a rule, so that no mark is black by accident.
func TestEveryClassHasAStyle(t *testing.T) {
	css := CSS()
	for _, s := range []Scene{DrawGoal(sample(), Wide), DrawTargetBar(bar(), Wide), DrawEffect(someEffect(), Wide), DrawEffect(someEffect(), Narrow), DrawPlacebo(somePlacebo(), Wide)} {
		for _, n := range s.nodes {
			if _, ok := styles[n.class]; !ok || !strings.Contains(css, "."+string(n.class)+"{") {
				t.Errorf("%s has no style", n.class)
			}
		}
	}
}
