package dataset

import (
	"bufio"
	"encoding/binary"
	"fmt"
	"math"
	"strings"
)

// Bytecodes of compressed cases: a code says what one piece of eight bytes is.
const (
	savBias        = 100 // a whole number from -99 to 151 is a code of its own
	savLowestCode  = 1
	savHighestCode = 251
	savLiteral     = 253 // the eight bytes stand behind the codes
	savBlanks      = 254
	savUnknown     = 255
)

// savCoder writes pieces of eight bytes: eight codes, then what they do not say.
type savCoder struct {
	out      *bufio.Writer
	codes    []byte
	literals []byte
}

func (c *savCoder) put(code byte, literal []byte) error {
	c.codes = append(c.codes, code)
	c.literals = append(c.literals, literal...)
	if len(c.codes) < cap(c.codes) {
		return nil
	}
	return c.flush()
}

func (c *savCoder) flush() error {
	if len(c.codes) == 0 {
		return nil
	}
	for len(c.codes) < cap(c.codes) {
		c.codes = append(c.codes, 0) // is skipped by readers
	}
	for _, part := range [][]byte{c.codes, c.literals} {
		if _, err := c.out.Write(part); err != nil {
			return fmt.Errorf("sav: %w", err)
		}
	}
	c.codes, c.literals = c.codes[:0], c.literals[:0]
	return nil
}

func (c *savCoder) number(v float64) error {
	switch code := v + savBias; {
	case v == savMissingNumber:
		return c.put(savUnknown, nil)
	case code == math.Trunc(code) && code >= savLowestCode && code <= savHighestCode && v == code-savBias:
		return c.put(byte(code), nil)
	}
	return c.put(savLiteral, binary.LittleEndian.AppendUint64(nil, math.Float64bits(v)))
}

// text writes a string with blanks up to so many pieces.
func (c *savCoder) text(s string, pieces int) error {
	const piece, blanks = 8, "        "
	for range pieces {
		part := s[:min(len(s), piece)]
		s = s[len(part):]
		part += blanks[len(part):]
		var err error
		if part == blanks {
			err = c.put(savBlanks, nil)
		} else {
			err = c.put(savLiteral, []byte(part))
		}
		if err != nil {
			return err
		}
	}
	return nil
}

// cases writes all rows.
func (d *savDictionary) cases(out *bufio.Writer) error {
	c := &savCoder{out: out, codes: make([]byte, 0, 8)}
	for _, r := range d.Rows {
		for _, v := range d.variables {
			if err := c.value(v, r[v.place]); err != nil {
				return err
			}
		}
	}
	return c.flush()
}

func (c *savCoder) value(v savVariable, x Value) error {
	if !v.Text {
		return c.number(v.number(x))
	}
	s := savText(x.Text)
	for _, dropped := range v.missing.dropped {
		if dropped.Text == s {
			s = ""
		}
	}
	for _, width := range v.segments() { // each but the last is filled with 255 bytes
		part := s[:min(len(s), width)]
		s = s[len(part):]
		if err := c.text(part, pieces(width)); err != nil {
			return err
		}
	}
	return nil
}

// setLine describes a set: its name, what counts, its label, and its variables.
func (d *savDictionary) setLine(s MultiSet, name string, ofValues bool) string {
	kind, counted, label := "D", fmt.Sprint(s.Counted), cut(line(s.Label), savLabel)
	if ofValues {
		kind = "E 1 "
	}
	members := make([]string, len(s.Members))
	for i, m := range s.Members {
		members[i] = strings.ToLower(d.variables[m].shorts[0])
	}
	return fmt.Sprintf("$%s=%s%d %s %d %s %s\n", head(name, longestName-1), kind, len(counted), counted, len(label), label, strings.Join(members, " "))
}
