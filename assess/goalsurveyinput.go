package assess

import (
	"context"
	"fmt"
	"slices"
	"strconv"
	"strings"

	"goalpost"
	"goalpost/store"
)

// GoalSurveyInput is where a goal's KPI is asked, as a person enters it. Empty fields keep
// what was there.
type GoalSurveyInput struct {
	Survey    string // id or address of a survey
	Study     string // or the code of a study, for all its surveys
	Question  string // code
	Statistic string
	Options   []string
	Exposed   string // channel:CODE or QUESTION:OPTION
	Control   string
}

// IsEmpty reports whether nothing was entered.
func (in GoalSurveyInput) IsEmpty() bool {
	return in.Survey == "" && in.Study == "" && in.Question == "" && in.Statistic == "" && len(in.Options) == 0 && in.Exposed == "" && in.Control == ""
}

// AskedSource is a survey, or all surveys of a study, that could ask a goal's KPI.
type AskedSource struct {
	Survey goalpost.SurveyID
	Study  string
	Title  goalpost.Text
	Form   goalpost.Form // of a study its newest survey's
	Groups []goalpost.RespondentGroup
}

// AskedSources lists the surveys that could ask a goal's KPI, the newest first, then the
// studies.
func AskedSources(ctx context.Context, db *store.DB, org goalpost.OrgID) ([]AskedSource, error) {
	surveys, err := db.Surveys(ctx, org)
	if err != nil {
		return nil, fmt.Errorf("goal survey: %w", err)
	}
	slices.SortFunc(surveys, func(a, b goalpost.Survey) int { return int(b.ID - a.ID) })
	var list, studies []AskedSource
	for _, s := range surveys {
		source := AskedSource{Survey: s.ID, Title: s.Form.Title, Form: s.Form, Groups: groupsOf(s)}
		list = append(list, source)
		code := s.Settings.Study
		if code != "" && !slices.ContainsFunc(studies, func(x AskedSource) bool { return x.Study == code }) {
			source.Survey, source.Study = 0, code
			studies = append(studies, source)
		}
	}
	return append(list, studies...), nil
}

// groupsOf are the parts of the respondents that a survey can tell apart.
func groupsOf(s goalpost.Survey) []goalpost.RespondentGroup {
	var out []goalpost.RespondentGroup
	for _, c := range s.Settings.Channels {
		out = append(out, goalpost.RespondentGroup{Channel: c.Code})
	}
	for _, q := range s.Form.Questions {
		if q.Type != goalpost.SingleChoice && q.Type != goalpost.MultipleChoice {
			continue
		}
		for _, o := range q.CountingOptions() {
			out = append(out, goalpost.RespondentGroup{Question: q.Code, Option: o.Code})
		}
	}
	return out
}

// GroupCode writes a group as it is entered.
func GroupCode(g *goalpost.RespondentGroup) string {
	switch {
	case g == nil:
		return ""
	case g.Channel != "":
		return channelGroup + g.Channel
	}
	return g.Question + ":" + g.Option
}

// channelGroup begins a group of those who came by a channel; no question has such a code.
const channelGroup = "channel:"

// CanAsk reports whether any survey has a question that can show a KPI.
func CanAsk(k goalpost.KPI, sources []AskedSource) bool {
	return slices.ContainsFunc(sources, func(s AskedSource) bool { return len(s.Suited(k)) > 0 })
}

// Suited are the questions that can show a KPI.
func (s AskedSource) Suited(k goalpost.KPI) []goalpost.SurveyQuestion {
	var out []goalpost.SurveyQuestion
	for _, q := range s.Form.Questions {
		if _, ok := k.SurveyStatistic(q, ""); ok {
			out = append(out, q)
		}
	}
	return out
}

// askError names a field of the goal's survey that does not fit.
func askError(key, field string, args ...goalpost.Arg) error {
	return &goalpost.Error{Kind: goalpost.Invalid, Key: "error.goalsurvey." + key, Field: field, Flag: "--" + field, Args: args}
}

// fillSurvey puts into a version where its KPI is asked. A KPI that no survey shows has none.
func fillSurvey(ctx context.Context, db *store.DB, org goalpost.OrgID, v *goalpost.GoalVersion, in GoalSurveyInput) error {
	k, _ := goalpost.KPIByCode(v.KPI)
	if !k.FromSurvey {
		v.Survey = nil
		return nil
	}
	if in.IsEmpty() {
		if v.Survey != nil && !slices.Contains(k.SurveyStatistics(), v.Survey.Statistic) { // another KPI: it asked something else
			v.Survey = nil
		}
		return nil
	}
	g := goalpost.GoalSurvey{}
	if v.Survey != nil && in.Survey == "" && in.Study == "" {
		g.Survey, g.Study, g.Question, g.Options = v.Survey.Survey, v.Survey.Study, v.Survey.Question, v.Survey.Options
		g.Exposed, g.Control = v.Survey.Exposed, v.Survey.Control
	}
	source, err := sourceOf(ctx, db, org, g, in)
	if err != nil {
		return err
	}
	g.Survey, g.Study = source.Survey, source.Study
	if slices.Contains(k.SurveyStatistics(), goalpost.StatisticUnderstanding) {
		v.Survey = &goalpost.GoalSurvey{Survey: g.Survey, Study: g.Study, Statistic: goalpost.StatisticUnderstanding}
		return nil
	}
	if in.Question != "" && in.Question != g.Question {
		g.Question, g.Options = in.Question, nil
	}
	if err := fillQuestion(&g, k, source, in); err != nil {
		return err
	}
	v.Survey = &g
	return nil
}

