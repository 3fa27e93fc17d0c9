package ingest

import (
	"errors"
	"slices"
	"strings"
	"time"

	"go.yaml.in/yaml/v4"

	"goalpost"
)

// ReadSurvey reads the plain YAML form of a survey, as docs/surveys.md describes it: its
// short name, if the file says one, its form and its settings. Days and times stand in the
// zone. Whatever is wrong is an Error with the file's name, the line and the field.
func ReadSurvey(name string, data []byte, zone *time.Location) (goalpost.Survey, error) {
	s, err := readSurvey(data, zone)
	if err != nil {
		return goalpost.Survey{}, inFile(err, name)
	}
	return s, nil
}

func readSurvey(data []byte, zone *time.Location) (s goalpost.Survey, err error) {
	root, fault := surveyNodes(data)
	if fault != nil {
		return s, fault
	}
	r := &surveyReader{nodeReader{zone: zone, lines: map[string]int{}}}
	r.survey(root, &s)
	if r.err != nil {
		return s, r.err
	}
	if err := s.Form.Check(); err != nil {
		return s, r.placed(err, "")
	}
	if err := s.Settings.Check(s.Form); err != nil {
		return s, r.placed(err, "settings.")
	}
	return s, nil
}

type surveyReader struct{ nodeReader }

// placed gives an error of the rules the line of its field, or of what the field belongs to.
func (r *surveyReader) placed(err error, below string) error {
	e, ok := errors.AsType[*goalpost.Error](err)
	if !ok {
		return err
	}
	e.Field = below + e.Field
	e.Line = 1
	for path := e.Field; path != ""; path = path[:max(0, strings.LastIndexAny(path, ".["))] {
		if line, known := r.lines[path]; known {
			e.Line = line
			break
		}
	}
	return e
}

func (r *surveyReader) survey(root *yaml.Node, s *goalpost.Survey) {
	f := &s.Form
	r.languages(root, f)
	// What a file does not say is what harms nobody.
	s.Settings = goalpost.SurveySettings{Address: goalpost.FormalAddress, Anonymous: true, Sample: goalpost.SampleSelfSelected}
	r.mapping("", root, map[string]reading{
		"slug":        word(&r.nodeReader, &s.Slug),
		"languages":   func(string, *yaml.Node) {}, // read before the texts
		"title":       r.text(&f.Title),
		"intro":       r.text(&f.Intro),
		"thanks":      r.text(&f.Thanks),
		"one_by_one":  r.flag(&f.OneByOne),
		"questions":   r.list(func(at string, n *yaml.Node) { f.Questions = append(f.Questions, r.question(at, n)) }),
		"settings":    func(at string, n *yaml.Node) { r.settings(at+".", n, &s.Settings) },
		"kept_trends": r.list(func(at string, n *yaml.Node) { f.Kept = append(f.Kept, r.kept(at, n)) }),
	})
}

// languages finds the languages before everything else: the first is that of all texts that
// name none.
func (r *surveyReader) languages(root *yaml.Node, f *goalpost.Form) {
	for i := 0; i+1 < len(root.Content); i += 2 {
		if root.Content[i].Value == "languages" && len(f.Languages) == 0 {
			r.words(&f.Languages)("languages", root.Content[i+1])
		}
	}
	if len(f.Languages) > 0 {
		r.first = f.Languages[0]
	}
}

func (r *surveyReader) kept(at string, n *yaml.Node) (k goalpost.KeptTrend) {
	r.mapping(at+".", n, map[string]reading{"question": word(&r.nodeReader, &k.Question), "version": r.whole(&k.Version), "by": word(&r.nodeReader, &k.By)})
	return k
}

func (r *surveyReader) question(at string, n *yaml.Node) (q goalpost.SurveyQuestion) {
	q.Version = 1
	r.mapping(at+".", n, map[string]reading{
		"code":       word(&r.nodeReader, &q.Code),
		"version":    r.whole(&q.Version),
		"type":       word(&r.nodeReader, &q.Type),
		"wording":    r.text(&q.Wording),
		"help":       r.text(&q.Help),
		"required":   r.flag(&q.Required),
		"new_page":   r.flag(&q.NewPage),
		"shuffle":    r.flag(&q.Shuffle),
		"options":    r.list(func(at string, n *yaml.Node) { q.Options = append(q.Options, r.option(at, n)) }),
		"min":        r.number(&q.Min),
		"max":        r.number(&q.Max),
		"decimals":   r.whole(&q.Decimals),
		"unit":       r.text(&q.Unit),
		"scale":      func(at string, n *yaml.Node) { q.Scale = r.scale(at+".", n) },
		"long":       r.flag(&q.Long),
		"show_if":    func(at string, n *yaml.Node) { q.ShowIf = r.condition(at, n) },
		"paraphrase": r.flag(&q.Paraphrase),
		"base_rule":  r.text(&q.Base),
		"subset":     r.flag(&q.Subset),
		"complete":   r.flag(&q.Complete),
		"profile":    r.flag(&q.Profile),
		"note":       r.text(&q.Note),
	})
	return q
}

// optionKeys are what an option can say beside its name and text; no option is written
// short that has one of them for a name.
var optionKeys = []string{"code", "label", "role", "fixed"}

