package dataset

import (
	"encoding/binary"
	"fmt"
	"math"
	"strings"
	"unicode/utf8"
)

// savRead is a system file as a program reads it that knows the format and nothing of the
// writer.
type savRead struct {
	title   string
	weight  string
	names   []string
	labels  map[string]string
	texts   map[string]int // width of strings
	values  map[string]map[Value]string
	missing map[string][]Value // of a range its ends
	ranged  map[string]bool
	measure map[string]int32
	sets    []string
	rows    [][]Value
}

// savReader reads from the beginning to the end; the first fault stays.
type savReader struct {
	b   []byte
	err error
}

func (r *savReader) bytes(n int) []byte {
	if r.err == nil && (n < 0 || n > len(r.b)) {
		r.err = fmt.Errorf("%d bytes wanted, %d left", n, len(r.b))
	}
	if r.err != nil {
		return make([]byte, max(0, min(n, 1<<16)))
	}
	part := r.b[:n]
	r.b = r.b[n:]
	return part
}

func (r *savReader) int() int { return int(int32(binary.LittleEndian.Uint32(r.bytes(4)))) }
func (r *savReader) float() float64 {
	return math.Float64frombits(binary.LittleEndian.Uint64(r.bytes(8)))
}
func (r *savReader) fail(format string, args ...any) {
	if r.err == nil {
		r.err = fmt.Errorf(format, args...)
	}
}

// savPart is a variable record with its continuations.
type savPart struct {
	short, label string
	width, first int
	missing      []byte
	count        int
}

