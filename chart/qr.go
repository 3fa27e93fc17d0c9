package chart

import (
	"bytes"
	"fmt"
	"image"
	"image/color"
	"image/png"
	"strings"

	"github.com/boombuler/barcode/qr"
)

// quiet is the white edge around a QR code, in modules (ISO/IEC 18004:2015, 6.3.8).
const quiet = 4

// QRCode is a QR code: which of its modules are dark.
type QRCode struct {
	size int
	dark []bool
}

// NewQRCode makes the code of a text, with error correction M: a code on a poster stays
// readable with 15 % of it covered.
func NewQRCode(text string) (QRCode, error) {
	code, err := qr.Encode(text, qr.M, qr.Auto)
	if err != nil {
		return QRCode{}, fmt.Errorf("chart: QR code: %w", err)
	}
	q := QRCode{size: code.Bounds().Dx()}
	q.dark = make([]bool, q.size*q.size)
	for y := range q.size {
		for x := range q.size {
			r, _, _, _ := code.At(x, y).RGBA()
			q.dark[y*q.size+x] = r == 0
		}
	}
	return q, nil
}

// SVG returns the code as a file of its own: one path, so that no edge shows between
// modules at any size.
func (q QRCode) SVG(title string) string {
	var path strings.Builder
	for y := range q.size {
		for x := 0; x < q.size; x++ {
			from := x
			for x < q.size && q.dark[y*q.size+x] {
				x++
			}
			if x > from {
				fmt.Fprintf(&path, "M%d %dh%dv1h-%dz", from+quiet, y+quiet, x-from, x-from)
			}
		}
	}
	side := q.size + 2*quiet
	return fmt.Sprintf(`<?xml version="1.0" encoding="UTF-8"?>`+"\n"+`<svg xmlns="http://www.w3.org/2000/svg" role="img" viewBox="0 0 %d %d" width="%d" height="%d" shape-rendering="crispEdges"><title>%s</title><rect width="%d" height="%d" fill="#fff"/><path d="%s" fill="#000"/></svg>`,
		side, side, 8*side, 8*side, escape(title), side, side, path.String())
}

// PNG returns the code as an image, each module so many pixels wide.
func (q QRCode) PNG(module int) ([]byte, error) {
	side := (q.size + 2*quiet) * module
	if module < 1 || side > 10000 {
		return nil, fmt.Errorf("chart: a QR code of %d pixels", side)
	}
	img := image.NewPaletted(image.Rect(0, 0, side, side), color.Palette{color.White, color.Black})
	for y := range q.size {
		for x := range q.size {
			if !q.dark[y*q.size+x] {
				continue
			}
			for dy := range module {
				at := img.PixOffset((x+quiet)*module, (y+quiet)*module+dy)
				for i := range module {
					img.Pix[at+i] = 1
				}
			}
		}
	}
	var b bytes.Buffer
	if err := png.Encode(&b, img); err != nil {
		return nil, fmt.Errorf("chart: %w", err)
	}
	return b.Bytes(), nil
}
