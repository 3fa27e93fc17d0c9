package assess

import (
	"math"

	"goalpost"
	"goalpost/survey"
)

// fill takes over what was computed. Fewer than LeastItems items are shown without a score.
func (r *UnderstandingReport) fill(team survey.Team, b beliefTable, a answeredItems) {
	u := team.Pooled
	scored := len(b.items) >= survey.LeastItems
	r.pooled = u
	r.Team = besideOf(u)
	pool := survey.Pool(b.beliefs)
	r.Items = itemsOfBelief(u, pool, b, a, r.Level)
	if scored {
		shown := min(u.Score, u.Ceiling)
		r.Score, r.Shown, r.SE, r.Lo, r.Hi, r.Ceiling, r.MemberSE = known(u.Score), known(shown), known(u.SE), known(u.Lo), known(u.Hi), known(u.Ceiling), known(team.MemberSE)
	}
	for m, of := range team.Members {
		one := UnderstandingOf{Member: b.members[m], Beside: besideOf(of), Beliefs: itemsOfBelief(of, b.beliefs[m], b, a, r.Level)}
		if scored {
			one.Score, one.Shown, one.SE, one.Lo, one.Hi = known(of.Score), known(min(of.Score, of.Ceiling)), known(of.SE), known(of.Lo), known(of.Hi)
		}
		r.Members = append(r.Members, one)
	}
}

func besideOf(u survey.Understanding) UnderstandingBeside {
	return UnderstandingBeside{RMSE: known(u.RMSE), MAE: known(u.MAE), NaiveMAE: known(u.NaiveMAE), MSE: known(u.MSE), MSESE: known(u.MSESE), Optimism: known(u.Optimism), OptimismSE: known(u.OptimismSE),
		RangeFactor: known(u.RangeFactor), Covered: u.Covered, CoveredWithNoise: u.CoveredWithNoise, Guessed: u.Guessed, RankAgreement: known(u.RankAgreement)}
}

func itemsOfBelief(u survey.Understanding, beliefs []survey.Belief, b beliefTable, a answeredItems, level float64) []UnderstandingItem {
	t := survey.T(level, a.DF)
	out := []UnderstandingItem{}
	for k, s := range u.Items {
		i := UnderstandingItem{Item: b.items[k], NoIdea: beliefs[k].NoIdea, Answered: s.Answered, Lo: a.interval[k].Lo, Hi: a.interval[k].Hi, SE: s.SE, N: a.N[k],
			Inside: s.Inside, Penalty: known(s.Penalty), None: known(s.None), Best: known(s.Best)}
		if !i.NoIdea {
			points := 100 * (beliefs[k].Guess - s.Answered)
			half := 100 * t * s.SE
			i.Guess, i.Low, i.High = known(beliefs[k].Guess), known(beliefs[k].Low), known(beliefs[k].High)
			i.Points, i.PointsLo, i.PointsHi = known(points), known(points-half), known(points+half)
		}
		out = append(out, i)
	}
	return out
}

// Ranges are called too narrow or too wide from these factors on: within, so few items tell
// nothing.
const (
	tooNarrow = 1.5
	tooWide   = 0.67
)

// say puts the result in words.
func (r *UnderstandingReport) say() {
	say := func(key string, args ...goalpost.Arg) {
		r.Sentences = append(r.Sentences, goalpost.NewNote("understanding."+key, args...))
	}
	whole := func(v float64) goalpost.Arg { return goalpost.NumberArg(math.Round(v)) }
	points := func(v float64) goalpost.Arg { return goalpost.NumberArg(math.Round(1000*v) / 10) }
	u := r.pooled
	switch {
	case r.Score == nil:
		say("few", goalpost.NumberArg(float64(len(r.Items))), goalpost.NumberArg(survey.LeastItems))
	case u.Guessed == 0:
		say("no-idea")
	case u.Hi < 0:
		say("worse", whole(u.Score), whole(u.Lo), whole(u.Hi), levelArg(r.Level))
	case u.Lo <= 0:
		say("cannot-tell", whole(min(u.Score, u.Ceiling)), whole(u.Lo), whole(u.Hi), levelArg(r.Level))
	default:
		say("score", whole(min(u.Score, u.Ceiling)), whole(u.Lo), whole(min(u.Hi, 100)), levelArg(r.Level))
	}
	if r.Score != nil {
		say("scale", whole(u.Ceiling))
	}
	if u.Guessed > 0 {
		say("error", points(u.RMSE))
		t := survey.T(r.Level, math.Inf(1))
		if r.DF != nil {
			t = survey.T(r.Level, *r.DF)
		}
		switch lo, hi := u.Optimism-t*u.OptimismSE, u.Optimism+t*u.OptimismSE; {
		case lo > 0:
			say("too-high", points(u.Optimism), points(lo), points(hi))
		case hi < 0:
			say("too-low", points(-u.Optimism), points(-hi), points(-lo))
		default:
			say("level")
		}
		say("covered", goalpost.NumberArg(float64(u.Covered)), goalpost.NumberArg(float64(u.Guessed)), whole(0.8*float64(u.Guessed)))
		switch {
		case u.RangeFactor > tooNarrow:
			say("narrow", goalpost.NumberArg(math.Round(10*u.RangeFactor)/10))
		case u.RangeFactor < tooWide && u.Covered == u.Guessed:
			say("wide")
		}
	}
	if r.MemberSE != nil && len(r.Members) > 1 {
		say("members", whole(*r.MemberSE))
	}
	if r.SampleKind == "" {
		r.SampleKind = goalpost.SampleUnknown
	}
	r.Meaning = append(r.Meaning, goalpost.NewNote("share.kind."+string(r.SampleKind)))
	if !r.SampleKind.Random() {
		r.Meaning = append(r.Meaning, goalpost.NewNote("understanding.respondents"))
	}
}

// levelArg is the level of an interval in a sentence: 95 for 0.95.
func levelArg(level float64) goalpost.Arg { return goalpost.RateArg(level) }
