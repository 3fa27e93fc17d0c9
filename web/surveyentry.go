package web

import (
	"fmt"
	"net/url"
	"slices"
	"strconv"
	"strings"

	"goalpost"
	"goalpost/assess"
)

// questionEntry is a question as it stands in the form, with everything that was typed,
// whether it can be read or not.
type questionEntry struct {
	q         goalpost.SurveyQuestion // of which the texts and switches are up to date
	numbers   map[string]string       // min, max, decimals, low, high, as typed
	labels    map[int]goalpost.Text   // by grade
	rules     []ruleEntry
	blankRows int    // empty rows for more options
	focus     string // what the next press or key most likely goes to
}

// ruleEntry is a rule as it stands in the form.
type ruleEntry struct {
	question, relation, number string
	options                    []string
}

// Relations between a question and what was answered to an earlier one.
const (
	relationIs       = "is"
	relationNot      = "not"
	relationMin      = "min"
	relationMax      = "max"
	relationAnswered = "answered"
)

// Empty rows that a form offers for options, and how many more there are on request.
const (
	spareRows = 2
	moreRows  = 5
)

func typedNumber(v *float64) string {
	if v == nil {
		return ""
	}
	return strconv.FormatFloat(*v, 'f', -1, 64)
}

// entryOf is the form of a question.
func entryOf(q goalpost.SurveyQuestion) questionEntry {
	e := questionEntry{q: q, numbers: map[string]string{"min": typedNumber(q.Min), "max": typedNumber(q.Max), "decimals": strconv.Itoa(q.Decimals)}, labels: map[int]goalpost.Text{}, blankRows: spareRows}
	if s := q.Scale; s != nil {
		e.numbers["low"], e.numbers["high"] = strconv.Itoa(s.Low), strconv.Itoa(s.High)
		e.numbers["look"] = string(s.Look)
		for g := s.Low; g <= s.High; g++ {
			e.labels[g] = s.Grade(g)
		}
	}
	if q.ShowIf != nil {
		for _, r := range q.ShowIf.Rules {
			x := ruleEntry{question: r.Question, relation: relationAnswered}
			switch {
			case len(r.Is) > 0:
				x.relation, x.options = relationIs, r.Is
			case len(r.Not) > 0:
				x.relation, x.options = relationNot, r.Not
			case r.Min != nil:
				x.relation, x.number = relationMin, typedNumber(r.Min)
			case r.Max != nil:
				x.relation, x.number = relationMax, typedNumber(r.Max)
			}
			e.rules = append(e.rules, x)
		}
	}
	return e
}

// readQuestionEntry reads the form of a question; old is the question before.
func readQuestionEntry(form url.Values, old goalpost.SurveyQuestion, languages []string) questionEntry {
	t := typed(form)
	q := goalpost.SurveyQuestion{Question: old.Question}
	q.Type = goalpost.QuestionType(t.get("type"))
	q.Wording, q.Help, q.Unit = t.textIn("wording", languages), t.textIn("help", languages), t.textIn("unit", languages)
	q.Required, q.NewPage, q.Shuffle, q.Long = t.get("required") != "", t.get("new_page") != "", t.get("shuffle") != "", t.get("long") != ""
	e := questionEntry{q: q, numbers: map[string]string{}, labels: map[int]goalpost.Text{}, blankRows: spareRows}
	for _, name := range []string{"min", "max", "decimals", "low", "high", "look"} {
		e.numbers[name] = t.get(name)
	}
	for g := range 100 {
		if text := t.textIn("grade_"+strconv.Itoa(g), languages); text != nil {
			e.labels[g] = text
		}
	}
	e.q.Options = nil
	rows, _ := strconv.Atoi(t.get("rows")) // 0 where nobody typed a number
	for i := range min(rows, 200) {
		at := strconv.Itoa(i)
		o := goalpost.Item{Code: t.get("code_" + at), Label: t.textIn("label_"+at, languages), Role: goalpost.ItemRole(t.get("role_" + at)), Fixed: t.get("fixed_"+at) != ""}
		if o.Label != nil || o.Code != "" || o.Role != goalpost.RoleOption {
			e.q.Options = append(e.q.Options, o)
		}
	}
	rules, _ := strconv.Atoi(t.get("rules"))
	for i := range min(rules, 50) {
		at := strconv.Itoa(i)
		e.rules = append(e.rules, ruleEntry{question: t.get("rule_" + at), relation: t.get("relation_" + at), number: t.get("number_" + at), options: form["choice_"+at]})
	}
	e.q.ShowIf = nil
	if len(e.rules) > 0 {
		e.q.ShowIf = &goalpost.Condition{Any: t.get("any") != ""}
	}
	return e
}

