package assess

import (
	"math"
	"slices"
	"strconv"
	"strings"
	"time"

	"goalpost"
	"goalpost/dataset"
)

// Words are what a file says beside the survey's own texts, in one language.
type Words interface {
	T(key string, args ...goalpost.Arg) string
	Option(o goalpost.Item) string
}

// WeightColumn is what each answer counts in one way of weighting; those without one count
// nothing.
type WeightColumn struct {
	Name, Label string
	Of          map[int64]float64 // by Answer.Seq
}

// DatasetInput is what becomes a file for statistics programs.
type DatasetInput struct {
	Answers  []goalpost.Answer
	Tags     map[TaggedAnswer][]string // nil: without tags
	Weights  []WeightColumn            // the first is the file's weight
	Say      Words
	Language string
	Program  string // that makes the file
	At       time.Time
}

// TaggedAnswer is a question in one answer.
type TaggedAnswer struct{ Answer, Question string }

// Reasons why a variable has no value. They are counted up from a base that no answer
// reaches: 991 is "not asked". Programs that know missing values leave them out, and where
// one does not, a mean of 991 is noticed.
const (
	notAsked = 1 + iota
	notAnswered
	dontKnow
	noOpinion
	notValid
	notRanked
)

// reasonKeys are the words of the reasons.
var reasonKeys = map[int]string{notAsked: "dataset.reason.not-asked", notAnswered: "dataset.reason.not-answered", dontKnow: "dataset.reason.dont-know", noOpinion: "dataset.reason.no-opinion", notValid: "dataset.reason.not-valid", notRanked: "dataset.reason.not-ranked"}

// reasonBase is the base of all variables whose values are small and not negative.
const reasonBase = 990

// datasetLayout lays a table out: for each variable what it is, and its value in an answer.
type datasetLayout struct {
	DatasetInput
	variables []dataset.Variable
	values    []func(datasetAnswer) dataset.Value
	sets      []dataset.MultiSet
}

// datasetAnswer is an answer with what its form asked.
type datasetAnswer struct {
	goalpost.Answer
	asked map[string]askedQuestion // by the name of their variables
}

// askedQuestion is a question as one respondent saw it; reason is 0 where it was answered.
type askedQuestion struct {
	goalpost.SurveyQuestion
	goalpost.QuestionReply
	reason int
}

// Dataset lays answers out for statistics programs: one row for each, labels in the
// language of the words, and every reason for which nothing was answered as a missing value
// of its own. Choices are numbers: an option keeps its number when others come to it. Like
// Table it holds no address of anybody.
func (a *AskedSurvey) Dataset(in DatasetInput) dataset.Table {
	l := datasetLayout{DatasetInput: in}
	l.head(a.Survey.Settings.Anonymous)
	prefixes := tableLayout{}
	groups := a.questionGroups(&prefixes)
	for _, g := range groups {
		l.question(g)
	}
	l.weights()
	t := dataset.Table{Name: a.Survey.Slug, Title: a.Survey.Form.Title.In(in.Language), Program: in.Program, Language: in.Language, At: in.At, Variables: l.variables, Sets: l.sets, Rows: make([][]dataset.Value, 0, len(in.Answers))}
	for _, x := range in.Answers {
		answer := datasetAnswer{x, map[string]askedQuestion{}}
		form, _ := a.Form(x.Version)
		for i, shown := range form.Shown(x.Replies) {
			q := form.Questions[i]
			reply := x.Replies[q.Code]
			answer.asked[prefixes.prefix(q)] = askedQuestion{q, reply, reasonOf(q, reply, shown, x.State.Finished())}
		}
		row := make([]dataset.Value, len(l.values))
		for i, value := range l.values {
			row[i] = value(answer)
		}
		t.Rows = append(t.Rows, row)
	}
	return t
}

