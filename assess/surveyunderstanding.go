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
	"goalpost/infer"
	"goalpost/store"
	"goalpost/survey"
)

// leastEffective is below how many effective answers a share is too uncertain to hold
// anybody's belief against it.
const leastEffective = 30

// UnderstandingState says what there is to see.
type UnderstandingState string

// States of an understanding.
const (
	UnderstandingClosed    UnderstandingState = "closed"     // no answer yet: nobody reads what others believe
	UnderstandingNoBeliefs UnderstandingState = "no_beliefs" // nobody said it before the first answer
	UnderstandingFew       UnderstandingState = "few_answers"
	UnderstandingErased    UnderstandingState = "erased" // the single answers are no longer kept
	UnderstandingItems     UnderstandingState = "few_items"
	UnderstandingScored    UnderstandingState = "scored"
)

// SurveyUnderstanding is how well a team knew what respondents answered to a survey.
type SurveyUnderstanding struct {
	Survey     goalpost.Survey
	State      UnderstandingState
	Base       int             // complete answers
	EffectiveN float64         // respondents drawn at random who would show as much
	WeightSet  string          // the weights to the population; empty without
	Unweighted *goalpost.Error // why there are none although there is a population
	Givers     []goalpost.BeliefGiver
	Silent     []string // names of members who have not said what they believe
	// Sheets are what was believed; none while State is closed.
	Sheets  []goalpost.BeliefSheet
	Held    []goalpost.BeliefSheet // those that are scored, in the order of Report.Members
	Report  *UnderstandingReport   // nil without anything to hold against answers
	Scored  []goalpost.BeliefItem  // in the order of Report.Items
	Changed []goalpost.BeliefItem  // asked otherwise than when the beliefs were given
	Thin    []goalpost.BeliefItem  // too few answers to say anything
	Entered []goalpost.BeliefItem  // the team entered itself how many they are: the answers are weighted to it
	Waves   []UnderstandingWave    // surveys of the same study, oldest first; none where it is in no study
	Claim   ClaimCheck
	margins []string // questions whose answers are weighted to known sizes
}

// UnderstandingWave is the score in one survey of a study.
type UnderstandingWave struct {
	Survey goalpost.SurveyID
	Wave   string
	Title  goalpost.Text
	At     time.Time // when it was made
	State  UnderstandingState
	Base   int
	Score  *infer.Estimate // nil where there is none
}

// Farthest returns the places of the report's items, those first where belief and answer lie
// farthest apart; the ones without a belief come last.
func (u SurveyUnderstanding) Farthest() []int {
	if u.Report == nil {
		return nil
	}
	order := make([]int, len(u.Report.Items))
	for i := range order {
		order[i] = i
	}
	apart := func(i int) float64 {
		if p := u.Report.Items[i].Points; p != nil {
			return math.Abs(*p)
		}
		return -1
	}
	slices.SortStableFunc(order, func(a, b int) int { return cmp.Compare(apart(b), apart(a)) })
	return order
}

// UnderstandingOfSurvey holds what a team believed against what was answered, beside what it
// claims, what it asked before, and what the trade claims.
func UnderstandingOfSurvey(ctx context.Context, db *store.DB, org goalpost.OrgID, id goalpost.SurveyID, now time.Time) (SurveyUnderstanding, error) {
	u, err := understandSurvey(ctx, db, org, id)
	if err != nil {
		return u, err
	}
	if study := u.Survey.Settings.Study; study != "" {
		if u.Waves, err = understandingWaves(ctx, db, org, u); err != nil {
			return u, err
		}
	}
	u.Claim, err = claimCheck(ctx, db, org, u, now)
	return u, err
}

