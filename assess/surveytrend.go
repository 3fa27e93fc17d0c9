package assess

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"math"
	"slices"
	"time"

	"goalpost"
	"goalpost/store"
	"goalpost/survey"
)

// mostWaves is how many waves are set side by side, the newest.
const mostWaves = 6

// SurveyTrendView are the shares of a survey beside those of the other surveys of its study.
type SurveyTrendView struct {
	Waves     []SurveyWave // the earliest first
	Notes     []goalpost.Note
	Questions []WaveQuestion
}

// SurveyWave is one survey of a study.
type SurveyWave struct {
	ID      goalpost.SurveyID
	Title   goalpost.Text
	Wave    string
	At      time.Time // from when on it could be answered
	N       int
	Sample  goalpost.SampleKind
	Current bool
}

// WaveQuestion is one question in all waves that asked it in the same way.
type WaveQuestion struct {
	Question goalpost.SurveyQuestion
	Rows     []WaveRow
	Broken   []WaveBreak
}

// WaveBreak says why a wave stands not in the row.
type WaveBreak struct {
	Wave int
	Why  goalpost.Note
}

// WaveRow is one answer.
type WaveRow struct {
	OptionShare              // of the survey that is looked at
	Shares      []*WaveShare // [wave]; nil where it is not comparable or too few answered
	Changes     []WaveChange // from each wave to the next that has the answer
}

// WaveShare is the share of one wave.
type WaveShare struct {
	Share     survey.ShareEstimate
	Uncertain bool
}

// WaveChange is by how much a share moved between two waves.
type WaveChange struct {
	From, To  int
	Points    float64
	Lo, Hi    float64
	P         float64
	PHolm     float64 // adjusted for the number of answers
	Uncertain bool
}

// Sure reports whether the share has moved, beyond what chance would do.
func (c WaveChange) Sure() bool { return !c.Uncertain && c.PHolm < 1-goalpost.StudyLevel }

// wave is a survey of the study with its answers.
type wave struct {
	SurveyWave
	form     goalpost.Form
	sample   WeightedSample
	settings goalpost.SurveySettings
}

// Trend sets a survey beside the others of its study. Without a study, or without other waves,
// it is empty.
func (a *AskedSurvey) Trend(ctx context.Context, db *store.DB) (SurveyTrendView, error) {
	var v SurveyTrendView
	waves, err := a.waves(ctx, db)
	if err != nil || len(waves) < 2 {
		return v, err
	}
	for _, w := range waves {
		v.Waves = append(v.Waves, w.SurveyWave)
	}
	v.Notes = composition(waves)
	at := slices.IndexFunc(waves, func(w wave) bool { return w.Current })
	for _, q := range a.Survey.Form.Questions {
		switch q.Type {
		case goalpost.SingleChoice, goalpost.MultipleChoice, goalpost.ScaleQuestion, goalpost.NPSQuestion, goalpost.RankingQuestion:
		default:
			continue
		}
		x, err := waveQuestion(waves, at, q)
		if err != nil {
			return v, fmt.Errorf("assess survey %d: %w", a.Survey.ID, err)
		}
		moved := slices.ContainsFunc(x.Rows, func(r WaveRow) bool { return len(r.Changes) > 0 })
		if moved || len(x.Broken) > 0 {
			v.Questions = append(v.Questions, x)
		}
	}
	return v, nil
}

