package chart

import (
	"bytes"
	"image"
	"image/color"
	"image/png"
	"regexp"
	"strconv"
	"strings"
	"testing"

	"github.com/makiuchi-d/gozxing"
	"github.com/makiuchi-d/gozxing/qrcode"
)

// decoded reads a code with a decoder that has nothing in common with what made it.
func decoded(t *testing.T, img image.Image) string {
	t.Helper()
	bits, err := gozxing.NewBinaryBitmapFromImage(img)
	if err != nil {
		t.Fatal(err)
	}
	// The picture is no photograph: without the hint the decoder looks for the code in it, and
	// finds another place in about 2 of 100.
	r, err := qrcode.NewQRCodeReader().Decode(bits, map[gozxing.DecodeHintType]any{gozxing.DecodeHintType_PURE_BARCODE: true})
	if err != nil {
		t.Fatal(err)
	}
	return r.GetText()
}

var run = regexp.MustCompile(`M(\d+) (\d+)h(\d+)v1h-\d+z`)

// drawn paints the path of the SVG file, eight pixels a module.
func drawn(t *testing.T, svg string) image.Image {
	t.Helper()
	side := regexp.MustCompile(`viewBox="0 0 (\d+) `).FindStringSubmatch(svg)
	n, err := strconv.Atoi(side[1])
	if err != nil {
		t.Fatal(err)
	}
	img := image.NewGray(image.Rect(0, 0, 8*n, 8*n))
	for i := range img.Pix {
		img.Pix[i] = 255
	}
	for _, m := range run.FindAllStringSubmatch(svg, -1) {
		var at [3]int
		for i := range at {
			at[i], _ = strconv.Atoi(m[i+1]) // the pattern takes digits alone
		}
		for y := 8 * at[1]; y < 8*at[1]+8; y++ {
			for x := 8 * at[0]; x < 8*(at[0]+at[2]); x++ {
				img.SetGray(x, y, color.Gray{})
			}
		}
	}
	return img
}

func TestQRCode(t *testing.T) {
	for _, text := range []string{"https://umfrage.example/s/wishes/ig", "http://127.0.0.1:8080/s/a", "https://example.org/s/" + strings.Repeat("long-name-", 40), "Grüße"} {
		q, err := NewQRCode(text)
		if err != nil {
			t.Fatal(err)
		}
		b, err := q.PNG(6)
		if err != nil {
			t.Fatal(err)
		}
		img, err := png.Decode(bytes.NewReader(b))
		if err != nil {
			t.Fatal(err)
		}
		if got := decoded(t, img); got != text {
			t.Errorf("PNG\ngot:  %s\nwant: %s", got, text)
		}
		if got := decoded(t, drawn(t, q.SVG("a <b>"))); got != text {
			t.Errorf("SVG\ngot:  %s\nwant: %s", got, text)
		}
	}
	if q, err := NewQRCode(strings.Repeat("x", 5000)); err == nil {
		t.Errorf("more than a code can hold: %d", q.size)
	}
	q, err := NewQRCode("a")
	if err != nil {
		t.Fatal(err)
	}
	if svg := q.SVG(`"<script>`); strings.Contains(svg, "<script>") {
		t.Error("the title is not escaped")
	}
	for _, module := range []int{0, 5000} {
		if _, err := q.PNG(module); err == nil {
			t.Errorf("%d pixels a module are drawn", module)
		}
	}
}

// Nothing of a preview stands outside its picture, however long the texts are.
func TestPreviewFits(t *testing.T) {
	for _, d := range []PreviewData{
		{Title: "What do you want from us?", Line: "About 2 minutes", By: "Musterwerk", Act: "Answer"},
		{Title: strings.Repeat("Donaudampfschifffahrtsgesellschaft ", 20), Line: strings.Repeat("x ", 200), By: strings.Repeat("Firma ", 60), Act: "Antworten"},
		{Title: strings.Repeat("x", 400)}, {},
	} {
		s := DrawPreview(d)
		lines := 0
		for _, n := range s.nodes {
			if n.text == "" {
				continue
			}
			w := textWidth(n.class, n.text)
			lo, hi := n.pts[0].x, n.pts[0].x+w
			if n.anchor == end {
				lo, hi = n.pts[0].x-w, n.pts[0].x
			}
			if lo < 0 || hi > s.W || n.pts[0].y > s.H {
				t.Errorf("%q stands at %g to %g, %g", n.text, lo, hi, n.pts[0].y)
			}
			if n.class == Headline {
				lines++
			}
		}
		if lines > 4 || (lines == 0) != (d.Title == "") {
			t.Errorf("%d lines of title %q", lines, d.Title)
		}
		b, err := s.PNG(1)
		if err != nil {
			t.Fatal(err)
		}
		img, err := png.DecodeConfig(bytes.NewReader(b))
		if err != nil || img.Width != PreviewWidth || img.Height != PreviewHeight {
			t.Errorf("%d by %d, %v", img.Width, img.Height, err)
		}
	}
}