func understandSurvey(ctx context.Context, db *store.DB, org goalpost.OrgID, id goalpost.SurveyID) (u SurveyUnderstanding, err error) {
	a, err := AskedByTeam(ctx, db, org, id)
	if err != nil {
		return u, err
	}
	u.Survey, u.State = a.Survey, UnderstandingClosed
	if u.Givers, u.Silent, err = beliefGivers(ctx, db, org, id); err != nil {
		return u, err
	}
	answered, err := db.HasAnswers(ctx, org, id)
	if err != nil || !answered {
		return u, err
	}
	if u.Sheets, err = db.Beliefs(ctx, org, id); err != nil {
		return u, fmt.Errorf("assess understanding: %w", err)
	}
	sample, err := a.CompleteSample(ctx, db)
	if err != nil {
		return u, err
	}
	u.Base = sample.N()
	return u, u.hold(ctx, db, a, sample)
}

// believed is 1 for those whose answer an item is about, 0 for others who answered, NaN for
// the rest [n].
func (s *SurveySample) believed(i goalpost.BeliefItem) []float64 {
	q, _ := s.Form.Question(i.Question)
	return s.column(q, func(r goalpost.QuestionReply) float64 {
		var is bool
		switch {
		case i.From != nil && r.Number == nil:
			return math.NaN()
		case i.From != nil:
			is = *r.Number >= float64(*i.From)
		case q.Type == goalpost.RankingQuestion:
			is = len(r.Choices) > 0 && r.Choices[0] == i.Option
		default:
			is = slices.Contains(r.Choices, i.Option)
		}
		if is {
			return 1
		}
		return 0
	})
}

// scored are the sheets that can be scored: given in time, as they were sent, and about
// something that is still asked so.
func (u SurveyUnderstanding) scored() []goalpost.BeliefSheet {
	items := u.Survey.Form.BeliefItems()
	return slices.DeleteFunc(slices.Clone(u.Sheets), func(s goalpost.BeliefSheet) bool {
		return s.Late || s.Broken || !slices.ContainsFunc(items, func(i goalpost.BeliefItem) bool { _, same := s.Belief(i, u.Survey.Form); return same })
	})
}

// hold holds the beliefs against the sample.
func (u *SurveyUnderstanding) hold(ctx context.Context, db *store.DB, a *AskedSurvey, sample *SurveySample) error {
	sheets := u.scored()
	u.Held = sheets
	if sample.Design != nil {
		if err := u.weigh(ctx, db, a, sample); err != nil {
			return err
		}
		w := sample.Design.Weights()
		u.EffectiveN = kish(w)
	}
	complete, err := db.SurveyCount(ctx, a.Org, u.Survey.ID)
	switch {
	case err != nil:
		return fmt.Errorf("assess understanding: %w", err)
	case u.Base == 0 && complete > 0:
		u.State = UnderstandingErased
		return nil
	case len(sheets) == 0:
		u.State = UnderstandingNoBeliefs
		return nil
	case u.EffectiveN < leastEffective:
		u.State = UnderstandingFew
		return nil
	}
	return u.score(sheets, sample)
}

// weigh puts weights to the population on the sample, where the team entered one.
func (u *SurveyUnderstanding) weigh(ctx context.Context, db *store.DB, a *AskedSurvey, sample *SurveySample) error {
	w, err := a.Weigh(ctx, db, sample)
	if err != nil {
		return err
	}
	u.Unweighted = w.Problem
	if w.Set != nil {
		u.WeightSet = w.Set.ID
		for _, m := range w.Set.Margins {
			u.margins = append(u.margins, m.Question)
		}
	}
	sample.Design = w.Design
	return nil
}

// kish is how many respondents of equal weights tell as much.
//
// Source: Kish (1965), Survey Sampling, section 11.7.
func kish(w []float64) float64 {
	sum, squares := 0.0, 0.0
	for _, x := range w {
		sum, squares = sum+x, squares+x*x
	}
	if squares == 0 {
		return 0
	}
	return sum * sum / squares
}

