package dataset

import (
	"bytes"
	"encoding/binary"
	"fmt"
	"math"
	"strings"
)

// header is everything before the cases.
func (d *savDictionary) header() []byte {
	d.out.Reset()
	d.fileHeader()
	for _, v := range d.variables {
		d.variableRecords(v)
	}
	for _, v := range d.variables {
		d.labelRecords(v)
	}
	d.extensions()
	d.ints(savEnd, 0)
	return d.out.Bytes()
}

func (d *savDictionary) fileHeader() {
	const product, endian, compressed, noCount = 60, 2, 1, -1
	d.out.WriteString("$FL2")
	d.padded(cut("@(#) SPSS DATA FILE "+line(d.Program), product), product)
	weight, count := 0, len(d.Rows)
	if w := d.weight(); w >= 0 {
		weight = d.variables[w].index
	}
	if count > math.MaxInt32 {
		count = noCount
	}
	d.ints(endian, d.size, compressed, weight, count)
	d.float(savBias)
	d.out.WriteString(d.At.UTC().Format("02 Jan 0615:04:05"))
	d.padded(cut(line(d.Title), savTitle), savTitle)
	d.out.Write(make([]byte, 3))
}

// variableRecords are one for each segment, each with empty ones for all but its first
// eight bytes.
func (d *savDictionary) variableRecords(v savVariable) {
	const continued = -1
	most := v.largest(d.Rows)
	for i, width := range v.segments() {
		label, missing := "", 0
		if i == 0 {
			label = cut(line(v.Label), savLabel)
		}
		if v.width <= savShort {
			missing = v.missing.count()
		}
		format := int(v.format(width, most))
		d.ints(savVariableRecord, width, flag(label != ""), missing, format, format)
		d.padded(v.shorts[i], savShort)
		if label != "" {
			d.ints(len(label))
			d.padded(label, (len(label)+3)/4*4)
		}
		if missing != 0 {
			d.missing(v)
		}
		for range pieces(width) - 1 {
			d.ints(savVariableRecord, continued, 0, 0, 0, 0)
			d.padded("", savShort)
		}
	}
}

func flag(on bool) int {
	if on {
		return 1
	}
	return 0
}

// count is how many missing values there are; -2 says that they are a range.
func (m savMissings) count() int {
	if m.ranged {
		return -2
	}
	return len(m.single)
}

func (d *savDictionary) missing(v savVariable) {
	if v.missing.ranged {
		d.float(v.number(Number(v.missing.low)))
		d.float(v.number(Number(v.missing.high)))
		return
	}
	for _, x := range v.missing.single {
		if v.Text {
			d.padded(savText(x.Text), savShort)
		} else {
			d.float(v.number(x))
		}
	}
}

// labelRecords are the labels of numbers and short strings.
func (d *savDictionary) labelRecords(v savVariable) {
	if v.width > savShort || len(v.labels) == 0 {
		return
	}
	d.ints(savLabelRecord, len(v.labels))
	for _, l := range v.labels {
		if v.Text {
			d.padded(savText(l.Value.Text), savShort)
		} else {
			d.float(labelled(v, l.Value))
		}
		label := cut(l.Label, savValueLabel)
		d.out.WriteByte(byte(len(label)))
		d.padded(label, (len(label)+8)/8*8-1) // with its length a multiple of 8
	}
	d.ints(savLabelledRecord, 1, v.index)
}

// labelled is the number that a label stands for, also where the file has no such number.
func labelled(v savVariable, x Value) float64 {
	v.missing.dropped = nil
	return v.number(x)
}

// extension writes a record that older programs skip.
func (d *savDictionary) extension(subtype, size int, content []byte) {
	if len(content) == 0 {
		return
	}
	d.ints(savExtension, subtype, size, len(content)/size)
	d.out.Write(content)
}

