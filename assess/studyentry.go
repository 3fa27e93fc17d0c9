package assess

import (
	"errors"
	"maps"
	"slices"
	"strconv"
	"strings"

	"goalpost"
)

// Ways in which a figure was printed.
const (
	PrintedExactly = "percent"
	PrintedBelow   = "below"
	PrintedAbout   = "about"
	PrintedMean    = "mean"
)

// FigureInput is one figure as somebody typed it.
type FigureInput struct {
	Question          string
	Version           int
	Reference, Option string
	Printed, Number   string // how it was printed, and what: "62,5 %"
	Base, BaseKind    string
	Quality, Source   string
	Flags             []string
	NoteEN, NoteDE    string
}

// InputOf is a figure as it stands in the form.
func InputOf(f goalpost.Figure) FigureInput {
	in := FigureInput{Question: f.Question, Version: max(f.Version, 1), Reference: f.Reference, Option: f.Option, Base: count(f.Base), BaseKind: string(f.Kind), Quality: string(f.Quality),
		Source: f.Source, Flags: f.Flags, NoteEN: f.Note["en"], NoteDE: f.Note["de"]}
	for _, n := range []struct {
		how  string
		text goalpost.Printed
	}{{PrintedExactly, f.Percent}, {PrintedBelow, f.Below}, {PrintedAbout, f.About}, {PrintedMean, f.Mean}} {
		if n.text != "" {
			in.Printed, in.Number = n.how, string(n.text)
		}
	}
	return in
}

// Figure is what was typed, as a figure. It refuses what is no number; whether the figure
// fits its study is for Study.Check to say.
func (in FigureInput) Figure() (goalpost.Figure, error) {
	f := goalpost.Figure{Question: in.Question, Version: in.Version, Reference: in.Reference, Option: in.Option, Kind: goalpost.BaseKind(in.BaseKind), Quality: goalpost.Quality(in.Quality),
		Source: in.Source, Flags: in.Flags, Note: textOf(in.NoteEN, in.NoteDE)}
	number := printedNumber(in.Number)
	switch in.Printed {
	case PrintedBelow:
		f.Below = number
	case PrintedAbout:
		f.About = number
	case PrintedMean:
		f.Mean = number
	default:
		f.Percent = number
	}
	if number == "" {
		return f, &goalpost.Error{Kind: goalpost.Invalid, Key: "error.study.missing", Field: "number"}
	}
	if in.Base != "" {
		n, err := strconv.Atoi(in.Base)
		if err != nil {
			return f, &goalpost.Error{Kind: goalpost.Invalid, Key: "error.study.number", Field: "base", Args: []goalpost.Arg{goalpost.TextArg(in.Base)}}
		}
		f.Base = n
	}
	return f, nil
}

// printedNumber takes the sign of per cent off, and a decimal comma for what it is.
func printedNumber(s string) goalpost.Printed {
	s = strings.TrimSpace(strings.TrimSuffix(strings.TrimSpace(s), "%"))
	if strings.Count(s, ",") == 1 && !strings.Contains(s, ".") {
		s = strings.Replace(s, ",", ".", 1)
	}
	return goalpost.Printed(s)
}

// textOf makes a text of what was typed in both languages; nil of nothing.
func textOf(english, german string) goalpost.Text {
	t := goalpost.Text{}
	for language, s := range map[string]string{"en": english, "de": german} {
		if s = strings.TrimSpace(s); s != "" {
			t[language] = s
		}
	}
	if len(t) == 0 {
		return nil
	}
	return t
}

// sameFigurePlace reports whether two figures say the same thing, perhaps differently.
func sameFigurePlace(a, b goalpost.Figure) bool {
	return a.Question == b.Question && max(a.Version, 1) == max(b.Version, 1) && a.Reference == b.Reference && a.Option == b.Option
}

// FigureOf finds a figure of a study.
func FigureOf(s goalpost.Study, place goalpost.Figure) (goalpost.Figure, bool) {
	i := slices.IndexFunc(s.Figures, func(f goalpost.Figure) bool { return sameFigurePlace(f, place) })
	if i < 0 {
		return goalpost.Figure{}, false
	}
	return s.Figures[i], true
}

// EnterFigure puts a figure into a study, in the place of one that says the same.
func EnterFigure(s goalpost.Study, f goalpost.Figure) (goalpost.Study, error) {
	if old, ok := FigureOf(s, f); ok && old.Version == 0 && f.Version <= 1 {
		f.Version = 0 // as it was written
	}
	s.Figures = replace(s.Figures, f, func(x goalpost.Figure) bool { return sameFigurePlace(x, f) })
	return s, fieldOnly(s.Check())
}

// RemoveFigure takes a figure out of a study.
func RemoveFigure(s goalpost.Study, place goalpost.Figure) (goalpost.Study, error) {
	if _, ok := FigureOf(s, place); !ok {
		return s, goalpost.Errorf(goalpost.NotFound, "error.web.not-found")
	}
	s.Figures = slices.DeleteFunc(slices.Clone(s.Figures), func(f goalpost.Figure) bool { return sameFigurePlace(f, place) })
	return s, s.Check()
}

