package chart

import (
	"sync"

	"golang.org/x/image/font"
	"golang.org/x/image/font/gofont/gobold"
	"golang.org/x/image/font/gofont/goregular"
	"golang.org/x/image/font/opentype"
	"golang.org/x/image/font/sfnt"
)

// fonts are the Go fonts (BSD licence): they measure text, and draw it in PNG.
var fonts = sync.OnceValues(func() (regular, bold *sfnt.Font) {
	regular, err := opentype.Parse(goregular.TTF)
	if err != nil {
		panic(err) // the embedded font is tested
	}
	bold, err = opentype.Parse(gobold.TTF)
	if err != nil {
		panic(err)
	}
	return regular, bold
})

func fontOf(c Class) *sfnt.Font {
	regular, bold := fonts()
	if styles[c].bold {
		return bold
	}
	return regular
}

// widths remembers how wide a letter is, by class: a chart asks for few letters often.
var widths sync.Map // of class and rune to float64

type letter struct {
	bold bool
	r    rune
}

// widest is how much wider than the Go font the widest of the usual system fonts is
// (measured: DejaVu Sans, a browser's choice on many Linux machines).
const widest = 1.13

// textWidth returns how many pixels a text takes at most, in whatever font the
// browser has.
func textWidth(c Class, text string) float64 {
	size := styles[c].size
	sum := 0.0
	for _, r := range text {
		k := letter{styles[c].bold, r}
		w, ok := widths.Load(k)
		if !ok {
			w = measure(fontOf(c), r)
			widths.Store(k, w)
		}
		sum += w.(float64)
	}
	return sum * size * widest
}

// measure returns the width of a letter at size 1.
func measure(f *sfnt.Font, r rune) float64 {
	face, err := opentype.NewFace(f, &opentype.FaceOptions{Size: 64, DPI: 72, Hinting: font.HintingNone})
	if err != nil {
		return 0.6
	}
	defer func() { _ = face.Close() }()
	a, ok := face.GlyphAdvance(r)
	if !ok {
		return 0.6
	}
	return float64(a) / 64 / 64
}
