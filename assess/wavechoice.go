package assess

import (
	"errors"
	"slices"
	"strconv"
	"strings"

	"goalpost"
	"goalpost/ingest"
)

// Uses of a column of a table with one row a respondent.
const (
	UseIgnore   = "ignore" // neither read nor kept
	UseWeight   = "weight"
	UseSingle   = "single"   // one answer in the cell
	UseMultiple = "multiple" // several answers in the cell
	UseScale    = "scale"    // a grade in the cell
	UseOption   = "option"   // ticked or not: one option of a question with several answers
)

// ColumnUses returns all uses.
func ColumnUses() []string {
	return []string{UseIgnore, UseSingle, UseMultiple, UseScale, UseOption, UseWeight}
}

// ColumnChoice says what one column means, as it stands in the form that a person
// confirms.
type ColumnChoice struct {
	Header    string
	Use       string
	Question  string // code
	Version   int
	WordingEN string
	WordingDE string
	Option    string // code, of a column that stands for one option
	LabelEN   string // its label
	LabelDE   string
	Options   string // one a line: code | English | Deutsch | cell; cell
	Separator string
	Profile   bool // says who answered
	EmptyIsNo bool // whoever ticked nothing answered all the same
	Why       string
}

// WaveHead is what a wave map says beside its columns.
type WaveHead struct {
	Study            string
	TitleEN, TitleDE string
	Publisher        string
	Wave             goalpost.Wave
	Kind             goalpost.ReferenceKind
	Goals, Metrics   string // codes of the questions about goals and about metrics
	Measures         string // one goal a line: goal = metric, metric
}

// MapOf makes the map of what was chosen. Columns that share a question's code are its
// options. columns says from which column each question was made.
func MapOf(h WaveHead, list []ColumnChoice) (m WaveMap, columns []int) {
	m = WaveMap{Study: h.Study, Title: textOf(h.TitleEN, h.TitleDE), Publisher: h.Publisher, Wave: h.Wave, Reference: goalpost.Reference{ID: h.Wave.ID, Kind: h.Kind, Wave: h.Wave.ID}, Questions: []MappedQuestion{}}
	for i, c := range list {
		switch c.Use {
		case UseWeight:
			m.Weight = c.Header
		case UseOption:
			at := slices.IndexFunc(m.Questions, func(q MappedQuestion) bool { return q.Code == c.Question && q.Column == "" })
			if at < 0 {
				at = len(m.Questions)
				m.Questions = append(m.Questions, c.question(goalpost.MultipleChoice))
				m.Questions[at].Columns = map[string]string{}
				columns = append(columns, i)
			}
			q := &m.Questions[at]
			q.Options = append(q.Options, goalpost.Item{Code: c.Option, Label: textOf(c.LabelEN, c.LabelDE)})
			q.Columns[c.Option] = c.Header
			q.EmptyIsNo = q.EmptyIsNo || c.EmptyIsNo
		case UseSingle, UseMultiple, UseScale:
			q := c.question(goalpost.QuestionType(c.Use))
			q.Column = c.Header
			if c.Use == UseMultiple {
				q.Separator, q.EmptyIsNo = c.Separator, c.EmptyIsNo
			}
			q.Options, q.Values = readValues(c.Options)
			m.Questions = append(m.Questions, q)
			columns = append(columns, i)
		}
	}
	if h.Goals != "" || h.Metrics != "" {
		m.Pairs = []goalpost.Pair{{Goals: h.Goals, Metrics: h.Metrics, Measures: readMeasures(h.Measures)}}
	}
	return m, columns
}

func (c ColumnChoice) question(kind goalpost.QuestionType) MappedQuestion {
	return MappedQuestion{Question: goalpost.Question{Code: c.Question, Version: max(c.Version, 1), Type: kind, Wording: textOf(c.WordingEN, c.WordingDE), Profile: c.Profile}}
}

// CheckMap looks at a map that was chosen in a form. Field of its error is
// "column-<number>" where a column is at fault.
func CheckMap(m WaveMap, columns []int) error {
	if len(m.Questions) == 0 {
		return &goalpost.Error{Kind: goalpost.Invalid, Key: "error.study.no-question", Field: "columns"}
	}
	err := m.check()
	e, ok := errors.AsType[*goalpost.Error](err)
	if !ok {
		return err
	}
	if rest, is := strings.CutPrefix(e.Field, "questions["); is {
		number, _, _ := strings.Cut(rest, "]")
		if i, err := strconv.Atoi(number); err == nil && i < len(columns) {
			e.Field = "column-" + strconv.Itoa(columns[i])
			return e
		}
	}
	return fieldOnly(err)
}

// readValues takes one option a line: "code | English | Deutsch | cell; cell".
func readValues(text string) ([]goalpost.Item, map[string][]string) {
	var list []goalpost.Item
	values := map[string][]string{}
	for line := range strings.Lines(text) {
		parts := strings.SplitN(strings.TrimSpace(line), "|", 4)
		code := strings.TrimSpace(parts[0])
		if code == "" {
			continue
		}
		parts = append(parts, "", "", "")
		list = append(list, goalpost.Item{Code: code, Label: textOf(parts[1], parts[2])})
		for v := range strings.SplitSeq(parts[3], ";") {
			if v = strings.TrimSpace(v); v != "" {
				values[code] = append(values[code], v)
			}
		}
	}
	if len(values) == 0 {
		values = nil
	}
	return list, values
}

// writeValues is what readValues reads.
func writeValues(list []goalpost.Item, values map[string][]string) string {
	var b strings.Builder
	plain := strings.NewReplacer("|", "/", "\n", " ", "\r", " ")
	for _, o := range list {
		line := []string{o.Code, plain.Replace(o.Label["en"]), plain.Replace(o.Label["de"]), plain.Replace(strings.Join(values[o.Code], "; "))}
		for len(line) > 1 && line[len(line)-1] == "" {
			line = line[:len(line)-1]
		}
		b.WriteString(strings.ReplaceAll(strings.Join(line, " | "), "|  |", "| |") + "\n")
	}
	return b.String()
}

func readMeasures(text string) map[string][]string {
	out := map[string][]string{}
	for line := range strings.Lines(text) {
		goal, metrics, ok := strings.Cut(line, "=")
		if goal = strings.TrimSpace(goal); !ok || goal == "" {
			continue
		}
		out[goal] = []string{}
		for m := range strings.SplitSeq(metrics, ",") {
			if m = strings.TrimSpace(m); m != "" {
				out[goal] = append(out[goal], m)
			}
		}
	}
	if len(out) == 0 {
		return nil
	}
	return out
}

// CodeOf makes a code of a label: "Größe der Firma" is "groesse_der_firma".
func CodeOf(label string) string {
	const longest = 40
	code := ingest.CodeOf(label)
	return strings.Trim(code[:min(len(code), longest)], "_")
}
