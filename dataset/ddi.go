package dataset

import (
	"fmt"
	"io"
	"slices"
	"strconv"
	"strings"
	"time"
)

// DDI-Codebook 2.5 (DDI Alliance): what archives and catalogues read of a file of data. It
// describes the SPSS file of the same table, with the counts of every value.

// ddiWeighted is what weighted counts are called.
const ddiWeighted = "wgtd"

type ddiBook struct {
	XMLName  struct{} `xml:"codeBook"`
	Space    string   `xml:"xmlns,attr"`
	Version  string   `xml:"version,attr"`
	Language string   `xml:"xml:lang,attr,omitempty"`

	Document ddiCitation `xml:"docDscr>citation"`
	Study    ddiCitation `xml:"stdyDscr>citation"`
	File     ddiFile     `xml:"fileDscr"`
	Data     ddiData     `xml:"dataDscr"`
}

type ddiCitation struct {
	Title    string       `xml:"titlStmt>titl"`
	ID       string       `xml:"titlStmt>IDNo,omitempty"`
	Produced *ddiProduced `xml:"prodStmt"`
}

type ddiProduced struct {
	Date     string `xml:"prodDate"`
	Software string `xml:"software,omitempty"`
}

type ddiFile struct {
	ID        string `xml:"ID,attr"`
	Name      string `xml:"fileTxt>fileName"`
	Rows      int    `xml:"fileTxt>dimensns>caseQnty"`
	Variables int    `xml:"fileTxt>dimensns>varQnty"`
	Type      string `xml:"fileTxt>fileType"`
}

type ddiData struct {
	Groups    []ddiGroup    `xml:"varGrp"`
	Variables []ddiVariable `xml:"var"`
}

type ddiGroup struct {
	ID      string `xml:"ID,attr"`
	Type    string `xml:"type,attr"`
	Members string `xml:"var,attr"`
	Name    string `xml:"name,attr"`
	Label   string `xml:"labl,omitempty"`
}

type ddiVariable struct {
	ID       string        `xml:"ID,attr"`
	Name     string        `xml:"name,attr"`
	Files    string        `xml:"files,attr"`
	Weights  string        `xml:"wgt,attr,omitempty"`
	Weight   string        `xml:"wgt-var,attr,omitempty"`
	Decimals string        `xml:"dcml,attr,omitempty"`
	Interval string        `xml:"intrvl,attr"`
	Nature   string        `xml:"nature,attr,omitempty"`
	Label    string        `xml:"labl,omitempty"`
	Range    *ddiRange     `xml:"valrng>range"`
	Invalid  *ddiInvalid   `xml:"invalrng"`
	Sums     []ddiSum      `xml:"sumStat"`
	Values   []ddiCategory `xml:"catgry"`
	Format   ddiFormat     `xml:"varFormat"`
}

type ddiRange struct {
	Min string `xml:"min,attr"`
	Max string `xml:"max,attr"`
}

type ddiInvalid struct {
	Items []ddiItem `xml:"item"`
}

type ddiItem struct {
	Value string `xml:"VALUE,attr"`
}

type ddiSum struct {
	Type  string `xml:"type,attr"`
	Value string `xml:",chardata"`
}

type ddiCategory struct {
	Missing string    `xml:"missing,attr,omitempty"`
	Value   string    `xml:"catValu"`
	Label   string    `xml:"labl,omitempty"`
	Counts  []ddiStat `xml:"catStat"`
}

type ddiStat struct {
	Type     string `xml:"type,attr"`
	Weighted string `xml:"wgtd,attr,omitempty"`
	Weight   string `xml:"wgt-var,attr,omitempty"`
	Value    string `xml:",chardata"`
}

type ddiFormat struct {
	Type     string `xml:"type,attr"`
	Category string `xml:"category,attr,omitempty"`
}

