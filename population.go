package goalpost

import (
	"math"
	"slices"
	"time"
)

// Population is what is known of everybody whom the respondents of a survey stand for: how
// many of them are in each group, by one or more questions of the survey. Versions are kept.
type Population struct {
	Version int                `json:"version"` // from 1; 0 for none
	MadeAt  time.Time          `json:"made_at,omitzero"`
	MadeBy  string             `json:"made_by,omitempty"`
	Margins []PopulationMargin `json:"margins"`
	// Cap is the largest weight, in means of all; 0 for the usual one. Another one needs a
	// reason.
	Cap       float64 `json:"cap,omitempty"`
	CapReason string  `json:"cap_reason,omitempty"`
}

// PopulationMargin is the size of each group, by the options of one question.
type PopulationMargin struct {
	Question string `json:"question"`
	// QuestionVersion is that of the question's trend: a question that asks something else
	// by now makes other groups.
	QuestionVersion int               `json:"question_version,omitempty"`
	Percent         bool              `json:"percent,omitempty"` // sizes are per cent, not people
	Groups          []PopulationGroup `json:"groups"`
	Source          string            `json:"source,omitempty"` // where the sizes were taken from
}

// PopulationGroup is one option. Options that are joined with another count as one group
// with it, whose size is the sum.
type PopulationGroup struct {
	Option string  `json:"option"`
	Size   float64 `json:"size"`
	With   string  `json:"with,omitempty"` // the option that it is joined with
}

// Limits of a population.
const (
	MaxMargins      = 20
	MaxSourceText   = 500
	largestSize     = 1e10 // people: more than there are
	percentRounding = 1.0  // points by which rounded percentages may miss 100
	largestCap      = 100
)

// IsEmpty reports whether nothing is known of a population.
func (p Population) IsEmpty() bool { return len(p.Margins) == 0 }

// Margin returns the margin of a question.
func (p Population) Margin(question string) (PopulationMargin, bool) {
	for _, m := range p.Margins {
		if m.Question == question {
			return m, true
		}
	}
	return PopulationMargin{}, false
}

// Group returns the group of an option.
func (m PopulationMargin) Group(option string) (PopulationGroup, bool) {
	for _, g := range m.Groups {
		if g.Option == option {
			return g, true
		}
	}
	return PopulationGroup{}, false
}

// Joined returns the options of each group, in the order of the margin.
func (m PopulationMargin) Joined() [][]string {
	var groups [][]string
	at := map[string]int{}
	for _, g := range m.Groups {
		if g.With == "" {
			at[g.Option] = len(groups)
			groups = append(groups, []string{g.Option})
		}
	}
	for _, g := range m.Groups {
		if i, ok := at[g.With]; ok && g.With != "" {
			groups[i] = append(groups[i], g.Option)
		}
	}
	return groups
}

// Total is the sum of all sizes.
func (m PopulationMargin) Total() (total float64) {
	for _, g := range m.Groups {
		total += g.Size
	}
	return total
}

// MarginOptions are the options of a question that make groups: those of a single choice
// that say something about the respondent. Other questions make none.
func (q SurveyQuestion) MarginOptions() []Item {
	if q.Type != SingleChoice {
		return nil
	}
	var list []Item
	for _, o := range q.Options {
		if o.Role != RoleDontKnow && o.Role != RoleNoOpinion {
			list = append(list, o)
		}
	}
	return list
}

func populationError(field, key string, args ...Arg) *Error {
	return &Error{Kind: Invalid, Key: "error.population." + key, Field: field, Args: args}
}

// Check looks at a population that somebody enters for a form; the error names the field,
// as in "age.18-34".
func (p Population) Check(f Form) error {
	if len(p.Margins) > MaxMargins {
		return populationError("margins", "many", NumberArg(MaxMargins))
	}
	seen := map[string]bool{}
	for _, m := range p.Margins {
		q, ok := f.Question(m.Question)
		switch {
		case !ok:
			return populationError(m.Question, "question", TextArg(m.Question))
		case len(q.MarginOptions()) < 2:
			return populationError(m.Question, "kind", TextsArg(q.Wording))
		case seen[m.Question]:
			return populationError(m.Question, "twice", TextsArg(q.Wording))
		}
		seen[m.Question] = true
		if err := m.check(q); err != nil {
			return err
		}
	}
	switch {
	case p.Cap != 0 && (!(p.Cap > 1) || p.Cap > largestCap):
		return populationError("cap", "cap", NumberArg(largestCap))
	case p.Cap != 0 && p.CapReason == "":
		return populationError("cap_reason", "cap-reason")
	case TextFault(p.CapReason, MaxSourceText) != "":
		return populationError("cap_reason", "text", NumberArg(MaxSourceText))
	}
	return p.checkTotals(f)
}

func (m PopulationMargin) check(q SurveyQuestion) error {
	options := q.MarginOptions()
	named := map[string]bool{}
	for _, g := range m.Groups {
		field := m.Question + "." + g.Option
		i := slices.IndexFunc(options, func(o Item) bool { return o.Code == g.Option })
		switch {
		case i < 0:
			return populationError(field, "option", TextArg(g.Option), TextsArg(q.Wording))
		case named[g.Option]:
			return populationError(field, "option-twice", OptionArg(options[i]), TextsArg(q.Wording))
		case !(g.Size >= 0) || math.IsInf(g.Size, 0) || g.Size > largestSize:
			return populationError(field, "size", OptionArg(options[i]))
		}
		named[g.Option] = true
		if g.With == "" {
			continue
		}
		if with, ok := m.Group(g.With); !ok || with.With != "" || g.With == g.Option {
			return populationError(field, "with", OptionArg(options[i]))
		}
	}
	for _, o := range options {
		if !named[o.Code] {
			return populationError(m.Question+"."+o.Code, "missing", OptionArg(o), TextsArg(q.Wording))
		}
	}
	total := m.Total()
	switch {
	case len(m.Joined()) < 2:
		return populationError(m.Question, "one-group", TextsArg(q.Wording))
	case !(total > 0):
		return populationError(m.Question, "empty", TextsArg(q.Wording))
	case m.Percent && math.Abs(total-100) > percentRounding:
		return populationError(m.Question, "hundred", TextsArg(q.Wording), NumberArg(math.Round(total*10)/10))
	case TextFault(m.Source, MaxSourceText) != "":
		return populationError(m.Question+".source", "text", NumberArg(MaxSourceText))
	}
	return nil
}

// checkTotals refuses margins that count different numbers of people: one of them is of
// another population.
func (p Population) checkTotals(f Form) error {
	first := -1
	for i, m := range p.Margins {
		switch {
		case m.Percent:
		case first < 0:
			first = i
		case math.Abs(m.Total()-p.Margins[first].Total()) > 1e-9*m.Total():
			a, _ := f.Question(p.Margins[first].Question)
			b, _ := f.Question(m.Question)
			return populationError(m.Question, "totals", TextsArg(a.Wording), NumberArg(p.Margins[first].Total()), TextsArg(b.Wording), NumberArg(m.Total()))
		}
	}
	return nil
}

// People is how many the population has; 0 where only percentages are known.
func (p Population) People() float64 {
	for _, m := range p.Margins {
		if !m.Percent {
			return m.Total()
		}
	}
	return 0
}
