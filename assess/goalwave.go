package assess

import (
	"cmp"
	"context"
	"fmt"
	"math"
	"slices"
	"time"

	"goalpost"
	"goalpost/store"
)

// GoalWave is one wave of the survey that asks a goal's KPI.
type GoalWave struct {
	Survey  goalpost.SurveyID
	Title   goalpost.Text
	Wave    string       // its name in the study; empty without
	From    goalpost.Day // first day in the field
	Until   goalpost.Day // last day; 0: nobody said
	Ended   bool         // nothing comes any more
	Asked   int          // how many people could have answered; 0 if not known
	Reading *Reading     // nil: nothing can be said of it
	Problem goalpost.Note
	Counts  bool // the verdict is made from it

	asked  *AskedSurvey
	sample *SurveySample // of what counts as of the day
	design Weighted
}

// surveyFacts is what a goal's survey says as of a day.
type surveyFacts struct {
	waves   []GoalWave    // begun before the day, the earliest first
	next    *GoalWave     // the next one that is planned to begin within the period
	problem goalpost.Note // why there is no wave at all
	counts  int           // index of the wave that decides; −1: none
	earlier int           // the one before the period that it is compared with; −1: none
	change  *WaveDifference
}

// wave returns the one that decides.
func (f surveyFacts) wave() *GoalWave {
	if f.counts < 0 {
		return nil
	}
	return &f.waves[f.counts]
}

// surveyFactsOf reads the waves of a goal's survey. Answers of the day itself and of later
// ones do not count.
func surveyFactsOf(ctx context.Context, db *store.DB, org goalpost.Organisation, v goalpost.GoalVersion, asOf goalpost.Day) (surveyFacts, error) {
	f := surveyFacts{counts: -1, earlier: -1}
	if v.Survey == nil {
		return f, nil
	}
	surveys, err := surveysOf(ctx, db, org.ID, *v.Survey)
	if err != nil {
		return f, err
	}
	if len(surveys) == 0 {
		f.problem = goalpost.NewNote("goalsurvey.reason.survey-gone")
		return f, nil
	}
	k, _ := goalpost.KPIByCode(v.KPI)
	for _, s := range surveys {
		w, err := waveOf(ctx, db, org, s, asOf)
		if err != nil {
			return f, err
		}
		switch {
		case w.From >= asOf:
			if v.Period != nil && w.From < v.Period.End && (f.next == nil || w.From < f.next.From) {
				f.next = &w
			}
			continue
		default:
		}
		if err := w.read(ctx, db, k, v, asOf); err != nil {
			return f, err
		}
		f.waves = append(f.waves, w)
	}
	slices.SortStableFunc(f.waves, func(a, b GoalWave) int {
		return cmp.Or(cmp.Compare(a.last(asOf), b.last(asOf)), cmp.Compare(a.From, b.From), cmp.Compare(a.Survey, b.Survey))
	})
	if v.Period != nil {
		f.choose(*v.Period, asOf)
	}
	if f.counts >= 0 && f.earlier >= 0 {
		f.change, err = differenceOf(f.waves[f.earlier], f.waves[f.counts], *v.Survey)
	}
	return f, err
}

// surveysOf are the surveys that ask a goal's KPI: one, or those of a study.
func surveysOf(ctx context.Context, db *store.DB, org goalpost.OrgID, g goalpost.GoalSurvey) ([]goalpost.Survey, error) {
	if g.Study == "" {
		s, err := db.Survey(ctx, org, g.Survey)
		if goalpost.IsKind(err, goalpost.NotFound) {
			return nil, nil
		}
		if err != nil {
			return nil, fmt.Errorf("goal survey: %w", err)
		}
		return []goalpost.Survey{s}, nil
	}
	list, err := db.Surveys(ctx, org)
	if err != nil {
		return nil, fmt.Errorf("goal survey: %w", err)
	}
	return slices.DeleteFunc(list, func(s goalpost.Survey) bool { return s.Settings.Study != g.Study }), nil
}

// waveOf reads when a survey was in the field, as of a day.
func waveOf(ctx context.Context, db *store.DB, org goalpost.Organisation, s goalpost.Survey, asOf goalpost.Day) (GoalWave, error) {
	w := GoalWave{Survey: s.ID, Title: s.Form.Title, Wave: s.Settings.Wave, Asked: s.Settings.Asked}
	var err error
	if w.asked, err = AskedByTeam(ctx, db, org.ID, s.ID); err != nil {
		return w, err
	}
	w.From = goalpost.DayOf(s.CreatedAt, org.Zone())
	if !s.Settings.OpensAt.IsZero() {
		w.From = goalpost.DayOf(s.Settings.OpensAt, org.Zone())
	}
	if s.State == goalpost.SurveyDraft && w.From < asOf { // nobody can answer a draft
		w.From = asOf
	}
	end := s.Settings.ClosesAt
	if at, over := s.Ended(asOf.Start(org.Zone())); over {
		end = at
	}
	if !end.IsZero() {
		w.Until = max(w.From, goalpost.DayOf(end.Add(-time.Microsecond), org.Zone()))
		w.Ended = w.Until < asOf
	}
	return w, nil
}

// last is the last day of a wave so far.
func (w GoalWave) last(asOf goalpost.Day) goalpost.Day {
	if w.Until != 0 {
		return w.Until
	}
	return asOf - 1
}