// reasonOf says why there is no answer to a question; 0 where there is one.
func reasonOf(q goalpost.SurveyQuestion, r goalpost.QuestionReply, shown, finished bool) int {
	has := func(role goalpost.ItemRole) bool {
		return slices.ContainsFunc(q.Options, func(o goalpost.Item) bool { return o.Role == role && slices.Contains(r.Choices, o.Code) })
	}
	switch {
	case !shown:
		return notAsked
	case !q.Valid(r):
		return notValid
	case r.IsEmpty() && (q.Type != goalpost.ConsentQuestion || !finished): // a box that nobody ticked is an answer
		return notAnswered
	case has(goalpost.RoleDontKnow):
		return dontKnow
	case has(goalpost.RoleNoOpinion):
		return noOpinion
	}
	return 0
}

// questionGroup are the versions of a question that stand in the same variables.
type questionGroup struct {
	prefix  string
	newest  goalpost.SurveyQuestion
	options []goalpost.Item // of all versions, the oldest first, with their newest label
	all     []goalpost.SurveyQuestion
}

// questionGroups are the questions of all versions of the form, in the order of the newest.
func (a *AskedSurvey) questionGroups(prefixes *tableLayout) []*questionGroup {
	prefixes.places = map[string]int{}
	var list []*questionGroup
	for v := a.Survey.FormVersion; v >= 1; v-- {
		form, ok := a.forms[v]
		if !ok {
			continue
		}
		prefixes.add(form)
		for _, q := range form.Questions {
			prefix := prefixes.prefix(q)
			i := slices.IndexFunc(list, func(g *questionGroup) bool { return g.prefix == prefix })
			if i < 0 {
				i = len(list)
				list = append(list, &questionGroup{prefix: prefix, newest: q})
			}
			list[i].all = append(list[i].all, q)
		}
	}
	for _, g := range list {
		for _, q := range slices.Backward(g.all) {
			for _, o := range q.Options {
				if i := slices.IndexFunc(g.options, func(x goalpost.Item) bool { return x.Code == o.Code }); i >= 0 {
					g.options[i] = o
				} else {
					g.options = append(g.options, o)
				}
			}
		}
	}
	return list
}

// counted are the options that are answers, with their places from 1: those that say "don't
// know" are reasons.
func (g questionGroup) counted() (list []goalpost.Item) {
	for _, o := range g.options {
		if o.Role != goalpost.RoleDontKnow && o.Role != goalpost.RoleNoOpinion {
			list = append(list, o)
		}
	}
	return list
}

// reasons are the labels of what may stand instead of an answer.
func (l *datasetLayout) reasons(g *questionGroup, base float64, more ...int) (list []dataset.Label) {
	can := append([]int{notAsked, notAnswered}, more...)
	for role, reason := range map[goalpost.ItemRole]int{goalpost.RoleDontKnow: dontKnow, goalpost.RoleNoOpinion: noOpinion} {
		if slices.ContainsFunc(g.all, func(q goalpost.SurveyQuestion) bool {
			return slices.ContainsFunc(q.Options, func(o goalpost.Item) bool { return o.Role == role })
		}) {
			can = append(can, reason)
		}
	}
	can = append(can, notValid)
	slices.Sort(can)
	for _, reason := range can {
		list = append(list, dataset.Label{Value: dataset.Number(missingCode(base, reason)), Label: l.Say.T(reasonKeys[reason]), Missing: true})
	}
	return list
}

// codeOf is the number of a reason, further from 0 than its base.
func missingCode(base float64, reason int) float64 {
	return base + math.Copysign(float64(reason), base)
}

// add adds a variable of a question. of gives its value where the question was answered.
func (l *datasetLayout) add(g *questionGroup, v dataset.Variable, base float64, of func(askedQuestion) dataset.Value) {
	l.variables = append(l.variables, v)
	l.values = append(l.values, func(a datasetAnswer) dataset.Value {
		q, there := a.asked[g.prefix]
		if !there {
			q.reason = notAsked
		}
		if q.reason == 0 || v.Text {
			return of(q)
		}
		return dataset.Number(missingCode(base, q.reason))
	})
}

// wording is the label of a question.
func (l *datasetLayout) wording(g *questionGroup) string { return g.newest.Wording.In(l.Language) }