// act does what a button of the form asks for; save is false where nothing changed that
// could be kept.
func (e *questionEntry) act(do, newRule string, languages []string) (save bool) {
	defer func() { e.focus = e.focusAfter(do) }()
	verb, arg, _ := strings.Cut(do, "-")
	i, err := strconv.Atoi(arg)
	at := err == nil && i >= 0 && i < len(e.q.Options)
	switch verb {
	case "more":
		e.blankRows = moreRows
		return false
	case "type":
		e.suit()
		return false
	case "up", "down":
		to := i - 1
		if verb == "down" {
			to = i + 1
		}
		if at && to >= 0 && to < len(e.q.Options) {
			e.q.Options[i], e.q.Options[to] = e.q.Options[to], e.q.Options[i]
		}
	case "drop":
		if at {
			e.q.Options = slices.Delete(e.q.Options, i, i+1)
		}
	case "role":
		label := goalpost.Text{}
		for _, l := range languages {
			if slices.Contains(goalpost.TemplateLanguages(), l) {
				label[l] = roleLabel(l, arg)
			}
		}
		e.q.Options = append(e.q.Options, goalpost.Item{Role: goalpost.ItemRole(arg), Label: label})
	case "rule":
		if newRule != "" {
			e.rules = append(e.rules, ruleEntry{question: newRule, relation: relationIs})
		}
		return false
	case "droprule":
		if err == nil && i >= 0 && i < len(e.rules) {
			e.rules = slices.Delete(e.rules, i, i+1)
		}
	}
	return true
}

// focusAfter is what goes on after a button: the one that moves the same option further,
// or the first field that the button made.
func (e *questionEntry) focusAfter(do string) string {
	verb, arg, _ := strings.Cut(do, "-")
	i, _ := strconv.Atoi(arg) // 0 where nothing was pressed that has a place
	n := len(e.q.Options)
	at := func(name string, i int) string { return name + "-" + strconv.Itoa(i) }
	switch verb {
	case "up":
		if i <= 1 {
			return at("down", 0)
		}
		return at("up", i-1)
	case "down":
		if i+1 >= n-1 {
			return at("up", n-1)
		}
		return at("down", i+1)
	case "drop":
		if n == 0 {
			return "more"
		}
		return at("drop", min(i, n-1))
	case "more":
		return at("text", n)
	case "role":
		return at("text", n-1)
	case "rule":
		return at("rule", len(e.rules)-1)
	case "droprule":
		return "newrule"
	}
	return ""
}

// roleLabel is how an option with a role usually reads.
func roleLabel(language, role string) string {
	return printerFor(language, nil).T("web.survey.role." + role + ".label")
}

// suit takes away what does not go with the question's type, and adds what it needs.
func (e *questionEntry) suit() {
	q := &e.q
	if q.Type == goalpost.ScaleQuestion && e.numbers["low"] == "" {
		e.numbers["low"], e.numbers["high"] = "1", "5"
	}
	q.Options = slices.DeleteFunc(slices.Clone(q.Options), func(o goalpost.Item) bool { return !takesOption(q.Type, o.Role) })
}

// hasChoices reports whether a type has options of its own.
func hasChoices(t goalpost.QuestionType) bool {
	return t == goalpost.SingleChoice || t == goalpost.MultipleChoice || t == goalpost.RankingQuestion
}

func takesOption(t goalpost.QuestionType, role goalpost.ItemRole) bool {
	switch {
	case t == goalpost.TextQuestion || t == goalpost.ConsentQuestion:
		return false
	case role == goalpost.RoleOther:
		return hasChoices(t) && t != goalpost.RankingQuestion
	}
	return hasChoices(t) || role.Alone()
}

