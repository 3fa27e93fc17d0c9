package assess

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"math"
	"slices"
	"strconv"
	"strings"
	"time"

	"goalpost"
	"goalpost/ingest"
	"goalpost/store"
)

// WaveMap says what the columns of a table with one row a respondent mean. Columns that
// it does not name are not read and not kept.
type WaveMap struct {
	Study     string             `json:"study"` // id
	Title     goalpost.Text      `json:"title,omitempty"`
	Publisher string             `json:"publisher,omitempty"`
	Sheet     string             `json:"sheet,omitempty"` // of a workbook
	Wave      goalpost.Wave      `json:"wave"`
	Reference goalpost.Reference `json:"reference"`        // its wave is Wave.ID
	Weight    string             `json:"weight,omitempty"` // column; empty: everyone counts the same
	Questions []MappedQuestion   `json:"questions"`
	Pairs     []goalpost.Pair    `json:"pairs,omitempty"`
}

// MappedQuestion is a question and where its answers stand: in one Column, or in one
// column an option.
type MappedQuestion struct {
	goalpost.Question
	Column  string            `json:"column,omitempty"`
	Columns map[string]string `json:"columns,omitempty"` // column by option
	// Values are the cells that mean an option, by option; its code and labels always do.
	Values map[string][]string `json:"values,omitempty"`
	// Separator divides several answers in one cell: ";" unless it is set.
	Separator string `json:"separator,omitempty"`
	// EmptyIsNo says that somebody who ticked none of the options answered all the same.
	EmptyIsNo bool `json:"empty_is_no,omitempty"`
}

// WaveReport is what became of the rows.
type WaveReport struct {
	File     string          `json:"file"`
	Rows     int             `json:"rows"`
	Kept     int             `json:"kept"`
	Reported int             `json:"reported"`
	Reasons  []WaveReason    `json:"reasons"`
	Answered map[string]int  `json:"answered"` // respondents, by question
	Notes    []goalpost.Note `json:"-"`
}

// WaveReason is why rows, or single answers of rows that are kept, were left out.
type WaveReason struct {
	Column string `json:"column"`
	Reason string `json:"reason"` // weight, several, unknown
	Value  string `json:"value,omitempty"`
	Count  int    `json:"count"`
	Line   int    `json:"line"` // the first
	Row    bool   `json:"row"`  // the whole row was left out
}

// Limits of one wave: respondents, and the answers of all of them to all questions, which
// are counted in memory.
const (
	waveLimit   = 1_000_000
	waveAnswers = 5_000_000
)

// ParseWaveMap reads a map. name is that of its file.
func ParseWaveMap(name string, data []byte) (WaveMap, error) {
	var m WaveMap
	d := json.NewDecoder(bytes.NewReader(data))
	d.DisallowUnknownFields()
	err := d.Decode(&m)
	if err == nil {
		for i := range m.Questions {
			m.Questions[i].Version = max(m.Questions[i].Version, 1)
		}
		m.Reference.Wave = m.Wave.ID
		if m.Reference.ID == "" {
			m.Reference.ID = m.Wave.ID
		}
		if m.Reference.Kind == "" {
			m.Reference.Kind = goalpost.ReferenceCurrent
		}
		if m.Wave.Sample == "" {
			m.Wave.Sample = goalpost.SampleUnknown
		}
		err = m.check()
	}
	if err != nil {
		return WaveMap{}, jsonError(err, name, data)
	}
	return m, nil
}

// check looks at the map by itself, as a study of one wave.
func (m WaveMap) check() error {
	s := goalpost.Study{ID: m.Study, Title: m.Title, Waves: []goalpost.Wave{m.Wave}, References: []goalpost.Reference{m.Reference}}
	if len(s.Title) == 0 {
		s.Title = goalpost.Text{"en": m.Study}
	}
	for i, q := range m.Questions {
		at := fmt.Sprintf("questions[%d].", i)
		switch {
		case (q.Column == "") == (len(q.Columns) == 0):
			return &goalpost.Error{Kind: goalpost.Invalid, Key: "error.study.wave-column", Field: at + "column"}
		case q.Type == goalpost.SingleChoice && q.Column == "", q.Type == goalpost.NumberQuestion:
			return &goalpost.Error{Kind: goalpost.Invalid, Key: "error.study.wave-type", Field: at + "type", Args: []goalpost.Arg{goalpost.TextArg(string(q.Type))}}
		}
		for option := range q.Columns {
			if _, known := q.Option(option); !known {
				return &goalpost.Error{Kind: goalpost.Invalid, Key: "error.study.unknown", Field: at + "columns", Args: []goalpost.Arg{goalpost.TextArg(option)}}
			}
		}
		for option := range q.Values {
			if _, known := q.Option(option); !known {
				return &goalpost.Error{Kind: goalpost.Invalid, Key: "error.study.unknown", Field: at + "values", Args: []goalpost.Arg{goalpost.TextArg(option)}}
			}
		}
		s.Questions = append(s.Questions, q.Question)
	}
	return s.Check()
}

