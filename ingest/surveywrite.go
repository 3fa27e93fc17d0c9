package ingest

import (
	"bytes"
	"fmt"
	"maps"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"time"
	"unicode"

	"go.yaml.in/yaml/v4"

	"goalpost"
)

// WriteSurvey writes the plain YAML form of a survey, which ReadSurvey reads again: always
// in the same order, with what stays at its default left out. say gives the comments, by
// their keys.
func WriteSurvey(s goalpost.Survey, zone *time.Location, say func(key string) string) ([]byte, error) {
	w := surveyWriter{zone: zone, languages: s.Form.Languages, say: say}
	root := w.survey(s)
	var b bytes.Buffer
	for line := range strings.SplitSeq(say("survey.form.head"), "\n") {
		b.WriteString("# " + line + "\n")
	}
	b.WriteString("\n")
	d, err := yaml.NewDumper(&b, yaml.WithIndent(2), yaml.WithLineWidth(-1), yaml.WithUnicode())
	if err != nil {
		return nil, fmt.Errorf("ingest: survey: %w", err)
	}
	if err := d.Dump(root); err != nil {
		return nil, fmt.Errorf("ingest: survey: %w", err)
	}
	if err := d.Close(); err != nil {
		return nil, fmt.Errorf("ingest: survey: %w", err)
	}
	return beforeParts.ReplaceAll(b.Bytes(), []byte("$1\n$2")), nil
}

// beforeParts are the places where an empty line helps to find the parts again. Texts are
// always indented further.
var beforeParts = regexp.MustCompile(`(?m)(^[^\n]*[^:\n]\n)((?:questions|settings|kept_trends):|- code:|# [^\n]*\nkept_trends:)`)

type surveyWriter struct {
	zone      *time.Location
	languages []string
	say       func(key string) string
}

// mapNode is a map that leaves out what says nothing.
type mapNode struct{ *yaml.Node }

func newMap() mapNode { return mapNode{&yaml.Node{Kind: yaml.MappingNode, Tag: "!!map"}} }

// add puts a value under a key; nil is left out.
func (m mapNode) add(key string, value *yaml.Node) *yaml.Node {
	k := wordNode(key)
	if value != nil {
		m.Content = append(m.Content, k, value)
	}
	return k
}

func wordNode(s string) *yaml.Node {
	n := &yaml.Node{Kind: yaml.ScalarNode, Tag: "!!str", Value: s}
	if strings.ContainsFunc(s, func(r rune) bool { return unicode.IsControl(r) || r == '\u2028' || r == '\u2029' || r == '\ufeff' }) || strings.TrimSpace(s) != s {
		n.Style = yaml.DoubleQuotedStyle
		if isBlock(s) {
			n.Style = yaml.LiteralStyle
		}
	}
	return n
}

// isBlock reports whether a text of several lines can be written as it is.
func isBlock(s string) bool {
	if !strings.Contains(s, "\n") {
		return false
	}
	for line := range strings.SplitSeq(s, "\n") {
		if strings.TrimSpace(line) != line || strings.ContainsFunc(line, func(r rune) bool { return !unicode.IsPrint(r) }) {
			return false
		}
	}
	return strings.Trim(s, "\n") == s
}

func someWord(s string) *yaml.Node {
	if s == "" {
		return nil
	}
	return wordNode(s)
}

func wholeNode(v int) *yaml.Node {
	return &yaml.Node{Kind: yaml.ScalarNode, Tag: "!!int", Value: strconv.Itoa(v)}
}

func someWhole(v int) *yaml.Node {
	if v == 0 {
		return nil
	}
	return wholeNode(v)
}

func someNumber(v *float64) *yaml.Node {
	if v == nil {
		return nil
	}
	n := &yaml.Node{Kind: yaml.ScalarNode, Value: strconv.FormatFloat(*v, 'f', -1, 64)}
	n.Tag = "!!float"
	if !strings.Contains(n.Value, ".") {
		n.Tag = "!!int"
	}
	return n
}

func flagNode(v bool) *yaml.Node {
	return &yaml.Node{Kind: yaml.ScalarNode, Tag: "!!bool", Value: strconv.FormatBool(v)}
}