// waves reads the surveys of the study that have answers, the earliest first.
func (a *AskedSurvey) waves(ctx context.Context, db *store.DB) ([]wave, error) {
	study := a.Survey.Settings.Study
	if study == "" {
		return nil, nil
	}
	all, err := db.Surveys(ctx, a.Org)
	if err != nil {
		return nil, fmt.Errorf("assess survey %d: %w", a.Survey.ID, err)
	}
	begun := func(s goalpost.Survey) time.Time {
		if s.Settings.OpensAt.IsZero() {
			return s.CreatedAt
		}
		return s.Settings.OpensAt
	}
	all = slices.DeleteFunc(all, func(s goalpost.Survey) bool {
		return s.Settings.Study != study || s.State == goalpost.SurveyDraft
	})
	slices.SortFunc(all, func(x, y goalpost.Survey) int {
		return cmp.Or(begun(x).Compare(begun(y)), cmp.Compare(x.ID, y.ID))
	})
	current := slices.IndexFunc(all, func(s goalpost.Survey) bool { return s.ID == a.Survey.ID })
	if from := len(all) - mostWaves; from > 0 {
		all = all[min(from, max(current, 0)):]
		all = all[:min(len(all), mostWaves)]
	}
	var list []wave
	for _, s := range all {
		other, err := AskedByTeam(ctx, db, a.Org, s.ID)
		if err != nil {
			return nil, err
		}
		w := wave{SurveyWave: SurveyWave{ID: s.ID, Title: s.Form.Title, Wave: s.Settings.Wave, At: begun(s), Sample: s.Settings.Sample, Current: s.ID == a.Survey.ID}, form: other.Survey.Form, settings: s.Settings}
		if w.sample, err = other.WeightedSample(ctx, db); err != nil {
			return nil, err
		}
		if w.N = w.sample.N(); w.N > 0 {
			list = append(list, w)
		}
	}
	if !slices.ContainsFunc(list, func(w wave) bool { return w.Current }) {
		return nil, nil
	}
	return list, nil
}

// composition says what else than opinions may have moved the shares.
func composition(waves []wave) []goalpost.Note {
	var notes []goalpost.Note
	add := func(key string, differ func(x, y wave) bool) {
		for i := 1; i < len(waves); i++ {
			if differ(waves[i-1], waves[i]) {
				notes = append(notes, goalpost.NewNote("surveyshare.wave."+key))
				return
			}
		}
	}
	add("sample", func(x, y wave) bool { return x.Sample != y.Sample })
	add("mode", func(x, y wave) bool { return x.settings.Invited != y.settings.Invited })
	add("weights", func(x, y wave) bool {
		return (x.sample.Weighted.Set == nil) != (y.sample.Weighted.Set == nil)
	})
	if len(notes) == 0 && !waves[0].Sample.Random() {
		notes = append(notes, goalpost.NewNote("surveyshare.wave.others"))
	}
	return notes
}

// broken says why answers to a question of an earlier wave are not comparable; a zero note if
// they are.
func broken(q goalpost.SurveyQuestion, of wave) goalpost.Note {
	then, ok := of.form.Question(q.Code)
	name := goalpost.TextArg(of.Wave)
	if of.Wave == "" {
		name = goalpost.TextsArg(of.Title)
	}
	same := ok && then.Type == q.Type && then.Version == q.Version && len(then.Options) == len(q.Options)
	for i := range then.Options {
		same = same && then.Options[i].Code == q.Options[i].Code && then.Options[i].Role == q.Options[i].Role
	}
	if q.Scale != nil {
		same = same && then.Scale != nil && then.Scale.Low == q.Scale.Low && then.Scale.High == q.Scale.High
	}
	switch {
	case !ok:
		return goalpost.NewNote("surveyshare.wave.missing", name)
	case !same:
		return goalpost.NewNote("surveyshare.wave.changed", name)
	}
	return goalpost.Note{}
}