// ReadWave reads the answers of single respondents. A row with an impossible weight is
// left out and reported; an answer that is no option is reported, and its question counts
// as not answered.
func ReadWave(ctx context.Context, src ingest.Source, m WaveMap) ([]goalpost.Response, WaveReport, error) {
	r := waveReader{m: m, report: WaveReport{File: src.Name, Reasons: []WaveReason{}, Answered: map[string]int{}}, reasons: map[string]int{}}
	err := ingest.Rows(ctx, src, m.Sheet, func(row ingest.Row) error {
		if r.column == nil {
			return r.header(row)
		}
		return r.row(row)
	})
	if err == nil && r.column == nil {
		err = &goalpost.Error{Kind: goalpost.Invalid, Key: "error.import.empty", File: src.Name}
	}
	if err == nil && len(r.list) == 0 {
		err = &goalpost.Error{Kind: goalpost.Invalid, Key: "error.study.wave-nobody", File: src.Name}
	}
	if e, ok := errors.AsType[*goalpost.Error](err); ok && e.File == "" {
		e.File = src.Name
	}
	return r.list, r.report, err
}

// ReadWaveFile is ReadWave of an open file.
func ReadWaveFile(ctx context.Context, name string, r io.ReaderAt, size int64, m WaveMap) ([]goalpost.Response, WaveReport, error) {
	return ReadWave(ctx, ingest.Source{Name: name, R: r, Size: size}, m)
}

// waveReader turns rows into responses.
type waveReader struct {
	m       WaveMap
	column  map[string]int
	list    []goalpost.Response
	answers int
	report  WaveReport
	reasons map[string]int // place in report.Reasons
}

func fold(s string) string { return strings.ToLower(strings.TrimSpace(s)) }

// header finds the columns that the map names.
func (r *waveReader) header(row ingest.Row) error {
	r.column = map[string]int{}
	for i, name := range row.Cells {
		if name = fold(strings.TrimPrefix(name, "\ufeff")); name != "" {
			if _, twice := r.column[name]; !twice {
				r.column[name] = i
			}
		}
	}
	need := func(name string) error {
		if _, ok := r.column[fold(name)]; !ok {
			return &goalpost.Error{Kind: goalpost.Invalid, Key: "error.study.wave-no-column", Line: row.Line, Field: name, Args: []goalpost.Arg{goalpost.TextArg(name)}}
		}
		return nil
	}
	var err error
	if r.m.Weight != "" {
		err = need(r.m.Weight)
	}
	for _, q := range r.m.Questions {
		if q.Column != "" {
			err = errors.Join(err, need(q.Column))
		}
		for _, o := range q.Options {
			if c := q.Columns[o.Code]; c != "" {
				err = errors.Join(err, need(c))
			}
		}
	}
	if first, ok := errors.AsType[*goalpost.Error](err); ok {
		return first
	}
	return err
}

