package assess

import (
	"cmp"
	"math"
	"slices"

	"goalpost"
	"goalpost/infer"
)

// SurveyResults are the figures of a survey.
type SurveyResults struct {
	States   map[goalpost.AnswerState]int
	Started  int      // all that are kept, but for erased ones
	Complete int      // those that the figures count
	Finished *float64 // share of the started that sent the last page; nil without any
	Flagged  int      // complete answers with a flag
	Flags    []FlagCount
	Seconds  *Quartiles // of complete answers
	Channels []AnswerGroup
	Language []AnswerGroup
	Device   []AnswerGroup
	Forms    []FormReach // newest first
	// Questions are those of the newest form, then those of earlier forms that ask something
	// else, of which there are answers.
	Questions []QuestionFigures
}

// Quartiles are the middle and the quarters of numbers.
type Quartiles struct {
	N                    int
	Lower, Median, Upper float64
}

// AnswerGroup is how many answers came from somewhere.
type AnswerGroup struct {
	Code, Campaign    string
	Started, Complete int
}

// FormReach is how far respondents came in one version of the form.
type FormReach struct {
	Version           int
	Started, Complete int
	Before            int // did not finish and have not answered anything
	Questions         []QuestionReach
}

// QuestionReach is how many were asked a question, answered it, and came no further.
type QuestionReach struct {
	Question              goalpost.SurveyQuestion
	Asked, Answered, Last int
}

// QuestionFigures are the counts of one question, of all complete answers and of those
// without a flag.
type QuestionFigures struct {
	Question  goalpost.SurveyQuestion
	Earlier   bool // it is not asked so any more
	All       ReplyCounts
	Unflagged ReplyCounts
}

// ReplyCounts are the counts of the replies to one question.
type ReplyCounts struct {
	Gave    int // replies
	Base    int // those that say something: without "don't know" and replies that cannot be right
	Invalid int
	Options []OptionCount // in the order of the form
	Grades  []GradeCount  // of a scale and NPS, each of them
	NPS     *NPSCounts
	Numbers *Quartiles
	Texts   int
}

// OptionCount is how many chose an option.
type OptionCount struct {
	Option goalpost.Item
	Count  int
	First  int             // in a ranking: how many put it first
	Share  *infer.Estimate // of the base; nil where that is small, and for options that stand beside it
}

// GradeCount is how many gave a grade.
type GradeCount struct {
	Grade int
	Count int
	Share *infer.Estimate
}

// NPSCounts are the three groups of a Net Promoter Score.
type NPSCounts struct {
	Detractors, Passives, Promoters int
}

// Results returns the figures of what was read.
func (t *SurveyTally) Results(a *AskedSurvey) SurveyResults {
	t.mu.Lock()
	defer t.mu.Unlock()
	r := SurveyResults{States: map[goalpost.AnswerState]int{}}
	forms := map[int]*FormReach{}
	seconds := map[float64]int{}
	for k, id := range t.ids {
		n := t.all[id]
		if n == 0 {
			continue
		}
		switch k.kind {
		case tallyState:
			r.States[goalpost.AnswerState(k.option)] = n
		case tallyFlag:
			r.Flags = append(r.Flags, FlagCount{k.option, n})
		case tallyChannel:
			r.Channels = append(r.Channels, t.group(k, n, k.question, k.option))
		case tallyLanguage:
			r.Language = append(r.Language, t.group(k, n, k.option, ""))
		case tallyDevice:
			r.Device = append(r.Device, t.group(k, n, k.option, ""))
		case tallySeconds:
			seconds[k.number] += n
		case tallyForm:
			forms[k.version] = t.reach(a, k.version, n)
		default: // read where it is shown
		}
	}
	r.Complete = r.States[goalpost.AnswerComplete]
	finished := 0
	for state, n := range r.States {
		if state == goalpost.AnswerErased {
			continue
		}
		r.Started += n
		if state.Finished() {
			finished += n
		}
	}
	if r.Started > 0 {
		share := float64(finished) / float64(r.Started)
		r.Finished = &share
	}
	r.Flagged = r.Complete - t.of(t.clean, tallyKey{kind: tallyState, option: string(goalpost.AnswerComplete)})
	r.Seconds = quartiles(seconds)
	slices.SortFunc(r.Flags, func(x, y FlagCount) int { return cmp.Or(y.Number-x.Number, cmp.Compare(x.Flag, y.Flag)) })
	for _, g := range []*[]AnswerGroup{&r.Channels, &r.Language, &r.Device} {
		slices.SortFunc(*g, func(x, y AnswerGroup) int {
			return cmp.Or(y.Started-x.Started, cmp.Compare(x.Code, y.Code), cmp.Compare(x.Campaign, y.Campaign))
		})
	}
	for _, f := range forms {
		r.Forms = append(r.Forms, *f)
	}
	slices.SortFunc(r.Forms, func(x, y FormReach) int { return y.Version - x.Version })
	r.Questions = t.questions(a)
	return r
}

// of is how many complete or other answers a key counts.
func (t *SurveyTally) of(counts []int, k tallyKey) int {
	id, known := t.ids[k]
	if !known {
		return 0
	}
	return counts[id]
}

func (t *SurveyTally) group(k tallyKey, n int, code, campaign string) AnswerGroup {
	k.kind++ // the complete ones
	return AnswerGroup{Code: code, Campaign: campaign, Started: n, Complete: t.of(t.all, k)}
}

