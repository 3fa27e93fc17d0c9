package assess

import (
	"cmp"
	"context"
	"errors"
	"io"
	"regexp"
	"slices"
	"strconv"
	"strings"

	"goalpost"
	"goalpost/ingest"
)

// Limits of what is looked at to propose a map.
const (
	mostColumns = 400 // further columns are left out
	mostValues  = 40  // more different answers are free text
	longestCell = 200
)

// WaveColumn is what a column holds.
type WaveColumn struct {
	Header string
	Filled int // rows with something in it
	Values []WaveValue
	Many   bool // there are more different values
}

// WaveValue is a cell and how often it occurs.
type WaveValue struct {
	Text  string
	Count int
}

// WaveProposal is what a table with one row a respondent seems to be. Nothing of it is
// kept before a person has confirmed it.
type WaveProposal struct {
	Rows    int
	Columns []WaveColumn
	Choices []ColumnChoice
	More    int // columns that were not looked at
}

// IsStudyTable reports whether a file holds published figures, one a row, and not
// respondents.
func IsStudyTable(ctx context.Context, name string, r io.ReaderAt, size int64) (bool, error) {
	if strings.EqualFold(extOf(name), ".json") {
		return true, nil
	}
	figures := false
	err := ingest.Rows(ctx, ingest.Source{Name: name, R: r, Size: size}, "", func(row ingest.Row) error {
		have := map[string]bool{}
		for _, c := range row.Cells {
			have[fold(strings.TrimPrefix(c, "\ufeff"))] = true
		}
		found := 0
		for _, n := range neededColumns {
			if have[n] {
				found++
			}
		}
		figures = found > len(neededColumns)/2
		return errStop
	})
	if errors.Is(err, errStop) {
		err = nil
	}
	return figures, err
}

var errStop = errors.New("assess: enough rows")

func extOf(name string) string {
	if i := strings.LastIndexByte(name, '.'); i >= 0 {
		return name[i:]
	}
	return ""
}

// ProposeWave looks through a table and proposes what its columns mean. Questions of
// known, which may be empty, are found again; one whose options changed gets a new
// version. language is that of the answers in the file.
func ProposeWave(ctx context.Context, name string, r io.ReaderAt, size int64, known goalpost.Study, language string) (WaveProposal, error) {
	s := waveScan{}
	err := ingest.Rows(ctx, ingest.Source{Name: name, R: r, Size: size}, "", s.row)
	if err == nil && s.p.Rows == 0 {
		err = &goalpost.Error{Kind: goalpost.Invalid, Key: "error.import.empty"}
	}
	if e, ok := errors.AsType[*goalpost.Error](err); ok && e.File == "" {
		e.File = name
	}
	if err != nil {
		return WaveProposal{}, err
	}
	for i := range s.seen {
		s.p.Columns[i].Filled, s.p.Columns[i].Many = s.seen[i].filled, s.seen[i].many
		s.p.Columns[i].Values = s.seen[i].cells.list()
		s.p.Choices = append(s.p.Choices, s.choose(i, language))
	}
	s.group(language)
	for i := range s.p.Choices {
		findAgain(&s.p.Choices[i], known, language)
	}
	findGroupsAgain(s.p.Choices, known)
	return s.p, nil
}

// tally counts different texts, up to a limit.
type tally map[string]int

func (t tally) add(s string) (ok bool) {
	if _, known := t[s]; !known && len(t) > mostValues {
		return false
	}
	t[s]++
	return true
}

func (t tally) list() []WaveValue {
	var out []WaveValue
	for s, n := range t {
		out = append(out, WaveValue{s, n})
	}
	slices.SortFunc(out, func(a, b WaveValue) int { return cmp.Or(cmp.Compare(b.Count, a.Count), cmp.Compare(a.Text, b.Text)) })
	return out
}

// separators divide several answers in one cell, in the order in which they are tried.
var separators = []string{";", "|", ","}

