package assess

import (
	"context"
	"encoding/json"
	"fmt"
	"slices"
	"time"

	"goalpost"
	"goalpost/infer"
	"goalpost/store"
	"goalpost/survey"
)

// publicStep is by how many new answers the public figures move (reference: survey, part b17).
const publicStep = 5

// PublicShares is what anybody may see of a survey. It is kept as it is until enough new
// answers are there, so that nobody can read the difference that one answer made.
type PublicShares struct {
	N         int                 `json:"n"` // complete answers
	Sample    goalpost.SampleKind `json:"sample_kind"`
	Weighted  bool                `json:"weighted"`
	WeightSet string              `json:"weight_set,omitempty"`
	Questions []PublicQuestion    `json:"questions"`
}

// PublicQuestion is one question with closed answers.
type PublicQuestion struct {
	Question goalpost.SurveyQuestion `json:"question"` // as it was asked
	Base     int                     `json:"base"`
	// Rows are in the order of their size where no order is given; none where too few answered.
	Rows []PublicRow     `json:"rows,omitempty"`
	NPS  *infer.Estimate `json:"nps,omitempty"` // in points
}

// PublicRow is one answer. Its share is only there where State is PublicShown.
type PublicRow struct {
	Key   string        `json:"key"`
	Item  goalpost.Item `json:"item"`
	Grade *int          `json:"grade,omitempty"`
	State PublicState   `json:"state"`
	Share float64       `json:"share,omitempty"`
	Lo    float64       `json:"lo,omitempty"`
	Hi    float64       `json:"hi,omitempty"`
}

// PublicState says what is shown of an answer.
type PublicState string

// States of public figures.
const (
	PublicShown     PublicState = "shown"
	PublicFew       PublicState = "few"       // fewer than three gave it
	PublicMost      PublicState = "most"      // all but fewer than three gave it
	PublicHidden    PublicState = "hidden"    // else another one could be worked out
	PublicUncertain PublicState = "uncertain" // known too badly
)

// PublicResultsOf reads what anybody may see of a survey, and since when; ok is false while
// there is nothing yet.
func PublicResultsOf(ctx context.Context, db *store.DB, org goalpost.OrgID, id goalpost.SurveyID) (p PublicShares, kept store.PublishedResults, ok bool, err error) {
	kept, err = db.PublishedResults(ctx, org, id)
	if goalpost.IsKind(err, goalpost.NotFound) {
		return p, kept, false, nil
	}
	if err == nil {
		err = json.Unmarshal(kept.Body, &p)
	}
	if err != nil {
		return p, kept, false, fmt.Errorf("assess survey %d: %w", id, err)
	}
	return p, kept, true, nil
}

// PublishResults moves the public figures of all surveys of an organisation that show them
// and have enough new answers. It returns which moved.
func PublishResults(ctx context.Context, db *store.DB, org goalpost.OrgID, now time.Time) ([]goalpost.SurveyID, error) {
	surveys, err := db.Surveys(ctx, org)
	if err != nil {
		return nil, fmt.Errorf("assess surveys: %w", err)
	}
	var moved []goalpost.SurveyID
	for _, s := range surveys {
		if !s.Settings.PublicResults || s.State == goalpost.SurveyDraft {
			continue
		}
		did, err := publishSurvey(ctx, db, org, s.ID, now)
		if err != nil {
			return moved, err
		}
		if did {
			moved = append(moved, s.ID)
		}
	}
	return moved, nil
}

