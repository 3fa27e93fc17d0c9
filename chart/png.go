package chart

import (
	"bytes"
	"fmt"
	"image"
	"image/color"
	"image/draw"
	"image/png"
	"math"
	"strconv"

	"golang.org/x/image/font"
	"golang.org/x/image/font/opentype"
	"golang.org/x/image/math/fixed"
	"golang.org/x/image/vector"
)

// PNG returns the scene as an image in light colours, scale times as large.
func (s Scene) PNG(scale float64) ([]byte, error) {
	w, h := int(math.Ceil(s.W*scale)), int(math.Ceil(s.H*scale))
	if w < 1 || h < 1 || w > 10000 || h > 10000 {
		return nil, fmt.Errorf("chart: an image of %d by %d pixels", w, h)
	}
	img := image.NewRGBA(image.Rect(0, 0, w, h))
	draw.Draw(img, img.Bounds(), image.NewUniform(parseColor(light["surface"], 1)), image.Point{}, draw.Src)
	for _, n := range s.nodes {
		if err := n.paint(img, scale); err != nil {
			return nil, err
		}
	}
	var b bytes.Buffer
	if err := png.Encode(&b, img); err != nil {
		return nil, fmt.Errorf("chart: %w", err)
	}
	return b.Bytes(), nil
}

func parseColor(hex string, opacity float64) color.Color {
	v, err := strconv.ParseUint(hex[1:], 16, 32)
	if err != nil {
		return color.Black
	}
	return color.NRGBA{R: uint8(v >> 16), G: uint8(v >> 8), B: uint8(v), A: uint8(math.Round(255 * opacity))}
}

func (n node) paint(img *image.RGBA, scale float64) error {
	st := styles[n.class]
	if n.text != "" {
		return n.paintText(img, st, scale)
	}
	pts := make([]point, len(n.pts))
	for i, p := range n.pts {
		pts[i] = point{p.x * scale, p.y * scale}
	}
	if n.r > 0 && st.stroke != "" {
		fill(img, [][]point{disc(pts[0], (n.r+st.width/2)*scale, 32)}, parseColor(light[st.stroke], 1))
		fill(img, [][]point{disc(pts[0], (n.r-st.width/2)*scale, 32)}, parseColor(light[st.fill], 1))
		return nil
	}
	if n.r > 0 {
		fill(img, [][]point{disc(pts[0], n.r*scale, 32)}, parseColor(light[st.fill], 1))
		return nil
	}
	if st.fill != "" {
		opacity := st.opacity
		if opacity == 0 {
			opacity = 1
		}
		fill(img, [][]point{pts}, parseColor(light[st.fill], opacity))
	}
	if st.stroke != "" {
		fill(img, stroke(pts, st.width*scale, st.dash, scale), parseColor(light[st.stroke], 1))
	}
	return nil
}

// fill paints polygons. The rasteriser is no larger than their bounding box, which
// makes many small marks cheap.
func fill(img *image.RGBA, polys [][]point, c color.Color) {
	lo, hi := point{math.Inf(1), math.Inf(1)}, point{math.Inf(-1), math.Inf(-1)}
	for _, poly := range polys {
		for _, p := range poly {
			lo, hi = point{min(lo.x, p.x), min(lo.y, p.y)}, point{max(hi.x, p.x), max(hi.y, p.y)}
		}
	}
	box := image.Rect(int(math.Floor(lo.x)), int(math.Floor(lo.y)), int(math.Ceil(hi.x))+1, int(math.Ceil(hi.y))+1).Intersect(img.Bounds())
	if box.Empty() {
		return
	}
	r := vector.NewRasterizer(box.Dx(), box.Dy())
	at := func(p point) (float32, float32) {
		return float32(p.x - float64(box.Min.X)), float32(p.y - float64(box.Min.Y))
	}
	for _, poly := range polys {
		r.MoveTo(at(poly[0]))
		for _, p := range poly[1:] {
			r.LineTo(at(p))
		}
		r.ClosePath()
	}
	r.Draw(img, box, image.NewUniform(c), image.Point{})
}

func disc(c point, r float64, n int) []point {
	pts := make([]point, n)
	for i := range pts {
		a := 2 * math.Pi * float64(i) / float64(n)
		pts[i] = point{c.x + r*math.Cos(a), c.y + r*math.Sin(a)}
	}
	return pts
}

// stroke turns a line into polygons that all turn the same way, with round joins.
func stroke(pts []point, width float64, dash []float64, scale float64) [][]point {
	var out [][]point
	for _, run := range dashes(pts, dash, scale) {
		for i := 1; i < len(run); i++ {
			a, b := run[i-1], run[i]
			l := math.Hypot(b.x-a.x, b.y-a.y)
			if l == 0 {
				continue
			}
			dx, dy := (b.y-a.y)/l*width/2, -(b.x-a.x)/l*width/2
			out = append(out, []point{{a.x + dx, a.y + dy}, {b.x + dx, b.y + dy}, {b.x - dx, b.y - dy}, {a.x - dx, a.y - dy}})
			if i+1 < len(run) && width > 1.5 {
				out = append(out, disc(b, width/2, 8))
			}
		}
	}
	return out
}

// dashes cuts a line into its dashes.
func dashes(pts []point, dash []float64, scale float64) [][]point {
	if len(dash) < 2 {
		return [][]point{pts}
	}
	var out [][]point
	run := []point{pts[0]}
	on, left := true, dash[0]*scale
	for i := 1; i < len(pts); i++ {
		a, b := pts[i-1], pts[i]
		l := math.Hypot(b.x-a.x, b.y-a.y)
		for at := 0.0; at < l; {
			step := min(left, l-at)
			at += step
			left -= step
			p := point{a.x + (b.x-a.x)*at/l, a.y + (b.y-a.y)*at/l}
			if on {
				run = append(run, p)
			}
			if left > 1e-9 {
				continue
			}
			if on && len(run) > 1 {
				out = append(out, run)
			}
			on = !on
			run = []point{p}
			left = dash[1] * scale
			if on {
				left = dash[0] * scale
			}
		}
	}
	if on && len(run) > 1 {
		out = append(out, run)
	}
	return out
}

func (n node) paintText(img *image.RGBA, st style, scale float64) error {
	face, err := opentype.NewFace(fontOf(n.class), &opentype.FaceOptions{Size: st.size * scale, DPI: 72, Hinting: font.HintingNone})
	if err != nil {
		return fmt.Errorf("chart: %w", err)
	}
	defer func() { _ = face.Close() }()
	d := font.Drawer{Dst: img, Src: image.NewUniform(parseColor(light[st.fill], 1)), Face: face}
	x := n.pts[0].x * scale
	w := float64(d.MeasureString(n.text)) / 64
	switch n.anchor {
	case middle:
		x -= w / 2
	case end:
		x -= w
	case start:
	}
	d.Dot = fixed.Point26_6{X: fixed.Int26_6(x * 64), Y: fixed.Int26_6(n.pts[0].y * scale * 64)}
	d.DrawString(n.text)
	return nil
}
