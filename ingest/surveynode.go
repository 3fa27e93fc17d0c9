package ingest

import (
	"bytes"
	"errors"
	"io"
	"maps"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"time"
	"unicode/utf8"

	"go.yaml.in/yaml/v4"

	"goalpost"
)

// Limits of the plain form of a survey: what a person writes by hand is far below, and
// nothing that a stranger sends costs more.
const (
	maxSurveyForm  = 1 << 20 // bytes
	maxSurveyDepth = 16      // lists and maps inside each other
	// maxSurveySigns is how many signs may part values: a megabyte of empty list entries
	// takes a gigabyte of memory to read, and the largest form has 125,000.
	maxSurveySigns = 150_000
)

// surveyLimits stops reading where lists and maps lie too deep in each other.
type surveyLimits struct{}

var errDeep = errors.New("ingest: lists and maps lie too deep in each other")

// CheckDepth is asked at each list and map.
func (surveyLimits) CheckDepth(depth int, _ *yaml.DepthContext) error {
	if depth > maxSurveyDepth {
		return errDeep
	}
	return nil
}

// CheckAlias is asked at each alias; aliases are refused later, with their line.
func (surveyLimits) CheckAlias(int, int) error { return nil }

// formError makes the error of a plain form.
func formError(line int, field, key string, args ...goalpost.Arg) *goalpost.Error {
	return &goalpost.Error{Kind: goalpost.Invalid, Key: "error.surveyform." + key, Line: line, Field: field, Args: args}
}

// surveyNodes reads YAML as far as it is a map with everything that it needs in it.
func surveyNodes(data []byte) (*yaml.Node, *goalpost.Error) {
	if len(data) > maxSurveyForm {
		return nil, formError(0, "", "large", goalpost.NumberArg(maxSurveyForm>>20))
	}
	if valid := bytes.ToValidUTF8(data, nil); len(valid) < len(data) {
		return nil, formError(invalidLine(data), "", "encoding")
	}
	if signs := bytes.Count(data, []byte(",")) + bytes.Count(data, []byte("\n")) + bytes.Count(data, []byte(": ")); signs > maxSurveySigns {
		return nil, formError(1, "", "parts")
	}
	loader, err := yaml.NewLoader(bytes.NewReader(data), yaml.WithPlugin(surveyLimits{}))
	if err != nil {
		return nil, formError(0, "", "yaml")
	}
	var doc, more yaml.Node
	switch err := loader.Load(&doc); {
	case errors.Is(err, io.EOF):
		return nil, formError(1, "", "nothing")
	case err != nil:
		return nil, yamlError(err, data)
	}
	switch err := loader.Load(&more); {
	case errors.Is(err, io.EOF):
	case err != nil:
		return nil, yamlError(err, data)
	default:
		return nil, formError(more.Line, "", "more")
	}
	root := &doc
	if doc.Kind == yaml.DocumentNode && len(doc.Content) == 1 {
		root = doc.Content[0]
	}
	if err := soundNode(root); err != nil {
		return nil, err
	}
	switch {
	case isNull(root):
		return nil, formError(1, "", "nothing")
	case root.Kind != yaml.MappingNode:
		return nil, formError(root.Line, "", "no-survey")
	}
	return root, nil
}

// soundNode refuses what makes a file another one than it looks: parts that stand for
// others, and marks that change what a value is.
func soundNode(n *yaml.Node) *goalpost.Error {
	switch {
	case n.Kind == yaml.AliasNode:
		return formError(n.Line, "", "alias", goalpost.TextArg("*"+short(n.Value)))
	case n.Anchor != "":
		return formError(n.Line, "", "alias", goalpost.TextArg("&"+short(n.Anchor)))
	case n.Style&yaml.TaggedStyle != 0:
		return formError(n.Line, "", "alias", goalpost.TextArg(short(n.Tag)))
	}
	for _, c := range n.Content {
		if err := soundNode(c); err != nil {
			return err
		}
	}
	return nil
}

// yamlFaults are what makes a file unreadable most often, by the parser's words.
var yamlFaults = []struct {
	says *regexp.Regexp
	key  string
}{
	{regexp.MustCompile(`mapping values are not allowed`), "colon"},
	{regexp.MustCompile(`quoted scalar|unexpected end of stream`), "quote"},
	{regexp.MustCompile(`cannot start any token|while scanning an? (alias|anchor|tag|directive)`), "sign"},
	{regexp.MustCompile(`control characters|invalid .*UTF|invalid .*octet|incomplete UTF|unicode`), "encoding"},
	{regexp.MustCompile(`did not find expected|could not find expected|not allowed in this context`), "indent"},
}

