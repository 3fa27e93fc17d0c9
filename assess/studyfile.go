package assess

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"maps"
	"path/filepath"
	"slices"
	"strconv"
	"strings"

	"goalpost"
	"goalpost/ingest"
)

// maxStudyFile is how large a file of published figures may be, in bytes.
const maxStudyFile = 8 << 20

// maxFigures is how many figures one study may have.
const maxFigures = 5000

// ReadStudy reads published figures from a file: JSON, or a table (CSV or XLSX) with one
// row a figure. The first thing that is wrong is refused with its line and field.
func ReadStudy(ctx context.Context, name string, r io.ReaderAt, size int64) (goalpost.Study, error) {
	if size > maxStudyFile {
		return goalpost.Study{}, &goalpost.Error{Kind: goalpost.Invalid, Key: "error.study.file-large", File: name, Args: []goalpost.Arg{goalpost.NumberArg(maxStudyFile >> 20)}}
	}
	if strings.EqualFold(filepath.Ext(name), ".json") {
		data, err := io.ReadAll(io.NewSectionReader(r, 0, size))
		if err != nil {
			return goalpost.Study{}, fmt.Errorf("assess: read %s: %w", name, err)
		}
		return ParseStudyJSON(name, data)
	}
	return parseStudyTable(ctx, ingest.Source{Name: name, R: r, Size: size})
}

// ParseStudyJSON reads a study in the form in which it is exported.
func ParseStudyJSON(name string, data []byte) (goalpost.Study, error) {
	var s goalpost.Study
	d := json.NewDecoder(bytes.NewReader(data))
	d.DisallowUnknownFields()
	err := d.Decode(&s)
	if err == nil && d.More() {
		err = &goalpost.Error{Kind: goalpost.Invalid, Key: "error.study.json-more", Line: lineAt(data, d.InputOffset())}
	}
	if err == nil {
		err = s.Check()
	}
	if err == nil {
		return s, nil
	}
	return goalpost.Study{}, jsonError(err, name, data)
}

// jsonError says where in the file an error is.
func jsonError(err error, name string, data []byte) error {
	e := &goalpost.Error{Kind: goalpost.Invalid, Key: "error.study.json", File: name, Err: err}
	if own, ok := errors.AsType[*goalpost.Error](err); ok {
		e = own
		e.File = name
		if e.Line == 0 {
			e.Line = lineOfPath(data, e.Field)
		}
		return e
	}
	if syntax, ok := errors.AsType[*json.SyntaxError](err); ok {
		e.Line = lineAt(data, syntax.Offset)
		return e
	}
	if kind, ok := errors.AsType[*json.UnmarshalTypeError](err); ok {
		e.Key, e.Field, e.Line = "error.study.json-type", kind.Field, lineAt(data, kind.Offset)
		e.Args = []goalpost.Arg{goalpost.TextArg(kind.Value)}
		return e
	}
	if field, ok := strings.CutPrefix(err.Error(), "json: unknown field "); ok {
		e.Key, e.Field = "error.study.json-field", strings.Trim(field, `"`)
		e.Line = lineAt(data, int64(bytes.Index(data, []byte(field))))
		return e
	}
	e.Line = lineAt(data, int64(len(data)))
	return e
}

// lineAt is the line of an offset, from 1.
func lineAt(data []byte, offset int64) int {
	offset = max(0, min(offset, int64(len(data))))
	return 1 + bytes.Count(data[:offset], []byte("\n"))
}