func (r *waveReader) row(row ingest.Row) error {
	if r.report.Rows++; r.report.Rows > waveLimit {
		return &goalpost.Error{Kind: goalpost.Invalid, Key: "error.study.wave-large", Line: row.Line, Args: []goalpost.Arg{goalpost.NumberArg(waveLimit)}}
	}
	cell := func(column string) string {
		if i := r.column[fold(column)]; i < len(row.Cells) {
			return strings.TrimSpace(row.Cells[i])
		}
		return ""
	}
	p := goalpost.Response{Weight: 1, Choices: map[string][]string{}}
	if r.m.Weight != "" {
		text := cell(r.m.Weight)
		w, err := strconv.ParseFloat(strings.Replace(text, ",", ".", 1), 64)
		if err != nil || w < 0 || math.IsInf(w, 0) || math.IsNaN(w) {
			r.report.Reported++
			r.because(r.m.Weight, "weight", text, row.Line, true)
			return nil
		}
		p.Weight = w
	}
	for _, q := range r.m.Questions {
		chosen, answered := r.answer(q, cell, row.Line)
		if answered {
			p.Choices[q.Code] = chosen
			r.report.Answered[q.Code]++
		}
	}
	if r.answers += len(p.Choices); r.answers > waveAnswers {
		return &goalpost.Error{Kind: goalpost.Invalid, Key: "error.study.wave-answers", Line: row.Line, Args: []goalpost.Arg{goalpost.NumberArg(waveAnswers)}}
	}
	r.list = append(r.list, p)
	r.report.Kept++
	return nil
}

// because counts a reason; foreign values are cut.
func (r *waveReader) because(column, reason, value string, line int, whole bool) {
	const longest, most = 60, 200
	if v := []rune(value); len(v) > longest {
		value = string(v[:longest]) + "…"
	}
	key := column + "\x00" + reason + "\x00" + value
	if i, ok := r.reasons[key]; ok {
		r.report.Reasons[i].Count++
		return
	}
	if len(r.report.Reasons) >= most { // a column of free text: counted under one entry
		value = "…"
		key = column + "\x00" + reason + "\x00…"
		if i, ok := r.reasons[key]; ok {
			r.report.Reasons[i].Count++
			return
		}
	}
	r.reasons[key] = len(r.report.Reasons)
	r.report.Reasons = append(r.report.Reasons, WaveReason{Column: column, Reason: reason, Value: value, Count: 1, Line: line, Row: whole})
}

// answer reads the answer to one question.
func (r *waveReader) answer(q MappedQuestion, cell func(string) string, line int) (chosen []string, answered bool) {
	chosen = []string{}
	if q.Column == "" {
		for _, o := range q.Options {
			column := q.Columns[o.Code]
			if column == "" {
				continue
			}
			text := cell(column)
			yes, known := ticked(text, q.Values[o.Code], o)
			if text != "" {
				answered = true
			}
			if !known {
				r.because(column, "unknown", text, line, false)
			}
			if yes {
				chosen = append(chosen, o.Code)
			}
		}
		return chosen, answered || q.EmptyIsNo
	}
	parts := []string{cell(q.Column)}
	if q.Type == goalpost.MultipleChoice {
		separator := q.Separator
		if separator == "" {
			separator = ";"
		}
		parts = strings.Split(parts[0], separator)
	}
	for _, part := range parts {
		if part = strings.TrimSpace(part); part == "" {
			continue
		}
		code, known := q.optionOf(part)
		if !known {
			r.because(q.Column, "unknown", part, line, false)
			if q.Type != goalpost.MultipleChoice {
				return nil, false
			}
			answered = true // another option of the same cell may be known
			continue
		}
		answered = true
		if !slices.Contains(chosen, code) {
			chosen = append(chosen, code)
		}
	}
	return chosen, answered || (q.EmptyIsNo && q.Type == goalpost.MultipleChoice)
}

// optionOf finds the option that a cell means: by the map's values, its code or a label.
func (q MappedQuestion) optionOf(text string) (code string, known bool) {
	want := fold(text)
	for _, o := range q.Options {
		if fold(o.Code) == want {
			return o.Code, true
		}
		for _, label := range o.Label {
			if fold(label) == want {
				return o.Code, true
			}
		}
		if slices.ContainsFunc(q.Values[o.Code], func(v string) bool { return fold(v) == want }) {
			return o.Code, true
		}
	}
	return "", false
}

// ticked reads a cell of a column that stands for one option.
func ticked(text string, values []string, o goalpost.Item) (yes, known bool) {
	t := fold(text)
	if slices.ContainsFunc(values, func(v string) bool { return fold(v) == t && t != "" }) {
		return true, true
	}
	switch t {
	case "", "0", "no", "nein", "false", "falsch", "off", "not selected", "nicht gewählt", "non", "unchecked":
		return false, true
	case "1", "x", "yes", "ja", "true", "wahr", "on", "selected", "gewählt", "checked", "y", "j":
		return true, true
	}
	if t == fold(o.Code) || slices.ContainsFunc([]string{o.Label["en"], o.Label["de"]}, func(l string) bool { return l != "" && fold(l) == t }) {
		return true, true
	}
	return false, false
}

