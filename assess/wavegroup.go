package assess

import (
	"regexp"
	"slices"
	"strings"

	"goalpost"
)

// optionHeader takes the header of a column that stands for one option apart:
// "Goals [Sales]", "Goals (Sales)", "Goals - Sales", "Goals: Sales", "goal_sales".
var optionHeader = []*regexp.Regexp{
	regexp.MustCompile(`^(.+?)\s*\[(.+)\]$`),
	regexp.MustCompile(`^(.+?)\s*\(([^()]+)\)$`),
	regexp.MustCompile(`^(.+?)\s*(?: [-–/] |:)\s*(.+)$`),
	regexp.MustCompile(`^(.+?)[_.]([^_.]+)$`),
}

func splitHeader(header string) (stem, option string, ok bool) {
	for _, r := range optionHeader {
		if m := r.FindStringSubmatch(header); m != nil {
			return strings.TrimSpace(m[1]), strings.TrimSpace(m[2]), true
		}
	}
	return "", "", false
}

// group finds columns that are ticked or not and share the beginning of their header:
// together they are one question.
func (s *waveScan) group(language string) {
	stems := map[string][]int{}
	for i := range s.p.Choices {
		c := s.p.Choices[i]
		ticks := s.seen[i].yesNo() && s.seen[i].filled > 0
		label := len(s.seen[i].cells) == 1 && !s.seen[i].many
		stem, _, ok := splitHeader(c.Header)
		if !ok || c.Use == UseWeight || c.Why == "person" || c.Why == "time" || (!ticks && !label && c.Why != "empty") {
			continue
		}
		stems[fold(stem)] = append(stems[fold(stem)], i)
	}
	for _, list := range stems {
		if len(list) < 2 || !s.anyFilled(list) {
			continue
		}
		for _, i := range list {
			c := &s.p.Choices[i]
			stem, option, _ := splitHeader(c.Header)
			if v := s.p.Columns[i].Values; len(v) == 1 && yesNo[fold(v[0].Text)] == "" {
				option = v[0].Text // the cell repeats the option
			}
			c.Use, c.Why, c.Options = UseOption, "", ""
			c.Question, c.Option = CodeOf(stem), CodeOf(option)
			c.WordingEN, c.WordingDE, c.LabelEN, c.LabelDE = "", "", "", ""
			set(&c.WordingEN, &c.WordingDE, language, stem)
			if _, known := goalpost.GoalKindByCode(c.Option); !known || fold(option) != c.Option {
				set(&c.LabelEN, &c.LabelDE, language, option)
			}
		}
	}
}

func (s *waveScan) anyFilled(list []int) bool {
	return slices.ContainsFunc(list, func(i int) bool { return s.seen[i].filled > 0 })
}

// versionsOf returns the versions of a question of a study, the newest first, that a
// column may stand for: by its code, or by its wording.
func versionsOf(s goalpost.Study, c ColumnChoice) []goalpost.Question {
	var list []goalpost.Question
	for _, q := range s.Questions {
		wording := slices.ContainsFunc([]string{q.Wording["en"], q.Wording["de"]}, func(w string) bool {
			return w != "" && (fold(w) == fold(c.WordingEN) || fold(w) == fold(c.WordingDE) || fold(w) == fold(c.Header))
		})
		// "goal_sales" is an option of the question "goals".
		if q.Code == c.Question || wording || (c.Use == UseOption && q.Code == c.Question+"s") {
			list = append(list, q)
		}
	}
	slices.SortFunc(list, func(a, b goalpost.Question) int { return b.Version - a.Version })
	return list
}

// findAgain takes a column for a question of the study, if its answers are among the
// options of one of its versions; with other answers it is a new version.
func findAgain(c *ColumnChoice, known goalpost.Study, language string) {
	if c.Use != UseSingle && c.Use != UseMultiple && c.Use != UseScale {
		return
	}
	versions := versionsOf(known, *c)
	if len(versions) == 0 {
		return
	}
	items, values := readValues(c.Options)
	for _, q := range versions {
		if rest, spelled := unknownOptions(q, items, values); len(rest) == 0 && string(q.Type) == c.Use {
			c.take(q, q.Version)
			c.Options = writeValues(q.Options, spelled)
			return
		}
	}
	newest := versions[0]
	rest, spelled := unknownOptions(newest, items, values)
	if string(newest.Type) != c.Use {
		rest, newest.Options, spelled = items, nil, values
	}
	c.take(newest, newest.Version+1)
	for _, o := range rest {
		if vs := values[o.Code]; len(vs) > 0 {
			spelled[o.Code] = vs
		}
	}
	c.Options = writeValues(append(slices.Clone(newest.Options), rest...), spelled)
}

// take fills in what is known of a question.
func (c *ColumnChoice) take(q goalpost.Question, version int) {
	c.Question, c.Version, c.Profile = q.Code, version, q.Profile
	c.WordingEN, c.WordingDE = q.Wording["en"], q.Wording["de"]
}

// unknownOptions returns the options that a question has not, and how the cells spell
// those that it has.
func unknownOptions(q goalpost.Question, items []goalpost.Item, values map[string][]string) (rest []goalpost.Item, spelled map[string][]string) {
	spelled = map[string][]string{}
	m := MappedQuestion{Question: q}
	for _, o := range items {
		texts := append([]string{o.Code, o.Label["en"], o.Label["de"]}, values[o.Code]...)
		code, found := "", false
		for _, t := range texts {
			if t == "" {
				continue
			}
			if code, found = m.optionOf(t); found {
				break
			}
		}
		if !found {
			rest = append(rest, o)
			continue
		}
		for _, t := range append([]string{o.Label["en"], o.Label["de"]}, values[o.Code]...) {
			if _, direct := m.optionOf(t); t != "" && !direct {
				spelled[code] = append(spelled[code], t)
			}
		}
	}
	return rest, spelled
}

// findGroupsAgain does the same for questions that stand in one column an option.
func findGroupsAgain(list []ColumnChoice, known goalpost.Study) {
	groups := map[string][]int{}
	var order []string
	for i, c := range list {
		if c.Use == UseOption {
			if groups[c.Question] == nil {
				order = append(order, c.Question)
			}
			groups[c.Question] = append(groups[c.Question], i)
		}
	}
	for _, name := range order {
		at := groups[name]
		versions := versionsOf(known, list[at[0]])
		if len(versions) == 0 {
			continue
		}
		q, version := versions[0], versions[0].Version+1
		for _, v := range versions {
			if sameColumns(v, list, at) {
				q, version = v, v.Version
				break
			}
		}
		for _, i := range at {
			c := &list[i]
			if o, ok := optionLike(q, *c); ok {
				c.Option, c.LabelEN, c.LabelDE = o.Code, o.Label["en"], o.Label["de"]
			}
			c.take(q, version)
		}
	}
}

// optionLike finds the option that a column stands for.
func optionLike(q goalpost.Question, c ColumnChoice) (goalpost.Item, bool) {
	m := MappedQuestion{Question: q}
	for _, t := range []string{c.Option, c.LabelEN, c.LabelDE} {
		if code, ok := m.optionOf(t); ok && t != "" {
			return q.Option(code)
		}
	}
	return goalpost.Item{}, false
}

// sameColumns reports whether the columns are exactly the options of a question.
func sameColumns(q goalpost.Question, list []ColumnChoice, at []int) bool {
	if q.Type != goalpost.MultipleChoice || len(q.Options) != len(at) {
		return false
	}
	found := map[string]bool{}
	for _, i := range at {
		if o, ok := optionLike(q, list[i]); ok {
			found[o.Code] = true
		}
	}
	return len(found) == len(at)
}