// question adds the variables of a question.
func (l *datasetLayout) question(g *questionGroup) {
	switch g.newest.Type {
	case goalpost.SingleChoice:
		l.single(g)
	case goalpost.MultipleChoice, goalpost.RankingQuestion:
		l.several(g)
	case goalpost.ScaleQuestion, goalpost.NPSQuestion, goalpost.NumberQuestion:
		l.number(g)
	case goalpost.TextQuestion:
		l.text(g)
	case goalpost.ConsentQuestion:
		values := []dataset.Label{{Value: dataset.Number(0), Label: l.Say.T("dataset.value.not-agreed")}, {Value: dataset.Number(1), Label: l.Say.T("dataset.value.agreed")}}
		l.add(g, dataset.Variable{Name: g.prefix, Label: l.wording(g), Measure: dataset.Nominal, Values: append(values, l.reasons(g, reasonBase)...)}, reasonBase, func(q askedQuestion) dataset.Value {
			return dataset.Number(flagNumber(slices.Contains(q.Choices, goalpost.Agreed)))
		})
	default: // nothing else is asked in a survey
	}
	for _, o := range g.options {
		if o.Role == goalpost.RoleOther {
			l.add(g, dataset.Variable{Name: g.prefix + "." + o.Code + ".text", Label: l.Say.Option(o) + " – " + l.wording(g), Text: true, Measure: dataset.Nominal}, 0, func(q askedQuestion) dataset.Value {
				if q.reason == 0 && slices.Contains(q.Choices, o.Code) {
					return dataset.Text(q.Text)
				}
				return dataset.Text("")
			})
		}
	}
	if l.Tags != nil && IsOpenQuestion(g.newest) && g.prefix == g.newest.Code {
		l.variables = append(l.variables, dataset.Variable{Name: g.prefix + ".tags", Label: l.Say.T("dataset.column.tags") + " – " + l.wording(g), Text: true, Measure: dataset.Nominal})
		l.values = append(l.values, func(a datasetAnswer) dataset.Value {
			return dataset.Text(strings.Join(l.Tags[TaggedAnswer{a.ID, g.newest.Code}], "; "))
		})
	}
}

func flagNumber(on bool) float64 {
	if on {
		return 1
	}
	return 0
}

func (l *datasetLayout) single(g *questionGroup) {
	options, base := g.counted(), wholeBase(len(g.options))
	var values []dataset.Label
	for i, o := range options {
		values = append(values, dataset.Label{Value: dataset.Number(float64(i + 1)), Label: l.Say.Option(o)})
	}
	l.add(g, dataset.Variable{Name: g.prefix, Label: l.wording(g), Measure: dataset.Nominal, Values: append(values, l.reasons(g, base)...)}, base, func(q askedQuestion) dataset.Value {
		for i, o := range options {
			if slices.Contains(q.Choices, o.Code) {
				return dataset.Number(float64(i + 1))
			}
		}
		return dataset.Nothing()
	})
}

// several has a variable for each option: 1 and 0, or the rank.
func (l *datasetLayout) several(g *questionGroup) {
	ranking := g.newest.Type == goalpost.RankingQuestion
	set := dataset.MultiSet{Name: g.prefix, Label: l.wording(g), Counted: 1}
	for _, o := range g.counted() {
		v := dataset.Variable{Name: g.prefix + "." + o.Code, Label: l.Say.Option(o) + " – " + l.wording(g), Measure: dataset.Nominal}
		switch {
		case ranking && o.Role.Alone():
			continue
		case ranking:
			v.Measure, v.Values = dataset.Ordinal, l.reasons(g, reasonBase, notRanked)
		default:
			v.Values = append([]dataset.Label{{Value: dataset.Number(0), Label: l.Say.T("dataset.value.not-chosen")}, {Value: dataset.Number(1), Label: l.Say.Option(o)}}, l.reasons(g, reasonBase)...)
		}
		set.Members = append(set.Members, len(l.variables))
		l.add(g, v, reasonBase, func(q askedQuestion) dataset.Value {
			place := slices.Index(q.Choices, o.Code)
			_, offered := q.Option(o.Code)
			switch {
			case !offered:
				return dataset.Number(missingCode(reasonBase, notAsked))
			case ranking && place < 0:
				return dataset.Number(missingCode(reasonBase, notRanked))
			case ranking:
				return dataset.Number(float64(place + 1))
			}
			return dataset.Number(flagNumber(place >= 0))
		})
	}
	if !ranking {
		l.sets = append(l.sets, set)
	}
}