// question makes the question of what was typed; the error names the field of a number
// that cannot be read.
func (e questionEntry) question(f goalpost.Form) (goalpost.SurveyQuestion, error) {
	q := e.q
	q.Options = assess.ItemCodes(q.Options, f.Languages[0])
	var err error
	number := func(name string) *float64 {
		v, bad := readBound(e.numbers[name], name)
		if err == nil {
			err = bad
		}
		return v
	}
	whole := func(name string) int {
		if v := number(name); v != nil {
			return int(*v)
		}
		return 0
	}
	switch q.Type {
	case goalpost.MultipleChoice, goalpost.RankingQuestion, goalpost.NumberQuestion:
		q.Min, q.Max = number("min"), number("max")
	default:
	}
	if q.Type == goalpost.NumberQuestion {
		q.Decimals = whole("decimals")
	} else {
		q.Unit = nil
	}
	q.Long = q.Long && q.Type == goalpost.TextQuestion
	q.Shuffle = q.Shuffle && hasChoices(q.Type)
	if q.Scale = nil; q.Type == goalpost.ScaleQuestion {
		q.Scale = &goalpost.Scale{Low: whole("low"), High: whole("high"), Look: goalpost.ScaleLook(e.numbers["look"])}
		q.Scale.Labels = e.gradeLabels(*q.Scale)
	}
	if err != nil {
		return q, err
	}
	if q.ShowIf, err = e.condition(f); err != nil {
		return q, err
	}
	return q, nil
}

// readBound reads a number in either language's way of writing it; nil of nothing.
func readBound(text, field string) (*float64, error) {
	if text == "" {
		return nil, nil //nolint:nilnil // no bound is not an error
	}
	v, err := strconv.ParseFloat(strings.Replace(text, ",", ".", 1), 64)
	if err != nil || v > 1e12 || v < -1e12 || v != v {
		return nil, &goalpost.Error{Kind: goalpost.Invalid, Key: "error.survey-edit.number", Field: field, Args: []goalpost.Arg{goalpost.TextArg(text)}}
	}
	return &v, nil
}

// gradeLabels are none, those of the ends, or all.
func (e questionEntry) gradeLabels(s goalpost.Scale) []goalpost.Text {
	if s.High <= s.Low || s.High-s.Low > 50 {
		return nil
	}
	var all []goalpost.Text
	inner, some := false, false
	for g := s.Low; g <= s.High; g++ {
		text := e.labels[g]
		all = append(all, text)
		some = some || len(text) > 0
		inner = inner || len(text) > 0 && g != s.Low && g != s.High
	}
	switch {
	case !some:
		return nil
	case !inner:
		return []goalpost.Text{all[0], all[len(all)-1]}
	}
	return all
}

// condition makes the rules of what was typed.
func (e questionEntry) condition(f goalpost.Form) (*goalpost.Condition, error) {
	if len(e.rules) == 0 {
		return nil, nil //nolint:nilnil // everyone is asked
	}
	c := &goalpost.Condition{}
	if e.q.ShowIf != nil {
		c.Any = e.q.ShowIf.Any
	}
	for i, x := range e.rules {
		r := goalpost.Rule{Question: x.question}
		at := fmt.Sprintf("rule-%d", i)
		of, _ := f.Question(x.question)
		wantsNumber := x.relation == relationMin || x.relation == relationMax
		v, err := readBound(x.number, at)
		switch {
		case wantsNumber && err != nil:
			return nil, err
		case wantsNumber && v == nil:
			return nil, &goalpost.Error{Kind: goalpost.Invalid, Key: "error.survey-edit.rule-number", Field: at}
		case (x.relation == relationIs || x.relation == relationNot) && len(x.options) == 0 && of.Type != goalpost.TextQuestion:
			return nil, &goalpost.Error{Kind: goalpost.Invalid, Key: "error.survey-edit.rule-option", Field: at}
		}
		switch x.relation {
		case relationIs:
			r.Is = x.options
		case relationNot:
			r.Not = x.options
		case relationMin:
			r.Min = v
		case relationMax:
			r.Max = v
		default:
			r.Answered = true
		}
		if len(r.Is)+len(r.Not) == 0 && !wantsNumber {
			r.Answered = true
		}
		c.Rules = append(c.Rules, r)
	}
	return c, nil
}
