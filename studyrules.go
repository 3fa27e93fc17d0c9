package goalpost

import (
	"fmt"
	"math"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"unicode"
)

// What ids, codes, dates and printed numbers of a study look like.
var (
	studyID     = regexp.MustCompile(`^[a-z0-9][a-z0-9-]{0,59}$`)
	studyCode   = regexp.MustCompile(`^[a-z0-9][a-z0-9_-]{0,59}$`)
	fieldDate   = regexp.MustCompile(`^\d{4}(-(spring|summer|autumn|winter)|-(0[1-9]|1[0-2])(-(0[1-9]|[12]\d|3[01]))?)?$`)
	printedRate = regexp.MustCompile(`^\d{1,3}(\.\d{1,4})?$`)
)

// Limits of what a study may hold.
const (
	maxStudyText = 2000 // letters of one text
	maxStudyList = 5000 // figures
	maxStudyBase = 1_000_000_000
	maxStudyTime = 100 // waves, and times of which they speak
)

// Check returns what is wrong with a study, as an Error whose Field is the path of the
// field, such as "figures[3].base" (from 0); nil if nothing is.
func (s Study) Check() error {
	c := studyCheck{study: s}
	for _, look := range []func() *Error{c.head, c.waves, c.references, c.questions, c.figures, c.asked, c.pairs} {
		if err := look(); err != nil {
			return err
		}
	}
	return nil
}

// Check returns what is wrong with a version: its study, or the words of why.
func (v StudyVersion) Check() error {
	if err := v.Study.Check(); err != nil {
		return err
	}
	if err := plainText("why", v.Why); err != nil {
		return err
	}
	return nil
}

// studyCheck looks through one study; each of its methods returns the first problem.
type studyCheck struct{ study Study }

func wrong(field, key string, args ...Arg) *Error {
	return &Error{Kind: Invalid, Key: "error.study." + key, Field: field, Args: args}
}

func (c studyCheck) head() *Error {
	s := c.study
	switch {
	case !studyID.MatchString(s.ID):
		return wrong("id", "id", TextArg(s.ID))
	case len(s.Title) == 0:
		return wrong("title", "missing")
	case len(s.Waves) == 0:
		return wrong("waves", "missing")
	case len(s.References) == 0:
		return wrong("references", "missing")
	case len(s.Questions) == 0:
		return wrong("questions", "missing")
	case len(s.Figures) > maxStudyList || len(s.Questions) > maxStudyList:
		return wrong("figures", "too-many", NumberArg(maxStudyList))
	case len(s.Waves) > maxStudyTime || len(s.References) > maxStudyTime:
		return wrong("references", "too-many", NumberArg(maxStudyTime))
	}
	for i, a := range s.Aliases {
		if !studyID.MatchString(a) {
			return wrong(fmt.Sprintf("aliases[%d]", i), "id", TextArg(a))
		}
	}
	return firstOf(plainText("publisher", s.Publisher), texts("title", s.Title), texts("note", s.Note))
}

func (c studyCheck) waves() *Error {
	seen := map[string]bool{}
	for i, w := range c.study.Waves {
		at := fmt.Sprintf("waves[%d].", i)
		switch {
		case !isName(w.ID):
			return wrong(at+"id", "name", TextArg(w.ID))
		case seen[w.ID]:
			return wrong(at+"id", "twice", TextArg(w.ID))
		case w.FieldFrom != "" && !fieldDate.MatchString(w.FieldFrom):
			return wrong(at+"fielded_from", "date", TextArg(w.FieldFrom))
		case w.FieldTo != "" && !fieldDate.MatchString(w.FieldTo):
			return wrong(at+"fielded_to", "date", TextArg(w.FieldTo))
		case w.N < 0 || w.N > maxStudyBase:
			return wrong(at+"n", "count", PlainArg(w.N))
		case !slices.Contains(SampleKinds(), w.Sample):
			return wrong(at+"sample_kind", "one-of", TextArg(string(w.Sample)), TextArg(list(SampleKinds())))
		case !isAddress(w.Source):
			return wrong(at+"source", "address", TextArg(w.Source))
		}
		if err := firstOf(texts(at+"respondents", w.Who), texts(at+"recruiting", w.Recruiting), texts(at+"incentive", w.Incentive), texts(at+"mode", w.Mode), texts(at+"note", w.Note)); err != nil {
			return err
		}
		seen[w.ID] = true
	}
	return nil
}