// WriteDDI writes the description of the SPSS file, NAME.sav.
func (t Table) WriteDDI(w io.Writer) error {
	if err := t.check(); err != nil {
		return err
	}
	book := ddiBook{Space: "ddi:codebook:2_5", Version: "2.5", Language: validFile(t.Language)}
	if t.Language == "" {
		book.Language = ""
	}
	name := validFile(t.Name)
	made := &ddiProduced{Date: t.At.UTC().Format(time.DateOnly), Software: line(t.Program)}
	book.Document = ddiCitation{Title: line(t.Title), Produced: made}
	book.Study = ddiCitation{Title: line(t.Title), ID: name}
	book.File = ddiFile{ID: "F1", Name: name + ".sav", Rows: len(t.Rows), Variables: len(t.Variables), Type: "SPSS system file"}
	sets := t.sets()
	names := setNames(sets)
	for i, s := range sets {
		members := make([]string, len(s.Members))
		for k, m := range s.Members {
			members[k] = ddiID(m)
		}
		book.Data.Groups = append(book.Data.Groups, ddiGroup{ID: "G" + strconv.Itoa(i+1), Type: "multipleResp", Members: strings.Join(members, " "), Name: names[i], Label: line(s.Label)})
	}
	for i, name := range t.names() {
		v := t.ddiVariable(i)
		v.Name = name
		book.Data.Variables = append(book.Data.Variables, v)
	}
	content, err := xmlFile(book)
	if err != nil {
		return err
	}
	if _, err := w.Write(content); err != nil {
		return fmt.Errorf("dataset: %w", err)
	}
	return nil
}

func ddiID(place int) string { return "V" + strconv.Itoa(place+1) }

func (t Table) ddiVariable(place int) ddiVariable {
	v := t.Variables[place]
	x := ddiVariable{ID: ddiID(place), Files: "F1", Label: line(v.Label), Interval: "discrete", Format: ddiFormat{Type: "numeric"}}
	x.Nature = map[Measure]string{Nominal: "nominal", Ordinal: "ordinal", Scale: "interval"}[v.Measure]
	switch weight := t.weight(); {
	case weight == place:
		x.Weights = "wgt"
	case weight >= 0:
		x.Weight = ddiID(weight)
	}
	switch {
	case v.Text:
		x.Format.Type = "character"
	case v.Format == Day || v.Format == Moment:
		x.Interval, x.Format.Category = "contin", "date"
	default:
		x.Decimals = strconv.Itoa(max(v.Decimals, 0))
		if v.Measure == Scale {
			x.Interval = "contin"
		}
	}
	t.ddiCounts(&x, place)
	return x
}

// ddiText writes a value of a variable.
func (v Variable) ddiText(x Value) string {
	switch {
	case v.Text:
		return line(x.Text)
	case v.Format == Day:
		return timeText(x, time.DateOnly)
	case v.Format == Moment:
		return timeText(x, time.RFC3339)
	}
	return strings.TrimPrefix(strconv.FormatFloat(x.Number, 'f', -1, 64), "+")
}

// ddiCounts adds how many rows have each labelled value, and how many a valid one.
func (t Table) ddiCounts(x *ddiVariable, place int) {
	v, labels := t.Variables[place], t.Variables[place].labels()
	counts, sums := make([]int, len(labels)), make([]float64, len(labels))
	valid, weight := 0, t.weight()
	var low, high Value
	for _, r := range t.Rows {
		value := r[place]
		if v.Text {
			value = Text(strings.TrimRight(clean(value.Text), " "))
		}
		at := slices.IndexFunc(labels, func(l Label) bool {
			return v.Text && l.Value.Text == value.Text || !v.Text && l.Value.Number == value.Number
		})
		if at >= 0 {
			counts[at]++
			if weight >= 0 && r[weight].known() && r[weight].Number > 0 {
				sums[at] += r[weight].Number
			}
		}
		if at >= 0 && labels[at].Missing || v.Text && value.Text == "" || !v.Text && !value.known() {
			continue
		}
		if valid++; valid == 1 {
			low, high = value, value
		}
		low.Number, high.Number = min(low.Number, value.Number), max(high.Number, value.Number)
	}
	x.Sums = []ddiSum{{"vald", strconv.Itoa(valid)}, {"invd", strconv.Itoa(len(t.Rows) - valid)}}
	if !v.Text && valid > 0 {
		x.Range = &ddiRange{v.ddiText(low), v.ddiText(high)}
	}
	for i, l := range labels {
		c := ddiCategory{Value: v.ddiText(l.Value), Label: l.Label, Counts: []ddiStat{{Type: "freq", Value: strconv.Itoa(counts[i])}}}
		if weight >= 0 && weight != place {
			c.Counts = append(c.Counts, ddiStat{Type: "freq", Weighted: ddiWeighted, Weight: ddiID(weight), Value: strconv.FormatFloat(sums[i], 'f', -1, 64)})
		}
		if l.Missing {
			c.Missing = "Y"
			if x.Invalid == nil {
				x.Invalid = &ddiInvalid{}
			}
			x.Invalid.Items = append(x.Invalid.Items, ddiItem{c.Value})
		}
		x.Values = append(x.Values, c)
	}
}
