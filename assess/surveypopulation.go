package assess

import (
	"context"
	"fmt"
	"math"
	"reflect"
	"slices"
	"strconv"
	"strings"
	"time"

	"goalpost"
	"goalpost/ingest"
	"goalpost/store"
)

// PopulationView is the population of a survey beside those who answered.
type PopulationView struct {
	Survey   *AskedSurvey
	Now      goalpost.Population   // version 0 without one
	Versions []goalpost.Population // newest first
	N        int                   // complete answers
	Weighted Weighted
	Margins  []goalpost.WeightedMargin // also where no weights fit; Weighted is 0 then
	Offers   []MergeOffer
	Sources  []PopulationSource
	Sets     []goalpost.WeightSet // that figures cite, newest first
}

// MergeOffer is a group that had better be joined with another.
type MergeOffer struct {
	Question goalpost.SurveyQuestion
	Group    []string   // its options
	Into     [][]string // the other groups, the nearest first
}

// PopulationSource is another survey that asks some of the same questions with the same
// options.
type PopulationSource struct {
	Survey   goalpost.Survey
	Wave     bool // a wave of the same study
	Version  int  // of its population; 0: it has none of these groups
	Complete int  // answers to take shares from
}

// PopulationInput is what somebody enters. Version is the one that was read: another one in
// between is a Conflict.
type PopulationInput struct {
	Margins   []goalpost.PopulationMargin
	Cap       float64
	CapReason string
	Version   int
	By        string
	Now       time.Time
}

// CompleteSample reads the complete answers of a survey.
func (a *AskedSurvey) CompleteSample(ctx context.Context, db *store.DB) (*SurveySample, error) {
	var all []goalpost.Answer
	for change := int64(0); ; {
		list, err := db.AnswersSince(ctx, a.Org, a.Survey.ID, change, tallyBatch)
		if err != nil {
			return nil, fmt.Errorf("assess survey %d: %w", a.Survey.ID, err)
		}
		for _, x := range list {
			change = x.Change
			if x.State == goalpost.AnswerComplete {
				all = append(all, x)
			}
		}
		if len(list) < tallyBatch {
			return a.Sample(all)
		}
	}
}

// ViewPopulation reads what is known of a survey's population, and holds it beside the
// answers.
func ViewPopulation(ctx context.Context, db *store.DB, org goalpost.OrgID, id goalpost.SurveyID) (v PopulationView, err error) {
	if v.Survey, err = AskedByTeam(ctx, db, org, id); err != nil {
		return v, err
	}
	if v.Versions, err = db.Populations(ctx, org, id); err != nil {
		return v, fmt.Errorf("assess survey %d: %w", id, err)
	}
	if len(v.Versions) > 0 {
		v.Now = v.Versions[0]
	}
	if v.Sets, err = db.WeightSets(ctx, org, id); err != nil {
		return v, fmt.Errorf("assess survey %d: %w", id, err)
	}
	sample, err := v.Survey.CompleteSample(ctx, db)
	if err != nil {
		return v, err
	}
	v.N = sample.N()
	if v.Weighted, err = sample.WeighTo(v.Now); err != nil {
		return v, err
	}
	if v.Weighted.Set != nil {
		v.Margins = v.Weighted.Set.Margins
	} else if margins, problem := sample.margins(v.Now); problem == nil {
		for _, m := range margins {
			v.Margins = append(v.Margins, m.beside(nil))
		}
	}
	v.Offers = v.offers()
	v.Sources, err = populationSources(ctx, db, org, v.Survey.Survey)
	return v, err
}

// offers are groups of which nobody or few answered: joined with a neighbour they no longer
// keep the weights from fitting.
func (v PopulationView) offers() (list []MergeOffer) {
	for _, m := range v.Margins {
		q, _ := v.Survey.Survey.Form.Question(m.Question)
		for i, g := range m.Groups {
			few := g.Population > 0 && (g.N < smallest || g.Factor() > steep) || g.Population == 0 && g.N > 0
			if v.N == 0 || !few || len(m.Groups) < 3 {
				continue
			}
			o := MergeOffer{Question: q, Group: g.Options}
			near := i + 1
			if near == len(m.Groups) {
				near = i - 1
			}
			o.Into = append(o.Into, m.Groups[near].Options)
			for j, other := range m.Groups {
				if j != i && j != near {
					o.Into = append(o.Into, other.Options)
				}
			}
			list = append(list, o)
		}
	}
	return list
}