// lineOfPath is the line of a path such as "figures[3].base", or of the nearest thing
// around it that is there; 0 if the file is no JSON.
func lineOfPath(data []byte, want string) int {
	d := json.NewDecoder(bytes.NewReader(data))
	best, line := -1, 0
	var walk func(at string) error
	walk = func(at string) error {
		if len(at) > best && (at == want || strings.HasPrefix(want, at+".") || strings.HasPrefix(want, at+"[") || at == "") {
			best, line = len(at), lineAt(data, valueAt(data, d.InputOffset()))
		}
		t, err := d.Token()
		if err != nil {
			return err
		}
		open, isDelim := t.(json.Delim)
		if !isDelim {
			return nil
		}
		for i := 0; d.More(); i++ {
			inner := fmt.Sprintf("%s[%d]", at, i)
			if open == '{' {
				key, err := d.Token()
				if err != nil {
					return err
				}
				inner = strings.TrimPrefix(at+"."+fmt.Sprint(key), ".")
			}
			if err := walk(inner); err != nil {
				return err
			}
		}
		_, err = d.Token()
		return err
	}
	if err := walk(""); err != nil {
		return line // as far as it can be read
	}
	return line
}

// valueAt is where the next value begins after the end of a token.
func valueAt(data []byte, offset int64) int64 {
	for offset < int64(len(data)) && bytes.IndexByte([]byte(" \t\r\n,:"), data[offset]) >= 0 {
		offset++
	}
	return offset
}

// StudyColumns are the columns of a table of published figures, in the order of the
// template. Those of a wave or a question are filled in its first row at least.
func StudyColumns() []string {
	return []string{"study", "title_en", "title_de", "publisher", "wave", "fielded_from", "fielded_to", "n", "sample_kind", "recruiting_en", "recruiting_de", "mode_en", "mode_de",
		"reference", "reference_kind", "question", "version", "type", "wording_en", "wording_de", "option", "label_en", "label_de",
		"percent", "below", "about", "mean", "base", "base_kind", "quality", "source", "note_en", "note_de"}
}

// neededColumns must be in every table.
var neededColumns = []string{"study", "title_en", "wave", "reference", "question", "type", "wording_en", "option", "quality"}

// studyTable builds a study from rows.
type studyTable struct {
	study  goalpost.Study
	column map[string]int
	cells  []string
	line   int
	lines  map[string]int // line on which a part of the study was begun, by its path
}

func parseStudyTable(ctx context.Context, src ingest.Source) (goalpost.Study, error) {
	t := studyTable{lines: map[string]int{}}
	err := ingest.Rows(ctx, src, "", func(r ingest.Row) error {
		t.cells, t.line = r.Cells, r.Line
		if t.column == nil {
			return t.header()
		}
		if len(t.study.Figures) >= maxFigures {
			return t.problem("", "too-many", goalpost.NumberArg(maxFigures))
		}
		return t.row()
	})
	if err == nil && t.column == nil {
		err = &goalpost.Error{Kind: goalpost.Invalid, Key: "error.import.empty"}
	}
	if err == nil {
		err = t.study.Check()
	}
	if err == nil {
		return t.study, nil
	}
	if e, ok := errors.AsType[*goalpost.Error](err); ok {
		e.File = src.Name
		if e.Line == 0 {
			e.Line, e.Field = t.place(e.Field)
		}
	}
	return goalpost.Study{}, err
}

// header finds the columns by their names.
func (t *studyTable) header() error {
	t.column = map[string]int{}
	for i, name := range t.cells {
		name = strings.ToLower(strings.TrimSpace(strings.TrimPrefix(name, "\ufeff")))
		switch {
		case name == "":
			continue
		case !slices.Contains(StudyColumns(), name):
			return t.problem(name, "column", goalpost.TextArg(name), goalpost.TextArg(strings.Join(StudyColumns(), ", ")))
		}
		if _, twice := t.column[name]; twice {
			return t.problem(name, "twice", goalpost.TextArg(name))
		}
		t.column[name] = i
	}
	for _, name := range neededColumns {
		if _, ok := t.column[name]; !ok {
			return t.problem(name, "no-column", goalpost.TextArg(name))
		}
	}
	return nil
}