// extensions come in the order of their subtypes.
func (d *savDictionary) extensions() {
	const version, minor, revision, unknownMachine, ieee, compression, little, utf8 = 27, 0, 0, -1, 1, 1, 2, 65001
	d.extension(savMachineIntegers, 4, int32s(version, minor, revision, unknownMachine, ieee, compression, little, utf8))
	d.extension(savMachineFloats, 8, float64s(savMissingNumber, math.MaxFloat64, math.Nextafter(savMissingNumber, 0)))
	plain, byValue := d.setLines()
	d.extension(savSets, 1, []byte(plain))
	d.extension(savDisplay, 4, d.display())
	d.extension(savLongNames, 1, d.longNames())
	d.extension(savLongStrings, 1, d.longStrings())
	d.extension(savCases, 8, binary.LittleEndian.AppendUint64(binary.LittleEndian.AppendUint64(nil, 1), uint64(len(d.Rows))))
	d.extension(savSetsByValue, 1, []byte(byValue))
	d.extension(savEncoding, 1, []byte("UTF-8"))
	d.extension(savLongStringLabels, 1, d.longStringLabels())
	d.extension(savLongStringMissing, 1, d.longStringMissing())
}

func int32s(list ...int) (b []byte) {
	for _, v := range list {
		b = binary.LittleEndian.AppendUint32(b, uint32(int32(v)))
	}
	return b
}

func float64s(list ...float64) (b []byte) {
	for _, v := range list {
		b = binary.LittleEndian.AppendUint64(b, math.Float64bits(v))
	}
	return b
}

// setLines are the sets of at least two variables.
func (d *savDictionary) setLines() (plain, byValue string) {
	sets := d.sets()
	names := setNames(sets)
	for i, s := range sets {
		if len(s.Members) < 2 {
			continue
		}
		if _, ofValues := d.categories(s); ofValues {
			byValue += d.setLine(s, names[i], true)
		} else {
			plain += d.setLine(s, names[i], false)
		}
	}
	return plain, byValue
}

// display says for each segment how it is measured, and how wide and at which side it
// stands.
func (d *savDictionary) display() []byte {
	const left, right = 0, 1
	var b []byte
	for _, v := range d.variables {
		measure := min(max(v.Measure, Nominal), Scale)
		for _, width := range v.segments() {
			if v.Text {
				b = append(b, int32s(int(measure), min(width, savColumn), left)...)
			} else {
				b = append(b, int32s(int(measure), savNumberWidth+2, right)...)
			}
		}
	}
	return b
}

func (d *savDictionary) longNames() []byte {
	list := make([]string, len(d.variables))
	for i, v := range d.variables {
		list[i] = v.shorts[0] + "=" + v.name
	}
	return []byte(strings.Join(list, "\t"))
}

func (d *savDictionary) longStrings() (b []byte) {
	for _, v := range d.variables {
		if v.width > savString {
			b = fmt.Appendf(b, "%s=%05d\x00\t", v.shorts[0], v.width)
		}
	}
	return b
}

func (d *savDictionary) longStringLabels() []byte {
	var b bytes.Buffer
	for _, v := range d.variables {
		if v.width <= savShort || len(v.labels) == 0 {
			continue
		}
		b.Write(int32s(len(v.name)))
		b.WriteString(v.name)
		b.Write(int32s(v.width, len(v.labels)))
		for _, l := range v.labels {
			value, label := savText(l.Value.Text), cut(l.Label, savValueLabel)
			b.Write(int32s(v.width))
			b.WriteString(value + strings.Repeat(" ", v.width-len(value)))
			b.Write(int32s(len(label)))
			b.WriteString(label)
		}
	}
	return b.Bytes()
}

func (d *savDictionary) longStringMissing() []byte {
	var b bytes.Buffer
	for _, v := range d.variables {
		if v.width <= savShort || len(v.missing.single) == 0 {
			continue
		}
		b.Write(int32s(len(v.name)))
		b.WriteString(v.name)
		b.WriteByte(byte(len(v.missing.single)))
		b.Write(int32s(savShort))
		for _, x := range v.missing.single {
			value := savText(x.Text)
			b.WriteString(value + strings.Repeat(" ", savShort-len(value)))
		}
	}
	return b.Bytes()
}
