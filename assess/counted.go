package assess

import (
	"slices"

	"goalpost"
)

// countedOf keeps of a view what was counted from the answers of single respondents;
// nil for a study without any.
func countedOf(v StudyView) *goalpost.Counted {
	if len(v.Study.Asked) == 0 {
		return nil
	}
	c := &goalpost.Counted{Results: []goalpost.CountedResult{}}
	for _, q := range v.Questions {
		for _, r := range q.Results {
			if slices.ContainsFunc(v.Study.Asked, func(a goalpost.Asked) bool { return a.Question == q.Code && a.Reference == r.Reference }) && r.Published == nil && r.PublishedMax == nil && r.Mean == nil {
				c.Results = append(c.Results, goalpost.CountedResult{Question: q.Code, Result: r})
			}
		}
		for _, change := range q.Changes {
			unheld := slices.ContainsFunc(change.Cautions, func(n goalpost.Note) bool { return n.Key == noMix })
			if change.SameMix == nil && !unheld {
				continue
			}
			m := goalpost.CountedMix{Question: q.Code, From: change.From, To: change.To, Option: change.Option, SameMix: change.SameMix}
			if profile, ok := v.profileOf(change.From, change.To); ok {
				m.Profile = profile.Code
			}
			c.Mix = append(c.Mix, m)
		}
		for _, u := range q.Unserved {
			c.Unserved = append(c.Unserved, goalpost.CountedUnserved{Question: q.Code, Reference: u.Reference, Goal: u.Goal, Share: u.Share})
		}
	}
	return c
}

// ViewCounted is ViewStudy from what was kept with a version.
func ViewCounted(s goalpost.Study, c *goalpost.Counted) StudyView {
	v, byCode := arrange(s)
	for _, r := range c.Results {
		if i, ok := byCode[r.Question]; ok {
			v.Questions[i].Results = append(v.Questions[i].Results, r.Result)
		}
	}
	v.conclude()
	for _, m := range c.Mix {
		i, ok := byCode[m.Question]
		profile, known := v.Question(m.Profile)
		if !ok || !known {
			continue
		}
		changes := v.Questions[i].Changes
		at := slices.IndexFunc(changes, func(x goalpost.Change) bool { return x.From == m.From && x.To == m.To && x.Option == m.Option })
		if at >= 0 {
			setMix(&changes[at], profile, m.SameMix)
		}
	}
	for _, u := range c.Unserved {
		i, ok := byCode[u.Question]
		if !ok {
			continue
		}
		one := Unserved{Reference: u.Reference, Goal: u.Goal, Share: u.Share}
		if u.Share == nil {
			one.Reason = goalpost.NewNote(onlyTotals)
		}
		v.Questions[i].Unserved = append(v.Questions[i].Unserved, one)
	}
	return v
}