func (t *studyTable) problem(field, key string, args ...goalpost.Arg) *goalpost.Error {
	return &goalpost.Error{Kind: goalpost.Invalid, Key: "error.study." + key, Field: field, Line: t.line, Args: args}
}

// cell returns the trimmed cell of a column, empty if the table has no such column.
func (t *studyTable) cell(column string) string {
	i, ok := t.column[column]
	if !ok || i >= len(t.cells) {
		return ""
	}
	return strings.TrimSpace(t.cells[i])
}

func (t *studyTable) text(column string) goalpost.Text {
	text := goalpost.Text{}
	for _, language := range []string{"en", "de"} {
		if s := t.cell(column + "_" + language); s != "" {
			text[language] = s
		}
	}
	if len(text) == 0 {
		return nil
	}
	return text
}

func (t *studyTable) count(column string) (int, error) {
	s := t.cell(column)
	if s == "" {
		return 0, nil
	}
	n, err := strconv.Atoi(s)
	if err != nil {
		return 0, t.problem(column, "number", goalpost.TextArg(s))
	}
	return n, nil
}

// row adds one figure, and the study, wave, reference, question and option that it
// names for the first time.
func (t *studyTable) row() error {
	for _, add := range []func() error{t.head, t.wave, t.reference, t.question, t.figure} {
		if err := add(); err != nil {
			return err
		}
	}
	return nil
}

func (t *studyTable) head() error {
	s := &t.study
	if s.ID == "" {
		s.ID, s.Title, s.Publisher = t.cell("study"), t.text("title"), t.cell("publisher")
		t.lines["id"], t.lines["title"], t.lines["publisher"] = t.line, t.line, t.line
		return nil
	}
	if id := t.cell("study"); id != "" && id != s.ID {
		return t.problem("study", "other", goalpost.TextArg(id), goalpost.TextArg(s.ID))
	}
	return nil
}

func (t *studyTable) wave() error {
	n, err := t.count("n")
	if err != nil {
		return err
	}
	w := goalpost.Wave{ID: t.cell("wave"), FieldFrom: t.cell("fielded_from"), FieldTo: t.cell("fielded_to"), N: n, Sample: goalpost.SampleKind(t.cell("sample_kind")),
		Recruiting: t.text("recruiting"), Mode: t.text("mode")}
	if w.Sample == "" {
		w.Sample = goalpost.SampleUnknown
	}
	for _, old := range t.study.Waves {
		if old.ID != w.ID {
			continue
		}
		switch {
		case w.FieldFrom != "" && w.FieldFrom != old.FieldFrom:
			return t.problem("fielded_from", "other", goalpost.TextArg(w.FieldFrom), goalpost.TextArg(old.FieldFrom))
		case n != 0 && n != old.N:
			return t.problem("n", "other", goalpost.PlainArg(n), goalpost.PlainArg(old.N))
		case w.Sample != goalpost.SampleUnknown && w.Sample != old.Sample:
			return t.problem("sample_kind", "other", goalpost.TextArg(string(w.Sample)), goalpost.TextArg(string(old.Sample)))
		}
		return nil
	}
	t.lines[fmt.Sprintf("waves[%d]", len(t.study.Waves))] = t.line
	t.study.Waves = append(t.study.Waves, w)
	return nil
}

func (t *studyTable) reference() error {
	r := goalpost.Reference{ID: t.cell("reference"), Wave: t.cell("wave"), Kind: goalpost.ReferenceKind(t.cell("reference_kind"))}
	given := r.Kind != ""
	if !given {
		r.Kind = goalpost.ReferenceCurrent
	}
	for _, old := range t.study.References {
		if old.ID != r.ID {
			continue
		}
		if old.Wave != r.Wave {
			return t.problem("wave", "other", goalpost.TextArg(r.Wave), goalpost.TextArg(old.Wave))
		}
		if given && old.Kind != r.Kind {
			return t.problem("reference_kind", "other", goalpost.TextArg(string(r.Kind)), goalpost.TextArg(string(old.Kind)))
		}
		return nil
	}
	t.lines[fmt.Sprintf("references[%d]", len(t.study.References))] = t.line
	t.study.References = append(t.study.References, r)
	return nil
}

