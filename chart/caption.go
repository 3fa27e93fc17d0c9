package chart

// Lines of a caption, in pixels from one to the next.
const (
	titleLine  = 20.0
	sourceLine = 16.0
)

// Captioned returns the scene with its title above and words on its source below, as a
// picture needs them that stands alone on somebody else's page.
func (s Scene) Captioned(source string) Scene {
	title := wrap(Strong, s.Title, s.W-8)
	below := wrap(Small, source, s.W-8)
	top := titleLine*float64(len(title)) + 6
	out := Scene{W: s.W, H: s.H + top + sourceLine*float64(len(below)) + 6, Title: s.Title, Desc: s.Desc}
	for i, line := range title {
		out.label(Strong, 4, titleLine*float64(i+1)-4, start, line)
	}
	for _, n := range s.nodes {
		pts := make([]point, len(n.pts))
		for i, p := range n.pts {
			pts[i] = point{p.x, p.y + top}
		}
		n.pts = pts
		out.nodes = append(out.nodes, n)
	}
	for i, line := range below {
		out.label(Small, 4, top+s.H+sourceLine*float64(i+1)-4, start, line)
	}
	return out
}
