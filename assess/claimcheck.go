package assess

import (
	"context"
	"fmt"
	"math"
	"time"

	"goalpost"
	"goalpost/store"
)

// Where the trade's claim stands among the published studies.
const (
	claimStudy    = "pivot-sosm"
	claimQuestion = "understand_social_consumers"
	claimYes      = "yes"
)

// ClaimCheck sets what a team claims to understand beside what was measured, whether it
// asked, and what the trade claims. They are different people and different units: nothing
// here is subtracted from anything.
type ClaimCheck struct {
	Question goalpost.Question // of the study, as it was asked
	Claiming int               // members who say yes
	Denying  int
	// MeanClaiming and MeanDenying are the mean scores of the members who say yes and no;
	// nil where there is nobody, or no score.
	MeanClaiming, MeanDenying *float64
	Asked                     int // surveys of the organisation that somebody answered to the end
	Last                      *AskedBefore
	Trade                     []goalpost.Result // by wave, oldest first
	Change                    *goalpost.Change  // between them
	Sentences                 []goalpost.Note
}

// AskedBefore is a survey that customers answered.
type AskedBefore struct {
	Survey   goalpost.SurveyID
	Title    goalpost.Text
	Complete int
	At       time.Time // of the last answer
	Days     int       // since then
}

// claimCheck derives all of it.
func claimCheck(ctx context.Context, db *store.DB, org goalpost.OrgID, u SurveyUnderstanding, now time.Time) (c ClaimCheck, err error) {
	if err := c.trade(); err != nil {
		return c, err
	}
	if err := c.asked(ctx, db, org, now); err != nil {
		return c, err
	}
	c.team(u)
	c.say(u)
	return c, nil
}

// trade reads the published claim.
func (c *ClaimCheck) trade() error {
	studies, err := PublishedStudies()
	if err != nil {
		return err
	}
	for _, s := range studies {
		if s.ID != claimStudy {
			continue
		}
		q, ok := ViewStudy(s, nil).Question(claimQuestion)
		if !ok {
			break
		}
		c.Question = q.Current()
		for _, r := range q.Results {
			if r.Option == claimYes {
				c.Trade = append(c.Trade, r)
			}
		}
		for _, x := range q.Changes {
			if x.Option == claimYes && len(c.Trade) > 1 && x.From == c.Trade[0].Reference && x.To == c.Trade[len(c.Trade)-1].Reference {
				c.Change = &x
			}
		}
		return nil
	}
	return fmt.Errorf("assess understanding: no question %s in study %s", claimQuestion, claimStudy)
}

// ClaimQuestion is the study's question about understanding, as members of a team answer it.
func ClaimQuestion() (goalpost.Question, error) {
	var c ClaimCheck
	err := c.trade()
	return c.Question, err
}

// asked looks at the surveys of the organisation.
func (c *ClaimCheck) asked(ctx context.Context, db *store.DB, org goalpost.OrgID, now time.Time) error {
	surveys, err := db.Surveys(ctx, org)
	if err != nil {
		return fmt.Errorf("assess understanding: %w", err)
	}
	for _, s := range surveys {
		n, err := db.SurveyCount(ctx, org, s.ID)
		if err != nil {
			return fmt.Errorf("assess understanding: %w", err)
		}
		if n == 0 {
			continue
		}
		at, err := db.LastAnswered(ctx, org, s.ID)
		if err != nil {
			return fmt.Errorf("assess understanding: %w", err)
		}
		c.Asked++
		if c.Last == nil || at.After(c.Last.At) {
			const day = 24 * time.Hour
			c.Last = &AskedBefore{Survey: s.ID, Title: s.Form.Title, Complete: n, At: at, Days: max(0, int(now.Sub(at)/day))}
		}
	}
	return nil
}

// team counts the claims that were made before the first answer.
func (c *ClaimCheck) team(u SurveyUnderstanding) {
	for _, s := range u.Sheets {
		switch {
		case s.Claims == nil || s.Late || s.Broken:
		case *s.Claims:
			c.Claiming++
		default:
			c.Denying++
		}
	}
	if u.Report == nil {
		return
	}
	var sum [2]float64
	var n [2]int
	for i, m := range u.Report.Members {
		if claims := u.Held[i].Claims; claims != nil && m.Shown != nil {
			at := 0
			if *claims {
				at = 1
			}
			sum[at], n[at] = sum[at]+*m.Shown, n[at]+1
		}
	}
	if n[0] > 0 {
		c.MeanDenying = known(sum[0] / float64(n[0]))
	}
	if n[1] > 0 {
		c.MeanClaiming = known(sum[1] / float64(n[1]))
	}
}

// halfWay is the score between no idea and to know all.
const halfWay = 50

// say holds the claim against the score, as far as one may.
func (c *ClaimCheck) say(u SurveyUnderstanding) {
	say := func(key string, args ...goalpost.Arg) {
		c.Sentences = append(c.Sentences, goalpost.NewNote("belief.claim."+key, args...))
	}
	if x := c.Change; x != nil && x.Points != nil && x.Lo != nil && x.Hi != nil {
		say("trade", tradeClaim(c.Trade[0]), tradeClaim(c.Trade[len(c.Trade)-1]), goalpost.PointsArg(*x.Points), goalpost.PointsArg(*x.Lo), goalpost.PointsArg(*x.Hi))
	}
	all := c.Claiming + c.Denying
	r := u.Report
	switch {
	case all == 0:
		say("nobody")
	case r == nil || r.Score == nil:
		say("no-score")
	case 2*c.Claiming > all && *r.Hi < halfWay:
		say("more")
	case 2*c.Claiming < all && *r.Lo > halfWay:
		say("less")
	case 2*c.Claiming > all && *r.Lo > halfWay, 2*c.Claiming < all && *r.Hi < halfWay:
		say("fits")
	default:
		say("open")
	}
	if c.MeanClaiming != nil && c.MeanDenying != nil {
		key := "members.claiming"
		if *c.MeanClaiming < *c.MeanDenying {
			key = "members.denying"
		}
		say(key, goalpost.NumberArg(math.Round(*c.MeanClaiming)), goalpost.NumberArg(math.Round(*c.MeanDenying)))
	}
	say("units")
}

func tradeClaim(r goalpost.Result) goalpost.Arg {
	share, _ := r.Fraction()
	return goalpost.RateArg(share)
}