// waveQuestion sets one question side by side.
func waveQuestion(waves []wave, current int, q goalpost.SurveyQuestion) (WaveQuestion, error) {
	x := WaveQuestion{Question: q}
	shares := make([]*QuestionShares, len(waves))
	columns := make([][][]float64, len(waves)) // [wave][option][n]
	for i, w := range waves {
		if why := broken(q, w); why.Key != "" {
			x.Broken = append(x.Broken, WaveBreak{i, why})
			continue
		}
		work := shareWork{s: w.sample.SurveySample, d: w.sample.Weighted.Design, plain: w.sample.Weighted.Set == nil}
		r := work.s.answersTo(q)
		s := QuestionShares{Question: q}
		for _, counts := range r.counts {
			if counts {
				s.Base++
			}
		}
		if s.Base < survey.TeamBase {
			continue
		}
		if err := work.fill(&s, r); err != nil && !errors.Is(err, survey.ErrNobody) {
			return x, err
		}
		shares[i] = &s
		for _, o := range comparedRows(s) {
			columns[i] = append(columns[i], work.ofOption(q, r, o))
		}
	}
	if shares[current] == nil {
		return x, nil
	}
	for _, o := range comparedRows(*shares[current]) {
		row := WaveRow{OptionShare: o, Shares: make([]*WaveShare, len(waves))}
		last := -1
		for i, s := range shares {
			if s == nil {
				continue
			}
			at := slices.IndexFunc(comparedRows(*s), func(p OptionShare) bool { return p.Key == o.Key })
			row.Shares[i] = &WaveShare{Share: comparedRows(*s)[at].Share, Uncertain: comparedRows(*s)[at].Uncertain}
			if last >= 0 {
				before := slices.IndexFunc(comparedRows(*shares[last]), func(p OptionShare) bool { return p.Key == o.Key })
				c, err := change(waves[last], waves[i], columns[last][before], columns[i][at])
				if err != nil {
					return x, err
				}
				c.From, c.To = last, i
				row.Changes = append(row.Changes, c)
			}
			last = i
		}
		x.Rows = append(x.Rows, row)
	}
	holmWaves(x.Rows)
	return x, nil
}

// comparedRows are the answers that waves are compared by: grades in their groups.
func comparedRows(s QuestionShares) []OptionShare {
	if len(s.Parts) > 0 {
		return s.Parts
	}
	return s.Options
}

// change is the difference of a share between two waves: one design with each wave a stratum
// of its own.
func change(a, b wave, x, y []float64) (WaveChange, error) {
	n := len(x) + len(y)
	stratum, weight := make([]int, n), make([]float64, n)
	first, second := make([]bool, n), make([]bool, n)
	for i := range n {
		w, k := a.sample.Weighted.Weight, i
		first[i] = i < len(x)
		if second[i] = !first[i]; second[i] {
			w, k, stratum[i] = b.sample.Weighted.Weight, i-len(x), 1
		}
		if weight[i] = 1; w != nil {
			weight[i] = w[k]
		}
	}
	d, err := survey.NewDesign(survey.Spec{N: n, Weight: weight, Stages: []survey.Stage{{Stratum: stratum}}, Lonely: survey.LonelyAdjust})
	if err != nil {
		return WaveChange{}, err
	}
	c, err := d.ShareChange(slices.Concat(x, y), first, second, survey.ShareOptions{Level: goalpost.StudyLevel, Cap: true})
	if err != nil {
		return WaveChange{}, err
	}
	return WaveChange{Points: 100 * c.Value, Lo: 100 * c.Lo, Hi: 100 * c.Hi, P: c.P, PHolm: c.P, Uncertain: c.TooUncertain}, nil
}

// holmWaves adjusts for the number of answers: those to one question between two waves are one
// family.
func holmWaves(rows []WaveRow) {
	type step struct{ from, to int }
	families := map[step][]*WaveChange{}
	for i := range rows {
		for j := range rows[i].Changes {
			c := &rows[i].Changes[j]
			families[step{c.From, c.To}] = append(families[step{c.From, c.To}], c)
		}
	}
	for _, family := range families {
		p := make([]float64, len(family))
		for i, c := range family {
			p[i] = c.P
		}
		for i, adjusted := range survey.Holm(p) {
			if family[i].PHolm = adjusted; math.IsNaN(adjusted) {
				family[i].PHolm = 1
			}
		}
	}
}