// SetPopulation keeps what is known of a population as a new version; what is the same
// makes none.
func SetPopulation(ctx context.Context, db *store.DB, org goalpost.OrgID, id goalpost.SurveyID, in PopulationInput) (goalpost.Population, error) {
	s, err := db.Survey(ctx, org, id)
	if err != nil {
		return goalpost.Population{}, err
	}
	versions, err := db.Populations(ctx, org, id)
	if err != nil {
		return goalpost.Population{}, fmt.Errorf("assess population of survey %d: %w", id, err)
	}
	var newest goalpost.Population
	if len(versions) > 0 {
		newest = versions[0]
	}
	p := goalpost.Population{Version: newest.Version + 1, MadeAt: in.Now.UTC().Truncate(time.Microsecond), MadeBy: in.By, Margins: slices.Clone(in.Margins), Cap: in.Cap, CapReason: strings.TrimSpace(in.CapReason)}
	for i := range p.Margins {
		m := &p.Margins[i]
		m.Source = strings.TrimSpace(m.Source)
		if q, ok := s.Form.Question(m.Question); ok {
			m.QuestionVersion = q.Version
		}
	}
	if err := p.Check(s.Form); err != nil {
		return p, err
	}
	if in.Version != newest.Version {
		return p, goalpost.Errorf(goalpost.Conflict, "error.population.changed")
	}
	same := p
	same.Version, same.MadeAt, same.MadeBy = newest.Version, newest.MadeAt, newest.MadeBy
	if reflect.DeepEqual(same, newest) || newest.Version == 0 && p.IsEmpty() && p.Cap == 0 {
		return newest, nil
	}
	if err := db.AddPopulation(ctx, org, id, p); err != nil {
		return p, fmt.Errorf("assess population of survey %d: %w", id, err)
	}
	return p, nil
}

// changing is the newest population as an input, to change something of it.
func changing(p goalpost.Population, by string, now time.Time) PopulationInput {
	in := PopulationInput{Cap: p.Cap, CapReason: p.CapReason, Version: p.Version, By: by, Now: now}
	for _, m := range p.Margins {
		m.Groups = slices.Clone(m.Groups)
		in.Margins = append(in.Margins, m)
	}
	return in
}

// newestPopulation is that of a survey; its version is 0 without one.
func newestPopulation(ctx context.Context, db *store.DB, org goalpost.OrgID, id goalpost.SurveyID) (p goalpost.Population, err error) {
	list, err := db.Populations(ctx, org, id)
	if err != nil {
		return p, fmt.Errorf("assess population of survey %d: %w", id, err)
	}
	if len(list) > 0 {
		p = list[0]
	}
	return p, nil
}

// MergeGroups joins a group, named by its first option, with another.
func MergeGroups(ctx context.Context, db *store.DB, org goalpost.OrgID, id goalpost.SurveyID, question, option, with string, by string, now time.Time) error {
	p, err := newestPopulation(ctx, db, org, id)
	if err != nil {
		return err
	}
	in := changing(p, by, now)
	for i, m := range in.Margins {
		if m.Question != question {
			continue
		}
		for j := range m.Groups {
			g := &in.Margins[i].Groups[j]
			if g.Option == option || g.With == option {
				g.With = with
			}
		}
	}
	_, err = SetPopulation(ctx, db, org, id, in)
	return err
}

// replace puts margins in the place of those of the same questions, and adds the others.
func (in *PopulationInput) replace(margins []goalpost.PopulationMargin) {
	for _, m := range margins {
		i := slices.IndexFunc(in.Margins, func(x goalpost.PopulationMargin) bool { return x.Question == m.Question })
		if i < 0 {
			in.Margins = append(in.Margins, m)
		} else {
			in.Margins[i] = m
		}
	}
}

// ImportPopulation takes margins from a table with the columns question, option and size;
// those of other questions stay. Questions and options are named by their code or by their
// words. Every error names line and column.
func ImportPopulation(ctx context.Context, db *store.DB, org goalpost.OrgID, id goalpost.SurveyID, text, source, by string, now time.Time) error {
	s, err := db.Survey(ctx, org, id)
	if err != nil {
		return err
	}
	rows, err := ingest.Population(ctx, ingest.Source{R: strings.NewReader(text), Size: int64(len(text))})
	if err != nil {
		return err
	}
	margins, err := marginsOfRows(s.Form, rows, source)
	if err != nil {
		return err
	}
	p, err := newestPopulation(ctx, db, org, id)
	if err != nil {
		return err
	}
	in := changing(p, by, now)
	in.replace(margins)
	_, err = SetPopulation(ctx, db, org, id, in)
	return err
}

