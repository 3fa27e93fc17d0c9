package dataset

import (
	"archive/zip"
	"encoding/xml"
	"fmt"
	"io"
	"math"
	"strconv"
	"strings"
	"time"
	"unicode/utf8"
)

// Triple-S XML 2.0 (The Triple-S XML Standard, version 2.0.002, September 2011): a
// description and a data file. The data file is CSV: its fields are as long as what stands
// in them, where the fixed format fills every row up to the longest text that anybody wrote.
// It is ISO-8859-1, as the standard says; a letter that is not in it is written as XML
// would: "&#128021;".

// sssMostDecimals is how many decimals a number has at most.
const sssMostDecimals = 9

type sssFile struct {
	XMLName struct{}  `xml:"sss"`
	Version string    `xml:"version,attr"`
	Date    string    `xml:"date,omitempty"`
	Time    string    `xml:"time,omitempty"`
	Origin  string    `xml:"origin,omitempty"`
	Survey  sssSurvey `xml:"survey"`
}

type sssSurvey struct {
	Name   string    `xml:"name"`
	Title  string    `xml:"title"`
	Record sssRecord `xml:"record"`
}

type sssRecord struct {
	Ident     string        `xml:"ident,attr"`
	Format    string        `xml:"format,attr"`
	Skip      int           `xml:"skip,attr"`
	Variables []sssVariable `xml:"variable"`
}

type sssVariable struct {
	Ident    int         `xml:"ident,attr"`
	Type     string      `xml:"type,attr"`
	Use      string      `xml:"use,attr,omitempty"`
	Name     string      `xml:"name"`
	Label    string      `xml:"label"`
	Position sssPosition `xml:"position"`
	Values   *sssValues  `xml:"values"`
	Size     int         `xml:"size,omitempty"`

	field func(row []Value) string // what stands in the data file; a text is quoted
	quote bool
}

type sssPosition struct {
	Start int `xml:"start,attr"`
}

type sssValues struct {
	Range  *sssRange  `xml:"range"`
	Values []sssValue `xml:"value"`
}

type sssRange struct {
	From string `xml:"from,attr"`
	To   string `xml:"to,attr"`
}

type sssValue struct {
	Code  string `xml:"code,attr"`
	Score string `xml:"score,attr,omitempty"`
	Label string `xml:",chardata"`
}

// WriteTripleS writes an archive with the description, NAME.sss, and the data, NAME.csv.
func (t Table) WriteTripleS(w io.Writer) error {
	if err := t.check(); err != nil {
		return err
	}
	archive := zip.NewWriter(w)
	variables := t.sssVariables()
	name := validFile(t.Name)
	add := func(end string, content []byte) error {
		f, err := archive.CreateHeader(&zip.FileHeader{Name: name + end, Method: zip.Deflate, Modified: t.At.UTC()})
		if err != nil {
			return fmt.Errorf("dataset: %w", err)
		}
		if _, err := f.Write(content); err != nil {
			return fmt.Errorf("dataset: %w", err)
		}
		return nil
	}
	description, err := t.sssDescription(variables)
	if err != nil {
		return err
	}
	if err := add(".sss", description); err != nil {
		return err
	}
	if err := add(".csv", t.sssData(variables)); err != nil {
		return err
	}
	if err := archive.Close(); err != nil {
		return fmt.Errorf("dataset: %w", err)
	}
	return nil
}

// validFile is a name of a file without a directory.
func validFile(name string) string {
	name = strings.Map(func(r rune) rune {
		if r == '-' || r == '_' || r >= '0' && r <= '9' || r >= 'a' && r <= 'z' || r >= 'A' && r <= 'Z' {
			return r
		}
		return -1
	}, name)
	if name == "" {
		return "data"
	}
	return name
}

func (t Table) sssDescription(variables []sssVariable) ([]byte, error) {
	f := sssFile{Version: "2.0", Date: t.At.UTC().Format(time.DateOnly), Time: t.At.UTC().Format("15:04"), Origin: line(t.Program)}
	f.Survey = sssSurvey{Name: validName(t.Name), Title: line(t.Title), Record: sssRecord{Ident: "A", Format: "csv", Skip: 1, Variables: variables}}
	return xmlFile(f)
}

// emptyElements are closed where they begin, as in the examples of the standards: some
// programs read nothing else.
var emptyElements = strings.NewReplacer("></position>", "/>", "></range>", "/>", "></item>", "/>", "></varFormat>", "/>")