func (t *studyTable) question() error {
	version, err := t.count("version")
	if err != nil {
		return err
	}
	version = max(version, 1)
	code, option := t.cell("question"), goalpost.Item{Code: t.cell("option"), Label: t.text("label")}
	for i := range t.study.Questions {
		q := &t.study.Questions[i]
		if q.Code != code || q.Version != version {
			continue
		}
		if kind := t.cell("type"); kind != "" && kind != string(q.Type) {
			return t.problem("type", "other", goalpost.TextArg(kind), goalpost.TextArg(string(q.Type)))
		}
		if wording := t.text("wording"); len(wording) > 0 && !maps.Equal(wording, q.Wording) {
			return t.problem("wording_en", "other-wording", goalpost.TextArg(code))
		}
		if _, known := q.Option(option.Code); !known {
			t.lines[fmt.Sprintf("questions[%d].options[%d]", i, len(q.Options))] = t.line
			q.Options = append(q.Options, option)
		}
		return nil
	}
	t.lines[fmt.Sprintf("questions[%d]", len(t.study.Questions))] = t.line
	t.study.Questions = append(t.study.Questions, goalpost.Question{Code: code, Version: version, Type: goalpost.QuestionType(t.cell("type")), Wording: t.text("wording"), Options: []goalpost.Item{option}})
	return nil
}

func (t *studyTable) figure() error {
	base, err := t.count("base")
	if err != nil {
		return err
	}
	version, err := t.count("version")
	if err != nil {
		return err
	}
	f := goalpost.Figure{Question: t.cell("question"), Version: version, Reference: t.cell("reference"), Option: t.cell("option"), Percent: t.percent("percent"), Below: t.percent("below"),
		About: t.percent("about"), Mean: goalpost.Printed(t.cell("mean")), Base: base, Kind: goalpost.BaseKind(t.cell("base_kind")), Quality: goalpost.Quality(t.cell("quality")), Source: t.cell("source"), Note: t.text("note")}
	if f.Kind == "" && base == 0 {
		f.Kind = goalpost.BaseUnknown
	}
	t.lines[fmt.Sprintf("figures[%d]", len(t.study.Figures))] = t.line
	t.study.Figures = append(t.study.Figures, f)
	return nil
}

// percent takes the sign of per cent off and a decimal comma for what it is: a share
// has no thousands.
func (t *studyTable) percent(column string) goalpost.Printed {
	s := strings.TrimSpace(strings.TrimSuffix(t.cell(column), "%"))
	if strings.Count(s, ",") == 1 && !strings.Contains(s, ".") {
		s = strings.Replace(s, ",", ".", 1)
	}
	return goalpost.Printed(s)
}

// place is the line and the column of a path of the study.
func (t *studyTable) place(field string) (line int, column string) {
	for at := field; at != ""; {
		if l, ok := t.lines[at]; ok {
			line = l
			break
		}
		cut := strings.LastIndexAny(at, ".[")
		if cut < 0 {
			break
		}
		at = at[:cut]
	}
	column = field[strings.LastIndex(field, ".")+1:]
	switch {
	case strings.HasPrefix(field, "waves[") && column == "id":
		column = "wave"
	case strings.HasPrefix(field, "references[") && column == "id":
		column = "reference"
	case strings.HasPrefix(field, "references[") && column == "kind":
		column = "reference_kind"
	case strings.Contains(field, ".options[") && column == "code":
		column = "option"
	case strings.HasPrefix(field, "questions[") && column == "code":
		column = "question"
	case column == "id":
		column = "study"
	case column == "title" || column == "wording" || column == "label" || column == "note" || column == "mode" || column == "recruiting":
		column += "_en"
	}
	return line, column
}
