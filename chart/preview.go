package chart

import "strings"

// Size of a picture that stands for a page where somebody passes its link on: what
// networks cut nothing from.
const (
	PreviewWidth  = 1200.0
	PreviewHeight = 630.0
)

// PreviewData is what such a picture says.
type PreviewData struct {
	Title string
	Line  string // below it: how long it takes
	By    string // at the foot: who asks
	Act   string // at the foot, on the other side: what to do
}

// DrawPreview draws it. A title that is too long for its place ends in "…".
func DrawPreview(d PreviewData) Scene {
	const edge, stripe, step, most = 80.0, 24.0, 78.0, 4
	s := Scene{W: PreviewWidth, H: PreviewHeight, Title: d.Title, Desc: strings.TrimSpace(d.Line + " " + d.By)}
	room := s.W - 2*edge
	s.rect(Stripe, 0, 0, s.W, stripe)
	lines := fitLines(Headline, d.Title, room, most)
	y := 150.0
	for _, line := range lines {
		s.label(Headline, edge, y, start, line)
		y += step
	}
	if d.Line != "" {
		s.label(Lead, edge, y+4, start, cutTo(Lead, d.Line, room))
	}
	act := textWidth(Lead, d.Act)
	s.label(Lead, edge, s.H-60, start, cutTo(Lead, d.By, room-act-40))
	s.label(Lead, s.W-edge, s.H-60, end, d.Act)
	return s
}

// fitLines wraps a text into at most so many lines, none wider than width.
func fitLines(c Class, text string, width float64, most int) []string {
	text = strings.Join(strings.Fields(text), " ")
	lines := wrap(c, text, width)
	const step = 20.0 // the last line is not to be a single word
	for w := width - step; w > width/2; w -= step {
		even := wrap(c, text, w)
		if len(even) > len(lines) || len(lines) < 2 {
			break
		}
		lines = even
	}
	if len(lines) > most {
		lines[most-1] += " " + lines[most]
		lines = lines[:most]
	}
	for i := range lines {
		lines[i] = cutTo(c, lines[i], width)
	}
	return lines
}

// cutTo shortens a text until it is not wider than width.
func cutTo(c Class, text string, width float64) string {
	if textWidth(c, text) <= width {
		return text
	}
	runes := []rune(text)
	for len(runes) > 0 && textWidth(c, string(runes)+"…") > width {
		runes = runes[:len(runes)-1]
	}
	return strings.TrimRight(string(runes), " ") + "…"
}
