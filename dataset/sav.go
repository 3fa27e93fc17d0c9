package dataset

import (
	"bufio"
	"bytes"
	"encoding/binary"
	"fmt"
	"io"
	"math"
	"slices"
	"strings"
)

// The SPSS system file as the PSPP developers describe it ("System File Format" in the PSPP
// Developer's Guide): little-endian, UTF-8, numbers of eight bytes, compressed by bytecodes.

// Limits of SPSS, in bytes.
const (
	savString       = 255   // a longer one is stored in segments
	savSegment      = 252   // bytes of a long string for each of its segments
	savLongest      = 32767 // of a string; what is longer is cut
	savShort        = 8     // longer strings have labels and missing values of their own kind
	savLabel        = 255   // of a variable
	savValueLabel   = 120
	savTitle        = 64
	savMissing      = 3 // single missing values of a variable
	savNumberWidth  = 8
	savWidest       = 40 // digits of a number
	savColumn       = 40 // of the data view, letters
	savMostDecimals = 16
)

// savMissingNumber stands where a number is not known.
const savMissingNumber = -math.MaxFloat64

// savEpoch is 14 October 1582, from which SPSS counts, in seconds before 1970.
const savEpoch = 12219379200

// Record types and subtypes.
const (
	savVariableRecord    = 2
	savLabelRecord       = 3
	savLabelledRecord    = 4
	savExtension         = 7
	savEnd               = 999
	savMachineIntegers   = 3
	savMachineFloats     = 4
	savSets              = 7
	savDisplay           = 11
	savLongNames         = 13
	savLongStrings       = 14
	savCases             = 16
	savSetsByValue       = 19
	savEncoding          = 20
	savLongStringLabels  = 21
	savLongStringMissing = 22
)

// Formats of SPSS.
const (
	savFormatA        = 1
	savFormatF        = 5
	savFormatDate     = 20
	savFormatDateTime = 22
)

// savVariable is a variable as the file has it.
type savVariable struct {
	Variable
	place   int
	name    string
	shorts  []string // one for each segment
	width   int      // bytes of a string; 0 for a number
	index   int      // of its first piece of eight bytes in a case, from 1
	labels  []Label
	missing savMissings
}

// savMissings are the missing values of a variable: a range, or up to three of them. Others
// are written as not known at all.
type savMissings struct {
	low, high float64
	ranged    bool
	single    []Value
	dropped   []Value
}

// WriteSAV writes the file of SPSS.
func (t Table) WriteSAV(w io.Writer) error {
	if err := t.check(); err != nil {
		return err
	}
	out := bufio.NewWriter(w)
	d := t.savDictionary()
	if _, err := out.Write(d.header()); err != nil {
		return fmt.Errorf("dataset: %w", err)
	}
	if err := d.cases(out); err != nil {
		return fmt.Errorf("dataset: %w", err)
	}
	if err := out.Flush(); err != nil {
		return fmt.Errorf("dataset: %w", err)
	}
	return nil
}

// savDictionary is a table with what its file needs.
type savDictionary struct {
	Table
	variables []savVariable
	size      int // of a case, in pieces of eight bytes
	out       bytes.Buffer
}

func (t Table) savDictionary() *savDictionary {
	d := &savDictionary{Table: t}
	names := t.names()
	short := shortNames(names)
	for i, v := range t.Variables {
		s := savVariable{Variable: v, place: i, name: names[i], index: d.size + 1}
		s.labels = s.distinct(v.labels())
		if v.Text {
			s.width = t.savWidth(i, s.labels)
		}
		s.missing = t.savMissingOf(i, s.labels)
		for _, width := range s.segments() {
			s.shorts = append(s.shorts, short())
			d.size += pieces(width)
		}
		d.variables = append(d.variables, s)
	}
	return d
}

// distinct are the labels whose values are still different in the file: a time is kept to
// less than a second.
func (v savVariable) distinct(labels []Label) (list []Label) {
	for _, l := range labels {
		if !slices.ContainsFunc(list, func(o Label) bool {
			return v.number(o.Value) == v.number(l.Value) && savText(o.Value.Text) == savText(l.Value.Text)
		}) {
			list = append(list, l)
		}
	}
	return list
}