// sourceOf finds the survey or study that is meant.
func sourceOf(ctx context.Context, db *store.DB, org goalpost.OrgID, g goalpost.GoalSurvey, in GoalSurveyInput) (AskedSource, error) {
	sources, err := AskedSources(ctx, db, org)
	if err != nil {
		return AskedSource{}, err
	}
	if in.Survey == "" && in.Study == "" && g.Survey == 0 && g.Study == "" {
		return AskedSource{}, askError("survey-missing", "survey")
	}
	if in.Survey != "" && in.Study != "" {
		return AskedSource{}, askError("one-of", "survey")
	}
	var wanted goalpost.SurveyID
	if in.Survey != "" {
		if n, err := strconv.ParseInt(in.Survey, 10, 64); err == nil {
			wanted = goalpost.SurveyID(n)
		} else if owner, id, err := db.SurveyBySlug(ctx, in.Survey); err == nil && owner == org {
			wanted = id
		}
	}
	for _, s := range sources {
		switch {
		case in.Survey != "" && s.Survey == wanted && wanted != 0,
			in.Study != "" && s.Study == in.Study,
			in.Survey == "" && in.Study == "" && s.Survey == g.Survey && s.Study == g.Study:
			return s, nil
		}
	}
	if in.Study != "" || g.Study != "" {
		return AskedSource{}, askError("study", "study", goalpost.TextArg(in.Study+g.Study))
	}
	return AskedSource{}, askError("survey", "survey", goalpost.TextArg(in.Survey))
}

// fillQuestion puts in what is taken of the answers, and refuses what does not show the KPI.
func fillQuestion(g *goalpost.GoalSurvey, k goalpost.KPI, source AskedSource, in GoalSurveyInput) error {
	word := goalpost.WordArg("kpi." + k.Code)
	if g.Question == "" {
		return askError("question-missing", "question", word)
	}
	q, ok := source.Form.Question(g.Question)
	if !ok {
		return askError("question", "question", goalpost.TextArg(g.Question), goalpost.TextArg(suitedCodes(source.Suited(k))))
	}
	g.Trend = q.Version
	if g.Statistic, ok = k.SurveyStatistic(q, goalpost.SurveyStatistic(in.Statistic)); !ok {
		if _, any := k.SurveyStatistic(q, ""); any {
			return askError("statistic", "statistic", word)
		}
		return askError("unsuited."+unsuited(k), "question", word)
	}
	if len(in.Options) > 0 {
		g.Options = in.Options
	}
	if q.Type == goalpost.ScaleQuestion || q.Type == goalpost.NPSQuestion {
		g.Options = nil
	}
	if byOptions := q.Type == goalpost.SingleChoice || q.Type == goalpost.MultipleChoice; byOptions {
		counting := q.CountingOptions()
		for _, o := range g.Options {
			if !slices.ContainsFunc(counting, func(i goalpost.Item) bool { return i.Code == o }) {
				return askError("option", "option", goalpost.TextArg(o), goalpost.TextArg(optionCodes(counting)))
			}
		}
		if len(g.Options) == 0 || len(g.Options) == len(counting) && q.Type == goalpost.SingleChoice {
			return askError("option-missing", "option", goalpost.TextArg(optionCodes(counting)))
		}
	}
	if g.Statistic != goalpost.StatisticLift {
		g.Exposed, g.Control = nil, nil
		return nil
	}
	return fillGroups(g, source, in)
}

// fillGroups puts in who was exposed and who was not.
func fillGroups(g *goalpost.GoalSurvey, source AskedSource, in GoalSurveyInput) error {
	for _, f := range []struct {
		text, field string
		to          **goalpost.RespondentGroup
	}{{in.Exposed, "exposed", &g.Exposed}, {in.Control, "control", &g.Control}} {
		if f.text != "" {
			i := slices.IndexFunc(source.Groups, func(x goalpost.RespondentGroup) bool { return GroupCode(&x) == f.text })
			if i < 0 {
				return askError("group", f.field, goalpost.TextArg(f.text))
			}
			*f.to = &source.Groups[i]
		}
		if *f.to == nil {
			return askError(f.field+"-missing", f.field)
		}
	}
	if *g.Exposed == *g.Control {
		return askError("same-group", "control")
	}
	return nil
}

func suitedCodes(list []goalpost.SurveyQuestion) string {
	var codes []string
	for _, q := range list {
		codes = append(codes, q.Code)
	}
	return strings.Join(codes, ", ")
}

func optionCodes(list []goalpost.Item) string {
	var codes []string
	for _, o := range list {
		codes = append(codes, o.Code)
	}
	return strings.Join(codes, ", ")
}

// unsuited names what kind of question a KPI takes.
func unsuited(k goalpost.KPI) string {
	switch k.SurveyStatistics()[0] {
	case goalpost.StatisticNPS:
		return "nps"
	case goalpost.StatisticTopTwo:
		if k.Code == "csat" {
			return "csat"
		}
		return "scale"
	default:
		return "options"
	}
}

// baselineOf takes as baseline what the last wave before the period found.
func baselineOf(ctx context.Context, db *store.DB, org goalpost.Organisation, v *goalpost.GoalVersion) error {
	f, err := surveyFactsOf(ctx, db, org, *v, v.Period.Start)
	if err != nil {
		return err
	}
	if f.earlier < 0 {
		return &goalpost.Error{Kind: goalpost.Ask, Key: "error.goalsurvey.baseline", Field: "baseline", Flag: "--baseline", Args: []goalpost.Arg{goalpost.DayArg(v.Period.Start)}}
	}
	x := f.waves[f.earlier].Reading.Estimate.Value
	v.Baseline = &x
	return nil
}