func (c studyCheck) references() *Error {
	seen := map[string]bool{}
	for i, r := range c.study.References {
		at := fmt.Sprintf("references[%d].", i)
		_, known := c.study.Wave(r.Wave)
		switch {
		case !isName(r.ID):
			return wrong(at+"id", "name", TextArg(r.ID))
		case seen[r.ID]:
			return wrong(at+"id", "twice", TextArg(r.ID))
		case !known:
			return wrong(at+"wave", "unknown", TextArg(r.Wave))
		case !slices.Contains(ReferenceKinds(), r.Kind):
			return wrong(at+"kind", "one-of", TextArg(string(r.Kind)), TextArg(list(ReferenceKinds())))
		}
		if err := texts(at+"note", r.Note); err != nil {
			return err
		}
		seen[r.ID] = true
	}
	return nil
}

func (c studyCheck) questions() *Error {
	seen := map[string]bool{}
	for i, q := range c.study.Questions {
		at := fmt.Sprintf("questions[%d].", i)
		key := fmt.Sprint(q.Code, " ", q.Version)
		switch {
		case !studyCode.MatchString(q.Code):
			return wrong(at+"code", "code", TextArg(q.Code))
		case q.Version < 1:
			return wrong(at+"version", "version", PlainArg(q.Version))
		case seen[key]:
			return wrong(at+"code", "twice", TextArg(key))
		case !slices.Contains(QuestionTypes(), q.Type):
			return wrong(at+"type", "one-of", TextArg(string(q.Type)), TextArg(list(QuestionTypes())))
		case len(q.Wording) == 0:
			return wrong(at+"wording", "missing")
		case len(q.Options) == 0 || len(q.Options) > maxStudyList:
			return wrong(at+"options", "missing")
		}
		if err := firstOf(texts(at+"wording", q.Wording), texts(at+"base_rule", q.Base), texts(at+"note", q.Note), options(at, q.Options)); err != nil {
			return err
		}
		seen[key] = true
	}
	return nil
}

func options(at string, list []Item) *Error {
	seen := map[string]bool{}
	for i, o := range list {
		at := fmt.Sprintf("%soptions[%d].", at, i)
		switch {
		case !studyCode.MatchString(o.Code):
			return wrong(at+"code", "code", TextArg(o.Code))
		case seen[o.Code]:
			return wrong(at+"code", "twice", TextArg(o.Code))
		}
		if err := texts(at+"label", o.Label); err != nil {
			return err
		}
		seen[o.Code] = true
	}
	return nil
}

func (c studyCheck) figures() *Error {
	seen := map[string]bool{}
	for i, f := range c.study.Figures {
		at := fmt.Sprintf("figures[%d].", i)
		if err := firstOf(c.place(at, f), number(at, f), base(at, f), texts(at+"note", f.Note)); err != nil {
			return err
		}
		key := fmt.Sprint(f.Question, " ", max(f.Version, 1), " ", f.Reference, " ", f.Option)
		if seen[key] {
			return wrong(at+"option", "twice", TextArg(key))
		}
		seen[key] = true
	}
	return nil
}

func (c studyCheck) asked() *Error {
	for i, a := range c.study.Asked {
		at := fmt.Sprintf("asked[%d].", i)
		if _, known := c.study.Question(a.Question, a.Version); !known {
			return wrong(at+"question", "unknown", TextArg(a.Question))
		}
		if _, known := c.study.Reference(a.Reference); !known {
			return wrong(at+"reference", "unknown", TextArg(a.Reference))
		}
	}
	return nil
}

func (c studyCheck) pairs() *Error {
	for i, p := range c.study.Pairs {
		at := fmt.Sprintf("pairs[%d].", i)
		if !slices.ContainsFunc(c.study.Questions, func(q Question) bool { return q.Code == p.Goals }) {
			return wrong(at+"goals", "unknown", TextArg(p.Goals))
		}
		if !slices.ContainsFunc(c.study.Questions, func(q Question) bool { return q.Code == p.Metrics }) {
			return wrong(at+"metrics", "unknown", TextArg(p.Metrics))
		}
	}
	return nil
}