func readSAV(b []byte) (s savRead, err error) {
	r := &savReader{b: b}
	s = savRead{labels: map[string]string{}, texts: map[string]int{}, values: map[string]map[Value]string{}, missing: map[string][]Value{}, ranged: map[string]bool{}, measure: map[string]int32{}}
	if string(r.bytes(4)) != "$FL2" {
		r.fail("no system file")
	}
	r.bytes(60)
	layout, size, compressed, weight, cases := r.int(), r.int(), r.int(), r.int(), r.int()
	if bias := r.float(); layout != 2 || compressed != 1 || bias != 100 {
		r.fail("layout %d, compression %d, bias %v", layout, compressed, bias)
	}
	r.bytes(17)
	s.title = strings.TrimRight(string(r.bytes(64)), " ")
	r.bytes(3)
	var parts []savPart
	type labelled struct {
		values [][]byte
		labels []string
		of     int
	}
	var labels []labelled
	extra := map[int][]byte{}
	pieces, last := 0, 0
	for r.err == nil {
		kind := r.int()
		switch kind {
		case 2:
			width, hasLabel, missing := r.int(), r.int(), r.int()
			r.bytes(8)
			p := savPart{short: strings.TrimRight(string(r.bytes(8)), " "), width: width, first: pieces + 1, count: missing}
			if hasLabel == 1 {
				n := r.int()
				p.label = string(r.bytes((n + 3) / 4 * 4)[:min(n, 1<<10)])
			}
			p.missing = r.bytes(8 * max(missing, -missing))
			pieces++
			if width >= 0 {
				parts = append(parts, p)
			}
		case 3:
			var l labelled
			for range r.int() {
				if r.err != nil {
					break
				}
				l.values = append(l.values, r.bytes(8))
				n := int(r.bytes(1)[0])
				l.labels = append(l.labels, string(r.bytes((n+8)/8*8 - 1)[:n]))
			}
			if r.int() != 4 || r.int() != 1 {
				r.fail("labels without their variable")
			}
			l.of = r.int()
			labels = append(labels, l)
		case 7:
			subtype, one, n := r.int(), r.int(), r.int()
			if subtype <= last {
				r.fail("subtype %d after %d", subtype, last)
			}
			last = subtype
			extra[subtype] = r.bytes(one * n)
		case 999:
			r.int()
		default:
			r.fail("record %d", kind)
		}
		if kind == 999 {
			break
		}
	}
	if r.err != nil {
		return s, r.err
	}
	if pieces != size || string(extra[20]) != "UTF-8" {
		r.fail("%d pieces of %d, encoding %q", pieces, size, extra[20])
	}
	long, widths := map[string]string{}, map[string]int{}
	for _, pair := range strings.Split(string(extra[13]), "\t") {
		short, name, _ := strings.Cut(pair, "=")
		long[short] = name
	}
	for _, pair := range strings.Split(string(extra[14]), "\x00\t") {
		if short, n, ok := strings.Cut(pair, "="); ok {
			var width int
			if _, err := fmt.Sscanf(n, "%d", &width); err != nil {
				r.fail("width %q", n)
			}
			widths[short] = width
		}
	}
	type place struct{ part, segments, width int }
	var variables []place
	for i := 0; i < len(parts); i++ {
		p := place{i, 1, parts[i].width}
		if w := widths[parts[i].short]; w > 0 {
			p.width, p.segments = w, (w+251)/252
		}
		s.names = append(s.names, long[parts[i].short])
		variables = append(variables, p)
		i += p.segments - 1
	}
	if len(extra[11]) != 12*len(parts) {
		r.fail("display of %d of %d", len(extra[11])/12, len(parts))
	}
	byIndex := map[int]int{}
	for k, p := range variables {
		name, part := s.names[k], parts[p.part]
		byIndex[part.first] = k
		s.labels[name] = part.label
		if part.width > 0 {
			s.texts[name] = p.width
		}
		if weight == part.first {
			s.weight = name
		}
		s.ranged[name] = part.count < 0
		for m := part.missing; len(m) >= 8; m = m[8:] {
			s.missing[name] = append(s.missing[name], valueOf(m[:8], part.width > 0))
		}
		s.measure[name] = int32(binary.LittleEndian.Uint32(extra[11][12*p.part:]))
		s.values[name] = map[Value]string{}
	}
	for _, l := range labels {
		k, ok := byIndex[l.of]
		if !ok {
			r.fail("labels of piece %d", l.of)
			break
		}
		for i, v := range l.values {
			s.values[s.names[k]][valueOf(v, parts[variables[k].part].width > 0)] = l.labels[i]
		}
	}
	for e := (&savReader{b: extra[21]}); len(e.b) > 0 && r.err == nil; r.err = e.err {
		values := s.values[string(e.bytes(e.int()))]
		e.int()
		for range e.int() {
			value := strings.TrimRight(string(e.bytes(e.int())), " ")
			values[Text(value)] = string(e.bytes(e.int()))
		}
	}
	for e := (&savReader{b: extra[22]}); len(e.b) > 0 && r.err == nil; r.err = e.err {
		name := string(e.bytes(e.int()))
		n := int(e.bytes(1)[0])
		width := e.int()
		for range n {
			s.missing[name] = append(s.missing[name], Text(strings.TrimRight(string(e.bytes(width)), " ")))
		}
	}
	s.sets = strings.FieldsFunc(string(extra[7])+string(extra[19]), func(c rune) bool { return c == '\n' })
	data := decompress(r, cases*size)
	for range cases {
		var row []Value
		for k, p := range variables {
			var text []byte
			var number float64
			for seg := range p.segments {
				part := parts[p.part+seg]
				if part.width == 0 {
					number, data = math.Float64frombits(binary.LittleEndian.Uint64(data)), data[8:]
					continue
				}
				n := (part.width + 7) / 8 * 8
				text = append(text, data[:part.width]...)
				data = data[n:]
			}
			if s.texts[s.names[k]] > 0 {
				if len(text) > p.width {
					text = text[:p.width]
				}
				row = append(row, Text(strings.TrimRight(string(text), " ")))
				if !utf8.Valid(text) {
					r.fail("%s is no UTF-8", s.names[k])
				}
			} else if number == -math.MaxFloat64 {
				row = append(row, Nothing())
			} else {
				row = append(row, Number(number))
			}
		}
		s.rows = append(s.rows, row)
	}
	return s, r.err
}

func valueOf(b []byte, text bool) Value {
	if text {
		return Text(strings.TrimRight(string(b), " "))
	}
	return Number(math.Float64frombits(binary.LittleEndian.Uint64(b)))
}

// decompress returns so many pieces of eight bytes. A fault leaves zeroes.
func decompress(r *savReader, pieces int) []byte {
	out := make([]byte, 0, pieces*8)
	for len(out) < pieces*8 && r.err == nil {
		for _, code := range r.bytes(8) {
			switch {
			case len(out) == pieces*8:
				if code != 0 {
					r.fail("code %d behind the end", code)
				}
			case code == 0:
				r.fail("a gap in the cases")
			case code == 252:
				r.fail("the end of the cases before their number")
			case code == 253:
				out = append(out, r.bytes(8)...)
			case code == 254:
				out = append(out, "        "...)
			case code == 255:
				out = binary.LittleEndian.AppendUint64(out, math.Float64bits(-math.MaxFloat64))
			default:
				out = binary.LittleEndian.AppendUint64(out, math.Float64bits(float64(code)-100))
			}
		}
	}
	if r.err == nil && len(r.b) > 0 {
		r.fail("%d bytes behind the cases", len(r.b))
	}
	return append(out, make([]byte, pieces*8-len(out))...)
}