// ImportWave adds a wave with the answers of single respondents to a study, which it
// makes if there is none. The raw file is not kept, only what the map names. The same
// wave again replaces the former answers, and says why.
func ImportWave(ctx context.Context, db *store.DB, org goalpost.OrgID, m WaveMap, list []goalpost.Response, by, why string, now time.Time) (goalpost.StudyVersion, error) {
	s := goalpost.Study{ID: m.Study, Title: m.Title, Publisher: m.Publisher}
	version := 0
	h, err := Study(ctx, db, org, m.Study)
	var e *goalpost.Error
	switch {
	case err == nil:
		s, version = h.Current().Study, h.Current().Version
	case errors.As(err, &e) && e.Kind == goalpost.NotFound:
		if len(s.Title) == 0 {
			s.Title = goalpost.Text{"en": m.Study}
		}
	default:
		return goalpost.StudyVersion{}, err
	}
	m.Wave.N = len(list)
	if known, ok := s.Wave(m.Wave.ID); ok && strings.TrimSpace(why) == "" {
		return goalpost.StudyVersion{}, &goalpost.Error{Kind: goalpost.Ask, Key: "error.study.wave-why", Flag: "--why", Field: "why", Args: []goalpost.Arg{goalpost.TextArg(known.ID)}}
	}
	if s, err = m.into(s); err != nil {
		return goalpost.StudyVersion{}, err
	}
	v := goalpost.StudyVersion{Study: s, Version: version + 1, At: now.UTC(), By: by, Why: strings.TrimSpace(why)}
	return addVersion(ctx, db, org, v, map[string][]goalpost.Response{m.Wave.ID: list})
}

// into adds a wave to a study. A question that is there in other words, of another type
// or with other options needs a version of its own.
func (m WaveMap) into(s goalpost.Study) (goalpost.Study, error) {
	s.Waves = replace(s.Waves, m.Wave, func(w goalpost.Wave) bool { return w.ID == m.Wave.ID })
	s.References = replace(s.References, m.Reference, func(r goalpost.Reference) bool { return r.ID == m.Reference.ID })
	s.Asked = slices.DeleteFunc(slices.Clone(s.Asked), func(a goalpost.Asked) bool { return a.Reference == m.Reference.ID })
	s.Questions = slices.Clone(s.Questions)
	for _, q := range m.Questions {
		old, known := s.Question(q.Code, q.Version)
		switch {
		case !known:
			s.Questions = append(s.Questions, q.Question)
		case !sameQuestion(old, q.Question):
			return s, &goalpost.Error{Kind: goalpost.Conflict, Key: "error.study.wave-question", Field: q.Code, Args: []goalpost.Arg{goalpost.TextArg(q.Code), goalpost.PlainArg(q.Version), goalpost.PlainArg(q.Version + 1)}}
		}
		s.Asked = append(s.Asked, goalpost.Asked{Question: q.Code, Version: q.Version, Reference: m.Reference.ID})
	}
	for _, p := range m.Pairs {
		s.Pairs = replace(s.Pairs, p, func(x goalpost.Pair) bool { return x.Goals == p.Goals && x.Metrics == p.Metrics })
	}
	return s, s.Check()
}

// replace puts x in the place of the element that is meant, or at the end.
func replace[T any](list []T, x T, is func(T) bool) []T {
	list = slices.Clone(list)
	if i := slices.IndexFunc(list, is); i >= 0 {
		list[i] = x
		return list
	}
	return append(list, x)
}

// sameQuestion compares what makes a question the same for a respondent.
func sameQuestion(a, b goalpost.Question) bool {
	same := a.Type == b.Type && a.Wording.In("en") == b.Wording.In("en") && a.Subset == b.Subset && a.Base.In("en") == b.Base.In("en") && len(a.Options) == len(b.Options)
	for _, o := range a.Options {
		_, there := b.Option(o.Code) // in which order they stood is not in a table
		same = same && there
	}
	return same
}