// shortNames gives names of eight letters, none of which is a name already.
func shortNames(names []string) func() string {
	taken := map[string]bool{}
	for _, n := range names {
		taken[strings.ToUpper(n)] = true
	}
	n := 0
	return func() string {
		for {
			n++
			if name := fmt.Sprintf("V%d", n); !taken[name] {
				return name
			}
		}
	}
}

// pieces is how many times eight bytes a string needs; a number needs one.
func pieces(width int) int { return max(1, (width+7)/8) }

// segments are the widths of the parts in which a variable is stored.
func (v savVariable) segments() []int {
	if v.width <= savString {
		return []int{v.width}
	}
	n := (v.width + savSegment - 1) / savSegment
	widths := slices.Repeat([]int{savString}, n)
	widths[n-1] = v.width - (n-1)*savSegment
	return widths
}

// savText is a string as the file holds it: without blanks at its end, which fill it up.
func savText(s string) string {
	return strings.TrimRight(head(clean(s), savLongest), " ")
}

// savWidth is the width of the longest string of a variable.
func (t Table) savWidth(place int, labels []Label) int {
	width := 1
	for _, r := range t.Rows {
		width = max(width, len(savText(r[place].Text)))
	}
	for _, l := range labels {
		width = max(width, len(savText(l.Value.Text)))
	}
	return width
}

// savMissingOf says which values of a variable are missing. More than three numbers are a
// range, if nothing else lies in it.
func (t Table) savMissingOf(place int, labels []Label) (m savMissings) {
	var list []Value
	for _, l := range labels {
		if l.Missing && (!t.Variables[place].Text || l.Value.Text != "" && len(savText(l.Value.Text)) <= savShort) {
			list = append(list, l.Value)
		}
	}
	if len(list) <= savMissing {
		m.single = list
		return m
	}
	m.single, m.dropped = list[:savMissing], list[savMissing:]
	if t.Variables[place].Text {
		return m
	}
	low, high := list[0].Number, list[0].Number
	for _, v := range list {
		low, high = min(low, v.Number), max(high, v.Number)
	}
	inside := func(v Value) bool { return v.Number >= low && v.Number <= high && !slices.Contains(list, v) }
	for _, r := range t.Rows {
		if inside(Number(r[place].Number)) {
			return m
		}
	}
	for _, l := range labels {
		if inside(l.Value) {
			return m
		}
	}
	return savMissings{low: low, high: high, ranged: true}
}

// number is a number as the file holds it.
func (v savVariable) number(x Value) float64 {
	switch {
	case !x.known() || slices.Contains(v.missing.dropped, Number(x.Number)):
		return savMissingNumber
	case v.Format != Plain:
		return x.Number + savEpoch
	}
	return x.Number
}

// format says how a value is shown: its kind, width and decimals.
func (v savVariable) format(width int, most float64) int32 {
	kind, decimals := savFormatF, min(max(v.Decimals, 0), savMostDecimals)
	switch {
	case v.Text:
		kind, decimals = savFormatA, 0
	case v.Format == Day:
		kind, width, decimals = savFormatDate, 11, 0
	case v.Format == Moment:
		kind, width, decimals = savFormatDateTime, 20, 0
	default:
		width = savNumberWidth
		if decimals > 0 {
			width = max(width, decimals+5)
		}
		if digits := len(fmt.Sprintf("%.*f", decimals, most)) + 1; digits > width {
			width = min(digits, savWidest)
		}
	}
	return int32(kind<<16 | width<<8 | decimals)
}

// largest is the largest number of a variable, without its sign.
func (v savVariable) largest(rows [][]Value) float64 {
	most := 0.0
	for _, r := range rows {
		if x := r[v.place]; !v.Text && x.known() {
			most = max(most, math.Abs(x.Number))
		}
	}
	return most
}

func (d *savDictionary) ints(list ...int) {
	for _, v := range list {
		d.out.Write(binary.LittleEndian.AppendUint32(nil, uint32(int32(v))))
	}
}

func (d *savDictionary) float(v float64) {
	d.out.Write(binary.LittleEndian.AppendUint64(nil, math.Float64bits(v)))
}

// padded writes a text and blanks behind it.
func (d *savDictionary) padded(s string, width int) {
	d.out.WriteString(s)
	d.out.WriteString(strings.Repeat(" ", max(0, width-len(s))))
}