// option reads "offers: Special offers", with role and fixed beside it if need be, or a map
// with code and label.
func (r *surveyReader) option(at string, n *yaml.Node) (o goalpost.Item) {
	at += "."
	known := map[string]reading{"code": word(&r.nodeReader, &o.Code), "label": r.text(&o.Label), "role": word(&r.nodeReader, &o.Role), "fixed": r.flag(&o.Fixed)}
	if n.Kind != yaml.MappingNode {
		r.fail(n, strings.TrimSuffix(at, "."), "option", goalpost.TextArg(short(n.Value)))
		return o
	}
	name, long := "", false
	for i := 0; i+1 < len(n.Content); i += 2 {
		key := n.Content[i]
		long = long || key.Value == "code" || key.Value == "label"
		if name == "" && key.Kind == yaml.ScalarNode && !slices.Contains(optionKeys, key.Value) {
			name = key.Value
		}
	}
	if name != "" && !long {
		o.Code = name
		known = map[string]reading{"role": known["role"], "fixed": known["fixed"], name: func(_ string, n *yaml.Node) {
			r.lines[at+"code"], r.lines[at+"label"] = n.Line, n.Line
			r.text(&o.Label)(at+"label", n)
		}}
	}
	r.mapping(at, n, known)
	return o
}

func (r *surveyReader) scale(at string, n *yaml.Node) *goalpost.Scale {
	s := &goalpost.Scale{}
	r.mapping(at, n, map[string]reading{
		"from": r.whole(&s.Low), "to": r.whole(&s.High), "look": word(&r.nodeReader, &s.Look),
		"labels": r.list(func(at string, n *yaml.Node) {
			var t goalpost.Text
			r.text(&t)(at, n)
			s.Labels = append(s.Labels, t)
		}),
	})
	return s
}

// condition reads one rule, a list of rules that must all hold, or {any: […]}, {all: […]}.
func (r *surveyReader) condition(at string, n *yaml.Node) *goalpost.Condition {
	c := &goalpost.Condition{}
	rules := func(_ string, n *yaml.Node) {
		r.list(func(at string, n *yaml.Node) { c.Rules = append(c.Rules, r.rule(at, n)) })(at+".rules", n)
	}
	has := func(key string) bool {
		return n.Kind == yaml.MappingNode && len(n.Content) > 0 && n.Content[0].Value == key
	}
	switch {
	case n.Kind == yaml.SequenceNode:
		rules(at, n)
	case has("any"), has("all"):
		c.Any = has("any")
		r.mapping(at+".", n, map[string]reading{n.Content[0].Value: rules})
	default:
		r.lines[at+".rules[0]"] = n.Line
		c.Rules = []goalpost.Rule{r.rule(at+".rules[0]", n)}
	}
	return c
}

func (r *surveyReader) rule(at string, n *yaml.Node) (x goalpost.Rule) {
	r.mapping(at+".", n, map[string]reading{"question": word(&r.nodeReader, &x.Question), "is": r.words(&x.Is), "not": r.words(&x.Not), "min": r.number(&x.Min), "max": r.number(&x.Max), "answered": r.flag(&x.Answered)})
	return x
}

func (r *surveyReader) settings(at string, n *yaml.Node, s *goalpost.SurveySettings) {
	r.mapping(at, n, map[string]reading{
		"address":        word(&r.nodeReader, &s.Address),
		"anonymous":      r.flag(&s.Anonymous),
		"invited":        r.flag(&s.Invited),
		"sample_kind":    word(&r.nodeReader, &s.Sample),
		"asked":          r.whole(&s.Asked),
		"opens_at":       r.moment(&s.OpensAt, false),
		"closes_at":      r.moment(&s.ClosesAt, true),
		"limit":          r.whole(&s.Limit),
		"quotas":         r.list(func(at string, n *yaml.Node) { s.Quotas = append(s.Quotas, r.quota(at, n)) }),
		"channels":       r.list(func(at string, n *yaml.Node) { s.Channels = append(s.Channels, r.channel(at, n)) }),
		"before":         r.text(&s.Before),
		"paused":         r.text(&s.Paused),
		"full":           r.text(&s.Full),
		"after":          r.text(&s.After),
		"frames":         r.words(&s.Frames),
		"results":        r.flag(&s.Results),
		"public_results": r.flag(&s.PublicResults),
		"prize":          r.flag(&s.Prize),
		"consent":        r.text(&s.Consent),
		"responsible":    r.text(&s.Responsible),
		"privacy":        r.text(&s.Privacy),
		"keep_days":      r.whole(&s.KeepDays),
		"work":           r.flag(&s.Work),
		"study":          word(&r.nodeReader, &s.Study),
		"wave":           word(&r.nodeReader, &s.Wave),
	})
}

func (r *surveyReader) quota(at string, n *yaml.Node) (q goalpost.Quota) {
	r.mapping(at+".", n, map[string]reading{"question": word(&r.nodeReader, &q.Question), "option": word(&r.nodeReader, &q.Option), "limit": r.whole(&q.Limit)})
	return q
}

func (r *surveyReader) channel(at string, n *yaml.Node) (c goalpost.Channel) {
	r.mapping(at+".", n, map[string]reading{"code": word(&r.nodeReader, &c.Code), "network": word(&r.nodeReader, &c.Network), "campaign": word(&r.nodeReader, &c.Campaign)})
	return c
}
