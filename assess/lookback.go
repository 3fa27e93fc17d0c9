package assess

import "goalpost"

// stand is what a goal is judged by as of a day: the version in force and the decision
// that the hysteresis starts from.
type stand struct {
	version  goalpost.GoalVersion
	previous goalpost.Decision
	notThen  bool              // the goal did not exist; the version is today's
	given    *goalpost.Verdict // the verdict that was given as of that day
}

// standing returns what a goal is judged by. history are its verdicts, newest first. A
// look back repeats the verdict that was given as of the day, with its version and its
// border; without one it takes what was in force at the end of the day. ok is false if
// the goal did not exist and only what was known may count.
func standing(g goalpost.Goal, history []goalpost.Verdict, o GoalsOptions, org goalpost.Organisation) (s stand, ok bool) {
	s.version = g.Current()
	if o.AsOf == 0 {
		if len(history) > 0 {
			s.previous = history[0].Decision
		}
		return s, true
	}
	for i, v := range history {
		if v.AsOf == o.AsOf && !o.Seen {
			s.given = &history[i]
			break
		}
		if v.AsOf < o.AsOf {
			s.previous = v.Decision
			break
		}
	}
	if s.given != nil {
		s.previous = s.given.Previous
		for _, v := range g.Versions {
			if v.Version == s.given.Version {
				s.version = v
				return s, true
			}
		}
	}
	day := o.AsOf + 1
	if o.Seen {
		day--
	}
	if v, found := g.AsOf(day.Start(org.Zone())); found {
		s.version = v
		return s, true
	}
	s.notThen = true
	return s, !o.Seen
}