// yamlError says what is wrong with a file that is no YAML, at its line.
func yamlError(err error, data []byte) *goalpost.Error {
	e := formError(1, "", "yaml")
	e.Err = err
	text := err.Error()
	if found, ok := errors.AsType[*yaml.LoadError](err); ok {
		e.Line, text = max(1, found.Mark.Line), found.ContextMsg+" "+found.Message
		if strings.Contains(text, "quoted scalar") && found.ContextMark.Line > 0 {
			e.Line = found.ContextMark.Line // where the quote begins
		}
	}
	if errors.Is(err, errDeep) || strings.Contains(text, errDeep.Error()) {
		e.Key = "error.surveyform.deep"
		return e
	}
	if line := tabLine(data, e.Line); line > 0 {
		e.Key, e.Line = "error.surveyform.tab", line
		return e
	}
	for _, f := range yamlFaults {
		if f.says.MatchString(text) {
			e.Key = "error.surveyform." + f.key
			break
		}
	}
	return e
}

// invalidLine is the line of the first byte that is no part of a letter.
func invalidLine(data []byte) int {
	line := 1
	for len(data) > 0 {
		r, size := utf8.DecodeRune(data)
		if r == utf8.RuneError && size == 1 {
			break
		}
		if r == '\n' {
			line++
		}
		data = data[size:]
	}
	return line
}

// tabLine finds the line at or just before a fault that is indented with a tab; 0 for none.
func tabLine(data []byte, at int) int {
	lines := bytes.Split(data, []byte("\n"))
	for i := min(at, len(lines)); i >= max(1, at-1); i-- {
		line := lines[i-1]
		if bytes.ContainsRune(line[:len(line)-len(bytes.TrimLeft(line, " \t-"))], '\t') {
			return i
		}
	}
	return 0
}

func isNull(n *yaml.Node) bool {
	return n.Kind == yaml.ScalarNode && n.Style&(yaml.SingleQuotedStyle|yaml.DoubleQuotedStyle|yaml.LiteralStyle|yaml.FoldedStyle) == 0 && n.Tag == "!!null"
}

// nodeReader reads nodes into fields. It stops at the first thing that is wrong.
type nodeReader struct {
	zone  *time.Location
	first string         // language of a text that names none
	lines map[string]int // of fields, by their path
	err   *goalpost.Error
}

// reading is how the value of a field is read; at is the field's path.
type reading func(at string, n *yaml.Node)

func (r *nodeReader) fail(n *yaml.Node, field, key string, args ...goalpost.Arg) {
	if r.err == nil {
		r.err = formError(n.Line, field, key, args...)
	}
}

// mapping reads a map whose keys are known. Whatever is not known is refused: a slip of the
// pen would else be ignored.
func (r *nodeReader) mapping(at string, n *yaml.Node, known map[string]reading) {
	if n.Kind != yaml.MappingNode {
		r.fail(n, strings.TrimSuffix(at, "."), "map", goalpost.TextArg(short(n.Value)))
		return
	}
	seen := map[string]int{}
	for i := 0; i+1 < len(n.Content) && r.err == nil; i += 2 {
		key, value := n.Content[i], n.Content[i+1]
		name := key.Value
		read := known[name]
		switch {
		case key.Kind != yaml.ScalarNode || read == nil:
			r.fail(key, strings.TrimSuffix(at, "."), "unknown", goalpost.TextArg(short(name)), goalpost.TextArg(strings.Join(slices.Sorted(maps.Keys(known)), ", ")))
		case seen[name] > 0:
			r.fail(key, at+name, "twice", goalpost.TextArg(name), goalpost.PlainArg(seen[name]))
		case isNull(value):
			r.fail(key, at+name, "empty")
		default:
			seen[name] = key.Line
			r.lines[at+name] = key.Line
			read(at+name, value)
		}
	}
}

// list reads the entries of a list.
func (r *nodeReader) list(each reading) reading {
	return func(at string, n *yaml.Node) {
		if n.Kind != yaml.SequenceNode {
			r.fail(n, at, "list")
			return
		}
		for i, c := range n.Content {
			if r.err != nil {
				return
			}
			where := at + "[" + strconv.Itoa(i) + "]"
			r.lines[where] = c.Line
			if isNull(c) {
				r.fail(c, where, "empty")
				return
			}
			each(where, c)
		}
	}
}