// text has a variable that says whether there is one, for a string has no missing values.
func (l *datasetLayout) text(g *questionGroup) {
	l.add(g, dataset.Variable{Name: g.prefix, Label: l.wording(g), Text: true, Measure: dataset.Nominal}, 0, func(q askedQuestion) dataset.Value {
		if q.reason != 0 {
			return dataset.Text("")
		}
		return dataset.Text(q.Text)
	})
	values := append([]dataset.Label{{Value: dataset.Number(1), Label: l.Say.T("dataset.value.answered")}}, l.reasons(g, reasonBase)...)
	l.add(g, dataset.Variable{Name: g.prefix + ".answered", Label: l.Say.T("dataset.column.answered") + " – " + l.wording(g), Measure: dataset.Nominal, Values: values}, reasonBase, func(askedQuestion) dataset.Value {
		return dataset.Number(1)
	})
}

// number is a grade, a recommendation or any number.
func (l *datasetLayout) number(g *questionGroup) {
	v := dataset.Variable{Name: g.prefix, Label: l.wording(g), Measure: dataset.Scale}
	base := float64(reasonBase)
	switch {
	case g.newest.Type == goalpost.NumberQuestion:
		base = l.numberBase(g)
		for _, q := range g.all {
			v.Decimals = max(v.Decimals, q.Decimals)
		}
	case g.newest.Type == goalpost.ScaleQuestion && g.newest.Scale != nil:
		v.Measure = dataset.Ordinal
		low, high := g.newest.Scale.Low, g.newest.Scale.High
		for _, q := range g.all {
			if q.Scale != nil {
				low, high = min(low, q.Scale.Low), max(high, q.Scale.High)
			}
		}
		base = wholeBase(high)
		for grade := low; grade <= high; grade++ {
			label := g.newest.Scale.Grade(grade).In(l.Language)
			if label == "" {
				label = strconv.Itoa(grade)
			}
			v.Values = append(v.Values, dataset.Label{Value: dataset.Number(float64(grade)), Label: label})
		}
	}
	v.Values = append(v.Values, l.reasons(g, base)...)
	l.add(g, v, base, func(q askedQuestion) dataset.Value {
		if q.Number == nil {
			return dataset.Nothing()
		}
		return dataset.Number(*q.Number)
	})
}

// wholeBase is 990, or the next of its kind above the largest value: 9990, 99990.
func wholeBase(largest int) float64 {
	base := float64(reasonBase)
	for base <= float64(largest) {
		base = base*10 + 90
	}
	return base
}

// numberBase is a base that no number reaches which the question takes: 990 below a bound,
// else -990, else one far below zero.
func (l *datasetLayout) numberBase(g *questionGroup) float64 {
	low, high := math.Inf(1), math.Inf(-1)
	for _, q := range g.all {
		if q.Min == nil {
			low = math.Inf(-1)
		} else {
			low = min(low, *q.Min)
		}
		if q.Max == nil {
			high = math.Inf(1)
		} else {
			high = max(high, *q.Max)
		}
	}
	switch {
	case high <= reasonBase:
		return reasonBase
	case low >= -reasonBase:
		return -reasonBase
	}
	base := -999999990.0
	for _, x := range l.Answers {
		if r := x.Replies[g.newest.Code]; r.Number != nil {
			for !math.IsInf(*r.Number, 0) && base >= *r.Number {
				base *= 1000
			}
		}
	}
	return base
}