// columnScan is what was seen of one column.
type columnScan struct {
	filled int
	many   bool
	cells  tally
	parts  map[string]tally // by separator
	split  map[string]int   // cells with the separator
	broken map[string]bool  // too many different parts
}

// waveScan looks through a table.
type waveScan struct {
	p    WaveProposal
	seen []columnScan
	head bool
}

func (s *waveScan) row(row ingest.Row) error {
	if !s.head {
		s.head = true
		for i, h := range row.Cells {
			if i >= mostColumns {
				s.p.More = len(row.Cells) - mostColumns
				break
			}
			s.p.Columns = append(s.p.Columns, WaveColumn{Header: strings.TrimSpace(strings.TrimPrefix(h, "\ufeff"))})
			s.seen = append(s.seen, columnScan{cells: tally{}, parts: map[string]tally{}, split: map[string]int{}, broken: map[string]bool{}})
		}
		return nil
	}
	if s.p.Rows++; s.p.Rows > waveLimit {
		return &goalpost.Error{Kind: goalpost.Invalid, Key: "error.study.wave-large", Line: row.Line, Args: []goalpost.Arg{goalpost.NumberArg(waveLimit)}}
	}
	for i := range min(len(s.seen), len(row.Cells)) {
		if text := strings.TrimSpace(row.Cells[i]); text != "" {
			s.seen[i].add(text)
		}
	}
	return nil
}

func (c *columnScan) add(text string) {
	c.filled++
	if r := []rune(text); len(r) > longestCell {
		text = string(r[:longestCell])
		c.many = true
	}
	if !c.cells.add(text) {
		c.many = true
	}
	for _, sep := range separators {
		if c.broken[sep] {
			continue
		}
		if c.parts[sep] == nil {
			c.parts[sep] = tally{}
		}
		list := strings.Split(text, sep)
		if len(list) > 1 {
			c.split[sep]++
		}
		for _, part := range list {
			if part = strings.TrimSpace(part); part != "" && !c.parts[sep].add(part) {
				c.broken[sep] = true
			}
		}
	}
}

// Names of columns by what they hold.
var (
	weightName  = regexp.MustCompile(`^(weights?|weighting|gewicht|gewichtung|wt|pweight|pw)$`)
	personName  = regexp.MustCompile(`(^|[^a-z])(e-?mail|mail|name|vorname|nachname|phone|telefon|ip|ip-?address|ip-?adresse|address|adresse|id|token|uuid|respondent|user|nutzer)([^a-z]|$)`)
	timeName    = regexp.MustCompile(`(timestamp|zeitstempel|^date$|^datum$|submitted|started|startzeit|^time$)`)
	profileName = regexp.MustCompile(`(^|[^a-zäöüß])(business|company|firma|unternehmen|branche|industry|sector|role|rolle|position|country|land|size|größe|groesse|age|alter|gender|geschlecht|region)([^a-zäöüß]|$)`)
	wholeNumber = regexp.MustCompile(`^\d{1,2}$`)
)

// yesNo are the cells that say yes or no, by what they say.
var yesNo = map[string]string{"1": "yes", "x": "yes", "yes": "yes", "ja": "yes", "true": "yes", "wahr": "yes", "0": "no", "no": "no", "nein": "no", "false": "no", "falsch": "no"}