// score makes the report over the items that all sheets speak of and enough people answered.
func (u *SurveyUnderstanding) score(sheets []goalpost.BeliefSheet, sample *SurveySample) error {
	b := beliefTable{beliefs: make([][]survey.Belief, len(sheets))}
	a := answeredItems{source: "answers", base: u.Base}
	var stats []survey.Statistic
	for _, i := range u.Survey.Form.BeliefItems() {
		row := make([]survey.Belief, len(sheets))
		same := true
		for m, s := range sheets {
			x, ok := s.Belief(i, u.Survey.Form)
			same = same && ok
			row[m] = survey.Belief{Guess: x.Guess, Low: x.Low, High: x.High, NoIdea: x.NoIdea}
		}
		if !same {
			u.Changed = append(u.Changed, i)
			continue
		}
		if slices.Contains(u.margins, i.Question) {
			u.Entered = append(u.Entered, i)
			continue
		}
		y := sample.believed(i)
		share, err := sample.Design.Share(y, nil, survey.ShareOptions{Level: goalpost.StudyLevel, Cap: true})
		if err != nil && !errors.Is(err, survey.ErrNobody) {
			return fmt.Errorf("assess understanding of %s: %w", i.Key(), err)
		}
		if err != nil || min(share.EffectiveN, float64(share.N)) < leastEffective {
			u.Thin = append(u.Thin, i)
			continue
		}
		u.Scored, b.items, a.interval, stats = append(u.Scored, i), append(b.items, i.Key()), append(a.interval, share.Estimate), append(stats, survey.Mean(y, nil))
		for m := range sheets {
			b.beliefs[m] = append(b.beliefs[m], row[m])
		}
	}
	if len(stats) == 0 {
		u.State = UnderstandingFew
		return nil
	}
	for _, s := range sheets {
		b.members = append(b.members, s.By)
	}
	var err error
	if a.Estimates, err = sample.Design.Estimate(stats...); err != nil {
		return fmt.Errorf("assess understanding: %w", err)
	}
	team, err := survey.UnderstandTeam(b.beliefs, nil, a.Estimates, goalpost.StudyLevel)
	if err != nil {
		return fmt.Errorf("assess understanding: %w", err)
	}
	r := &UnderstandingReport{Level: goalpost.StudyLevel, Source: a.source, Base: a.base, DF: known(a.DF), SampleKind: u.Survey.Settings.Sample, Members: []UnderstandingOf{}, Items: []UnderstandingItem{}}
	r.fill(team, b, a)
	r.say()
	r.order()
	if u.Report, u.State = r, UnderstandingScored; r.Score == nil {
		u.State = UnderstandingItems
	}
	return nil
}

// From how much agreement on the order is called what it is.
const (
	sameOrder  = 0.8
	partlySame = 0.3
)

// order says how far the order of the guesses was that of the answers.
func (r *UnderstandingReport) order() {
	rank := r.Team.RankAgreement
	if rank == nil {
		return
	}
	key := "none"
	switch {
	case *rank >= sameOrder:
		key = "same"
	case *rank >= partlySame:
		key = "partly"
	case *rank <= -partlySame:
		key = "reversed"
	}
	r.Sentences = append(r.Sentences, goalpost.NewNote("belief.order."+key))
}

// understandingWaves are the surveys of the same study, with the score of each.
func understandingWaves(ctx context.Context, db *store.DB, org goalpost.OrgID, this SurveyUnderstanding) ([]UnderstandingWave, error) {
	surveys, err := db.Surveys(ctx, org)
	if err != nil {
		return nil, fmt.Errorf("assess understanding: %w", err)
	}
	var list []UnderstandingWave
	for _, s := range slices.Backward(surveys) { // the list begins with the newest
		if s.Settings.Study != this.Survey.Settings.Study {
			continue
		}
		u := this
		if s.ID != this.Survey.ID {
			if u, err = understandSurvey(ctx, db, org, s.ID); err != nil {
				return nil, err
			}
		}
		w := UnderstandingWave{Survey: s.ID, Wave: s.Settings.Wave, Title: s.Form.Title, At: s.CreatedAt, State: u.State, Base: u.Base}
		if r := u.Report; r != nil && r.Score != nil {
			w.Score = &infer.Estimate{Value: *r.Shown, Lo: *r.Lo, Hi: *r.Hi, Level: r.Level, Kind: infer.Confidence, N: u.Base}
		}
		list = append(list, w)
	}
	return list, nil
}