func marginsOfRows(f goalpost.Form, rows []ingest.PopulationRow, source string) ([]goalpost.PopulationMargin, error) {
	var list []goalpost.PopulationMargin
	for _, r := range rows {
		fault := &goalpost.Error{Kind: goalpost.Invalid, Line: r.Line}
		i := slices.IndexFunc(f.Questions, func(q goalpost.SurveyQuestion) bool { return called(r.Question, q.Code, q.Wording) })
		if i < 0 {
			fault.Key, fault.Field, fault.Args = "error.population-file.no-question", "question", []goalpost.Arg{goalpost.TextArg(r.Question)}
			return nil, fault
		}
		q := f.Questions[i]
		options := q.MarginOptions()
		if len(options) == 0 {
			fault.Key, fault.Field, fault.Args = "error.population.kind", "question", []goalpost.Arg{goalpost.TextsArg(q.Wording)}
			return nil, fault
		}
		o := slices.IndexFunc(options, func(o goalpost.Item) bool { return called(r.Option, o.Code, o.Label) })
		if o < 0 {
			fault.Key, fault.Field, fault.Args = "error.population-file.no-option", "option", []goalpost.Arg{goalpost.TextArg(r.Option), goalpost.TextsArg(q.Wording)}
			return nil, fault
		}
		m := slices.IndexFunc(list, func(m goalpost.PopulationMargin) bool { return m.Question == q.Code })
		if m < 0 {
			m = len(list)
			list = append(list, goalpost.PopulationMargin{Question: q.Code, Percent: r.Percent, Source: source})
		}
		switch _, twice := list[m].Group(options[o].Code); {
		case twice:
			fault.Key, fault.Field, fault.Args = "error.population.option-twice", "option", []goalpost.Arg{goalpost.OptionArg(options[o]), goalpost.TextsArg(q.Wording)}
			return nil, fault
		case list[m].Percent != r.Percent:
			fault.Key, fault.Field, fault.Args = "error.population-file.mixed", "size", []goalpost.Arg{goalpost.TextsArg(q.Wording)}
			return nil, fault
		}
		list[m].Groups = append(list[m].Groups, goalpost.PopulationGroup{Option: options[o].Code, Size: r.Size})
	}
	for i, m := range list {
		q, _ := f.Question(m.Question)
		list[i].Groups = inOrder(q, m.Groups)
	}
	return list, nil
}

// inOrder puts groups in the order of the form.
func inOrder(q goalpost.SurveyQuestion, groups []goalpost.PopulationGroup) []goalpost.PopulationGroup {
	at := func(g goalpost.PopulationGroup) int {
		return slices.IndexFunc(q.Options, func(o goalpost.Item) bool { return o.Code == g.Option })
	}
	slices.SortStableFunc(groups, func(x, y goalpost.PopulationGroup) int { return at(x) - at(y) })
	return groups
}

// called reports whether a name in a file means something with a code and words.
func called(name, code string, words goalpost.Text) bool {
	plain := func(s string) string { return strings.ToLower(strings.Join(strings.Fields(s), " ")) }
	if plain(name) == plain(code) {
		return true
	}
	for _, w := range words {
		if plain(name) == plain(w) {
			return true
		}
	}
	return false
}

// ParseSize reads a size that somebody typed, without thousands separators.
func ParseSize(text string) (float64, bool) {
	text = strings.TrimSpace(strings.TrimSuffix(strings.TrimSpace(text), "%"))
	v, err := strconv.ParseFloat(strings.Replace(text, ",", ".", 1), 64)
	return v, err == nil && v >= 0 && !math.IsInf(v, 0)
}

// Notes are what is to be said of the weights, the gravest first.
func (v PopulationView) Notes() (list []goalpost.Note) {
	if v.Weighted.Set == nil {
		return nil
	}
	set := *v.Weighted.Set
	add := func(key string, args ...goalpost.Arg) {
		list = append(list, goalpost.NewNote("surveyweight."+key, args...))
	}
	for _, m := range set.Margins {
		q, _ := v.Survey.Survey.Form.Question(m.Question)
		for _, g := range m.Groups {
			name, n := goalpost.TextsArg(GroupName(q, g.Options)), goalpost.NumberArg(float64(g.N))
			switch {
			case g.N == 0 || g.Population == 0:
			case g.N < smallest:
				add("carried", n, tenths(g.Population), name, goalpost.TextsArg(q.Wording))
			case g.Factor() > steep:
				add("steep", name, goalpost.TextsArg(q.Wording), goalpost.NumberArg(math.Round(g.Factor()*10)/10))
			}
		}
	}
	if n := set.Diagnosis.AtCap; n > 0 {
		add("at-cap", goalpost.NumberArg(float64(n)), goalpost.NumberArg(set.Rules.Cap))
	}
	for _, m := range set.Margins {
		if u := m.Unknown; u.N > 0 {
			q, _ := v.Survey.Survey.Form.Question(m.Question)
			add("unknown", goalpost.NumberArg(float64(u.N)), goalpost.TextsArg(q.Wording), tenths(u.Weighted))
		}
	}
	return list
}