// BeginStudy makes a study of its first wave and question.
func BeginStudy(s goalpost.Study, w goalpost.Wave, r goalpost.Reference, q goalpost.Question) (goalpost.Study, error) {
	q.Version = 1
	s.Waves, s.References, s.Questions, s.Figures = []goalpost.Wave{w}, []goalpost.Reference{r}, []goalpost.Question{q}, []goalpost.Figure{}
	return s, fieldOnly(s.Check())
}

// AddWave adds a wave, and the time of which its answers speak; to a wave that is there
// it adds another time.
func AddWave(s goalpost.Study, w goalpost.Wave, r goalpost.Reference) (goalpost.Study, error) {
	if _, known := s.Wave(w.ID); !known {
		s.Waves = append(slices.Clone(s.Waves), w)
	}
	s.References = append(slices.Clone(s.References), r)
	return s, fieldOnly(s.Check())
}

// AddQuestion adds a question, or a new version of one that was asked in another way.
func AddQuestion(s goalpost.Study, q goalpost.Question) (goalpost.Study, error) {
	q.Version = 1
	for _, old := range s.Questions {
		if old.Code == q.Code {
			q.Version = max(q.Version, old.Version+1)
		}
	}
	s.Questions = append(slices.Clone(s.Questions), q)
	return s, fieldOnly(s.Check())
}

// AddOption adds an answer to a question. It refuses one whose list is complete: with
// another list it is another question.
func AddOption(s goalpost.Study, code string, version int, o goalpost.Item) (goalpost.Study, error) {
	s.Questions = slices.Clone(s.Questions)
	i := slices.IndexFunc(s.Questions, func(q goalpost.Question) bool { return q.Code == code && q.Version == max(version, 1) })
	switch {
	case i < 0:
		return s, goalpost.Errorf(goalpost.NotFound, "error.web.not-found")
	case s.Questions[i].Complete:
		return s, &goalpost.Error{Kind: goalpost.Conflict, Key: "error.study.complete", Field: "new_option"}
	}
	s.Questions[i].Options = append(slices.Clone(s.Questions[i].Options), o)
	err := fieldOnly(s.Check())
	if e, ok := errors.AsType[*goalpost.Error](err); ok && e.Field == "options" {
		e.Field = "new_option"
	}
	return s, err
}

// fieldOnly names the field of a form instead of its path in the study:
// "figures[3].base" is "base", "questions[0].options[2].code" is "options".
func fieldOnly(err error) error {
	e, ok := errors.AsType[*goalpost.Error](err)
	if !ok {
		return err
	}
	if strings.Contains(e.Field, ".options[") {
		e.Field = "options"
		return err
	}
	first, _, _ := strings.Cut(e.Field, "[")
	last := e.Field[strings.LastIndex(e.Field, ".")+1:]
	last, _, _ = strings.Cut(last, "[")
	switch {
	case first == "waves" && last == "id":
		last = "wave"
	case first == "references" && last == "id":
		last = "reference"
	case first == "references" && last == "kind":
		last = "reference_kind"
	case first == "questions" && last == "note", first == "figures" && last == "note":
		last = "note_en"
	case last == "title", last == "wording", last == "respondents", last == "recruiting", last == "mode", last == "incentive":
		last += "_en"
	case last == PrintedExactly, last == PrintedBelow, last == PrintedAbout, last == PrintedMean:
		last = "number"
	}
	e.Field = last
	return err
}

// ReadOptions takes one answer a line: "code | English | Deutsch". A line of one part is
// a code of the catalogue, or a label of which a code is made.
func ReadOptions(text string) []goalpost.Item {
	var list []goalpost.Item
	for line := range strings.Lines(text) {
		parts := strings.Split(line, "|")
		for i := range parts {
			parts[i] = strings.TrimSpace(parts[i])
		}
		if parts[0] == "" {
			continue
		}
		o := goalpost.Item{Code: parts[0]}
		_, known := goalpost.GoalKindByCode(parts[0])
		switch {
		case len(parts) > 2:
			o.Label = textOf(parts[1], parts[2])
		case len(parts) == 2:
			o.Label = textOf(parts[1], "")
		case !known:
			o = goalpost.Item{Code: CodeOf(parts[0]), Label: textOf(parts[0], "")}
		}
		list = append(list, o)
	}
	return list
}

// WriteOptions is what ReadOptions reads.
func WriteOptions(list []goalpost.Item) string {
	var b strings.Builder
	for _, o := range list {
		b.WriteString(o.Code)
		if len(o.Label) > 0 {
			b.WriteString(" | " + o.Label["en"])
			if o.Label["de"] != "" && !maps.Equal(o.Label, goalpost.Text{"en": o.Label["en"]}) {
				b.WriteString(" | " + o.Label["de"])
			}
		}
		b.WriteByte('\n')
	}
	return b.String()
}