func someFlag(v bool) *yaml.Node {
	if !v {
		return nil
	}
	return flagNode(v)
}

// listNode writes entries below each other; nil where there are none.
func listNode[T any](list []T, each func(T) *yaml.Node) *yaml.Node {
	if len(list) == 0 {
		return nil
	}
	n := &yaml.Node{Kind: yaml.SequenceNode, Tag: "!!seq"}
	for _, x := range list {
		n.Content = append(n.Content, each(x))
	}
	return n
}

// inLine writes a list or map in one line.
func inLine(n *yaml.Node) *yaml.Node {
	if n != nil {
		n.Style |= yaml.FlowStyle
	}
	return n
}

// wordsNode writes one word as it is, several as a list.
func wordsNode(list []string) *yaml.Node {
	if len(list) == 1 {
		return wordNode(list[0])
	}
	return inLine(listNode(list, wordNode))
}

// text writes a text that exists in the first language alone as it is, others by language.
func (w surveyWriter) text(t goalpost.Text) *yaml.Node {
	if len(t) == 0 {
		return nil
	}
	if len(t) == 1 && len(w.languages) > 0 {
		if s, ok := t[w.languages[0]]; ok {
			return wordNode(s)
		}
	}
	m := newMap()
	for _, l := range w.languages {
		if s, ok := t[l]; ok {
			m.add(l, wordNode(s))
		}
	}
	for _, l := range slices.Sorted(maps.Keys(t)) {
		if !slices.Contains(w.languages, l) {
			m.add(l, wordNode(t[l]))
		}
	}
	return m.Node
}

func (w surveyWriter) survey(s goalpost.Survey) *yaml.Node {
	m, f := newMap(), s.Form
	m.add("slug", someWord(s.Slug)).LineComment = w.say("survey.form.slug")
	m.add("languages", inLine(listNode(f.Languages, wordNode)))
	m.add("title", w.text(f.Title))
	m.add("intro", w.text(f.Intro))
	m.add("thanks", w.text(f.Thanks))
	m.add("one_by_one", someFlag(f.OneByOne))
	m.add("questions", listNode(f.Questions, w.question))
	m.add("settings", w.settings(s.Settings))
	m.add("kept_trends", listNode(f.Kept, func(k goalpost.KeptTrend) *yaml.Node {
		n := newMap()
		n.add("question", wordNode(k.Question))
		n.add("version", wholeNode(k.Version))
		n.add("by", someWord(k.By))
		return inLine(n.Node)
	})).HeadComment = w.say("survey.form.kept")
	return m.Node
}

func (w surveyWriter) question(q goalpost.SurveyQuestion) *yaml.Node {
	m := newMap()
	m.add("code", wordNode(q.Code))
	m.add("type", wordNode(string(q.Type)))
	m.add("wording", w.text(q.Wording))
	m.add("help", w.text(q.Help))
	m.add("required", someFlag(q.Required))
	m.add("new_page", someFlag(q.NewPage))
	m.add("shuffle", someFlag(q.Shuffle))
	m.add("options", listNode(q.Options, w.option))
	m.add("min", someNumber(q.Min))
	m.add("max", someNumber(q.Max))
	m.add("decimals", someWhole(q.Decimals))
	m.add("unit", w.text(q.Unit))
	m.add("scale", w.scale(q.Scale))
	m.add("long", someFlag(q.Long))
	m.add("show_if", w.condition(q.ShowIf))
	m.add("paraphrase", someFlag(q.Paraphrase))
	m.add("base_rule", w.text(q.Base))
	m.add("subset", someFlag(q.Subset))
	m.add("complete", someFlag(q.Complete))
	m.add("profile", someFlag(q.Profile))
	m.add("note", w.text(q.Note))
	if q.Version > 1 {
		m.add("version", wholeNode(q.Version)).LineComment = w.say("survey.form.version")
	}
	return m.Node
}