// place looks where a figure belongs.
func (c studyCheck) place(at string, f Figure) *Error {
	q, known := c.study.Question(f.Question, f.Version)
	if !known {
		return wrong(at+"question", "unknown", TextArg(f.Question))
	}
	if _, known := c.study.Reference(f.Reference); !known {
		return wrong(at+"reference", "unknown", TextArg(f.Reference))
	}
	if _, known := q.Option(f.Option); !known {
		return wrong(at+"option", "unknown", TextArg(f.Option))
	}
	if (f.Mean != "") != (q.Type == NumberQuestion) {
		return wrong(at+"mean", "mean")
	}
	if !slices.Contains(Qualities(), f.Quality) {
		return wrong(at+"quality", "one-of", TextArg(string(f.Quality)), TextArg(list(Qualities())))
	}
	if !isAddress(f.Source) {
		return wrong(at+"source", "address", TextArg(f.Source))
	}
	for i, flag := range f.Flags {
		if !studyCode.MatchString(flag) {
			return wrong(fmt.Sprintf("%sflags[%d]", at, i), "code", TextArg(flag))
		}
	}
	return nil
}

// number looks at the printed number.
func number(at string, f Figure) *Error {
	given := 0
	for _, n := range []struct{ field, text string }{{"percent", string(f.Percent)}, {"below", string(f.Below)}, {"about", string(f.About)}} {
		if n.text == "" {
			continue
		}
		given++
		v, err := strconv.ParseFloat(n.text, 64)
		if err != nil || v > 100 || !printedRate.MatchString(n.text) {
			return wrong(at+n.field, "percent", TextArg(n.text))
		}
	}
	if f.Mean != "" {
		given++
		if v, err := strconv.ParseFloat(string(f.Mean), 64); err != nil || math.IsNaN(v) || math.IsInf(v, 0) {
			return wrong(at+"mean", "number", TextArg(string(f.Mean)))
		}
	}
	if given != 1 {
		return wrong(at+"percent", "one-number")
	}
	return nil
}

// base looks at the base of a figure.
func base(at string, f Figure) *Error {
	switch {
	case f.Base < 0 || f.Base > maxStudyBase:
		return wrong(at+"base", "count", PlainArg(f.Base))
	case !slices.Contains(BaseKinds(), f.Kind):
		return wrong(at+"base_kind", "one-of", TextArg(string(f.Kind)), TextArg(list(BaseKinds())))
	case (f.Base == 0) != (f.Kind == BaseUnknown):
		return wrong(at+"base", "base-kind")
	}
	return nil
}

func firstOf(problems ...*Error) *Error {
	for _, p := range problems {
		if p != nil {
			return p
		}
	}
	return nil
}

func texts(field string, t Text) *Error {
	for language, s := range t {
		if language != "en" && language != "de" {
			return wrong(field, "language", TextArg(language))
		}
		if err := plainText(field, s); err != nil {
			return err
		}
	}
	return nil
}

func plainText(field, s string) *Error {
	if len([]rune(s)) > maxStudyText {
		return wrong(field, "long", NumberArg(maxStudyText))
	}
	if strings.ContainsFunc(s, func(r rune) bool { return unicode.IsControl(r) || r == unicode.ReplacementChar }) {
		return wrong(field, "control")
	}
	return nil
}

// isName reports whether s can name a wave or a reference period: short and plain.
func isName(s string) bool {
	const longest = 60
	return s != "" && s == strings.TrimSpace(s) && len([]rune(s)) <= longest && plainText("", s) == nil
}

// webAddress is a link that a page may show: no user, no quotes, no spaces.
var webAddress = regexp.MustCompile(`^https?://[A-Za-z0-9.\[\]:-]+(/[^\s"'<>\\^` + "`" + `{|}]*)?$`)

// isAddress reports whether s is empty or such a link.
func isAddress(s string) bool {
	return s == "" || (len(s) <= maxStudyText && webAddress.MatchString(s))
}

func list[T ~string](values []T) string {
	var out []string
	for _, v := range values {
		out = append(out, string(v))
	}
	return strings.Join(out, ", ")
}
