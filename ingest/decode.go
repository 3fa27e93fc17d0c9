package ingest

import (
	"bytes"
	"io"
	"unicode/utf8"

	"golang.org/x/text/encoding"
	"golang.org/x/text/encoding/charmap"
	"golang.org/x/text/encoding/unicode"
	"golang.org/x/text/transform"
)

const headSize = 256 << 10 // bytes looked at to tell the encoding and the delimiter

// decoder finds the encoding of a file by its first bytes. Without a mark it is
// UTF-8 if it can be, else a one-byte code page: Cyrillic if most of its high bytes
// are letters there, else Western European.
func decoder(head []byte) (encoding.Encoding, string) {
	switch {
	case bytes.HasPrefix(head, []byte{0xEF, 0xBB, 0xBF}):
		return unicode.UTF8BOM, "UTF-8"
	case bytes.HasPrefix(head, []byte{0xFF, 0xFE}):
		return unicode.UTF16(unicode.LittleEndian, unicode.ExpectBOM), "UTF-16"
	case bytes.HasPrefix(head, []byte{0xFE, 0xFF}):
		return unicode.UTF16(unicode.BigEndian, unicode.ExpectBOM), "UTF-16"
	}
	if n := len(head); n >= 4 && bytes.Count(head, []byte{0})*3 > n { // ASCII text in UTF-16 without a mark
		if head[1] == 0 {
			return unicode.UTF16(unicode.LittleEndian, unicode.IgnoreBOM), "UTF-16"
		}
		return unicode.UTF16(unicode.BigEndian, unicode.IgnoreBOM), "UTF-16"
	}
	cut := head
	for i := 0; i < utf8.UTFMax && len(cut) > 0 && len(head) == headSize; i++ { // the head may end inside a letter
		if utf8.Valid(cut) {
			break
		}
		cut = cut[:len(cut)-1]
	}
	if utf8.Valid(cut) {
		return unicode.UTF8, "UTF-8"
	}
	cyrillic, high := 0, 0
	for i, b := range head {
		if b < 0x80 {
			continue
		}
		high++
		// Cyrillic words are runs of high bytes; in Western text they stand alone.
		if b >= 0xC0 && i > 0 && head[i-1] >= 0xC0 {
			cyrillic++
		}
	}
	if cyrillic*2 > high {
		return charmap.Windows1251, "Windows-1251"
	}
	return charmap.Windows1252, "Windows-1252"
}

// text returns the file as UTF-8.
func text(s Source) (io.Reader, string, []byte, error) {
	head := make([]byte, min(s.Size, headSize))
	n, err := s.R.ReadAt(head, 0)
	if err != nil && n < len(head) {
		return nil, "", nil, err
	}
	e, name := decoder(head)
	section := io.NewSectionReader(s.R, 0, s.Size)
	plain, _, err := transform.Bytes(e.NewDecoder(), head[:n&^1])
	if err != nil && len(plain) == 0 {
		plain = head[:n]
	}
	return transform.NewReader(section, e.NewDecoder()), name, plain, nil
}