func publishSurvey(ctx context.Context, db *store.DB, org goalpost.OrgID, id goalpost.SurveyID, now time.Time) (bool, error) {
	before, kept, some, err := PublicResultsOf(ctx, db, org, id)
	if err != nil {
		return false, err
	}
	least := survey.PublicBase
	if some {
		least = publicStep
	}
	n, err := db.NewComplete(ctx, org, id, kept.Change)
	if err != nil || n < least {
		return false, err
	}
	a, err := AskedByTeam(ctx, db, org, id)
	if err != nil {
		return false, err
	}
	w, err := a.WeightedSample(ctx, db)
	if err != nil {
		return false, err
	}
	if w.N() < survey.PublicBase {
		return false, nil
	}
	shares, err := a.SharesOf(w.SurveySample, w.Weighted.Design, ShareFilter{})
	if err != nil {
		return false, err
	}
	if err := a.CiteWeights(ctx, db, w.Weighted, now); err != nil {
		return false, err
	}
	if w.Weighted.Set != nil {
		shares.WeightSet = w.Weighted.Set.ID
	}
	if w.Reading.Exact {
		shares.exact()
	}
	body, err := json.Marshal(shares.Public(before))
	if err != nil {
		return false, fmt.Errorf("assess survey %d: %w", id, err)
	}
	if err := db.KeepPublished(ctx, org, id, store.PublishedResults{Change: shares.Change, N: shares.N, At: now, Body: body}); err != nil {
		return false, fmt.Errorf("assess survey %d: %w", id, err)
	}
	return true, nil
}

// Public is what of the shares anybody may see. Numbers and texts of one's own never are. A
// question that fewer than five more have answered than before stays as it was: it may be
// asked of few, while the survey as a whole has enough new answers.
func (x SurveyShares) Public(before PublicShares) PublicShares {
	p := PublicShares{N: x.N, Sample: x.Sample, Weighted: x.Weighted, WeightSet: x.WeightSet}
	for _, q := range x.Questions {
		switch q.Question.Type {
		case goalpost.SingleChoice, goalpost.MultipleChoice, goalpost.ScaleQuestion, goalpost.NPSQuestion, goalpost.RankingQuestion:
		default:
			continue
		}
		if q.Earlier {
			continue
		}
		i := slices.IndexFunc(before.Questions, func(o PublicQuestion) bool {
			return o.Question.Code == q.Question.Code && o.Question.Version == q.Question.Version
		})
		if i >= 0 && q.Base-before.Questions[i].Base < publicStep {
			p.Questions = append(p.Questions, before.Questions[i])
			continue
		}
		p.Questions = append(p.Questions, q.public())
	}
	return p
}

// public hides what one or two people answered, and what would give it away.
func (q QuestionShares) public() PublicQuestion {
	p := PublicQuestion{Question: q.Question, Base: q.Base}
	if q.Base < survey.PublicBase {
		p.Base = 0
		return p
	}
	list := q.Options
	if q.Question.Type == goalpost.NPSQuestion {
		list = q.Parts
	}
	hidden := false
	for _, o := range list {
		row := PublicRow{Key: o.Key, Item: o.Option, Grade: o.Grade, State: PublicShown, Share: o.Share.Value, Lo: o.Share.Lo, Hi: o.Share.Hi}
		switch {
		case o.Count < survey.FewestEach:
			row.State = PublicFew
		case q.Base-o.Count < survey.FewestEach:
			row.State = PublicMost
		case o.Uncertain:
			row.State = PublicUncertain
		}
		p.Rows = append(p.Rows, row)
	}
	if q.Question.Type != goalpost.MultipleChoice {
		hidden = hideWithin(p.Rows, list)
	}
	for i := range p.Rows {
		if r := &p.Rows[i]; r.State != PublicShown {
			r.Share, r.Lo, r.Hi = 0, 0, 0
		}
	}
	if q.NPS != nil && !hidden && !slices.ContainsFunc(p.Rows, func(r PublicRow) bool { return r.State != PublicShown }) {
		p.NPS = q.NPS
	}
	return p
}

// hideWithin hides as many further answers as it takes, the smallest first, that those of one
// or two people do not follow from the rest: everybody gave exactly one, so that what is not
// shown adds up to something that anybody can work out.
func hideWithin(rows []PublicRow, list []OptionShare) bool {
	for {
		apart, together, next := 0, 0, -1
		for i, r := range rows {
			switch {
			case r.State == PublicFew || r.State == PublicMost || r.State == PublicHidden:
				apart, together = apart+1, together+list[i].Count
			case next < 0 || list[i].Count < list[next].Count:
				next = i
			}
		}
		if apart == 0 {
			return false
		}
		if apart > 1 && together >= survey.FewestEach || next < 0 {
			return true
		}
		rows[next].State = PublicHidden
	}
}