// xmlFile writes a document with its declaration.
func xmlFile(document any) ([]byte, error) {
	body, err := xml.MarshalIndent(document, "", " ")
	if err != nil {
		return nil, fmt.Errorf("dataset: xml: %w", err)
	}
	return []byte(xml.Header + emptyElements.Replace(string(body)) + "\n"), nil
}

// sssData is the data file, with the names in its first row.
func (t Table) sssData(variables []sssVariable) []byte {
	var b []byte
	for i, v := range variables {
		b = sssField(b, i, v.Name, true)
	}
	b = append(b, '\r', '\n')
	for _, r := range t.Rows {
		start := len(b)
		for i, v := range variables {
			b = sssField(b, i, v.field(r), v.quote)
		}
		if len(b) == start { // many programs skip an empty line
			b = append(b, '"', '"')
		}
		b = append(b, '\r', '\n')
	}
	return b
}

// sssField adds a field; nothing stands for an empty one, which is a missing value.
func sssField(b []byte, place int, s string, quote bool) []byte {
	if place > 0 {
		b = append(b, ',')
	}
	if s == "" || !quote {
		return append(b, s...)
	}
	b = append(b, '"')
	for _, r := range strings.ReplaceAll(s, `"`, `""`) {
		b = append(b, byte(r)) // sssText left nothing else
	}
	return append(b, '"')
}

// sssText is a text in one line and in letters of ISO-8859-1.
func sssText(s string) string {
	s = line(s)
	if strings.IndexFunc(s, func(r rune) bool { return r > 0xFF }) < 0 {
		return s
	}
	var b strings.Builder
	for _, r := range s {
		if r > 0xFF {
			fmt.Fprintf(&b, "&#%d;", r)
		} else {
			b.WriteRune(r)
		}
	}
	return b.String()
}

// sssVariables are the variables; the members of a set are one.
func (t Table) sssVariables() []sssVariable {
	sets := t.sets()
	names := append([]string{}, setNames(sets)...)
	for _, v := range t.Variables {
		names = append(names, v.Name)
	}
	names = uniqueNames(names)
	of := map[int]int{} // the first set that a variable belongs to
	for i, s := range sets {
		for _, m := range s.Members {
			if _, there := of[m]; !there {
				of[m] = i
			}
		}
	}
	var list []sssVariable
	serial, done := false, map[int]bool{}
	add := func(v sssVariable, name string) {
		v.Name, v.Ident, v.Position.Start = name, len(list)+1, len(list)+1
		list = append(list, v)
	}
	for i, v := range t.Variables {
		set, member := of[i]
		switch {
		case !member:
			x := t.sssVariable(i)
			if v.Serial && !serial && t.tellsApart(x) {
				serial, x.Use = true, "serial"
			}
			add(x, names[len(sets)+i])
		case !done[set]:
			done[set] = true
			add(t.sssMultiple(sets[set]), names[set])
		}
	}
	return list
}

// sssVariable describes a variable that stands alone.
func (t Table) sssVariable(place int) sssVariable {
	v := t.Variables[place]
	x := sssVariable{Label: line(v.Label)}
	switch {
	case v.Text:
		return t.sssCharacter(x, func(r []Value) string { return sssText(r[place].Text) })
	case v.Format == Day:
		x.Type = "date"
		x.field = func(r []Value) string { return timeText(r[place], "20060102") }
		return x
	case v.Format == Moment:
		return t.sssCharacter(x, func(r []Value) string { return timeText(r[place], time.RFC3339) })
	case place == t.weight():
		x.Use = "weight"
		return t.sssQuantity(x, place, func(v Value) Value { // has to be there, and not below 0
			if !v.known() || v.Number < 0 {
				return Number(0)
			}
			return v
		})
	case v.Measure != Scale && t.countable(place):
		return t.sssSingle(x, place)
	}
	return t.sssQuantity(x, place, func(v Value) Value { return v })
}

// tellsApart reports whether a variable can be a serial number: a whole number above 0, or a
// text, in every row and in each another one.
func (t Table) tellsApart(x sssVariable) bool {
	seen := map[string]bool{}
	for _, r := range t.Rows {
		s := x.field(r)
		if s == "" || seen[s] || x.Type == "quantity" && (s == "0" || strings.ContainsAny(s, "-.")) {
			return false
		}
		seen[s] = true
	}
	return x.Use == "" && (x.Type == "quantity" || x.Type == "character")
}

// timeText writes a time; nothing for one that no calendar has.
func timeText(v Value, layout string) string {
	const longest = 1e11
	if !v.known() || math.Abs(v.Number) > longest {
		return ""
	}
	at := time.Unix(int64(v.Number), 0).UTC()
	if at.Year() < 1 || at.Year() > 9999 {
		return ""
	}
	return at.Format(layout)
}