// scalar returns what stands there, as it was written: "no" and 12 are texts as good as
// others.
func (r *nodeReader) scalar(at string, n *yaml.Node) string {
	if n.Kind != yaml.ScalarNode {
		r.fail(n, at, "text")
		return ""
	}
	if n.Style&(yaml.LiteralStyle|yaml.FoldedStyle) != 0 {
		return strings.TrimRight(n.Value, "\n") // the end of a block is no part of its text
	}
	return n.Value
}

func word[T ~string](r *nodeReader, to *T) reading {
	return func(at string, n *yaml.Node) { *to = T(r.scalar(at, n)) }
}

// words reads a list of words, or one that stands without a list.
func (r *nodeReader) words(to *[]string) reading {
	return func(at string, n *yaml.Node) {
		if n.Kind == yaml.ScalarNode {
			*to = []string{r.scalar(at, n)}
			return
		}
		r.list(func(at string, n *yaml.Node) { *to = append(*to, r.scalar(at, n)) })(at, n)
	}
}

// text reads a text in the first language, or a map of texts by language.
func (r *nodeReader) text(to *goalpost.Text) reading {
	return func(at string, n *yaml.Node) {
		if n.Kind != yaml.MappingNode {
			*to = goalpost.Text{r.first: r.scalar(at, n)}
			return
		}
		t := goalpost.Text{}
		for i := 0; i+1 < len(n.Content); i += 2 {
			key, value := n.Content[i], n.Content[i+1]
			_, twice := t[key.Value]
			switch {
			case key.Kind != yaml.ScalarNode || len(key.Value) != 2:
				r.fail(key, at, "language", goalpost.TextArg(short(key.Value)))
			case twice:
				r.fail(key, at, "twice", goalpost.TextArg(key.Value), goalpost.PlainArg(n.Line))
			case isNull(value):
				r.fail(key, at, "empty")
			default:
				t[key.Value] = r.scalar(at, value)
			}
		}
		*to = t
	}
}

// flag reads true or false, in no other words: "yes" and "no" are also answers.
func (r *nodeReader) flag(to *bool) reading {
	return func(at string, n *yaml.Node) {
		switch s := r.scalar(at, n); s {
		case "true":
			*to = true
		case "false":
			*to = false
		default:
			r.fail(n, at, "flag", goalpost.TextArg(short(s)))
		}
	}
}

var wholeNumber = regexp.MustCompile(`^-?(0|[1-9][0-9]{0,14})$`)

func (r *nodeReader) whole(to *int) reading {
	return func(at string, n *yaml.Node) {
		s := r.scalar(at, n)
		v, err := strconv.Atoi(s)
		if err != nil || !wholeNumber.MatchString(s) {
			r.fail(n, at, "whole", goalpost.TextArg(short(s)))
			return
		}
		*to = v
	}
}

var decimalNumber = regexp.MustCompile(`^-?[0-9]+(\.[0-9]+)?([eE][+-]?[0-9]{1,3})?$`)

func (r *nodeReader) number(to **float64) reading {
	return func(at string, n *yaml.Node) {
		s := r.scalar(at, n)
		v, err := strconv.ParseFloat(s, 64)
		if err != nil || !decimalNumber.MatchString(s) {
			r.fail(n, at, "number", goalpost.TextArg(short(s)))
			return
		}
		*to = &v
	}
}

// Times as a person writes them; those with an offset say their zone themselves.
var (
	plainTimes = []string{"2006-01-02 15:04", "2006-01-02T15:04", "2006-01-02 15:04:05", "2006-01-02T15:04:05"}
	exactTime  = time.RFC3339Nano
)

// moment reads a time in the organisation's zone. A day alone is its beginning, or its end
// where it says until when.
func (r *nodeReader) moment(to *time.Time, until bool) reading {
	return func(at string, n *yaml.Node) {
		s := r.scalar(at, n)
		if t, err := time.Parse(exactTime, s); err == nil {
			*to = t.UTC()
			return
		}
		if t, err := time.ParseInLocation(time.DateOnly, s, r.zone); err == nil {
			if until {
				t = t.AddDate(0, 0, 1)
			}
			*to = t.UTC()
			return
		}
		for _, layout := range plainTimes {
			t, err := time.ParseInLocation(layout, s, r.zone)
			if err != nil {
				continue
			}
			if t.Format(layout) != s { // clocks are put forward over it
				r.fail(n, at, "no-time", goalpost.TextArg(s), goalpost.TextArg(r.zone.String()))
			}
			*to = t.UTC()
			return
		}
		r.fail(n, at, "time", goalpost.TextArg(short(s)))
	}
}