func (t *SurveyTally) reach(a *AskedSurvey, version, n int) *FormReach {
	form, _ := a.Form(version)
	f := &FormReach{Version: version, Started: n, Complete: t.of(t.all, tallyKey{kind: tallyFormC, version: version}), Before: t.of(t.all, tallyKey{kind: tallyLast, version: version})}
	for _, q := range form.Questions {
		at := func(kind tallyKind) int { return t.of(t.all, tallyKey{kind: kind, version: version, question: q.Code}) }
		f.Questions = append(f.Questions, QuestionReach{Question: q, Asked: at(tallyAsked), Answered: at(tallyAnswered), Last: at(tallyLast)})
	}
	return f
}

// questions lists every question once in each version of its trend.
func (t *SurveyTally) questions(a *AskedSurvey) []QuestionFigures {
	type trend struct {
		code    string
		version int
	}
	values := map[trend]map[float64]int32{}
	for k, id := range t.ids {
		if k.kind == tallyNumber {
			of := trend{k.question, k.version}
			if values[of] == nil {
				values[of] = map[float64]int32{}
			}
			values[of][k.number] = id
		}
	}
	var list []QuestionFigures
	seen := map[trend]bool{}
	add := func(q goalpost.SurveyQuestion, earlier bool) {
		of := trend{q.Code, q.Version}
		if seen[of] {
			return
		}
		f := QuestionFigures{Question: q, Earlier: earlier, All: t.replies(t.all, q, values[of]), Unflagged: t.replies(t.clean, q, values[of])}
		if seen[of] = true; !earlier || f.All.Gave > 0 {
			list = append(list, f)
		}
	}
	for _, q := range a.Survey.Form.Questions {
		add(q, false)
	}
	for v := a.Survey.FormVersion - 1; v > 0; v-- {
		for _, q := range a.forms[v].Questions {
			add(q, true)
		}
	}
	return list
}

func (t *SurveyTally) replies(counts []int, q goalpost.SurveyQuestion, values map[float64]int32) ReplyCounts {
	at := func(kind tallyKind, option string) int {
		return t.of(counts, tallyKey{kind: kind, version: q.Version, question: q.Code, option: option})
	}
	r := ReplyCounts{Gave: at(tallyGave, ""), Base: at(tallyBase, ""), Invalid: at(tallyInvalid, ""), Texts: at(tallyText, "")}
	options := q.Options
	if q.Type == goalpost.ConsentQuestion {
		options = []goalpost.Item{{Code: goalpost.Agreed}}
	}
	for _, o := range options {
		c := OptionCount{Option: o, Count: at(tallyOption, o.Code), First: at(tallyFirst, o.Code)}
		if o.Role != goalpost.RoleDontKnow && o.Role != goalpost.RoleNoOpinion && q.Type != goalpost.ConsentQuestion {
			c.Share = shareOf(c.Count, r.Base)
		}
		r.Options = append(r.Options, c)
	}
	numbers := map[float64]int{}
	for v, id := range values {
		if counts[id] > 0 {
			numbers[v] = counts[id]
		}
	}
	switch q.Type {
	case goalpost.NumberQuestion:
		r.Numbers = quartiles(numbers)
	case goalpost.NPSQuestion:
		r.grades(goalpost.NPSLowest, goalpost.NPSHighest, numbers)
		r.NPS = npsCounts(numbers)
	case goalpost.ScaleQuestion:
		if q.Scale != nil {
			r.grades(q.Scale.Low, q.Scale.High, numbers)
		}
	default: // has options or texts
	}
	return r
}

func (r *ReplyCounts) grades(low, high int, numbers map[float64]int) {
	for g := low; g <= high; g++ {
		n := numbers[float64(g)]
		r.Grades = append(r.Grades, GradeCount{Grade: g, Count: n, Share: shareOf(n, r.Base)})
	}
}

// npsCounts counts the groups (Reichheld 2003: see NPSLowest).
func npsCounts(numbers map[float64]int) *NPSCounts {
	const passive, promoter = 7, 9
	c := &NPSCounts{}
	for v, n := range numbers {
		switch {
		case v >= promoter:
			c.Promoters += n
		case v >= passive:
			c.Passives += n
		default:
			c.Detractors += n
		}
	}
	return c
}

// shareOf is a share with the interval of a random sample; nil below the least number of
// which a share says anything.
func shareOf(n, base int) *infer.Estimate {
	if base < pollLeast {
		return nil
	}
	e := infer.Share(float64(n), float64(base), goalpost.StudyLevel)
	return &e
}

// quartiles are those of counted numbers (Hyndman and Fan (1996), Am. Stat. 50(4),
// definition 7); nil without any.
func quartiles(numbers map[float64]int) *Quartiles {
	values := make([]float64, 0, len(numbers))
	n := 0
	for v, c := range numbers {
		values = append(values, v)
		n += c
	}
	if n == 0 {
		return nil
	}
	slices.Sort(values)
	at := func(place int) float64 { // from 0, in the order of size
		for _, v := range values {
			if place -= numbers[v]; place < 0 {
				return v
			}
		}
		return values[len(values)-1]
	}
	quantile := func(p float64) float64 {
		h := p * float64(n-1)
		lo := math.Floor(h)
		below := at(int(lo))
		return below + (h-lo)*(at(min(n-1, int(lo)+1))-below)
	}
	return &Quartiles{N: n, Lower: quantile(0.25), Median: quantile(0.5), Upper: quantile(0.75)}
}