// choose proposes what one column means by itself.
func (s *waveScan) choose(i int, language string) ColumnChoice {
	c, col := &s.seen[i], s.p.Columns[i]
	name := fold(col.Header)
	out := ColumnChoice{Header: col.Header, Use: UseIgnore, Version: 1, Question: CodeOf(col.Header), Separator: ";", Profile: profileName.MatchString(name)}
	if out.Question == "" {
		out.Question = "q" + strconv.Itoa(i+1)
	}
	set(&out.WordingEN, &out.WordingDE, language, col.Header)
	sep, several := c.separator()
	switch {
	case col.Header == "":
		out.Why = "no-name"
	case c.filled == 0:
		out.Why = "empty"
	case weightName.MatchString(name) && c.numeric(func(v float64) bool { return v >= 0 }):
		out.Use = UseWeight
	case personName.MatchString(name) || c.has("@"):
		out.Why = "person"
	case timeName.MatchString(name):
		out.Why = "time"
	case several:
		out.Use, out.Separator = UseMultiple, sep
		out.Options = optionLines(c.parts[sep].list(), language)
	case c.many || len(c.cells) > mostValues || (len(c.cells) > 12 && len(c.cells)*2 > c.filled):
		out.Why = "free"
		if c.numeric(func(float64) bool { return true }) {
			out.Why = "number"
		}
	case c.yesNo():
		out.Use, out.Options = UseSingle, c.yesNoLines()
	case len(c.cells) > 2 && len(c.cells) <= 11 && c.grades():
		out.Use = UseScale
		out.Options = optionLines(sortedByNumber(c.cells.list()), language)
	case len(c.cells) < 2 && c.filled > 1:
		out.Why = "constant"
	default:
		out.Use, out.Options = UseSingle, optionLines(c.cells.list(), language)
	}
	return out
}

// set puts a text into the field of a language.
func set(english, german *string, language, text string) {
	if language == "de" {
		*german = text
		return
	}
	*english = text
}

func (c *columnScan) has(part string) bool {
	for s := range c.cells {
		if strings.Contains(s, part) {
			return true
		}
	}
	return false
}

func (c *columnScan) numeric(ok func(float64) bool) bool {
	for s := range c.cells {
		v, err := strconv.ParseFloat(strings.Replace(s, ",", ".", 1), 64)
		if err != nil || !ok(v) {
			return false
		}
	}
	return true
}

func (c *columnScan) grades() bool {
	for s := range c.cells {
		if n, err := strconv.Atoi(s); err != nil || !wholeNumber.MatchString(s) || n > 10 {
			return false
		}
	}
	return true
}

// yesNo reports whether all cells say yes or no.
func (c *columnScan) yesNo() bool {
	for s := range c.cells {
		if yesNo[fold(s)] == "" {
			return false
		}
	}
	return true
}

func (c *columnScan) yesNoLines() string {
	values := map[string][]string{}
	for _, v := range c.cells.list() {
		if code := yesNo[fold(v.Text)]; fold(v.Text) != code {
			values[code] = append(values[code], v.Text)
		}
	}
	return writeValues([]goalpost.Item{{Code: "yes", Label: goalpost.Text{"en": "Yes", "de": "Ja"}}, {Code: "no", Label: goalpost.Text{"en": "No", "de": "Nein"}}}, values)
}

// separator finds what divides several answers in the cells: with it there are no
// more different parts than different cells.
func (c *columnScan) separator() (string, bool) {
	for _, sep := range separators {
		parts := c.parts[sep]
		if c.broken[sep] || c.split[sep]*10 < c.filled || c.split[sep] == 0 || len(parts) < 2 || len(parts) > mostValues {
			continue
		}
		if len(parts) <= len(c.cells) || c.many || (sep == ";" && len(parts) <= 12) {
			return sep, true
		}
	}
	return "", false
}

func sortedByNumber(list []WaveValue) []WaveValue {
	slices.SortFunc(list, func(a, b WaveValue) int {
		x, _ := strconv.Atoi(a.Text)
		y, _ := strconv.Atoi(b.Text)
		return x - y
	})
	return list
}

// optionLines makes the options of what stands in the cells, the most frequent first.
func optionLines(list []WaveValue, language string) string {
	var items []goalpost.Item
	values := map[string][]string{}
	for i, v := range list {
		code := CodeOf(v.Text)
		if code == "" || slices.ContainsFunc(items, func(o goalpost.Item) bool { return o.Code == code }) {
			code = "o" + strconv.Itoa(i+1)
		}
		o := goalpost.Item{Code: code, Label: goalpost.Text{language: v.Text}}
		if strings.ContainsAny(v.Text, "|\r\n") {
			values[code] = []string{v.Text}
		}
		items = append(items, o)
	}
	return writeValues(items, values)
}