func (t Table) sssCharacter(x sssVariable, field func([]Value) string) sssVariable {
	x.Type, x.Size, x.field, x.quote = "character", 1, field, true
	for _, r := range t.Rows {
		x.Size = max(x.Size, utf8.RuneCountInString(field(r)))
	}
	return x
}

// countable reports whether all numbers of a variable are codes: whole ones from 0 on, with
// a label.
func (t Table) countable(place int) bool {
	labels := t.Variables[place].labels()
	for _, l := range labels {
		if v := l.Value.Number; v < 0 || v != math.Trunc(v) || v > math.MaxInt32 {
			return false
		}
	}
	for _, r := range t.Rows {
		if r[place].known() {
			if _, ok := labelOf(labels, r[place], false); !ok {
				return false
			}
		}
	}
	return len(labels) > 0
}

// sssSingle has a code for each answer. Those of an ordinal one are its scores, too.
func (t Table) sssSingle(x sssVariable, place int) sssVariable {
	v := t.Variables[place]
	x.Type, x.Values = "single", &sssValues{}
	for _, l := range v.labels() {
		o := sssValue{Code: decimal(l.Value.Number, 0), Label: l.Label}
		if v.Measure == Ordinal && !l.Missing {
			o.Score = o.Code
		}
		x.Values.Values = append(x.Values.Values, o)
	}
	x.field = func(r []Value) string {
		if !r[place].known() {
			return ""
		}
		return decimal(r[place].Number, 0)
	}
	return x
}

// decimal writes a number, without a sign for 0.
func decimal(v float64, decimals int) string {
	if v == 0 {
		v = 0
	}
	s := strconv.FormatFloat(v, 'f', decimals, 64)
	if strings.Trim(s, "-0.") == "" {
		s = strings.TrimPrefix(s, "-")
	}
	return s
}

// sssQuantity has the range of its numbers, all with the same decimals, and the labels of
// single ones.
func (t Table) sssQuantity(x sssVariable, place int, as func(Value) Value) sssVariable {
	labels := t.Variables[place].labels()
	decimals := min(max(t.Variables[place].Decimals, 0), sssMostDecimals)
	need := func(v float64) {
		for decimals < sssMostDecimals && math.Abs(v) < 1e15 && v != math.Round(v*math.Pow10(decimals))/math.Pow10(decimals) {
			decimals++
		}
	}
	low, high, some := 0.0, 0.0, false
	for _, r := range t.Rows {
		v := as(r[place])
		if !v.known() {
			continue
		}
		need(v.Number)
		if l, ok := labelOf(labels, v, false); ok && l.Missing {
			continue
		}
		if !some {
			low, high, some = v.Number, v.Number, true
		}
		low, high = min(low, v.Number), max(high, v.Number)
	}
	for _, l := range labels {
		need(l.Value.Number)
	}
	x.Type, x.Values = "quantity", &sssValues{Range: &sssRange{From: decimal(low, decimals), To: decimal(high, decimals)}}
	for _, l := range labels {
		x.Values.Values = append(x.Values.Values, sssValue{Code: decimal(l.Value.Number, decimals), Label: l.Label})
	}
	x.field = func(r []Value) string {
		v := as(r[place])
		if !v.known() {
			return ""
		}
		return decimal(v.Number, decimals)
	}
	return x
}

// sssMultiple has a 0 or 1 for each that could be chosen, and for each reason why nothing
// was.
func (t Table) sssMultiple(s MultiSet) sssVariable {
	x := sssVariable{Type: "multiple", Label: line(s.Label), Values: &sssValues{}, quote: true}
	names, _ := t.categories(s)
	var reasons []Label
	for _, m := range s.Members {
		for _, l := range t.Variables[m].labels() {
			if _, there := labelOf(reasons, l.Value, false); l.Missing && !there && l.Value.Number != float64(s.Counted) {
				reasons = append(reasons, l)
			}
		}
	}
	for _, l := range reasons {
		names = append(names, l.Label)
	}
	for i, name := range names {
		x.Values.Values = append(x.Values.Values, sssValue{Code: strconv.Itoa(i + 1), Label: name})
	}
	x.field = func(r []Value) string {
		bits, known := []byte(strings.Repeat("0", len(names))), false
		for i, m := range s.Members {
			known = known || r[m].known()
			if r[m].Number == float64(s.Counted) {
				bits[i] = '1'
			}
			for k, l := range reasons {
				if l.Value.Number == r[m].Number {
					bits[len(s.Members)+k] = '1'
				}
			}
		}
		if !known {
			return ""
		}
		return string(bits)
	}
	return x
}