func (w surveyWriter) option(o goalpost.Item) *yaml.Node {
	m := newMap()
	if label := w.text(o.Label); label == nil || o.Code == "" || slices.Contains(optionKeys, o.Code) {
		m.add("code", wordNode(o.Code))
		m.add("label", label)
	} else {
		m.add(o.Code, label)
	}
	m.add("role", someWord(string(o.Role)))
	m.add("fixed", someFlag(o.Fixed))
	return m.Node
}

func (w surveyWriter) scale(s *goalpost.Scale) *yaml.Node {
	if s == nil {
		return nil
	}
	m := newMap()
	m.add("from", wholeNode(s.Low))
	m.add("to", wholeNode(s.High))
	m.add("look", someWord(string(s.Look)))
	m.add("labels", listNode(s.Labels, func(t goalpost.Text) *yaml.Node {
		if n := w.text(t); n != nil {
			return n
		}
		return newMap().Node
	}))
	if len(s.Labels) == 0 {
		inLine(m.Node)
	}
	return m.Node
}

func (w surveyWriter) condition(c *goalpost.Condition) *yaml.Node {
	if c == nil || len(c.Rules) == 0 {
		return nil
	}
	rules := listNode(c.Rules, ruleNode)
	if c.Any {
		m := newMap()
		m.add("any", rules)
		return m.Node
	}
	if len(c.Rules) == 1 {
		return ruleNode(c.Rules[0])
	}
	return rules
}

func ruleNode(r goalpost.Rule) *yaml.Node {
	m := newMap()
	m.add("question", wordNode(r.Question))
	m.add("is", wordsNode(r.Is))
	m.add("not", wordsNode(r.Not))
	m.add("min", someNumber(r.Min))
	m.add("max", someNumber(r.Max))
	m.add("answered", someFlag(r.Answered))
	return inLine(m.Node)
}

func (w surveyWriter) settings(s goalpost.SurveySettings) *yaml.Node {
	m := newMap()
	m.add("address", wordNode(s.Address)).LineComment = w.say("survey.form.address")
	m.add("anonymous", flagNode(s.Anonymous))
	m.add("invited", someFlag(s.Invited))
	m.add("sample_kind", wordNode(string(s.Sample)))
	m.add("asked", someWhole(s.Asked))
	m.add("opens_at", w.moment(s.OpensAt))
	m.add("closes_at", w.moment(s.ClosesAt))
	m.add("limit", someWhole(s.Limit))
	m.add("quotas", listNode(s.Quotas, func(q goalpost.Quota) *yaml.Node {
		n := newMap()
		n.add("question", wordNode(q.Question))
		n.add("option", wordNode(q.Option))
		n.add("limit", wholeNode(q.Limit))
		return inLine(n.Node)
	}))
	m.add("channels", listNode(s.Channels, func(c goalpost.Channel) *yaml.Node {
		n := newMap()
		n.add("code", wordNode(c.Code))
		n.add("network", wordNode(string(c.Network)))
		n.add("campaign", someWord(c.Campaign))
		return inLine(n.Node)
	}))
	m.add("before", w.text(s.Before))
	m.add("paused", w.text(s.Paused))
	m.add("full", w.text(s.Full))
	m.add("after", w.text(s.After))
	m.add("frames", wordsNode(s.Frames))
	m.add("results", someFlag(s.Results))
	m.add("public_results", someFlag(s.PublicResults))
	m.add("prize", someFlag(s.Prize))
	m.add("consent", w.text(s.Consent))
	m.add("responsible", w.text(s.Responsible))
	m.add("privacy", w.text(s.Privacy))
	m.add("keep_days", someWhole(s.KeepDays))
	m.add("work", someFlag(s.Work))
	m.add("study", someWord(s.Study))
	m.add("wave", someWord(s.Wave))
	return m.Node
}

// moment writes a time in the organisation's zone, with its offset where that is not clear.
func (w surveyWriter) moment(t time.Time) *yaml.Node {
	if t.IsZero() {
		return nil
	}
	const minutes = "2006-01-02 15:04"
	local := t.In(w.zone)
	text := local.Format(minutes)
	if back, err := time.ParseInLocation(minutes, text, w.zone); err != nil || !back.Equal(t) {
		text = local.Format(exactTime)
	}
	return &yaml.Node{Kind: yaml.ScalarNode, Value: text}
}