// read takes from the answers what the goal asks for.
func (w *GoalWave) read(ctx context.Context, db *store.DB, k goalpost.KPI, v goalpost.GoalVersion, asOf goalpost.Day) error {
	if w.Problem = askedNow(w.asked.Survey.Form, *v.Survey, k); !w.Problem.IsZero() {
		return nil
	}
	days := goalpost.Period{Start: math.MinInt32, End: asOf}
	if w.Until == 0 && v.Period != nil { // asked all the time: what was said in the period counts
		days = goalpost.Period{Start: v.Period.Start, End: min(asOf, v.Period.End)}
	}
	answers, err := w.asked.answersIn(ctx, db, days)
	if err != nil {
		return err
	}
	if w.sample, err = w.asked.Sample(answers); err != nil {
		return fmt.Errorf("goal survey %d: %w", w.Survey, err)
	}
	if w.sample.N() == 0 {
		w.Problem = goalpost.NewNote("goalsurvey.reason.no-answers")
		if _, _, erased, err := KeptFigures(ctx, db, w.asked.Org, w.Survey); err != nil || erased {
			w.Problem = goalpost.NewNote("goalsurvey.reason.erased")
			return err
		}
		return nil
	}
	if w.design, err = w.asked.Weigh(ctx, db, w.sample); err != nil {
		return err
	}
	r, err := w.take(ctx, db, *v.Survey)
	if err != nil {
		return err
	}
	if !r.missing.IsZero() {
		w.Problem = r.missing
		return nil
	}
	if r.Estimate.N < leastAnswers && !r.Exact {
		w.Problem = goalpost.NewNote("goalsurvey.reason.few", goalpost.NumberArg(float64(r.Estimate.N)), goalpost.NumberArg(leastAnswers))
		return nil
	}
	w.Reading = &r
	return nil
}

// answersIn are the answers of a time, by the day of their last change.
func (a *AskedSurvey) answersIn(ctx context.Context, db *store.DB, days goalpost.Period) ([]goalpost.Answer, error) {
	zone := a.Zone
	if a.Survey.Settings.Anonymous { // of these only the day is kept, of UTC
		zone = time.UTC
	}
	var out []goalpost.Answer
	for since := int64(0); ; {
		list, err := db.AnswersSince(ctx, a.Org, a.Survey.ID, since, tallyBatch)
		if err != nil {
			return nil, fmt.Errorf("goal survey %d: %w", a.Survey.ID, err)
		}
		for _, x := range list {
			since = x.Change
			if days.Contains(goalpost.DayOf(x.ChangedAt, zone)) {
				out = append(out, x)
			}
		}
		if len(list) < tallyBatch {
			return out, nil
		}
	}
}

// askedNow says why a form no longer asks what a goal counts; a zero Note where it does.
func askedNow(f goalpost.Form, g goalpost.GoalSurvey, k goalpost.KPI) goalpost.Note {
	if g.Statistic == goalpost.StatisticUnderstanding {
		return goalpost.Note{}
	}
	q, ok := f.Question(g.Question)
	switch {
	case !ok:
		return goalpost.NewNote("goalsurvey.reason.question-gone", goalpost.TextArg(g.Question))
	case q.Version != g.Trend:
		return goalpost.NewNote("goalsurvey.reason.trend-broken", goalpost.TextsArg(q.Wording))
	}
	if _, fits := k.SurveyStatistic(q, g.Statistic); !fits {
		return goalpost.NewNote("goalsurvey.reason.question-gone", goalpost.TextArg(g.Question))
	}
	for _, o := range g.Options {
		if _, ok := q.Option(o); !ok {
			return goalpost.NewNote("goalsurvey.reason.option-gone", goalpost.TextArg(o), goalpost.TextsArg(q.Wording))
		}
	}
	for _, r := range []*goalpost.RespondentGroup{g.Exposed, g.Control} {
		if r == nil || r.Question == "" {
			continue
		}
		by, ok := f.Question(r.Question)
		if !ok {
			return goalpost.NewNote("goalsurvey.reason.question-gone", goalpost.TextArg(r.Question))
		}
		if _, ok := by.Option(r.Option); !ok {
			return goalpost.NewNote("goalsurvey.reason.option-gone", goalpost.TextArg(r.Option), goalpost.TextsArg(by.Wording))
		}
	}
	return goalpost.Note{}
}

// choose finds the wave that decides, the last whose field ends in the period, and the last
// one before the period. While a wave is still in the field it decides only once it can
// tell anything.
func (f *surveyFacts) choose(p goalpost.Period, asOf goalpost.Day) {
	for i, w := range f.waves {
		last := w.last(asOf)
		if w.Until == 0 {
			last = min(last, p.Last()) // what comes later is not counted
		}
		switch {
		case last < p.Start:
			if w.Reading != nil && w.Ended {
				f.earlier = i
			}
		case !p.Contains(last) || w.From >= p.End:
		case f.counts < 0, w.Ended, w.Reading != nil && !w.Reading.Uncertain, f.waves[f.counts].Reading == nil:
			f.counts = i
		}
	}
	if f.counts >= 0 {
		f.waves[f.counts].Counts = true
	}
}

// Form is what the wave's survey asks now.
func (w GoalWave) Form() goalpost.Form { return w.asked.Survey.Form }

// chartedWaves is how many waves a chart shows: the last ones.
const chartedWaves = 12

// DrawnWaves are the waves of a goal that have a figure, the earliest first.
func (d Detail) DrawnWaves() []GoalWave {
	list := slices.DeleteFunc(slices.Clone(d.Waves), func(w GoalWave) bool { return w.Reading == nil })
	return list[max(0, len(list)-chartedWaves):]
}

// WaveLevel is the level of the intervals of waves.
func (d Detail) WaveLevel() float64 { return surveyLevel }

// Least is the lower end of the scale of a KPI that customers answer.
func (d Detail) Least() float64 {
	if d.KPI.Unit == goalpost.UnitPoints {
		return -perUnit
	}
	return 0
}

// Most is the upper end of the scale.
func (d Detail) Most() float64 {
	if d.KPI.Unit == goalpost.UnitPoints {
		return perUnit
	}
	return 1
}
